"""Two ways of handling side by side, and units in a funnel: against plain sums, and SciPy."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from casequality.errors import UsageError, Words
from casequality.evidence import kaplan_meier
from casequality.evidence.scrutiny import Comparison, compare_groups, funnel
from casequality.reports import scrutiny_tables

CAUSAL = (
    r"effekt|virkning|virke|skyldes|medfør|fører til|årsag|forkort|på grund af|takket|reducer|forbedr|hjælp|effect|"
    r"cause|because|due to|thanks|reduc|shorten|lead|led to|improv|impact|result in|help|make"
)


def drawn(seed: int, cases: int = 400, censored: bool = False) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    kind = draw.integers(0, 3, cases)
    took = np.ceil(draw.exponential(np.array([10, 30, 60])[kind]))
    seen = draw.integers(20, 200, cases) if censored else np.full(cases, 10_000)
    end = np.where(draw.random(cases) < 0.3, "withdrawn", "decided")
    return {
        "by_first": draw.random(cases) < np.array([0.8, 0.5, 0.2])[kind],
        "case_type": [f"type {each}" for each in kind],
        "days": np.minimum(took, seen),
        "end": np.where(took > seen, "", end).tolist(),
    }


def compared(cases: dict[str, Any], **given: Any) -> Comparison:
    told: dict[str, Any] = {"within": 40, "called": ("samtale", "brev"), **given}
    return compare_groups(cases["by_first"], cases["case_type"], cases["days"], cases["end"], **told)


@pytest.mark.parametrize("seed", range(10))
def test_where_nothing_is_open_the_figures_are_plain_means_at_the_same_mix(seed: int) -> None:
    cases = drawn(seed)
    found = compared(cases)
    rows = list(zip(cases["by_first"], cases["case_type"], cases["days"], cases["end"], strict=True))
    measures: dict[str, Callable[[float, str], float]] = {
        "days": lambda day, _: min(day, 40),
        "decided": lambda day, end: float(day <= 40 and end == "decided"),
        "withdrawn": lambda day, end: float(day <= 40 and end == "withdrawn"),
    }
    for name, measure in measures.items():
        means, spread = {True: 0.0, False: 0.0}, 0.0
        for kind in ("type 0", "type 1", "type 2"):
            weight = sum(each[1] == kind for each in rows) / len(rows)
            for way in (True, False):
                values = [measure(day, end) for first, its, day, end in rows if its == kind and first == way]
                mean = sum(values) / len(values)
                means[way] += weight * mean
                spread += weight**2 * sum((each - mean) ** 2 for each in values) / len(values) ** 2
        apart = found.days if name == "days" else found.ends[name]
        assert (apart.first, apart.second) == pytest.approx((means[True], means[False]))
        arm = 1.959964 * math.sqrt(spread)
        assert (apart.low, apart.high) == pytest.approx((apart.difference - arm, apart.difference + arm))
        plain = [[measure(day, end) for first, _, day, end in rows if first == way] for way in (True, False)]
        assert apart.crude == pytest.approx(sum(plain[0]) / len(plain[0]) - sum(plain[1]) / len(plain[1]))


def test_the_mean_time_of_open_cases_is_the_area_under_the_curve() -> None:
    cases = drawn(3, censored=True)
    ended = np.array([each != "" for each in cases["end"]])
    curve = kaplan_meier(cases["days"], ended.astype(int), (~ended).astype(int))
    by_day = [1 - float(curve.ended_by(day).share) for day in range(40)]  # whole days: a step lasts until the next
    assert curve.mean_until(40)[0] == pytest.approx(sum(by_day))


def test_withdrawn_cases_are_no_decided_ones() -> None:
    cases = drawn(1)
    before = compared(cases)
    all_withdrawn = {**cases, "end": ["withdrawn"] * len(cases["end"])}
    after = compared(all_withdrawn)
    assert after.ends["decided"].first == 0
    assert after.ends["withdrawn"].first == pytest.approx(before.ends["withdrawn"].first + before.ends["decided"].first)
    assert after.days.first == before.days.first


def test_types_with_only_one_way_are_named_and_left_out() -> None:
    cases = drawn(2)
    more = {
        "by_first": np.append(cases["by_first"], [True] * 30 + [False] * 4),
        "case_type": [*cases["case_type"], *["only by phone"] * 34],
        "days": np.append(cases["days"], [5.0] * 34),
        "end": [*cases["end"], *["decided"] * 34],
    }
    found = compared(more)
    assert found.left_out == 34
    [row] = [each for each in found.strata if not each.kept]
    assert (row.name, row.first, row.second) == ("only by phone", 30, 4)
    assert "Om 34 sager siges intet" in found.words.da
    assert found.days == compared(cases).days
    with pytest.raises(UsageError, match="enough cases of both ways"):
        compared({**cases, "by_first": np.ones(400, bool)})


def test_a_type_whose_longest_case_has_ended_is_known_for_any_time_and_one_whose_longest_is_open_is_not() -> None:
    """Of 2, 4, 6, 8 and 20 days, 4 open: 1/5 ends on day 2; then by thirds of what is left."""
    days, ends = [2.0, 4.0, 6.0, 8.0, 20.0], ["decided", "", "decided", "decided", "decided"]
    cases = {"by_first": np.array([True] * 5 + [False] * 5), "case_type": ["a"] * 10}
    found = compared({**cases, "days": np.array(days * 2), "end": ends * 2})
    assert found.days.first == pytest.approx(2 + 4 / 5 * 4 + 4 / 5 * 2 / 3 * 2 + 4 / 5 / 3 * 12)
    assert found.ends["decided"].first == pytest.approx(1)
    with pytest.raises(UsageError, match="enough cases of both ways"):
        compared({**cases, "days": np.array(days * 2), "end": [*ends[:4], "", *ends]})


def test_a_hidden_factor_is_as_strong_as_the_formula_says() -> None:
    """All of one way end in time, and half of the other: a ratio of 2 needs 2 + sqrt(2) = 3.41."""
    cases = {
        "by_first": np.array([True] * 100 + [False] * 100),
        "case_type": ["a"] * 200,
        "days": np.array([10.0] * 100 + [10.0, 90.0] * 50),
        "end": ["decided"] * 200,
    }
    found = compared(cases)
    assert found.hidden == pytest.approx(2 + math.sqrt(2))
    assert "3,4 gange så ofte" in found.words.da
    same = {**cases, "days": np.array([10.0, 90.0] * 100)}
    assert compared(same).hidden is None


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_explained_unless_a_lot_was_drawn(seed: int) -> None:
    cases = drawn(seed)
    cases["days"] = np.where(cases["by_first"], np.ceil(cases["days"] / 6), cases["days"])
    found, by_lot = compared(cases), compared(cases, allocation="random")
    for lang in ("en", "da"):
        assert not re.search(CAUSAL, found.words[lang], re.IGNORECASE)
        assert re.search(CAUSAL, by_lot.words[lang])
        assert "{" not in found.words[lang]
    assert "describes, and does not explain" in found.words.en
    assert found.hidden is not None
    assert "ikke er målt" not in by_lot.words.da  # a lot leaves nothing hidden
    assert found.to_dict()["allocation"] == "chosen"


def test_what_is_said_has_the_numbers_that_were_found() -> None:
    found = compared(drawn(4))
    days, said = found.days, found.sentences[2].en.replace("\N{MINUS SIGN}", "-")
    told = [f"{each:.1f}" for each in (days.first, days.second, days.difference, days.low, days.high, days.crude)]
    assert re.findall(r"-?\d+\.\d", said) == told


def test_without_case_types_nothing_is_said_to_be_at_the_same_mix() -> None:
    cases = drawn(4)
    found = compared({**cases, "case_type": None})
    of_one_type = compared({**cases, "case_type": ["a"] * 400})
    assert (found.days, dict(found.ends)) == (of_one_type.days, dict(of_one_type.ends))
    assert not found.by_type
    assert not re.search("same mix|samme sammensætning", found.words.en + found.words.da)
    assert "Nobody says of which type a case is" in found.words.en
    assert "hvilken type en sag er" not in of_one_type.words.da
    tables = list(scrutiny_tables(found, "da"))
    assert [(table.caption, len(table.headers)) for table in tables] == [
        ("To måder at behandle sager på, uanset sagernes type", 6)
    ]
    by_lot = compared({**cases, "case_type": None}, allocation="random")
    assert "hvilken type en sag er" not in by_lot.words.da  # a lot makes the mix alike


def test_where_nobody_tells_decided_from_withdrawn_neither_is_said() -> None:
    cases = drawn(5, censored=True)
    found = compared({**cases, "end": ["closed" if each else "" for each in cases["end"]]})
    told = compared(cases)
    assert list(found.ends) == ["closed"]
    assert found.ends["closed"].first == pytest.approx(told.ends["decided"].first + told.ends["withdrawn"].first)
    assert (found.days, found.hidden) == (told.days, told.hidden)
    assert "afsluttet inden 40 dage" in found.words.da
    assert not re.search("afgjort|trukket tilbage|decided|withdrawn", found.words.da + found.words.en)


def test_ways_and_types_are_called_as_their_readers_call_them() -> None:
    cases = drawn(4)
    names = {"brev": Words("by letter", "pr. brev"), "type 0": Words("roads", "veje")}
    found = compared(cases, names=names)
    assert found.called == ("samtale", "brev")  # a program still has the codes
    assert found.words.en.startswith("samtale: ")
    assert "; by letter: " in found.words.en
    ways, balance = scrutiny_tables(found, "da")
    assert ways.headers[1:3] == balance.headers[1:3] == ("samtale", "pr. brev")
    assert [row[0] for row in balance.rows] == ["veje", "type 1", "type 2"]


def table_of(found: Comparison) -> Any:
    return next(iter(scrutiny_tables(found, "da")))


def test_shares_are_apart_by_percentage_points() -> None:
    found = compared(drawn(4))
    days, decided, _ = table_of(found).rows
    assert [cell.unit for cell in days[3:]] == ["dage"] * 4
    assert [cell.unit for cell in decided[1:]] == ["%"] * 2 + ["procentpoint"] * 4
    apart = 100 * (found.ends["decided"].first - found.ends["decided"].second)
    assert float(decided[3].exact) == pytest.approx(apart)


@pytest.mark.parametrize(
    "changes",
    [
        {"end": ["decided", "closed"] * 200},
        {"end": ["lost"] * 400},
        {"days": np.ones(3)},
        {"within": 0},
        {"allocation": "guessed"},
    ],
)
def test_what_cannot_be_compared_is_refused(changes: dict[str, Any]) -> None:
    cases = {**drawn(0), **{name: each for name, each in changes.items() if name in ("end", "days")}}
    given = {name: each for name, each in changes.items() if name in ("within", "allocation")}
    with pytest.raises(UsageError, match="not compared"):
        compared(cases, **given)


OFFICES = {"Amager": (40, 100), "Bispebjerg": (180, 300), "Indre By": (33, 60), "Valby": (7, 40), "Vanløse": (55, 100)}


def test_units_that_vary_as_chance_has_it_are_not_said_to_vary_more() -> None:
    """Two of 50 and 52 per cent: one standard deviation of 5 apart at most."""
    found = funnel({"a": (50, 100), "b": (52, 100)}, {"a": Words("office a", "kontor a")})
    assert found.dispersion == 1
    assert found.words.en.startswith("All together 51.0 %; the units vary no more than chance alone.")
    assert found.words.da.startswith("Tilsammen 51,0 %; enhederne varierer ikke mere end tilfældet alene.")
    [table] = scrutiny_tables(found, "da")
    assert [row[0] for row in table.rows] == ["kontor a", "b"]
    assert "times as much (as a variance) as chance alone" in funnel(OFFICES).words.en


def test_funnel_limits_by_hand() -> None:
    stats = pytest.importorskip("scipy.stats")
    found = funnel(OFFICES)
    centre = 315 / 600
    scores = [(yes / n - centre) / math.sqrt(centre * (1 - centre) / n) for yes, n in OFFICES.values()]
    dispersion = sum(each**2 for each in scores) / 5  # five units are too few for one to be drawn in
    assert found.dispersion == pytest.approx(dispersion)
    for name, (_, n) in OFFICES.items():
        for limits, share in ((found[name].inner, 0.975), (found[name].outer, 0.999)):
            arm = stats.norm.ppf(share) * math.sqrt(dispersion * centre * (1 - centre) / n)
            assert limits == pytest.approx((max(centre - arm, 0), min(centre + arm, 1)), abs=1e-6)


def test_the_largest_scores_are_drawn_in_before_the_usual_differences_are_measured() -> None:
    units = {f"unit {place}": (50 + place % 3, 100) for place in range(19)} | {"far": (95, 100)}
    found = funnel(units)
    assert found.dispersion == 1
    assert [each.name for each in found.units if each.place == "beyond"] == ["far"]
    assert found.words.da.count("uden for") == 1
    assert list(units) == [each.name for each in found.units]  # in the order given, never ranked


def test_no_unit_beyond_is_said_so_and_nobody_is_first() -> None:
    found = funnel({name: each for name, each in OFFICES.items() if name != "Valby"})
    assert {each.place for each in found.units} <= {"within", "near"}
    assert "en rækkefølge siger intet" in found.words.da
    assert not re.search(r"bedst|dårligst|nummer|rang|best|worst|rank", found.words.da + found.words.en)
    with pytest.raises(UsageError, match="no units"):
        funnel({"one": (1, 2)})
