"""Closing leads: the dialog that says what will happen."""
