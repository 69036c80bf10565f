"""Which keys a command may have, and what becomes of a text that was kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QKeySequence

from app.core.i18n import N_
from app.ui import key_map
from app.ui.actions import ActionSpec
from app.ui.commands import COMMANDS

SPECS = (
    ActionSpec("new", N_("New"), shortcut="Ctrl+N"),
    ActionSpec("won", N_("Won"), shortcut="Ctrl+W"),
    ActionSpec("redo", N_("Redo"), shortcut="Ctrl+Shift+Z", also="Ctrl+Y"),
    ActionSpec("quiet", N_("Quiet")),
)


@pytest.mark.parametrize(
    "keys",
    ["A", "1", "Shift+A", "Ä", "Space", "Return", "Esc", "Tab", "Shift+Tab", "Ctrl+Tab", "Backspace", "Del", "Left",
     "Home", "Ctrl+Left", "Ctrl+Home", "F2", "F10", "Alt+D", "Ctrl+Alt+Q", "Ctrl+V", "Ctrl+X", "Shift+Ins", "Alt+F4",
     "Alt+Up", "Shift+Return", "Ctrl+K, Ctrl+M", ""],
)  # fmt: skip
def test_keys_no_command_may_have(keys: str) -> None:
    assert key_map.refusal(QKeySequence(keys))


@pytest.mark.parametrize("keys", ["Ctrl+J", "Ctrl+Shift+J", "F3", "Shift+F3", "Ctrl+F5", "Ctrl+Return", "Ctrl+,"])
def test_keys_a_command_may_have(keys: str) -> None:
    assert not key_map.refusal(QKeySequence(keys))


def test_every_command_may_have_its_own_keys() -> None:
    for spec in COMMANDS:
        if spec.shortcut:
            assert not key_map.refusal(QKeySequence(spec.shortcut), spec.shortcut), spec.id


def test_no_two_commands_come_with_the_same_keys() -> None:
    specs = [spec for spec in COMMANDS if spec.id != "-"]
    for spec in specs:
        assert key_map.holder(spec.shortcut, specs, {}, but=spec.id) is None, spec.id
        assert not spec.also or key_map.holder(spec.also, specs, {}) is None, spec.id


def test_what_is_kept_comes_back() -> None:
    chosen = {"new": "Ctrl+J", "won": "", "quiet": "F7"}
    assert key_map.read(key_map.dump(chosen, SPECS), SPECS) == chosen
    assert key_map.dump({"new": "Ctrl+N", "quiet": ""}, SPECS) == ""


@pytest.mark.parametrize(
    ("kept", "chosen"),
    [
        ("", {}), ("{", {}), ("[]", {}), ("null", {}), ("[" * 9999, {}), ('"x"', {}),
        ('{"gone": "Ctrl+J"}', {}), ('{"new": 7, "won": null, "quiet": ["F7"]}', {}),
        ('{"new": "A"}', {}), ('{"new": "Tab"}', {}), ('{"new": "nonsense"}', {}), ('{"new": "Ctrl+K, Ctrl+M"}', {}),
        ('{"new": "ctrl+j"}', {"new": "Ctrl+J"}),
        ('{"new": "Ctrl+W"}', {}),  # Won has them
        ('{"new": "Ctrl+W", "won": ""}', {"new": "Ctrl+W", "won": ""}),
        ('{"new": "Ctrl+W", "won": "Ctrl+N"}', {"new": "Ctrl+W", "won": "Ctrl+N"}),
        ('{"new": "F7", "won": "F7"}', {"new": "F7"}),
        ('{"new": "Ctrl+W", "won": "A"}', {}),
        ('{"quiet": "Ctrl+Y"}', {"quiet": "Ctrl+Y"}),  # redoing can do without
    ],
)  # fmt: skip
def test_of_what_is_kept_only_what_makes_sense_holds(kept: str, chosen: dict[str, str]) -> None:
    assert key_map.read(kept, SPECS) == chosen


@given(st.text() | st.dictionaries(st.sampled_from(["new", "won", "redo", "quiet", "x"]), st.text()).map(json.dumps))
def test_whatever_is_kept_no_keys_mean_two_things(kept: str) -> None:
    chosen = key_map.read(kept, SPECS)
    held = [keys for spec in SPECS if (keys := chosen.get(spec.id, spec.shortcut))]
    assert len(held) == len({QKeySequence(keys).toString() for keys in held})


_KEYS = st.sampled_from(["", "Ctrl+N", "Ctrl+W", "Ctrl+Shift+Z", "Ctrl+Y", "F7", "Ctrl+J"])


@given(st.lists(st.tuples(st.sampled_from(["new", "won", "redo", "quiet"]), _KEYS)))
def test_permuted_keys(pairs: list[tuple[str, str]]) -> None:
    kept = json.dumps(dict(pairs))
    chosen = key_map.read(kept, SPECS)
    assert key_map.read(key_map.dump(chosen, SPECS), SPECS) == chosen
    held = [keys for spec in SPECS if (keys := chosen.get(spec.id, spec.shortcut))]
    assert len(held) == len(set(held))
