"""The dialogs of saved views: the question for a name, and the list of all of them."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.core.i18n import Text, tr
from app.core.roles import Act
from app.services.saved_views import LONGEST, ViewInfo
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.forms.rows import RowColumn
from app.ui.jobs import Job
from app.ui.list_page import ListPage, ListSpec
from app.ui.widgets.button import Button
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.ui.context import Context


class ViewDialog(Dialog):
    """Asks for the name of a new view and whom it is for; `view_id` once it was made."""

    def __init__(self, context: "Context", list_: str, state: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Save view"), parent)
        self._context = context
        self._list = list_
        self._state = state
        self.view_id: int | None = None
        self._form = Form()
        self._name = QLineEdit()
        self._name.setMaxLength(LONGEST)
        share_undo(self._name)
        tip = tr("Columns and their widths, order, filter, text and grouping are kept.")
        self.body.addWidget(self._form.add("name", Field(tr("Name"), self._name, tip=tip)))
        self._shared = QCheckBox(tr("For all"))
        alone = context.office.store.actor_id is None
        self._shared.setChecked(alone)
        self._shared.setEnabled(not alone)
        context.allowed.keep(Act.LISTS, self._shared)
        self.body.addWidget(self._shared)
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        self.add_buttons(tr("Save")).clicked.connect(self._done)
        self._name.setFocus()
        self.resize(context.theme.px(440), context.theme.px(240))

    def _done(self) -> None:
        self._form.settle()
        views, name, shared = self._context.office.views, self._name.text(), self._shared.isChecked()
        verb = partial(views.create, self._list, name, self._state, shared=shared)
        self.carry_out(
            self._context.jobs, Job(Text("Saving"), lambda _progress: verb(), self._made, self._form.take, owner=self)
        )

    def _made(self, view_id: int) -> None:
        self.view_id = view_id
        self.accept()


def ask_view(context: "Context", list_: str, state: Mapping[str, Any], parent: QWidget) -> int | None:
    """Keep how a list is looked at under a name; the id of the view, None when the question was closed."""
    dialog = ViewDialog(context, list_, state, parent)
    return dialog.view_id if dialog.exec() else None


class ViewsDialog(Dialog):
    """The views of a list: renamed in place, moved by drag or Alt and the arrow keys, shared, deleted."""

    def __init__(self, context: "Context", list_: str, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Manage views"), parent)
        self._context, self._views = context, context.office.views
        self._page = ListPage(context, self._spec(list_))
        self._share = Button(context.theme, tr("For all or only for me"), icon="users")
        self._share.setAutoDefault(False)
        self._share.setEnabled(context.office.store.actor_id is not None)
        self._share.clicked.connect(self._on_share)
        context.allowed.keep(Act.LISTS, self._share)
        self._page.buttons.addWidget(self._share)
        self.body.addWidget(self._page, 1)
        self.add_close(self.add_bar(), default=False)
        self.remember_size(context.settings, "views", 560, 460)
        self._page.view.chosen.connect(self._mark)
        self._mark()
        self._page.view.setFocus()

    def _mark(self) -> None:
        """A view for all is deleted by those who may change what all work with."""
        view = self._page.view.current()
        why = "" if view is None else self._locked(view)
        self._page.remove.setEnabled(not why)
        self._page.remove.setToolTip(why)
        self._page.remove.setAccessibleDescription(why)

    def _locked(self, view: ViewInfo) -> str:
        return self._context.allowed.why_not(Act.LISTS) if view.shared else ""

    def _delete(self, view: ViewInfo) -> None:
        if view.shared:
            self._context.allowed.rights.demand(Act.LISTS)
        self._views.delete(view.id)

    def _spec(self, list_: str) -> ListSpec[ViewInfo]:
        views = self._views
        explanation = tr(
            "Double click or F2 renames a view. Drag the rows, or press Alt with the arrow keys, to order them."
        )
        if not views.all(list_):
            explanation = tr("No views yet. “Save view as …” keeps how the list is looked at now.")
        return ListSpec(
            tr("Views"),
            explanation,
            (
                RowColumn(tr("Name"), lambda view: view.name, lambda view, typed: views.rename(view.id, typed),
                          stretch=True, locked=self._locked),
                RowColumn(tr("For"), lambda view: tr("all") if view.shared else tr("me")),
            ),
            lambda: views.all(list_),
            ("saved_view",),
            delete=self._delete,
            reorder=None if any(map(self._locked, views.all(list_))) else lambda ids: views.reorder(list_, ids),
        )  # fmt: skip

    def _on_share(self) -> None:
        view = self._page.view.current()
        if view is not None:
            self._page.attempt(lambda: self._views.share(view.id, shared=not view.shared))
