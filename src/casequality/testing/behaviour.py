"""Laws of behaviour: a metric is a function of records and as-of alone, the same after it was stored."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from contextlib import suppress
from typing import Any

import numpy as np

from casequality.errors import CaseQualityError
from casequality.metrics import plain_parameters, stored
from casequality.records import Children, Codes, Records
from casequality.testing.invented import InventedTable, Row, Subject, broken
from casequality.testing.purity import reached_for
from casequality.testing.watching import watched

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
