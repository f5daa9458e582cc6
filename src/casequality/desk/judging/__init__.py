"""How goals are judged: the verdicts with what they rest on, and what a careful reader asks of one of them."""

from casequality.desk.judging.assessing import Assessed, assess, run
from casequality.desk.judging.manifests import Verified
from casequality.desk.judging.readings import Readings, read_each_way, readings_of
from casequality.desk.judging.scrutiny import (
    EarlierEdition,
    Scrutiny,
    goal_comparison,
    goal_funnel,
    goal_signals,
    told,
)

__all__ = [
    "Assessed",
    "EarlierEdition",
    "Readings",
    "Scrutiny",
    "Verified",
    "assess",
    "goal_comparison",
    "goal_funnel",
    "goal_signals",
    "read_each_way",
    "readings_of",
    "run",
    "told",
]
