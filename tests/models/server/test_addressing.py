"""How addresses of servers are written down."""

from pathlib import Path

import pytest

from app.core.errors import InvalidInput
from app.models.server.addressing import address_of, folder_name, is_open_to_others
from app.models.server.link import Address


def test_a_url_and_keywords_mean_the_same() -> None:
    url = address_of("postgresql://anna:p%40ss@db.example.com:5433/agentur?sslmode=require")
    assert url == address_of("host=db.example.com port=5433 dbname=agentur user=anna password=p@ss sslmode=require")
    assert url == Address("db.example.com", "agentur", "anna", "p@ss", 5433, "require")


def test_without_a_word_on_tls_it_is_the_strictest(tmp_path: Path) -> None:
    plain = "postgresql://anna@db/agentur"
    assert address_of(plain).tls == "verify-full"
    file = tmp_path / "ca.pem"
    file.touch()
    assert address_of(f"{plain}?sslrootcert={file}").authority == file
    assert address_of(plain, tls="disable", authority=file) == Address(
        "db", "agentur", "anna", "", 5432, "disable", file
    )
    assert address_of(f"{plain}?sslrootcert=system").authority is None


@pytest.mark.parametrize(
    "written",
    [
        "", " ", "Unsinn", "mysql://anna@db/agentur", "postgresql://anna@db", "postgresql://db/agentur",
        "postgresql://anna@db/agentur?sslmode=prefer", "postgresql://anna@db/agentur?sslmode=",
        "postgresql://anna@db/agentur?options=-c%20x%3D1", "postgresql://anna@db/agentur?service=x",
        "postgresql://anna@a,b/agentur", "postgresql://anna@db:0/agentur", "postgresql://anna@db:99999/agentur",
        "postgresql://anna@db:5a/agentur", "postgresql://anna@db/agentur?sslrootcert=/gibt/es/nicht",
        "postgresql://anna@db/a\0b", "host=db dbname='x user=y", "postgresql://anna:geheim@db/agentur?foo=geheim",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(InvalidInput) as told:
        address_of(written)
    assert "geheim" not in str(told.value)


def test_a_replica_has_a_folder_of_its_own() -> None:
    known = Address("DB.example.com", "Agentur Süd", "änna/../x")
    name = folder_name(known)
    assert name.startswith("db-example-com-agentur-sud-anna-x-")
    assert "/" not in name
    assert folder_name(Address("db.EXAMPLE.com", "Agentur Süd", "änna/../x", "geheim", tls="disable")) == name
    others = [
        Address("db.example.org", "Agentur Süd", "änna/../x"), Address("DB.example.com", "agentur süd", "änna/../x"),
        Address("DB.example.com", "Agentur Süd", "Ä"), Address("DB.example.com", "Agentur Süd", "änna/../x", "", 1),
    ]  # fmt: skip
    assert len({name, *map(folder_name, others)}) == 5
    assert len(folder_name(Address("h" * 300, "d" * 300, "日本" * 300))) < 100


def test_who_could_listen() -> None:
    assert is_open_to_others(Address("db", "x", "y", tls="disable"))
    for safe in (Address("db", "x", "y"), *(Address(host, "x", "y", tls="disable") for host in ("", "/run", "::1"))):
        assert not is_open_to_others(safe)
