"""Cards as the programs of this world write them."""

import base64
import quopri

import pytest

from app.core.errors import InvalidInput
from app.core.place import Place
from app.services.cards.birthdays import birthday
from app.services.cards.card import Birthday, Card, Label, Photo, Point, Salutation
from app.services.cards.reading import read_cards
from tests.services.cards.examples import JPEG, PNG, one, vcard

OUTLOOK = """BEGIN:VCARD
VERSION:2.1
N;LANGUAGE=de;CHARSET=Windows-1252:M\xfcller;J\xfcrgen;;Herr Dr.
FN;CHARSET=Windows-1252:J\xfcrgen M\xfcller
ORG;CHARSET=Windows-1252:M\xfcller, S\xf6hne & Co;Einkauf
TITLE:Leiter
NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=Windows-1252:Gr=FC=DFe=0D=0A=
aus =
Köln: \\\\server\\neu
TEL;WORK;VOICE:+49 (221) 1234-0
TEL;CELL;VOICE:+49 171 1234
TEL;WORK;FAX:+49 221 1235
ADR;WORK;PREF;ENCODING=QUOTED-PRINTABLE:;;Am Ring 1=0D=0AHaus B;K=F6ln;NRW;50667;Deutschland
LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:Am Ring 1=0D=0A50667 K=F6ln
X-MS-OL-DEFAULT-POSTAL-ADDRESS:2
URL;WORK:http://www.example.com
BDAY:19700229
EMAIL;PREF;INTERNET:jm@example.com
PHOTO;TYPE=JPEG;ENCODING=BASE64:
 {photo}

X-MS-MANAGER:Frau Chef
REV:20240101T000000Z
END:VCARD
"""

APPLE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//macOS 14//EN
N:Beispiel;Åsa;;;
FN:Åsa Beispiel
item1.EMAIL;type=INTERNET;type=pref:asa@example.com
item1.X-ABLabel:Verein
EMAIL;type=INTERNET;type=HOME:asa@home.example
item2.TEL;type=pref:030 1
item2.X-ABLabel:_$!<Work>!$_
item3.ADR;type=HOME;type=pref:;;Weg 1\\nHinterhaus;Wien;;1010;Österreich
item3.X-ABADR:at
item4.URL;type=pref:http\\://asa.example
item4.X-ABLabel:_$!<HomePage>!$_
item5.X-ABRELATEDNAMES:Bo
item5.X-ABLabel:_$!<Spouse>!$_
BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29
NOTE:eins\\, zwei\\; drei\\nvier \\\\ fünf
CATEGORIES:Kunde,Netz\\,werk
END:VCARD
"""


def test_outlook() -> None:
    text = OUTLOOK.replace("{photo}", base64.b64encode(JPEG).decode())
    assert one(text.replace("\n", "\r\n").encode("cp1252")) == Card(
        name="Jürgen Müller", given="Jürgen", family="Müller", prefix="Dr.", salutation=Salutation.MR,
        organisation="Müller, Söhne & Co", department="Einkauf", title="Leiter",
        phones=(
            Point(Label.WORK, "+49 (221) 1234-0"), Point(Label.CELL, "+49 171 1234"),
            Point(Label.WORK_FAX, "+49 221 1235"),
        ),
        mails=(Point(Label.OTHER, "jm@example.com", preferred=True),),
        webs=(Point(Label.WORK, "http://www.example.com"),),
        addresses=(Place(Label.WORK, "Am Ring 1\nHaus B", "", "50667", "Köln", "NRW", "Deutschland"),),
        note="Grüße\naus Köln: \\\\server\\neu", photo=Photo(JPEG, "image/jpeg"),
        unread=("BDAY", "X-MS-MANAGER"),  # there was no 29 February in 1970
    )  # fmt: skip


def test_apple() -> None:
    assert one(APPLE) == Card(
        name="Åsa Beispiel", given="Åsa", family="Beispiel",
        phones=(Point(Label.WORK, "030 1", preferred=True),),
        mails=(Point("Verein", "asa@example.com", preferred=True), Point(Label.HOME, "asa@home.example")),
        webs=(Point(Label.OTHER, "http://asa.example", preferred=True),),
        addresses=(Place(Label.HOME, "Weg 1\nHinterhaus", "", "1010", "Wien", "", "Österreich"),),
        birthday=Birthday(2, 29), note="eins, zwei; drei\nvier \\ fünf", categories=("Kunde", "Netz,werk"),
        unread=("X-ABRELATEDNAMES",),
    )  # fmt: skip


def test_4_0() -> None:
    card = one(
        vcard(
            "FN:Simon Perreault", "N:Perreault;Simon;A,B;;ing. jr,M.Sc.", "BDAY:--0203", "GENDER:F",
            "UID:urn:uuid:0e76", 'TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656-9254;ext=102',
            "TEL;TYPE=work,cell;PREF=2:tel:%2B1",
            'EMAIL;TYPE="x-wörk;a:b":mailto:simon@viagenie.ca', 'ADR;TYPE=home;LABEL="Weg 1^n1010 Wien":;;;;;;',
            "PHOTO:data:image/png;base64," + base64.b64encode(PNG).decode(), "KIND:individual", version="4.0",
        )
    )  # fmt: skip
    assert card == Card(
        name="Simon Perreault", given="Simon", family="Perreault", additional="A B", suffix="ing. jr, M.Sc.",
        salutation=Salutation.MS, birthday=Birthday(2, 3), uid="0e76", photo=Photo(PNG, "image/png"),
        phones=(Point(Label.WORK, "+1-418-656-9254 ext. 102", preferred=True), Point(Label.WORK_CELL, "+1")),
        mails=(Point("wörk;a:b", "simon@viagenie.ca"),), addresses=(Place(Label.HOME, "Weg 1\n1010 Wien"),),
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\r\n"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    text = vcard("FN:Jörg Groß", "NOTE:Gr\r\n öße\r\n  nach Köln").replace("\r\n", end)
    card = one(text.encode(encoding))
    assert (card.name, card.family, card.note) == ("Jörg Groß", "Groß", "Größe nach Köln")


def test_a_fold_within_a_character() -> None:
    assert one(b"BEGIN:VCARD\r\nFN:Gro\xc3\r\n \x9f\r\nEND:VCARD").name == "Groß"


@pytest.mark.parametrize(
    ("head", "value", "expected"),
    [
        ("FN;CHARSET=ISO-8859-15", b"10 \xa4", "10 €"),
        ("FN;CHARSET=iso-8859-1", b"10 \x80", "10 €"),  # Windows calls itself Latin 1
        ("FN;CHARSET=UTF-8", b"M\xfcller", "Müller"),  # and what is not UTF-8, UTF-8
        ("FN;CHARSET=KOI8-R", b"\xf7\xc1\xce\xd1", "Ваня"),
        ("FN;CHARSET=unicode_escape", "Ä\\u0041".encode(), "Ä\\u0041"),
        ("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE", b"M=C3=BCl=\r\nler=20=C3", "Müller \ufffd"),
        ("FN;QUOTED-PRINTABLE", b"a=3Db", "a=b"),
        ("FN;ENCODING=B;CHARSET=UTF-8", base64.b64encode("Müller".encode()), "Müller"),
    ],
)
def test_encodings_of_a_line(head: str, value: bytes, expected: str) -> None:
    assert one(b"BEGIN:VCARD\nVERSION:2.1\n" + head.encode() + b":" + value + b"\nEND:VCARD\n").name == expected


def test_2_1_breaks_a_line_before_a_space_of_the_text() -> None:
    assert one(vcard("FN:Eva", "NOTE:nach\r\n Köln", version="2.1")).note == "nach Köln"
    assert one(vcard("FN:Eva", "NOTE:nach\r\n Köln", version="3.0")).note == "nachKöln"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"\\server\neu", r"\\server\neu"),
        (r"C:\neu\, gut", r"C:\neu, gut"),
        (r"eins\nzwei", "eins\nzwei"),
        (r"eins\;zwei", "eins;zwei"),
    ],
)
def test_2_1_escapes_no_backslash(value: str, expected: str) -> None:
    assert one(vcard("FN:Eva", f"NOTE:{value}", version="2.1")).note == expected


def test_a_note_whose_line_ends_nobody_escaped() -> None:
    card = one(vcard("FN:Eva", "NOTE:eins", "zwei", "drei", "TEL:1", "rest"))
    assert (card.note, card.unread) == ("eins\nzwei\ndrei", ("rest",))


def test_several_notes_are_one() -> None:
    assert one(vcard("FN:Eva", "NOTE:eins", "TEL:1", "NOTE:", "NOTE:zwei")).note == "eins\n\nzwei"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("N:Groß;Eva;Maria;Dr.;MBA",), "Dr. Eva Maria Groß MBA"),
        (("N:Groß",), "Groß"),
        (("ORG:Groß AG;Einkauf", "EMAIL:info@gross.example"), "Groß AG"),
        (("NICKNAME:Evi", "EMAIL:e@x.example"), "Evi"),
        (("EMAIL:e@x.example", "TEL:1"), "e@x.example"),
        (("TEL:030 1",), "030 1"),
        (("FN:", "N:;;;;", "TEL:030 1"), "030 1"),
    ],
)
def test_a_name_is_made_of_what_there_is(lines: tuple[str, ...], name: str) -> None:
    assert one(vcard(*lines)).name == name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Eva Groß", ("", "Eva", "Groß")),
        ("Groß, Eva Maria", ("", "Eva Maria", "Groß")),
        ("Frau Dr. Eva Maria von der Heide", ("Dr.", "Eva Maria", "von der Heide")),
        ("Dr. Groß", ("Dr.", "", "Groß")),
        ("van Gogh", ("", "", "van Gogh")),
        ("Madonna", ("", "", "Madonna")),
    ],
)
def test_a_whole_name_is_taken_apart(name: str, parts: tuple[str, str, str]) -> None:
    card = one(vcard(f"FN:{name}".replace(",", "\\,")))
    assert (card.prefix, card.given, card.family) == parts


def test_a_name_that_was_taken_apart_is_left_so() -> None:
    card = one(vcard("FN:Eva Groß", "N:;;;;"))
    assert (card.given, card.family) == ("", "")


@pytest.mark.parametrize(
    ("lines", "is_company"),
    [
        (("FN:Groß AG", "ORG:Groß AG"), True),
        (("FN:Groß AG", "N:;;;;", "ORG:Groß AG"), True),
        (("FN:Groß", "X-ABShowAs:COMPANY", "N:Groß;Eva"), True),
        (("FN:Groß", "KIND:org"), True),
        (("FN:Groß AG", "ORG:Groß AG", "KIND:individual"), False),
        (("FN:Eva Groß", "ORG:Groß AG"), False),
        (("FN:Groß AG", "N:Groß;Eva", "ORG:Groß AG"), False),
        (("EMAIL:a@x.example",), False),
    ],
)
def test_companies(lines: tuple[str, ...], is_company: bool) -> None:
    assert one(vcard(*lines)).is_company == is_company


def test_a_company_has_its_name_twice() -> None:
    assert one(vcard("FN:Groß", "KIND:org")).organisation == "Groß"


@pytest.mark.parametrize(
    ("lines", "salutation"),
    [
        (("N:Groß;Eva;;Frau Prof.;",), Salutation.MS),
        (("N:Groß;Udo;;Herrn;",), Salutation.MR),
        (("N:Groß;Udo;;Herr und Frau;",), Salutation.NONE),
        (("N:Groß;Eva;;Mrs.;", "GENDER:M"), Salutation.MS),
        (("N:Groß;Udo", "X-GENDER:Male"), Salutation.MR),
        (("N:Groß;Eva", "X-SALUTATION:Frau"), Salutation.MS),
        (("N:Groß;Eva", "GENDER:O;divers"), Salutation.NONE),
    ],
)
def test_salutations(lines: tuple[str, ...], salutation: Salutation) -> None:
    assert one(vcard(*lines)).salutation == salutation


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ("TEL", Label.OTHER),
        ("TEL;HOME;FAX", Label.HOME_FAX),
        ("TEL;TYPE=FAX", Label.FAX),
        ("TEL;type=WORK;type=CELL;type=VOICE", Label.WORK_CELL),
        ("TEL;TYPE=HOME,CELL", Label.CELL),
        ('TEL;TYPE="home,voice"', Label.HOME),
        ("TEL;TYPE=MAIN", Label.MAIN),
        ("TEL;TYPE=WORK;TYPE=PAGER", Label.PAGER),
        ("TEL;TYPE=x-Klingel", "klingel"),
        ("a1.TEL;TYPE=HOME", "Gartenlaube"),
        ("a2.TEL", Label.CELL),
        ("a3.TEL", Label.WORK_FAX),
        ('TEL;TYPE="WORK', Label.WORK),
    ],
)
def test_labels(head: str, label: str) -> None:
    own = ("A1.X-ABLabel:Gartenlaube", "A2.X-ABLabel:_$!<Mobile>!$_", "A3.X-ABLABEL:Work Fax")
    [phone] = one(vcard("FN:Eva", f"{head}:1", *own)).phones
    assert phone == Point(label, "1")


def test_the_best_of_the_preferred_is_preferred() -> None:
    phones = one(vcard("FN:Eva", "TEL;PREF=30:1", "TEL;PREF=2:2", "TEL:3", "TEL;PREF=x:4", version="4.0")).phones
    assert [phone.value for phone in phones if phone.preferred] == ["2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1980-03-22", Birthday(3, 22, 1980)),
        ("19800322", Birthday(3, 22, 1980)),
        ("1980-3-2", Birthday(3, 2, 1980)),
        ("1980/03/22", Birthday(3, 22, 1980)),
        ("1953-10-15T23:10:00Z", Birthday(10, 15, 1953)),
        ("19531015T231000-0600", Birthday(10, 15, 1953)),
        ("--0415", Birthday(4, 15)),
        ("--04-15", Birthday(4, 15)),
        ("--0229", Birthday(2, 29)),
        ("1604-02-29", Birthday(2, 29)),
        ("0000-04-15", Birthday(4, 15)),
        ("22.03.1980", Birthday(3, 22, 1980)),
        ("1. 4.", Birthday(4, 1)),
        ("22. März 1980", Birthday(3, 22, 1980)),
        ("March 22nd, 1980", Birthday(3, 22, 1980)),
        ("15 apr", Birthday(4, 15)),
        ("22/03/1980", Birthday(3, 22, 1980)),
        ("03/03/1980", Birthday(3, 3, 1980)),
        ("03/04/1980", None),  # March or April
        ("1981-02-29", None),
        ("--0230", None),
        ("1980", None),
        ("---15", None),
        ("T102200", None),
        ("circa 1800", None),
        ("1980-03-2２", None),
        ("15 blue", None),
    ],
)
def test_birthdays(text: str, expected: Birthday | None) -> None:
    assert birthday(text) == expected
    card = one(vcard("FN:Eva", f"BDAY:{text}"))
    assert (card.birthday, card.unread) == (expected, () if expected else ("BDAY",))


def test_the_year_a_card_says_to_be_none() -> None:
    assert one(vcard("FN:Eva", "BDAY;X-APPLE-OMIT-YEAR=1900:1900-04-15")).birthday == Birthday(4, 15)


_PACKED = base64.b64encode(JPEG).decode()


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("PHOTO;JPEG;ENCODING=BASE64:", f" {_PACKED[:50]}", f" {_PACKED[50:]}", ""), id="2.1"),
        pytest.param(("PHOTO;ENCODING=BASE64;JPEG:", _PACKED[:50], _PACKED[50:], ""), id="not indented"),
        pytest.param(("PHOTO;BASE64:", f"  {_PACKED[:50]}", f"  {_PACKED[50:]}"), id="Apple"),
        pytest.param((f"PHOTO;ENCODING=b;TYPE=image/gif:{_PACKED.rstrip('=')}",), id="3.0, wrong type"),
        pytest.param((f"PHOTO;TYPE=JPEG:{_PACKED}",), id="3.0 that does not say how"),
        pytest.param((f"PHOTO:data:image/jpeg;base64,{_PACKED}",), id="4.0"),
        pytest.param(
            (f"PHOTO;VALUE=uri:DATA:;base64\\,{_PACKED.replace('+', '%2B').replace('=', '%3d')}",), id="escaped"
        ),
        pytest.param(("PHOTO:data:image/jpeg," + "".join(f"%{byte:02x}" for byte in JPEG),), id="percent"),
    ],
)
@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
def test_photos(lines: tuple[str, ...], version: str) -> None:
    card = one(vcard("FN:Eva", *lines, "TEL:1", version=version))
    assert card.photo == Photo(JPEG, "image/jpeg")
    assert (len(card.phones), card.unread) == (1, ())


@pytest.mark.parametrize(
    "line",
    [
        "PHOTO;VALUE=uri:http://www.example.com/a.jpg", "PHOTO;VALUE=URL:a.jpg", "PHOTO:https://example.com/a.jpg",
        "PHOTO;ENCODING=b:file:///etc/passwd", "PHOTO:CID:1.jpg", "PHOTO;TYPE=JPEG:www.example.com/a.jpg",
    ],
)  # fmt: skip
def test_photos_elsewhere_are_not_fetched(line: str) -> None:
    card = one(vcard("FN:Eva", line))
    assert (card.photo, card.unread) == (None, ("PHOTO",))


@pytest.mark.parametrize(
    "line",
    [
        "PHOTO;ENCODING=b:%%%", "PHOTO;ENCODING=b:A", "PHOTO;ENCODING=b:/9j/A", "PHOTO:data:image/png;base64,=",
        "PHOTO;ENCODING=b:" + base64.b64encode(b"<svg/>").decode(), "PHOTO:data:text/html,<b>", "PHOTO:data:",
        "PHOTO;ENCODING=b:" + base64.b64encode(JPEG).decode() + "=A",
    ],
)  # fmt: skip
def test_a_photo_that_cannot_be_read_leaves_the_rest(line: str) -> None:
    found = read_cards(vcard("FN:Eva", line, "TEL:1").encode())
    assert [(card.name, card.photo, card.unread) for card in found.cards] == [("Eva", None, ("PHOTO",))]
    assert [(refusal.line, refusal.whole) for refusal in found.refused] == [(4, False)]
    assert "photo" in str(found.refused[0].why)


def test_printed_addresses_only_where_there_is_no_other() -> None:
    lines = (
        "ADR;TYPE=WORK:;;Weg 1;Köln;;50667;",
        "LABEL;TYPE=WORK:Weg 1\\n50667 Köln",
        "LABEL;TYPE=HOME:Gasse 2\\nWien",
    )
    addresses = one(vcard("FN:Eva", *lines)).addresses
    assert addresses == (Place(Label.WORK, "Weg 1", "", "50667", "Köln"), Place(Label.HOME, "Gasse 2\nWien"))


def test_boxes_stand_beside_the_street_and_empty_addresses_nowhere() -> None:
    addresses = one(vcard("FN:Eva", "ADR:Postfach 1;c/o Bo;Weg 1;Köln;;;", "ADR;TYPE=HOME:;;;;;;", "ADR:;")).addresses
    assert addresses == (Place(Label.OTHER, "Weg 1", "Postfach 1\nc/o Bo", city="Köln"),)


def test_what_is_not_taken_is_named() -> None:
    lines = (
        "FN:Eva",
        "X-AIM:eva",
        "item1.X-AIM:eva2",
        "NICKNAME:Evi",
        "ORG:A",
        "ORG:B",
        "TITLE:T",
        "TITLE:T",
        "REV:1",
        "GEO:",
    )
    assert one(vcard(*lines)).unread == ("X-AIM", "ORG", "NICKNAME")


def test_cards_within_cards() -> None:
    old = "BEGIN:VCARD\nVERSION:2.1\nFN:Chef\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:Eva\nEND:VCARD\nTEL:1\nEND:VCARD\n"
    new = vcard("FN:Chef", "AGENT:BEGIN:VCARD\\nFN:Eva\\nNOTE:a\\\\nb\\nTEL\\;HOME:2\\nEND:VCARD\\n", "TEL:1")
    for text in (old, new):
        found = read_cards(text.encode())
        assert [card.name for card in found.cards] == ["Chef", "Eva"]
        assert [phone.value for phone in found.cards[0].phones] == ["1"]
        assert not found.refused
    assert read_cards(new.encode()).cards[1] == Card("Eva", family="Eva", note="a\nb", phones=(Point(Label.HOME, "2"),))


def test_many_cards_between_other_text_and_without_their_ends() -> None:
    text = "Hallo!\nbegin:vCard\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\nEND:VCARD\n\ufeffBEGIN : VCARD \nFN:C\nNOTE:x"
    found = read_cards(text.encode())
    assert [card.name for card in found.cards] == ["A", "B", "C"]
    assert found.cards[2].note == "x"
    assert not found.refused


def test_each_card_that_makes_no_sense_has_its_line() -> None:
    text = "\r\n".join(
        map(str.strip, (vcard("FN:A"), vcard("ADR:;;Weg;;;;"), vcard("FN:G", "KIND:group"), vcard("FN:B")))
    )
    found = read_cards(text.encode())
    assert [card.name for card in found.cards] == ["A", "B"]
    assert [(refusal.line, refusal.whole) for refusal in found.refused] == [(5, True), (9, True)]
    assert [str(refusal.why) for refusal in found.refused] == [
        "The card says neither a name nor a company, an e-mail address or a number.",
        "This is a group of contacts, not a contact.",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"Hallo", b"BEGIN:VCALENDAR\nEND:VCALENDAR", b"\xff\xfe", b"\0" * 99, b"PK\x03\x04"]
)
def test_what_is_no_file_of_cards(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="holds no contacts"):
        read_cards(data)


def test_quoted_printable_as_the_library_writes_it() -> None:
    text = "Zeile mit = und ü, " * 20
    packed = quopri.encodestring(text.strip().encode()).decode()
    head = "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:"
    assert one(vcard("FN:Eva", head + packed, "TEL:1", version="2.1")).note == text.strip()
