"""The commands of the window, in the order of the menus."""

from PySide6.QtGui import QAction

from app.core.i18n import N_
from app.core.roles import Act
from app.core.settings import DENSITY, THEME, Setting
from app.ui.actions import SEPARATOR, ActionSpec

_FILE, _EDIT, _LEAD, _CUSTOMER, _VIEW, _EXTRAS, _HELP = (
    N_("&File"), N_("&Edit"), N_("&Lead"), N_("&Customer"), N_("&View"), N_("E&xtras"), N_("&Help"),
)  # fmt: skip
_ROLE = QAction.MenuRole


def _line(menu: str) -> ActionSpec:
    return ActionSpec(SEPARATOR, "", menu)


def _choices(setting: Setting[str]) -> tuple[ActionSpec, ...]:
    """The values of a setting, one of them ticked."""
    return tuple(
        ActionSpec(f"{setting.key}:{value}", label, _VIEW, checkable=True, under=setting.label)
        for value, label in setting.choices
    )


COMMANDS: tuple[ActionSpec, ...] = (
    ActionSpec("new_lead", N_("&New lead …"), _FILE, "plus", "Ctrl+N", right=Act.CHANGE),
    ActionSpec("new_idea", N_("New i&dea"), _FILE, "plus", "Ctrl+Shift+N", right=Act.CHANGE),
    ActionSpec("quick_add", N_("New lead in one &line"), _FILE, "plus", "Ctrl+L", right=Act.CHANGE),
    _line(_FILE),
    ActionSpec("import", N_("&Import …"), _FILE, "download", "Ctrl+I", right=Act.IMPORT),
    ActionSpec("export", N_("&Export …"), _FILE, "download", "Ctrl+E"),
    ActionSpec("import_contacts", N_("Import &contacts (vCard) …"), _FILE, "download", right=Act.IMPORT),
    ActionSpec("export_contacts", N_("Export con&tacts …"), _FILE, "download"),
    _line(_FILE),
    ActionSpec("backup", N_("&Back up now"), _FILE, right=Act.BACKUP),
    ActionSpec("restore", N_("&Restore a backup …"), _FILE, right=Act.BACKUP),
    _line(_FILE),
    ActionSpec("profile", N_("My &profile …"), _FILE, "user"),
    ActionSpec("switch_user", N_("S&witch user …"), _FILE, "users", "Ctrl+Shift+B", needs="colleagues"),
    ActionSpec("lock", N_("Loc&k"), _FILE, "lock", "Ctrl+Shift+S", needs="password"),
    _line(_FILE),
    ActionSpec("quit", N_("&Quit"), _FILE, shortcut="Ctrl+Q", role=_ROLE.QuitRole),
    ActionSpec("undo", N_("&Undo"), _EDIT, "undo", "Ctrl+Z", needs="undo"),
    ActionSpec("redo", N_("&Redo"), _EDIT, "redo", "Ctrl+Shift+Z", needs="redo", also="Ctrl+Y"),
    _line(_EDIT),
    ActionSpec("copy", N_("&Copy"), _EDIT, "copy", "Ctrl+C", needs="table"),
    ActionSpec("paste", N_("&Paste …"), _EDIT, shortcut="Ctrl+V", needs="lists"),
    ActionSpec("select_all", N_("Select &all"), _EDIT, shortcut="Ctrl+A", needs="table"),
    _line(_EDIT),
    ActionSpec("filter", N_("&Filter the list"), _EDIT, "search", "Ctrl+F", needs="lists"),
    ActionSpec("edit_filter", N_("Fil&ter conditions …"), _EDIT, "filter", "Ctrl+Shift+F", needs="lists"),
    ActionSpec("palette", N_("&Search or command …"), _EDIT, "search", "Ctrl+K"),
    ActionSpec("open", N_("&Open"), _LEAD, "edit", needs="chosen"),
    ActionSpec("edit", N_("&Edit …"), _LEAD, "edit", "Ctrl+Return", needs="chosen", right=Act.CHANGE),
    ActionSpec("bulk_edit", N_("Edit se&veral …"), _LEAD, "edit", "Ctrl+Shift+E", needs="chosen", right=Act.CHANGE),
    ActionSpec("edit_cell", N_("Edit the &cell"), _LEAD, needs="chosen", right=Act.CHANGE),
    _line(_LEAD),
    ActionSpec("activate", N_("&Activate"), _LEAD, "play", "Ctrl+Shift+A", needs="ideas", right=Act.CHANGE),
    ActionSpec("deactivate", N_("&Back to contact potential"), _LEAD, needs="active", right=Act.CHANGE),
    ActionSpec("move", N_("&Move to stage …"), _LEAD, "stage", "Ctrl+M", needs="active", right=Act.CHANGE),
    ActionSpec("next_step", N_("&Next step …"), _LEAD, "calendar", "Ctrl+T", needs="open", right=Act.NOTE),
    ActionSpec("finish_step", N_("&Finish step …"), _LEAD, "check", "Ctrl+D", needs="open", right=Act.NOTE),
    ActionSpec("snooze", N_("Late&r …"), _LEAD, "clock", "Ctrl+Shift+D", needs="open"),
    ActionSpec("note", N_("No&te"), _LEAD, "note", "Ctrl+Shift+O", needs="chosen", right=Act.NOTE),
    ActionSpec("assign", N_("Re&sponsible …"), _LEAD, "user", "Ctrl+R", needs="chosen", right=Act.ASSIGN),
    ActionSpec("tags", N_("Ta&gs …"), _LEAD, "tag", "Ctrl+G", needs="chosen", right=Act.CHANGE),
    _line(_LEAD),
    ActionSpec("won", N_("&Won …"), _LEAD, "check", "Ctrl+Shift+W", needs="open", right=Act.CHANGE),
    ActionSpec("lost", N_("&Lost …"), _LEAD, "close", "Ctrl+Shift+L", needs="open", right=Act.CHANGE),
    ActionSpec("dropped", N_("&Dropped …"), _LEAD, needs="open", right=Act.CHANGE),
    ActionSpec("reopen", N_("O&pen again"), _LEAD, "undo", needs="closed", right=Act.CHANGE),
    _line(_LEAD),
    ActionSpec("sheet", N_("Hand-over sheet …"), _LEAD, "file", needs="leads"),
    ActionSpec("lead_history", N_("&History …"), _LEAD, "clock", "Ctrl+Shift+H", needs="leads"),
    ActionSpec("duplicate", N_("D&uplicate"), _LEAD, needs="leads", right=Act.CHANGE),
    ActionSpec("delete", N_("Delete"), _LEAD, "trash", "Del", needs="chosen", right=Act.CHANGE),
    ActionSpec("new_company", N_("New &company …"), _CUSTOMER, "building", "Ctrl+Shift+K", right=Act.CHANGE),
    ActionSpec("new_person", N_("New &person …"), _CUSTOMER, "user", "Ctrl+Shift+P", right=Act.CHANGE),
    _line(_CUSTOMER),
    ActionSpec("record_open", N_("&Open in a window"), _CUSTOMER, "edit", needs="one"),
    ActionSpec("record_edit", N_("&Edit customer …"), _CUSTOMER, "edit", needs="one", right=Act.CHANGE),
    ActionSpec("record_lead", N_("New &lead with it …"), _CUSTOMER, "plus", needs="one", right=Act.CHANGE),
    ActionSpec("record_note", N_("&Note on the customer"), _CUSTOMER, "note", needs="one", right=Act.NOTE),
    ActionSpec(
        "record_step", N_("Next step w&ith the company …"), _CUSTOMER, "calendar", needs="companies", right=Act.NOTE
    ),
    ActionSpec(
        "record_finish",
        N_("Fini&sh the step with the company …"),
        _CUSTOMER,
        "check",
        needs="companies",
        right=Act.NOTE,
    ),
    ActionSpec(
        "record_later",
        N_("P&ut the step with the company off …"),
        _CUSTOMER,
        "clock",
        needs="companies",
    ),
    ActionSpec("record_call", N_("Call b&y phone"), _CUSTOMER, "phone", needs="one"),
    ActionSpec("record_mail", N_("&Write an e-mail"), _CUSTOMER, "mail", needs="one"),
    ActionSpec("record_person", N_("Add person or co&mpany …"), _CUSTOMER, "users", needs="one", right=Act.CHANGE),
    ActionSpec("photo", N_("P&hoto …"), _CUSTOMER, "user", needs="person", right=Act.CHANGE),
    _line(_CUSTOMER),
    ActionSpec("kinds", N_("&Kind of company …"), _CUSTOMER, needs="companies", right=Act.CHANGE),
    ActionSpec("merge", N_("Mer&ge …"), _CUSTOMER, needs="several", right=Act.MERGE),
    ActionSpec("duplicates", N_("Find &duplicates …"), _CUSTOMER, "copy", right=Act.MERGE),
    _line(_CUSTOMER),
    ActionSpec("export_chosen", N_("E&xport the chosen …"), _CUSTOMER, "download", needs="customers"),
    ActionSpec("export_cards", N_("Export the chosen as con&tacts …"), _CUSTOMER, "download", needs="customers"),
    _line(_CUSTOMER),
    ActionSpec("archive", N_("&Archive"), _CUSTOMER, needs="present", right=Act.CHANGE),
    ActionSpec("unarchive", N_("&Bring back from the archive"), _CUSTOMER, needs="archived", right=Act.CHANGE),
    ActionSpec("tab:overview", N_("O&verview"), _VIEW, shortcut="Ctrl+1"),
    ActionSpec("tab:potential", N_("Contact &potential"), _VIEW, shortcut="Ctrl+2"),
    ActionSpec("tab:leads", N_("&Leads"), _VIEW, shortcut="Ctrl+3"),
    ActionSpec("tab:closed", N_("Cl&osed"), _VIEW, shortcut="Ctrl+4"),
    ActionSpec("tab:customers", N_("C&ustomers"), _VIEW, shortcut="Ctrl+5"),
    ActionSpec("tab:forecast", N_("&Forecast"), _VIEW, shortcut="Ctrl+6"),
    _line(_VIEW),
    ActionSpec("detail", N_("&Detail panel"), _VIEW, shortcut="F9", needs="lists", checkable=True),
    ActionSpec("board", N_("&Board"), _VIEW, shortcut="Ctrl+B", needs="list", checkable=True),
    ActionSpec("columns", N_("&Columns …"), _VIEW, "columns", needs="rows"),
    ActionSpec("save_view", N_("&Save view as …"), _VIEW, needs="lists"),
    ActionSpec("views", N_("&Manage views …"), _VIEW, needs="lists"),
    ActionSpec("group", N_("&Group by …"), _VIEW, shortcut="Ctrl+Shift+G", needs="rows"),
    ActionSpec("expand_groups", N_("E&xpand all groups"), _VIEW, needs="rows"),
    ActionSpec("collapse_groups", N_("Coll&apse all groups"), _VIEW, needs="rows"),
    _line(_VIEW),
    *_choices(THEME),
    *_choices(DENSITY),
    _line(_VIEW),
    ActionSpec("refresh", N_("&Refresh"), _VIEW, shortcut="F5"),
    ActionSpec("reminders", N_("&Reminders"), _EXTRAS, "bell", "Ctrl+Shift+R"),
    ActionSpec("history", N_("&Who changed what? …"), _EXTRAS, "clock", "Ctrl+H"),
    ActionSpec("outbox", N_("Waiti&ng for the server …"), _EXTRAS, "upload", needs="team"),
    _line(_EXTRAS),
    ActionSpec("goals", N_("Revenue &goals …"), _EXTRAS, "flag"),
    ActionSpec("trash", N_("&Trash …"), _EXTRAS, "trash"),
    ActionSpec("check", N_("&Check the data"), _EXTRAS),
    _line(_EXTRAS),
    ActionSpec("settings", N_("&Settings …"), _EXTRAS, "settings", "Ctrl+,", role=_ROLE.PreferencesRole),
    ActionSpec("help", N_("&Help"), _HELP, "help", "F1"),
    ActionSpec("shortcuts", N_("&Keyboard shortcuts"), _HELP, shortcut="Ctrl+F1"),
    ActionSpec("about", N_("&About Trichter"), _HELP, role=_ROLE.AboutRole),
)

#: The context menu of what needs somebody today.
TODAY_MENU = (
    "open", "edit", SEPARATOR, "finish_step", "snooze", "next_step", "note", SEPARATOR, "move", "assign", "tags",
    SEPARATOR, "won", "lost", "dropped", "deactivate", SEPARATOR, "sheet", "lead_history", "delete",
)  # fmt: skip


def right_of(id_: str) -> Act:
    """What a command that changes something needs."""
    return next(spec.right for spec in COMMANDS if spec.id == id_) or Act.CHANGE


#: The context menu of a list.
CONTEXT_MENU = (
    "open", "edit", "edit_cell", "bulk_edit", SEPARATOR, "activate", "deactivate", "move", "next_step", "finish_step",
    "snooze", "note", "assign", "tags", SEPARATOR,
    "won", "lost", "dropped", "reopen", SEPARATOR, "sheet", "lead_history", "duplicate", "delete",
)  # fmt: skip

#: The context menu of companies and people, and the one beside their rows.
RECORD_MENU = (
    "open", "edit", "bulk_edit", "edit_cell", SEPARATOR, "record_lead", "note", "record_step",
    "record_finish", "record_later", "record_call", "record_mail", "record_person", SEPARATOR,
    "kinds", "assign", "tags", "merge", SEPARATOR,
    "copy", "export_chosen", "export_cards", SEPARATOR, "archive", "unarchive", "delete",
)  # fmt: skip
EMPTY_RECORD_MENU = (
    "new_company", "new_person", SEPARATOR, "paste", "select_all", SEPARATOR, "export", SEPARATOR,
    "filter", "group", "columns",
)  # fmt: skip

#: The one beside its rows.
EMPTY_MENU = ("new_lead", "new_idea", SEPARATOR, "paste", "select_all", SEPARATOR, "filter", "group", "columns")
