"""What one stretch of a source came to: it merges with that of any other, and travels and is kept as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np

from casequality.arrays import Mask
from casequality.metrics import stored
from casequality.metrics.columns import Blocks, Written
from casequality.metrics.tally import Tally, merge
from casequality.records import Finding, Findings, KeyOrder
from casequality.sealed import Seal

SEAL: Final = Seal(
    b"casequality counted 3\n", "count", "count again; the same version is needed wherever it is counted"
)
QUICK: Final = 1
"""How hard zlib tries: a count is written once and read once."""
FEW_CELLS: Final = 1 << 20
"""How many cells and numbers may wait before they are summed."""

Marks = tuple[Mask, ...]


@attrs.frozen(kw_only=True)
class Counted:
    """What some parts of a source came to: of a file, a row group, a thread's or an executor's share.

    tallies: one a question; of their accounts only `elsewhere` is told, the rest once the whole source is known.
    beyond: by question, the records that a deadline's calendar does not reach.
    orders: by the number of the part, how its keys are ordered: the first and last of them, which may name a citizen.
    covered: the days on which records began, where the source promises any. later: records not begun at the as-of.
    met: by the field of a child table, the marks of what its parents told of its rows (`Reading.met`).
    """

    tallies: tuple[Tally, ...]
    beyond: tuple[Findings, ...]
    findings: Findings
    orders: Mapping[int, KeyOrder] = attrs.field(factory=dict, repr=False)
    covered: frozenset[str] = frozenset()
    read: int = 0
    later: int = 0
    met: Mapping[str, Marks] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def size(self) -> int:
        """How many cells and numbers it holds."""
        return sum(len(each.cells) + each.numbers.shape[1] for each in self.tallies)

    @property
    def keys_increase(self) -> bool:
        """Whether keys rise through all parts."""
        return KeyOrder.joined(self.orders[number] for number in sorted(self.orders))

    def to_bytes(self) -> bytes:
        """Return the stored form."""
        blocks = Written()
        head = {
            "tallies": [stored.to_plain(each, blocks) for each in self.tallies],
            "beyond": [_plain(each) for each in self.beyond],
            "findings": _plain(self.findings),
            "orders": [[number, *attrs.astuple(order)] for number, order in sorted(self.orders.items())],
            "covered": sorted(self.covered),
            "read": self.read,
            "later": self.later,
            "met": {field: [_packed(mask, blocks) for mask in several] for field, several in self.met.items()},
        }
        return SEAL.close({**head, "blocks": blocks.lengths}, blocks.body, holds=blocks.holds, level=QUICK)

    @classmethod
    def from_bytes(cls, content: bytes, where: str = "a stored count") -> Counted:
        """Return what was stored; raise `InputError` for anything else."""
        opened = SEAL.open(content, where)
        try:
            return cls._read(opened.head, Blocks.of(opened.head["blocks"], opened.body, opened.room))
        except stored.UNREADABLE as fault:
            SEAL.refuse(where, type(fault).__name__)

    @classmethod
    def _read(cls, head: Mapping[str, Any], blocks: Blocks) -> Counted:
        return cls(
            tallies=tuple(stored.of_plain(each, blocks) for each in head["tallies"]),
            beyond=tuple(map(_findings, head["beyond"])),
            findings=_findings(head["findings"]),
            orders={number: KeyOrder(*order) for number, *order in head["orders"]},
            covered=frozenset(head["covered"]),
            read=head["read"],
            later=head["later"],
            met={field: tuple(_mask(each, blocks) for each in several) for field, several in head["met"].items()},
        )


def summed(several: Iterable[Counted]) -> Counted:
    """Return the sum of one count or more, the order makes no difference; few of them are held at once."""
    waiting: list[Counted] = []
    size, limit = 0, FEW_CELLS
    for each in several:
        waiting.append(each)
        size += each.size
        if size > limit:
            waiting = [_sum(waiting)]
            size = waiting[0].size
            limit = max(FEW_CELLS, 2 * size)
    return _sum(waiting)


def _sum(several: Sequence[Counted]) -> Counted:
    first, *others = several
    if not others:
        return first
    return Counted(
        tallies=tuple(merge(parts) for parts in zip(*(each.tallies for each in several), strict=True)),
        beyond=tuple(sum(found, Findings()) for found in zip(*(each.beyond for each in several), strict=True)),
        findings=sum((each.findings for each in several), Findings()),
        orders={number: order for each in several for number, order in each.orders.items()},
        covered=frozenset().union(*(each.covered for each in several)),
        read=sum(each.read for each in several),
        later=sum(each.later for each in several),
        met={field: tuple(_any([each.met[field] for each in several])) for field in first.met},
    )


def _any(marks: Sequence[Marks]) -> Iterator[Mask]:
    for masks in zip(*marks, strict=True):
        yield np.logical_or.reduce(masks)


def _packed(mask: Mask, blocks: Written) -> list[int]:
    return [len(mask), blocks.add(np.packbits(mask).tobytes())]


def _mask(packed: Sequence[int], blocks: Blocks) -> Mask:
    length, place = packed
    bits = np.frombuffer(blocks.raw(place), np.uint8)
    if len(bits) != -(-length // 8):
        raise ValueError
    return np.unpackbits(bits, count=length).astype(bool)


def _plain(findings: Findings) -> dict[str, Any]:
    return {
        "items": [
            [item.column, item.fault, item.count, item.rows.tolist(), item.file, _sorted(item.fields)]
            for item in findings.items
        ],
        "set_aside": findings.set_aside,
        "suspected": [[*place, count] for place, count in findings.suspected.items()],
        "adrift": dict(findings.adrift),
    }


def _findings(plain: Mapping[str, Any]) -> Findings:
    items = [
        Finding(
            column=column,
            fault=fault,
            count=count,
            rows=rows,
            file=file,
            fields=None if fields is None else frozenset(fields),
        )
        for column, fault, count, rows, file, fields in plain["items"]
    ]
    suspected = {(field, day): count for field, day, count in plain["suspected"]}
    return Findings(tuple(items), plain["set_aside"], suspected, plain["adrift"])


def _sorted(fields: frozenset[str] | None) -> list[str] | None:
    return None if fields is None else sorted(fields)
