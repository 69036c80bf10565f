"""Pictures of the program with demo data, for the README and for looking at: `python3 packaging/dev.py shots`."""
