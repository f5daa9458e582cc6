"""What the kit says of itself: how many checks ran, what a skip needs, and what an author reads when a law breaks."""

from __future__ import annotations

import importlib

import pytest

import casequality.testing as kit
from tests.kit.original import FOUR_WEEKS, DecidedInTime


def report_of(mutant: str, **arguments: object) -> kit.Report:
    metric = importlib.import_module(f"tests.kit.mutants.{mutant}").Mutant
    return kit.check(metric, deadlines=[FOUR_WEEKS], examples=10, **arguments)  # type: ignore[arg-type]


def test_a_report_counts_every_law_once() -> None:
    report = kit.check(DecidedInTime, deadlines=[FOUR_WEEKS], examples=2, skips={"whole-weeks": "tried elsewhere"})
    assert [check.law for check in report.checks] == [law.name for law in kit.laws]
    assert report.count("passed") + report.count("failed") + report.count("skipped") == len(kit.laws)
    assert str(report).splitlines()[0] == "permits.decided-in-time: 26 checks, 21 passed, 0 failed, 5 skipped"
    assert "  whole-weeks: skipped, tried elsewhere" in str(report).splitlines()
    assert report.conforms


def test_a_skip_needs_a_reason() -> None:
    [check] = report_of("no_source", only=["citation"], skips={"citation": " "}).checks
    assert (check.state, "without a reason" in check.reason) == ("failed", True)


def test_a_skip_of_a_law_that_holds_is_a_failure_where_that_can_be_told() -> None:
    skips = {"citation": "none", "row-order": "the order matters"}
    report = kit.check(DecidedInTime, deadlines=[FOUR_WEEKS], only=list(skips), skips=skips)
    assert {check.law: check.state for check in report.checks} == {"citation": "failed", "row-order": "skipped"}


def test_a_skip_with_a_reason_is_shown_and_nothing_else_is_tried_in_its_place() -> None:
    report = report_of("no_source", only=["citation"], skips={"citation": "an invented reason"})
    assert [(check.state, check.reason) for check in report.checks] == [("skipped", "an invented reason")]
    assert not report.conforms


def test_an_unknown_law_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="there is no law roworder; the laws are empty"):
        kit.check(DecidedInTime, skips={"roworder": "misspelt"})


@pytest.mark.parametrize(
    ("mutant", "law", "said"),
    [
        ("row_before_it", "row-order", "its outcome is"),
        ("due_day_is_late", "oracle", "the oracle in_time"),
        ("nothing_fails", "empty", "raised   ZeroDivisionError"),
        ("latest_of_none", "empty", "fails with ValueError"),
        ("environment", "purity", "os.environ"),
        ("label_of_an_open_list", "unknown-codes", "compared with Outskirts"),
        ("column_if_needed", "declared-columns", "permits.reminders"),
        ("english_title_only", "titles", "not said in da"),
    ],
)
def test_a_failure_says_what_differed_and_the_way_out(mutant: str, law: str, said: str) -> None:
    from tests.kit.original import decided_in_time

    [check] = report_of(mutant, only=[law], oracle=decided_in_time if law == "oracle" else None).checks
    assert said in check.reason
    assert "way out  " in check.reason


def test_a_failure_shows_the_fewest_invented_records() -> None:
    [check] = report_of("twins_dropped", only=["splitting"]).checks
    shown = [line for line in check.reason.splitlines() if line.startswith("  record")]
    assert len({line.partition(",")[0] for line in shown}) == 2, "the twin and the one it is taken for"
