"""Sums of what records add to a figure, in the terms of a quotient."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from casequality.metrics.counts import Counts
from casequality.metrics.extremes import Numbers
from casequality.metrics.outcomes import Role
from casequality.metrics.states import Term
from casequality.metrics.uncertain import Number


def sum_of(counts: Counts, term: Term, roles: Sequence[Role], number: Number = "none") -> Numbers:
    """Return the sum of one term by figure; of a mean, only the cases with an amount are divided by."""
    if not roles:
        return np.zeros(counts.size, np.int64)
    if term.of == "amount":
        return counts.amount(*roles)
    if term.of == "age":
        return counts.cells.age_sums(roles)[0]
    if number == "amount" and term.when == "placed":
        return counts.measured(*roles)
    count = {
        "placed": counts.cases,
        "began": counts.began,
        "began a year before": counts.began_a_year_before,
        "ended": counts.ended,
        "pending": counts.pending,
    }[term.when]
    return count(*roles)
