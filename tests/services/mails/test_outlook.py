"""Mails as Outlook saves them (.msg)."""

from datetime import UTC, datetime

import pytest

from app.core.errors import InvalidInput
from app.services.mails.terms import Address
from tests.services.mails.build import Tree, attribute, mapi, msg, packed_rtf, read, storage, tnef, tnef_file

AT = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
FILETIME = int((AT - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000


def person(name: str, address: str, kind: int) -> Tree:
    return storage({0x3001: name, 0x39FE: address}, {0x0C15: kind}, header=8)


def attached(name: str, data: bytes, mime: str = "", content_id: str = "") -> Tree:
    return storage({0x3707: name, 0x370E: mime, 0x3712: content_id}, {0x3705: 1}, {0x3701: data}, header=8)


def test_everything_a_mail_has() -> None:
    mail = read(
        msg(
            storage(
                {
                    0x0037: "Angebot für Größe & Co.",
                    0x1000: "Guten Tag,\r\nanbei.",
                    0x0C1A: "Jörg Müller",
                    0x0C1F: "/O=EXCHANGE/CN=JM",
                    0x5D01: "jm@mueller.example",
                    0x1035: "<abc@mueller.example>",
                    0x1042: "<def@wir.example>",
                },
                {0x0039: FILETIME},
                {0x1013: b'<html><meta charset="utf-8"><p>Gr\xc3\xbc\xc3\x9fe<img src="cid:logo@x"><script>x</script>'},
                more={
                    "__recip_version1.0_#00000000": person("'Wir'", "wir@wir.example", 1),
                    "__recip_version1.0_#00000001": person("kopie@wir.example", "kopie@wir.example", 2),
                    "__recip_version1.0_#00000002": person("Still", "bcc@wir.example", 3),
                    "__recip_version1.0_#00000003": person("'Wir'", "wir@wir.example", 1),
                    "__attach_version1.0_#00000000": attached("..\\Plan.pdf", b"p" * 9000, "application/pdf"),
                    "__attach_version1.0_#00000001": attached("logo.png", b"png", "image/png", "logo@x"),
                },
            )
        )
    )
    assert mail.subject == "Angebot für Größe & Co."
    assert mail.sender == Address("Jörg Müller", "jm@mueller.example")
    assert mail.to == (Address("Wir", "wir@wir.example"),)
    assert mail.cc == (Address("", "kopie@wir.example"),)
    assert mail.sent_at == AT
    assert (mail.message_id, mail.identity) == ("abc@mueller.example", "abc@mueller.example")
    assert mail.in_reply_to == "def@wir.example"
    assert mail.text == "Guten Tag,\nanbei."
    assert mail.html == '<p>Grüße<img src="cid:logo@x"></p>'
    assert [(part.name, part.mime, part.data, part.inline) for part in mail.attachments] == [
        ("Plan.pdf", "application/pdf", b"p" * 9000, False),
        ("logo.png", "image/png", b"png", True),
    ]
    assert mail.lost == ()


def test_texts_of_older_ones_are_in_their_code_page() -> None:
    texts = {0x0037: "Größe", 0x1000: "Жар-птица", 0x0C1A: "Ёлка"}
    assert read(msg(storage(texts | {0x0037: "Имя"}, {0x3FFD: 1251}, page="cp1251"))).subject == "Имя"
    mail = read(msg(storage({0x0037: "Größe €", 0x1000: "x"}, {0x3FFD: 99999}, page="cp1252")))
    assert mail.subject == "Größe €"


def test_what_the_mail_does_not_say_its_headers_may() -> None:
    headers = (
        "Received: x\r\nFrom: Ada <ada@x.example>\r\nTo: Bob <bob@x.example>\r\nCc: c@x.example\r\n"
        "Date: Sun, 15 Mar 2026 10:30:00 +0100\r\nMessage-ID: <1@x>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?="
    )
    mail = read(msg(storage({0x007D: headers, 0x0C1F: "/O=X/CN=ADA", 0x0C1A: "Ada L."})))
    assert mail.sender == Address("Ada", "ada@x.example")
    assert mail.to == (Address("Bob", "bob@x.example"),)
    assert mail.cc == (Address("", "c@x.example"),)
    assert (mail.sent_at, mail.message_id, mail.subject) == (AT, "1@x", "Grüße")


def test_a_mail_that_has_its_text_only_as_rtf() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}Gr\'fc\'dfe\par an \u8364?uch {\*\secret x}alle\tab !}"
    assert read(msg(storage({}, octets={0x1009: packed_rtf(rtf)}))).text == "Grüße\nan €uch alle\t!"


def test_a_sign_that_rtf_writes_in_two_halves_is_one() -> None:
    rtf = rb"{\rtf1\ansi\uc1 Bis bald \u-10179 ?\u-8704 ?, halb: \u-10179 ?.}"
    assert read(msg(storage({}, octets={0x1009: packed_rtf(rtf)}))).text == "Bis bald 😀, halb: ."


def test_html_that_hides_in_rtf_is_found() -> None:
    rtf = (
        rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\b\htmlrtf0 Hallo{\*\htmltag84 &nbsp;}Welt"
        rb"\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}}"
    )
    mail = read(msg(storage({}, octets={0x1009: packed_rtf(rtf)})))
    assert mail.html == "<p>Hallo&nbsp;Welt</p>"
    assert mail.text == "Hallo Welt"


def test_a_mail_in_the_mail_stays_one() -> None:
    inner = storage(
        {0x0037: "Innen: Größe?", 0x1000: "Der innere Text", 0x0C1A: "Ädä", 0x0C1F: "ada@x.example"},
        {0x0039: FILETIME},
        header=24,
        more={
            "__attach_version1.0_#00000000": attached("Übersicht.txt", "Inhalt ü".encode(), "text/plain"),
            "__recip_version1.0_#00000000": person("Bób", "bob@x.example", 1),
        },
    )
    outer = storage(
        {0x0037: "Außen", 0x1000: "siehe unten"},
        more={
            "__attach_version1.0_#00000000": storage(
                {0x3001: "Innen"}, {0x3705: 5}, header=8, more={"__substg1.0_3701000D": inner}
            )
        },
    )
    mail = read(msg(outer))
    assert [(part.name, part.mime) for part in mail.attachments] == [("Innen_ Größe_.eml", "message/rfc822")]
    within = read(mail.attachments[0].data)
    assert (within.subject, within.text, within.sent_at) == ("Innen: Größe?", "Der innere Text", AT)
    assert within.sender == Address("Ädä", "ada@x.example")
    assert within.to == (Address("Bób", "bob@x.example"),)
    assert [(part.name, part.data.decode()) for part in within.attachments] == [("Übersicht.txt", "Inhalt ü")]
    assert read(msg(outer)).identity == mail.identity


def test_mails_in_mails_without_end_are_refused() -> None:
    tree = storage({0x0037: "innermost"}, header=24)
    for _ in range(30):
        holder = storage({}, {0x3705: 5}, header=8, more={"__substg1.0_3701000D": tree})
        tree = storage({0x0037: "x"}, header=24, more={"__attach_version1.0_#00000000": holder})
    with pytest.raises(RecursionError):
        read(msg(tree))


def test_what_only_outlook_could_show_is_named() -> None:
    drawing = storage({0x3001: "Zeichnung"}, {0x3705: 6}, header=8, more={"__substg1.0_3701000D": {"CONTENTS": b"x"}})
    link = storage({0x3707: "Plan auf dem Server.pdf"}, {0x3705: 4}, header=8)
    mail = read(
        msg(storage({}, more={"__attach_version1.0_#00000000": drawing, "__attach_version1.0_#00000001": link}))
    )
    assert mail.attachments == ()
    assert mail.lost == ("Zeichnung", "Plan auf dem Server.pdf")


def test_a_signed_one_says_what_it_signed() -> None:
    signed = (
        b'Content-Type: multipart/signed; boundary="S"\r\n\r\n--S\r\nContent-Type: text/plain\r\n\r\nunterschrieben\r\n'
        b"--S\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nxx\r\n--S--\r\n"
    )
    tree = storage(
        {0x001A: "IPM.Note.SMIME.MultipartSigned"},
        more={"__attach_version1.0_#00000000": attached("smime.p7m", signed, "multipart/signed")},
    )
    mail = read(msg(tree))
    assert mail.text == "unterschrieben"
    assert [part.name for part in mail.attachments] == ["smime.p7s"]


def test_a_winmail_in_it_is_opened() -> None:
    body = attribute(1, 0x9003, 6, mapi((0x1000, 0x1E, b"Text aus winmail\0")))
    data = tnef(body, tnef_file("Brief.doc", b"doc"))
    mail = read(msg(storage({}, more={"__attach_version1.0_#00000000": attached("winmail.dat", data)})))
    assert mail.text == "Text aus winmail"
    assert [(part.name, part.data) for part in mail.attachments] == [("Brief.doc", b"doc")]


def test_streams_that_are_longer_than_the_file_are_refused() -> None:
    whole = msg(storage({0x0037: "Betreff"}, {}, {0x1013: b"x" * 5000}))
    lying = whole.replace((5000).to_bytes(8, "little"), (1 << 31).to_bytes(8, "little"))
    assert lying != whole
    with pytest.raises(InvalidInput, match="damaged"):
        read(lying)


def test_other_compound_files_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no e-mail"):
        read(msg({"Workbook": b"x" * 5000}))
