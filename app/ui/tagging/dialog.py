"""The question which tags some records get and which they lose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.core.folding import sort_key
from app.core.i18n import ntr, tr
from app.core.terms import Entity
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field
from app.ui.forms.tags import TagsEdit

if TYPE_CHECKING:
    from app.ui.context import Context


@dataclass(frozen=True)
class TagAnswer:
    """Names of tags to add and to take away."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class TagsDialog(Dialog):
    """For one record its tags as they are, to be changed; for several what to add and what to take away."""

    def __init__(
        self, context: "Context", ids: Sequence[int], parent: QWidget | None = None, entity: Entity = Entity.LEAD
    ) -> None:
        super().__init__(context.theme, tr("Tags"), parent)
        self._known = [entry.name for entry in context.office.catalogue.all("tag")]
        self._before: tuple[str, ...] = ()
        self._add = TagsEdit(context.theme, self._find)
        self._remove = TagsEdit(context.theme, self._find)
        self._several = len(ids) > 1
        if self._several:
            self.body.addWidget(Field(_adding(entity, len(ids)), self._add))
            self._remove.edit.setPlaceholderText(tr("A tag to remove"))
            self.body.addWidget(Field(tr("Remove"), self._remove))
        else:
            self._before = next((row.tags for row in _lists(context, entity).rows(ids)), ())  # gone: the verb says so
            self._add.set_names(self._before)
            self._remove.setParent(self)  # so that it goes with the dialog
            self._remove.hide()
            self.body.addWidget(Field(tr("Tags"), self._add))
        self.body.addStretch()
        do = self.add_buttons(tr("Save"))
        assert do is not None
        do.clicked.connect(self.accept)
        self._add.setFocus()
        self.resize(context.theme.px(440), context.theme.px(260))

    def answer(self) -> TagAnswer:
        """What is to be changed."""
        wanted = tuple(self._add.names())
        if self._several:
            return TagAnswer(wanted, tuple(self._remove.names()))
        return TagAnswer(wanted, tuple(name for name in self._before if name not in wanted))

    def _find(self, typed: str) -> list[str]:
        key = sort_key(typed)
        return [name for name in self._known if key in sort_key(name)][:12]


def _lists(context: "Context", entity: Entity) -> Any:
    office = context.office
    if entity is Entity.LEAD:
        return office.lists
    return office.company_list if entity is Entity.COMPANY else office.person_list


def _adding(entity: Entity, n: int) -> str:
    if entity is Entity.LEAD:
        return ntr("Add to {n} lead", "Add to {n} leads", n)
    if entity is Entity.COMPANY:
        return ntr("Add to {n} company", "Add to {n} companies", n)
    return ntr("Add to {n} person", "Add to {n} people", n)


def ask_tags(context: "Context", ids: Sequence[int], parent: QWidget, entity: Entity = Entity.LEAD) -> TagAnswer | None:
    """Ask for the tags of some records; None when the question was closed."""
    if not ids:
        return None
    dialog = TagsDialog(context, ids, parent, entity)
    return dialog.answer() if dialog.exec() else None
