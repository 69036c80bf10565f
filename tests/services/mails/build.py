"""Mails of every kind, built byte by byte; what other programs write is in the tests with real data."""

import io
from collections.abc import Mapping
from typing import TypeAlias

from app.core.attempt import Failure, attempt
from app.services.mails.parse import parse
from app.services.mails.terms import Mail

Tree: TypeAlias = Mapping[str, "bytes | Tree"]

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096


def read(data: bytes) -> Mail:
    """The mail, read in this process, which is quicker. What its reader raises fails the test."""
    return parse(io.BytesIO(data))


def tried(data: bytes) -> Mail | Failure:
    """The mail, or what its reader raised, as in the child."""
    return attempt(lambda: read(data))


def eml(*lines: str | bytes, head: str = "From: a@b.example\nSubject: Betreff") -> bytes:
    """A mail: its usual headers, and `lines` of further headers, an empty one, and the text."""
    octets = [line.encode() if isinstance(line, str) else line for line in (*head.splitlines(), *lines)]
    return b"\r\n".join(octets) + b"\r\n"


def multipart(kind: str, *parts: bytes, boundary: str = "B") -> bytes:
    """Headers and parts of a multipart; each part with headers of its own."""
    inside = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + inside + f"--{boundary}--\r\n".encode()


def part(head: str, content: str | bytes = "") -> bytes:
    """One part of a multipart."""
    return (
        head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + (content.encode() if isinstance(content, str) else content)
    )


# --- winmail.dat ---------------------------------------------------------------------------------------------------


def tnef(*attributes: bytes) -> bytes:
    """A winmail.dat of these attributes, in a code page of the west."""
    version = attribute(1, 0x9006, 8, (0x10000).to_bytes(4, "little"))
    page = attribute(1, 0x9007, 6, (1252).to_bytes(8, "little"))
    return b"\x78\x9f\x3e\x22\x01\x00" + version + page + b"".join(attributes) + b"\0\0"


def attribute(level: int, name: int, kind: int, data: bytes) -> bytes:
    """One attribute with its check sum."""
    head = bytes([level]) + name.to_bytes(2, "little") + kind.to_bytes(2, "little") + len(data).to_bytes(4, "little")
    return head + data + (sum(data) & 0xFFFF).to_bytes(2, "little")


def tnef_file(title: str, data: bytes) -> bytes:
    """The attributes of an attached file."""
    return (
        attribute(2, 0x9002, 6, bytes(14))
        + attribute(2, 0x8010, 1, title.encode("cp1252") + b"\0")
        + attribute(2, 0x800F, 6, data)
    )


def mapi(*properties: tuple[int, int, bytes]) -> bytes:
    """Properties (number, type, value) as they lie in an attribute."""
    rows = [len(properties).to_bytes(4, "little")]
    for number, kind, value in properties:
        rows.append(kind.to_bytes(2, "little") + number.to_bytes(2, "little"))
        if kind in (0x1E, 0x1F, 0x102, 0x0D):
            rows.append((1).to_bytes(4, "little") + len(value).to_bytes(4, "little") + value + bytes(-len(value) % 4))
        else:
            rows.append(value)
    return b"".join(rows)


def packed_rtf(text: bytes) -> bytes:
    """RTF packed as Outlook does it, every sign by itself but for one reference to what was before."""
    # "{\rtf1" stands at the beginning of the window; 16 signs a group of 8 bits each
    body = bytes([0b1]) + ((0 << 4) | (6 - 2)).to_bytes(2, "big")
    rest = text.removeprefix(b"{\\rtf1")
    body += rest[:7]
    for start in range(7, len(rest), 8):
        body += b"\0" + rest[start : start + 8]
    sizes = (len(body) + 12).to_bytes(4, "little") + len(text).to_bytes(4, "little")
    return sizes + b"LZFu" + bytes(4) + body


# --- .msg ----------------------------------------------------------------------------------------------------------


def storage(
    texts: Mapping[int, str],
    numbers: Mapping[int, int] | None = None,
    octets: Mapping[int, bytes] | None = None,
    header: int = 32,
    more: Tree | None = None,
    page: str | None = None,
) -> Tree:
    """A storage of Outlook's: texts (in Unicode, or in `page`), numbers of 8 bytes, bytes, and what lies within."""
    rows = bytes(header)
    for number, value in (numbers or {}).items():
        rows += (3).to_bytes(2, "little") + number.to_bytes(2, "little") + bytes(4) + value.to_bytes(8, "little")
    found: dict[str, bytes | Tree] = {"__properties_version1.0": rows}
    for number, text in texts.items():
        name = f"__substg1.0_{number:04X}{'001F' if page is None else '001E'}"
        found[name] = text.encode("utf-16-le" if page is None else page)
    for number, data in (octets or {}).items():
        found[f"__substg1.0_{number:04X}0102"] = data
    return found | dict(more or {})


def msg(tree: Tree) -> bytes:
    """A compound file: the smallest that holds these streams (bytes) and storages."""
    entries: list[tuple[str, int, bytes, list[int]]] = []
    _collect("Root Entry", tree, entries)
    small = [index for index, (_, kind, data, _) in enumerate(entries) if kind == 2 and len(data) < _CUTOFF]
    large = [index for index, (_, kind, data, _) in enumerate(entries) if kind == 2 and len(data) >= _CUTOFF]
    mini, mini_fat, starts = b"", list[int](), dict[int, int]()
    for index in small:
        data = entries[index][2]
        starts[index] = _chain(mini_fat, len(data), _MINI)
        mini += data + bytes(-len(data) % _MINI)
    fat, sectors = list[int](), b""
    for index, data in [(0, mini), *((index, entries[index][2]) for index in large)]:
        starts[index] = _chain(fat, len(data), _SECTOR)
        sectors += data + bytes(-len(data) % _SECTOR)
    mini_table = b"".join(number.to_bytes(4, "little") for number in mini_fat)
    mini_start = _chain(fat, len(mini_table), _SECTOR)
    sectors += mini_table + b"\xff" * (-len(mini_table) % _SECTOR)
    directory = b"".join(_entry(index, entries, starts, len(mini)) for index in range(len(entries)))
    directory_start = _chain(fat, len(directory), _SECTOR)
    sectors += directory + bytes(-len(directory) % _SECTOR)
    count = 1
    while (len(fat) + count) * 4 > count * _SECTOR:
        count += 1
    fat_start = len(fat)
    fat += [_FAT] * count
    table = b"".join(number.to_bytes(4, "little") for number in fat)
    sectors += table + b"\xff" * (-len(table) % _SECTOR)
    places = [*range(fat_start, fat_start + count), *[_FREE] * (109 - count)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + bytes.fromhex("3e000300feff09000600") + bytes(6)
    mini_count = -(-len(mini_table) // _SECTOR)
    numbers = [0, count, directory_start, 0, _CUTOFF, mini_start, mini_count, _END, 0, *places]
    return head + b"".join(number.to_bytes(4, "little") for number in numbers) + sectors


def _collect(name: str, tree: Tree, entries: list[tuple[str, int, bytes, list[int]]]) -> int:
    place, kids = len(entries), list[int]()
    entries.append((name, 1 if place else 5, b"", kids))
    for inner, value in tree.items():
        if isinstance(value, bytes):
            kids.append(len(entries))
            entries.append((inner, 2, value, []))
        else:
            kids.append(_collect(inner, value, entries))
    return place


def _chain(table: list[int], size: int, unit: int) -> int:
    """Sectors for `size` bytes at the end of a table; the first of them."""
    count = -(-size // unit)
    if not count:
        return _END
    start = len(table)
    table += [*range(start + 1, start + count), _END]
    return start


def _entry(
    index: int, entries: list[tuple[str, int, bytes, list[int]]], starts: Mapping[int, int], mini_size: int
) -> bytes:
    name, kind, data, kids = entries[index]
    siblings = next((each for *_, each in entries if index in each), [])
    place = siblings.index(index) + 1 if siblings else 0
    following = siblings[place] if siblings and place < len(siblings) else _FREE
    encoded = name.encode("utf-16-le") + b"\0\0"
    links = b"".join(link.to_bytes(4, "little") for link in (_FREE, following, kids[0] if kids else _FREE))
    head = encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little") + bytes([kind, 1]) + links + bytes(36)
    size = mini_size if kind == 5 else len(data)
    return head + starts.get(index, 0).to_bytes(4, "little") + size.to_bytes(8, "little")
