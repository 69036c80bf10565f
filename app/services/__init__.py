"""What can be done: verbs that change data, queries that read it, and the calculations behind every number."""
