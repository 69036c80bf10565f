"""What goes over the pipes between the program and the child: JSON and, behind it, parts of bytes.

Ahead of its answer the child may say, in short messages, how far it is.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

_HEAD = 4
#: How long a message may be that only says how far it is.
_MOST_PROGRESS = 120
#: The JSON of an answer is text of a file; it is never larger than this.
MOST_JSON = 64 << 20


class Message(NamedTuple):
    """Values that JSON knows, and bytes."""

    values: Mapping[str, Any]
    parts: tuple[bytes, ...] = ()


def packed(message: Message) -> list[bytes]:
    """The message as bytes, in pieces to be written one after the other."""
    head = {"values": message.values, "parts": [len(part) for part in message.parts]}
    text = json.dumps(head).encode("ascii")
    return [len(text).to_bytes(_HEAD, "big") + text, *message.parts]


def unpacked(data: bytes | bytearray) -> Message | None:
    """The inverse of `packed`; None for anything else, also for a message that was cut off."""
    size = int.from_bytes(data[:_HEAD], "big")
    if len(data) < _HEAD or size > MOST_JSON or len(data) < _HEAD + size:
        return None
    try:
        head = json.loads(data[_HEAD : _HEAD + size])
        values, sizes = head["values"], head["parts"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(values, dict) or not _are_sizes(sizes, len(data) - _HEAD - size):
        return None
    parts, start, view = [], _HEAD + size, memoryview(data)
    for length in sizes:
        parts.append(bytes(view[start : start + length]))
        start += length
    return Message(values, tuple(parts))


def _are_sizes(sizes: Any, total: int) -> bool:
    known = isinstance(sizes, list) and all(type(size) is int and size >= 0 for size in sizes)
    return known and sum(sizes) == total


def progress(done: int, total: int) -> bytes:
    """The message that so much of so much is done."""
    return b"".join(packed(Message({"at": [done, total]})))


def take_progress(data: bytearray, at: tuple[int, int]) -> tuple[tuple[int, int], bool]:
    """Take the messages about how far it is off the beginning of `data`: the last of them, `at` without one; and
    whether something else follows, the answer.
    """
    while len(data) >= _HEAD:
        size = int.from_bytes(data[:_HEAD], "big")
        if size > _MOST_PROGRESS:
            return at, True
        if len(data) < _HEAD + size:
            break
        match unpacked(data[: _HEAD + size]):
            case Message({"at": [int(done), int(total)]}, ()):
                at = done, total
                del data[: _HEAD + size]
            case _:
                return at, True
    return at, False
