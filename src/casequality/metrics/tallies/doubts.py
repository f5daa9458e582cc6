"""Records in doubt: what each may be besides what it was read as, kept in a tally beside its cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import MISSING, Integers, Mask
from casequality.metrics.tallies.cells import BITS, sum_by_row, unpack

COLUMNS: Final = ("cell", "kind", "amount", "bin", "rows", "cases", "total")
"""What each row of the table holds. cell: where the record is, as in a tally, its entry 0 where any day will do and its
exit one of the marks below. kind: a `Kind` by its place, and the flags below. amount, bin: what it was read with,
MISSING for none. Counted are rows, cases (rows times what each stands for) and the total of their amounts."""
KEYS: Final = 4
ANY_END: Final = (1 << BITS["exit"]) - 1
"""The exit of a record that may have ended at any time, or not at all."""
SOME_END: Final = ANY_END - 1
"""The exit of a record that has ended, nobody knows when."""
COUNTED: Final = 1 << 4
"""The flag of a record that is counted in its cell as it was read, too."""
WEIGHTLESS: Final = 1 << 5
"""The flag of a record of which nobody knows how many cases it stands for."""
ASTRAY: Final = 1 << 6
"""The flag of a record that may not be one of those asked for: what `where` looks at is not known."""
CERTAIN: Final = 1 << 61
"""The flag of a record whose outcome stands, whatever a row of a child table without a parent may have been."""
FIELDS: Final = 23
"""Of how many grouping fields there are flags."""
LABELS: Final = 7
"""The place of the flag that the label of the first grouping field is not known; those of others follow."""
AWAY: Final = LABELS + FIELDS
"""The place of the flag that a record is told only as groups with another label in the first grouping field see it:
what it would be with that nobody knows, since the metric reads the label. Those of others follow."""
FEW: Final = 1 << 16
"""Up to how many rows the table keeps every amount; beyond, amounts keep their first twelve binary digits."""
DIGITS: Final = 12
EXACT: Final = 1 << 16
"""Below it every amount and number is kept, so that ages in days always are."""


@attrs.frozen
class Kind:
    """One way to be in doubt.

    why: the reason, as a figure counts it. stays: whether it may be what it was read as. other: whether it may be
    something else, a yes or a no with any amount; out: or neither. Then entry says that it may have begun at another
    time, exit that it may have ended at any, lasts that it may not have ended; and ends that it may, beside that, have
    ended as it was read. keeps: whether its role and its amount are what was read even so.
    """

    why: str
    stays: bool = False
    other: bool = True
    out: bool = False
    entry: bool = False
    exit: bool = False
    lasts: bool = False
    ends: bool = False
    keeps: bool = False


KINDS: Final = (
    Kind("set aside", out=True),
    Kind("unlabelled", stays=True, other=False),
    Kind("marks", stays=True, entry=True),
    Kind("marks", stays=True, lasts=True),
    Kind("marks", stays=True, entry=True, lasts=True, ends=True),
    Kind("marks", stays=True),
    Kind("undated", exit=True),
    Kind("unknown", exit=True, lasts=True),
    Kind("open", stays=True, other=False),
    Kind("marks", stays=True, lasts=True, ends=True),
    Kind("undated", entry=True, exit=True),
    Kind("unknown", entry=True, exit=True, lasts=True),
    Kind("undated", exit=True, keeps=True),
    Kind("unknown", exit=True, lasts=True, keeps=True),
    Kind("unknown", out=True, entry=True, exit=True, lasts=True),
    Kind("orphans", out=True, exit=True, lasts=True),
)
SET_ASIDE, UNLABELLED, MARK_ENTRY, MARK_EXIT, MARK_BOTH, MARK_OTHER, ENDED, EITHER, SO_FAR = range(9)
MARK_EXIT_OR_OTHER, ENDED_AND_MARK, EITHER_AND_MARK, ENDED_SURE, EITHER_SURE, ANYTHING, STRAY = range(9, len(KINDS))
ENTRY_BIT, EXIT_BIT, OTHER_BIT = 1, 2, 4
"""What a date that may stand for none would change: when a record began, when it ended, or what became of it."""
MARKED: Final = (-1, MARK_ENTRY, MARK_EXIT, MARK_BOTH, MARK_OTHER, MARK_ENTRY, MARK_EXIT_OR_OTHER, MARK_BOTH)
"""The kind of a record with such dates, by their bits; that it began at another time allows for all that others do."""


def _with_marks(kind: int, bits: int) -> int:
    """Return the kind of a record of some kind which has such dates too."""
    if not bits:
        return kind
    if kind in (ENDED_SURE, EITHER_SURE, ANYTHING):
        return ANYTHING
    if kind in (ENDED, EITHER, ENDED_AND_MARK, EITHER_AND_MARK):
        # an end that may be a mark for none, too: then it may not have ended at all, which is the wider doubt
        either = kind in (EITHER, EITHER_AND_MARK) or bits & EXIT_BIT
        moved = kind in (ENDED_AND_MARK, EITHER_AND_MARK) or bits & ENTRY_BIT
        return (EITHER_AND_MARK if moved else EITHER) if either else (ENDED_AND_MARK if moved else ENDED)
    known = MARKED.index(kind) if kind in MARKED else 0
    return MARKED[known | bits]


WITH_MARKS: Final = np.array([[_with_marks(kind, bits) for bits in range(8)] for kind in (*range(len(KINDS)), -1)])
"""The kind of a record by its kind, -1 for none, and the bits of its dates that may stand for none."""
REASONS: Final = ("open", "unknown", "set aside", "undated", "unlabelled", "marks", "orphans")
"""Why records are in doubt, in the order in which a reader is told."""


def no_doubts() -> npt.NDArray[np.int64]:
    """Return the table of no records in doubt."""
    return np.zeros((len(COLUMNS), 0), np.int64)


def joined(tables: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    """Return the sum of tables in canonical order: the same bytes however the records were spread over them.

    Amounts are kept exactly while the table has few rows. Beyond, each keeps its first digits only, as it would have
    done anywhere: the parts of a table that is too long are joined to one that is too long.
    """
    table = _summed(np.concatenate(tables, axis=1)) if tables else no_doubts()
    # a join of coarse tables is coarse, however few rows are left: else it would hang on the order of joining
    if table.shape[1] <= FEW and not any(is_coarse(each) for each in tables):
        return table
    coarse = table.copy()
    coarse[2:KEYS] = np.where(table[2:KEYS] == MISSING, MISSING, floor_of(table[2:KEYS]))
    coarse[1] |= COARSE
    return _summed(coarse)


def without_open(table: npt.NDArray[np.int64], settled: Mask) -> npt.NDArray[np.int64]:
    """Return a table without what it says of records only because they are not settled yet.

    settled: by outcome's code, for which outcomes that is left out.
    """
    left_out = (table[1] & COUNTED - 1 == SO_FAR) & settled[unpack(table[0], "outcome")]
    if not left_out.any():
        return table
    made = table.copy()
    made[1] += np.where(left_out, UNLABELLED - SO_FAR, 0)  # what is in doubt for its label too, is so still
    return without_labelled(made)


def without_labelled(table: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return a table without the records that would be in doubt for a label only, and are in doubt for none."""
    for_label = table[1] & COUNTED - 1 == UNLABELLED
    # the flags above that of being astray say of which labels that is so
    return joined([table[:, ~for_label | (table[1] & CERTAIN - 1 >= ASTRAY)]])


def fields_of(flags: Integers, first: int) -> Integers:
    """Return which grouping fields are flagged, a bit for each; first: `LABELS` or `AWAY`, the place of the first."""
    found: Integers = flags >> first & (1 << FIELDS) - 1
    return found


def told_apart(table: npt.NDArray[np.int64], places: Mapping[int, int]) -> npt.NDArray[np.int64]:
    """Return a table that speaks of some grouping fields only, of each by its new place; places: the old by the new."""
    flags = table[1]
    away = fields_of(flags, AWAY)
    kinds = flags & ~(((1 << 2 * FIELDS) - 1) << LABELS)
    for new, old in places.items():
        for first in (LABELS, AWAY):
            kinds = kinds | ((flags >> (first + old)) & 1) << (first + new)
    kept = (away == 0) | (fields_of(kinds, AWAY) > 0)
    return without_labelled(np.concatenate([table[:1], kinds[None, :], table[2:]])[:, kept])


COARSE: Final = 1 << 62
"""The flag of a record whose amount kept its first digits only."""


def is_coarse(table: npt.NDArray[np.int64]) -> bool:
    """Return whether amounts of a table kept their first digits only."""
    return bool((table[1] & COARSE).any())


def widths(values: Integers) -> Integers:
    """Return by how much an amount that kept its first digits may have been greater."""
    return (np.int64(1) << _dropped(values)) - 1


def floor_of(values: Integers) -> Integers:
    """Return amounts with their first digits only."""
    drop = _dropped(values)
    return (values >> drop) << drop


def _dropped(values: Integers) -> Integers:
    size = np.abs(np.where(values == MISSING, 0, values)).astype(np.float64)
    _, exponent = np.frexp(size)
    return np.where(size < EXACT, 0, np.maximum(exponent.astype(np.int64) - DIGITS, 0))


def _summed(table: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return sum_by_row(table, KEYS)
