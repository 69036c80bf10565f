"""PDFs from outside: pages and pictures, or the reason why not."""

import pytest

from app.core.errors import InvalidInput
from app.services.foreign.pdf import read_pdf
from app.services.foreign.pdf_files import pdf_picture
from tests.services.foreign.pdfs import pdf, protected

RED = bytes([0, 0, 255])


def test_a_page_fills_its_frame() -> None:
    picture = pdf_picture(pdf("eins", "zwei"), 1, 400, 400)
    assert (picture.pages, picture.width, picture.height) == (2, 400, 200)
    assert picture.stride >= 4 * picture.width
    assert len(picture.pixels) == picture.stride * picture.height
    corner = picture.stride * (picture.height - 10) + 4 * 10
    assert picture.pixels[corner : corner + 3] == RED
    assert picture.pixels[:3] == b"\xff\xff\xff"


@pytest.mark.parametrize(
    ("box", "frame", "size"),
    [
        ("0 0 200 100", (10_000_000, 10_000_000), (3000, 1500)),
        ("0 0 1 14000", (300, 300), (1, 300)),
        ("0 0 14000 1", (300, 300), (300, 1)),
        ("0 0 200 100", (0, -5), (1, 1)),
    ],
)
def test_a_picture_is_never_larger_than_its_frame(box: str, frame: tuple[int, int], size: tuple[int, int]) -> None:
    values = read_pdf(pdf("x", box=box), {"page": 0, "width": frame[0], "height": frame[1]}).values
    assert (values["width"], values["height"]) == size


def test_a_protected_one_is_refused() -> None:
    with pytest.raises(InvalidInput, match="protected by a password"):
        pdf_picture(protected(), 0, 100, 100)


@pytest.mark.parametrize("page", [-1, 1, 10**6])
def test_a_page_that_is_not_there(page: int) -> None:
    with pytest.raises(InvalidInput, match="has no page"):
        pdf_picture(pdf("x"), page, 100, 100)


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n", pdf("x")[:300], pdf()])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="no PDF, or it is damaged"):
        pdf_picture(data, 0, 100, 100)


def test_damage_anywhere_ends_in_an_answer_or_a_reason() -> None:
    whole = pdf("eins", "zwei")
    read = 0
    for place in range(0, len(whole), 61):
        for damaged in (whole[:place], whole[:place] + b"\xff99999999" + whole[place + 9 :]):
            read += _is_read(damaged)
    assert 0 < read < len(whole) // 61 * 2


def _is_read(data: bytes) -> bool:
    try:
        return bool(read_pdf(data, {"page": 0, "width": 50, "height": 50}).parts)
    except InvalidInput:
        return False
