"""A picture from outside before it becomes a photo: within measure, or refused with a sentence."""

from pathlib import Path

import pytest

from app.core.errors import InvalidInput, TrichterError
from app.services.photos import MOST, checked
from app.ui.portrait import fitting
from app.ui.timeline.preview import read_picture
from tests.ui.customers.pictures import bomb, picture


@pytest.mark.parametrize("form", ["PNG", "JPG", "WEBP", "BMP"])
def test_what_programs_write_is_taken(form: str, tmp_path: Path) -> None:
    file = tmp_path / "foto.png"  # the name says nothing
    file.write_bytes(picture(form=form))
    kept = checked(fitting(file))
    image = read_picture(kept, 999, 999)
    assert image is not None
    assert (image.width(), image.height()) == (60, 40)


def test_a_small_file_stays_as_it_is() -> None:
    assert fitting(picture()) == picture()


def test_what_a_camera_makes_becomes_smaller() -> None:
    kept = checked(fitting(picture(3000, 2000, "BMP")))
    image = read_picture(kept, 9999, 9999)
    assert image is not None
    assert (image.width(), image.height()) == (1024, 682)
    assert len(kept) < MOST
    assert kept.startswith(b"\xff\xd8\xff")


def test_what_can_be_seen_through_stays_so() -> None:
    kept = fitting(picture(4000, 4000, "WEBP", clear=True))
    image = read_picture(kept, 9999, 9999)
    assert image is not None
    assert image.hasAlphaChannel() or len(kept) <= 300_000


_SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='file:///etc/passwd'/></svg>"


@pytest.mark.parametrize(
    "data",
    [
        b"", _SVG, b"<?xml version='1.0'?>" + _SVG, b"Nur Text", b"%PDF-1.7 ...", b"MZ" + bytes(200), bomb(),
        bomb(2_000_000_000, 2_000_000_000), picture()[:60], b"\x89PNG\r\n\x1a\n", b"GIF89a",
        b"\xff\xd8\xff\xe0" + bytes(99), b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(30), b"\0\0\0\x18ftypheic" + bytes(90),
    ],
    ids=["empty", "svg", "svg with a head", "text", "pdf", "program", "bomb", "larger bomb", "cut off", "png head",
         "gif head", "jpeg head", "webp head", "heic"],
)  # fmt: skip
@pytest.mark.qt_log_ignore("JPEG")
def test_what_is_no_picture_is_refused(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bild.png"
    file.write_bytes(data)
    for source in (data, file):
        with pytest.raises(InvalidInput, match="no picture"):
            fitting(source)


def test_a_file_of_60_mb_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "gross.png"
    with file.open("wb") as out:
        out.truncate(60 << 20)
    with pytest.raises(InvalidInput, match="larger than 50 MB"):
        fitting(file)


def test_neither_a_folder_nor_nothing_is_a_picture(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "weg.png"):
        with pytest.raises(TrichterError):
            fitting(path)
