"""The timeline of a lead, a company or a person: what was written, sent and done, and where more is written."""
