"""A source: data of one record type, whichever library holds them, and how to read them; `source` is the one way in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypedDict, Unpack

import attrs

from casequality.days import zone_info
from casequality.errors import InputError, MissingColumn, UsageError
from casequality.records.facts import Field, Records
from casequality.records.intake.blocks import AttachedChildren, BlockReader, ChildTable, JoinedChildren, PackedChildren
from casequality.records.intake.cells import (
    BLOCK_ROWS,
    Dialect,
    FileTable,
    KeyOrder,
    Origin,
    Piece,
    ReadOptions,
    SourceTable,
)
from casequality.records.intake.columns import FieldMap
from casequality.records.intake.converting import Converter, with_constants
from casequality.records.intake.joins import AlignedChildren, SharedBatches, aligned, in_order, packed
from casequality.records.intake.readers import Delivery, Spool, TypedTable, by_file_name, delivery, opened, origins
from casequality.records.intake.reading import Duplicates, Part, SourceReading, find_duplicates
from casequality.showing import Showable, TextTable

KeyCheck = Literal["in passing", "side by side", "partitioned", "off"]
THREADS = 64
"""How many may read parents and children side by side."""


@attrs.frozen(eq=False, repr=False)
class Source(Showable):
    """Data of one record type and how its columns are mapped; made by `source`.

    >>> from casequality.records import Records, day, key
    >>> class Case(Records, name="cases"):
    ...     case = key()
    ...     received_on = day()
    >>> cases = source([{"case": 7, "modtaget": "01-06-2010"}], Case,
    ...     columns={"received_on": "modtaget"}, dialect=Dialect.danish())
    >>> [block.records.received_on.tolist() for part in cases.reading(["received_on"]).parts for block in part.blocks()]
    [[datetime.date(2010, 6, 1)]]
    """

    name: str
    table: SourceTable
    mapping: FieldMap
    zone: str | None = None
    children: Mapping[str, Source] = attrs.field(factory=dict)
    dialect: Dialect = attrs.field(factory=Dialect)
    _packed: dict[tuple[str, ...], PackedChildren] = attrs.field(factory=dict, init=False, repr=False)

    @property
    def records(self) -> type[Records]:
        """The record type."""
        return self.mapping.records

    @property
    def rereadable(self) -> bool:
        """Whether it can be read again from the start, as looking up single cases does."""
        return self.table.rereadable

    @property
    def row_count(self) -> int | None:
        """How many rows it has, where that is known without reading it."""
        return self.table.rows

    def text_table(self, lang: str) -> TextTable:
        """Return what is read, from where, and which columns are told, without reading it."""
        mapped = [f"{field} = {column}" for field, column in self.mapping.columns.items()]
        files = [str(each.path) for each in origins(self.table)]
        names = ("poster", "filer", "rækker", "kolonner") if lang == "da" else ("records", "files", "rows", "columns")
        facts = (self.records.name, ", ".join(files), self.row_count, ", ".join(mapped))
        return TextTable.of_facts(self.name, dict(zip(names, facts, strict=True)), lang)

    def origins(self) -> list[Origin]:
        """Return the files or the query that it is read from; raise `UsageError` where it is data of another kind."""
        found = origins(self.table)
        if not found:
            raise UsageError(
                "Counts are kept only of files, of which a change is noticed",
                where=self.name,
                got=f"data that are no file ({type(self.table).__name__.removesuffix('Table').lower()})",
                remedy="leave keep out, or write the data to a Parquet file and count that",
            )
        return found

    def delivery(self) -> Delivery:
        """Return the files or the query that it is read from, with a digest, for the accounts of what was delivered.

        Files are read to their ends. Raises `InputError` where one has changed since it was opened, and `UsageError`
        where it is data of another kind.
        """
        return delivery(self.table)

    def reading(
        self, fields: Collection[str], *, keys: KeyCheck = "in passing", block_rows: int = BLOCK_ROWS
    ) -> SourceReading:
        """Return a reading of these fields and of those that they cannot be understood without.

        A field of a child table is named `notices.sent_on`. `keys` says how it is seen to that each record counts
        once: "in passing" leaves it to the order of the blocks' keys (`KeyOrder.joined`), which is enough where
        keys rise; "partitioned" reads the keys first and leaves out all but the first of the rows of one key.
        "side by side" is in passing too, and reads child tables no further than their parents; its blocks raise
        `OutOfOrder` where parents' keys do not rise or child rows are not in the order of these.
        Raises `MissingColumn`, `NaiveTime` or another `InputError` where the data cannot be read as a whole.
        """
        wanted = self.mapping.needed({name.partition(".")[0] for name in fields}, self.table.columns)
        own = [name for name in wanted if not self._field(name).column_type.is_table]
        below = {
            name: {dotted.partition(".")[2] for dotted in fields if dotted.startswith(f"{name}.")}
            for name in wanted
            if self._field(name).column_type.is_table
        }
        key = self.records.key_field()
        if keys == "side by side" and self._comes_twice(below):
            return self._side_by_side(own, below, block_rows)
        children = {name: self._child_table(name, names) for name, names in below.items()}
        reader = self._reader(own, key, children, ordered=keys in ("in passing", "side by side"))
        table, duplicates = self.table, None
        if keys == "partitioned" and key in reader.columns:
            table = self._steady()
            duplicates = self._duplicates(table, reader, block_rows)
        pieces = self._pieces(table, reader, block_rows)
        return SourceReading([Part(number, piece, reader, duplicates) for number, piece in enumerate(pieces)], reader)

    def key_orders(self, parts: Collection[int]) -> dict[int, KeyOrder]:
        """Return how keys are ordered in some parts of a reading, by number; only the key column is read."""
        key = self.records.key_field()
        reader = self._reader((), key, {}, ordered=True)
        if key not in reader.columns or not parts:
            return {}
        pieces = self._pieces(self.table, reader, BLOCK_ROWS)
        return {part: sum((reader.block(batch).order for batch in pieces[part].read()), KeyOrder()) for part in parts}

    def _comes_twice(self, below: Collection[str]) -> bool:
        """Return whether there are child tables, and all can be read again where they are not in order."""
        keyed = self.mapping.column(self.records.key_field() or "") is not None
        if isinstance(self.table, TypedTable) or not below or set(below) - set(self.children) or not keyed:
            return False
        tables = [self.table, *(self.children[name].table for name in below)]
        return all(table.steady and table.rereadable for table in tables)

    def _side_by_side(self, own: Iterable[str], below: Mapping[str, Collection[str]], block_rows: int) -> SourceReading:
        tables = {}
        for name, names in below.items():
            child, reader = self._child_reader(name, names)
            rows = child._pieces(child.table, reader, block_rows)
            tables[name] = AlignedChildren(
                name, reader, in_order(rows, reader.columns[reader.key or ""], distinct=False)
            )
        reader = self._reader(own, self.records.key_field(), tables, ordered=False)
        parents = in_order(
            self._pieces(self.table, reader, block_rows), reader.columns[reader.key or ""], distinct=True
        )
        shared = Piece(SharedBatches(aligned(parents, tables)).read)
        # parts are what threads take: all of these draw on the one iterator, so that as many may join in as there are;
        # those that nobody takes before it ends find nothing
        return SourceReading([Part(number, shared, reader) for number in range(THREADS)], reader)

    def _field(self, name: str) -> Field[object]:
        return self.records.fields[name]

    def _reader(
        self, fields: Iterable[str], key: str | None, children: Mapping[str, ChildTable], ordered: bool
    ) -> BlockReader:
        fields = tuple(fields)
        options = self.table.options if isinstance(self.table, FileTable) else frozenset()
        wanted = fields if key is None else (*fields, key)
        columns = self.mapping.sources(wanted, self.table.columns, self.name, "header" in options)
        return BlockReader(
            records=self.records,
            key=key,
            fields=fields,
            columns=columns,
            converters={
                name: Converter.of(
                    self._field(name),
                    self.mapping,
                    self.zone,
                    self.dialect,
                    f"{self.name}, column {columns.get(name, name)}",
                )
                for name in fields
            },
            checked=self.mapping.checked,
            rules=[rule for rule in self.mapping.rules_of(fields, self.table.columns) if rule.fields <= set(fields)],
            zone=self.zone,
            children=children,
            ordered=ordered,
        )

    def _pieces(self, table: SourceTable, reader: BlockReader, block_rows: int) -> Sequence[Piece]:
        if not table.columns and not table.rows:
            return []
        coded = {reader.columns[name] for name in reader.converters if name in reader.columns and name != reader.key}
        return table.pieces(reader.taken, coded, block_rows)

    def _duplicates(self, table: SourceTable, reader: BlockReader, block_rows: int) -> Duplicates:
        assert reader.key is not None
        key = reader.columns[reader.key]
        others = [name for name in self.mapping.mapped(table.columns) if name != reader.key]
        full = self._reader(others, reader.key, {}, ordered=False)
        by_key, whole = table.pieces([key], (), block_rows), self._pieces(table, full, block_rows)
        return find_duplicates(by_key, whole, key, full)

    def _steady(self) -> SourceTable:
        """Return a table whose rows come in the same order each time; a query is run once and remembered."""
        table = self.table
        if not table.steady:
            table = Spool(table, self.mapping.mapped_columns(table.columns))
        if isinstance(table, Spool):
            table.remember()
        return table

    def _child_table(self, field: str, names: Collection[str]) -> ChildTable:
        if isinstance(self.table, TypedTable):
            return AttachedChildren(self.table.records.column(field))  # type: ignore[arg-type]
        if field not in self.children:
            raise MissingColumn(
                f"The source has no child table for the field {field} of {self.records.name}",
                where=self.name,
                allowed=self.children,
                remedy=f"pass it: children={{{field!r}: source(<data>, <record type>)}}",
            )
        wanted = (field, *sorted(names))
        if wanted not in self._packed:
            self._packed[wanted] = self._pack(field, names)
        return JoinedChildren.to(self._packed[wanted])

    def _pack(self, field: str, names: Collection[str]) -> PackedChildren:
        child, reader = self._child_reader(field, names)
        pieces = child._pieces(child.table, reader, BLOCK_ROWS)
        return packed(field, (batch for piece in pieces for batch in piece.read()), reader)

    def _child_reader(self, field: str, names: Collection[str]) -> tuple[Source, BlockReader]:
        child, key = self.children[field], self.records.key_field()
        if key is None or key not in child.records.fields:
            raise UsageError(
                "A child record type does not name its parent",
                where=child.records.__qualname__,
                got=", ".join(child.records.fields),
                remedy=f"declare the parent's key in both: {key or 'case'} = key()",
            )
        needed = [name for name in child.mapping.needed(names, child.table.columns) if name != key]
        reader = attrs.evolve(child._reader(needed, key, {}, ordered=False), below=True)
        if key not in reader.columns:
            raise InputError("A child source has no column for its parent's key", where=child.name, got=f"{key}=None")
        return child, reader


def source(
    data: Any,
    records: type[Records],
    *,
    columns: Mapping[str, str | Sequence[str] | None] | None = None,
    codes: Mapping[str, Mapping[Any, str | None]] | None = None,
    marks: Mapping[str, Mapping[str, str]] | None = None,
    zone: str | None = None,
    dialect: Dialect | None = None,
    query: str | None = None,
    children: Mapping[str, Any] | None = None,
    checks_off: Collection[str] = (),
    name: str | None = None,
    **told: Unpack[SourceOptions],
) -> Source:
    """Return the source of `records` in `data`; opening it reads no more than headers, or runs a query.

    data: a path, URL, folder or pattern (CSV, gzipped or not; Excel; xls, xlsb, ods; Parquet; Delta) or a list of them,
    a pandas or polars frame (also lazy), a pyarrow table or stream, a DuckDB relation, anything else with the Arrow
    stream protocol, mappings (a list, or an iterator read once), Records, or a Source, which is returned as it is; with
    `query`, a connection to a database (of ADBC, arrow-odbc or the DB-API) or an address: "sqlite:FILE",
    "postgresql://...", "odbc:...", "env:NAME".
    columns: the source column of each field, its own name unless told; None where the source has none; two, as in
    ["Dato", "Tid"], where an instant has its day in one and its clock in the other.
    codes: the label of each source value, by field; None where a value means that there is none.
    marks: what days such as "9999-12-31", or "infinity", mean, by field: "unknown", or "none", "open" or the field's
    own `missing`.
    zone: the zone of times that have none, and of the local days of instants. A bare number in a span is seconds.
    dialect: how text is written, in a file or in a column.
    query: one statement that reads, SELECT or WITH; it is run once, now, and what it gives is kept with the source.
    children: the data of each child table, or its Source; its rows name their parent by the parent's key field.
    checks_off: order checks left out, by name, such as "closed_on-before-received_on".
    told: what else there is to say of it, as in `SourceOptions`: sheet, header, skip_rows, totals, and so on.
    """
    arguments = (columns, codes, marks, zone, dialect, query, children, checks_off, name, *told.values())
    if issubclass(type(data), Source):  # its type, since data of the caller's own may say what they are by a property
        return _unchanged(data, records, arguments)
    _refuse_others(told)
    if prepare := told.pop("prepare", None):
        plain = {"columns": columns, "codes": codes, "marks": marks, "zone": zone, "dialect": dialect, "query": query}
        more: dict[str, Any] = {**plain, "children": children, "checks_off": checks_off, "name": name, **told}
        made: Source = records.prepared(data, prepare, **{key: given for key, given in more.items() if given})
        return made
    if zone is not None:
        zone_info(zone)
    layout = {key: told.get(key) for key in ("sheet", "header", "skip_rows", "totals", "version")} | {"zone": zone}
    mapping = FieldMap(records, columns or {}, codes or {}, marks or {}, checks_off, told.get("repeated_hour"))
    mapping = attrs.evolve(mapping, next_day=told.get("next_day") or {}, defaults=told.get("defaults") or {})
    table = opened(data, ReadOptions(dialect or Dialect(), **layout), query)  # type: ignore[arg-type]
    constants, pattern = told.get("constants") or {}, told.get("file_name")
    by_file = {"": constants, **(by_file_name(pattern, table, constants) if pattern is not None else {})}
    mapping = with_constants(mapping, by_file, dialect or Dialect(), zone)
    if not table.rereadable:
        # it is read a second time only to settle keys that repeat
        remembered = mapping.mapped_columns(table.columns) if records.key_field() is not None else None
        table = Spool(table, remembered)
    inherited = {"zone": zone, "dialect": dialect, "repeated_hour": told.get("repeated_hour")}
    below = {field: _child(child, records, field, inherited) for field, child in (children or {}).items()}
    return Source(name or table.name, table, mapping, zone, below, dialect or Dialect())


class SourceOptions(TypedDict, total=False):
    r"""What may be told of a source that is not a plain table; None says nothing.

    sheet: the sheet of a workbook, its first unless told; a pattern such as "20*" reads several.
    header: the row of a sheet or CSV file that names the columns, or rows as in [2, 3]; the first with a cell unless
    told. skip_rows: how many rows below are left out. totals: which row of totals is left out: "last", or those with a
    text in a column, as {"Enhed": "I alt*"}.
    constants: what a field has in every row. file_name: a regular expression that every file's name matches in full,
    of which each named group is the value of a field: r"calls-(?P<queue>.+)\.csv".
    defaults: the label of a code that is blank, by field; each is counted.
    next_day: by field with a day and a clock, the one that it follows: a clock earlier than that is the next day's.
    repeated_hour: how a time without an offset is read that the clock showed twice, in the night when summer time ends:
    as the "first", the "second" or "unreadable"; undeclared, by the order of the dates where it decides.
    version: which version of a Delta table, its newest unless told.
    prepare: how rows that are no records yet become some, in the words of the record type: {"reopened": "continue"}.
    """

    sheet: str | None
    header: int | str | Sequence[int] | None
    skip_rows: int | None
    totals: str | Mapping[str, str] | None
    constants: Mapping[str, Any] | None
    file_name: str | None
    defaults: Mapping[str, str] | None
    next_day: Mapping[str, str] | None
    repeated_hour: Literal["first", "second", "unreadable"] | None
    version: int | None
    prepare: Mapping[str, Any] | None


TOLD: Final = tuple(SourceOptions.__annotations__)


def _refuse_others(told: SourceOptions) -> None:
    if unknown := [key for key in told if key not in TOLD]:
        raise UsageError("A source is told something that is not known", got=unknown[0], allowed=TOLD)


def _child(data: Any, records: type[Records], field: str, inherited: Mapping[str, Any]) -> Source:
    below = _child_records(records, field)
    return source(data, below) if issubclass(type(data), Source) else source(data, below, **inherited)


def _unchanged(made: Source, records: type[Records], arguments: tuple[object, ...]) -> Source:
    if made.records is not records or any(arguments):
        raise UsageError(
            "A Source is passed where data are mapped again",
            where=made.name,
            got=made.records.name,
            allowed=records.name,
            remedy="pass the data themselves, or a Source of this record type with no further arguments",
        )
    return made


def _child_records(records: type[Records], field: str) -> type[Records]:
    declared = records.fields[field].records if field in records.fields else None
    if declared is None:
        raise UsageError(
            "children= names something that is no child table",
            where=records.__qualname__,
            got=field,
            allowed=[name for name, one in records.fields.items() if one.column_type.is_table],
            remedy="check the spelling",
        )
    return declared
