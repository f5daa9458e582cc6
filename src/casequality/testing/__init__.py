"""The kit for plugin authors: laws that all that a plugin offers must keep, tried on invented records.

Needs the extra `testing`: `import casequality.testing as kit`. Each name is loaded when it is first used, so that the
pytest plugin beside it costs nothing where no test uses the kit.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casequality.testing.conformance import (
        DanishReading,
        DeadlineConformance,
        GoalSetConformance,
        MetricConformance,
        RecordsConformance,
        catalogue,
        every_law,
    )
    from casequality.testing.goals_and_deadlines import deadline_laws, goal_set_laws
    from casequality.testing.invented import Law, Subject, strategies
    from casequality.testing.oracle import Answer
    from casequality.testing.record_types import record_laws
    from casequality.testing.report import Check, Report, check, laws

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
    "every_law",
    "goal_set_laws",
    "laws",
    "record_laws",
    "strategies",
]

_HOMES = {
    "conformance": (
        *("DanishReading", "DeadlineConformance", "GoalSetConformance", "MetricConformance", "RecordsConformance"),
        *("catalogue", "every_law"),
    ),
    "invented.subject": ("Law", "Subject"),
    "oracle": ("Answer",),
    "report": ("Check", "Report", "check", "laws"),
    "record_types": ("record_laws",),
    "goals_and_deadlines": ("deadline_laws", "goal_set_laws"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'casequality.testing' has no attribute {name!r}; its names are in __all__")
    if name == "strategies":
        return importlib.import_module("casequality.testing.invented.strategies")
    value = getattr(importlib.import_module(f"casequality.testing.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
