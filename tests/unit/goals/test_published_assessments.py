"""An assessment for publication: what is withheld is withheld everywhere, and nothing else tells of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("scipy")
pytest.importorskip("pandas")

import casequality as cq
from casequality.desk import Policy, Result, publish
from casequality.errors import UsageError
from casequality.evidence.disclosure import STATES, Ledger
from casequality.goals import Verdict, publish_assessment
from casequality.records import Findings
from casequality.reports import publish_measurements
from tests.factories.assessments import AnsweredShare, assessment, calls, half_year
from tests.factories.tallies import Told, entry

GOAL = "kontakt.besvaret"
"""54 of 66 calls that were not hung up at once, 9 of 11 a month and number: two a month were given up."""


def test_a_small_complement_is_withheld_with_its_verdict_and_its_parts() -> None:
    told = publish_assessment(assessment(), Policy())
    judgement = told.assessment[GOAL]
    parts = [told.shown(judgement, part) for part in judgement.parts]
    assert {part.state for part in parts} == {"withheld"}
    # judged for each month, of which the verdict would tell
    assert judgement.verdict in (Verdict.MET, Verdict.MISSED)
    assert told.verdict(judgement) is None


def test_nothing_of_a_withheld_figure_is_in_the_plain_data() -> None:
    plain = publish_assessment(assessment(), Policy()).to_dict()
    [goal] = [each for each in plain["goals"] if each["goal"] == GOAL]
    for part in goal["parts"]:
        assert (part["state"], part["verdict"]) == ("withheld", "withheld")
        assert (part["value"], part["numerator"], part["denominator"]) == (None, None, None)
    text = json.dumps([plain["goals"], plain["measurements"]])
    assert "sources" not in plain
    for word in ("doubt", "outcomes", "reasons", "margin", "low", "could_flip", "accounts", "findings"):
        assert f'"{word}"' not in text


def test_all_that_is_withheld_is_the_same_but_for_its_place() -> None:
    plain = publish_assessment(assessment(), Policy()).to_dict()
    rows = [row for measured in plain["measurements"].values() for row in measured["figures"]]
    place = {"period", "queue", "facet", "partial"}
    withheld = {
        json.dumps({k: v for k, v in row.items() if k not in place}) for row in rows if row["state"] == "withheld"
    }
    assert len(withheld) == 1


UNSURE = """
[[goal]]
id       = "all"
metric   = "test.told"
source   = "entries"
target   = "at least 84 %"
readings = { cohort = "received" }
"""


def test_a_verdict_does_not_tell_how_few_records_are_in_doubt() -> None:
    """50 of 60 miss 84 %: one or two in doubt leave that so, with three the goal is undecided. It is one state."""
    verdicts = []
    for doubtful in range(7):
        counts = {"yes": 50, "no": 10, "unknown": doubtful}
        rows = [dict(entry("2010-06-03", what=what)) for what, number in counts.items() for _ in range(number)]
        found = cq.assess(UNSURE, {"entries": rows}, period="2010-06", as_of="2012-01-01", metrics=[Told])
        [goal] = found.published(Policy()).to_dict()["goals"]
        assert (goal["state"], goal["numerator"], goal["denominator"]) == ("shown", 50, 60)
        verdicts.append(goal["verdict"])
    assert verdicts == ["missed", *["withheld"] * 4, *["undecided"] * 2]


AVERAGED = UNSURE.replace("readings", 'each      = "month"\naggregate = "mean"\nreadings', 1)


@pytest.mark.parametrize(
    ("late", "doubtful", "state", "value", "verdict"),
    [
        (10, 0, "shown", (4 * 80 + 2 * 98) / 6, "met"),
        (2, 0, "withheld", None, "withheld"),
        (10, 2, "shown", (4 * 80 + 2 * 98) / 6, "withheld"),
    ],
)
def test_the_mean_of_months_is_told_where_each_of_them_is(
    late: int, doubtful: int, state: str, value: float | None, verdict: str
) -> None:
    """Four months of 40 of 50, and two of 490 of 500: their mean is 86 %, and 1,140 of 1,200 would be 95 %."""
    counts = {month: {"yes": 40, "no": 10} for month in (1, 2, 5, 6)}
    counts |= {month: {"yes": 500 - late, "no": late, "unknown": doubtful} for month in (3, 4)}
    rows = [
        dict(entry(f"2010-{month:02}-03", what=what))
        for month, by_outcome in counts.items()
        for what, number in by_outcome.items()
        for _ in range(number)
    ]
    found = cq.assess(AVERAGED, {"entries": rows}, period="2010-H1", as_of="2012-01-01", metrics=[Told])
    [goal] = found.published(Policy()).to_dict()["goals"]
    assert (goal["state"], goal["verdict"]) == (state, verdict)
    assert goal["value"] == (None if value is None else pytest.approx(value))
    assert (goal["numerator"], goal["denominator"]) == (None, None)


WORST = UNSURE.replace("readings", 'each      = ["office"]\naggregate = "each"\nreadings', 1).replace("84", "50")


@pytest.mark.parametrize(("small", "state"), [((60, 10), "shown"), ((9, 2), "withheld"), ((2, 6), "withheld")])
def test_which_part_is_the_worst_does_not_tell_of_one_that_is_withheld(small: tuple[int, int], state: str) -> None:
    """That 40 of 50 is the worst of three offices says of the third, withheld, that it is no worse."""
    counts = {"a": (40, 10), "b": (45, 5), "c": small}
    rows = [
        dict(entry("2010-06-03", what=what, office=office))
        for office, numbers in counts.items()
        for what, number in zip(("yes", "no"), numbers, strict=True)
        for _ in range(number)
    ]
    found = cq.assess(WORST, {"entries": rows}, period="2010-06", as_of="2012-01-01", metrics=[Told])
    [goal] = found.published(Policy()).to_dict()["goals"]
    assert goal["state"] == state
    assert goal["value"] == (80 if state == "shown" else None)


def test_a_threshold_that_nothing_is_under_shows_the_figures_as_they_are() -> None:
    """Of 12 calls a month and number 9 are answered: the smallest count is 1, a call hung up at once."""
    found = half_year(
        AnsweredShare, [*calls(), *calls("other", 10_000)], by=("month",), chosen={"short_abandons": "counted"}
    )
    public = publish_measurements([found], Policy(threshold=5))
    assert {(row["numerator"], row["denominator"], row["state"]) for row in public.rows()} == {(18, 24, "shown")}
    assert {row["value"] for row in public.rows()} == {75.0}


def test_the_table_has_one_word_for_what_is_withheld() -> None:
    found = half_year(AnsweredShare, [*calls(), *calls("other", 10_000)], by=("month", "queue"))
    for lang in ("en", "da"):
        table = publish(found, Policy()).table(lang)
        cells = {cell for row in table.rows for cell in row[2:]}
        assert cells == {STATES["withheld"][lang]}
        assert STATES["withheld"][lang] in table.csv()
        assert "internal" not in table.html()
        assert "intern brug" not in table.html()


def test_every_form_that_is_saved_is_one_edition(tmp_path: Path) -> None:
    found = half_year(AnsweredShare, [*calls(), *calls("other", 10_000)], by=("month",))
    policy = Policy(ledger=tmp_path / "ledger")
    for form in ("csv", "json", "html", "md", "xlsx"):
        publish(found, policy).save(tmp_path / f"figures.{form}")
        assert len(Ledger.load(tmp_path / "ledger").editions) == 1
    with pytest.raises(UsageError, match="not written in that form"):
        publish(found, policy).save(tmp_path / "figures.docx")


def test_publishing_needs_a_policy() -> None:
    with pytest.raises(UsageError, match="needs a policy"):
        publish(half_year(AnsweredShare, calls()), None)  # type: ignore[arg-type]


def test_a_result_gives_each_form_under_a_policy_and_else_says_that_it_is_internal() -> None:
    result = Result(half_year(AnsweredShare, calls(), by=("month",)), Findings())
    assert result.to_dict()["audience"] == {"en": "For internal use", "da": "Til intern brug"}
    assert "Til intern brug" in result.table("da").html()
    assert result.table("da").csv().splitlines()[0].endswith(";Til intern brug")
    public = result.to_dict(publish=Policy())
    assert "audience" not in public
    assert {row["state"] for row in public["measurements"][0]["figures"]} == {"withheld"}
    assert list(result.to_frame(publish=Policy())["state"]) == ["withheld"] * 6
    assert "Til intern brug" not in result.table("da", publish=Policy()).csv()
