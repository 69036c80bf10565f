"""Own fields in lists, panels and forms, of whatever records."""
