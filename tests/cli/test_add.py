"""`trichter add`: a lead from one line."""

import pytest

from tests.cli.conftest import TODAY, Trichter

LINE = "Relaunch Müller 25k 60% 15.3. 9 Uhr @Ben #Messe #neu /Angebot"


def test_what_was_understood_is_told_with_the_id(filled: Trichter) -> None:
    said = filled("--today", TODAY, "add", LINE)
    assert said.code == 0, said
    told = dict(line.split(maxsplit=1) for line in said.out.splitlines())
    assert told["Id"].isdigit()
    assert (told["Title"], told["Company"], told["Stage"]) == ("Relaunch", "Müller", "Angebot")
    assert "Ben Roth" in said.out
    assert "60" in told["Probability"]


def test_the_answer_as_json(filled: Trichter) -> None:
    said = filled("--today", TODAY, "add", f"{LINE} Huber GmbH", "--json")
    assert said.code == 0, said
    answer = said.json
    assert list(answer) == ["id", "lead", "proposed", "unclear"]
    lead = answer["lead"]
    assert lead["id"] == answer["id"]
    assert (lead["company"], lead["amount"], lead["probability"], lead["responsible"], lead["stage"]) == (
        "Müller", "25000.00", 60, "Ben Roth", "Angebot",
    )  # fmt: skip
    assert (lead["next_step_on"], lead["source"], lead["tags"]) == ("2027-03-15", "Messe", ["neu"])
    listed = filled("--today", TODAY, "list", "--json").json["leads"]
    assert lead in listed


def test_a_proposal_is_left_in_the_title_and_told(filled: Trichter) -> None:
    said = filled("--today", TODAY, "add", "Website Huber GmbH", "--idea", "--json")
    assert [each["field"] for each in said.json["proposed"]] == ["company", "company"]
    assert (said.json["lead"]["title"], said.json["lead"]["status"]) == ("Website Huber GmbH", "potential")
    assert "it was left there" in filled("--today", TODAY, "add", "Website Huber GmbH").err


@pytest.mark.parametrize("line", ["Film @nobody", "Film 31.2.", "Film /Nirgendwo"])
def test_what_is_not_understood_is_refused_or_becomes_part_of_the_title(filled: Trichter, line: str) -> None:
    before = filled("list", "--json").json["count"]
    said = filled("add", line)
    assert said.is_refusal
    assert "--anyway" in said.err
    assert filled("list", "--json").json["count"] == before
    anyway = filled("add", line, "--anyway", "--json")
    assert anyway.json["lead"]["title"] == line
    assert anyway.json["unclear"][0]["words"] == line.split()[1]


@pytest.mark.parametrize("line", ["", "25k", "x" * 10_000, "SEO 2k/Monat"])
def test_a_line_that_makes_no_lead_is_refused(filled: Trichter, line: str) -> None:
    assert filled("add", line).is_refusal


def test_nobody_is_made_by_the_way(filled: Trichter) -> None:
    assert filled("--user", "Neu Hier", "add", "Film").is_refusal
    said = filled("--user", "Ben Roth", "add", "Film", "--json")
    assert said.json["lead"]["responsible"] == "Ben Roth"
