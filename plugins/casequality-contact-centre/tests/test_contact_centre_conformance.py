"""The kit's laws for the contact centre's records and each of its metrics."""

from __future__ import annotations

import casequality.testing as kit
import casequality_contact_centre as centre

QUANTILE = {"citation": "a quantile of the waits, which no goal names"}


class TestCall(kit.RecordsConformance):
    records = centre.Call
    examples = 20


class TestAnsweredByPerson(kit.MetricConformance):
    metric = centre.AnsweredByPerson
    examples = 20


class TestAnsweredShare(kit.MetricConformance):
    metric = centre.AnsweredShare
    examples = 20


class TestCalls(kit.MetricConformance):
    metric = centre.Calls
    examples = 20


class TestImmediatelyResolved(kit.MetricConformance):
    metric = centre.ImmediatelyResolved
    examples = 20


class TestMeanWait(kit.MetricConformance):
    metric = centre.MeanWait
    examples = 20


class TestMedianWait(kit.MetricConformance):
    metric = centre.MedianWait
    examples = 20
    skips = QUANTILE


class TestP90Wait(kit.MetricConformance):
    metric = centre.P90Wait
    examples = 20
    skips = QUANTILE


class TestP95Wait(kit.MetricConformance):
    metric = centre.P95Wait
    examples = 20
    skips = QUANTILE


class TestServiceLevel(kit.MetricConformance):
    metric = centre.ServiceLevel
    examples = 20
    skips = {"citation": "no source sets a service level"}
