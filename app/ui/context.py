"""What every tab is given: the services of the open store, and the ways to show, ask, and work in the background."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from app.ui.allowed import Allowed, Barred
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.core.format import Formats
    from app.core.i18n import Text
    from app.core.roles import Act
    from app.core.settings import Settings
    from app.services.lead_detail import LeadDetails
    from app.services.office import Office
    from app.ui.bridge import FeedBridge
    from app.ui.dialogs import Dialogs
    from app.ui.jobs import Jobs
    from app.ui.outgoing import Outgoing
    from app.ui.theme import Theme


class Notify(Protocol):
    """Shows a short message at the bottom of the window, with the way back where `undo` says it is of the last step."""

    def __call__(self, message: "Text", *, undo: bool = False) -> None: ...


@dataclass(frozen=True)
class Context:
    """Handed to every tab and dialog by its constructor.

    `do` runs a verb and shows what it raises as one sentence, returning whether it held.
    """

    office: "Office"
    settings: "Settings"
    formats: "Formats"
    theme: "Theme"
    dialogs: "Dialogs"
    jobs: "Jobs"
    bridge: "FeedBridge"
    notify: Notify
    do: Callable[[Callable[[], object]], bool]

    @cached_property
    def allowed(self) -> "Allowed":
        """What the person at work may do, kept right while that changes."""
        return Allowed(self.office, self.bridge)

    @cached_property
    def outgoing(self) -> "Outgoing":
        """What is written down whether the team's server is there or not."""
        from app.ui.outgoing import Outgoing

        return Outgoing(self.office, self.jobs, self.dialogs, self.notify)

    def permits(self, act: "Act") -> bool:
        """Whether it is allowed; the reason is shown if it is not."""
        refusal = self.allowed.refusal(act)

        def refuse() -> None:
            if refusal is not None:
                raise refusal

        return self.do(refuse)

    def deed(self, act: "Act", do: Callable[[], object]) -> Callable[[], object]:
        """What a menu may offer: `do` where it is allowed, else something that stands for it and says why not."""
        why = self.allowed.why_not(act)
        return Barred(why, lambda: self.permits(act)) if why else do

    @cached_property
    def details(self) -> "LeadDetails":
        """What is known of single leads, read once for all panels that show the same one."""
        from app.services.lead_detail import LeadDetails

        return LeadDetails(self.office.store)

    @cached_property
    def wording(self) -> Wording:
        """How facts are worded and coloured, kept right through changes of stages, theme and day."""
        return Wording(self.office, self.formats, self.theme, self.bridge)
