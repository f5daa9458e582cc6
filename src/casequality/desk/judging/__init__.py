"""How goals are judged: the verdicts with what they rest on, and what a careful reader asks of one of them."""

from typing import TYPE_CHECKING, Final

from casequality.desk.judging.assessing import Assessed, assess, run
from casequality.desk.judging.manifests import Verified
from casequality.doors import door

if TYPE_CHECKING:
    from casequality.desk.judging.readings import Readings, read_each_way, readings_of
    from casequality.desk.judging.scrutiny import goal_comparison, goal_funnel, goal_signals, scrutinised

HOMES: Final = {
    "casequality.desk.judging.readings": (
        "Readings",
        "read_each_way",
        "readings_of",
    ),
    "casequality.desk.judging.scrutiny": (
        "goal_comparison",
        "goal_funnel",
        "goal_signals",
        "scrutinised",
    ),
}
"""Names that are loaded when they are first used, by the module that has them."""

__getattr__ = door(__name__, HOMES)

__all__ = [
    "Assessed",
    "Readings",
    "Verified",
    "assess",
    "goal_comparison",
    "goal_funnel",
    "goal_signals",
    "read_each_way",
    "readings_of",
    "run",
    "scrutinised",
]
