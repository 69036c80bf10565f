"""What people are in a deal: the usual words, and a line in which they are offered."""

from app.core.i18n import N_, tr
from app.ui.forms.names import NameEdit

#: What people usually are; anything else may be typed.
ROLES = (
    N_("Decision-maker"), N_("End user"), N_("Purchasing"), N_("Advocate"), N_("Opponent"), N_("Budget owner"),
    N_("Adviser"),
)  # fmt: skip


def role_edit() -> NameEdit:
    """A line for a role, in which the usual ones are offered."""

    def find(typed: str) -> list[str]:
        key = typed.strip().casefold()
        return [role for role in map(tr, ROLES) if key in role.casefold()]

    editor = NameEdit(find)
    editor.setAccessibleName(tr("Role in this deal"))
    editor.setPlaceholderText(tr("Role in this deal"))
    return editor
