"""Contacts in and out on the command line."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import TODAY, Trichter
from tests.services.cards.examples import vcard

ANNA = vcard("FN:Anna Kern", "N:Kern;Anna;;;", "ORG:Kern GmbH", "TEL;TYPE=CELL:0171 2345678", "NOTE:Alt")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two people, a company, and a group, which is none of these."""
    made = tmp_path / "kontakte.vcf"
    made.write_text(
        ANNA + vcard("FN:Otto Ott") + vcard("FN:Kern GmbH", "ORG:Kern GmbH", "KIND:org", version="4.0")
        + vcard("FN:Alle", "KIND:group", version="4.0"), "utf-8",
    )  # fmt: skip
    return made


def test_contacts_go_in_and_out(trichter: Trichter, file: Path, tmp_path: Path) -> None:
    said = trichter("--today", TODAY, "cards", "import", file)
    assert said.code == 0
    assert "new companies  1" in said.out
    assert "new people     2" in said.out
    assert "kontakte.vcf    19  This is a group of contacts, not a contact." in said.out
    for version in ("3", "4"):
        target = tmp_path / f"{version}.vcf"
        said = trichter("cards", "export", target, "--version", version)
        assert said.out == f"3 contacts written to {target}.\n"
        text = target.read_text("utf-8")
        assert text.count(f"VERSION:{version}.0") == 3
        assert "FN:Anna Kern" in text
        assert "ORG:Kern GmbH" in text


def test_a_second_time_nothing_is_new(trichter: Trichter, file: Path) -> None:
    first = trichter("cards", "import", file, "--json").json
    assert (first["companies"], first["people"], first["filled"]) == (1, 2, 0)
    second = trichter("cards", "import", file, "--json").json
    assert (second["companies"], second["people"], second["filled"], second["skipped"]) == (0, 0, 0, 3)
    assert {card["action"] for card in second["cards"]} == {"skip"}


def test_a_dry_run_makes_no_store_and_says_the_same(trichter: Trichter, file: Path, data: Path) -> None:
    would = trichter("cards", "import", file, "--dry-run", "--json").json
    assert not data.exists()
    assert trichter("cards", "import", file, "--json").json == would
    kinds = [(card["kind"], card["name"], card["company"], card["action"]) for card in would["cards"]]
    assert kinds == [
        ("person", "Anna Kern", "Kern GmbH", "new"),
        ("person", "Otto Ott", None, "new"),
        ("company", "Kern GmbH", None, "new"),
    ]
    assert [(each["line"], each["whole"]) for each in would["refused"]] == [(19, True)]


def test_somebody_who_may_be_there_is_named(trichter: Trichter, file: Path, tmp_path: Path) -> None:
    trichter("cards", "import", file)
    other = tmp_path / "andere.vcf"
    other.write_text(vcard("FN:Anna Kern"), "utf-8")
    said = trichter("cards", "import", other)
    assert "perhaps there already" in said.out
    assert "same name" in said.out


def test_files_without_contacts_make_no_store(trichter: Trichter, tmp_path: Path, data: Path) -> None:
    empty = tmp_path / "leer.vcf"
    empty.write_bytes(b"")
    assert trichter("cards", "import", empty).is_refusal
    assert trichter("cards", "import", empty, empty).code == 1
    assert trichter("cards", "import", tmp_path / "none.vcf").is_refusal
    assert trichter("cards", "import").code == 2
    assert not data.exists()


def test_nobody_is_made_for_it(trichter: Trichter, file: Path) -> None:
    said = trichter("--user", "Niemand", "cards", "import", file)
    assert said.is_refusal
    assert "Niemand" in said.err


@pytest.mark.skipif(os.name == "nt", reason="a pipe is no file there")
def test_an_export_goes_to_a_pipe_too(trichter: Trichter, file: Path) -> None:
    trichter("cards", "import", file)
    assert trichter("cards", "export", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()
