"""Every mutant is killed by the law that its first line names, and what they are made from keeps every law."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import casequality as cq
import casequality.testing as kit
from casequality.testing.goals_and_deadlines import GoalFile, Rules
from casequality.testing.record_types import RecordsSubject
from casequality.testing.report import tried
from tests.kit.original import (
    CITED,
    FOUR_WEEKS,
    GOALS,
    DaysOfLetters,
    DecidedInTime,
    Errand,
    MeanDays,
    PagesSent,
    Permit,
    ServedSoon,
    Visit,
    days_of_letters,
    decided_in_time,
    find,
    pages_sent,
)

MUTANTS = sorted(path for path in Path(__file__).with_name("mutants").glob("*.py"))
EXAMPLES = 30
ORACLES: dict[type[cq.Metric], Any] = {
    MeanDays: None,
    DecidedInTime: decided_in_time,
    DaysOfLetters: days_of_letters,
    PagesSent: pages_sent,
}


def law_of(mutant: Path) -> str:
    first = mutant.read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# killed by: ")
    return first.removeprefix("# killed by: ")


def check(metric: type[cq.Metric], *laws: str) -> kit.Report:
    oracle = next((each for kind, each in ORACLES.items() if issubclass(metric, kind)), None)
    return kit.check(metric, only=laws, deadlines=[FOUR_WEEKS], oracle=oracle, examples=EXAMPLES)


def tried_on(made: Any, law: str) -> kit.Check:
    """Return how a law ends on a mutant, whatever it is of."""
    if isinstance(made, GoalFile):
        return tried(named(kit.goal_set_laws, law), made)
    if isinstance(made, Rules):
        return tried(named(kit.deadline_laws, law), made)
    if issubclass(made, cq.Records):
        return tried(named(kit.record_laws, law), RecordsSubject(made, EXAMPLES))
    return check(made, law).checks[0]


def named(laws: Iterable[kit.Law[Any]], name: str) -> kit.Law[Any]:
    [law] = [each for each in laws if each.name == name]
    return law


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda path: path.stem)
def test_a_mutant_is_killed_by_the_law_that_it_names(mutant: Path) -> None:
    law = law_of(mutant)
    made: Any = import_module(f"tests.kit.mutants.{mutant.stem}").Mutant
    found = tried_on(made, law)
    assert found.state == "failed"
    assert "way out" in found.reason or "remedy" in found.reason


@pytest.mark.parametrize(
    "metric", [DecidedInTime, MeanDays, ServedSoon, PagesSent, DaysOfLetters], ids=lambda metric: metric.id
)
def test_what_they_are_made_from_keeps_every_law(metric: type[cq.Metric]) -> None:
    report = check(metric)
    assert not report.count("failed"), str(report)
    assert len(report.checks) == len(kit.laws)


@pytest.mark.parametrize("kind", [Permit, Visit, Errand], ids=lambda kind: kind.name)
def test_their_records_keep_every_law_of_records(kind: type[cq.Records]) -> None:
    subject = RecordsSubject(kind, EXAMPLES)
    assert {tried(law, subject).state for law in kit.record_laws} <= {"passed", "skipped"}


def test_their_goals_and_deadlines_keep_every_law_of_files() -> None:
    assert {tried(law, GoalFile(GOALS, find)).state for law in kit.goal_set_laws} == {"passed"}
    assert {tried(law, Rules.of([CITED])).state for law in kit.deadline_laws} == {"passed"}


def test_every_law_kills_a_mutant() -> None:
    laws: list[kit.Law[Any]] = [*kit.laws, *kit.record_laws, *kit.goal_set_laws, *kit.deadline_laws]
    assert {law.name for law in laws} <= {law_of(mutant) for mutant in MUTANTS}
    assert len(MUTANTS) >= 75
