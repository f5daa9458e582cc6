"""The kit's laws for the benefits area's plugin, under invented deadlines."""

from __future__ import annotations

import casequality as cq
import casequality.testing as kit
import casequality_housing_benefit as plugin

RULES = cq.deadlines.Schedule(
    id="benefits",
    title={"en": "Benefits", "da": "Ydelser"},
    calendar="dk-statutory",
    by_kind={"housing_benefit": "4 weeks", "child_allowance": "10 working days", "adoption_allowance": "1 month"},
)

TestPlugin = kit.every_law(plugin, deadlines=[RULES], examples=20)
