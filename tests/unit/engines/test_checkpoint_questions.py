"""Kept counts belong to one question: another, however near, is counted anew and has kept counts of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

from casequality.engines import checkpoint as kept
from tests.factories.kept_letters import counted, deadline, letters_counted, rows, write

QUESTIONS: dict[str, dict[str, Any]] = {
    "a parameter": {"days": 6},
    "the as-of": {"as_of": "2010-02-01"},
    "the as-of's hour": {"as_of": "2010-02-01T12:00:00+01:00"},
    "the zone": {"zone": "America/New_York"},
    "the calendar": {"calendar": "dk-administrative"},
    "the groups": {"by": "office"},
    "what is chosen": {"where": {"office": "north"}},
    "the edges": {"period": "2010-01-04..2010-03-16"},
    "a column": {"columns": {"answered_on": "received_on"}},
    "no column": {"columns": {"answered_on": None}},
    "a mark": {"marks": {"answered_on": {"2010-01-05": "open"}}},
    "a code": {"codes": {"office": {"north": "south", "south": "north"}}, "by": "office"},
    "a check": {"checks_off": ["answered_on-before-received_on"]},
    "the rhythm": {"expects": "day"},
    "a deadline": {"deadline": "own", "deadlines": deadline(2)},
    "a deadline's term": {"deadline": "own", "deadlines": deadline(3)},
}


def test_another_question_is_never_answered_from_what_was_kept_of_this_one(
    tmp_path: Path, keep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STRETCH", 20)
    letters = tmp_path / "letters.parquet"
    write(letters, rows(0, 40))
    counted(letters, keep)
    for asked, given in QUESTIONS.items():
        answer = counted(letters, keep, **given)
        assert letters_counted() > 0, asked
        assert answer == counted(letters, **given), asked
    for asked, given in QUESTIONS.items():
        assert counted(letters, keep, **given) is not None
        assert letters_counted() == 0, asked
