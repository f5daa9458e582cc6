"""Packing a child source: read whole, sorted by parent, then by beginning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from casequality.arrays import MISSING, Integers, Mask, read_only
from casequality.records.children import Children
from casequality.records.codes import Codes
from casequality.records.doubt import Doubts
from casequality.records.findings import Findings
from casequality.records.intake.blocks import Block, BlockReader
from casequality.records.intake.cells import Positions
from casequality.records.intake.child_tables import Packed
from casequality.records.intake.keys import KeyIndex
from casequality.records.intake.tables import Batch
from casequality.records.schema import Column, Records


def packed(field: str, batches: Iterable[Batch], reader: BlockReader) -> Packed:
    """Return the rows that `reader` makes of a child source's batches, by the key that names their parents."""
    blocks: list[Block] = []
    keys: list[npt.NDArray[Any]] = []
    adrift = 0
    column, start = reader.columns[reader.key or ""], reader.records.begins() or ""
    for batch in batches:
        block, named = reader.block(batch), batch.cells[column].keys()
        blocks.append(block if not len(named.missing) else _without(block, named.missing))
        keys.append(np.delete(named.values(), named.missing))
        adrift += len(named.missing)
    index = KeyIndex.of(keys)
    groups = np.concatenate([np.empty(0, np.intp), *map(index.find, keys)])
    rows = _joined(reader.records, [block.records for block in blocks])
    numbers = np.concatenate([np.empty(0, np.int64), *(block.rows for block in blocks)])
    files = _files(blocks)
    if not _in_order(rows, groups):
        order = _sorted(_order(rows, groups))
        rows, numbers, files = rows[order], numbers[order], files[order]
    return Packed(
        field=field,
        children=Children(rows, _starts(groups, len(index.keys))),
        index=index,
        key_name=f"{field}.{column}",
        begin_name=f"{field}.{reader.columns.get(start, start)}",
        findings=sum(
            (_of_children(field, block.findings) for block in blocks),
            Findings(adrift={field: adrift} if adrift else {}),
        ),
        numbers=numbers,
        files=files,
    )


def _without(block: Block, rows: Positions) -> Block:
    """Return a block without the rows that name no parent."""
    kept = np.ones(block.read, bool)
    kept[rows] = False
    return attrs.evolve(block, records=block.records[kept], kept=kept)


def _joined(records: type[Records], blocks: Sequence[Records]) -> Records:
    if not blocks:
        return records.empty()
    names = blocks[0].loaded
    columns: dict[str, Column] = {name: _one_after_another([block.column(name) for block in blocks]) for name in names}
    lengths = [len(block) for block in blocks]
    return records(columns, sum(lengths), Doubts.joined([block.doubts for block in blocks], lengths))


def _one_after_another(columns: Sequence[Any]) -> Column:
    if isinstance(columns[0], Codes):
        return Codes.joined(columns)
    return read_only(np.concatenate(columns))


def _in_order(rows: Records, groups: npt.NDArray[np.intp]) -> bool:
    """Return whether rows come by parent and, strictly, by beginning, so that nothing else has a say."""
    start = rows.begins()
    if start is None or start not in rows.loaded:
        return False
    same = groups[1:] == groups[:-1]
    begun = _sortable(rows.column(start))
    rising: Mask = np.where(same, begun[1:] > begun[:-1], groups[1:] > groups[:-1])
    return bool(rising.all())


def _order(rows: Records, groups: npt.NDArray[np.intp]) -> list[npt.NDArray[Any]]:
    """Return the sort keys, the last first: by parent, by beginning, then by all that the rows say."""
    start = rows.begins()
    said = [_sortable(rows.column(name)) for name in rows.loaded if name != start]
    begun = [] if start is None or start not in rows.loaded else [_sortable(rows.column(start))]
    return [*reversed(said), *begun, groups]


def _sorted(keys: Sequence[Integers]) -> npt.NDArray[np.intp]:
    """Return what `np.lexsort` does; where rows are in order but for those equal in two keys, sort these only."""
    if len(keys) < 2:
        return np.lexsort(keys)
    major, minor = keys[-1], keys[-2]
    same = major[1:] == major[:-1]
    if not ((major[1:] > major[:-1]) | (same & (minor[1:] >= minor[:-1]))).all():
        return np.lexsort(keys)
    equal = same & (minor[1:] == minor[:-1])
    doubtful = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
    order = np.arange(len(major))
    order[doubtful] = doubtful[np.lexsort([key[doubtful] for key in keys])]
    return order


def _sortable(column: Any) -> Integers:
    if isinstance(column, Codes):
        return column.indices.astype(np.int64)
    if column.dtype == object:
        return np.unique(column.astype(str), return_inverse=True)[1].astype(np.int64)
    ticks: Integers = column.view(np.int64)
    return np.where(ticks == MISSING, np.iinfo(np.int64).max, ticks)


def _starts(groups: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.intp]:
    """Return where each group begins, the empty one at the end included."""
    return np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=count + 1))]).astype(np.intp)


def _files(blocks: Sequence[Block]) -> Codes:
    names = [block.file or "" for block in blocks]
    lengths = [len(block.records) for block in blocks]
    codes = Codes.encode(names)
    return attrs.evolve(codes, indices=np.repeat(codes.indices, lengths), closed=False)


def _of_children(field: str, findings: Findings) -> Findings:
    """Return findings under the child field's name; they set no record aside."""
    items = [
        attrs.evolve(
            item,
            column=f"{field}.{item.column}",
            fields=frozenset([field] if item.fields is None else (f"{field}.{name}" for name in item.fields)),
        )
        for item in findings.items
    ]
    suspected = {(f"{field}.{column}", day): count for (column, day), count in findings.suspected.items()}
    return Findings.of(items, 0, suspected)
