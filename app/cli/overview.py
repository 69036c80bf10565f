"""What is shown where a window was asked for and there is no display: funnel and forecast as text."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.desk import Desk
from app.cli.numbers import forecast_table, funnel_text
from app.core.i18n import tr

if TYPE_CHECKING:
    from app.core.format import Formats
    from app.models.store import Store


def show_overview(desk: Desk) -> int:
    """Say why there is no window, and show the user's funnel and forecast, or those of demo data if there are none."""
    desk.check_folder()
    print(tr("There is no display for the window, so here are funnel and forecast as text."))
    with desk.reading() as store:
        shown = None if _is_empty(store) else text_overview(store, desk.formats)
    if shown is None:
        print(tr("There are no leads yet: these are demo data, kept nowhere."))
        shown = _of_demo_data(desk)
    print()
    print(shown)
    return 0


def text_overview(store: "Store", formats: "Formats") -> str:
    """Funnel and forecast of a store."""
    from app.services.forecast import Forecast
    from app.services.funnel import Funnel

    funnel = funnel_text(Funnel(store).read(), store.facts.base_currency, formats)
    return f"{funnel}\n\n{forecast_table(Forecast(store).months(), formats)}"


def _is_empty(store: "Store") -> bool:
    from app.services.lead_list import LeadList, ListQuery

    return store.rights.sees_all and LeadList(store).totals(ListQuery()).count == 0


def _of_demo_data(desk: Desk) -> str:
    from app.services.demo import fill

    with tempfile.TemporaryDirectory(prefix="trichter-") as place:
        store = desk.open(Path(place))
        try:
            fill(store)
            return text_overview(store, desk.formats)
        finally:
            store.close()
