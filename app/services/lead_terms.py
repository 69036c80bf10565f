"""What is said of a lead in SQL, wherever it is asked: its probability, and whether it is idle or overdue."""

from app.core.terms import CERTAIN

#: Probability in effect, in half percents; needs `stage` joined.
PROBABILITY = f"""
CASE lead.status WHEN 'active' THEN COALESCE(lead.probability, stage.probability) WHEN 'won' THEN {CERTAIN}
  WHEN 'potential' THEN lead.probability ELSE 0 END
"""
#: FORMULAS, Lead-Leichen: no open step today or later, and untouched for longer than the stage allows.
IDLE = """
lead.status = 'active' AND (lead.next_step_on IS NULL OR lead.next_step_on < :today AND NOT EXISTS
  (SELECT 1 FROM step WHERE step.lead_id = lead.id AND step.done_at IS NULL AND step.due_on >= :today))
AND (SELECT idle_days > 0 AND :today - max(COALESCE(lead.last_touch_on, lead.stage_since_on),
  COALESCE(lead.stage_since_on, lead.last_touch_on)) > idle_days FROM stage WHERE stage.id = lead.stage_id)
"""
OVERDUE = "lead.next_step_on < :today AND lead.status IN ('active', 'potential')"
