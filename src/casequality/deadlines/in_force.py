"""The terms of a deadline over time: which is in force when, and one table for all receipt days."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import attrs
import numpy as np

from casequality.arrays import Days, Mask
from casequality.citation import Citation
from casequality.dated import Dated, Entry
from casequality.days import Calendar, DayTable, Roll
from casequality.days.tables import DAY_UNIT, EPOCH, NO_DAY
from casequality.deadlines.term import Term, check_roll

DAY = dt.timedelta(days=1)


@attrs.frozen
class InForce:
    """A term with its first and last receipt day, None where the source states no limit."""

    term: Term
    since: dt.date | None
    until: dt.date | None
    citation: Citation | None

    def __str__(self) -> str:
        since = f"from {self.since}" if self.since else ""
        until = f"to {self.until}" if self.until else ""
        return " ".join(filter(None, [since, until])) or "any day"

    def covers(self, day: dt.date) -> bool:
        """Return whether the term holds for what is received on a day."""
        return (self.since or day) <= day <= (self.until or day)

    def covers_each(self, days: Days) -> Mask:
        """Return for which of several days the term holds; never for NaT."""
        covered: Mask = ~np.isnat(days) if self.since is None else days >= np.datetime64(self.since)
        return covered if self.until is None else covered & (days <= np.datetime64(self.until))

    def to_dict(self) -> dict[str, Any]:
        """Return the term with its limits and its source as plain data."""
        return {
            **attrs.asdict(self.term),
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "source": self.citation and self.citation.to_dict(),
        }


def check_terms(terms: Dated[Term] | Term | str) -> Dated[Term]:
    """Return terms by receipt day; a single term has been in force since before any record."""
    if isinstance(terms, Dated):
        return terms
    return Dated.always(Term.parse(terms) if isinstance(terms, str) else terms)


def in_force(terms: Dated[Term]) -> tuple[InForce, ...]:
    """Return each term with the receipt days that it holds for, in order."""
    forever: Entry[Term] = Entry(dt.date.max, None)
    return tuple(
        InForce(
            entry.value,
            None if entry.since == dt.date.min else entry.since,
            None if following is forever else following.since - DAY,
            entry.citation,
        )
        for entry, following in pairwise([*terms, forever])
        if entry.value is not None
    )


def rolled(term: Term, roll: Roll | None) -> Term:
    """Return the term under another roll rule, None for its own."""
    return term if roll is None else attrs.evolve(term, roll=check_roll(roll))


def due_table(terms: Dated[Term], on: Calendar | str, roll: Roll | None, name: str) -> DayTable:
    """Return the due day of each receipt day by the term then in force, NaT where none was.

    The table covers the days that every term can answer.
    """
    stretches = [(held, rolled(held.term, roll).table(on)) for held in in_force(terms)]
    first = max(table.first for _, table in stretches)
    end = min(table.end for _, table in stretches)
    values = np.full(end - first, NO_DAY, DAY_UNIT)
    for held, table in stretches:
        start = max(first, held.since.toordinal() - EPOCH) if held.since else first
        stop = min(end, held.until.toordinal() + 1 - EPOCH) if held.until else end
        if start < stop:
            values[start - first : stop - first] = table.values[start - table.first : stop - table.first]
    return DayTable(first, values, name)
