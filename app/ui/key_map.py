"""The keys of commands as the user wants them: what is kept of them, and which keys no command may have."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from app.core.i18n import N_, tr

if TYPE_CHECKING:
    from app.ui.actions import ActionSpec

_Key, _Mod = Qt.Key, Qt.KeyboardModifier
_MOVING = frozenset({
    _Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down, _Key.Key_Home, _Key.Key_End, _Key.Key_PageUp,
    _Key.Key_PageDown, _Key.Key_Backspace,
})  # fmt: skip
_ENDING = frozenset({_Key.Key_Return, _Key.Key_Enter, _Key.Key_Escape, _Key.Key_Space, _Key.Key_Menu})
_TABS = frozenset({_Key.Key_Tab, _Key.Key_Backtab})
#: Keys of a place rather than of a command, as the page of shortcuts lists them.
_OF_PLACES = ("F2", "F10", "Shift+F10", "Alt+F4", "Alt+Up", "Alt+Down")
#: What a field one types into does with them everywhere.
_OF_TEXT = ("Ctrl+X", "Ctrl+V", "Ctrl+Ins", "Shift+Ins", "Shift+Del", "Ctrl+Del")
_LONGEST = 40


def read(kept: str, specs: Sequence["ActionSpec"]) -> dict[str, str]:
    """What was kept, as far as it makes sense: portable keys by command, empty for none.

    Unknown commands, keys that no command may have, and keys that another command has already are left out.
    """
    try:
        values = json.loads(kept) if kept else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    own = {spec.id: spec.shortcut for spec in specs}
    chosen: dict[str, str] = {}
    for id_, keys in values.items():
        if id_ in own and isinstance(keys, str) and (not keys or _portable(keys, own[id_])):
            chosen[id_] = portable(QKeySequence(keys)) if keys else ""
    return _without_doubles(chosen, specs)


def _portable(keys: str, own: str) -> bool:
    sequence = QKeySequence(keys)
    return len(keys) <= _LONGEST and sequence.count() == 1 and not refusal(sequence, own)


def _without_doubles(chosen: Mapping[str, str], specs: Sequence["ActionSpec"]) -> dict[str, str]:
    """What was chosen wins over the table; of two that were chosen the first of the table does."""
    kept: dict[str, str] = {}
    for spec in specs:
        keys = chosen.get(spec.id)
        if keys is not None and (not keys or keys not in kept.values()) and keys != spec.shortcut:
            kept[spec.id] = keys
    while True:  # one that is left out has the keys of the table again, which another may have been given
        doubled = next((s for s in specs if s.id in kept and holder(kept[s.id], specs, kept, but=s.id)), None)
        if doubled is None:
            return kept
        del kept[doubled.id]


def dump(chosen: Mapping[str, str], specs: Iterable["ActionSpec"]) -> str:
    """The text to keep; what is as in the table is left out."""
    own = {spec.id: spec.shortcut for spec in specs}
    changed = {id_: keys for id_, keys in chosen.items() if keys != own.get(id_)}
    return json.dumps(changed, sort_keys=True) if changed else ""


def portable(keys: QKeySequence) -> str:
    """Keys as they are kept, the same on every platform and in every language."""
    return keys.toString(QKeySequence.SequenceFormat.PortableText)


def holder(
    keys: str, specs: Iterable["ActionSpec"], chosen: Mapping[str, str], *, but: str = ""
) -> "ActionSpec | None":
    """The command that has these keys already, `but` this one."""
    others = [spec for spec in specs if spec.id != but]
    return next((spec for spec in others if keys and _same(chosen.get(spec.id, spec.shortcut), keys)), None)


def second_holder(keys: str, specs: Iterable["ActionSpec"], chosen: Mapping[str, str]) -> "ActionSpec | None":
    """The command that these do, too, without being shown; it can do without them."""
    return next((spec for spec in specs if spec.id not in chosen and _same(spec.also, keys)), None)


def _same(one: str, other: str) -> bool:
    return bool(one) and QKeySequence(one) == QKeySequence(other)


def refusal(keys: QKeySequence, own: str = "") -> str:
    """Why no command may have these keys, in words; empty where one may. `own` are those the table gives it."""
    if own and keys == QKeySequence(own):
        return ""
    pressed = _pressed(keys)
    if pressed is None:
        return tr("These keys are not possible.")
    return next((tr(why) for why, holds in _REASONS if holds(keys, *pressed)), "")


def _pressed(keys: QKeySequence) -> tuple[Qt.Key, Qt.KeyboardModifier] | None:
    """The one key and what is held with it; None for several one after the other, or for none."""
    if keys.count() != 1:
        return None
    combination: QKeyCombination = keys[0]  # type: ignore[index]  # the stubs do not know it
    return combination.key(), combination.keyboardModifiers()


def _moves(_keys: QKeySequence, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    with_ctrl = key in (_Key.Key_Return, _Key.Key_Enter) and bool(modifiers & _Mod.ControlModifier)
    return key in _MOVING or (key in _ENDING and not with_ctrl)


def _is_typed(_keys: QKeySequence, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    bare = not modifiers & (_Mod.ControlModifier | _Mod.AltModifier | _Mod.MetaModifier)
    return bare and not _Key.Key_F1 <= key <= _Key.Key_F35


def _opens_menu(_keys: QKeySequence, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    return bool(modifiers & _Mod.AltModifier) and _Key.Key_Space <= key < _Key.Key_Escape


def _is_of_place(keys: QKeySequence, *_: object) -> bool:
    return any(keys == QKeySequence(each) for each in _OF_PLACES)


def _is_of_text(keys: QKeySequence, *_: object) -> bool:
    return any(keys == QKeySequence(each) for each in _OF_TEXT)


_Rule = Callable[[QKeySequence, Qt.Key, Qt.KeyboardModifier], bool]
#: What is said of keys, and of which.
_REASONS: tuple[tuple[str, _Rule], ...] = (
    (N_("Tab goes from one control to the next."), lambda _keys, key, _modifiers: key in _TABS),
    (N_("These keys are needed in lists, forms or menus."), _is_of_place),
    (N_("These keys are needed where one types."), _is_of_text),
    (N_("These keys move about or end what one does."), _moves),
    (N_("Without Ctrl or Alt these keys could not be typed any more."), _is_typed),
    (N_("Alt with a letter opens a menu or types a sign."), _opens_menu),
)
