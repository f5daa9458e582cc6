from __future__ import annotations

import pytest

import casequality as cq
from casequality_housing_benefit import casequality_metrics
from casequality_housing_benefit.records import BenefitCase


@pytest.mark.parametrize("kind", casequality_metrics(), ids=lambda kind: kind.id)
def test_case_types_and_settings_are_called_something_in_danish_and_no_two_the_same(kind: type[cq.Metric]) -> None:
    metric = kind()
    names = (*BenefitCase.fields["kind"].labels, *metric.parameters())
    assert len({metric.words[name]["da"] for name in names}) == len(names)
