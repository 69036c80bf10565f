"""The line for a new lead, with what it was understood as."""
