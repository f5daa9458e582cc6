"""A restated figure split by cause: against plain counts of what was changed in random data."""

from __future__ import annotations

import json
import random
import re
from fractions import Fraction
from typing import Any

import attrs
import pytest

from casequality.errors import UsageError
from casequality.evidence.scrutiny import CAUSES, Counted, restatement
from casequality.metrics import CASES, SHARE

World = dict[Any, Counted]


def share(world: World) -> Fraction:
    return Fraction(sum(each.above for each in world.values()), sum(each.below for each in world.values()))


def drawn(draw: random.Random, facts: tuple[object, ...] = ()) -> Counted:
    below = draw.choice([0, 1, 1, 1])
    return Counted(draw.choice([0, 1]) * below, below, facts)


def planted(seed: int) -> tuple[World, World, dict[str, World], dict[str, set[int]]]:
    """Return an extract, a later one, what later rules make of it, and the cases by what was done to them."""
    draw = random.Random(seed)
    then: World = {key: drawn(draw, (draw.choice(["a", "b"]), None)) for key in range(200)}
    now, done = dict(then), dict[str, set[int]]()
    keys = draw.sample(range(200), 60)
    for cause, chosen in (("deleted", keys[:20]), ("corrected", keys[20:40]), ("developed", keys[40:])):
        for key in chosen:
            kind = now[key].facts[0]
            if cause == "deleted":
                del now[key]
            elif cause == "corrected":
                now[key] = drawn(draw, ("c", None))
            else:
                now[key] = drawn(draw, (kind, draw.choice(["filled", None])))
        done[cause] = set(chosen)
    done["late"] = set(range(1000, 1030))
    now |= {key: drawn(draw, ("a", None)) for key in done["late"]}
    rules, world = dict[str, World](), now
    for cause in ("definition", "calendar", "code"):
        chosen = draw.sample(sorted(now), 25)
        world = {key: drawn(draw, each.facts) if key in chosen else each for key, each in world.items()}
        rules[cause] = world
        done[cause] = set(chosen)
    return then, now, rules, done


@pytest.mark.parametrize("seed", range(60))
def test_the_parts_are_what_was_planted_and_add_up_exactly(seed: int) -> None:
    then, now, rules, done = planted(seed)
    found = restatement(then, now, unit=SHARE, divided=True, **rules)
    assert (found.before, found.after) == (share(then), share(rules["code"]))
    assert sum((each.effect for each in found.parts), Fraction(0)) == found.after - found.before
    worlds = {"definition": (now, rules["definition"]), "calendar": (rules["definition"], rules["calendar"])}
    worlds["code"] = (rules["calendar"], rules["code"])
    none = Counted(0, 0)
    for cause in CAUSES:
        earlier, later = worlds.get(cause, (then, now))
        by = [
            (later.get(key, none).above - earlier.get(key, none).above,
             later.get(key, none).below - earlier.get(key, none).below)
            for key in done[cause]
        ]  # fmt: skip
        assert (found[cause].above, found[cause].below) == (sum(a for a, _ in by), sum(b for _, b in by))
        moved = {key for key in done[cause] if later.get(key, none) != earlier.get(key, none)}
        assert set(found[cause].cases) <= moved
        assert len(found[cause].cases) == sum(each != (0, 0) for each in by)


def test_it_does_not_matter_in_which_order_cases_are_taken() -> None:
    """One case alone is worth the same whatever else changed: (a - a/b times b) over the new denominator."""
    then: World = {key: Counted(int(key < 40), 1, ("x",)) for key in range(100)}
    now = {**then, 100: Counted(1, 1, ("x",)), 0: Counted(0, 1, ("y",))}
    found = restatement(then, now, unit=SHARE)
    assert found["late"].effect == Fraction(1 - Fraction(40, 100), 101)
    assert found["corrected"].effect == Fraction(-1, 101)
    assert (found["late"].cases, found["corrected"].cases) == ((100,), (0,))


def test_a_number_of_cases_is_restated_as_a_sum() -> None:
    then: World = {1: Counted(1, 0), 2: Counted(1, 0)}
    found = restatement(then, {2: Counted(1, 0), 3: Counted(1, 0), 4: Counted(1, 0)}, unit=CASES, divided=False)
    assert [found.before, found.after] == [2, 3]
    assert [found["late"].effect, found["deleted"].effect] == [2, -1]
    assert "Published as 2 cases, today 3 cases: +1 cases." in str(found)


def test_what_is_said_has_the_numbers_and_no_key() -> None:
    then: World = {f"secret-{key}": Counted(int(key < 40), 1, ("x",)) for key in range(100)}
    now = {**then, "secret-100": Counted(1, 1, ("x",)), "secret-0": Counted(0, 1, ("y",))}
    found = restatement(then, now, unit=SHARE, definition={**now, "secret-1": Counted(0, 0, ("x",))})
    effects = [found[cause].effect * 100 for cause in ("late", "corrected", "definition")]
    wanted = [f"{float(each):+.1f}" for each in (found.change * 100, *effects)]
    for lang in ("en", "da"):
        said = found.words[lang].replace(",", ".").replace("\N{MINUS SIGN}", "-")
        assert re.findall(r"([+-]\d+\.\d) p", said) == wanted
        assert said.count("cases: 1)" if lang == "en" else "sager: 1)") == 3
    assert "ved målets definition" in found.words.da
    for shown in (str(found), repr(found), json.dumps(found.to_dict()), found._repr_html_()):
        assert "secret" not in shown
    assert found["late"].cases == ("secret-100",)


def test_nothing_changed_is_said_so() -> None:
    then: World = {1: Counted(1, 1, ("x",)), 2: Counted(0, 1, ("x",))}
    found = restatement(then, dict(then), unit=SHARE)
    assert found.words.da == "50,0 %, som offentliggjort."
    same = {key: attrs.evolve(each, facts=("y",)) for key, each in then.items()}
    assert restatement(then, same, unit=SHARE).change == 0


def test_what_cannot_be_restated_is_refused() -> None:
    then: World = {1: Counted(1, 1)}
    with pytest.raises(UsageError, match="nothing is divided"):
        restatement(then, {1: Counted(0, 0)}, unit=SHARE)
    with pytest.raises(UsageError, match="definition, calendar, code"):
        restatement(then, then, unit=SHARE, weather=then)
