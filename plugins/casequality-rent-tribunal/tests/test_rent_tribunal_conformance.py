"""The kit's laws for all that the rent tribunal offers."""

from __future__ import annotations

import casequality.testing as kit
import casequality_rent_tribunal as plugin

COUNTED = "a plain count, which no source defines"
AGE = "a measure of the backlog that no source names"

TestPlugin = kit.every_law(
    plugin,
    examples=20,
    skips={
        "rent-tribunal.received:citation": COUNTED,
        "rent-tribunal.closed:citation": COUNTED,
        "rent-tribunal.pending-age:citation": AGE,
        "rent-tribunal.pending-age-median:citation": AGE,
    },
)
