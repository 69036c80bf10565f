"""What exists: tables, the store that reads and writes them, and the history of every change."""
