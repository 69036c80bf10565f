"""winmail.dat: opened where it can be, else kept."""

import pytest

from app.services.mails.terms import Address
from tests.services.mails.build import attribute, eml, mapi, multipart, packed_rtf, part, read, tnef, tnef_file

WINMAIL = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Disposition: attachment"
SUBJECT = attribute(1, 0x8004, 1, "Größe\0".encode("cp1252"))


def body(*properties: tuple[int, int, bytes]) -> bytes:
    return attribute(1, 0x9003, 6, mapi(*properties))


def test_its_files_stand_in_its_place() -> None:
    data = tnef(SUBJECT, tnef_file("Angebot Größe.doc", b"doc\0\0"), tnef_file("..\\b.txt", b"b"))
    mail = read(eml(multipart("mixed", part("Content-Type: text/plain", "Hallo"), part(WINMAIL, data))))
    assert mail.text == "Hallo"
    assert [(file.name, file.data) for file in mail.attachments] == [("Angebot Größe.doc", b"doc\0\0"), ("b.txt", b"b")]


def test_a_text_that_only_it_has_is_the_text() -> None:
    data = tnef(body((0x1000, 0x1E, "Grüße aus winmail\0".encode("cp1252"))))
    mail = read(eml(WINMAIL, "", data))
    assert (mail.text, mail.attachments) == ("Grüße aus winmail", ())


def test_html_and_rtf_of_it_are_read() -> None:
    data = tnef(body((0x1013, 0x102, b"<p>Hallo <b>Welt</b><script>x</script>")))
    mail = read(eml(multipart("mixed", part("Content-Type: text/plain", "Hallo Welt"), part(WINMAIL, data))))
    assert (mail.text, mail.html) == ("Hallo Welt", "<p>Hallo <b>Welt</b></p>")
    rtf = rb"{\rtf1\ansi\ansicpg1252 Gr\'fc\'dfe\par zwei}"
    assert read(tnef(body((0x1009, 0x102, packed_rtf(rtf))))).text == "Grüße\nzwei"


def test_a_file_of_its_own_is_a_mail() -> None:
    properties = body((0x0C1A, 0x1E, b"Ada\0"), (0x0C1F, 0x1E, b"ada@x.example\0"), (0x1035, 0x1E, b"<1@x>\0"))
    mail = read(tnef(SUBJECT, properties, tnef_file("a.txt", b"a")))
    assert (mail.subject, mail.sender, mail.message_id) == ("Größe", Address("Ada", "ada@x.example"), "1@x")
    assert [file.name for file in mail.attachments] == ["a.txt"]


def test_a_mail_in_it_stays_one() -> None:
    signature = bytes.fromhex("0703020000000000c000000000000046")
    inner = tnef(SUBJECT, body((0x1000, 0x1E, b"innen\0")))
    attached = attribute(2, 0x9002, 6, bytes(14)) + attribute(2, 0x9005, 6, mapi((0x3701, 0x0D, signature + inner)))
    files = read(eml(WINMAIL, "", tnef(attached))).attachments
    assert [(file.name, file.mime) for file in files] == [("Größe.eml", "message/rfc822")]
    within = read(files[0].data)
    assert (within.subject, within.text) == ("Größe", "innen")


@pytest.mark.parametrize(
    "data",
    [
        b"\x78\x9f\x3e\x22",
        b"\x78\x9f\x3e\x22" + b"\xff" * 200,
        tnef(attribute(2, 0x800F, 6, b"no attachment was begun")),
        tnef(SUBJECT)[:20],
        tnef(attribute(1, 0x9003, 6, b"\xff\xff\xff\xff")),
        tnef(attribute(1, 0x9004, 6, b"\xff\xff\xff\xff" + bytes(100))),
        tnef(),
    ],
)
def test_one_that_cannot_be_read_stays_a_file(data: bytes) -> None:
    mail = read(eml(multipart("mixed", part("Content-Type: text/plain", "Hallo"), part(WINMAIL, data))))
    assert mail.text == "Hallo"
    assert [(file.name, file.mime, file.data) for file in mail.attachments] == [
        ("winmail.dat", "application/ms-tnef", data)
    ]
