"""The oracle: what the author of a metric says of it in slow and plain code, held against what the metric says."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn, TypeAlias

import attrs
import numpy as np

from casequality.days import MISSING
from casequality.testing.invented import Inapplicable, InventedTable, MetricAnswer, Row, Subject, broken, known_at


class _Unsaid(enum.Enum):
    UNSAID = "not said"


UNSAID: Final = _Unsaid.UNSAID
Date: TypeAlias = dt.date | _Unsaid | None
Number: TypeAlias = int | _Unsaid | None
PARTS: Final = ("on", "until", "amount", "bins", "times")
TICKS: Final = (
    "days as dates, instants as times with their zone, numbers whole in the ticks that the metric contributes"
)


@attrs.frozen
class Answer:
    """What an oracle says of one record, or of one facet of it; what is left out is not compared, None is none.

    on, until: days as dates, instants as times with their zone. amount, bins, times: whole numbers, in the ticks that
    the metric contributes.

    >>> Answer("late", until=dt.date(2010, 6, 1), amount=61).on.value
    'not said'
    """

    outcome: str
    on: Date = attrs.field(kw_only=True, default=UNSAID)
    until: Date = attrs.field(kw_only=True, default=UNSAID)
    amount: Number = attrs.field(kw_only=True, default=UNSAID)
    bins: Number = attrs.field(kw_only=True, default=UNSAID)
    times: Number = attrs.field(kw_only=True, default=UNSAID)


def oracle(subject: Subject) -> None:
    """Refuse an answer other than the author's own, one record at a time, as it was known at the as-of."""
    ask = subject.oracle
    if ask is None:
        raise Inapplicable("the author gives no oracle")
    kind = subject.metric.records

    def check(rows: InventedTable) -> None:
        seen = subject.seen(rows)
        said = subject.said(seen)
        for record, row in enumerate(seen.rows):
            known = known_at(row, kind, seen.moment)
            assert known is not None
            given = ask(known, subject.day)
            for facet, one in (given if isinstance(given, Mapping) else {"": given}).items():
                if facet not in said.facets:
                    _refuse(f"The oracle answers for the facet {facet!r}", said.facets, known)
                _compare(said, facet, record, _answer(one, said, facet, known), known)

    subject.try_tables(check)


def _answer(given: Any, said: MetricAnswer, facet: str, known: Row) -> Answer:
    """Return an answer from itself, from an outcome's name, or from that and a number: the amount, else the bins."""
    if isinstance(given, Answer):
        return given
    name, *number = given if isinstance(given, tuple) else (given,)
    if not isinstance(name, str) or len(number) > 1:
        pair, full = "(name, number)", "kit.Answer(name, on=..., until=..., amount=..., bins=..., times=...)"
        _refuse(f"The oracle returns {type(given).__name__}", ("an outcome's name", pair, full), known)
    part = next((part for part in ("amount", "bins") if (facet, part) in said.parts), "amount")
    return Answer(name, **dict.fromkeys([part] * len(number), *number)) if number else Answer(name)


def _refuse(what: str, allowed: Sequence[str], known: Row) -> NoReturn:
    broken(f"{what}; allowed are {', '.join(map(repr, allowed))}", rows=[known], way_out="return one of these")


def _compare(said: MetricAnswer, facet: str, record: int, expected: Answer, known: Row) -> None:
    where = f" of facet {facet}" if facet else ""
    if expected.outcome not in said.names:
        _refuse(f"The oracle says {expected.outcome!r}", said.names, known)
    if (outcome := said.outcomes(facet)[record]) != expected.outcome:
        _differs(f"{outcome}{where}", expected.outcome, known)
    for part in PARTS:
        answer = getattr(expected, part)
        if answer is UNSAID:
            continue
        array = said.parts.get((facet, part))
        if array is None:
            _differs(f"nothing of {part}{where}", f"{part} {answer}", known)
        given = _plain(array[record])
        if given != _comparable(answer, array.dtype, part, known):
            _differs(f"{part} {'none' if given is None else given}{where}", f"{part} {answer}", known)


def _differs(here: str, there: str, known: Row) -> NoReturn:
    broken(
        f"The metric says {here} and the oracle {there}",
        rows=[known],
        way_out=f"one of the two is wrong: count it by hand ({TICKS})",
    )


def _plain(value: Any) -> Any:
    """Return an entry of an array as plain Python; instants without a zone, in UTC, None for none."""
    if value.dtype.kind == "M":
        return value.astype(object)
    return None if value == MISSING else int(value)


def _comparable(answer: Any, dtype: Any, part: str, known: Row) -> Any:
    """Return an answer as `_plain` returns it; one that cannot be compared is told."""
    if answer is None:
        return None
    fits = isinstance(answer, int | np.integer) and not isinstance(answer, bool)
    if dtype.kind == "M":
        is_time = isinstance(answer, dt.datetime)
        fits = isinstance(answer, dt.date) and is_time == (dtype != np.dtype("M8[D]"))
        fits = fits and not (is_time and answer.tzinfo is None)
    if not fits:
        kind = type(answer).__name__
        _refuse(f"The oracle says of {part} a {kind}, and the metric contributes {dtype}", (TICKS,), known)
    if isinstance(answer, dt.datetime):
        return answer.astimezone(dt.UTC).replace(tzinfo=None)
    return answer if isinstance(answer, dt.date) else int(answer)
