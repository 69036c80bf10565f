"""Writing leads for other programs, and for our own import."""
