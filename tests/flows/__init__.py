"""From click to database to view."""
