"""Contacts from vCard files and to them, in the window."""
