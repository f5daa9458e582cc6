"""casequality: know, and prove, how well a municipality treats its citizens' cases.

Everything a caller or a plugin author needs is a name of this module; each is loaded when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casequality import errors
    from casequality.citation import Citation, Dated, Entry
    from casequality.days import Calendar, calendar, period
    from casequality.deadlines import Deadline, Schedule, Term, deadline, deadlines, obligations
    from casequality.desk import assess, load_goals, load_tally, measure, merge, records_of, side_by_side, tally
    from casequality.host import hookimpl
    from casequality.metrics import (
        CASES,
        DAYS,
        NO,
        OPEN,
        OUT,
        SECONDS,
        SETTLED,
        SHARE,
        UNKNOWN,
        YES,
        AsOf,
        Choice,
        Contribution,
        Metric,
        Owed,
        choose,
        cohort,
        outcomes,
        readings,
    )
    from casequality.metrics.declaring import statistics, units
    from casequality.records import (
        Dialect,
        Records,
        amount,
        code,
        count,
        day,
        flag,
        instant,
        key,
        many,
        ordered,
        source,
        span,
        sums,
    )

_HOMES = {
    "casequality.citation": ("Citation", "Dated", "Entry"),
    "casequality.days": ("Calendar", "calendar", "period"),
    "casequality.deadlines": ("Deadline", "Schedule", "Term", "deadline", "obligations"),
    "casequality.desk": (
        *("assess", "load_goals", "load_tally", "measure", "merge", "records_of", "side_by_side", "tally"),
    ),
    "casequality.host": ("hookimpl",),
    "casequality.metrics": (
        *("NO", "OPEN", "OUT", "SETTLED", "UNKNOWN", "YES"),
        *("AsOf", "Choice", "Contribution", "Metric", "Owed", "choose", "cohort", "outcomes", "readings"),
        *("CASES", "DAYS", "SECONDS", "SHARE"),
    ),
    "casequality.records": (
        *("Dialect", "Records", "source"),
        *("amount", "code", "count", "day", "flag", "instant", "key", "many", "ordered", "span", "sums"),
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = {
    "deadlines": "casequality.deadlines",
    "errors": "casequality.errors",
    "statistics": "casequality.metrics.declaring.statistics",
    "units": "casequality.metrics.declaring.units",
}

__all__ = [
    "CASES",
    "DAYS",
    "NO",
    "OPEN",
    "OUT",
    "SECONDS",
    "SETTLED",
    "SHARE",
    "UNKNOWN",
    "YES",
    "AsOf",
    "Calendar",
    "Choice",
    "Citation",
    "Contribution",
    "Dated",
    "Deadline",
    "Dialect",
    "Entry",
    "Metric",
    "Owed",
    "Records",
    "Schedule",
    "Term",
    "amount",
    "assess",
    "calendar",
    "choose",
    "code",
    "cohort",
    "count",
    "day",
    "deadline",
    "deadlines",
    "errors",
    "flag",
    "hookimpl",
    "instant",
    "key",
    "load_goals",
    "load_tally",
    "many",
    "measure",
    "merge",
    "obligations",
    "ordered",
    "outcomes",
    "period",
    "readings",
    "records_of",
    "side_by_side",
    "source",
    "span",
    "statistics",
    "sums",
    "tally",
    "units",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    if name not in _HOME:
        raise AttributeError(f"module 'casequality' has no attribute {name!r}; its names are in casequality.__all__")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
