"""How the packed program is asked to be something else than the window or a command."""

#: What begins its command line when it is to be a child that works for the program.
CHILD = "--child"
