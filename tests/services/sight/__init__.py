"""Nobody sees what is not his: a store full of marked things, every way to read it, and a store without them."""
