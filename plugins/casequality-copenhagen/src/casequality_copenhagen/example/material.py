"""What the example is made of: facts that are true, and rows that are written, some of them faulty on purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from casequality_copenhagen.example.draws import Draws

STILL_OPEN = dt.date(9999, 12, 31)
NOT_KNOWN = dt.date(1900, 1, 1)
FORGOTTEN = dt.date(2059, 12, 31)
"""What a source writes for no date: the first two are declared in the project file, the third is not."""


@attrs.frozen
class Call:
    """One telephone call; times are what the clock on the wall showed."""

    key: str
    offered: dt.datetime
    queued: dt.datetime | None
    answered: dt.datetime | None
    ended: dt.datetime | None
    answered_by: str | None
    resolved: str | None


@attrs.frozen
class TribunalCase:
    """One case of the rent tribunal; `forgotten`: its closing date is a mark that the project does not declare."""

    key: str
    received: dt.date | None
    closed: dt.date | None
    ending: str | None
    forgotten: bool = False


@attrs.frozen
class Notice:
    """One letter that a decision will be late; `readable` is False where its date cannot be read."""

    sent: dt.date
    promised: dt.date | None
    readable: bool = True


@attrs.frozen
class BenefitCase:
    """One application for a benefit; `lost`: it is decided, and nobody knows when."""

    key: str
    kind: str
    received: dt.date
    decided: dt.date | None
    withdrawn: dt.date | None = None
    notices: tuple[Notice, ...] = ()
    lost: bool = False


@attrs.frozen
class Answer:
    """What one citizen answered in the survey, if anything."""

    key: str
    asked: dt.date
    answered: dt.date | None
    said: str | None
    centre: str


@attrs.frozen
class CheckedCase:
    """One case of citizen service, when it was checked, and each error found: the day and what kind."""

    key: str
    handled: dt.date
    checked: dt.date | None
    centre: str
    errors: tuple[tuple[dt.date, str], ...] = ()


@attrs.frozen
class Complaint:
    """One complaint, and the signal of each of its points, None where it is none of the five."""

    key: str
    received: dt.date
    kind: str
    ended: dt.date | None
    ending: str | None
    signals: tuple[str | None, ...]


@attrs.frozen
class Enquiry:
    """One enquiry to the citizens' adviser; marks: ja or nej by what was registered or assessed."""

    key: str
    received: dt.date
    kind: str
    level: str | None
    administration: str
    problem: str
    subjects: tuple[str, ...]
    answered: dt.date | None
    upheld: str | None
    ended: dt.date | None
    solved: str | None
    marks: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Row:
    """One row of a file; `fault` is the column and the fault that are planted in it."""

    cells: tuple[Any, ...]
    fault: tuple[str, str] | None = None


@attrs.frozen
class File:
    """One file of the example; `child` names the field of a source's records whose rows it holds, if not theirs."""

    name: str
    source: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    child: str = ""

    @property
    def first(self) -> int:
        """The number of its first row: in a workbook, as in Excel, the header is row 1."""
        return 2 if self.name.endswith(".xlsx") else 1

    def planted(self) -> list[tuple[int, str, str]]:
        """Return the row number, the column and the fault of every planted fault."""
        faults = [(number, *row.fault) for number, row in enumerate(self.rows, start=self.first) if row.fault]
        return [(number, f"{self.child}.{column}" if self.child else column, fault) for number, column, fault in faults]


def scattered(rows: Sequence[Row], planted: Sequence[Row], draws: Draws) -> tuple[Row, ...]:
    """Return the rows with planted ones put in somewhere; the first of two equal rows is the one without a fault."""
    found = list(rows)
    for row in planted:
        twins = [at for at, other in enumerate(found) if other.cells == row.cells]
        found.insert(draws.whole(twins[0] + 1 if twins else 0, len(found)), row)
    return tuple(found)
