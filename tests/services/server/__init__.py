"""What the services do with a team's server."""
