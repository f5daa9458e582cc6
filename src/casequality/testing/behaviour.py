"""Laws of behaviour: a metric is a function of records and as-of alone, and says what its author's slow answer says."""

from __future__ import annotations

import datetime as dt
import enum
import json
import locale
import os
import pickle
import random
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, NoReturn, TypeAlias

import attrs
import numpy as np

from casequality.days import MISSING
from casequality.errors import CaseQualityError
from casequality.metrics import plain_parameters, stored
from casequality.records import Children, Codes, Records
from casequality.testing.invented import Inapplicable, InventedTable, MetricAnswer, Row, Subject, broken, known_at
from casequality.testing.purity import WORDS_OF_A_PLACE, reached_for

SOME = 200
EARLIER = 15 * 365
"""How many days records are begun earlier, to last longer than any other."""


def unchanged_input(subject: Subject) -> None:
    """Refuse a metric that writes into the columns that it is given."""
    seen = subject.seen(subject.corpus(SOME))
    given = _writable(seen.records)
    before = _bytes(given)
    subject.said(seen, given)
    if changed := [name for name, content in _bytes(given).items() if content != before[name]]:
        broken(
            f"The metric writes into the column {', '.join(changed)}",
            way_out="make a new array: np.where(...), or copy() before writing; other metrics read the same column",
        )


def _writable(records: Records) -> Records:
    columns: dict[str, Any] = {}
    for name in records.loaded:
        column = records.column(name)
        if isinstance(column, np.ndarray):
            columns[name] = column.copy()
        elif isinstance(column, Children):
            columns[name] = Children(_writable(column.rows), column.starts, column.unknown)
        else:
            columns[name] = column
    return type(records)(columns, len(records))


def _bytes(records: Records) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name in records.loaded:
        column = records.column(name)
        if isinstance(column, Children):
            found |= {f"{name}.{below}": content for below, content in _bytes(column.rows).items()}
        else:
            found[name] = (column.indices if isinstance(column, Codes) else column).tobytes()
    return found


def determinism(subject: Subject) -> None:
    """Refuse an answer that is another one the second time, or after other records were looked at in between."""
    others, extreme = subject.seen(subject.corpus(SOME)), subject.seen(_extreme(subject))

    def check(rows: InventedTable) -> None:
        seen = subject.seen(rows)
        said = subject.said(seen)
        again = subject.said(seen)
        subject.said(others)
        with suppress(CaseQualityError):  # they lie beyond what deadlines and calendars are told of
            subject.said(extreme)
        for each in (again, subject.said(seen)):
            if found := said.difference(each):
                broken(
                    f"The first time and later, {found}",
                    rows=[seen.rows[found.record]],
                    way_out="keep nothing between calls, and draw nothing by chance",
                )

    check(subject.corpus(SOME // 10))
    subject.try_tables(check)


def _extreme(subject: Subject) -> InventedTable:
    """Return records that lasted longer, and hold greater numbers, than any that a law has asked about before."""
    kind = subject.metric.records
    begins = kind.begins()

    def stretched(row: Row) -> Row:
        numbers = {name: row[name] for name, field in kind.fields.items() if field.column_type.is_number}
        counts = {name: number << 20 for name, number in numbers.items() if isinstance(number, int)}
        made = {**row, **counts}
        if begins is not None and row[begins] is not None:
            made[begins] = row[begins] - dt.timedelta(days=EARLIER)
        return made

    return subject.corpus(SOME // 4).changed("stretched", lambda: map(stretched, subject.corpus(SOME // 4)))


def round_trip(subject: Subject) -> None:
    """Refuse a metric or tally that is not itself again after pickle, JSON or the form in which tallies are kept."""
    metric, rows = subject.metric, subject.corpus(SOME)
    try:
        again = pickle.loads(pickle.dumps(metric))  # noqa: S301  it was made in the line itself
    except Exception as fault:  # noqa: BLE001  whatever it raises is the breach
        broken(
            f"The metric cannot be pickled: {type(fault).__name__}",
            way_out="define it at the top of a module, with fields that are plain values",
        )
    if again != metric or plain_parameters(again.parameters()) != plain_parameters(metric.parameters()):
        broken(
            "The metric is another one after pickling, so its tallies would not merge",
            way_out="give its fields values that compare equal and print alike: text, numbers, frozen classes",
        )
    counted = subject.tally(rows)
    if subject.tally(rows, again) != counted or stored.from_bytes(stored.to_bytes(counted)) != counted:
        broken("A tally is another one after it was kept and loaded", way_out="report it with this metric")
    plain = subject.figures(counted).to_dict()
    try:
        same = json.loads(json.dumps(plain)) == plain
    except (TypeError, ValueError):
        same = False
    if not same:
        broken(
            "The figures do not survive JSON",
            way_out="use texts as keys, and whole numbers or fractions of them as figures",
        )


def purity(subject: Subject) -> None:
    """Refuse a metric that looks at anything but its records and the as-of.

    Its code and what it calls of its own package is searched for clocks, chance, files, environment and network, for
    what is said in the language of the machine, and for what is kept between calls. Then it is run, each call that
    opens something or reads the environment noted, under another time zone, language and environment. Not seen: a
    clock read inside another library, a file opened once and kept, work on threads.
    """
    if found := reached_for(type(subject.metric)):
        broken(
            f"The code of the metric reaches for {', '.join(found)}", way_out="take it from the records or the as-of"
        )
    seen = subject.seen(subject.corpus(SOME))
    said = subject.said(seen)
    with watched() as noted:
        again = subject.said(seen)
    if noted:
        broken(
            f"While it works the metric reaches for {', '.join(sorted(noted))}",
            way_out="take it from the records, the as-of or a field of the metric",
        )
    if found_too := said.difference(again):
        broken(
            f"In another environment, {found_too}",
            rows=[seen.rows[found_too.record]],
            way_out="take it from the records, the as-of or a field of the metric",
        )


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


EVENTS: Final = ("open", "os.", "shutil.", "socket.", "subprocess.", "urllib.", "sqlite3.", "tempfile.")


LOCALES: Final = ("da_DK.UTF-8", "de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8")
"""In one of these, if it is there, code is watched."""


_watching: dict[int, set[str]] = {}


def _note(event: str, _: tuple[Any, ...]) -> None:
    noted = _watching.get(threading.get_ident())
    if noted is not None and event.startswith(EVENTS):
        noted.add("a file" if event == "open" else event)


class _Environment(dict[Any, Any]):
    """Environment variables that note when one is read."""

    def __getitem__(self, name: Any) -> Any:
        _note("os.environ", ())
        return super().__getitem__(name)


_installed: list[bool] = []


@contextmanager
def watched() -> Iterator[set[str]]:
    """Note what this thread reaches for meanwhile, in another zone and language, and with chance begun anew.

    An audit hook cannot be taken away, so there is one, which notes only while something is watched.
    """
    if not _installed:
        sys.addaudithook(_note)
        _installed.append(True)
    noted: set[str] = set()
    variables: Any = os.environ
    # others hold `os.environ` itself, so it is watched from within, where it keeps its variables
    before, zone = variables._data, os.environ.get("TZ")
    language = locale.setlocale(locale.LC_ALL)
    chance = random.getstate(), np.random.get_state()[1].tobytes()  # type: ignore[index]  # noqa: NPY002
    _change_zone("Pacific/Auckland" if zone != "Pacific/Auckland" else "UTC")
    _speak_otherwise(language)
    variables._data = _Environment(variables._data)
    _watching[threading.get_ident()] = noted
    try:
        yield noted
    finally:
        del _watching[threading.get_ident()]
        variables._data = before
        time.strftime = _said
        locale.setlocale(locale.LC_ALL, language)
        _change_zone(zone)
        if chance != (random.getstate(), np.random.get_state()[1].tobytes()):  # type: ignore[index]  # noqa: NPY002
            noted.add("chance")


def _change_zone(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    if hasattr(time, "tzset"):
        time.tzset()


_said = time.strftime


def _speak_otherwise(language: str) -> None:
    """Take another locale, if there is one, and have names of days and months said as in a language of nobody.

    Dates ask `time.strftime` for them, so that this is seen on machines with one locale, too.
    """
    for name in LOCALES:
        if name != language:
            with suppress(locale.Error):
                locale.setlocale(locale.LC_ALL, name)
                break

    def said(form: str, *moment: Any) -> str:
        return _said(re.sub(WORDS_OF_A_PLACE, lambda found: f"x{found[0]}", form), *moment)

    time.strftime = said
