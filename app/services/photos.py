"""The photo of a person: what may be one, told by its bytes and not by its name.

It is unpacked by whoever shows it, and there only within measure; here nothing looks further than the first bytes.
"""

from app.core.errors import InvalidInput
from app.core.i18n import Text

#: Shown in a few centimetres: whoever takes a picture from a camera makes it smaller before.
MOST = 5 << 20

_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_UNCHANGED = Text("Nothing was changed.")


def checked(data: bytes) -> bytes:
    """The bytes of a photo as they are kept. Raises InvalidInput for what is no picture, or larger than 5 MB."""
    if not data:
        raise InvalidInput(Text("The file is empty."), _UNCHANGED, field="photo")
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    if not webp and not data.startswith(_STARTS):
        raise not_a_picture()
    if len(data) > MOST:
        raise InvalidInput(Text("The picture is larger than {n} MB.", n=MOST >> 20), _UNCHANGED, field="photo")
    return data


def not_a_picture() -> InvalidInput:
    """What is raised for anything else."""
    words = Text("This is no picture that can be a photo. PNG, JPEG, GIF and WebP can.")
    return InvalidInput(words, _UNCHANGED, field="photo")
