"""The server's tests have a server."""

from tests.servers import cluster, empty_team, team

__all__ = ["cluster", "empty_team", "team"]
