"""The golden corpus: small invented data sets with their published figures, and what must be done when one changes.

The figures are in `figures.json` beside each data set. They come from the plain walks in `walks`, never from the
library; only the result version written beside each is the metric's own.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs

import casequality as cq
from casequality.host import Catalogue, discover
from tests.golden.stories import IN_TROUBLE, Scene
from tests.golden.troubles import SCENES
from tests.golden.walks import (
    case_flow,
    case_review,
    citizen_service,
    citizens_adviser,
    complaints,
    contact_centre,
    correspondence,
    example,
    housing_benefit,
    rent_tribunal,
    winter_2014,
)
from tests.golden.walks.figures import Figure, plain

CORPUS = Path(__file__).parent
CHANGES = CORPUS.parents[1] / "docs/changes"
BENEFITS = cq.deadlines.Schedule(
    id="benefits",
    title={"en": "Benefits", "da": "Ydelser"},
    calendar="dk-statutory",
    by_kind={"housing_benefit": "4 weeks", "child_allowance": "10 working days", "adoption_allowance": "1 month"},
)
CASE_TYPES = cq.deadlines.Schedule(
    id="case-types",
    title={"en": "Case types", "da": "Sagstyper"},
    calendar="dk-statutory",
    by_kind={"pension": "1 month", "aid": "4 weeks", "transport": "10 working days"},
)
SILENCE = cq.deadlines.Deadline(
    id="keep-informed",
    title={"en": "Word along the way", "da": "Besked undervejs"},
    kind="step",
    terms="4 weeks",
    calendar="dk-statutory",
)
REACTION = attrs.evolve(SILENCE, id="reaction", title={"en": "Reaction", "da": "Reaktion"}, terms="5 working days")
Published: TypeAlias = dict[str, Any]


@attrs.frozen
class GoldenSet:
    """The data of one plugin; the prefix of its metrics' ids is its folder's name.

    Records are in `<name of the record type>.csv`, their child rows in `<name of the record type>.<field>.csv`.
    """

    folder: str
    as_of: str
    periods: Sequence[str]
    walk: Callable[[], Iterator[Figure]]
    deadlines: Sequence[cq.deadlines.Deadline | cq.deadlines.Schedule] = ()
    scene: Scene | None = None

    @property
    def path(self) -> Path:
        """Where its files are."""
        return (IN_TROUBLE if self.scene else CORPUS) / self.folder

    def published(self) -> list[Published]:
        """Return the figures as they were published."""
        figures: list[Published] = json.loads((self.path / "figures.json").read_text(encoding="utf-8"))
        return figures

    def measure(self, metric: str | type[cq.Metric], reading: Mapping[str, str]) -> list[Published]:
        """Return the figures of a metric as the library has them now."""
        records = cq.records_of(metric)
        path = self.path / f"{records.name}.csv"
        children = {
            name: cq.source(path.with_suffix(f".{name}.csv"), field.records)
            for name, field in records.fields.items()
            if field.records is not None
        }
        source = cq.source(path, records, children=children)
        measured = cq.measure(
            metric, source, as_of=self.as_of, period=self.periods, readings=reading, deadlines=self.deadlines
        )
        return [
            {
                "metric": measured.measurement.reading.metric.id,
                "version": measured.measurement.reading.metric.version,
                "reading": dict(reading),
                "period": figure.period.label,
                "numerator": figure.value.numerator,
                "denominator": figure.value.denominator,
                "reason": figure.value.reason,
                "outcomes": {name: rows for name, rows in sorted(figure.outcomes.items()) if rows},
                **({"facet": figure.facet} if figure.facet else {}),
            }
            for figure in sorted(measured, key=lambda each: (each.period.label, each.facet))
        ]

    def walked(self) -> list[Published]:
        """Return the figures as the walk has them, with each metric's result version of today."""
        with self.scene.played() if self.scene else contextlib.nullcontext():
            found = list(self.walk())
        return [{"metric": "", "version": version_of(each.metric), **plain(each)} for each in found]

    def in_trouble(self, scene: Scene) -> GoldenSet:
        """Return the same unit on the stories of a scene."""
        as_of = f"{scene.as_of}T12:00:00+01:00" if "T" in self.as_of else str(scene.as_of)
        return attrs.evolve(self, as_of=as_of, periods=scene.periods, scene=scene)


SETS = (
    GoldenSet("case-flow", str(case_flow.AS_OF), case_flow.PERIODS, case_flow.figures, (CASE_TYPES,)),
    GoldenSet("case-review", str(case_review.AS_OF), case_review.PERIODS, case_review.figures),
    GoldenSet("citizen-service", str(citizen_service.AS_OF), citizen_service.PERIODS, citizen_service.figures),
    GoldenSet("citizens-adviser", str(citizens_adviser.AS_OF), citizens_adviser.PERIODS, citizens_adviser.figures),
    GoldenSet("complaints", str(complaints.AS_OF), complaints.PERIODS, complaints.figures),
    GoldenSet("contact-centre", "2010-06-15T12:00:00+02:00", contact_centre.PERIODS, contact_centre.figures),
    GoldenSet(
        "correspondence", str(winter_2014.AS_OF), winter_2014.PERIODS, correspondence.figures, (SILENCE, REACTION)
    ),
    GoldenSet("example", str(example.AS_OF), example.PERIODS, example.figures),
    GoldenSet(
        "housing-benefit", str(housing_benefit.AS_OF), housing_benefit.PERIODS, housing_benefit.figures, (BENEFITS,)
    ),
    GoldenSet("rent-tribunal", str(rent_tribunal.AS_OF), tuple(rent_tribunal.QUARTERS), rent_tribunal.figures),
)

TROUBLED = tuple(
    each.in_trouble(scene) for each, scene in zip(SETS, sorted(SCENES, key=lambda scene: scene.folder), strict=True)
)
"""Twelve cases of each kind of trouble, for every set."""


def version_of(metric: str) -> int:
    """Return a metric's result version of today."""
    version: int = installed().metric(metric).version  # type: ignore[attr-defined]
    return version


@functools.cache
def installed() -> Catalogue:
    """Return what the installed plugins offer."""
    return discover()


def as_text(figures: Iterable[Published]) -> str:
    """Return figures as the file has them: one a line, so that a difference is read line by line."""
    lines = ",\n".join(json.dumps(figure, ensure_ascii=False) for figure in figures)
    return f"[\n{lines}\n]\n"


def complaint(published: Sequence[Published], measured: Sequence[Published]) -> str:
    """Return what changed and what to do about it; nothing where every figure is as it was published."""
    changed = [(old, new) for old, new in zip(published, measured, strict=True) if _figure(old) != _figure(new)]
    if not changed:
        return ""
    metric, version = changed[0][0]["metric"], changed[0][0]["version"]
    lines = [line for old, new in changed for line in _difference(old, new)]
    steps = [
        "change its walk in tests/golden/walks to the new rule;",
        "write the new figures: python -m tests.golden.write",
    ]
    if changed[0][1]["version"] == version:
        lines += [f"Figures of {metric} changed under result version {version}. Mend it; or, if the change is meant:"]
        steps = [
            f"raise `version` to {version + 1} in the metric;",
            f"write a fragment in docs/changes with the line `{expected_line(metric, version + 1)}`;",
            *steps,
        ]
    else:
        lines += [f"{metric} has result version {changed[0][1]['version']}; its figures here are of version {version}:"]
    return "\n".join([*lines, *(f"  {number}. {step}" for number, step in enumerate(steps, 1))])


def undeclared(metric: str, version: int, changes: Path = CHANGES) -> str:
    """Return what is wrong where no fragment says which periods a raised result version affects, else nothing."""
    texts = [path.read_text(encoding="utf-8") for path in changes.rglob("*.md")]
    pattern = re.compile(rf"`{re.escape(metric)}`: result version {version - 1} to {version}; periods: \S")
    if version == 1 or any(pattern.search(text) for text in texts):
        return ""
    return (
        f"{metric} has result version {version} and no fragment in docs/changes says so: write one with the line\n"
        f"  {expected_line(metric, version)}"
    )


def expected_line(metric: str, version: int) -> str:
    """Return the line by which a fragment declares that figures change."""
    return f"`{metric}`: result version {version - 1} to {version}; periods: <those that change>"


def _figure(figure: Published) -> Published:
    return {name: value for name, value in figure.items() if name != "version"}


def _difference(old: Published, new: Published) -> Iterator[str]:
    readings = ", ".join(f"{name} = {option}" for name, option in old["reading"].items())
    parts = (old["metric"], old["period"], old.get("facet"), readings)
    yield ", ".join(part for part in parts if part)
    for label, figure, other in (("published", old, new), ("now", new, old)):
        outcomes = {
            name: figure["outcomes"].get(name, 0)
            for name in sorted({*old["outcomes"], *new["outcomes"]})
            if figure["outcomes"].get(name, 0) != other["outcomes"].get(name, 0)
        }
        rows = f"; {', '.join(f'{name} {rows}' for name, rows in outcomes.items())}" if outcomes else ""
        yield f"  {label}: {figure['numerator']} / {figure['denominator']} {figure['reason'] or ''}".rstrip() + rows
