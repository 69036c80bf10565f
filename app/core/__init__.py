"""What every layer needs and nothing knows Qt or the database: time, money, words, errors, settings."""
