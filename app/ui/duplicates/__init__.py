"""Records that are there twice: the hint while one types, and the dialog that puts into one what it finds."""
