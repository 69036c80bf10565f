"""What the history has in common in SQL."""

#: A step (`s`) that was not taken back, or was done again.
STANDS = """NOT EXISTS (SELECT 1 FROM change_set u WHERE u.undoes_id = s.id AND u.kind = 'undo'
  AND NOT EXISTS (SELECT 1 FROM change_set r WHERE r.undoes_id = u.id))"""
