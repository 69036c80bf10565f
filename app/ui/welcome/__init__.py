"""The first start: language, country, name, and what to begin with."""
