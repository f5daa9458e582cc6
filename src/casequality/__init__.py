"""casequality: know, and prove, how well a municipality treats its citizens' cases.

Everything a caller or a plugin author needs is a name of this module; each is loaded when it is first used.
"""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casequality import days, deadlines, errors
    from casequality.citation import Citation
    from casequality.days import calendar
    from casequality.deadlines import deadline, obligations
    from casequality.desk import (
        assess,
        load_goals,
        load_tally,
        look,
        measure,
        merge,
        readings_of,
        records_of,
        side_by_side,
        store,
        tally,
    )
    from casequality.host import hookimpl
    from casequality.metrics import (
        NO,
        OPEN,
        OUT,
        SETTLED,
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
        source,
        span,
    )
    from casequality.records.facts import rules

_HOMES = {
    "casequality.citation": ("Citation",),
    "casequality.days": ("calendar",),
    "casequality.deadlines": ("deadline", "obligations"),
    "casequality.desk": (
        *("assess", "load_goals", "load_tally", "look", "measure", "merge", "readings_of", "records_of"),
        *("side_by_side", "store", "tally"),
    ),
    "casequality.host": ("hookimpl",),
    "casequality.metrics": (
        *("NO", "OPEN", "OUT", "SETTLED", "UNKNOWN", "YES"),
        *("AsOf", "Choice", "Contribution", "Metric", "Owed", "choose", "cohort", "outcomes", "readings"),
    ),
    "casequality.records": (
        *("Dialect", "Records", "source"),
        *("amount", "code", "count", "day", "flag", "instant", "key", "many", "span"),
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = {
    "days": "casequality.days",
    "deadlines": "casequality.deadlines",
    "errors": "casequality.errors",
    "rules": "casequality.records.facts.rules",
    "statistics": "casequality.metrics.declaring.statistics",
    "units": "casequality.metrics.declaring.units",
}
_MOVED = {
    **dict.fromkeys(("CASES", "DAYS", "SECONDS", "SHARE"), "units"),
    **dict.fromkeys(("Calendar", "Dated", "Entry", "period"), "days"),
    **dict.fromkeys(("Deadline", "Schedule", "Term"), "deadlines"),
    **dict.fromkeys(("ordered", "sums"), "rules"),
}
"""Names that stood here until 0.1, by the module that has them now; they go with 0.3."""

__all__ = [
    "NO",
    "OPEN",
    "OUT",
    "SETTLED",
    "UNKNOWN",
    "YES",
    "AsOf",
    "Choice",
    "Citation",
    "Contribution",
    "Dialect",
    "Metric",
    "Owed",
    "Records",
    "amount",
    "assess",
    "calendar",
    "choose",
    "code",
    "cohort",
    "count",
    "day",
    "days",
    "deadline",
    "deadlines",
    "errors",
    "flag",
    "hookimpl",
    "instant",
    "key",
    "load_goals",
    "load_tally",
    "look",
    "many",
    "measure",
    "merge",
    "obligations",
    "outcomes",
    "readings",
    "readings_of",
    "records_of",
    "rules",
    "side_by_side",
    "source",
    "span",
    "statistics",
    "store",
    "tally",
    "units",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    if name in _MOVED:
        place = _MOVED[name]
        said = f"casequality.{name} is casequality.{place}.{name} from 0.2 on, and goes with 0.3"
        warnings.warn(said, DeprecationWarning, stacklevel=2)
        return getattr(importlib.import_module(_MODULES[place]), name)
    if name not in _HOME:
        raise AttributeError(f"module 'casequality' has no attribute {name!r}; its names are in casequality.__all__")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
