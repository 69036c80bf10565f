"""The form of a lead, for a new one and for one that is there."""
