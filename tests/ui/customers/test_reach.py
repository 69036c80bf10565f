"""What a number, a mail address or a page opens, and that nothing else is ever opened."""

import pytest

from app.services.reach import PointKind
from app.ui.reach import target


@pytest.mark.parametrize(
    ("kind", "value", "link"),
    [
        ("phone", "0221 / 12 34-56", "tel:0221123456"), ("phone", "+49 (0)171 2345678", "tel:+491712345678"),
        ("phone", "0049 221 5", "tel:00492215"), ("phone", " 110 ", "tel:110"),
        ("phone", "0221 123456 Durchwahl 9", "tel:0221123456"), ("phone", "(0221) 99", "tel:022199"),
        ("mail", "a@b.de", "mailto:a@b.de"), ("mail", "anna+x@firma.example", "mailto:anna+x@firma.example"),
        ("web", "firma.de", "https://firma.de"), ("web", "firma.de:8080/x", "https://firma.de:8080/x"),
        ("web", "http://intranet/wiki", "http://intranet/wiki"),
        ("web", "http://firma.de/a?b=c#d", "http://firma.de/a?b=c#d"), ("web", "HTTPS://firma.de", "HTTPS://firma.de"),
    ],
)  # fmt: skip
def test_what_is_known_is_opened_by_the_system(kind: PointKind, value: str, link: str) -> None:
    assert target(kind, value) == link


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", ""), ("phone", "kein Anschluss"), ("phone", "12"), ("phone", "*#06#"), ("phone", "tel:0221"),
        ("mail", ""), ("mail", "nur Worte"), ("mail", "a@b"), ("mail", "a@b.de\nBcc: c@d.de"),
        ("mail", "a@b.de c@d.de"), ("web", ""), ("web", "nur Worte"), ("web", "firma"),
        ("web", "javascript:alert(1.5)"),
        ("web", "file:///etc/a.b"), ("web", "ftp://firma.de"), ("web", "data:text/html,a.b"),
        ("web", "smb://server.de/x"), ("web", "https://"),
        ("web", "javascript:1//.de"), ("web", "vbscript:a.b/c"), ("web", "C:\\Windows\\a.exe"),
        ("web", "//a.de\x00b c"), ("web", "https://a .de"),
    ],
)  # fmt: skip
def test_what_is_none_leads_nowhere(kind: PointKind, value: str) -> None:
    assert target(kind, value) is None


def test_an_address_cannot_add_a_copy_or_a_text() -> None:
    link = target("mail", "a@b.de?subject=x&body=y")
    assert link is not None
    assert "?" not in link


@pytest.mark.parametrize("digits", ["0221*31#123456", "0221,123456", "0221;ext=4"])
def test_only_figures_are_dialled(digits: str) -> None:
    assert target("phone", digits) == "tel:0221"
