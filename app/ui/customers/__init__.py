"""The companies and people an agency deals with: two lists of one tab."""
