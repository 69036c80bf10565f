"""What the history has in common in SQL."""

#: Through what a step came that puts two records into one: it says nothing about when somebody saw to a lead.
MERGING = "merge"

#: A step (`s`) that somebody did with what it concerns: no import and no merge.
DONE_BY_HAND = f"s.kind = 'do' AND s.import_run_id IS NULL AND s.origin <> '{MERGING}'"

#: A step (`s`) that was not taken back, or was done again.
STANDS = """NOT EXISTS (SELECT 1 FROM change_set u WHERE u.undoes_id = s.id AND u.kind = 'undo'
  AND NOT EXISTS (SELECT 1 FROM change_set r WHERE r.undoes_id = u.id))"""
