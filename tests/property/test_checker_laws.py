"""The plain checker accepts every ledger of the catalogue, and no forged one."""

from __future__ import annotations

import datetime as dt
import random
from functools import lru_cache

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casequality.days import Roll
from casequality.deadlines import Deadline, Extension, Term, shipped
from casequality.deadlines.checker import check
from casequality.deadlines.counting.duty import Extended
from casequality.deadlines.counting.pauses import Pause, PauseRule
from tests.factories.ledgers import KINDS, TITLE, Plain, decides, leaves, other_values, sealed, with_leaf

CALENDARS = ("dk-statutory", "dk-administrative", "dk-bank")
CATALOGUE = {rule.id: rule for rule in shipped()}
FIRST, LAST = dt.date(2000, 1, 1), dt.date(2040, 12, 31)
DAYS = st.dates(FIRST, LAST)
ROLLS = st.sampled_from(["none", "forward", "backward"])
TERMS = st.builds(
    Term, st.integers(1, 40), st.sampled_from(["working days", "calendar days", "weeks", "months"]), ROLLS
)
REASONS = ("citizen", "illness", "nobody's")
RULES = st.lists(st.sampled_from(REASONS[:2]), unique=True).map(
    lambda reasons: tuple(PauseRule(reason, TITLE) for reason in reasons)
)
PAUSES = st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 30), st.sampled_from(REASONS)), max_size=4)


def is_long() -> bool:
    """Return whether this is the long session: `pytest --hypothesis-profile=long`."""
    return settings().max_examples >= 1_000


@lru_cache(maxsize=32)
def plain_of(kind: str) -> Plain:
    return KINDS[kind]().to_dict()


@pytest.mark.parametrize("rule", CATALOGUE)
def test_the_ledgers_of_the_catalogue_are_accepted_and_end_where_the_array_says(rule: str) -> None:
    """In the long session on every day of receipt from 2000 to 2040, else on some days of each year."""
    day = np.timedelta64(1, "D")
    received = np.arange(np.datetime64(FIRST), np.datetime64(LAST) + day, day if is_long() else 127 * day)
    due = CATALOGUE[rule].due(received)
    in_force = ~np.isnat(due)
    for day, end in zip(received[in_force].tolist(), due[in_force].tolist(), strict=True):
        ledger = CATALOGUE[rule].explain(day)
        assert check(ledger.to_dict()) == [], day
        assert ledger.due == ledger.rows[-1].date == end, day


@given(TERMS, RULES, PAUSES, DAYS, st.sampled_from(CALENDARS), st.sampled_from(["en", "da"]))
def test_a_stopped_clock_is_accepted(
    term: Term, rules: tuple[PauseRule, ...], spans: list[tuple[int, int, str]], received: dt.date, on: str, lang: str
) -> None:
    rule = Deadline(id="any", title=TITLE, kind="decide", terms=term, calendar="dk-statutory", pauses=rules)
    pauses = [
        Pause(received + dt.timedelta(days=since), received + dt.timedelta(days=since + lasts), reason)
        for since, lasts, reason in spans
    ]
    ledger = rule.explain(received, pauses=pauses, calendar=on, lang=lang)
    assert check(ledger.to_dict()) == []
    assert rule.due(received, pauses=pauses, calendar=on) == ledger.due


@given(TERMS, TERMS, DAYS, st.integers(-3, 90), ROLLS | st.none())
def test_a_longer_term_is_accepted_and_so_is_a_notice_that_came_too_late(
    term: Term, longer: Term, received: dt.date, sent: int, roll: Roll | None
) -> None:
    rule = Deadline(
        id="any", title=TITLE, kind="decide", terms=term, calendar="dk-bank", extension=Extension(TITLE, longer)
    )
    notice = Extended(received + dt.timedelta(days=sent), "a large case")
    ledger = rule.explain(received, extended=notice, roll=roll)
    assert check(ledger.to_dict()) == []
    own = attrs.evolve(term, roll=roll or term.roll).due(received, "dk-bank")
    assert ledger.extension is not None
    assert ledger.extension.valid is (received <= notice.sent_on <= own)


@given(st.sampled_from(sorted(KINDS)), st.randoms(use_true_random=False))
def test_a_forged_leaf_is_rejected(kind: str, random: random.Random) -> None:
    plain = plain_of(kind)
    path, value = random.choice(list(leaves(plain)))
    forged = with_leaf(plain, path, random.choice(other_values(value)))
    assert check(forged)
    if decides(path):
        assert check(sealed(forged))


@given(st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(plain_of("letter"))))
def test_a_part_of_another_ledger_is_rejected(kind: str, other: str, key: str) -> None:
    plain, forged = plain_of(kind), {**plain_of(kind), key: plain_of(other)[key]}
    assert check(plain) == []
    assert (check(forged) == []) is (repr(plain[key]) == repr(forged[key]))
