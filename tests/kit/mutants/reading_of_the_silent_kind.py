# killed by: readings-matter
# a reading makes an outcome a no, and the mean is that of what is a yes

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import MeanDays


@attrs.frozen
class Mutant(MeanDays):
    readings = {
        **MeanDays.readings,
        "withdrawn": cq.choose(usual="out", why="the goal does not say", out={}, counted={"withdrawn": cq.NO}),
    }
