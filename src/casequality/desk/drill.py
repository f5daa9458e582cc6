"""From a figure to its cases: the source is read again, and the records of one cell are named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.desk.results import Cases, Drill
from casequality.errors import InputError
from casequality.metrics.as_of import AsOf
from casequality.metrics.figures import Figure
from casequality.metrics.fold import Question
from casequality.metrics.metric import Reading
from casequality.metrics.outcomes import UNREADABLE
from casequality.metrics.trace import contributed, fields_read
from casequality.records import Block, Codes, Records, Source

LIMIT = 100_000


def drill_into(question: Question, reading: Reading, source: Source, as_of: AsOf) -> Drill:
    """Return the function that names the cases behind an outcome of a figure.

    It raises `InputError` for a source that can be read only once, since the figures have read it.
    """
    reads = fields_read(question.metric, as_of)
    question = attrs.evolve(question, reads=reads)

    def cases(figure: Figure, outcome: str) -> Cases:
        if not source.rereadable:
            raise InputError(
                "The cases of a stream that can be read only once cannot be named: the figures have read it",
                where=f"{source.name}, {figure.period.label}",
                got=outcome,
                remedy="measure a file, a frame or a list, which can be read again",
            )
        key = question.metric.records.key_field()
        fields = {*reads, *figure.groups, *(field for field, _ in question.where), *([key] if key else [])}
        found: list[dict[str, list[Any]]] = []
        for part in source.reading(fields, keys="partitioned").parts:
            found += [_cases_of(block, question, reading, figure, outcome, as_of) for block in part.blocks()]
            if sum(len(each["row"]) for each in found) > LIMIT:
                raise InputError(
                    "There are too many cases to name",
                    where=f"{figure.period.label}, {outcome}",
                    allowed=str(LIMIT),
                    remedy="ask for a shorter period or a smaller group",
                )
        joined = {name: tuple(value for each in found for value in each[name]) for name in (found[0] if found else {})}
        rows, keys = joined.pop("row", ()), joined.pop("key", ())
        return Cases(outcome, rows, keys, {name: joined[name] for name in sorted(joined)})

    return cases


def _cases_of(
    block: Block, question: Question, reading: Reading, figure: Figure, outcome: str, as_of: AsOf
) -> dict[str, list[Any]]:
    begun = block.records.begun(as_of.instant, as_of.known_before)
    needed = question.reads.union(figure.groups, (field for field, _ in question.where))
    aside = block.records.in_doubt(needed)
    begun = begun if aside is None else begun & ~aside
    records = block.records[begun].known_at(as_of.instant, as_of.known_before)
    rows = np.asarray(block.rows)[begun]
    chosen = np.ones(len(records), bool)
    for field, labels in question.where:
        chosen &= _codes(records.column(field)).isin(labels)
    for field, label in figure.groups.items():
        column = _codes(records.column(field))
        chosen &= column.missing if label is None else column == label
    as_of = as_of.for_block(len(records))
    given = contributed(question.metric, records, as_of)
    given = given[figure.facet] if isinstance(given, Mapping) else given
    names = question.metric.outcomes.names
    given = given.with_unknown(records.unknown(question.reads), names.index(UNREADABLE))
    chosen &= given.outcome == names.index(outcome)
    placed = given.until if reading.cohort == "closed" and given.until is not None else given.on
    cells = np.broadcast_to(question.axis.place(placed)[0], len(records))
    first, end = question.axis.cell_of(figure.period.first), question.axis.cell_of(figure.period.end)
    chosen &= (cells >= first) & (cells < end)
    if as_of.remarks.beyond is not None:
        chosen &= ~as_of.remarks.beyond
    return {
        "row": rows[chosen].tolist(),
        "key": record_keys(records, np.flatnonzero(chosen)),
        **_facts(records, question.reads, chosen),
    }


def _facts(records: Any, reads: frozenset[str], chosen: Any) -> dict[str, list[Any]]:
    facts = {}
    for name in reads:
        if "." in name or records.fields[name].kind in ("many", "key"):
            continue
        column = records.column(name)[chosen]
        facts[name] = column.decode() if isinstance(column, Codes) else column.tolist()
    return facts


def record_keys(records: Records, chosen: npt.NDArray[np.intp]) -> list[int | str | None]:
    """Return the keys of the chosen records, None for each where the source has none."""
    key = records.key_field()
    if key is None or key not in records.loaded:
        return [None] * len(chosen)
    column = records.column(key)
    assert isinstance(column, np.ndarray)
    return list(column[chosen].tolist())


def _codes(column: object) -> Codes:
    assert isinstance(column, Codes)
    return column
