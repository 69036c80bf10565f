"""How the program looks, as the settings say, and Qt's own words in its language."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator

from app.core.settings import DENSITY, TEXT_SCALE, THEME
from app.ui.theme import Density, Mode, Theme

if TYPE_CHECKING:
    from app.core.settings import Settings


class Dress(QObject):
    """Dresses the program `app` now and whenever a setting of its looks changes."""

    def __init__(self, app: QCoreApplication, theme: Theme, settings: "Settings", parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._settings = settings
        self._words: QTranslator | None = None
        self._wear()
        settings.listen(THEME, lambda _value: self._wear())
        settings.listen(DENSITY, lambda _value: self._wear())
        settings.listen(TEXT_SCALE, lambda _value: self._wear())

    def _wear(self) -> None:
        self._theme.use(
            mode=Mode(self._settings[THEME]),
            density=Density(self._settings[DENSITY]),
            scale=self._settings[TEXT_SCALE],
        )

    def translate(self, language: str) -> None:
        """Qt's own words (context menus of text fields, standard buttons) in the language of the program."""
        if self._words is not None:
            self._app.removeTranslator(self._words)
        locale = QLocale(language)
        QLocale.setDefault(locale)
        self._words = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._words.load(locale, "qtbase", "_", folder):
            self._app.installTranslator(self._words)
