"""Measurements of a metric over plain rows; every tally is made by the real engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from casequality.days import period
from casequality.engines import InProcess
from casequality.metrics import AsOf, Metric
from casequality.metrics.asking import Question
from casequality.metrics.measurement import Measurement, conclude
from casequality.metrics.tallies.axis import Axis
from casequality.records import source
from tests.factories.tallies import ZONE


def measured(
    metric: type[Metric],
    rows: Sequence[Mapping[str, Any]],
    *,
    as_of: str = "2012-01-01",
    periods: Sequence[str] = (),
    by: Sequence[str] = (),
    groups: tuple[str, ...] = (),
    where: Mapping[str, tuple[str, ...]] | None = None,
    edges: Sequence[dt.date] = (),
    expects: str = "",
    chosen: Mapping[str, str] | None = None,
    calendar: str | None = None,
    **mapping: Any,
) -> Measurement:
    """Return the measurement of a metric over some rows, with its figures `by` those groups and grains of time."""
    reading = metric().under(chosen)
    moment = AsOf.at(as_of, zone=ZONE, calendar=calendar)
    groups = groups or tuple(name for name in by if name in metric.records.fields)
    question = Question(reading.metric, groups, tuple((where or {}).items()), axis=Axis(ZONE, tuple(edges)))
    data = list(rows) or metric.records.empty()
    [(counted, _)] = InProcess().tally([question], source(data, metric.records, **mapping), moment, expects=expects)
    return conclude(counted, reading, by=by, periods=[period(label) for label in periods], as_of_day=moment.day)
