"""From a batch of cells to a block of records: typed and checked, with its child rows and what is in doubt about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, Protocol

import attrs
import numpy as np

from casequality.days import Integers, Mask, read_only
from casequality.records.facts import (
    Children,
    Codes,
    Column,
    Doubts,
    FieldNames,
    Finding,
    Findings,
    Ordered,
    Records,
    Rule,
    Taint,
)
from casequality.records.intake.alike import CLEAN, Alike, Block, cells_of, whole_cells
from casequality.records.intake.cells import Batch, KeyIndex, KeyOrder, Keys
from casequality.records.intake.converting import Converter, Typed
from casequality.records.intake.faults import (
    TOTALS,
    Faults,
    begun_before_parent,
    broken,
    checked_with,
    ended_before_begun,
    ends_with_totals,
    told_apart,
)

Early = Callable[[Children[Any]], Mask]
"""Tells which child rows begin before their parent, which is a fault."""


class ChildTable(Protocol):
    """Where a block's child rows come from."""

    def of(self, batch: Batch, keys: Keys | None, early: Early) -> Children[Any]:
        """Return the child rows of a batch's records; a row that is `early` is faulty."""
        ...

    def orphans(self) -> Findings:
        """Return what is known once all records have been read."""
        ...

    def apart(self) -> ChildTable:
        """Return the same child rows, for some of the records, of which nothing is known yet."""
        ...

    def met(self) -> tuple[Mask, ...]:
        """Return what is known of its rows from the records read so far: marks, which those of others add up with."""
        ...

    def note(self, met: Sequence[Mask]) -> None:
        """Add what is known from records that were read apart."""
        ...


@attrs.frozen(eq=False, repr=False)
class AttachedChildren:
    """The child rows of records that have them already, in the same order."""

    children: Children[Any]

    def of(self, batch: Batch, keys: Keys | None, early: Early) -> Children[Any]:
        children = self.children[batch.first - 1 : batch.first - 1 + batch.rows]
        return _doubted(children, early(children))

    def orphans(self) -> Findings:
        return Findings()

    def apart(self) -> AttachedChildren:
        return self

    def met(self) -> tuple[Mask, ...]:
        return ()

    def note(self, met: Sequence[Mask]) -> None:
        """Add nothing: each of these rows has its record."""


@attrs.frozen(eq=False, repr=False)
class PackedChildren:
    """The rows of a child source, those of one parent beside each other, oldest first.

    `children` has an entry for each key of `index` and an empty one at the end, for records without child rows.
    `numbers` and `files` (child rows,) say where each row was read; a single file goes without a name. `key_name`
    and `begin_name` are the columns that name their parent and date their beginning.
    """

    field: str
    children: Children[Any]
    index: KeyIndex
    key_name: str
    begin_name: str
    findings: Findings
    numbers: Integers
    files: Codes


@attrs.frozen(eq=False, repr=False)
class JoinedChildren:
    """A packed child source in one reading of its parents.

    `seen` (keys + 1,) marks the keys that they had, `begun_early` (child rows,) the rows that began before them.
    """

    packed: PackedChildren
    seen: Mask
    begun_early: Mask

    @classmethod
    def to(cls, packed: PackedChildren) -> JoinedChildren:
        """Return the child rows for a reading in which no parent was seen yet."""
        return cls(packed, np.zeros(len(packed.children), bool), np.zeros(len(packed.numbers), bool))

    def of(self, batch: Batch, keys: Keys | None, early: Early) -> Children[Any]:
        assert keys is not None
        places = self.packed.index.find(keys.values())
        self.seen[places] = True
        # place -1, that of a key which no child row names, is the empty entry at the end: such a record has no rows
        children = self.packed.children[places]
        begun_early = early(children)
        if begun_early.any():
            self.begun_early[self.packed.children.child_rows(places)[begun_early]] = True
        return _doubted(children, begun_early)

    def orphans(self) -> Findings:
        packed = self.packed
        alone = packed.children.of_parent(~self.seen)
        count = int(np.count_nonzero(alone))
        return (
            packed.findings
            + Findings(adrift={packed.field: count} if count else {})
            + self._found(packed.key_name, "child without a parent", alone)
            + self._found(packed.begin_name, "began before its parent", self.begun_early)
        )

    def apart(self) -> JoinedChildren:
        return JoinedChildren.to(self.packed)

    def met(self) -> tuple[Mask, ...]:
        return self.seen, self.begun_early

    def note(self, met: Sequence[Mask]) -> None:
        seen, begun_early = met
        self.seen[seen] = True
        self.begun_early[begun_early] = True

    def _found(self, column: str, fault: str, rows: Mask) -> Findings:
        packed = self.packed
        found = (
            Finding.of(
                column, fault, packed.numbers[rows & (packed.files == file)], file or None, frozenset([packed.field])
            )
            for file in packed.files.labels
        )
        return Findings.of(item for item in found if item.count)


def _doubted(children: Children[Any], rows: Mask) -> Children[Any]:
    """Return the child rows, of which some begin before their parent: nobody knows whether they had begun."""
    if not rows.any():
        return children
    begins = frozenset([children.rows.begins() or ""])
    doubts = children.rows.doubts.with_taints([Taint(None, begins, rows)])
    return attrs.evolve(children, rows=children.rows.with_doubts(doubts))


@attrs.frozen(eq=False, repr=False)
class Repeats:
    """What their keys tell of a batch's rows; every mask has the shape (rows,).

    surplus: the rows that are no record of their own. told: by fault, the rows that have it. differing: by field, the
    records that stand for rows which disagree in it.
    """

    surplus: Mask
    told: Mapping[str, Mask]
    differing: Mapping[str, Mask]


@attrs.frozen(eq=False, repr=False)
class BlockReader:
    """What one reading makes of each batch.

    `fields` are read into columns, `columns` says from which source column each comes, `checked` are the dates
    and child tables that may not lie before the record's beginning, `rules` what else must hold, `children` the child
    tables by field; the key is in `fields` only where its column is wanted. `below` is true for a child table.
    """

    records: type[Records]
    key: str | None
    fields: Sequence[str]
    columns: Mapping[str, str]
    converters: Mapping[str, Converter]
    checked: frozenset[str]
    rules: Sequence[Rule]
    zone: str | None
    children: Mapping[str, ChildTable]
    ordered: bool
    below: bool = False

    def block(self, batch: Batch, repeats: Repeats | None = None) -> Block:
        """Return the block; `repeats` is what the keys tell of rows that are no records of their own."""
        typed, faults = self.typed(batch), Faults(batch.rows, batch.ragged)
        for name, found in typed.items():
            for fault, rows in found.faults:
                faults.add(self._named(name), fault, rows, self._concerned(name), frozenset([name]))
            for fault, rows in found.told:
                faults.tell(self._named(name), fault, rows, self._concerned(name))
        columns: dict[str, Column] = {name: found.column for name, found in typed.items()}
        self._check_order(columns, faults)
        self._check_rules(columns, faults)
        keys = self._keys(batch)
        if keys is not None:
            faults.add(self._named(self.key or ""), "missing value", keys.missing, None, None)
            columns |= {name: read_only(keys.values()) for name in self.fields if name == self.key}
        if repeats is not None:
            self._add_repeats(repeats, faults)
        for (column, fault), rows in batch.told.items():
            faults.tell(column, fault, rows, self._reading(column), ragged=True)
        begun = columns.get(self.records.begins() or "")
        if batch.ends and keys is not None and ends_with_totals(keys, begun, batch.ragged):
            faults.tell("", TOTALS, np.array([batch.rows - 1]), ragged=True)
        for name, table in self.children.items():
            columns[name] = table.of(batch, keys, partial(self._begun_early, name, columns))
        records = self.records(columns, batch.rows, _doubts(batch, typed, faults))
        kept = None if repeats is None or not repeats.surplus.any() else ~repeats.surplus
        records = records if kept is None else records[kept]
        return Block(
            records=records,
            read=batch.rows,
            first=batch.first,
            kept=kept,
            findings=_findings(batch, typed, faults, batch.rows - len(records)),
            order=self._order(keys, kept),
            file=batch.file,
            numbers=batch.numbers,
        )

    def once(self, batch: Batch) -> Block | None:
        """Return the block with each different record once, none of the others looked at but for their keys.

        None where that does not pay, and where there is anything to say of any row, which is said of each.
        """
        said = batch.below or batch.doubts or batch.told or len(batch.ragged) or batch.ends
        clocks = any(one.clock is not None for one in self.converters.values())
        if said or clocks or self.children or self.key in self.fields:
            return None
        cells = {name: batch.cells[name] for field, name in self.columns.items() if field in self.fields}
        alike = Alike.of(map(whole_cells, cells.values()), batch.rows)
        keys = None if alike is None else self._keys(batch)
        if alike is None or (keys is not None and len(keys.missing)):
            return None
        few = dict(zip(cells, map(cells_of, cells.values(), alike.columns), strict=True))
        block = attrs.evolve(self, key=None).block(Batch(batch.first, len(alike), few, file=batch.file))
        if block.findings is not CLEAN or block.records.doubts:
            return None
        order = self._order(keys, None)
        return attrs.evolve(block, read=batch.rows, order=order, numbers=batch.numbers, alike=alike)

    @property
    def taken(self) -> list[str]:
        """Every source column that is read, once."""
        clocks = [one.clock.columns for one in self.converters.values() if one.clock is not None]
        return list(dict.fromkeys([*self.columns.values(), *chain.from_iterable(clocks)]))

    def typed(self, batch: Batch) -> dict[str, Typed]:
        """Return every field's column but the key's, nothing set aside."""
        found = {name: self._typed(name, batch) for name in self.fields if name != self.key}
        return found | self._told_apart(found) if any(one.again is not None for one in found.values()) else found

    def _told_apart(self, typed: Mapping[str, Typed]) -> dict[str, Typed]:
        """Return the fields with times that the clock showed twice: by the order of dates, or else at fault."""
        again = {name: one.again for name, one in typed.items() if one.again is not None}
        orders = [(rule.dates[0], rule.dates[1]) for rule in self.rules if isinstance(rule, Ordered)]
        orders += [(self.records.begins() or "", name) for name in self.checked]
        ticks = {
            name: one.column.view(np.int64)
            for name, one in typed.items()
            if isinstance(one.column, np.ndarray) and self.records.fields[name].column_type.is_instant
        }
        return {name: typed[name].settled(*told_apart(name, ticks, again, orders)) for name in again}

    def _typed(self, field: str, batch: Batch) -> Typed:
        converter = self.converters[field]
        if field not in self.columns:
            return converter.absent(batch.rows, batch.file)
        if converter.clock is not None:
            return converter.read_together(batch.cells)
        return converter.read(batch.cells[self.columns[field]])

    def _named(self, field: str) -> str:
        return self.columns.get(field, field)

    def _concerned(self, field: str) -> FieldNames:
        """Return the fields whose readers a fault in one concerns: it, and the codes that are known with it.

        Whether a child row has begun by an as-of is asked whichever of its fields is read.
        """
        if self.below and field == self.records.begins():
            return None
        return frozenset([field, *(name for name, one in self.records.fields.items() if one.known_with == field)])

    def _reading(self, column: str) -> FieldNames:
        """Return the fields that a source column feeds; None for the whole row."""
        return frozenset(name for name, one in self.columns.items() if one == column) if column else None

    def _check_order(self, columns: Mapping[str, Column], faults: Faults) -> None:
        start = self.records.begins()
        if start is None or start not in columns:
            return
        for name in self.checked & columns.keys():
            early = ended_before_begun(columns, self.records.fields, name, start, self.zone)
            concerned = None if self.below else self._concerned(name)
            faults.add(self._named(name), "ended before it began", early, concerned, frozenset([start, name]))

    def _check_rules(self, columns: Mapping[str, Column], faults: Faults) -> None:
        for rule in self.rules:
            rows = broken(rule, columns, self.records.fields, self.zone)
            if len(rows):
                each = [self._concerned(name) for name in rule.fields]
                # None stands for every field, and so for all the others too
                known = [fields for fields in each if fields is not None]
                concerned = frozenset().union(*known) if len(known) == len(each) else None
                faults.add(self._named(rule.blamed), rule.says.en, rows, concerned, rule.fields)

    def _add_repeats(self, repeats: Repeats, faults: Faults) -> None:
        for fault, rows in repeats.told.items():
            faults.tell(self._named(self.key or ""), fault, np.flatnonzero(rows))
        for field, rows in repeats.differing.items():
            fields = checked_with(field, self.records.begins() or "", self.checked, self.rules)
            each = [self._concerned(name) for name in fields]
            concerned = None if None in each else frozenset().union(*filter(None, each))
            faults.taint(np.flatnonzero(rows), concerned, fields | (self._concerned(field) or frozenset()))

    def _begun_early(self, field: str, columns: Mapping[str, Column], children: Children[Records]) -> Mask:
        start = self.records.begins()
        if start is None or start not in columns or field not in self.checked:
            return np.zeros(len(children.rows), bool)
        begun = columns[start]
        assert isinstance(begun, np.ndarray)
        return begun_before_parent(children, begun, self.records.fields[start], self.zone)

    def _keys(self, batch: Batch) -> Keys | None:
        column = None if self.key is None else self.columns.get(self.key)
        return None if column is None else batch.cells[column].keys()

    def _order(self, keys: Keys | None, kept: Mask | None) -> KeyOrder:
        if keys is None or not self.ordered:
            return KeyOrder()
        if not len(keys.missing):
            return (keys if kept is None else keys[kept]).order()
        named = np.ones(len(keys), bool) if kept is None else kept.copy()
        named[keys.missing] = False
        return keys[named].order()


def _doubts(batch: Batch, typed: Mapping[str, Typed], faults: Faults) -> Doubts:
    taints = (*faults.taints(), *(batch.doubts.taints if batch.doubts else ()))
    return Doubts(
        taints,
        {name: found.unknown for name, found in typed.items() if found.unknown is not None},
        {name: found.suspects for name, found in typed.items() if found.suspects is not None},
    )


def _findings(batch: Batch, typed: Mapping[str, Typed], faults: Faults, dropped: int) -> Findings:
    suspected = {(name, day): count for name, found in typed.items() for day, count in found.suspected.items()}
    found = list(faults.findings(batch.shown, batch.file)) if faults else []
    return Findings.of(found, dropped, suspected) if found or dropped or suspected else CLEAN
