"""Telephone numbers, mail addresses and sites, places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.twins.mails import address, company_domain
from app.services.twins.phones import e164, is_mobile, readable, trunk
from app.services.twins.places import Nearness, nearness, postcode_of, town_of


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("0221 123456", "DE", "+49221123456"),
        ("0221 / 12 34 56", "DE", "+49221123456"),
        ("+49 (0) 221 12 34 56", "AT", "+49221123456"),
        ("0049 (0)221 123456", "CH", "+49221123456"),
        ("Tel.: 0221-123456", "DE", "+49221123456"),
        ("０２２１ 123456", "DE", "+49221123456"),
        ("491711234567", "DE", "+491711234567"),
        ("0221 123456 oder 0171 1234567", "DE", "+49221123456"),
        ("0664 1234567", "AT", "+436641234567"),
        ("044 668 18 00", "CH", "+41446681800"),
        ("+41 44 668 18 00", "DE", "+41446681800"),
        ("123456", "DE", None),
        ("123456", "AT", None),
        ("110", "DE", None),
        ("0000000", "DE", None),
        ("unbekannt", "DE", None),
        ("", "DE", None),
        ("+", "DE", None),
        ("0" * 100_000, "DE", None),
    ],
)
def test_telephone_numbers(written: str, country: str, number: str | None) -> None:
    assert e164(written, country) == number


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = e164(text, "DE")
    assert number is None or (number[0] == "+" and number[1:].isdigit() and e164(number, "CH") == number)


def test_a_number_is_told_as_people_write_it() -> None:
    assert readable("+49221123456") == "+49 221 123456"
    assert readable("+41443615566") == "+41 44 361 55 66"
    assert readable("none") == "none"


def test_mobile_numbers_and_switchboards() -> None:
    assert all(map(is_mobile, ("+491711234567", "+436641234567", "+41791234567")))
    assert not any(map(is_mobile, ("+49221123456", "+4315334567", "+41446681800")))
    assert trunk("+4939156100") == trunk("+4939156199")
    assert trunk("+491711234567") is None


@pytest.mark.parametrize(
    ("written", "mail", "domain"),
    [
        ("Anna Kern <Anna@Firma.DE>", "anna@firma.de", "firma.de"),
        ("mailto:info@shop.firma.co.at", "info@shop.firma.co.at", "firma.co.at"),
        ("a.b+neu@googlemail.com", "ab@gmail.com", None),
        ("mueller@gmx.de", "mueller@gmx.de", None),
        ("a@xn--mller-kva.de", "a@müller.de", "müller.de"),
        ("a@xn--\x7f", None, None),
        ("niemand", None, None),
        ("@", None, None),
        ("", None, None),
    ],
)
def test_addresses(written: str, mail: str | None, domain: str | None) -> None:
    assert (address(written), company_domain(written)) == (mail, domain)


@pytest.mark.parametrize(
    ("site", "domain"),
    [
        ("https://www.Firma.de/impressum?x=1", "firma.de"),
        ("www.firma.de:8080", "firma.de"),
        ("firma.at", "firma.at"),
        ("http://wer:was@firma.de/", "firma.de"),
        ("https://facebook.com/firma", None),
        ("192.168.0.1", None),
        ("http://", None),
        ("firma", None),
    ],
)
def test_sites(site: str, domain: str | None) -> None:
    assert company_domain(site) == domain


@given(st.text(max_size=200))
def test_any_text_is_an_address_a_site_or_none(text: str) -> None:
    mail = address(text)
    assert mail is None or address(mail) == mail
    domain = company_domain(text)
    assert domain is None or company_domain(domain) == domain


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("50667", "Köln"), ("D-50667", "Koeln"), Nearness.SAME_CODE),
        (("50667", "Köln"), ("50823", "Köln-Ehrenfeld"), Nearness.SAME_TOWN),
        (("60311", "Frankfurt am Main"), ("15230", "Frankfurt (Oder)"), Nearness.ELSEWHERE),
        (("", "Frankfurt/Main"), ("", "Frankfurt a. M."), Nearness.SAME_TOWN),
        (("6300", "Zug"), ("6300", "Wörgl"), Nearness.UNKNOWN),
        (("79098", "Freiburg"), ("79110", ""), Nearness.NEAR),
        (("", "Köln"), ("", "Hamburg"), Nearness.ELSEWHERE),
        (("", "Köln"), ("", ""), Nearness.UNKNOWN),
        (("", "St. Gallen"), ("", "Sankt Gallen"), Nearness.SAME_TOWN),
    ],
)
def test_places(one: tuple[str, str], other: tuple[str, str], expected: Nearness) -> None:
    assert nearness(postcode_of(one[0]), town_of(one[1]), postcode_of(other[0]), town_of(other[1])) == expected
