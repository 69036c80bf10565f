"""One lead with all that is known of it: beside a list, or in a window of its own."""
