"""The laws of a record type: it can be told apart and dated, keeps what is sound, and sees nothing after its as-of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

import attrs

from casequality.errors import NaiveTime
from casequality.metrics import AsOf
from casequality.records import Block, Children, Codes, Records
from casequality.testing.invented import (
    AROUND,
    ZONE,
    Inapplicable,
    InventedTable,
    Law,
    Row,
    broken,
    faults,
    fresh_key,
    instants,
    invented,
    known_at,
    source_of,
    try_tables,
    with_key,
)


@attrs.frozen
class RecordsSubject:
    """A record type put to the test, and how many invented tables each law tries."""

    kind: type[Records]
    examples: int = 50

    def read(self, rows: Sequence[Row]) -> list[Block]:
        """Return the blocks that intake makes of rows, all columns loaded."""
        table = rows if isinstance(rows, InventedTable) else InventedTable(rows, self.kind, ZONE)
        return [table.block] if table.block is not None else []

    def try_tables(self, check: Callable[[InventedTable], None]) -> None:
        """Check as many invented tables as there are examples."""
        try_tables(invented(self.kind, AROUND, ZONE).tables(self.examples), check)


def declared_columns(subject: RecordsSubject) -> None:
    """Refuse a record type without a key or a beginning, and a child table that cannot name its parent."""
    for kind in (subject.kind, *(field.records for field in subject.kind.fields.values() if field.records is not None)):
        if kind.begins() is None:
            broken(
                f"{kind.__qualname__} has no date that says when a record begins",
                way_out="declare its first date without missing=: received_on = cq.day()",
            )
    key = subject.kind.key_field()
    if key is None:
        broken(
            f"{subject.kind.__qualname__} has no key, so that a row delivered twice counts twice",
            way_out="declare one: case = cq.key()",
        )
    for name, field in subject.kind.fields.items():
        if field.records is not None and key not in field.records.fields:
            broken(
                f"The rows of {name} cannot name their parent",
                way_out=f"declare the parent's key in {field.records.__qualname__}: {key} = cq.key()",
            )


def adds_up(subject: RecordsSubject) -> None:
    """Refuse a type whose sound rows are set aside, or whose faulty ones are not."""

    def check(rows: InventedTable) -> None:
        for block in subject.read(rows):
            if block.findings.items:
                found = ", ".join(f"{item.column}: {item.fault}" for item in block.findings.items)
                broken(f"Rows that keep to the declaration are at fault ({found})", rows=rows, way_out="mend the type")
        for (field, fault), value in faults(subject.kind).items():
            wrong = with_key(subject.kind, rows[0], fresh_key(subject.kind, rows)) | {field: value}
            [block] = subject.read([*rows, wrong])
            if not any((item.column, item.fault) == (field, fault) for item in block.findings.items):
                broken(f"A row with the fault {fault} in {field} is not found", rows=[wrong], way_out="report it")
            aside = block.records.in_doubt([field])
            if (0 if aside is None else int(aside.sum())) + block.dropped != 1:
                broken(f"A row with the fault {fault} in {field} is not set aside", rows=[wrong], way_out="report it")

    subject.try_tables(check)


def hidden_future(subject: RecordsSubject) -> None:
    """Refuse a type of which something later than the as-of is seen; compared with a walk through the rows."""
    moment = AsOf.at(AROUND, zone=ZONE)

    def check(rows: InventedTable) -> None:
        walked = [known_at(row, subject.kind, moment) for row in rows]
        plain = [row for row in walked if row is not None]
        [block] = subject.read(rows)
        begun = block.records[block.records.begun(moment.instant, moment.known_before)]
        known = begun.known_at(moment.instant, moment.known_before)
        expected = subject.read(plain)[0].records if plain else subject.kind.empty()
        if different := _first_difference(known, expected):
            broken(
                f"At the as-of {AROUND} the column {different} is another than it should be",
                rows=rows,
                way_out="report it",
            )

    subject.try_tables(check)


def _first_difference(one: Records, other: Records) -> str | None:
    for name in one.loaded:
        here, there = one.column(name), other.column(name)
        if isinstance(here, Codes) and isinstance(there, Codes):
            same = here.decode() == there.decode()
        elif isinstance(here, Children) and isinstance(there, Children):
            same = here.count().tolist() == there.count().tolist() and _first_difference(here.rows, there.rows) is None
        else:
            same = here.tolist() == there.tolist()  # type: ignore[union-attr]
        if not same:
            return name
    return None


def naive_times(subject: RecordsSubject) -> None:
    """Refuse a type whose instants are read from naive times without a declared zone."""
    times = instants(subject.kind)
    if not times:
        raise Inapplicable("the records have days only")
    for name in times:
        naive = {name: dt.datetime(2010, 6, 1, 12)}  # noqa: DTZ001  that is the point
        try:
            list(source_of([naive], subject.kind, None).reading([name]).parts[0].blocks())
        except (NaiveTime, LookupError):
            continue
        broken(f"A naive time in {name} is read without a zone", way_out="report it: intake must refuse it")


def unknown_codes(subject: RecordsSubject) -> None:
    """Refuse a code with blanks that no word explains, or a label that is blank or begins or ends with a space."""
    codes = {name: field for name, field in subject.kind.fields.items() if field.column_type.is_code}
    if not codes:
        raise Inapplicable("the records have no codes")
    for name, field in codes.items():
        if any(label != label.strip() or not label for label in field.labels):
            broken(
                f"A label of {name} is blank or has space around it", way_out="intake strips labels; write it without"
            )


def titles(subject: RecordsSubject) -> None:
    """Refuse a type whose name cannot stand in a project file, or that does not say what a record is."""
    kind = subject.kind
    if not kind.name.isidentifier() or kind.name != kind.name.lower():
        broken(f"The name {kind.name!r} is no plain word", way_out='write it like name="rent_cases"')
    if not (vars(kind).get("__doc__") or "").strip():
        broken(f"{kind.__qualname__} does not say what one record is", way_out="write it as its docstring")


record_laws: Final[tuple[Law[RecordsSubject], ...]] = (
    Law("declared-columns", "a record has a key and a beginning, a child row its parent", declared_columns, True),
    Law("titles", "the type has a name and says what a record is", titles, True),
    Law("unknown-codes", "labels are ones that a source can hold", unknown_codes, True),
    Law("naive-times", "naive times are refused", naive_times, True),
    Law("adds-up", "sound rows are kept, faulty ones set aside and found", adds_up),
    Law("hidden-future", "nothing after the as-of is seen", hidden_future),
)
"""All laws of a record type, the plainest first."""
