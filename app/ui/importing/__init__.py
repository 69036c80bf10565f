"""Reading a file of leads, step by step."""
