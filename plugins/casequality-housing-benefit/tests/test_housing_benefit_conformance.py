"""The kit's laws for the benefits area's records and both of its metrics, under invented deadlines."""

from __future__ import annotations

import casequality as cq
import casequality.testing as kit
from casequality_housing_benefit import BenefitCase, DecidedInTime, Notified

RULES = cq.Schedule(
    id="benefits",
    title={"en": "Benefits", "da": "Ydelser"},
    calendar="dk-statutory",
    by_kind={"housing_benefit": "4 weeks", "child_allowance": "10 working days", "adoption_allowance": "1 month"},
)


class TestBenefitCase(kit.RecordsConformance):
    records = BenefitCase
    examples = 20


class TestDecidedInTime(kit.MetricConformance):
    metric = DecidedInTime
    deadlines = (RULES,)
    examples = 20


class TestNotified(kit.MetricConformance):
    metric = Notified
    deadlines = (RULES,)
    examples = 20
