"""What is said where a figure is of the leads that are seen, and these are not all."""

from app.core.i18n import N_

#: Why the number of young leads is not measured.
NOT_MEASURED = N_("How many are enough is asked of all leads together, and you see only some of them.")
