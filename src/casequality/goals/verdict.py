"""Verdicts: what can be said of a goal."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final

from casequality.words import Words


class Verdict(enum.Enum):
    """What the records say of a goal, or why they cannot say it."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"
    NOT_SHOWN = "not shown"
    NOT_DUE_YET = "not due yet"
    NO_DATA = "no data"
    INCOMPLETE = "incomplete"
    NOT_COMPARABLE = "not comparable"
    BASELINE = "baseline"
    NOT_IN_THE_SOURCE = "not in the source"

    def __str__(self) -> str:
        return self.value

    @property
    def words(self) -> Words:
        """The verdict as a developer and as a committee reads it."""
        return WORDS[self]


WORDS: Final[Mapping[Verdict, Words]] = {
    Verdict.MET: Words("met", "opfyldt"),
    Verdict.MISSED: Words("missed", "ikke opfyldt"),
    Verdict.UNDECIDED: Words("undecided", "uafgjort"),
    Verdict.NOT_SHOWN: Words("not shown", "ikke påvist"),
    Verdict.NOT_DUE_YET: Words("not due yet", "ikke forfalden endnu"),
    Verdict.NO_DATA: Words("no data", "ingen data"),
    Verdict.INCOMPLETE: Words("incomplete", "ufuldstændig"),
    Verdict.NOT_COMPARABLE: Words("not comparable", "ikke sammenlignelig"),
    Verdict.BASELINE: Words("baseline", "udgangspunkt (baseline)"),
    Verdict.NOT_IN_THE_SOURCE: Words("not in the source", "fremgår ikke af kilden"),
}
