"""A longer term, and the notice that gives it: one that is sent before the deadline has expired."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from casequality.arrays import Days, Mask
from casequality.deadlines.term import Term
from casequality.words import Words, words


@attrs.frozen
class Extension:
    """A longer term, counted from the same receipt, and the condition under which it holds.

    `term` is None where the source states no amount.
    """

    condition: Words = attrs.field(converter=words)
    term: Term | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the extension as plain data."""
        return {"condition": self.condition.to_dict(), "term": self.term and attrs.asdict(self.term)}


@attrs.frozen
class Extended:
    """A notice of an extension or a delay that was sent in a case, on a day or at an aware instant, and its reason."""

    sent_on: dt.date
    reason: str = ""


@attrs.frozen(kw_only=True)
class ShownExtension:
    """A notice as a ledger shows it: `valid` says whether it was in time; `term` is then the term that it gives."""

    sent_on: dt.date
    valid: bool
    term: Term | None
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Return the notice as plain data."""
        return {
            "sent_on": self.sent_on.isoformat(),
            "valid": self.valid,
            "term": self.term and attrs.asdict(self.term),
            "reason": self.reason,
        }


def in_time(sent: Days, received: Days, due: Days) -> Mask:
    """Return which notices were sent from the day of receipt up to the due day as it stood; none where a day is NaT.

    >>> import numpy as np
    >>> days = np.array(["2010-05-06", "2010-05-07", "2010-05-08", "NaT"], "datetime64[D]")
    >>> in_time(days, np.datetime64("2010-04-22"), np.datetime64("2010-05-07")).tolist()
    [True, True, False, False]
    """
    timely: Mask = (received <= sent) & (sent <= due)
    return timely
