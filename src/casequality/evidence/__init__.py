"""How sure is a figure and what it shows: samples, open cases, change over time, what is still attainable, mixes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from casequality.evidence.budget import Budget, budget

if TYPE_CHECKING:
    from casequality.evidence.changes import (
        Change,
        CountChange,
        Detectable,
        FigureChange,
        count_change,
        detectable_change,
        difference,
        figure_change,
    )
    from casequality.evidence.charts import (
        KINDS,
        MARKS,
        RULES,
        Chart,
        Drawing,
        FalseAlarms,
        Kind,
        Line,
        Point,
        TargetLine,
        chart,
        false_alarms,
        page_style,
    )
    from casequality.evidence.cohorts import Cohorts, cohorts_of
    from casequality.evidence.courses import Course, Share, course_of, in_terms
    from casequality.evidence.intervals import (
        Interval,
        binomial_tail,
        effective_size,
        figure_interval,
        hypergeometric_tail,
        interval,
        poisson_interval,
        size_that_shows,
        wilson,
    )
    from casequality.evidence.mix import Effect, Mix, Together, parts_of, take_apart, together
    from casequality.evidence.queues import Backlog, Pace, backlog, pace
    from casequality.evidence.said import (
        DECIMALS,
        Finding,
        decimals_apart,
        decimals_of,
        decimals_of_share,
        named,
        number,
        plain_number,
        say,
    )
    from casequality.evidence.sampling import Audited, Draw, SamplePlan, audit, draw_sample, plan_sample
    from casequality.evidence.survival import SCALES, Ended, Ends, Reached, Waiting, aalen_johansen, kaplan_meier

HOMES: Final = {
    "casequality.evidence.changes": (
        "Change",
        "CountChange",
        "Detectable",
        "FigureChange",
        "count_change",
        "detectable_change",
        "difference",
        "figure_change",
    ),
    "casequality.evidence.charts": (
        "KINDS",
        "MARKS",
        "RULES",
        "Chart",
        "Drawing",
        "FalseAlarms",
        "Kind",
        "Line",
        "Point",
        "TargetLine",
        "chart",
        "false_alarms",
        "page_style",
    ),
    "casequality.evidence.cohorts": ("Cohorts", "cohorts_of"),
    "casequality.evidence.courses": ("Course", "Share", "course_of", "in_terms"),
    "casequality.evidence.intervals": (
        "Interval",
        "binomial_tail",
        "effective_size",
        "figure_interval",
        "hypergeometric_tail",
        "interval",
        "poisson_interval",
        "size_that_shows",
        "wilson",
    ),
    "casequality.evidence.mix": ("Effect", "Mix", "Together", "parts_of", "take_apart", "together"),
    "casequality.evidence.queues": ("Backlog", "Pace", "backlog", "pace"),
    "casequality.evidence.said": (
        "DECIMALS",
        "Finding",
        "decimals_apart",
        "decimals_of",
        "decimals_of_share",
        "named",
        "number",
        "plain_number",
        "say",
    ),
    "casequality.evidence.sampling": ("Audited", "Draw", "SamplePlan", "audit", "draw_sample", "plan_sample"),
    "casequality.evidence.survival": (
        "SCALES",
        "Ended",
        "Ends",
        "Reached",
        "Waiting",
        "aalen_johansen",
        "kaplan_meier",
    ),
}
"""The names of this floor by the module that has them; each is loaded when it is first used."""

_HOME: Final = {name: home for home, names in HOMES.items() for name in names}


__all__ = [
    "DECIMALS",
    "KINDS",
    "MARKS",
    "RULES",
    "SCALES",
    "Audited",
    "Backlog",
    "Budget",
    "Change",
    "Chart",
    "Cohorts",
    "CountChange",
    "Course",
    "Detectable",
    "Draw",
    "Drawing",
    "Effect",
    "Ended",
    "Ends",
    "FalseAlarms",
    "FigureChange",
    "Finding",
    "Interval",
    "Kind",
    "Line",
    "Mix",
    "Pace",
    "Point",
    "Reached",
    "SamplePlan",
    "Share",
    "TargetLine",
    "Together",
    "Waiting",
    "aalen_johansen",
    "audit",
    "backlog",
    "binomial_tail",
    "budget",
    "chart",
    "cohorts_of",
    "count_change",
    "course_of",
    "decimals_apart",
    "decimals_of",
    "decimals_of_share",
    "detectable_change",
    "difference",
    "draw_sample",
    "effective_size",
    "false_alarms",
    "figure_change",
    "figure_interval",
    "hypergeometric_tail",
    "in_terms",
    "interval",
    "kaplan_meier",
    "named",
    "number",
    "pace",
    "page_style",
    "parts_of",
    "plain_number",
    "plan_sample",
    "poisson_interval",
    "say",
    "size_that_shows",
    "take_apart",
    "together",
    "wilson",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value
