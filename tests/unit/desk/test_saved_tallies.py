"""Tallies of several metrics in one file: counted once, told apart by their ids, the same whatever is asked beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

pytest.importorskip("pyarrow")

import casequality as cq
from casequality.desk.measuring import Tallies
from casequality.errors import InputError, MergeError, UnknownName, UsageError
from casequality.metrics.declaring.statistics import Count
from casequality.metrics.tallies import stored
from casequality.records.facts.fields import code
from tests.factories.tallies import Entry, Told

CSV = """on,until,what,amount,bin,times,office,kind
2010-01-04,2010-03-01,yes,5,7,1,north,a
2010-01-05,2010-03-02,yes,6,7,1,south,a
2010-01-06,2010-03-03,no,9,8,1,north,b
2010-02-07,,open,4,2,1,south,b
"""
BEFORE = Path(__file__).parents[1] / "metrics" / "tallies" / "before.tally"


class Other(Told):
    id = "test.other"


class Counted(Told):
    """Another figure of the same count."""

    id = "test.counted"
    statistic: ClassVar[cq.statistics.Statistic] = Count()


OWN = (Told, Other, Counted)


def tallied(folder: Path, metrics: Any = OWN, text: str = CSV, **given: Any) -> Tallies:
    (folder / "entries.csv").write_text(text)
    return cq.tally(metrics, folder / "entries.csv", as_of="2010-08-01", by="office", **given)


def test_several_metrics_are_saved_in_one_file_and_what_they_share_once(tmp_path: Path) -> None:
    made = tallied(tmp_path)
    made.save(tmp_path / "three.tally")
    tallied(tmp_path, [Told]).save(tmp_path / "one.tally")
    loaded = cq.load_tally(tmp_path / "three.tally")
    assert loaded.parts == made.parts
    assert sorted(loaded.parts) == ["test.counted", "test.other", "test.told"]
    assert {part.assumed.metric for part in loaded.parts.values()} == set(loaded.parts)
    heads = [(tmp_path / name).read_bytes().split(b"\n", 3)[2] for name in ("one.tally", "three.tally")]
    one, three = (line[line.index(b'"blocks"') : line.index(b"]")] for line in heads)
    assert one == three
    concluded = loaded.conclude(by="office", period="2010-01", metrics=OWN)
    told = [(each.groups["office"], each.value.numerator, each.value.denominator) for each in concluded["test.told"]]
    assert told == [("north", 1, 2), ("south", 1, 1)]
    assert cq.merge([loaded, loaded]).parts["test.told"].accounts.read == 8


class Stated(Entry, name="stated_entries"):
    """Entries in which an office that is not stated may be any."""

    office = code("north", "south", unknown="not stated")


class Settled(Told):
    id = "test.settled"
    records = Stated


class NotSettled(Settled):
    """Reads a "no" as not settled yet, where somebody chooses so."""

    id = "test.not-settled"
    readings = cq.readings(no=cq.choose(usual="no", why="says nothing", no={}, open={"no": cq.OPEN}))


def test_what_only_another_metric_takes_as_not_settled_is_no_doubt_of_this_one(tmp_path: Path) -> None:
    """A "no" without an office may be north's: in doubt for both. One of north is for the second only."""
    text = CSV.replace("no,9,8,1,north", "no,9,8,1,").replace("yes,6,7,1,south", "no,6,7,1,north")
    (tmp_path / "entries.csv").write_text(text)

    def asked(*metrics: type[Told]) -> dict[str, Any]:
        where = {"office": "north"}
        return dict(cq.tally(metrics, tmp_path / "entries.csv", as_of="2010-08-01", where=where).parts)

    alone = asked(Settled) | asked(NotSettled)
    for order in ((Settled, NotSettled), (NotSettled, Settled)):
        assert asked(*order) == alone
    assert [part.doubts.shape[1] for part in alone.values()] == [1, 2]


def test_metrics_with_one_first_base_and_another_second_are_not_taken_for_one_count(tmp_path: Path) -> None:
    """A first base that goes on to what the second contributes says the last word in both, and not the same."""

    class Doubled(Told):
        def contribute(self, entries: Entry, as_of: cq.AsOf, /) -> cq.Contribution:
            return attrs.evolve(super().contribute(entries, as_of), amount=entries.amount + entries.amount)

    class WithoutBins(Told):
        def contribute(self, entries: Entry, as_of: cq.AsOf, /) -> cq.Contribution:
            return attrs.evolve(super().contribute(entries, as_of), bins=None)

    plain = type("Plain", (Doubled,), {"id": "test.plain"})
    binless = type("Binless", (Doubled, WithoutBins), {"id": "test.binless"})
    titled = type("Titled", (Doubled,), {"id": "test.titled", "title": {"en": "Titled", "da": "Omdøbt"}})
    elsewhere = type("Bound", (Doubled,), {"id": "test.bound", "records": Stated})
    assert binless().origin is plain().origin is Doubled
    assert titled().counted_alike == plain().counted_alike != elsewhere().counted_alike
    together = tallied(tmp_path, [plain, binless]).parts
    alone = {**tallied(tmp_path, [plain]).parts, **tallied(tmp_path, [binless]).parts}
    assert together == alone
    assert [alone[name].numbers.shape[1] for name in ("test.plain", "test.binless")] == [4, 0]


def test_a_metric_whose_class_was_moved_reads_the_tally_of_before(tmp_path: Path) -> None:
    tallied(tmp_path, [Told]).save(tmp_path / "told.tally")
    moved = type("Elsewhere", (Told,), {"__module__": "another.place", "id": "test.told"})
    loaded = cq.load_tally(tmp_path / "told.tally")
    assert loaded.conclude(metrics=[moved], period="2010-01")["test.told"]["2010-01"].figure.value.numerator == 2
    again = tallied(tmp_path, [moved])
    assert cq.merge([loaded, again]).parts["test.told"].accounts.read == 8
    (tmp_path / "again.tally").write_bytes(stored.all_to_bytes(again.parts))
    assert (tmp_path / "again.tally").read_bytes() == (tmp_path / "told.tally").read_bytes()


def test_another_metric_or_version_does_not_read_it(tmp_path: Path) -> None:
    loaded = tallied(tmp_path, [Told])
    raised = type("Raised", (Told,), {"version": 2})
    forgetful = type("Forgetful", (Told,), {"contribute": lambda *_: None})
    for other in (raised, forgetful):
        with pytest.raises(UnknownName, match="made by another metric or another version"):
            loaded.conclude(metrics=[other])


def test_two_metrics_of_one_id_are_refused(tmp_path: Path) -> None:
    for pair in ([Told(bounded=True), Told(bounded=False)], [Told, type("Same", (Told,), {"id": "test.told"})]):
        with pytest.raises(UsageError, match=r"Two metrics have one id(.|\n)*test\.told"):
            tallied(tmp_path, pair)
    assert sorted(tallied(tmp_path, [Told, Told()]).parts) == ["test.told"]


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "june.tally"
    for missing in (path, tmp_path, "no\0path"):
        with pytest.raises(InputError, match="A tally cannot be opened"):
            cq.load_tally(missing)
    tallied(tmp_path).save(path)
    whole = path.read_bytes()
    for content in (b"", b"PK\3\4", whole[:-1], whole[:100], whole + b"\n", whole.replace(b"test.told", b"test.tolt")):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"This is no tally that can be read(.|\n)*june\.tally"):
            cq.load_tally(path)


GOAL = """
[[goal]]
id       = "told"
metric   = "test.told"
source   = "entries"
target   = "at least 50 %"
readings = { cohort = "received" }
"""


def test_a_goal_is_not_judged_by_a_tally_that_does_not_know_its_doubts(tmp_path: Path) -> None:
    """The version before says 2 yes of 3 in January, and that two rows were set aside; not which, nor of what."""
    now = tallied(tmp_path)
    beside = cq.side_by_side({"then": BEFORE, "now": now}, GOAL, period="2010-01", metrics=OWN, by="office")["told"]
    then, known = beside.each["then"], beside.each["now"]
    assert (then.numerator, then.denominator, str(then.verdict)) == (2, 3, "undecided")
    assert [reason.code for reason in then.reasons] == ["doubts not kept"]
    assert (known.numerator, known.denominator, str(known.verdict)) == (2, 3, "met")
    assert str(beside.together.verdict) == "not comparable"
    assert "not kept by an older version (then)" in " ".join(map(str, beside.together.reasons))


def test_a_tally_of_the_version_before_says_so_where_it_is_shown_and_merges_with_its_like_only(tmp_path: Path) -> None:
    loaded = cq.load_tally(BEFORE)
    shown = loaded.conclude(metrics=OWN[:2], period="2010-01")["test.told"]
    assert "did not keep what was in doubt" in shown.table().text()
    assert "ikke gemte, hvad der var tvivl om" in shown.table("da").text()
    assert "not bounded" in shown.table().text()
    assert cq.merge([loaded, loaded]).parts["test.told"].accounts.read == 10
    with pytest.raises(MergeError, match="tally again what an older version tallied"):
        cq.merge([loaded, tallied(tmp_path, OWN[:2])])
    loaded.save(tmp_path / "again.tally")
    assert cq.load_tally(tmp_path / "again.tally").parts == loaded.parts


def test_labels_of_any_letters_come_back(tmp_path: Path) -> None:
    text = CSV.replace("north", "Ærø 区 \U0001f600").replace("south", '""" ""quoted"" """')
    made = tallied(tmp_path, [Told], text)
    made.save(tmp_path / "told.tally")
    loaded = cq.load_tally(tmp_path / "told.tally").parts["test.told"]
    assert loaded == made.parts["test.told"]
    odd = attrs.evolve(loaded, labels=(("\ud800",), ("b",)))
    assert stored.from_bytes(stored.to_bytes(odd)) == odd


def test_one_metric_or_one_tally_where_several_are_meant_is_taken(tmp_path: Path) -> None:
    several = tallied(tmp_path, [Told])
    assert tallied(tmp_path, Told).parts == several.parts
    assert tallied(tmp_path, Told()).parts == several.parts
    assert cq.merge(several).parts == several.parts
    with pytest.raises(UnknownName, match=r"No plugin offers the metric 'test\.nobody'"):
        tallied(tmp_path, "test.nobody")


@pytest.mark.parametrize("paths", ["one.tally", Path("one.tally"), ["one.tally"], [Path("one.tally"), 3]])
def test_what_is_no_tally_is_refused_with_the_way_out(paths: Any) -> None:
    with pytest.raises(UsageError, match="something else was given") as raised:
        cq.merge(paths)
    assert "merge([load_tally(path) for path in paths])" in str(raised.value)


def test_a_group_that_is_mistyped_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        cq.tally(Told, tmp_path / "not-there.csv", as_of="2010-08-01", by="ofice")
    assert "did you mean office?" in str(raised.value)
