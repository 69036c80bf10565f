"""Who may do what to whose records: the store that is asked, the rules in words, the verbs."""
