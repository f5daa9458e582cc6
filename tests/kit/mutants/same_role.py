# killed by: readings-matter
# the two alternatives of a reading give the outcome the same role

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Mutant(DecidedInTime):
    readings = cq.readings(
        withdrawn=cq.choose(
            usual="left_out", why="the goal does not say", left_out={}, not_counted={"withdrawn": cq.OUT}
        )
    )
