"""Every published figure of the shipped plugins stays as it was, unless its metric says that it is another one now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs
import pytest

import casequality as cq
from casequality_example import AnsweredInTime
from casequality_rent_tribunal import ClosedInTime
from tests.golden.corpus import (
    CORPUS,
    SETS,
    TROUBLED,
    GoldenSet,
    Published,
    as_text,
    complaint,
    expected_line,
    installed,
    undeclared,
    version_of,
)

IDS = [each.folder for each in SETS]
EXAMPLE = SETS[IDS.index("example")]
TRIBUNAL = SETS[IDS.index("rent-tribunal")]


def by_metric(figures: Iterable[Published]) -> dict[tuple[str, tuple[tuple[str, str], ...]], list[Published]]:
    found: dict[tuple[str, tuple[tuple[str, str], ...]], list[Published]] = {}
    for figure in figures:
        found.setdefault((figure["metric"], tuple(figure["reading"].items())), []).append(figure)
    return found


ALL = [*SETS, *TROUBLED]
NAMES = [*IDS, *(f"{each} in trouble" for each in IDS)]
PUBLISHED = [
    pytest.param(each, metric, dict(reading), figures, id=" ".join([name, metric, *map("=".join, reading)]))
    for each, name in zip(ALL, NAMES, strict=True)
    for (metric, reading), figures in by_metric(each.published()).items()
]
METRICS = sorted({figure["metric"] for each in SETS for figure in each.published()})


@pytest.mark.parametrize(("golden", "metric", "reading", "published"), PUBLISHED)
def test_a_published_figure_stays(
    golden: GoldenSet, metric: str, reading: dict[str, str], published: list[Published]
) -> None:
    if changed := complaint(published, golden.measure(metric, reading)):
        pytest.fail(changed, pytrace=False)


@pytest.mark.parametrize("metric", METRICS)
def test_a_raised_result_version_is_in_the_changelog(metric: str) -> None:
    if lacking := undeclared(metric, version_of(metric)):
        pytest.fail(lacking, pytrace=False)


@pytest.mark.parametrize("golden", ALL, ids=NAMES)
def test_the_figures_are_those_of_the_walk(golden: GoldenSet) -> None:
    text = (golden.path / "figures.json").read_text(encoding="utf-8")
    assert text == as_text(golden.walked()), "write them again: python -m tests.golden.write"


@pytest.mark.parametrize("golden", ALL, ids=NAMES)
def test_every_metric_is_there_under_its_own_choice_and_under_each_alternative(golden: GoldenSet) -> None:
    offers = [offer for name, offer in installed().metrics.items() if name.startswith(f"{golden.folder}.")]
    expected = {(offer.name, ()) for offer in offers} | {
        (offer.name, ((reading, option),))
        for offer in offers
        for reading, choice in offer.value.readings.items()  # type: ignore[attr-defined]
        for option in choice.alternatives
    }
    assert expected - by_metric(golden.published()).keys() == set()
    assert {metric for metric, _ in by_metric(golden.published())} == {offer.name for offer in offers}


def test_every_shipped_plugin_with_metrics_has_a_set() -> None:
    shipped = {folder.parent.name for folder in CORPUS.parents[1].glob("plugins/*/pyproject.toml")}
    offers = [offer.plugin.distribution for offer in installed().metrics.values()]
    offering = {name.removeprefix("casequality-") for name in shipped.intersection(offers)}
    assert offering == set(IDS)


@attrs.frozen
class Lenient(AnsweredInTime):
    """The example metric, with open overdue letters quietly left out."""

    outcomes = cq.outcomes(**{**cq.SETTLED, "open_overdue": cq.OUT})


@attrs.frozen
class Declared(Lenient):
    """The same, and it says so."""

    version = 2


@attrs.frozen
class OtherDefault(ClosedInTime):
    """The tribunal's metric, quietly with another choice where nobody chooses."""

    readings = {**ClosedInTime.readings, "cohort": attrs.evolve(ClosedInTime.readings["cohort"], default="closed")}


def published(golden: GoldenSet, metric: str) -> list[Published]:
    return by_metric(golden.published())[metric, ()]


def test_a_silent_change_is_told_with_both_figures_and_the_way_out() -> None:
    said = complaint(published(EXAMPLE, "example.answered-in-time"), EXAMPLE.measure(Lenient, {}))
    assert "example.answered-in-time, 2010-03\n  published: " in said
    assert "changed under result version 1" in said
    assert "raise `version` to 2" in said
    assert "`example.answered-in-time`: result version 1 to 2; periods: " in said
    assert "python -m tests.golden.write" in said


def test_a_declared_change_asks_for_the_new_figures_only() -> None:
    said = complaint(published(EXAMPLE, "example.answered-in-time"), EXAMPLE.measure(Declared, {}))
    assert "has result version 2; its figures here are of version 1" in said
    assert "python -m tests.golden.write" in said
    assert "raise" not in said


def test_another_choice_where_nobody_chooses_is_a_change() -> None:
    said = complaint(published(TRIBUNAL, "rent-tribunal.closed-in-time"), TRIBUNAL.measure(OtherDefault, {}))
    assert "rent-tribunal.closed-in-time, 2010-Q1\n" in said


def test_a_raised_version_needs_a_fragment_that_names_metric_versions_and_periods(tmp_path: Path) -> None:
    assert undeclared("board.closed", 1, tmp_path) == ""
    assert expected_line("board.closed", 2) in undeclared("board.closed", 2, tmp_path)
    fragment = tmp_path / "0.2.0" / "board.md"
    fragment.parent.mkdir()
    fragment.write_text("`board.closed`: result version 1 to 2; periods: \n")
    assert undeclared("board.closed", 2, tmp_path)
    fragment.write_text("`board.closed`: result version 1 to 2; periods: those with open cases.\n")
    assert undeclared("board.closed", 2, tmp_path) == ""
    assert undeclared("board.closed", 3, tmp_path)
    assert undeclared("board_closed", 2, tmp_path)
