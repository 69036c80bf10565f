"""The welcome of the first start: language and country, a name, and what to begin with. There is no store yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core import i18n
from app.core.calendar import month_number
from app.core.errors import InvalidInput
from app.core.format import NBSP
from app.core.i18n import N_, Text, tr
from app.core.initials import initials
from app.core.money import Money
from app.core.settings import COUNTRY, LANGUAGE
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.forms.field import Field, Form
from app.ui.theme import Theme
from app.ui.welcome.choice import ChoiceCard
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.core.format import Formats
    from app.core.settings import Settings

Start = Literal["empty", "demo", "import"]
Speak = Callable[[str, str], "Formats"]

_STARTS: tuple[tuple[Start, str, str, str], ...] = (
    ("empty", "plus", N_("Start empty"), N_("With the usual stages, and nothing in them yet.")),
    ("demo", "play", N_("Look around with demo data"),
     N_("An invented agency with two years of leads, for trying everything out.")),
    ("import", "download", N_("Import a list"), N_("From a spreadsheet or another program, as CSV or XLSX.")),
)  # fmt: skip
_CURRENCIES = {"CH": "CHF", "GB": "GBP", "US": "USD"}
_GERMAN = ("DE", "AT", "CH")
_SAMPLE_DAY = date(2026, 12, 31)
_LONGEST_NAME, _LONGEST_INITIALS = 200, 4
#: On a narrower screen (before scaling) the cards stand below each other.
_NARROW = 660


@dataclass(frozen=True)
class Welcome:
    """What was answered."""

    language: str
    country: str
    name: str
    initials: str
    start: Start


class WelcomeDialog(Dialog):
    """Accepted with an `answer`. Another language or country holds at once, for this page too."""

    def __init__(self, theme: Theme, settings: "Settings", speak: Speak, parent: QWidget | None = None) -> None:
        """`speak(language, country)` words everything anew and returns the formats."""
        super().__init__(theme, "Trichter", parent, heading=False)
        self.answer: Welcome | None = None
        self._speak = speak
        spoken = i18n.language()  # what the command line asked for goes before what the system is set to
        self._language: str = spoken if LANGUAGE.accepts(spoken) else settings[LANGUAGE]
        self._of_system = settings.default(COUNTRY)
        self._decided = settings.chosen(COUNTRY)
        self._country: str = settings[COUNTRY] if self._decided else self._proposed(self._language)
        self._formats = speak(self._language, self._country)
        self._area: QScrollArea | None = None
        self.setWindowIcon(theme.app_icon())
        self.body.setContentsMargins(0, 0, 0, 0)
        self._make_controls()
        self._bar = self.add_bar()
        self._fill()
        room = self.screen().availableSize()
        self.resize(QSize(theme.px(760), theme.px(640)).boundedTo(room))
        self.name.setFocus()

    def _make_controls(self) -> None:
        self.language = QComboBox()
        for value, label in LANGUAGE.choices:
            self.language.addItem(label, value)
        self.language.setCurrentIndex(self.language.findData(self._language))
        self.country = QComboBox()
        for value, label in COUNTRY.choices:
            self.country.addItem(tr(label), value)
        self.country.setCurrentIndex(self.country.findData(self._country))
        self.name, self.initials = QLineEdit(), QLineEdit()
        self.name.setMaxLength(_LONGEST_NAME)
        self.initials.setMaxLength(_LONGEST_INITIALS)
        self.cards: dict[Start, ChoiceCard] = {}
        self._derived = ""
        self.language.currentIndexChanged.connect(lambda _row: self._change_words())
        self.country.currentIndexChanged.connect(lambda _row: self._change_words())
        self.country.activated.connect(self._decide)
        self.name.textChanged.connect(self._derive)

    # Building, and building again in another language

    def _fill(self) -> None:
        """Word everything in the language in use. The fields move to the new page with what was typed."""
        start = self.start
        self._form, self._contents = Form(), QWidget()
        px = self.theme.px
        page = QVBoxLayout(self._contents)
        page.setContentsMargins(px(40), px(30), px(40), px(20))
        page.setSpacing(px(18))
        page.addLayout(self._greeting())
        page.addWidget(self._person())
        question = QLabel(tr("How would you like to begin?"))
        question.setProperty("kind", "heading")
        page.addWidget(question)
        page.addLayout(self._choices(start))
        page.addStretch()
        if self._area is not None:
            self.body.removeWidget(self._area)
            self._area.hide()
            self._area.deleteLater()
        self._area = scrolled(self._contents)
        self.body.addWidget(self._area, 1)
        self._fill_bar()
        self._show_sample()

    def _greeting(self) -> QHBoxLayout:
        px = self.theme.px
        row, words = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(px(18))
        sign = QLabel()
        sign.setPixmap(self.theme.app_icon().pixmap(QSize(px(60), px(60)), self.devicePixelRatioF()))
        title = QLabel(tr("Welcome to Trichter"))
        title.setProperty("kind", "hero")
        title.setWordWrap(True)
        about = QLabel(
            tr("Your sales funnel on your own desk: ideas, leads and what they will bring, month by month."
               " Everything stays on this computer.")
        )  # fmt: skip
        about.setProperty("kind", "muted")
        about.setWordWrap(True)
        words.setSpacing(px(4))
        words.addWidget(title)
        words.addWidget(about)
        words.addStretch()
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _person(self) -> QWidget:
        px = self.theme.px
        card = Card(self.theme)
        grid = QGridLayout()
        grid.setContentsMargins(px(18), px(15), px(18), px(16))
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(12))
        top = Qt.AlignmentFlag.AlignTop
        fields = (
            ("name", tr("Your name"), self.name, tr("Your leads and what you do will carry it.")),
            ("initials", tr("Initials"), self.initials, tr("Where room is short.")),
            ("language", tr("Language"), self.language, ""),
            ("country", tr("Country"), self.country, ""),
        )
        for place, (key, label, control, tip) in enumerate(fields):
            grid.addWidget(self._form.add(key, Field(label, control, tip=tip)), place // 2, place % 2, top)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        card.body.addLayout(grid)
        return card

    def _choices(self, start: Start) -> QBoxLayout:
        narrow = self.screen().availableSize().width() < self.theme.px(_NARROW)
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        row.setSpacing(self.theme.px(12))
        self.cards = {}
        for key, icon, title, words in _STARTS:
            card = ChoiceCard(self.theme, icon, tr(title), tr(words), self._contents)
            card.setChecked(key == start)
            self.cards[key] = card
            row.addWidget(card, 1)
        return row

    def _fill_bar(self) -> None:
        while (item := self._bar.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        go = Button(self.theme, tr("Let’s go"), ButtonKind.PRIMARY)
        go.setDefault(True)
        go.clicked.connect(self._go)
        self.do_by_key(go)
        self._bar.addWidget(self._form.general, 1)
        self._bar.addStretch()
        self._bar.addWidget(go)

    # What the user does

    @property
    def start(self) -> Start:
        """Which card is chosen."""
        return next((key for key, card in self.cards.items() if card.isChecked()), "empty")

    def _decide(self) -> None:
        """Whoever has chosen a country keeps it in another language too."""
        self._decided = True

    def _proposed(self, language: str) -> str:
        """The country of the system; with German one in which it is spoken."""
        fitting = language != "de" or self._of_system in _GERMAN
        return self._of_system if fitting else _GERMAN[0]

    def _propose(self, language: str) -> None:
        self.country.blockSignals(True)
        self.country.setCurrentIndex(self.country.findData(self._proposed(language)))
        self.country.blockSignals(False)

    def _change_words(self) -> None:
        language = self.language.currentData()
        if language != self._language and not self._decided:
            self._propose(language)
        self._country = self.country.currentData()
        self._formats = self._speak(language, self._country)
        if language != self._language:
            self._language = language
            focused = self.focusWidget()
            for place, (_value, label) in enumerate(COUNTRY.choices):
                self.country.setItemText(place, tr(label))
            self._fill()
            if focused is not None:
                focused.setFocus()
        self._show_sample()

    def _show_sample(self) -> None:
        amount = Money(123450, _CURRENCIES.get(self._country, "EUR"))
        month = month_number(_SAMPLE_DAY)
        parts = (self._formats.money(amount), self._formats.day(_SAMPLE_DAY), self._formats.period(month, month + 3))
        self._form["country"].hint(" · ".join(part.replace(" ", NBSP) for part in parts))

    def _derive(self, name: str) -> None:
        """Initials follow the name until they are changed by hand."""
        if self.initials.text() == self._derived:
            self._derived = initials(name) if name.strip() else ""
            self.initials.setText(self._derived)

    def _go(self) -> None:
        read = self._form.read({"name": self._read_name, "initials": self._read_initials})
        if read is not None:
            self.answer = Welcome(self._language, self._country, read["name"], read["initials"], self.start)
            self.accept()

    def _read_name(self) -> str:
        name = " ".join(self.name.text().split())
        if not name:
            raise InvalidInput(Text("Please enter a name."), field="name")
        return name

    def _read_initials(self) -> str:
        letters = self.initials.text().strip()
        if not letters:
            raise InvalidInput(Text("Initials have one to four characters."), field="initials")
        return letters


def ask_welcome(theme: Theme, settings: "Settings", speak: Speak) -> Welcome | None:
    """Show the welcome; None when it was closed."""
    dialog = WelcomeDialog(theme, settings, speak)
    dialog.exec()
    return dialog.answer
