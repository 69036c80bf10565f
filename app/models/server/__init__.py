"""A team's PostgreSQL: it holds the truth, and every client a replica of what its person may see.

A replica is an ordinary store file, so whatever reads knows nothing of a server. What writes does so in a *turn*: the
team's lock is taken, the replica catches up with the team, the verb runs on the replica as always, and the rows it
changed are written to the server, whose row security looks at each. psycopg is imported where a server is asked for,
and nowhere else.
"""
