"""The list of leads that three tabs share: its columns and what can be edited in them."""
