"""The kit for plugin authors: laws that all that a plugin offers must keep, tried on invented records.

Needs the extra `testing`: `import casequality.testing as kit`. Each name is loaded when it is first used, so that the
pytest plugin beside it costs nothing where no test uses the kit.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casequality.testing import strategies
    from casequality.testing.conformance import (
        DeadlineConformance,
        GoalSetConformance,
        MetricConformance,
        RecordsConformance,
    )
    from casequality.testing.danish import DanishReading
    from casequality.testing.file_laws import deadline_laws, goal_set_laws
    from casequality.testing.law import Law
    from casequality.testing.law_book import laws
    from casequality.testing.laws_of_records import record_laws
    from casequality.testing.offering import catalogue
    from casequality.testing.oracles import Answer
    from casequality.testing.report import Check, Report, check
    from casequality.testing.subject import Subject

__all__ = [
    "Answer",
    "Check",
    "DanishReading",
    "DeadlineConformance",
    "GoalSetConformance",
    "Law",
    "MetricConformance",
    "RecordsConformance",
    "Report",
    "Subject",
    "catalogue",
    "check",
    "deadline_laws",
    "goal_set_laws",
    "laws",
    "record_laws",
    "strategies",
]

_HOMES = {
    "conformance": ("DeadlineConformance", "GoalSetConformance", "MetricConformance", "RecordsConformance"),
    "danish": ("DanishReading",),
    "file_laws": ("deadline_laws", "goal_set_laws"),
    "law": ("Law",),
    "law_book": ("laws",),
    "laws_of_records": ("record_laws",),
    "offering": ("catalogue",),
    "oracles": ("Answer",),
    "report": ("Check", "Report", "check"),
    "subject": ("Subject",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'casequality.testing' has no attribute {name!r}; its names are in __all__")
    if name == "strategies":
        return importlib.import_module("casequality.testing.strategies")
    value = getattr(importlib.import_module(f"casequality.testing.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
