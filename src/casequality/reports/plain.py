"""An assessment, a measurement and a metric card as plain data that says which form it has."""

from __future__ import annotations

from typing import Any, Final

from casequality.goals import Assessment
from casequality.metrics.card import card_of
from casequality.metrics.measurement import Measurement
from casequality.metrics.metric import Metric

ASSESSMENT: Final = "urn:casequality:assessment:1"
MEASUREMENT: Final = "urn:casequality:measurement:1"
CARD: Final = "urn:casequality:metric-card:1"
"""The forms; the number rises with any change that a reader of the old form would stumble over."""


def assessment_json(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as data that `json.dumps` takes; exact numbers as text, "15/22", beside their floats."""
    return {"$schema": ASSESSMENT, **assessment.to_dict()}


def measurement_json(measurement: Measurement) -> dict[str, Any]:
    """Return a measurement as data that `json.dumps` takes, every figure with numerator and denominator."""
    return {"$schema": MEASUREMENT, **measurement.to_dict()}


def card_json(metric: Metric | type[Metric]) -> dict[str, Any]:
    """Return what a metric's figures mean as data that `json.dumps` takes, its texts in every language they have."""
    return {"$schema": CARD, **card_of(metric).to_dict()}
