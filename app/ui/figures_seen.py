"""What is said where a figure is of the leads that are seen, and these are not all."""

from app.core.i18n import N_

#: Why the number of young leads is not measured.
NOT_MEASURED = N_("How many are enough is asked of all leads together, and you see only some of them.")
#: Instead of the goal of all where that is hidden, and where it is seen.
GOAL_HIDDEN = N_("The team's goal is not shown")
WHO_SEES_GOAL = N_("Whoever sees all leads sees it. For a goal of your own, choose yourself as responsible person.")
