"""Companies and people that are in the store twice: how alike two of them are, and who else is like one of them.

Without Qt and without a database: what is known comes in as `match.Facts`, out come scores with their reasons.
"""
