"""The board: active leads as cards in columns, to be looked through and moved."""
