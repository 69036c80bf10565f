"""The settings: what the user prefers, and the lists the agency works with."""
