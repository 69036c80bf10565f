"""The commands on the companies or people that are chosen in the tab of customers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.core.errors import NotFound
from app.core.i18n import Plural, Text, tr
from app.core.terms import COMPANY_KIND_LABELS, Entity, Status
from app.services.filter_fields import Op
from app.services.outbox import finished, next_step
from app.services.record_filter import Condition
from app.services.somebody import Meant
from app.ui.jobs import Job

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray

    from app.services.reach import PointKind
    from app.services.record_detail import RecordDetail
    from app.services.twins.facts import Kind
    from app.ui.context import Context
    from app.ui.customers.panel import CustomerPanel
    from app.ui.customers.tab import CustomersTab
    from app.ui.customers.window import RecordWindow
    from app.ui.lead_tasks import LeadTasks
    from app.ui.main_window import MainWindow

#: Of more records than this nobody looks at what there is of them before a command does.
_LOOKED_AT = 200


class RecordTasks:
    """Carries them out for a window. Every verb is one step to undo, for one record or for many."""

    def __init__(
        self, window: "MainWindow", context: "Context", leads: "LeadTasks", show_detail: Callable[[bool], object],
        open_lead: Callable[[int], object],
    ) -> None:  # fmt: skip
        """`leads` carries out what becomes of leads, `show_detail(True)` shows the panel beside the list.

        `open_lead(id)` opens a lead in a window of its own.
        """
        self._window = window
        self._leads = leads
        self._context = context
        self._office = context.office
        self._show_detail, self._open_lead = show_detail, open_lead
        self._instead: tuple[Entity, Sequence[int]] | None = None

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """What can be asked for anywhere, by id."""
        return {
            "new_company": lambda: self._new(Entity.COMPANY), "new_person": lambda: self._new(Entity.PERSON),
            "archive": lambda: self._verb("archive"), "unarchive": lambda: self._verb("unarchive"),
            "kinds": self._kinds, "record_open": self._open, "record_edit": self._edit,
            "record_lead": self._new_lead, "record_note": self._note, "record_call": lambda: self._reach("phone"),
            "record_mail": lambda: self._reach("mail"), "record_person": self._add_related, "photo": self._photo,
            "record_step": self._next_step, "record_finish": self._finish_step, "record_later": self._put_off,
            "merge": self._merge, "export_chosen": self._export_chosen, "export_cards": self._export_cards,
        }  # fmt: skip

    def instead(self) -> Mapping[str, Callable[[], object]]:
        """What commands on leads mean while the customers are in front, by id."""
        return {
            "open": self._open, "edit": self._edit, "assign": self._assign, "tags": self._tags,
            "delete": lambda: self._verb("delete"), "note": self._note, "bulk_edit": self._edit_several,
            "export": self._export, "duplicates": self._duplicates,
        }  # fmt: skip

    @property
    def tab(self) -> "CustomersTab | None":
        """The tab of customers while it is in front."""
        tab = self._window.current_tab()
        return tab if self._window.front.key == "customers" else None

    def mark(self) -> None:
        """Enable what can be done with the records that are chosen."""
        tab = self.tab
        rows: list[Any] = []
        if tab is not None:
            rows = self._lists(tab.entity).rows(tab.record_ids()[:_LOOKED_AT])
        some, companies = bool(rows), tab is not None and tab.entity is Entity.COMPANY
        self._window.actions_.enable(
            {
                "present": some and not all(row.archived for row in rows),
                "archived": some and any(row.archived for row in rows),
                "companies": some and companies,
                "person": len(rows) == 1 and not companies,
                "customers": some,
                "one": len(rows) == 1,
                "several": len(rows) > 1,
            }
        )
        if tab is not None:
            self._window.actions_.enable({"chosen": some})

    def open_record(self, entity: Entity, record_id: int) -> None:
        """Show a company or person in the tab."""
        if self._is_there(entity, record_id):
            self._window.go_to("customers").go_to(entity, record_id)

    def run_for(self, id_: str, entity: Entity, record_id: int) -> None:
        """Carry out a command for one record, whatever is chosen in the list."""
        self._instead = (entity, [record_id])
        try:
            {**self.commands(), **self.instead()}[id_]()
        finally:
            self._instead = None

    def open_window(self, entity: Entity, record_id: int, place: "QByteArray | None" = None) -> "RecordWindow | None":
        """A record in a window of its own; None for one that is gone, which is said."""
        from app.ui.customers.window import Ways, show_record

        if not self._is_there(entity, record_id):
            return None
        ways = Ways(self.run_for, self._open_lead, self.open_record, self.list_leads)
        window = show_record(self._context, entity, record_id, ways, self._window)
        if place is not None:
            window.restoreGeometry(place)
        return window

    def windows(self) -> "dict[tuple[Entity, int], QByteArray]":
        """The records that have windows of their own, and where these stand."""
        from app.ui.customers.window import places

        return places(self._window)

    def open_again(self, windows: "Mapping[tuple[Entity, int], QByteArray]") -> None:
        """Give these records their windows back."""
        for (entity, record_id), place in windows.items():
            self.open_window(entity, record_id, place)

    def close_windows(self) -> None:
        """No record stays open in a window of its own."""
        for window in self._window.findChildren(QWidget, "record"):  # by name: mostly there was none to be loaded for
            window.close()

    def list_leads(self, entity: Entity, record_id: int, status: Status) -> None:
        """The leads of a record in the list of those in this state."""
        key = {Status.ACTIVE: "leads", Status.POTENTIAL: "potential"}.get(status, "closed")
        field = "company" if entity is Entity.COMPANY else "contact"
        tab = self._window.go_to(key)
        tab.panel.widen()
        tab.panel.ask(filter=Condition(field, Op.IS, (record_id,)))

    def _is_there(self, entity: Entity, record_id: int) -> bool:
        def look() -> None:
            if not self._lists(entity).rows([record_id]):
                raise NotFound(self._verbs(entity).words.gone)

        return self._context.do(look)

    def _lists(self, entity: Entity) -> Any:
        return self._office.company_list if entity is Entity.COMPANY else self._office.person_list

    def _verbs(self, entity: Entity) -> Any:
        return self._office.companies if entity is Entity.COMPANY else self._office.people

    def _chosen(self) -> tuple[Entity, Sequence[int]]:
        if self._instead is not None:
            return self._instead
        tab = self.tab
        return (Entity.COMPANY, ()) if tab is None else (tab.entity, tab.record_ids())

    def _verb(self, name: str, about: tuple[Entity, Sequence[int]] | None = None, **fields: Any) -> None:
        """Do something to the chosen records. After a question `about` are those it was asked about."""
        entity, ids = about or self._chosen()
        if not ids:
            return
        verb = getattr(self._verbs(entity), name)
        n = len(ids)
        title = Plural("Changing {n} company", "Changing {n} companies", n=n)
        if entity is Entity.PERSON:
            title = Plural("Changing {n} person", "Changing {n} people", n=n)
        job = Job(title, lambda _progress: verb(ids, **fields), owner=self._window)
        self._context.jobs.write(job, leads=n)

    def _new(self, entity: Entity) -> None:
        from app.ui.record_form.asking import new_record

        record_id = new_record(self._context, entity, self._window)
        if record_id is not None:
            self.open_record(entity, record_id)

    def _open(self) -> None:
        entity, ids = self._chosen()
        for record_id in ids[:1]:
            self.open_window(entity, record_id)

    def _panel(self) -> "CustomerPanel | None":
        """The panel that shows the record a command is meant for: beside the list, or in a window of its own."""
        entity, ids = self._chosen()
        if not ids:
            return None
        if self._instead is None and len(ids) == 1:
            self._show_detail(True)
            panel = None if self.tab is None else self.tab.detail
            if panel is not None and panel.isVisible() and panel.shown_id == ids[0]:
                return panel
        window = self.open_window(entity, ids[0])
        return None if window is None else window.panel

    def _note(self) -> None:
        if (panel := self._panel()) is not None:
            panel.focus_note()

    # What is to be done about companies

    def _companies(self) -> Sequence[int]:
        """The companies a command is meant for; none where one is gone by now, which is said."""
        entity, ids = self._chosen()
        there = entity is Entity.COMPANY and all(self._is_there(entity, id_) for id_ in ids[:_LOOKED_AT])
        return ids if there else ()

    def _next_step(self) -> None:
        from app.ui.steps.dialog import ask_step

        ids = self._companies()
        step = ask_step(self._context, ids, self._window, Entity.COMPANY)
        if step is not None:
            self._context.outgoing.do(next_step("company", ids, step), owner=self._window)

    def _finish_step(self) -> None:
        """What follows is asked for first, so that ticking off and going on are one step to undo."""
        from app.ui.steps.dialog import ask_following

        ids = self._companies()
        if not ids:
            return
        about, records = (Entity.COMPANY, ids), self._office.records
        if any(all(step.lead_id for step in records.company(id_).steps) for id_ in ids[:_LOOKED_AT]):
            self._verb("finish_step", about)  # says which company has none
            return
        following = ask_following(self._context, ids, self._window, Entity.COMPANY)
        if following is not None:
            deed = finished("company", ids, following.step, series=following.series)
            self._context.outgoing.do(deed, owner=self._window)

    def _put_off(self) -> None:
        from app.ui.snoozing import ask_until

        if ids := self._companies():
            ask_until(self._context, ids, self._menu_at(), self._window, Entity.COMPANY)

    def _photo(self) -> None:
        if (panel := self._panel()) is not None and panel.portrait is not None:
            panel.portrait.choose()

    def _add_related(self) -> None:
        if (panel := self._panel()) is not None:
            panel.related.ask()

    def _details(self) -> "RecordDetail | None":
        """What is known of the record a command is meant for."""
        entity, ids = self._chosen()
        if not ids or not self._is_there(entity, ids[0]):
            return None
        return self._office.records.get(entity, ids[0])

    def _new_lead(self) -> None:
        """Of somebody the lead is made with the first company he or she works for."""
        from app.ui.lead_form.start import Start

        detail = self._details()
        if detail is None:
            return
        entity = self._chosen()[0]
        meant = Meant(entity, detail.id, detail.name)
        if entity is Entity.COMPANY:
            self._leads.new(Start(company=meant))
            return
        at = next((Meant(Entity.COMPANY, each.id, each.name) for each in detail.related), None)
        self._leads.new(Start(company=at, person=meant))

    def _reach(self, kind: "PointKind") -> None:
        """Call, or write to, the first number or address that can be."""
        from app.ui.reach import follow, target

        detail = self._details()
        if detail is None:
            return
        points = detail.phones if kind == "phone" else detail.mails
        links = [link for point in points if (link := target(kind, point.value)) is not None]
        if links:
            follow(self._context, links[0])
        elif kind == "phone":
            self._context.notify(Text("Of “{name}” no telephone number is known.", name=detail.name))
        else:
            self._context.notify(Text("Of “{name}” no e-mail address is known.", name=detail.name))

    def _edit(self) -> None:
        """The form of the one that is chosen; single values are edited in their cells, too."""
        from app.ui.record_form.asking import edit_record

        entity, ids = self._chosen()
        for record_id in ids[:1]:
            self._context.do(partial(edit_record, self._context, entity, record_id, self._window))

    def _edit_several(self) -> None:
        from app.ui.bulk.dialog import edit_several

        entity, ids = self._chosen()
        edit_several(self._context, ids, self._window, entity)

    def _merge(self) -> None:
        """Put the chosen ones into one, once it is seen what comes of it."""
        from app.ui.duplicates.merge import MergeDialog

        entity, ids = self._chosen()
        if len(ids) > 1:
            kind: Kind = "company" if entity is Entity.COMPANY else "person"
            self._context.do(lambda: MergeDialog(self._context, kind, ids, self._window).exec())

    def _duplicates(self) -> None:
        """Look for duplicates of what the list in front has, first."""
        from app.ui.duplicates.dialog import DuplicatesDialog

        kind: Kind = "company" if self._chosen()[0] is Entity.COMPANY else "person"
        DuplicatesDialog(self._context, self._window, kind).exec()

    def _export(self) -> None:
        """The list in front, as it is shown."""
        self._write_list(None)

    def _export_chosen(self) -> None:
        ids = self._chosen()[1]
        if ids:
            self._write_list(ids)

    def _write_list(self, ids: Sequence[int] | None) -> None:
        from app.ui.record_table.exporting import export_list

        tab = self.tab
        if tab is not None:
            name = tr("Companies") if tab.entity is Entity.COMPANY else tr("People")
            export_list(self._context, tab.panel, name, ids)

    def _export_cards(self) -> None:
        from app.ui.contact_files.exporting import ContactExportDialog

        chosen = self._chosen()
        if chosen[1]:
            ContactExportDialog(self._context, self._window, chosen).exec()

    def _assign(self) -> None:
        people = [(entry.id, entry.name) for entry in self._office.catalogue.all("member")]
        about = self._chosen()
        menu = QMenu(tr("Responsible"), self._window)
        for user_id, name in (*people, (None, tr("nobody"))):
            act = partial(self._verb, "assign", about, user_id=user_id)
            menu.addAction(name.replace("&", "&&")).triggered.connect(lambda _on=False, act=act: act())
        self._pop_up(menu)

    def _kinds(self) -> None:
        """What the companies are: each word once, all that are ticked hold for all of them."""
        entity, ids = about = self._chosen()
        if entity is not Entity.COMPANY or not ids:
            return
        rows = self._lists(entity).rows(ids[:_LOOKED_AT])
        now = [kind for kind in COMPANY_KIND_LABELS if rows and all(kind in row.kinds for row in rows)]
        menu = QMenu(tr("Kind of company"), self._window)
        for kind, label in COMPANY_KIND_LABELS.items():
            wanted = [each for each in COMPANY_KIND_LABELS if (each in now) != (each is kind)]
            action = menu.addAction(tr(label))
            action.setCheckable(True)
            action.setChecked(kind in now)
            act = partial(self._verb, "edit", about, kinds=wanted)
            action.triggered.connect(lambda _on=False, act=act: act())
        self._pop_up(menu)

    def _tags(self) -> None:
        from app.ui.tagging.dialog import ask_tags

        entity, ids = about = self._chosen()
        if not ids:
            return
        answer = ask_tags(self._context, ids, self._window, entity)
        if answer is not None:
            self._verb("tag", about, add=answer.add, remove=answer.remove)

    def _pop_up(self, menu: QMenu) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._menu_at())

    def _menu_at(self) -> QPoint:
        """Where a menu for the chosen records opens."""
        tab = self.tab
        place: QPoint | None = None if tab is None else tab.menu_place() or tab.front.menu_place()
        return place or self._window.mapToGlobal(self._window.rect().center())
