"""The window on a team's server."""
