"""Mails that strangers wrote, and what becomes of mails that are damaged: each loads, or is refused with its reason."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.attempt import Failure
from app.core.errors import InvalidInput
from app.services.foreign.mail_files import read_mail
from app.services.mails.terms import Mail
from tests.real_data import FOLDER, needs_real_data
from tests.services.mails.build import attribute, eml, mapi, msg, multipart, part, storage, tnef, tnef_file, tried

#: Neither has a header of a mail: licences, an archive, bare MIME parts, and one whose headers have blanks before ':'.
REFUSED = {
    "msg_19.txt", "msg_37.txt", ".gitattributes", "MIT-LICENSE", "example13.eml", "sample_output_multipart",
    "CC duplicate recipients bug.zip", "LICENSE-2.0.txt", "issue-16-MSGReader-license.txt",
}  # fmt: skip


def files() -> list[Path]:
    folders = (FOLDER / "mail_eml", FOLDER / "mail_msg")
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def outcome(data: bytes) -> Mail | str:
    """The mail, or why it is refused."""
    try:
        found = tried(data)
    except InvalidInput as error:
        return str(error.title)
    return repr(found.error) if isinstance(found, Failure) else found


def check(mail: Mail) -> None:
    """What holds for every mail, wherever it comes from."""
    people = [*mail.to, *mail.cc, *filter(None, [mail.sender])]
    lines = [mail.subject, *(line for person in people for line in person), *mail.lost]
    assert not [line for line in lines if "\n" in line or "\0" in line]
    assert all("@" in person.address for person in people if person.address)
    for text in (mail.text, mail.html or "", *lines):
        text.encode()
        assert "\0" not in text
    assert "<script" not in (mail.html or "")
    assert mail.identity
    assert all(file.name and "/" not in file.name and "\\" not in file.name for file in mail.attachments)


@needs_real_data
def test_every_mail_loads_or_is_refused_with_its_reason() -> None:
    outcomes = {path.name: outcome(path.read_bytes()) for path in files()}
    assert {name for name, found in outcomes.items() if isinstance(found, str)} == REFUSED
    assert {found for found in outcomes.values() if isinstance(found, str)} == {"The file is no e-mail."}
    for found in outcomes.values():
        if isinstance(found, Mail):
            check(found)


@needs_real_data
@pytest.mark.parametrize(
    "name",
    [
        "ruby-mail/multi_charset/japanese_attachment.eml",
        "ruby-mail/attachment_emails/attachment_message_rfc822_inline_image.eml",
        "outlook-message-parser/nested simple mail.msg",
        "outlook-message-parser/S_MIME test message signed.msg",
    ],
)
def test_the_child_reads_the_same(name: str) -> None:
    path = next(path for path in files() if path.as_posix().endswith(name))
    assert read_mail(path) == outcome(path.read_bytes())


@needs_real_data
def test_damaged_mails_of_strangers() -> None:
    chance = random.Random(4)
    for path in files():
        for damaged in damages(path.read_bytes()[:200_000], chance, 2):
            if isinstance(found := outcome(damaged), Mail):
                check(found)


def own() -> list[bytes]:
    """A small mail of each kind."""
    attached = storage({0x3707: "a.txt"}, {0x3705: 1}, {0x3701: b"a"}, header=8)
    winmail = tnef(attribute(1, 0x9003, 6, mapi((0x1000, 0x1E, b"Text\0"))), tnef_file("a.txt", b"a"))
    head = "Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''%C3%BC.pdf"
    return [
        eml(multipart("mixed", part("Content-Type: text/html; charset=utf-8", "<p>ä <b>b"), part(head, "x"))),
        eml(multipart("mixed", part("Content-Type: application/ms-tnef", winmail), part("", "x"))),
        msg(storage({0x0037: "Größe", 0x1000: "x"}, more={"__attach_version1.0_#00000000": attached})),
        winmail,
    ]


def damages(data: bytes, chance: random.Random, count: int) -> Iterator[bytes]:
    """Cut off, with bytes changed, with a piece taken out, with a piece twice."""
    for _ in range(count):
        place, other = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        changed = bytearray(data)
        for _ in range(min(len(data), 8)):
            changed[chance.randrange(len(data))] = chance.choice((0, 10, 34, 61, 255, chance.randrange(256)))
        yield from (data[:place], bytes(changed), data[:place] + data[other:], data[:other] + data[place:])


def test_damaged_mails_of_every_kind() -> None:
    chance = random.Random(4)
    kinds = [0, 0]
    for data in own():
        assert isinstance(outcome(data), Mail)
        for damaged in damages(data, chance, 60):
            found = outcome(damaged)
            kinds[isinstance(found, Mail)] += 1
            if isinstance(found, Mail):
                check(found)
    assert min(kinds) > 20


def test_a_mail_goes_through_the_child_as_it_is(tmp_path: Path) -> None:
    for number, data in enumerate(own()):
        file = tmp_path / f"{number}.eml"
        file.write_bytes(data)
        assert read_mail(data) == read_mail(file) == outcome(data)


def test_a_refusal_comes_through_the_child_with_its_words() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_mail(b"Nur ein Text.")
    assert str(caught.value) == "The file is no e-mail. Nothing was changed."
    with pytest.raises(InvalidInput, match="damaged"):
        read_mail(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000)
