"""One table for every list of the program: column specifications, a windowed model, a view, a painter."""
