"""What a walk says of one metric in one period, and how counted outcomes make a share."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

CORPUS = Path(__file__).resolve().parents[1]
Row = dict[str, str]
Quotient = tuple[int | None, int | None, str | None]
"""Numerator, denominator, and the reason where there is no figure."""


class Figure(NamedTuple):
    """One published figure; without a numerator or denominator there is a reason."""

    metric: str
    reading: Mapping[str, str]
    period: str
    numerator: int | None
    denominator: int | None
    reason: str | None
    outcomes: Mapping[str, int]
    facet: str = ""


def rows(path: str) -> list[Row]:
    """Return the rows of a file of the corpus."""
    with (CORPUS / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def month(day: dt.date) -> str:
    return f"{day:%Y-%m}"


def share(yes: int, no: int, unsettled: int) -> Quotient:
    """Return yes among yes and no, and the reason where there is neither."""
    if yes + no:
        return yes, yes + no, None
    return 0, 0, "nothing settled yet" if unsettled else "no data"


def shares(
    metric: str,
    reading: Mapping[str, str],
    periods: Iterable[str],
    placed: Iterable[tuple[str, str]],
    roles: Mapping[str, str],
) -> Iterator[Figure]:
    """Yield a share a period from records given as (period, outcome); roles: the part that each outcome plays."""
    counts: Counter[tuple[str, str]] = Counter(placed)
    for period in periods:
        outcomes = {name: rows for (label, name), rows in sorted(counts.items()) if label == period}
        part: Counter[str] = Counter()
        for name, count in outcomes.items():
            part[roles[name]] += count
        unsettled = part["open"] + part["unknown"]
        yield Figure(metric, reading, period, *share(part["yes"], part["no"], unsettled), outcomes)


def state(due: dt.date | None, done: dt.date | None, as_of: dt.date) -> str:
    """Return the state of a deadline at the start of a day."""
    if due is None:
        return "undated"
    if done is not None:
        return "late" if done > due else "in_time" if due < as_of else "in_time_early"
    return "open_overdue" if due < as_of else "pending"


STATES: Mapping[str, str] = {
    "in_time": "yes",
    "in_time_early": "yes",
    "late": "no",
    "open_overdue": "no",
    "pending": "open",
    "undated": "unknown",
}


def early_open(roles: Mapping[str, str]) -> dict[str, str]:
    """Return the roles where what was done is held back until its deadline has passed."""
    held = {name: "open" for name, role in roles.items() if name.endswith("_early") and role in ("yes", "no")}
    return {**roles, **held}


def days_to_half(ended: Sequence[int], waiting: Sequence[int]) -> Quotient:
    """Return the days by which half had ended, those that still wait counted up to now (Kaplan and Meier)."""
    if not ended and not waiting:
        return 0, 0, "no data"
    left = Fraction(1)
    for days in sorted({*ended, *waiting}):
        at_risk = sum(each >= days for each in (*ended, *waiting))
        left *= 1 - Fraction(ended.count(days), at_risk)
        if left <= Fraction(1, 2):
            return days, 1, None
    return None, None, "not reached: too few have ended"


def plain(figure: Figure) -> dict[str, Any]:
    """Return a figure as JSON has it; a facet only where it has one."""
    parts = figure._asdict()
    if not figure.facet:
        del parts["facet"]
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in parts.items()}


def working_days_later(received: dt.date, count: int, closed: Iterable[dt.date]) -> dt.date:
    """Return the count-th day after a day that is neither in a weekend nor closed."""
    day, left = received, count
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < 5 and day not in closed
    return day


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, or that month's last day."""
    years, at = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + years, at + 1, 1)
    last = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
