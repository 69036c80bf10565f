"""Names of files that come from outside, made safe for every disk: the one place where that is done."""

import re
import unicodedata

#: Most bytes (UTF-8) of a name on the usual disks.
MOST_BYTES = 255
#: What lies behind the last dot counts as an extension up to this many bytes.
_MOST_EXTENSION = 20
#: Longer names are not looked at as a whole: nothing behind is kept anyway, except for the extension.
_MOST_LOOKED_AT = 4096

_SEPARATORS = re.compile(r"[/\\]+")
#: Begins like a path, not like a name with a stroke in it ("Rechnung 12/2026.pdf").
_PATH = re.compile(r"[/\\~]|[A-Za-z]:[/\\]|\.{1,2}[/\\]|.*[/\\]\.{1,2}(?:[/\\]|$)", re.DOTALL)
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])", re.IGNORECASE)


def safe_name(name: str, fallback: str) -> str:
    """A name that any system takes as a plain file in the folder it is put into, as near to `name` as can be.

    Paths are cut to their last part; control marks, also those that turn the direction of reading, are taken out;
    what Windows forbids is replaced; at most 255 bytes, the extension kept. `fallback` (one of our own names) is
    given back where nothing is left.
    """
    found = _shortened(_trimmed(_last_part(_visible(_looked_at(name))))) or fallback
    return f"_{found}" if _DEVICES.fullmatch(found.partition(".")[0].rstrip()) else found


def _looked_at(name: str) -> str:
    half = _MOST_LOOKED_AT // 2
    return name if len(name) <= _MOST_LOOKED_AT else name[:half] + name[-half:]


def _visible(name: str) -> str:
    """Without signs nobody sees: controls, marks of direction, halves of surrogate pairs; blanks become one space."""
    composed = unicodedata.normalize("NFC", name)
    kept = (" " if c.isspace() else c for c in composed if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    return " ".join("".join(kept).split())


_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def _last_part(name: str) -> str:
    """Of a path the last part that is a name; in a mere name a stroke becomes a hyphen."""
    if not _PATH.match(name):
        return _SEPARATORS.sub("-", name)
    return next((part for part in reversed(_SEPARATORS.split(name)) if part.strip(". ")), "")


def _trimmed(name: str) -> str:
    """Without what Windows forbids or silently drops."""
    return name.translate(_FORBIDDEN).strip(" ").rstrip(". ")


def _shortened(name: str) -> str:
    """At most `MOST_BYTES` long (one less, as a device's name gets a sign put before it), the extension kept."""
    most = MOST_BYTES - 1
    if len(name.encode()) <= most:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > _MOST_EXTENSION:
        stem, dot, extension = name, "", ""
    tail = dot + extension
    return stem.encode()[: most - len(tail.encode())].decode(errors="ignore").rstrip(". ") + tail
