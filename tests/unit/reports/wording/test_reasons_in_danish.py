"""Why rows are set aside and why there is no figure is said in the reader's language."""

from __future__ import annotations

import pytest

import casequality as cq
from casequality.metrics.bounds.ends import WHYS
from casequality.reports.wording.vocabulary import reason_word

MeanWait = pytest.importorskip("casequality_contact_centre").MeanWait

CALLS = [
    {"call": 1, "offered_at": "2010-06-01T10:00", "queued_at": "2010-06-01T10:00", "answered_at": "2010-06-01T10:01"},
    {"call": 2, "offered_at": "2010-06-01T11:00", "queued_at": "2010-06-01T11:00", "answered_at": "2010-06-01T10:59"},
]


@pytest.mark.parametrize("lang", ["en", "da"])
def test_a_broken_rule_is_told_in_the_readers_language(lang: str) -> None:
    result = cq.measure(
        MeanWait,
        CALLS,
        as_of="2010-08-01",
        zone="UTC",
        period="2010-06",
        columns=dict.fromkeys(["ended_at", "answered_by", "resolved", "queue"]),
    )
    says = {rule.name: rule.says for rule in cq.records_of(MeanWait).rules}["answered_at-before-queued_at"]
    text = str(result.table(lang))
    assert says.en != says.da
    assert says[lang] in text
    assert says[{"en": "da", "da": "en"}[lang]] not in text


@pytest.mark.parametrize("reason", [each for each in WHYS if each])
def test_every_reason_for_no_figure_is_told_in_danish(reason: str) -> None:
    assert (reason_word(reason, "da").lang, reason_word(reason, "en").text) == ("da", reason)
