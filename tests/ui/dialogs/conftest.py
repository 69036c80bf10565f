"""What a dialog is made with: a real store behind it, words in a chosen language, answers written down beforehand."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core import i18n
from app.core.format import Formats
from app.core.i18n import Text
from app.core.settings import COUNTRY, LANGUAGE, Settings
from app.models.store import Store
from app.services.office import Office
from app.ui.bridge import FeedBridge
from app.ui.context import Context
from app.ui.guard import Guard
from app.ui.theme import Theme
from tests.ui.scripted import PromptJobs, ScriptedDialogs

I18N = Path(__file__).parents[3] / "resources" / "i18n"

Speak = Callable[[str, str], Formats]


@pytest.fixture
def speak() -> Speak:
    """Words everything in a language and the manner of a country."""

    def use(language: str, country: str) -> Formats:
        formats = Formats(language, country)
        i18n.use(language, I18N, formats.show, swiss=country == "CH")
        return formats

    return use


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a user who reads English and writes as in Germany."""
    kept = Settings(tmp_path / "config" / "settings.json", {})
    kept.change({LANGUAGE: "en", COUNTRY: "DE"})
    return kept


class Desk:
    """A context, and what was said through it."""

    def __init__(self, store: Store, settings: Settings, theme: Theme, formats: Formats) -> None:
        self.dialogs = ScriptedDialogs()
        self.said: list[str] = []
        self.bridge = FeedBridge(store.feed)
        guard = Guard(lambda error: self.said.append(str(error)), self.said.append)
        self.context = Context(
            Office.of(store, store.path.parent / "backups"), settings, formats, theme, self.dialogs,
            PromptJobs(self.bridge, guard.handle), self.bridge, self.notify, guard.do,
        )  # fmt: skip

    def notify(self, message: Text, *, undo: bool = False) -> None:
        """Remember a message."""
        self.said.append(str(message))


@pytest.fixture
def desk(store: Store, settings: Settings, theme: Theme, speak: Speak, qtbot: QtBot) -> Iterator[Desk]:
    """A context over the store; every question that was expected has to be asked."""
    store.actor_id = 1
    made = Desk(store, settings, theme, speak("en", "DE"))
    yield made
    made.dialogs.finish()
    made.bridge.close()


@pytest.fixture
def context(desk: Desk) -> Context:
    """The context of the desk."""
    return desk.context
