"""The headers of mails, as they should be and as they are."""

from datetime import UTC, datetime

import pytest

from app.services.mails.addresses import addresses
from app.services.mails.charsets import decoded
from app.services.mails.headers import Headers, moment, without_words
from app.services.mails.terms import Address
from tests.services.mails.build import eml, multipart, part, read


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Angebot", "Angebot"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?= an alle", "Grüße an alle"),
        ("Re: =?iso-8859-1?Q?Stra=DFe?= =?iso-8859-1?Q?_und_Platz?=", "Re: Straße und Platz"),
        ("=?iso-8859-1?Q?=80_100?=", "€ 100"),
        ("=?utf-8?B?8J8=?= =?utf-8?B?jok=?=", "🎉"),
        ("=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
        ("=?utf-8?Q?mit Leerzeichen?=", "mit Leerzeichen"),
        ("=?utf-8?Q?Was??=", "Was?"),
        ("=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        ("=?x-nie-gehoert?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?unicode_escape?Q?=5Cx41?=", "\\x41"),
        ("=?idna?Q?xn--mller-kva?=", "xn--mller-kva"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?offen", "=?utf-8?Q?offen"),
        ("=?koi8-r?B?79TXxdQ=?=", "Ответ"),
        ("=?iso-2022-jp?B?GyRCJF4kXyRgJGEkYhsoQg==?=", "まみむめも"),
    ],
)
def test_encoded_words(raw: str, text: str) -> None:
    assert without_words(raw) == text


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Grüße".encode(), "Grüße"),
        ("Grüße 5 €".encode("cp1252"), "Grüße 5 €"),
        (b"=?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n an\r\n\talle", "Grüße an alle"),
        (b"=?utf-8?Q?a=0D=0ABcc:_x@y=00?=", "a Bcc: x@y"),
        ("Rechnung\u202efdp.exe".encode(), "Rechnungfdp.exe"),
        (b"x" * 5000, "x" * 2000),
    ],
)
def test_subjects(subject: bytes, text: str) -> None:
    assert read(eml(b"Subject: " + subject, "", "x", head="From: a@b.example")).subject == text


def test_letters_nobody_encoded_are_of_the_set_of_the_text() -> None:
    mail = read(
        eml("Subject: Привет".encode("koi8-r"), "Content-Type: text/plain; charset=koi8-r", "", head="From: a@b")
    )
    assert mail.subject == "Привет"


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        ("a@b.de", [("", "a@b.de")]),
        ("<a@b.de>", [("", "a@b.de")]),
        ("Ada <a@b.de>, Bob <b@b.de>", [("Ada", "a@b.de"), ("Bob", "b@b.de")]),
        ('"Müller, Hans" <h@m.de>', [("Müller, Hans", "h@m.de")]),
        ("Müller, Hans <h@m.de>", [("Müller, Hans", "h@m.de")]),
        ("a@b.de, Müller, Hans <h@m.de>", [("", "a@b.de"), ("Müller, Hans", "h@m.de")]),
        ("=?utf-8?Q?M=C3=BCller=2C_Hans?= <h@m.de>", [("Müller, Hans", "h@m.de")]),
        ("=?utf-8?Q?Ada_=3Ca=40b.de=3E?=", [("Ada", "a@b.de")]),
        ("a@b.de (Ada)", [("Ada", "a@b.de")]),
        ("Ada a@b.de", [("Ada", "a@b.de")]),
        ("'Ada' <mailto:a@b.de>", [("Ada", "a@b.de")]),
        ("Ada <a@b.de>; Bob <b@b.de>;", [("Ada", "a@b.de"), ("Bob", "b@b.de")]),
        ("Gruppe: a@b.de, Bob <b@b.de>;", [("", "a@b.de"), ("Bob", "b@b.de")]),
        ("undisclosed-recipients:;", []),
        ('"a@b.de" <a@b.de>', [("", "a@b.de")]),
        (r'"Ada \"die Erste\"" <a@b.de>', [('Ada "die Erste"', "a@b.de")]),
        ("Ada < a @ b.de >", [("Ada", "a@b.de")]),
        ("Ada <a@b.de", [("Ada", "a@b.de")]),
        ("<@weg.de,@um.de:a@b.de>", [("", "a@b.de")]),
        ("/O=EXCHANGE/CN=ADA", [("/O=EXCHANGE/CN=ADA", "")]),
        ("Nur ein Name", [("Nur ein Name", "")]),
        ("böse@münchen.de", [("", "böse@münchen.de")]),
        ("", []),
        (" , ;;<>\"'()", []),
        ("@", []),
    ],
)
def test_addresses(raw: str, people: list[tuple[str, str]]) -> None:
    assert list(addresses(raw)) == [Address(*person) for person in people]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Sun, 15 Mar 2026 10:30:00 +0100", "2026-03-15T09:30"),
        ("15 Mar 2026 10:30 +0100", "2026-03-15T09:30"),
        ("Sun, 15 Mar 2026 09:30:00 GMT (UTC)", "2026-03-15T09:30"),
        ("Sun, 15 Mar 2026 09:30:00 -0000", "2026-03-15T09:30"),
        ("Sun, 15 Mar 2026 09:30:00", "2026-03-15T09:30"),
        ("Sun, 15 Mar 2026 05:30:00 EDT", "2026-03-15T09:30"),
        ("Sun Mar 15 09:30:00 2026", "2026-03-15T09:30"),
        ("Sunday, 15-Mar-26 09:30:00 GMT", "2026-03-15T09:30"),
        ("2026-03-15T10:30:00+01:00", "2026-03-15T09:30"),
        ("2026-03-15 09:30:00Z", "2026-03-15T09:30"),
    ],
)
def test_dates(text: str, iso: str) -> None:
    assert moment(text) == datetime.fromisoformat(iso).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "", "gestern", "Sun, 31 Feb 2026 10:30:00 +0100", "Sun, 15 Mar 2026 25:61:00",
        "Sun, 15 Mar 99999 10:30:00 +0100",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "1 Jan 2026 10:00:00 +99999999999999999999",
        "Sun, 15 Mar 1066 10:30:00", "15", ",,,", "0 0 0 0 0", "\0", "²³ Mar 2026 1:2:3",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("raw", "message_id"),
    [
        ("<a.b@c>", "a.b@c"), (" < a@c > ", "a@c"), ("a@c", "a@c"), ("<a@c> <d@e>", "a@c"), ("<a@c", "a@c"),
        ("", None), ("<>", None), ("<\r\n a@c>", "a@c"),
    ],
)  # fmt: skip
def test_identifiers(raw: str, message_id: str | None) -> None:
    assert Headers([("Message-ID", raw)]).identifier("message-id") == message_id


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ('filename="Plan.pdf"', "Plan.pdf"),
        ("filename=Plan.pdf", "Plan.pdf"),
        ("filename=Der Plan (2).pdf", "Der Plan (2).pdf"),
        ('FileName = "Plan;neu.pdf"; size=3', "Plan;neu.pdf"),
        ('filename="=?utf-8?Q?Gr=C3=B6=C3=9Fe.pdf?="', "Größe.pdf"),
        ("filename==?utf-8?Q?Gr=C3=B6=C3=9Fe.pdf?=", "Größe.pdf"),
        ("filename*=utf-8'de'Gr%C3%B6%C3%9Fe.pdf", "Größe.pdf"),
        ("filename*=iso-8859-1''Gr%F6%DFe.pdf", "Größe.pdf"),
        ("filename*=nie-gehoert''Gr%C3%B6%C3%9Fe.pdf", "Größe.pdf"),
        ("filename*=Gr%C3%B6%C3%9Fe.pdf", "Größe.pdf"),
        ("filename*0*=utf-8''Gr%C3; filename*1*=%B6%C3%9Fe; filename*2=\".pdf\"", "Größe.pdf"),
        ('filename*1="b.pdf"; filename*0="a"', "ab.pdf"),
        ("filename=x.pdf; filename*=utf-8''%C3%BC.pdf", "ü.pdf"),
        (r'filename="C:\\Users\\ak\\Plan.pdf"', "Plan.pdf"),
        (r'filename="C:\Users\ak\Plan.pdf"', "Plan.pdf"),
        ('filename="offen.pdf', "offen.pdf"),
        ('filename="a\\"b.pdf"', "a_b.pdf"),
        ('filename="../../../etc/passwd"', "passwd"),
        ('filename="CON"', "_CON"),
        ('filename=""', "attachment-1.pdf"),
        ("filename*9999=x; *=y; ***=z; =", "attachment-1.pdf"),
        ("filename*=utf-8''%00%2e%2e%2f%E2%80%AEfdp.exe", "fdp.exe"),
    ],
)
def test_names_of_files(raw: str, name: str) -> None:
    file = part(f"Content-Type: application/pdf\nContent-Disposition: attachment; {raw}", "x")
    assert [each.name for each in read(eml(multipart("mixed", file))).attachments] == [name]


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("Größe €".encode("cp1252"), "iso-8859-1", "Größe €"),
        ("„Größe“ – 5 €".encode("cp1252"), "ISO-8859-1", "„Größe“ – 5 €"),
        ("Größe".encode("latin-1"), "us-ascii", "Größe"),
        ("Größe".encode(), "us-ascii", "Größe"),
        ("Größe".encode(), None, "Größe"),
        ("Größe".encode("cp1252"), "utf-8", "Größe"),
        ("Größe".encode(), "nie-gehoert", "Größe"),
        ("Größe".encode("utf-16"), "utf-16", "Größe"),
        ("您好".encode("gb18030"), "gb2312", "您好"),
        ("안녕".encode("cp949"), "ks_c_5601-1987", "안녕"),
        (("ä" * 40).encode()[:-1], "utf-8", "ä" * 39 + "\ufffd"),
        (b"abc", "rot13", "abc"),
        (b"abc", "zlib", "abc"),
        (b"abc", "x" * 5000, "abc"),
        (b"abc", "\0", "abc"),
        (b"\x81\x8d", "windows-1252", "\ufffd\ufffd"),
    ],
)
def test_character_sets(data: bytes, charset: str | None, text: str) -> None:
    assert decoded(data, charset) == text
