"""The tab *Abgeschlossen*: won, lost, dropped."""
