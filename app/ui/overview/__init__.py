"""The tab *Übersicht*: what needs somebody today, where one stands, and what has happened since yesterday."""
