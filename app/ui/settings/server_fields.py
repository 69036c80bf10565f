"""The fields that say which server a team has, and who signs in there."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from app.core.i18n import Text, tr
from app.core.settings import (
    TEAM_AUTHORITY,
    TEAM_DATABASE,
    TEAM_HOST,
    TEAM_PORT,
    TEAM_TLS,
    TEAM_USER,
    Setting,
)
from app.services.team_home import Address, checked
from app.ui.arrival.sign_in import KeepBox
from app.ui.forms.field import Field, Form
from app.ui.widgets.button import Button
from app.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from app.ui.context import Context

_LONGEST = 1000
#: How errors call the fields, by the setting that is read in them.
_NAMES = {
    TEAM_HOST: "host", TEAM_PORT: "port", TEAM_DATABASE: "database", TEAM_USER: "user", TEAM_TLS: "tls",
    TEAM_AUTHORITY: "authority",
}  # fmt: skip


class ServerFields(QWidget):
    """Filled from the settings; `address` reads what stands there by now. Errors find their place in the form."""

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        settings = context.settings
        self.form = Form()
        self.host, self.database, self.user, self.password, self.authority = (QLineEdit() for _ in range(5))
        self.port, self.tls = QSpinBox(), ChoiceBox()
        for setting, line in ((TEAM_HOST, self.host), (TEAM_DATABASE, self.database), (TEAM_USER, self.user),
                              (TEAM_AUTHORITY, self.authority)):  # fmt: skip
            line.setText(settings[setting])
        self.port.setRange(TEAM_PORT.minimum or 1, TEAM_PORT.maximum or 1)
        self.port.setValue(settings[TEAM_PORT])
        self.port.setGroupSeparatorShown(False)
        self.port.lineEdit().setTextMargins(context.theme.px(8), 0, 0, 0)  # a style sheet does not reach it
        for value, label in TEAM_TLS.choices:
            self.tls.addItem(tr(label), value)
        self.tls.setCurrentIndex(self.tls.findData(settings[TEAM_TLS]))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(_LONGEST)
        self.keep = KeepBox(context.jobs)
        self._certificate = self._with_button()
        self._lay_out()
        self.tls.currentIndexChanged.connect(lambda _row: self._show_certificate())
        self._show_certificate()

    def address(self) -> Address:
        """What stands there. Raises InvalidInput."""
        authority, tls = self.authority.text().strip(), self.tls.currentData()
        return checked(
            Address(
                self.host.text().strip(), self.database.text().strip(), self.user.text().strip(), self.password.text(),
                self.port.value(), tls, Path(authority) if authority and tls == "verify-full" else None,
            )
        )  # fmt: skip

    def _lay_out(self) -> None:
        px, box = self._context.theme.px, QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(12))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(14))
        grid.setVerticalSpacing(px(12))
        grid.addWidget(self._field(TEAM_HOST, self.host), 0, 0)
        grid.addWidget(self._field(TEAM_PORT, self.port), 0, 1)
        grid.addWidget(self._field(TEAM_DATABASE, self.database), 1, 0, 1, 2)
        grid.addWidget(self._field(TEAM_USER, self.user), 2, 0, 1, 2)
        grid.addWidget(self.form.add("password", Field(tr("Password"), self.password)), 3, 0, 1, 2)
        grid.addWidget(self.keep, 4, 0, 1, 2)
        grid.addWidget(self._field(TEAM_TLS, self.tls), 5, 0, 1, 2)
        grid.addWidget(self._field(TEAM_AUTHORITY, self._certificate, tip=True), 6, 0, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 1)
        box.addLayout(grid)

    def _field(self, setting: Setting[Any], control: QWidget, *, tip: bool = False) -> Field:
        name = _NAMES[setting]
        return self.form.add(name, Field(tr(setting.label), control, tip=tr(setting.help) if tip else ""))

    def _with_button(self) -> QWidget:
        frame, choose = QWidget(), Button(self._context.theme, tr("Choose …"))
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        row.addWidget(self.authority, 1)
        row.addWidget(choose)
        frame.setFocusProxy(self.authority)
        self.authority.setAccessibleName(tr(TEAM_AUTHORITY.label))
        return frame

    def _choose(self) -> None:
        kinds = [(Text("Certificates"), "*.pem *.crt *.cer"), (Text("All files"), "*")]
        file = self._context.dialogs.open_file(Text("Certificate of the authority"), kinds)
        if file is not None:
            self.authority.setText(str(file))

    def _show_certificate(self) -> None:
        """Only whoever looks at the server's certificate needs to know who signed it."""
        self.form["authority"].setVisible(self.tls.currentData() == "verify-full")
