"""The list of leads that three tabs share: its columns, its filter, its footer."""
