"""The tab *Leads*: the active ones."""
