"""What every list of records has: its filter, its groups, its saved views, its footer."""
