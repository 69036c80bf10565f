"""Writing leads to files."""
