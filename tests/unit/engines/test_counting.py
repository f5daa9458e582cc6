"""What a stretch came to, as bytes; and what tells one question from another."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import attrs
import numpy as np

from casequality.desk import measure
from casequality.desk.offered import rules
from casequality.engines.checkpoint import code_of, digest, plain
from casequality.engines.counting import PartialResult, Request, Worker, summed
from casequality.errors import InputError, UsageError
from casequality.metrics import SETTLED, AsOf, Contribution, Metric, outcomes
from casequality.metrics.asking import Question
from casequality.metrics.tallies.axis import Axis
from casequality.records import Records, source
from casequality.records.intake import alike
from tests.factories.kept_letters import Answered, Letter
from tests.factories.stored_tallies import AS_OF, DEADLINES, FOUND, KINDS, metrics_of, write_files
from tests.factories.tallies import ZONE


@attrs.frozen
class WithinTen(Metric):
    """Letters answered within ten working days."""

    id = "letters.within-ten"
    title = {"en": "Within ten", "da": "Inden ti"}
    records = Letter
    outcomes = outcomes(**SETTLED)

    def contribute(self, letters: Letter, as_of: AsOf) -> Contribution:
        """Return the state of each letter."""
        states = as_of.settle(as_of.due("copenhagen/reply-guarantee", letters.received_on), letters.answered_on)
        return Contribution(on=letters.received_on, outcome=self.outcomes.pick(**states))


def counts(kind: type[Records], folder: Path) -> list[PartialResult]:
    """Return what each part of some invented records came to."""
    as_of = AsOf.at(AS_OF, zone=ZONE, rules=rules(FOUND, DEADLINES))
    request = Request.of([Question(metric, axis=Axis(ZONE)) for metric in metrics_of(kind)], as_of, "day")
    given = write_files(folder, kind)
    reading = source(given["data"], kind, children=given.get("children"), zone=ZONE).reading(request.fields)
    made = []
    for part in range(len(reading.parts)):
        worker = Worker(request, reading)
        assert sum(worker.count(part)) == reading.parts[part].rows
        made.append(worker.counted())
    return made


def same(one: PartialResult, other: PartialResult) -> bool:
    met = {field: [mask.tolist() for mask in marks] for field, marks in one.met.items()}
    return one == other and met == {field: [mask.tolist() for mask in marks] for field, marks in other.met.items()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_it_comes_back_from_its_bytes_and_sums_in_any_order(kind: type[Records], tmp_path: Path) -> None:
    made = counts(kind, tmp_path)
    for each in made:
        assert same(PartialResult.from_bytes(each.to_bytes()), each)
    whole = summed(made)
    assert same(summed([summed(made[::-2]), *made[-2::-2]]), whole)
    assert whole.read == 60
    assert whole.covered


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_records_alike_are_counted_together_with_the_same_bytes(
    kind: type[Records], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = [part.to_bytes() for part in counts(kind, tmp_path)]
    monkeypatch.setattr(alike, "MANY", 1)
    monkeypatch.setattr(alike, "SPREAD", 1 << 14)
    assert [part.to_bytes() for part in counts(kind, tmp_path)] == each


def test_of_records_alike_every_row_that_is_set_aside_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MANY", 1)
    days = ["1989-12-29", "1990-01-02", "1989-12-29", "1990-01-02", "1989-12-28", "1990-01-02", "1989-12-29"]
    letters = [
        {"letter": number, "received_on": day, "answered_on": None, "office": "north", "pages": None}
        for number, day in enumerate(days, 1)
    ]
    [told] = measure(WithinTen, letters, as_of="2010-06-01", period="2010").findings.items
    assert (told.fault, told.rows.tolist()) == ("outside the calendar", [1, 3, 5, 7])


def test_what_is_no_count_is_refused(tmp_path: Path) -> None:
    if not KINDS:
        pytest.skip("no plugin is installed")
    stored = counts(KINDS[0], tmp_path)[0].to_bytes()
    other = b"casequality counted 9" + stored[stored.index(b"\n") :]
    turned = [stored[:at] + bytes([stored[at] ^ 1 << at % 8]) + stored[at + 1 :] for at in range(0, len(stored), 7)]
    for content in (stored[:-1], stored + b"x", stored[: len(stored) // 2], other, b"", *turned):
        with pytest.raises(InputError, match="This is no count that can be read"):
            PartialResult.from_bytes(content)


@attrs.frozen
class Setting:
    name: str
    days: tuple[int, ...] = ()


DIFFERENT: list[Any] = [
    *(None, True, 1, 1.0, "1", (1,), [1], {1}, {1: 1}, {"1": 1}, {1: "1"}, b"1".decode() + " "),
    *(dt.date(2010, 1, 1), "2010-01-01", dt.datetime(2010, 1, 1, tzinfo=dt.UTC), dt.timedelta(1)),
    *(Fraction(1), np.int64(1)),
    *(np.array([1]), np.array([1], np.int8), np.array([1, 1]), np.datetime64("2010-01-01")),
    *(Setting("1"), Setting("1", (1,)), Setting, Answered, Path("1")),
]


def test_different_values_are_told_apart_and_equal_ones_are_not() -> None:
    digests = [digest(plain(value)) for value in DIFFERENT]
    assert len(set(digests)) == len(DIFFERENT)
    assert [digest(plain(value)) for value in DIFFERENT] == digests
    assert plain({"a": 1, "b": 2}) == plain({"b": 2, "a": 1})
    assert plain(frozenset("abc")) == plain(frozenset("cba"))


def test_a_value_of_a_kind_that_cannot_be_told_apart_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be told apart"):
        plain([object()])


def function(text: str) -> FunctionType:
    found: dict[str, Any] = {"__name__": "notebook"}
    exec(text, found)
    made = found["f"]
    assert isinstance(made, FunctionType)
    return made


def test_code_that_was_changed_in_a_notebook_is_told_apart() -> None:
    first = code_of(function("def f(x): return x + 1"))
    assert code_of(function("def f(x): return x + 1")) == first
    for other in ("def f(x): return x + 2", "def f(x): return x - 1", "def f(x): return len(x)"):
        assert code_of(function(other)) != first
