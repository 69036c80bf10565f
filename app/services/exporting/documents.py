"""Documents: a template from the resources and data, set as a PDF. Nothing here knows what is in them.

What comes from people is handed over as data, which a template sets as text: nothing of it can become markup.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from app.core.paths import resources_dir

#: A longer word is broken where a line ends, so that it does not leave the page.
_LONG = re.compile(r"\S{49,}")
_STEP = 24
_BREAK = "\u200b"
#: For keeping; of a text with a letter that no font here has, an archive takes no copy, but a reader does.
_STANDARD: Literal["a-2b"] = "a-2b"


def render(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF of `resources/documents/{template}.typ` with `data`, made at that moment.

    `data` is what JSON can hold: the template finds it by `json(bytes(sys.inputs.data))`.
    """
    import typst

    source = resources_dir() / "documents" / f"{template}.typ"
    told = {"data": json.dumps(_clean(data), ensure_ascii=False)}
    root, moment = source.parent, int(at.timestamp())
    try:
        return typst.compile(source, root=root, sys_inputs=told, timestamp=moment, pdf_standards=_STANDARD)
    except typst.TypstError:
        return typst.compile(source, root=root, sys_inputs=told, timestamp=moment)


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF that was made here has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _LONG.sub(_broken, _printable(value))
    if isinstance(value, Mapping):
        return {key: _clean(each) for key, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, (list, tuple)) else value


def _printable(words: str) -> str:
    """Without what is no letter: control characters, halves of letters, and what turns the direction of a line."""
    kept = ("\n" if letter in "\r\u2028\u2029" else letter for letter in words.replace("\r\n", "\n"))
    return "".join(
        letter for letter in kept
        if letter in "\n\t" or (unicodedata.category(letter) not in _NO_LETTERS and letter not in _TURNING)
    )  # fmt: skip


_NO_LETTERS = frozenset({"Cc", "Cs", "Cn", "Co"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def _broken(word: re.Match[str]) -> str:
    found = word[0]
    return _BREAK.join(found[start : start + _STEP] for start in range(0, len(found), _STEP))
