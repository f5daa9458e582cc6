"""A verdict agrees with every way in which the records in doubt could turn out: all ways are tried one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from casequality.goals import Verdict
from tests.factories.goals import judged
from tests.factories.measurements import measured
from tests.factories.metrics import Good, Row, events

DAY = "2010-06-15"
FEW = st.integers(0, 3)


@given(
    yes=st.integers(0, 6), no=st.integers(0, 6), waiting=FEW, unreadable=FEW, undated=FEW, percent=st.integers(0, 100)
)
def test_a_share_is_met_or_missed_only_if_every_outcome_of_the_records_in_doubt_agrees(
    yes: int, no: int, waiting: int, unreadable: int, undated: int, percent: int
) -> None:
    if not yes + no:
        return
    rows = [*events(DAY, yes), *events(DAY, no, "bad"), *events(DAY, waiting, "waiting")]
    rows += [*events("no day", unreadable), *events("", undated)]
    judgement = judged(f"at least {percent} %", measured(Good, rows))
    shares = set(_shares(yes, no, waiting, unreadable, undated))
    verdicts = {share >= Fraction(percent, 100) for share in shares}
    expected = Verdict.UNDECIDED if len(verdicts) == 2 else Verdict.MET if verdicts == {True} else Verdict.MISSED
    assert judgement.verdict is expected
    assert judgement.value == Fraction(100 * yes, yes + no)
    assert (judgement.low, judgement.high) == (100 * min(shares), 100 * max(shares))


def _shares(yes: int, no: int, waiting: int, unreadable: int = 0, undated: int = 0) -> list[Fraction]:
    """Return the share for each way: what waits becomes yes or no; what is unreadable is yes, no, or not of the period;
    what is undated was a yes, of the period or not.
    """
    ways = product(*(range(many + 1) for many in (waiting, unreadable, unreadable, undated)))
    return [
        Fraction(yes + settled + good + late, yes + no + waiting + good + bad + late)
        for settled, good, bad, late in ways
        if good + bad <= unreadable
    ]


@given(
    good=st.lists(st.integers(0, 5), min_size=6, max_size=6),
    bad=st.lists(st.integers(0, 5), min_size=6, max_size=6),
    percent=st.integers(0, 100),
)
def test_pooled_each_and_mean_are_what_plain_fractions_give(good: list[int], bad: list[int], percent: int) -> None:
    rows = []
    for month, (yes, no) in enumerate(zip(good, bad, strict=True), start=1):
        rows += [*events(f"2010-0{month}-15", yes), *events(f"2010-0{month}-15", no, "bad")]
    if not rows:
        return
    over, aim = measured(Good, rows), Fraction(percent, 100)
    pooled, each, mean = (
        judged(f"at least {percent} %", over, "2010-H1", each=("month",), aggregate=name)
        for name in ("pooled", "each", "mean")
    )
    shares = [Fraction(yes, yes + no) if yes + no else None for yes, no in zip(good, bad, strict=True)]
    known = [share for share in shares if share is not None]
    assert pooled.verdict is (Verdict.MET if Fraction(sum(good), len(rows)) >= aim else Verdict.MISSED)
    if any(share < aim for share in known):
        assert each.verdict is Verdict.MISSED
    else:
        assert each.verdict is (Verdict.MET if len(known) == 6 else Verdict.NO_DATA)
    if len(known) < 6:
        assert mean.verdict is Verdict.NO_DATA
    else:
        assert mean.value == 100 * sum(known, Fraction(0)) / 6
        assert mean.verdict is (Verdict.MET if sum(known, Fraction(0)) / 6 >= aim else Verdict.MISSED)


@given(yes=st.integers(1, 50), no=st.integers(0, 50), percent=st.integers(0, 100), more=st.integers(1, 20))
def test_a_yes_more_never_turns_met_into_missed(yes: int, no: int, percent: int, more: int) -> None:
    before, after = (
        judged(f"at least {percent} %", measured(Good, [*events(DAY, count), *events(DAY, no, "bad")]))
        for count in (yes, yes + more)
    )
    assert before.verdict is Verdict.MISSED or after.verdict is Verdict.MET


@given(earlier=st.tuples(FEW, FEW, FEW), now=st.tuples(FEW, FEW, FEW), percent=st.integers(1, 150))
def test_a_share_of_an_earlier_figure_is_what_plain_fractions_give(
    earlier: tuple[int, int, int], now: tuple[int, int, int], percent: int
) -> None:
    if not sum(now[:2]):
        return
    rows = [row for day, counts in (("2009-06-15", earlier), (DAY, now)) for row in _rows(day, *counts)]
    judgement = judged(f"at least {percent} % of 2009", measured(Good, rows))
    if not sum(earlier[:2]):
        assert judgement.verdict is Verdict.NOT_COMPARABLE
        return
    factor = Fraction(percent, 100)
    ahead = [mine - factor * theirs for mine in _shares(*now) for theirs in _shares(*earlier)]
    verdicts = {difference >= 0 for difference in ahead}
    expected = Verdict.UNDECIDED if len(verdicts) == 2 else Verdict.MET if verdicts == {True} else Verdict.MISSED
    assert judgement.verdict is expected
    counted = [Fraction(yes, yes + no) for yes, no, _ in (now, earlier)]
    assert judgement.margin == 100 * (counted[0] - factor * counted[1])


def _rows(day: str, yes: int, no: int, waiting: int) -> list[Row]:
    return [*events(day, yes), *events(day, no, "bad"), *events(day, waiting, "waiting")]
