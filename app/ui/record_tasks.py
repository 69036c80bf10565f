"""The commands on the companies or people that are chosen in the tab of customers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from app.core.errors import NotFound
from app.core.i18n import Plural, tr
from app.core.terms import COMPANY_KIND_LABELS, Entity
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.customers.tab import CustomersTab
    from app.ui.main_window import MainWindow

#: Of more records than this nobody looks at what there is of them before a command does.
_LOOKED_AT = 200


class RecordTasks:
    """Carries them out for a window. Every verb is one step to undo, for one record or for many."""

    def __init__(self, window: "MainWindow", context: "Context") -> None:
        self._window = window
        self._context = context
        self._office = context.office

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """What can be asked for anywhere, by id."""
        return {
            "new_company": lambda: self._new(Entity.COMPANY), "new_person": lambda: self._new(Entity.PERSON),
            "archive": lambda: self._verb("archive"), "unarchive": lambda: self._verb("unarchive"),
            "kinds": self._kinds,
        }  # fmt: skip

    def instead(self) -> Mapping[str, Callable[[], object]]:
        """What commands on leads mean while the customers are in front, by id."""
        return {
            "open": self._edit, "edit": self._edit, "assign": self._assign, "tags": self._tags,
            "delete": lambda: self._verb("delete"),
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
            }
        )
        if tab is not None:
            self._window.actions_.enable({"chosen": some})

    def open_record(self, entity: Entity, record_id: int) -> None:
        """Show a company or person in the tab."""

        def look() -> None:
            if not self._lists(entity).rows([record_id]):
                raise NotFound(self._verbs(entity).words.gone)

        if self._context.do(look):
            self._window.go_to("customers").go_to(entity, record_id)

    def _lists(self, entity: Entity) -> Any:
        return self._office.company_list if entity is Entity.COMPANY else self._office.person_list

    def _verbs(self, entity: Entity) -> Any:
        return self._office.companies if entity is Entity.COMPANY else self._office.people

    def _chosen(self) -> tuple[Entity, Sequence[int]]:
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
        from app.ui.customers.new import new_record

        record_id = new_record(self._context, entity, self._window)
        if record_id is not None:
            self.open_record(entity, record_id)

    def _edit(self) -> None:
        """What is known of a record is edited where it is seen: here in its row, from the name on."""
        tab = self.tab
        if tab is not None:
            for record_id in tab.record_ids()[:1]:
                tab.panel.view.setFocus()
                tab.panel.view.go_to_cell(record_id, 0)
                tab.panel.editing.ask()

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
        menu.popup(self._window.current_tab().front.menu_place())
