from __future__ import annotations

import pytest

import casequality as cq
from casequality.reports.vocabulary import consequence, outcome_word
from casequality.reports.words import said
from casequality_complaints import casequality_metrics


@pytest.mark.parametrize("kind", casequality_metrics(), ids=lambda kind: kind.id)
def test_a_danish_reader_meets_no_english_words_of_a_metric(kind: type[cq.Metric]) -> None:
    metric = kind()
    texts = {f"outcome {name}": outcome_word(name, metric, "da") for name in metric.outcomes}
    texts["limits"] = said(metric.limits, "da")
    for reading, choice in metric.readings.items():
        texts[f"{reading}, why"] = said(choice.why, "da")
        for name, alternative in choice.alternatives.items():
            texts[f"{reading}, {name}"] = consequence(alternative, "da")
    assert [where for where, text in texts.items() if text.lang != "da"] == []


@pytest.mark.parametrize("kind", casequality_metrics(), ids=lambda kind: kind.id)
def test_no_two_outcomes_of_a_metric_are_called_the_same(kind: type[cq.Metric]) -> None:
    metric = kind()
    for lang in ("en", "da"):
        called = [outcome_word(name, metric, lang).text for name in metric.outcomes]
        assert len(set(called)) == len(called)


@pytest.mark.parametrize("kind", casequality_metrics(), ids=lambda kind: kind.id)
def test_every_setting_and_every_label_of_the_plugins_own_lists_is_called_something(kind: type[cq.Metric]) -> None:
    metric = kind()
    assert all(metric.words[name]["da"] for name in metric.parameters() if name != "deadline")
