"""Tests of the task runner."""
