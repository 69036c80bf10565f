"""The command line at a team's server, against a real one."""
