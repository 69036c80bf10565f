"""Tests of the team's server, against a real one."""
