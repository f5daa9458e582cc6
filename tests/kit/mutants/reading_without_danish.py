# killed by: titles
# a reading says its reason in English only, in the form that promises both

from __future__ import annotations

import attrs

import casequality as cq
from tests.kit.original import DecidedInTime


@attrs.frozen
class Mutant(DecidedInTime):
    readings = cq.readings(
        withdrawn=cq.choose(
            usual="left_out", why={"en": "the goal does not say"}, left_out={}, counted={"withdrawn": cq.NO}
        )
    )
