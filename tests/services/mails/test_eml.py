"""Mails in the format of the internet (.eml)."""

import base64
import quopri
from datetime import UTC, datetime

import pytest

from app.core.errors import InvalidInput
from app.services.mails.bodies import MOST_PARTS
from app.services.mails.terms import Address
from tests.services.mails.build import eml, multipart, part, read

PLAIN = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"


def test_everything_a_mail_has() -> None:
    head = (
        "From: =?utf-8?Q?J=C3=B6rg?= <jm@mueller.example>\nTo: Ada <ada@wir.example>, b@wir.example\n"
        "Cc: Team: c@wir.example;\nSubject: Angebot\nDate: Sun, 15 Mar 2026 10:30:00 +0100\n"
        "Message-ID: <1@mueller.example>\nIn-Reply-To: <0@wir.example>"
    )
    body = multipart(
        "mixed",
        multipart(
            "related",
            multipart("alternative", part(PLAIN, "Grüße"), part(HTML, '<p>Grüße<img src="cid:l@x">'), boundary="A"),
            part("Content-Type: image/png\nContent-ID: <l@x>\nContent-Disposition: inline", b"\x89PNG\r\n\0\xff"),
            boundary="R",
        ),
        part("Content-Type: application/pdf; name=Plan.pdf\nContent-Disposition: attachment", b"%PDF\r\n\xff\0"),
        part("Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt", "Datei"),
    )
    mail = read(eml(body, head=head))
    assert (mail.subject, mail.sender) == ("Angebot", Address("Jörg", "jm@mueller.example"))
    assert mail.to == (Address("Ada", "ada@wir.example"), Address("", "b@wir.example"))
    assert mail.cc == (Address("", "c@wir.example"),)
    assert mail.sent_at == datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
    assert (mail.message_id, mail.identity, mail.in_reply_to) == (
        "1@mueller.example",
        "1@mueller.example",
        "0@wir.example",
    )
    assert (mail.text.strip(), mail.html) == ("Grüße", '<p>Grüße<img src="cid:l@x"></p>')
    assert [(file.name, file.mime, file.data, file.content_id, file.inline) for file in mail.attachments] == [
        ("attachment-1.png", "image/png", b"\x89PNG\r\n\0\xff", "l@x", True),
        ("Plan.pdf", "application/pdf", b"%PDF\r\n\xff\0", None, False),
        ("a.txt", "text/plain", b"Datei", None, False),
    ]


def test_html_alone_is_readable_as_text() -> None:
    mail = read(eml(HTML, "", '<h1>Hallo</h1><p>Siehe <a href="https://x.example/">hier</a></p>'))
    assert mail.text == "Hallo\n\nSiehe hier <https://x.example/>"


def test_an_empty_plain_text_beside_html_says_nothing() -> None:
    mail = read(eml(multipart("alternative", part(PLAIN, " \r\n"), part(HTML, "<p>doch"))))
    assert mail.text == "doch"


def test_what_a_list_puts_below_is_part_of_the_text() -> None:
    both = multipart("alternative", part(PLAIN, "Text"), part(HTML, "<b>Text</b>"), boundary="A")
    mail = read(eml(multipart("mixed", both, part(PLAIN, "-- <Liste>"))))
    assert mail.text == "Text\n\n-- <Liste>"
    assert mail.html == "<b>Text</b>\n<pre>-- &lt;Liste&gt;</pre>"


def test_an_invitation_beside_the_text_is_a_file() -> None:
    calendar = part("Content-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR")
    mail = read(eml(multipart("alternative", part(PLAIN, "Kommen Sie?"), calendar)))
    assert mail.text == "Kommen Sie?"
    assert [(file.name, file.data) for file in mail.attachments] == [("attachment-1.ics", b"BEGIN:VCALENDAR")]


@pytest.mark.parametrize(
    ("coding", "content", "data"),
    [
        ("base64", base64.encodebytes(b"\xff\0abc"), b"\xff\0abc"),
        ("BASE64", b"YWJj!\r\n*ZGVm", b"abcdef"),
        ("base64", b"YWJjZGU", b"abcde"),
        ("base64", b"YWJjZ", b"abc"),
        ("base64", "Umlaute ä mittendrin: YWJj".encode(), None),
        ("base64", b"", b""),
        ("quoted-printable", quopri.encodestring("Größe=".encode()), "Größe=".encode()),
        ("quoted-printable", b"a=\r\nb=ZZ=", None),
        ("quoted-printable;", b"=41", b"A"),
        ("x-uuencode", b"begin 644 x\r\n#86)C\r\n`\r\nend\r\n", b"abc"),
        ("x-uuencode", b"begin 644 x\r\n\xff\xff\xff\r\nend\r\n", None),
        ("7-bit", b"abc", b"abc"),
        ("text/html", b"abc", b"abc"),
        ("", b"abc", b"abc"),
    ],
)
def test_however_a_file_was_made_fit_for_travelling(coding: str, content: bytes, data: bytes | None) -> None:
    head = f"Content-Type: application/x-any\nContent-Transfer-Encoding: {coding}\nContent-Disposition: attachment"
    found = read(eml(multipart("mixed", part(head, content)))).attachments[0].data
    assert data is None or found == data


def test_texts_of_all_sets() -> None:
    mail = read(eml("Content-Type: text/plain; charset=iso-8859-1", "", "„Größe“ 5 €".encode("cp1252")))
    assert mail.text == "„Größe“ 5 €\n"
    html = '<meta charset="koi8-r"><p>Привет'.encode("koi8-r")
    assert read(eml("Content-Type: text/html", "", html)).text == "Привет"
    assert read(eml("Content-Type: text/plain; charset=utf-8", "", b"a\0b\x1bc\r\nd\re")).text == "abc\nd\ne\n"


def test_mails_within_are_kept_to_the_byte() -> None:
    inner = eml("", "Text  \r\n\xe4\xff", head="From: x@y.example\nSubject: =?utf-8?Q?Gr=C3=B6=C3=9Fe/Preis?=")
    mail = read(eml(multipart("mixed", part(PLAIN, "siehe"), part("Content-Type: message/rfc822", inner))))
    assert [(file.name, file.mime, file.data) for file in mail.attachments] == [
        ("Größe-Preis.eml", "message/rfc822", inner)
    ]
    digest = read(eml(multipart("digest", b"\r\n" + inner, b"\r\n" + inner)))
    assert [file.name for file in digest.attachments] == ["Größe-Preis.eml"] * 2
    assert read(digest.attachments[0].data).subject == "Größe/Preis"


def test_a_bounce_tells_why() -> None:
    status = part("Content-Type: message/delivery-status", "Action: failed\r\n\r\nStatus: 5.1.1")
    mail = read(eml(multipart("report", part(PLAIN, "leider nicht"), status)))
    assert mail.text == "leider nicht"
    assert [(file.name, file.data) for file in mail.attachments] == [
        ("attachment-1.txt", b"Action: failed\r\n\r\nStatus: 5.1.1")
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Type: multipart/mixed", "", "Text"),
        ("Content-Type: multipart/mixed; boundary=", "", "Text"),
        ("Content-Type: multipart/mixed; boundary=B", "", "Text"),
        ("Content-Type: multipart/mixed; boundary=B", "", "--B", "Content-Type: text/plain", "", "Text"),
        ("Content-Type: text", "", "Text"),
        ("Content-Type: ;;;=", "", "Text"),
        ("Content-Type: text/plain; charset=", "", "Text"),
        ("Content-Type:", "", "Text"),
        ("Kein Kopf", "", "Text"),
        ("", "Text"),
    ],
)
def test_what_lacks_something_is_read_as_far_as_it_goes(lines: tuple[str, ...]) -> None:
    mail = read(eml(*lines))
    assert mail.subject == "Betreff"
    assert "Text" in mail.text


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"\r\n\r\n", b"From x Mon Mar 15 10:30:00 2026\r\n"])
def test_what_stands_before_the_headers_is_passed_over(start: bytes) -> None:
    assert read(start + eml("", "x")).subject == "Betreff"


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"PK\x03\x04" + b"x" * 500, b"Nur ein Text.\n\nNoch einer.", b"{}", b"a: b\n\nc"]
)
def test_what_is_no_mail_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="no e-mail"):
        read(data)


def test_the_same_mail_is_known_without_an_identifier() -> None:
    file = part("Content-Type: application/pdf", "x")
    one = read(eml(multipart("mixed", part(PLAIN, "Text"), file)))
    again = read(eml("X-Received: elsewhere", multipart("mixed", part(PLAIN, "Text"), file, boundary="C")))
    other = read(eml(multipart("mixed", part(PLAIN, "Text"), part("Content-Type: application/pdf", "y"))))
    assert one.message_id is None
    assert one.identity == again.identity != other.identity
    assert one.identity.startswith("sha256:")


def test_parts_without_number_are_refused() -> None:
    files = [part("Content-Type: application/pdf", "x")] * (MOST_PARTS + 1)
    with pytest.raises(InvalidInput, match="more than 1000 parts"):
        read(eml(multipart("mixed", *files)))
    halves = [multipart("mixed", *files[:600], boundary=f"H{number}") for number in range(2)]
    with pytest.raises(InvalidInput, match="more than 1000 parts"):
        read(eml(multipart("mixed", *halves)))


def test_levels_without_number_are_refused() -> None:
    def nested(levels: int) -> bytes:
        inside = part(PLAIN, "ganz innen")
        for level in range(levels):
            inside = multipart("mixed", inside, boundary=f"B{level}x")
        return eml(inside)

    assert read(nested(100)).text == "ganz innen"
    with pytest.raises(RecursionError):
        read(nested(400))


def test_a_hundred_mails_within_each_other_are_one_file() -> None:
    data = eml("", "ganz innen")
    for _ in range(100):
        data = eml("Content-Type: message/rfc822", "", data)
    assert [file.name for file in read(data).attachments] == ["Betreff.eml"]


def test_text_beyond_measure_is_kept_as_a_file() -> None:
    mail = read(eml("", "Zeile ä\r\n" * 200_000))
    assert len(mail.text) == 1_000_000
    assert [(file.name, file.data.decode().count("ä")) for file in mail.attachments] == [("message.txt", 200_000)]
    mail = read(eml(HTML, "", "<p>" + "ä" * 2_100_000))
    assert mail.html is None
    assert [(file.name, file.data.decode().count("ä")) for file in mail.attachments] == [("message.html", 2_100_000)]
