"""By which labels records are told apart, and by which they are chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask, Tags
from casequality.errors import UsageError
from casequality.metrics.asking import Question
from casequality.metrics.tallies import FIELDS
from casequality.records import Codes, Records

FEW: Final = 1 << 16
"""Up to how many combinations a table holds each."""
MOST: Final = 1 << 62
"""How many combinations of labels are told apart by one number."""
Labels = dict[tuple[str | None, ...], int]
"""The number of each group that was met, by its labels."""


def refuse_too_many(question: Question) -> None:
    """Raise `UsageError` where records are told apart by more fields than a tally has room to doubt."""
    if len(question.groups) > FIELDS:
        raise UsageError(
            "Records are told apart by more fields than a tally can hold",
            where=question.metric.id,
            got=f"{len(question.groups)} fields",
            allowed=f"up to {FIELDS}",
            remedy="leave some out, or tally several times, by some of them each",
        )


def grouped(
    records: Records, question: Question, met: Labels, untold: Mapping[str, Mask] | None = None
) -> tuple[Tags | int, int]:
    """Return each record's group among those met so far (or the one group of all), and how many there are.

    met: a group that is new is added. untold: as for `codes_of`.
    """
    if not question.groups:
        return met.setdefault((), 0), 1
    columns = [codes_of(records, field, untold) for field in question.groups]
    named = [question.labels(*each) for each in zip(question.groups, columns, strict=True)]
    if len(columns) == 1:
        numbers = [met.setdefault((label,), len(met)) for label in (None, *named[0])]
        # where a block brings its labels in the order in which groups were numbered, codes are groups as they are
        identical = numbers == list(range(len(numbers)))
        return columns[0].indices if identical else np.array(numbers)[columns[0].indices], len(met)
    widths = [len(column.labels) + 1 for column in columns]
    if math.prod(widths) < MOST:
        joint: Integers = columns[0].indices.astype(np.int64)
        for column, width in zip(columns[1:], widths[1:], strict=True):
            joint = joint * width + column.indices
        codes, position = _distinct(joint, math.prod(widths))
        indices = np.unravel_index(codes, widths)
    else:  # more than one number can tell apart
        different, position = np.unique(np.stack([column.indices for column in columns]), axis=1, return_inverse=True)
        indices = tuple(different)
    lines = zip(*(each.tolist() for each in indices), strict=True)
    own = [(None, *names) for names in named]
    labels = [tuple(names[at] for names, at in zip(own, line, strict=True)) for line in lines]
    numbers = [met.setdefault(each, len(met)) for each in labels]
    return np.array(numbers, np.int64)[position.ravel()], len(met)


def _distinct(codes: Integers, size: int) -> tuple[Integers, npt.NDArray[np.intp]]:
    """Return the different codes, and each record's position among them."""
    if size > FEW:
        return np.unique(codes, return_inverse=True)
    met = np.flatnonzero(np.bincount(codes, minlength=size) != 0)
    position = np.zeros(size, np.intp)
    position[met] = np.arange(len(met))
    return met, position[codes]


def asked_for(
    records: Records, where: tuple[tuple[str, tuple[str, ...]], ...], needs: frozenset[str] = frozenset()
) -> tuple[Mask | None, Mask | None]:
    """Return which records are asked for or may be, and which of them nobody can tell; None for all and for none.

    needs: the fields of a question for which the records are set aside.
    """
    chosen: Mask | None = None
    astray = np.zeros(len(records), bool)
    for field, wanted in where:
        told = codes_of(records, field).isin(wanted)
        for mask in (records.unstated({field}), records.blurred(field, needs) if needs else None):
            if mask is not None:
                told, astray = told | mask, astray | mask
        chosen = told if chosen is None else chosen & told
    return chosen, astray if astray.any() else None


def codes_of(records: Records, field: str, untold: Mapping[str, Mask] | None = None) -> Codes:
    """Return a column of codes; raise `UsageError` for a field of another kind.

    untold: by field, the records whose label cannot be trusted. They get none: of rows that contradict each other, the
    label would be that of whichever came first.
    """
    column = records.column(field)
    if not isinstance(column, Codes):
        raise UsageError(
            "Records are grouped or chosen by a field that is not a code",
            got=field,
            allowed=[name for name, declared in records.fields.items() if declared.column_type.is_code],
            remedy="use a code, or group by month, quarter, half-year or year",
        )
    return column.hidden(untold[field]) if untold and field in untold else column
