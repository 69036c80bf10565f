"""Every dialog opens in every language and at every size of text, with every word readable and every control named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.core.i18n import Text
from app.core.roles import Role
from app.core.settings import Settings
from app.core.terms import Entity, Status
from app.models.store import Store
from app.services.filter_fields import Op
from app.services.history_log import LogQuery
from app.services.history_steps import StepRefused, Steps
from app.services.lead_fields import NextStep
from app.services.lead_list import ListQuery
from app.services.outbox import Waiting, finished, note
from app.services.own_fields import OwnFields
from app.services.own_kinds import CHOSEN, OwnKind
from app.services.owners import Owner
from app.services.record_filter import AllOf, AnyOf, Condition, Not
from app.services.reminders import Reminder
from app.services.team import AbsenceKind, Team
from app.services.timeline import Entry
from app.ui.actions import Actions
from app.ui.bridge import FeedBridge
from app.ui.bulk.dialog import BulkDialog
from app.ui.closing.dialog import ClosingDialog
from app.ui.commands import COMMANDS
from app.ui.contact_files.exporting import ContactExportDialog
from app.ui.contact_files.importing import ContactImportDialog
from app.ui.context import Context
from app.ui.detail.window import LeadWindow
from app.ui.help.about import AboutDialog
from app.ui.help.page import HelpDialog
from app.ui.help.shortcuts import ShortcutsDialog
from app.ui.history.dialog import HistoryDialog
from app.ui.history.refused import RefusedDialog
from app.ui.importing.dialog import ImportDialog
from app.ui.lead_form.dialog import LeadForm
from app.ui.lead_form.record import read_lead
from app.ui.lead_table.behind import BehindWindow, Figure, Found
from app.ui.lead_table.kind import LEADS
from app.ui.leads.tab import LeadsTab
from app.ui.main_window import TABS, MainWindow
from app.ui.outbox import OutboxDialog
from app.ui.record_table.arrange import ArrangeDialog
from app.ui.record_table.filter_editor import FilterEditor
from app.ui.record_table.filter_rows import ConditionRow
from app.ui.record_table.range_dialog import RangeDialog
from app.ui.record_table.view_dialogs import ViewDialog, ViewsDialog
from app.ui.reminders.later import LaterDialog
from app.ui.reminders.popup import Popup
from app.ui.reminders.summary import Summary
from app.ui.report import ReportDialog
from app.ui.settings.delete_stage import DeleteStageDialog
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.password import PasswordDialog
from app.ui.steps.dialog import StepDialog, finish_question, next_question
from app.ui.tagging.dialog import TagsDialog
from app.ui.theme import Mode, Theme
from app.ui.timeline.also import AlsoDialog
from app.ui.timeline.editing import EditDialog, RenameDialog, WriteDialog
from app.ui.timeline.link import LinkDialog
from app.ui.timeline.mail_view import MailDialog
from app.ui.timeline.preview import PreviewDialog
from app.ui.welcome.dialog import WelcomeDialog
from app.ui.widgets.sideways import Sideways
from app.ui.window_tasks import WindowTasks
from tests.services.cards.examples import vcard
from tests.stores import TODAY, Fillings, add_lead, add_member, add_step
from tests.ui.dialogs.arrivals import ARRIVALS
from tests.ui.dialogs.conftest import Desk, Speak
from tests.ui.dialogs.fitting import cut_off, nameless
from tests.ui.dialogs.record_forms import FORMS

LIST = "Name;Volumen;Firma;Aktiv seit;Interna\nWebauftritt;12.500,00;Muster;03/04/2026;x\nKatalog;viel;M;05/06/2026;\n"
CARDS = (
    vcard("FN:Anna Kern", "ORG:Gesellschaft für Straßenbaukunst mbH", "X-EIGEN:1")
    + vcard("FN:Otto Ott", "PHOTO;ENCODING=b:@")
    + vcard("KIND:group", "FN:Alle")
)
DAY = timedelta(days=1)
#: Nothing may be wider than a small notebook's screen, even at 200 %.
WIDEST = 1366

Make = Callable[[Context, int, Path], QWidget]


def _closing_one(context: Context, lead: int, _folder: Path) -> QDialog:
    return ClosingDialog(context, [lead], Status.WON)


def _closing_two(context: Context, lead: int, _folder: Path) -> QDialog:
    other = context.office.leads.create(title="Zweiter")
    return ClosingDialog(context, [lead, other], Status.LOST)


def _entries(context: Context, lead: int) -> dict[str, Entry]:
    """A note, a call, a mail and a file of a lead, by their kind."""
    from app.services.files import Upload
    from tests.services.mail_samples import mail

    office, owner = context.office, Owner("lead", lead)
    office.notes.write("call", owner, "**Rückruf**", markdown=True, minutes=25)
    office.files.attach(owner, [Upload("Ein recht langer Name für ein Briefing mit Anhang.pdf", b"%PDF-1.4")])
    office.mail_files.put(mail("Nachfrage " * 12, attached=[(f"Anlage {n}.pdf", b"x") for n in range(6)]), owner)
    return {entry.kind: entry for entry in office.timelines.page(owner).entries}


def _edit_note(context: Context, lead: int, _folder: Path) -> QDialog:
    return EditDialog(context, _entries(context, lead)["call"])


def _log_call(context: Context, lead: int, _folder: Path) -> QDialog:
    return WriteDialog(context, Owner("lead", lead), "Donaudampfschifffahrtsgesellschaft mbH & Co. KG")


def _read_mail(context: Context, lead: int, _folder: Path) -> QDialog:
    return MailDialog(context, _entries(context, lead)["mail"])


def _preview(context: Context, lead: int, _folder: Path) -> QDialog:
    return PreviewDialog(context, _entries(context, lead)["file"].files[0])


def _also(context: Context, lead: int, _folder: Path) -> QDialog:
    return AlsoDialog(context, _entries(context, lead)["mail"])


def _rename(context: Context, lead: int, _folder: Path) -> QDialog:
    return RenameDialog(context, _entries(context, lead)["file"].files[0])


def _link(context: Context, _lead: int, _folder: Path) -> QDialog:
    return LinkDialog(context)


def _new_lead(context: Context, _lead: int, _folder: Path) -> QDialog:
    return LeadForm(context)


def _edit_lead(context: Context, lead: int, _folder: Path) -> QDialog:
    form = LeadForm(context, read_lead(context, lead))
    form.controls.company.setText("Ganz neue Firma GmbH")
    form.controls.amount.setText("keine Ahnung")
    form.save()
    return form


def _delete_stage(context: Context, _lead: int, _folder: Path) -> QDialog:
    return DeleteStageDialog(context, context.office.stages.counted()[0])


def _about(context: Context, _lead: int, _folder: Path) -> QDialog:
    return AboutDialog(context)


def _help(context: Context, _lead: int, _folder: Path) -> QDialog:
    return HelpDialog(context)


def _columns(context: Context, _lead: int, _folder: Path) -> QDialog:
    tab = LeadsTab(context)
    dialog = ArrangeDialog(context, tab.panel.view.header)
    tab.setParent(dialog)
    tab.hide()
    return dialog


def _shortcuts(context: Context, _lead: int, _folder: Path) -> QDialog:
    parent = QWidget()
    dialog = ShortcutsDialog(context, Actions(COMMANDS, parent, {spec.id: lambda: None for spec in COMMANDS}))
    parent.setParent(dialog)
    return dialog


def _history(context: Context, lead: int, _folder: Path) -> QDialog:
    context.office.leads.edit([lead], company="Gesellschaft für angewandte Straßenbaukunst mbH & Co. KG")
    return HistoryDialog(context, None, lead)


def _refused(context: Context, lead: int, _folder: Path) -> QDialog:
    steps = Steps(context.office.store)
    context.office.leads.edit([lead], company="Gesellschaft für angewandte Straßenbaukunst mbH & Co. KG")
    row = steps.log.rows(steps.log.first_ids(LogQuery(), 1))[0]
    context.office.leads.edit([lead], company="Muster")
    with pytest.raises(StepRefused) as refused:
        steps.take_back(row)
    return RefusedDialog(context, refused.value)


def _import(context: Context, _lead: int, _folder: Path) -> QDialog:
    return ImportDialog(context)


def _import_plan(context: Context, _lead: int, folder: Path) -> QDialog:
    file = folder / "Leads.csv"
    file.write_text(LIST, encoding="utf-8")
    return ImportDialog(context, None, file)


def _import_contacts(context: Context, _lead: int, folder: Path) -> QDialog:
    file = folder / "Kontakte.vcf"
    file.write_text(CARDS, encoding="utf-8")
    return ContactImportDialog(context, [file])


def _export_contacts(context: Context, _lead: int, _folder: Path) -> QDialog:
    return ContactExportDialog(context)


def _step(context: Context, lead: int, _folder: Path) -> QDialog:
    return StepDialog(context, next_question([lead]), NextStep(TODAY, "Nachfassen", 840))


def _step_of_many(context: Context, _lead: int, _folder: Path) -> QDialog:
    return StepDialog(context, next_question(range(12)))


def _step_done(context: Context, lead: int, _folder: Path) -> QDialog:
    return StepDialog(context, finish_question(context, [lead]))


def _steps_done(context: Context, _lead: int, _folder: Path) -> QDialog:
    return StepDialog(context, finish_question(context, range(12)))


def _step_again(context: Context, lead: int, _folder: Path) -> QDialog:
    rule = "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;UNTIL=20281231"
    return StepDialog(context, next_question([lead]), NextStep(date(2026, 12, 31), "Nachfassen", 840, rule))


def _step_each_week(context: Context, lead: int, _folder: Path) -> QDialog:
    return StepDialog(context, next_question([lead]), NextStep(TODAY, "Nachfassen", None, "FREQ=WEEKLY;BYDAY=MO,TH"))


def _step_done_again(context: Context, lead: int, _folder: Path) -> QDialog:
    context.office.leads.set_next_step([lead], NextStep(TODAY, "Nachfassen", None, "FREQ=MONTHLY;BYDAY=-1TU"))
    return StepDialog(context, finish_question(context, [lead]))


def _later(context: Context, _lead: int, _folder: Path) -> QDialog:
    return LaterDialog(context)


def _reminder(context: Context, lead: int) -> Reminder:
    due = context.office.store.clock.now()
    return Reminder(lead, lead, "Relaunch der Website mit Mitgliederbereich", "Stadtwerke am Oberrhein GmbH",
                    "Angebot nachfassen und Termin für die Präsentation vereinbaren", TODAY, 840, due)  # fmt: skip


def _popup(context: Context, lead: int, _folder: Path) -> QWidget:
    return Popup(context, _reminder(context, lead))


def _summary(context: Context, lead: int, _folder: Path) -> QWidget:
    return Summary(context, [_reminder(context, lead + number) for number in range(40)])


def _tags_of_one(context: Context, lead: int, _folder: Path) -> QDialog:
    context.office.leads.tag([lead], add=["Mitgliederbereich und alles, was dazu gehört", "Web", "Empfehlung"])
    return TagsDialog(context, [lead])


def _tags_of_many(context: Context, lead: int, _folder: Path) -> QDialog:
    return TagsDialog(context, [lead, context.office.leads.create(title="Zweiter")])


def _range(context: Context, _lead: int, _folder: Path) -> QDialog:
    return RangeDialog(context, "volume", Condition("volume", Op.BETWEEN, (1, 99_999_999)))


def _filter(context: Context, _lead: int, _folder: Path) -> QDialog:
    """A condition of every kind, in groups, some of them not complete."""
    dated = Condition("closed", Op.BETWEEN, (TODAY, TODAY))
    inner = Not(AllOf((dated, Condition("next_step", Op.COMING, (14,)), Condition("period", Op.IN, ("quarter", -1)))))
    tree = AnyOf((
        Condition("stage", Op.IS, (1, 2, 3, 4, 5)), Condition("company", Op.IS, (1,)), inner,
        Condition("title", Op.CONTAINS, ("x",)), Condition("idle", Op.YES), Condition("tag", Op.IS_NOT, (None,)),
    ))  # fmt: skip
    context.office.leads.create(title="Dritter", company="Eine sehr lange Firma & Söhne GmbH & Co. KG")
    editor = FilterEditor(context, LEADS, ListQuery(filter=tree))
    editor._box.add.click()
    editor.findChildren(ConditionRow)[-1]._field.setCurrentIndex(0)
    editor._done()
    return editor


def _save_view(context: Context, _lead: int, _folder: Path) -> QDialog:
    return ViewDialog(context, "leads", {})


def _views(context: Context, _lead: int, _folder: Path) -> QDialog:
    if not context.office.views.all("leads"):
        context.office.views.create("leads", "Alles, was in diesem Quartal noch entschieden wird", {}, shared=True)
    return ViewsDialog(context, "leads")


def _bulk(context: Context, lead: int, _folder: Path) -> QDialog:
    dialog = BulkDialog(context, [lead, context.office.leads.create(title="Zweiter")])
    for tick in dialog.fields.ticks.values():
        tick.box.setChecked(True)
    dialog.look()
    return dialog


def _report(context: Context, _lead: int, _folder: Path) -> QDialog:
    return ReportDialog(context.theme, "ValueError in app.ui.main_window, line 17\n" * 20)


def _password(context: Context, _lead: int, _folder: Path) -> QDialog:
    return PasswordDialog(context, context.office.team.one(1), own=True)


def _password_again(context: Context, lead: int, folder: Path) -> QDialog:
    if not context.office.team.one(1).has_password:
        context.office.team.set_password(1, "geheim und lang")
    dialog = _password(context, lead, folder)
    assert isinstance(dialog, PasswordDialog)
    dialog.new.setText("kurz")
    dialog.save()
    return dialog


def _no_password(context: Context, _lead: int, _folder: Path) -> QDialog:
    return PasswordDialog(context, context.office.team.one(1), own=False, remove=True)


def _lead_window(context: Context, lead: int, _folder: Path) -> QWidget:
    parent = QWidget()
    window = LeadWindow(context, lead, lambda _command, _lead: None, parent)
    window.setParent(None, window.windowFlags())
    parent.deleteLater()
    return window


def _behind(context: Context, lead: int, _folder: Path) -> QDialog:
    shares = ({lead: 1_234_567_89}, {lead: 5})
    return BehindWindow(
        context, Figure("Gewichtetes Volumen", "x " * 90, lambda: Found([lead], shares), ("Sum", "Weighted"))
    )


def _outbox(context: Context, lead: int, _folder: Path) -> QDialog:
    now, titles = context.office.store.clock.now(), ("Relaunch der Website mit Mitgliederbereich",)
    deeds = [
        note(Owner("lead", lead), "call", "Ruft zurück, sobald die Freigabe da ist. " * 9),
        finished("lead", [lead]),
    ]
    why = Text("A lead has been deleted in the meantime.")
    context.outgoing._waiting = [Waiting(str(n), now, deed, titles, why) for n, deed in enumerate(deeds)]
    return OutboxDialog(context, lambda _owner: None)


DIALOGS: dict[str, Make] = {
    make.__name__.strip("_"): make
    for make in (_closing_one, _closing_two, _edit_note, _log_call, _read_mail, _also, _preview, _rename, _link,
                 _new_lead, _edit_lead, *FORMS, _delete_stage, _about, _help, _columns, _shortcuts,
                 _import, _import_plan, _import_contacts, _export_contacts, _step, _step_of_many,
                 _step_done, _steps_done,
                 _step_again, _step_each_week, _step_done_again, _later, _popup, _summary, _tags_of_one, _tags_of_many,
                 _range, _filter, _save_view, _views, _bulk, _history, _refused, _report, _password, _password_again,
                 _no_password, _lead_window, _behind, _outbox, *ARRIVALS)
}  # fmt: skip
PAGES = ("appearance", "formats", "start", "leads", "reminders", "profile", "notices", "stages", "reasons", "sources",
         "tags", "own_fields", "people", "goals", "currencies", "data", "backup", "trash")  # fmt: skip
WORDS = pytest.mark.parametrize(("language", "country"), [("de", "DE"), ("en", "GB"), ("xx", "INT")])
SIZES = pytest.mark.parametrize("scale", [100, 200])


def _lead(store: Store) -> int:
    fields = OwnFields(store)
    for kind in OwnKind:
        options = ["Handel und Handwerk", "Industrie", "Öffentliche Hand"] if kind in CHOSEN else []
        name = f"Ein eigenes Feld {len(options)}, {kind}"
        fields.create(Entity.LEAD, kind, name, options, help="Was hier hinein soll")
    fields.create(Entity.COMPANY, OwnKind.DAY, "Leadpotential", notify=True, notify_days=7)
    team = Team(store)
    team.set_deputy(1, team.add("Karl-Theodor von und zu Hohenstein-Oberau", Role.LIMITED))
    for day, why in enumerate(AbsenceKind):
        team.add_absence(1, TODAY + day * DAY, TODAY + day * DAY, why, half=bool(day))
    team.set_week(1, TODAY, [480, 450, 480, 480, 360, 0, 0])
    made = add_lead(store, "Relaunch der Website mit Mitgliederbereich und allem, was dazu gehört")
    add_step(store, made, TODAY, "Angebot nachfassen")
    return made


@pytest.fixture
def fillings() -> Fillings:
    return {"lead": _lead}


@pytest.fixture
def lead(stocked: dict[str, int]) -> int:
    """A lead with a step, whose title is long enough to be a nuisance; and own fields in each other's way."""
    return stocked["lead"]


@pytest.fixture
def dressed(theme: Theme) -> Theme:
    """The theme, to be scaled; back to 100 % with the next test."""
    return theme


def settled(dialog: QWidget, qtbot: QtBot) -> None:
    """Show a window and wait until everything has its place."""
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    take_places(qtbot)


def take_places(qtbot: QtBot) -> None:
    """Wrapped labels ask for their height only once they know their width."""
    for _ in range(3):
        QApplication.sendPostedEvents()
        qtbot.wait(1)


def leave(dialog: QWidget) -> None:
    """Close it without being asked anything."""
    if isinstance(dialog, QDialog):
        dialog.done(0)
    else:
        dialog.close()


def checked(dialog: QWidget, qtbot: QtBot) -> None:
    settled(dialog, qtbot)
    assert cut_off(dialog) == []
    assert nameless(dialog) == []
    assert dialog.minimumSizeHint().width() <= WIDEST
    leave(dialog)


@WORDS
@SIZES
@pytest.mark.parametrize("name", DIALOGS)
def test_dialog_can_be_read(
    name: str, language: str, country: str, scale: int,
    desk: Desk, lead: int, dressed: Theme, speak: Speak, qtbot: QtBot, tmp_path: Path,
) -> None:  # fmt: skip
    dressed.use(scale=scale)
    speak(language, country)
    checked(DIALOGS[name](desk.context, lead, tmp_path), qtbot)


@WORDS
@SIZES
def test_every_page_of_the_settings_can_be_read(
    language: str, country: str, scale: int, desk: Desk, lead: int, dressed: Theme, speak: Speak, qtbot: QtBot
) -> None:
    dressed.use(scale=scale)
    speak(language, country)
    add_member(desk.context.office.store, "Ben Krug", "BK")  # alone one is asked nothing at the start
    dialog = SettingsDialog(desk.context, restore=lambda _path: None)
    assert tuple(dialog.keys()) == PAGES
    settled(dialog, qtbot)
    for page in PAGES:
        dialog.show_page(page)
        qtbot.wait(2)
        assert (page, cut_off(dialog), nameless(dialog)) == (page, [], [])


@WORDS
@SIZES
def test_the_welcome_can_be_read(
    language: str, country: str, scale: int, settings: Settings, dressed: Theme, speak: Speak, qtbot: QtBot
) -> None:
    dressed.use(scale=scale)
    dialog = WelcomeDialog(dressed, settings, lambda _language, _country: speak(language, country))
    checked(dialog, qtbot)


@pytest.mark.parametrize("name", DIALOGS)
def test_dialog_lives_through_a_change_of_theme(
    name: str, desk: Desk, lead: int, theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = DIALOGS[name](desk.context, lead, tmp_path)
    settled(dialog, qtbot)
    theme.use(mode=Mode.DARK)
    qtbot.wait(1)
    assert cut_off(dialog) == []
    leave(dialog)


@WORDS
@SIZES
def test_the_window_and_its_tabs_can_be_read(
    language: str, country: str, scale: int,
    desk: Desk, lead: int, dressed: Theme, speak: Speak, qtbot: QtBot, tmp_path: Path,
) -> None:  # fmt: skip
    dressed.use(scale=scale)
    bridge = FeedBridge(desk.context.office.store.feed)  # goes with the window
    context = replace(desk.context, formats=speak(language, country), bridge=bridge)
    window = MainWindow(dressed, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    tasks = WindowTasks(window, context, lambda _id: None)
    window.closing.connect(tasks.stop)
    window.resize(WIDEST, 7 * scale)
    window.attach(context, tasks)
    tasks.show_facts()
    settled(window, qtbot)
    for spec in TABS:
        tab = window.go_to(spec.key)
        if spec.has_leads:
            tab.panel.view.selectRow(0)
        take_places(qtbot)
        rows = window.findChildren(Sideways)
        assert all(row.height() >= row.heightForWidth(row.width()) for row in rows if row.isVisible())
        found = (spec.key, cut_off(window), nameless(window), window.minimumSizeHint().width() <= WIDEST)
        assert found == (spec.key, [], [], True)
    leave(window)
