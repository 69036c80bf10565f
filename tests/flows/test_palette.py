"""The palette: everything there is, found by typing and carried out from the keyboard or with the mouse."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QTextBrowser, QTextEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.core.errors import Cancelled
from app.core.terms import Status
from app.models.store import Store
from app.services.leads import Leads
from app.services.search import Search
from app.ui.commands import COMMANDS
from app.ui.detail.window import LeadWindow
from app.ui.help.page import HelpDialog
from app.ui.needs import WHY
from app.ui.palette.recent import Recent
from app.ui.palette.records import Records
from app.ui.palette.sheet import Palette
from app.ui.program_tasks import ProgramTasks
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.services.test_search import add_file, add_note, add_person
from tests.stores import add_company, add_lead
from tests.ui.scripted import HeldJobs

_IDS = [spec.id for spec in COMMANDS if spec.id != "-"]


def opened(desk: Desk, typed: str = "") -> Palette:
    """The palette, opened as one does, with something typed."""
    QTest.keyClick(desk.focus(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = desk.window.findChild(Palette)
    assert isinstance(palette, Palette)
    assert palette.isVisible()
    assert desk.focus() is palette.line
    desk.type(typed)
    return palette


def lines(palette: Palette) -> list[str]:
    """What stands in the lines, from the top, without headings."""
    entries = (palette.lines.entry(row) for row in range(palette.lines.rowCount()))
    return [entry.words for entry in entries if entry is not None and not entry.is_heading]


def test_every_command_has_a_line(desk: Desk) -> None:
    palette = opened(desk, ">")
    entries = [palette.lines.entry(row) for row in range(palette.lines.rowCount())]
    assert {entry.key for entry in entries if entry and not entry.is_heading} == {f"command:{id_}" for id_ in _IDS}


def test_each_command_is_reached_by_its_name(desk: Desk, qtbot: QtBot) -> None:
    """Typed as it is called it is the first line, and Enter carries it out."""
    actions, done = desk.window.actions_, list[str]()
    for id_ in _IDS:
        actions[id_].triggered.disconnect()
        actions[id_].triggered.connect(lambda _on=False, id_=id_: done.append(id_))
    for id_ in _IDS:
        actions.enable(dict.fromkeys(WHY, True))
        desk.tasks.run("palette")
        palette = desk.window.findChild(Palette)
        assert isinstance(palette, Palette)
        palette.line.setText(actions.name(actions.spec(id_)))
        desk.key(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda id_=id_: done[-1:] == [id_])  # type: ignore[misc]
        assert not palette.isVisible()


def test_every_menu_entry_is_a_command(desk: Desk) -> None:
    entries = [entry for menu in desk.window.menuBar().findChildren(QMenu) for entry in menu.actions()]
    named = {entry.objectName() for entry in entries if not entry.isSeparator() and entry.menu() is None}
    assert named == {spec.id for spec in COMMANDS if spec.menu and spec.id != "-"}


def test_a_lead_is_opened_in_its_list(desk: Desk, leads: dict[str, int]) -> None:
    opened(desk, "jubilaum")
    desk.key(Qt.Key.Key_Return)
    assert desk.titles() == ["Jubiläum"]
    assert desk.tasks.selected() == [leads["Jubiläum"]]
    opened(desk, "MOLKEREI")
    desk.key(Qt.Key.Key_Return)
    assert desk.tasks.selected() == [leads["Film Molkerei"]]
    assert desk.window.current_tab() is desk.window.built_tabs()["leads"]


def test_ctrl_and_enter_open_it_in_its_own_window(desk: Desk, leads: dict[str, int]) -> None:
    palette = opened(desk, "stadtw")
    desk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    windows = desk.window.findChildren(LeadWindow)
    assert len(windows) == 1
    assert not palette.isVisible()
    windows[0].close()


def test_what_begins_with_it_comes_before_what_has_it_inside(desk: Desk, store: Store) -> None:
    add_lead(store, "Umzugsfilm")
    add_lead(store, "Werbung und Filme")
    palette = opened(desk, "film")
    assert lines(palette)[:3] == ["Film Molkerei", "Werbung und Filme", "Umzugsfilm"]


def test_commands_that_begin_with_it_come_before_leads(desk: Desk, store: Store) -> None:
    add_lead(store, "Unterlagen")
    palette = opened(desk, "un")
    assert lines(palette)[0].startswith("Undo")
    assert "Unterlagen" in lines(palette)


def test_what_was_used_last_comes_first(desk: Desk, leads: dict[str, int], opening: Open) -> None:
    for typed in ("hosting", "check the data", "idee app"):
        opened(desk, typed)
        desk.key(Qt.Key.Key_Return)
        QTest.qWait(20)
    palette = opened(desk)
    assert lines(palette)[:3] == ["Idee App", "Check the data", "Hosting Bräu"]
    desk.key(Qt.Key.Key_Escape)
    desk.window.close()
    again = opening()
    palette = opened(again)
    assert lines(palette)[:3] == ["Idee App", "Check the data", "Hosting Bräu"]
    again.type("c")
    assert lines(palette)[0] == "Check the data"


def test_a_lead_opened_from_the_list_is_recent(desk: Desk, leads: dict[str, int]) -> None:
    desk.choose(leads["Kampagne Herbst"])
    desk.command("open")
    desk.window.findChildren(LeadWindow)[0].close()
    palette = opened(desk)
    assert lines(palette)[0] == "Kampagne Herbst"


def test_deleted_leads_are_not_found(desk: Desk, leads: dict[str, int]) -> None:
    opened(desk, "hosting")
    desk.key(Qt.Key.Key_Return)
    Leads(desk.store).delete([leads["Hosting Bräu"]])
    palette = opened(desk)
    assert "Hosting Bräu" not in lines(palette)
    desk.type("hosting")
    assert lines(palette) == ["New lead “hosting”"]
    assert palette._none.isVisible()


def test_new_and_changed_leads_are_found_at_once(desk: Desk, leads: dict[str, int]) -> None:
    opened(desk)
    desk.key(Qt.Key.Key_Escape)
    add_lead(desk.store, "Ganz neu")
    Leads(desk.store).edit([leads["Idee App"]], title="Idee Umbenannt")
    assert lines(opened(desk, "ganz")) == ["Ganz neu"]
    desk.key(Qt.Key.Key_Escape)
    assert lines(opened(desk, "umben")) == ["Idee Umbenannt"]


def test_a_command_that_is_not_possible_says_why(desk: Desk) -> None:
    desk.window.go_to("forecast")
    palette = opened(desk, "won")
    entry = palette.entry()
    assert entry is not None
    assert (entry.words, entry.enabled) == ("Won", False)
    assert entry.more == WHY["open"]
    assert WHY["open"] in palette.line.accessibleDescription()
    desk.key(Qt.Key.Key_Return)
    assert palette.isVisible()


def test_the_keys_of_a_command_stand_beside_it(desk: Desk) -> None:
    palette = opened(desk, "new lead")
    entry = palette.entry()
    assert entry is not None
    assert entry.right == "Ctrl+N"
    assert entry.more == "File"


def test_the_screen_reader_hears_the_current_line(desk: Desk, leads: dict[str, int]) -> None:
    palette = opened(desk, "idee")
    assert palette.line.accessibleDescription().startswith("Idee App, Contact potential")
    desk.key(Qt.Key.Key_Down)
    assert palette.line.accessibleDescription().startswith("Idee Messe")


def test_arrows_and_pages(desk: Desk) -> None:
    palette = opened(desk)
    last = palette.lines.rowCount() - 1
    desk.key(Qt.Key.Key_Up)
    assert palette.view.currentIndex().row() == last
    desk.key(Qt.Key.Key_Down)
    assert palette.view.currentIndex().row() == 0
    desk.key(Qt.Key.Key_PageDown)
    down = palette.view.currentIndex().row()
    assert 5 < down < last
    desk.key(Qt.Key.Key_PageUp)
    assert palette.view.currentIndex().row() == 0
    desk.key(Qt.Key.Key_Tab)
    assert desk.focus() is palette.line


def test_esc_leaves_everything_as_it_was(desk: Desk, leads: dict[str, int]) -> None:
    desk.choose(leads["Kampagne Herbst"])
    before = desk.focus()
    palette = opened(desk, "something")
    desk.key(Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert desk.focus() is before
    assert desk.tasks.selected() == [leads["Kampagne Herbst"]]


def test_a_click_takes_and_a_click_elsewhere_closes(desk: Desk, leads: dict[str, int]) -> None:
    palette = opened(desk, "kampagne")
    place = palette.view.visualRect(palette.view.currentIndex()).center()
    QTest.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.tasks.selected() == [leads["Kampagne Herbst"]]
    palette = opened(desk)
    desk.choose(leads["Hosting Bräu"])
    assert not palette.isVisible()
    assert desk.tasks.selected() == [leads["Hosting Bräu"]]


def test_the_field_in_the_bar_opens_it(desk: Desk) -> None:
    desk.press("Search or command …")
    palette = desk.window.findChild(Palette)
    assert isinstance(palette, Palette)
    assert palette.isVisible()
    desk.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not palette.isVisible()


def test_it_opens_from_wherever_one_types(desk: Desk, leads: dict[str, int]) -> None:
    desk.choose(leads["Hosting Bräu"])
    for kind in (QLineEdit, QTextEdit):
        field = next(each for each in desk.window.findChildren(kind) if each.isVisible() and each.isEnabled())
        field.setFocus()
        opened(desk)
        desk.key(Qt.Key.Key_Escape)


def test_from_an_editor_on_a_card_the_keyboard_comes_back_to_the_cards(
    desk: Desk, leads: dict[str, int], qtbot: QtBot
) -> None:
    desk.command("board")
    cards = desk.focus()
    desk.key(Qt.Key.Key_F2)
    editor = desk.focus()
    palette = opened(desk)
    qtbot.waitUntil(lambda: not isValid(editor))
    palette.leave()
    assert desk.focus() is cards


def test_from_a_field_that_is_gone_by_now_it_closes_all_the_same(
    desk: Desk, leads: dict[str, int], qtbot: QtBot
) -> None:
    field = QLineEdit(desk.window)
    field.show()
    field.setFocus()
    palette = opened(desk)
    field.deleteLater()
    qtbot.waitUntil(lambda: not isValid(field))
    palette.leave()
    assert not palette.isVisible()


def test_whatever_is_typed_is_looked_for(desk: Desk) -> None:
    palette = opened(desk)
    for typed in ("'); DROP TABLE lead", "%", "\\", "(", "[a", "€", "  ", "ß", "😀", "x" * 5000, ">>", "> '"):
        palette.line.setText(typed)
        assert all(isinstance(line, str) for line in lines(palette))
    palette.line.setText("BRAEU")
    assert lines(palette) == ["Hosting Bräu"]


@pytest.mark.parametrize(
    "kept",
    ["", "{}", "null", "[1, null, {}]", "[" * 5000, '["lead:x", "lead:-1", "lead:99999999999999999999", "command:x"]'],
)  # fmt: skip
def test_a_memory_full_of_rubbish(desk: Desk, kept: str) -> None:
    desk.window.memory.setValue("palette/recent", kept)
    palette = opened(desk)
    assert lines(palette)[0] == "New lead"
    recent = Recent(desk.window.memory)
    recent.note("lead:1")
    assert recent.leads()[0] == 1
    assert json.loads(str(desk.window.memory.value("palette/recent")))[0] == "lead:1"


def test_it_fits_the_window(desk: Desk) -> None:
    desk.window.resize(500, 400)
    palette = opened(desk)
    QApplication.sendPostedEvents()
    assert desk.window.rect().contains(palette.geometry())


def test_it_is_as_high_as_what_is_found(desk: Desk) -> None:
    palette = opened(desk)
    whole = palette.height()
    desk.type("kampagne")
    rows = palette.lines.rowCount()
    assert rows < 4
    assert palette.view.height() == sum(palette.lines.height(row) for row in range(rows))
    assert palette.height() == whole - 11 * 36 + palette.view.height()
    foot = palette._foot.geometry()
    assert palette.view.geometry().bottom() < foot.top() < palette.view.geometry().bottom() + 12
    assert foot.bottom() < palette._sheet.height() < foot.bottom() + 12
    palette.line.setText("nothing of this name")
    words = palette._none.height()
    assert palette.height() < 36 * 5 + foot.height() + words
    palette.line.setText("-nothing")
    assert palette._none.height() < words
    palette.line.clear()
    assert palette.height() == whole


def chosen(palette: Palette) -> str:
    """What Enter would take."""
    entry = palette.entry()
    return "" if entry is None else entry.words


def headings(palette: Palette) -> list[str]:
    """The groups, from the top."""
    entries = (palette.lines.entry(row) for row in range(palette.lines.rowCount()))
    return [entry.words for entry in entries if entry is not None and entry.is_heading]


def test_records_of_all_kinds_stand_in_groups(desk: Desk, store: Store) -> None:
    firm = add_company(store, "Zeppelin Werft")
    add_person(store, "Zeno Kurz")
    lead = add_lead(store, "Zeitschrift", company_id=firm)
    add_note(store, "Anruf: die Zentrale ist zuständig", lead_id=lead)
    add_file(store, "Zeitplan.pdf", lead_id=lead)
    palette = opened(desk, "ze")
    assert headings(palette) == ["Leads", "Companies", "People", "Notes and e-mails", "Files"]
    note = "Anruf: die Zentrale ist zuständig"
    assert lines(palette) == ["Zeitschrift", "Zeppelin Werft", "Zeno Kurz", note, "Zeitplan.pdf"]
    for words in lines(palette)[1:]:
        desk.key(Qt.Key.Key_Down)
        assert chosen(palette) == words
        assert palette.line.accessibleDescription().startswith(words)
    desk.key(Qt.Key.Key_Down)
    assert chosen(palette) == "Zeitschrift"
    desk.key(Qt.Key.Key_Up)
    assert chosen(palette) == "Zeitplan.pdf"
    desk.key(Qt.Key.Key_Up)
    desk.key(Qt.Key.Key_Return)
    assert desk.tasks.selected() == [lead]


def test_the_passage_stands_below_with_its_words_marked(desk: Desk, store: Store) -> None:
    lead = add_lead(store, "Messe", info="Ansprechpartnerin ist Frau Özdemir in Köln")
    palette = opened(desk, "oezdem")
    entry = palette.entry()
    assert entry is not None
    assert entry.key == f"lead:{lead}"
    assert entry.below is not None
    assert [entry.below.text[first : first + n] for first, n in entry.below.spans] == ["Özdem"]
    assert "Özdemir" in palette.line.accessibleDescription()
    assert palette.lines.height(palette.view.currentIndex().row()) > 36


def test_a_company_is_gone_to_and_is_recent_then(desk: Desk, store: Store) -> None:
    firm = add_company(store, "Zeppelin Werft")
    add_lead(store, "Zeppelinfilm")
    opened(desk, "zeppelin werft")
    desk.key(Qt.Key.Key_Return)
    assert desk.window.front.key == "customers"
    assert desk.window.go_to("customers").record_ids() == [firm]
    palette = opened(desk)
    assert lines(palette)[0] == "Zeppelin Werft"


def test_a_slip_of_the_keyboard_finds_what_was_meant(desk: Desk, store: Store) -> None:
    lead = add_lead(store, "Zeppelin")
    opened(desk, "zepplein")
    desk.key(Qt.Key.Key_Return)
    assert desk.tasks.selected() == [lead]


def test_a_long_group_is_shown_whole_on_demand(desk: Desk, store: Store) -> None:
    for number in range(8):
        add_company(store, f"Zeppelin {number}")
        add_person(store, f"Zeppelin {number}")
    palette = opened(desk, "zeppelin")
    assert lines(palette)[5] == "3 more"
    for _ in range(5):
        desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Return)
    assert palette.isVisible()
    assert lines(palette)[:8] == [f"Zeppelin {number}" for number in range(7, -1, -1)]
    assert chosen(palette) == "Zeppelin 2"


def test_filters_in_words_find_leads(desk: Desk, store: Store) -> None:
    lead = add_lead(store, "Zeitung", stage="Angebot", amount=90_000)
    add_lead(store, "Zeitung klein", stage="Angebot", amount=1_000)
    assert lines(opened(desk, "stufe:angebot >80k zeit")) == ["Zeitung"]
    desk.key(Qt.Key.Key_Return)
    assert desk.tasks.selected() == [lead]
    palette = opened(desk, ">80k stufe:xyz")
    assert (chosen(palette), headings(palette)) == ("Zeitung", ["“stufe:xyz”: Nothing is called “xyz”", "Leads"])


def test_what_is_typed_next_overtakes_what_is_looked_for(desk: Desk, store: Store) -> None:
    add_company(store, "Aal GmbH")
    add_company(store, "Aber AG")
    palette, held = opened(desk), HeldJobs()
    palette._seeker._context = replace(desk.context, jobs=held)
    desk.type("aal")
    assert [progress.cancelled for _job, progress in held.jobs] == [True, True, False]
    late = held.jobs[1][0]
    late.then(Records(tuple(Search(store).find("aber"))))
    assert "Aber AG" not in lines(palette), "what was looked for before came too late"
    held.jobs = held.jobs[2:]
    held.finish()
    assert "Aal GmbH" in lines(palette)


def test_leads_are_no_longer_looked_for_when_something_else_is_typed(desk: Desk, leads: dict[str, int]) -> None:
    """Before their text is in memory the database looks for them."""
    palette, held = opened(desk), HeldJobs()
    palette._finder._context = replace(desk.context, jobs=held)
    palette._finder._due = palette._finder._building = True
    desk.type("web")
    assert [progress.cancelled for _job, progress in held.jobs] == [True, True, False]
    with pytest.raises(Cancelled):
        held.jobs[0][0].work(held.jobs[0][1])
    held.jobs = held.jobs[2:]
    held.finish()
    assert palette._leads == ([leads["Webshop Müller"]], ())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("xyzzy", "“xyzzy” is nowhere to be found: neither in commands, leads, companies and people nor in notes, e-"),
        (">xyzzy", "No command is called “xyzzy”."),
        (">999k", "No lead fits this filter."),
        ("-xyzzy", "A minus only leaves out: a word to look for is missing."),
        ("<b>xyzzy", "“<b>xyzzy” is nowhere"),
    ],
)
def test_nothing_found_says_what_was_searched(desk: Desk, leads: dict[str, int], typed: str, said: str) -> None:
    palette = opened(desk, typed)
    words = palette._none.text()
    assert words.startswith(said)
    assert bool(lines(palette)) == ("nowhere" in said), "neither filters nor commands are titles of a new lead"
    assert palette._none.isVisible()
    assert palette._none.height() >= palette._none.heightForWidth(palette._none.width()), "all of it is seen"
    assert palette.line.accessibleDescription().startswith(said)
    assert palette.rect().contains(palette._foot.geometry().translated(palette._sheet.pos()))
    palette.line.clear()
    assert not palette._none.isVisible()


def test_what_is_not_there_can_be_made(desk: Desk, store: Store, qtbot: QtBot) -> None:
    palette = opened(desk, "Ganz etwas Neues")
    assert lines(palette) == ["New lead “Ganz etwas Neues”"]
    titles = list[str]()
    palette._deeds = replace(palette._deeds, new_lead=titles.append)
    desk.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: titles == ["Ganz etwas Neues"])
    assert not palette.isVisible()


def test_statuses_are_told_apart(desk: Desk, store: Store) -> None:
    add_lead(store, "Ende gut", status=Status.WON)
    palette = opened(desk, "ende gut")
    entry = palette.entry()
    assert entry is not None
    assert entry.more == "Won"


@pytest.mark.parametrize("way", ["F1", "foot", "filter", "list"])
def test_the_words_of_filters_are_explained_where_they_are_typed(desk: Desk, way: str, qtbot: QtBot) -> None:
    def read(dialog: HelpDialog) -> None:
        page = dialog.findChildren(QTextBrowser)[0]
        qtbot.wait(50)
        seen = page.cursorForPosition(page.viewport().rect().topLeft() + QPoint(0, 24)).block().text()
        assert seen == ("Trichter" if way == "list" else "Searching and filtering")

    desk.tasks._hub = ProgramTasks(desk.window, desk.context, lambda _backup: None, lambda _coming: None).run
    if way in ("F1", "foot"):
        assert "Filters as words  F1" in opened(desk)._foot.text()
    else:
        (desk.panel.filter if way == "filter" else desk.panel.view).setFocus()
    in_dialog(read)
    if way == "foot":
        desk.window.findChildren(Palette)[0]._foot.linkActivated.emit("help")
    else:
        desk.key(Qt.Key.Key_F1)
