"""Cards of contacts, read and written."""
