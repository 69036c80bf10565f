"""The forms of a company and of a person, for new ones and for those that are there."""
