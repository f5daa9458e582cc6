"""The kit's laws for the rent tribunal's records and each of its metrics."""

from __future__ import annotations

import casequality.testing as kit
from casequality_rent_tribunal import TribunalCase, case_flow
from casequality_rent_tribunal.closed_in_time import ClosedInTime

COUNTED = {"citation": "a plain count, which no source defines"}
AGE = {"citation": "a measure of the backlog that no source names"}


class TestTribunalCase(kit.RecordsConformance):
    records = TribunalCase
    examples = 20


class TestClosedInTime(kit.MetricConformance):
    metric = ClosedInTime
    examples = 20


class TestDecidedAgainstReceived(kit.MetricConformance):
    metric = case_flow.DecidedAgainstReceived
    examples = 20


class TestClearanceRate(kit.MetricConformance):
    metric = case_flow.ClearanceRate
    examples = 20


class TestReceived(kit.MetricConformance):
    metric = case_flow.Received
    examples = 20
    skips = COUNTED


class TestClosed(kit.MetricConformance):
    metric = case_flow.Closed
    examples = 20
    skips = COUNTED


class TestReceivedAgainstYearBefore(kit.MetricConformance):
    metric = case_flow.ReceivedAgainstYearBefore
    examples = 20


class TestBacklog(kit.MetricConformance):
    metric = case_flow.Backlog
    examples = 20


class TestDispositionTime(kit.MetricConformance):
    metric = case_flow.DispositionTime
    examples = 20


class TestPendingAge(kit.MetricConformance):
    metric = case_flow.PendingAge
    examples = 20
    skips = AGE


class TestPendingAgeMedian(kit.MetricConformance):
    metric = case_flow.PendingAgeMedian
    examples = 20
    skips = AGE


class TestProcessingTime(kit.MetricConformance):
    metric = case_flow.ProcessingTime
    examples = 20
