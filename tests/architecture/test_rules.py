"""The rules find what they forbid, and only that."""

import pytest

from tests.architecture import rules
from tests.architecture.sources import Source


@pytest.mark.parametrize(
    "code",
    [
        'QColor("red")',
        "QColor(1, 2, 3)",
        "QtGui.QColor('#fff')",
        "Qt.GlobalColor.red",
        'sheet = "color: #0F6E66;"',
        'sheet = f"border: 1px solid #E4E7EC{x}"',
        'sheet = "background: rgba(0, 0, 0, 40)"',
    ],
)
def test_colours_are_found(code: str) -> None:
    assert set(rules.colours(Source.of(code))) == {"app/sample.py:1"}


@pytest.mark.parametrize(
    "code",
    ['"""Draws in #0F6E66."""', "QColor(theme.accent)", 'tr("Lead #{number}", number=3)', 'tr("See #12")', "QColor()"],
)
def test_what_is_no_colour_is_left_alone(code: str) -> None:
    assert list(rules.colours(Source.of(code))) == []


@pytest.mark.parametrize("caught", ["", " Exception", " BaseException as e", " (OSError, Exception)"])
def test_broad_excepts_are_found(caught: str) -> None:
    code = f"try:\n    pass\nexcept{caught}:\n    pass\n"
    assert list(rules.broad_excepts(Source.of(code))) == ["app/sample.py:3"]


@pytest.mark.parametrize("caught", ["OSError", "(OSError, ValueError)", "errors.TrichterError"])
def test_narrow_excepts_are_left_alone(caught: str) -> None:
    assert list(rules.broad_excepts(Source.of(f"try:\n    pass\nexcept {caught}:\n    pass\n"))) == []


def test_loose_painters_are_found() -> None:
    assert list(rules.loose_painters(Source.of("painter = QPainter(self)\n"))) == ["app/sample.py:1"]
    assert list(rules.loose_painters(Source.of("with QPainter(self) as painter:\n    pass\n"))) == []


@pytest.mark.parametrize("code", ["app.processEvents()", "run = QCoreApplication.processEvents"])
def test_nested_loops_are_found(code: str) -> None:
    assert list(rules.nested_loops(Source.of(code))) == ["app/sample.py:1"]


@pytest.mark.parametrize("code", ['"SELECT 1 LIMIT :most"', 'f"SELECT {a} LIMIT :b"', '"limit ?"', '"LIMIT\\n  :most"'])
def test_limits_that_sqlite_looks_at_are_found(code: str) -> None:
    assert list(rules.limits_looked_at(Source.of(code))) == ["app/sample.py:1"]


@pytest.mark.parametrize("code", ['"SELECT 1 LIMIT +:most"', '"LIMIT 1"', 'f"LIMIT {most}"', '"Limit: 5"'])
def test_limits_that_it_does_not_look_at_are_left_alone(code: str) -> None:
    assert list(rules.limits_looked_at(Source.of(code))) == []


@pytest.mark.parametrize(
    "code",
    [
        'tr(f"{n} leads")',
        'Text("Lead " + title)',
        'i18n.Text(f"Lead {title}")',
        'ntr("one", f"{n} leads", n)',
        'Plural("one %s" % a, "many", n=2)',
        'N_("{} leads".format(3))',
        "show(f\"{name}: {tr('no keys')}\")",
    ],
)
def test_texts_no_catalogue_can_hold_are_found(code: str) -> None:
    assert list(rules.unextractable_texts(Source.of(code))) == ["app/sample.py:1"]


@pytest.mark.parametrize(
    "code",
    ['tr("Lead {title}", title=f"{a}")', 'ntr("one", "many", len(f"{a}"))', "Text(message, n=a + b)", 'f"{tr(label)}"'],
)
def test_plain_texts_are_left_alone(code: str) -> None:
    assert list(rules.unextractable_texts(Source.of(code))) == []


def test_length_counts_every_line_of_a_function() -> None:
    source = Source.of("def long():\n" + "    pass\n" * 60)
    assert list(rules.long_functions(source, 60)) == ["app/sample.py:1 long: 61 lines"]
    assert list(rules.long_functions(source, 61)) == []
    assert list(rules.long_file(source, 60)) == ["app/sample.py: 61 lines"]
    assert list(rules.long_file(source, 61)) == []
