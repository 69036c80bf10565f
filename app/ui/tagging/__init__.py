"""Tags of one or many leads."""
