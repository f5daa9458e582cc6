"""Changes of a store drawn at random, against a dictionary of what was delivered."""

from __future__ import annotations

import functools
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casequality as cq
from casequality.desk import Store, Tallies
from casequality.errors import UsageError
from tests.factories.tallies import Told, entry

PERIODS = {"2010-01": {1}, "2010-02": {2}, "2010-03": {3}, "2010-Q1": {1, 2, 3}}
"""Periods, by the months that they hold."""


@functools.cache
def counted(period: str, many: int) -> Tallies:
    rows = [dict(entry(f"2010-{min(PERIODS[period]):02}-05"))] * many
    return cq.tally([Told], rows, as_of="2012-01-01")


changes = st.lists(
    st.tuples(
        st.sampled_from(["put", "replace", "withdraw", "release"]),
        st.sampled_from(["101", "147"]),
        st.sampled_from(sorted(PERIODS)),
        st.integers(1, 3),
    ),
    max_size=12,
)


class Model(dict[tuple[str, str], int]):
    """What is held, by whose it is and period: how many records."""

    def overlapped(self, who: str, period: str) -> bool:
        return any(name == who and other != period and PERIODS[other] & PERIODS[period] for name, other in self)

    def takes(self, what: str, who: str, period: str, many: int) -> bool:
        """Return whether a change is taken, and make it."""
        there = self.get((who, period))
        if what == "put" and (there not in (None, many) or (there is None and self.overlapped(who, period))):
            return False
        if what in ("replace", "withdraw") and there is None:
            return False
        if what == "withdraw":
            del self[who, period]
        elif what != "release":
            self[who, period] = many
        return True


def change(made: Store, what: str, who: str, period: str, many: int) -> None:
    if what == "put":
        made.put(counted(period, many), who=who, period=period, extract="x")
    elif what == "replace":
        made.replace(counted(period, many), who=who, period=period, extract="x", note="why")
    elif what == "withdraw":
        made.withdraw(who=who, period=period, note="why")
    else:
        made.release("edition")


@given(changes)
@settings(max_examples=40)
def test_what_is_held_is_what_was_delivered(drawn: list[tuple[str, str, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made, model, known = cq.store(folder), Model(), [Model()]
        for each in drawn:
            if model.takes(*each):
                change(made, *each)
            else:
                with pytest.raises(UsageError):
                    change(made, *each)
            if len(made.log()) == len(known):
                known.append(Model(model))
        again = cq.store(folder)
        assert len(again.log()) == len(known) - 1
        assert known[-1] == model
        for number, then in enumerate(known):
            assert {(each.who, each.period): each.records for each in again.deliveries(number)} == then
            if then:
                [tally] = again.tallies(at=number).parts.values()
                assert tally.accounts.read == sum(then.values())
