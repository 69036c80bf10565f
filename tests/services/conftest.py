"""What tests of the services share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import i18n
from app.core.format import Formats


@pytest.fixture
def spoken() -> Iterator[None]:
    """Words as they are shown: percentages and amounts among them."""
    i18n.use("en", Path("nowhere"), Formats("en", "GB").show)
    yield
    i18n.use("en", Path("nowhere"))
