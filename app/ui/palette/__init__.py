"""The command palette: one line that finds every command and every lead."""
