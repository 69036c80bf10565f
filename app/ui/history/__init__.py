"""Who changed what: the history of everybody, and the way back from any step."""
