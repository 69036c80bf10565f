"""The tab *Kontaktpotenzial*: ideas."""
