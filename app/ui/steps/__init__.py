"""The next step of a lead."""
