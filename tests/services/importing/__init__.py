"""Reading leads from files."""
