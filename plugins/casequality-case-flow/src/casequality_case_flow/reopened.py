"""Cases that are closed and opened again: one case or several, by a named policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs

import casequality as cq
from casequality_case_flow.cases import FlowCase

Policy: TypeAlias = Literal["continue", "restart", "new case"]
POLICIES: Final[tuple[Policy, ...]] = get_args(Policy)
CLOSED: Final = "closed"
"""The reason of a wait while a case is closed, as in the rule `CLOSED` of a deadline's pauses."""
NOT_FOLLOWING: Final = {
    "opened": "a row without a day of opening",
    "closed before": "a row that is closed before it is opened",
    "overlapping": "rows of one case that overlap",
    "open twice": "a row that is open although another one follows",
}


@attrs.frozen(kw_only=True)
class Reopened:
    """The cases that a policy makes of spells, with the waits between these; plain rows of `FlowCase` and `Wait`.

    faulty: by what is wrong, the numbers of the rows given, counted from 1, of the cases whose spells contradict each
    other. Such a case has no day of receipt: it is undated, and every figure that it may belong to is in doubt.
    """

    policy: Policy
    cases: tuple[Mapping[str, Any], ...]
    waits: tuple[Mapping[str, Any], ...]
    faulty: Mapping[str, tuple[int, ...]]

    def source(self, **asked: Any) -> Any:
        """Return the cases as a source; asked: as for `cq.source`, such as other child tables."""
        given = {name for case in self.cases for name in case}
        tables = {name: field.records for name, field in FlowCase.fields.items() if field.records is not None}
        lacking = {name: None for name in FlowCase.fields if name not in given and name not in tables}
        children = {name: records.empty() for name, records in tables.items()}
        children |= {"waits": list(self.waits)} if self.waits else {}
        columns = {**lacking, **asked.pop("columns", {})}
        children |= asked.pop("children", {})
        return cq.source(list(self.cases), FlowCase, columns=columns, children=children, **asked)


def reopened(spells: Iterable[Mapping[str, Any]], policy: Policy) -> Reopened:
    """Return the cases of rows that each say when a case was opened and closed, in any order.

    spells: `case`, `opened_on`, `closed_on` (None while it is open), `ending`, and what else a `FlowCase` has; days as
    dates or as text, 2010-05-03.
    policy: "continue" makes one case from the first opening to the last end, which waits while it is closed; "restart"
    one from the last opening; "new case" one of each row, its key numbered: 17/1, 17/2. A case that is closed and
    opened again on one day has two rows as any other. These are the policies of `casequality.deadlines.clocks`.
    Raises `UsageError` for another policy.
    """
    if policy not in POLICIES:
        raise cq.errors.UsageError(
            cq.errors.Words("Unknown policy for reopened cases", "Ukendt regel for genoptagne sager"),
            where="reopened, policy",
            got=policy,
            allowed=POLICIES,
        )
    of_case: dict[Any, list[tuple[int, dict[str, Any]]]] = {}
    for number, row in enumerate(spells, 1):
        days = {name: _day(row.get(name), number, name) for name in ("opened_on", "closed_on")}
        of_case.setdefault(row["case"], []).append((number, {**row, **days}))
    cases: list[dict[str, Any]] = []
    waits: list[dict[str, Any]] = []
    faulty: dict[str, list[int]] = {}
    for case, numbered in of_case.items():
        numbered.sort(key=lambda each: (each[1]["opened_on"] or dt.date.max, each[1]["closed_on"] or dt.date.max))
        rows = [row for _, row in numbered]
        wrong = _fault(rows)
        if wrong:
            faulty.setdefault(NOT_FOLLOWING[wrong], []).extend(number for number, _ in numbered)
            cases.append(_made(case, rows[0], received=None, ended=rows[-1]))
        elif policy == "new case":
            cases += [_made(f"{case}/{place}", row, row["opened_on"], row) for place, row in enumerate(rows, 1)]
        else:
            first = rows[0] if policy == "continue" else rows[-1]
            cases.append(_made(case, first, first["opened_on"], rows[-1]))
            gaps = pairwise(rows) if policy == "continue" else ()
            waits += [
                {"case": case, "since": before["closed_on"], "until": after["opened_on"], "reason": CLOSED}
                for before, after in gaps
            ]
    found = {what: tuple(sorted(numbers)) for what, numbers in faulty.items()}
    return Reopened(policy=policy, cases=tuple(cases), waits=tuple(waits), faulty=found)


def _made(key: Any, row: Mapping[str, Any], received: dt.date | None, ended: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in ("opened_on", "closed_on")}
    ending = {"closed_on": ended["closed_on"], "ending": ended.get("ending")}
    return {**kept, "case": key, "received_on": received, **ending}


def _fault(rows: list[dict[str, Any]]) -> str:
    """Return what is wrong with the spells of one case, in order of their opening; "" for nothing."""
    if any(row["opened_on"] is None for row in rows):
        return "opened"
    if any(row["closed_on"] and row["closed_on"] < row["opened_on"] for row in rows):
        return "closed before"
    for before, after in pairwise(rows):
        if before["closed_on"] is None:
            return "open twice"
        if after["opened_on"] < before["closed_on"]:
            return "overlapping"
    return ""


def _day(value: Any, number: int, name: str) -> dt.date | None:
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime) or not isinstance(value, str | dt.date):
        raise _no_day(number, name, type(value).__name__)
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        # the text itself is not repeated: nobody knows what a cell holds that is no day
        raise _no_day(number, name, cq.errors.Words("a text that is no day", "en tekst, der ikke er en dag")) from None


def _no_day(number: int, name: str, got: cq.errors.Text) -> cq.errors.InputError:
    return cq.errors.InputError(
        cq.errors.Words("A day of a spell cannot be read", "En dag i et forløb kan ikke læses"),
        where=cq.errors.Words(f"row {number}, {name}", f"række {number}, {name}"),
        got=got,
        allowed=cq.errors.Words("a date, or text such as 2010-05-03", "en dato eller tekst som 2010-05-03"),
        remedy=cq.errors.Words("turn the column into dates first", "gør kolonnen til datoer først"),
    )
