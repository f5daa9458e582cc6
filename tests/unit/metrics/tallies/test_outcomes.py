"""Outcomes: one a record, by declared order."""

from __future__ import annotations

import numpy as np
import pytest

from casequality.errors import UnknownName, UsageError
from casequality.metrics.tallies.outcomes import NO, OPEN, OUT, SETTLED, UNKNOWN, YES, outcomes


def test_the_first_declared_outcome_that_holds_is_picked_and_the_last_is_what_remains() -> None:
    declared = outcomes(withdrawn=OUT, late=NO, in_time=YES, other=UNKNOWN)
    picked = declared.pick(
        in_time=np.array([True, True, False, False]),
        late=np.array([True, False, False, True]),
        withdrawn=np.array([True, False, False, False]),
    )
    assert [declared.names[code] for code in picked] == ["withdrawn", "in_time", "other", "late"]
    assert picked.dtype == np.uint8


def test_a_condition_of_the_last_outcome_is_not_looked_at() -> None:
    declared = outcomes(answered=YES, abandoned=NO)
    answered = np.array([True, False])
    alone = declared.pick(answered=answered)
    for contradiction in (np.array([True, True]), np.array([False, False])):
        np.testing.assert_array_equal(declared.pick(answered=answered, abandoned=contradiction), alone)


def test_the_only_outcome_takes_every_record() -> None:
    declared = outcomes(counted=YES)
    assert declared.pick(counted=np.array([True, False, True])).tolist() == [0, 0, 0]
    with pytest.raises(UnknownName, match="at least one"):
        declared.pick()


def test_the_core_adds_the_outcome_of_what_the_source_does_not_know() -> None:
    assert outcomes(yes=YES, no=NO).names == ("no", "yes", "unknown")
    assert outcomes(unknown=UNKNOWN, yes=YES).names == ("yes", "unknown")


def test_conditions_must_fit_the_declared_outcomes() -> None:
    declared = outcomes(late=NO, in_time=YES, other=UNKNOWN)
    mask = np.array([True])
    with pytest.raises(UnknownName) as caught:
        declared.pick(late=mask, on_time=mask)
    text = str(caught.value)
    assert "not declared: on_time" in text
    assert "no condition: in_time" in text
    assert "late, in_time, other" in text


def test_a_metric_declares_at_least_one_and_not_too_many_outcomes() -> None:
    with pytest.raises(UsageError, match="between 1 and 249"):
        outcomes()
    with pytest.raises(UsageError, match=r"got: +250"):
        outcomes(**{f"outcome{number}": NO for number in range(250)})
    assert len(outcomes(**{f"outcome{number}": NO for number in range(249)})) == 249


def test_two_hundred_outcomes_are_told_apart() -> None:
    names = [f"outcome{number}" for number in range(200)]
    declared = outcomes(**dict.fromkeys(names, NO))
    conditions = {name: np.arange(200) == number for number, name in enumerate(names)}
    assert [declared.names[code] for code in declared.pick(**conditions)] == names


def test_the_states_of_a_deadline_have_the_roles_of_where_all_cases_count() -> None:
    assert {name: role for name, role in SETTLED.items() if role is YES} == {"in_time": YES, "in_time_early": YES}
    assert (SETTLED["late"], SETTLED["open_overdue"], SETTLED["pending"], SETTLED["undated"]) == (NO, NO, OPEN, UNKNOWN)
