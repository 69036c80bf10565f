"""The command line: the same numbers as in the window, as tables to read or as JSON to work with."""
