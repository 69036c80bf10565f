"""What the history has in common in SQL."""

#: Through what a step came that puts two records into one: it says nothing about when somebody saw to a lead.
MERGING = "merge"

#: A step (`s`) that somebody did with what it concerns: no import and no merge.
DONE_BY_HAND = f"s.kind = 'do' AND s.import_run_id IS NULL AND s.origin <> '{MERGING}'"

#: A step (`s`) that was not taken back, or was done again.
STANDS = """NOT EXISTS (SELECT 1 FROM change_set u WHERE u.undoes_id = s.id AND u.kind = 'undo'
  AND NOT EXISTS (SELECT 1 FROM change_set r WHERE r.undoes_id = u.id))"""
#: The step whose rows tell what a step (`s`) is about: of an undo what it took back, of a redo what was taken back
#: before.
SOURCE = """(CASE s.kind WHEN 'do' THEN s.id WHEN 'undo' THEN s.undoes_id
  ELSE (SELECT u.undoes_id FROM change_set u WHERE u.id = s.undoes_id) END)"""
#: The steps that an undo or redo can still reach, as `living (id)`. One behind the horizon can come back as well, where
#: it was taken back before the horizon and that not yet redone.
LIVING = """living (id) AS (
  SELECT id FROM change_set
  WHERE id > COALESCE((SELECT CAST(value AS INTEGER) FROM store_setting WHERE key = 'undo_horizon'), 0)
  UNION SELECT s.undoes_id FROM change_set s JOIN living ON living.id = s.id WHERE s.undoes_id IS NOT NULL)"""
#: The step that was written last; 0 before there was any.
NEWEST = "SELECT COALESCE(max(id), 0) FROM change_set"
