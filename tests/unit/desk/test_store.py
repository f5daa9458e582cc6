"""A store of tallies against the rows that were delivered, counted at once."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

import pytest

import casequality as cq
from casequality.desk import Store, Tallies
from casequality.errors import InputError, MergeError, UsageError
from casequality.metrics import stored
from tests.factories.tallies import Told, entry

PARTS = {
    ("101", "2010-01"): 7,
    ("101", "2010-02"): 5,
    ("101", "2011-01"): 3,
    ("147", "2010-01"): 9,
    ("147", "2010-02"): 2,
}


class Other(Told):
    """The same of another name."""

    id = "test.other"


def rows(who: str, month: str, many: int) -> list[dict[str, object]]:
    """Return entries of which every third is of kind b, the others of kind a, and every second is a yes."""
    return [
        dict(
            entry(
                f"{month}-{1 + number:02}",
                what="yes" if number % 2 else "no",
                kind="a" if number % 3 else "b",
                office=who,
            )
        )
        for number in range(many)
    ]


@functools.cache
def counted(who: str, month: str, many: int, metric: type[Told] = Told) -> Tallies:
    return cq.tally([metric], rows(who, month, many), as_of="2012-01-01", by="kind")


@pytest.fixture
def filled(tmp_path: Path) -> Store:
    made = cq.store(tmp_path / "store")
    for (who, month), many in PARTS.items():
        made.put(counted(who, month, many), who=who, period=month, extract="2012-01-01")
    return made


def whole(parts: dict[tuple[str, str], int]) -> bytes:
    return stored.all_to_bytes(
        cq.tally(
            [Told],
            [row for (who, month), many in parts.items() for row in rows(who, month, many)],
            as_of="2012-01-01",
            by="kind",
        ).parts
    )


def held(found: Tallies) -> bytes:
    return stored.all_to_bytes(found.parts)


def test_what_is_held_is_what_counting_all_rows_at_once_gives(filled: Store) -> None:
    assert held(filled.tallies()) == whole(PARTS)
    assert held(filled.tallies(who="101")) == whole({part: many for part, many in PARTS.items() if part[0] == "101"})
    of_2010 = {part: many for part, many in PARTS.items() if part[1] < "2011"}
    assert held(filled.tallies(period="2010")) == whole(of_2010)
    # and again, from the sums that were kept
    assert held(cq.store(filled.folder).tallies()) == whole(PARTS)


def test_figures_are_told_apart_by_whose_they_are(filled: Store) -> None:
    found = filled.tallies(apart=True).conclude(by=["who", "kind"], period="2010-01", metrics=[Told])["test.told"]
    got = {
        (figure.groups["who"], figure.groups["kind"]): (figure.value.numerator, figure.value.denominator)
        for figure in found.measurement
    }
    # of seven, b are 0, 3 and 6, of nine 0, 3 and 6 too; the odd ones are a yes
    assert got == {("101", "a"): (2, 4), ("101", "b"): (1, 3), ("147", "a"): (3, 6), ("147", "b"): (1, 3)}


def test_the_same_delivery_is_not_taken_twice(filled: Store) -> None:
    before = filled.log()
    again = filled.put(counted("101", "2010-02", 5), who="101", period="2010-02", extract="2012-01-01")
    assert again == before[1]
    assert filled.log() == before


def test_a_delivery_is_replaced_whole_and_what_was_known_stays_known(filled: Store) -> None:
    later = {**PARTS, ("101", "2010-02"): 11}
    entry = filled.replace(
        counted("101", "2010-02", 11),
        who="101",
        period="2010-02",
        extract="2012-02-01",
        note="late registrations",
    )
    assert (entry.number, entry.kind, entry.note, entry.records) == (6, "replaced", "late registrations", 11)
    assert held(filled.tallies()) == whole(later)
    assert held(filled.tallies(at=5)) == whole(PARTS)
    assert held(filled.tallies(at=dt.datetime.now(dt.UTC))) == whole(later)
    assert held(filled.tallies(at=entry.at.date())) == whole(later)
    assert filled.deliveries(at=entry.at.date() - dt.timedelta(days=1)) == ()


def test_a_delivery_is_withdrawn_and_may_come_back(filled: Store) -> None:
    filled.withdraw(who="147", period="2010-01", note="of another municipality")
    left = {part: many for part, many in PARTS.items() if part != ("147", "2010-01")}
    assert held(filled.tallies()) == whole(left)
    filled.put(counted("147", "2010-01", 9), who="147", period="2010-01", extract="2012-01-01")
    assert held(filled.tallies()) == whole(PARTS)
    assert [entry.kind for entry in filled.log()[-2:]] == ["withdrawn", "put"]


def test_a_release_is_a_line_of_the_log_and_changes_nothing(filled: Store) -> None:
    entry = filled.release("Half-yearly report, August 2010", b"<html>")
    # what sha256sum says of the same six bytes
    assert entry.source == "b7d082ee12e91b756ea22e8513b8594eebcf5d39fab813da3cb55794dc888ad7"
    assert held(filled.tallies()) == whole(PARTS)


@pytest.mark.parametrize(
    ("who", "period", "many", "what"),
    [
        ("101", "2010-02", 6, "Something else was delivered for this period"),
        ("101", "2010-Q1", 6, "A delivery for a period that overlaps this one is there"),
        ("101", "2010-01-31..2010-03-01", 6, "A delivery for a period that overlaps this one is there"),
        ("", "2010-03", 6, "A change of a store says whose records it is about"),
        ("1\n01", "2010-03", 6, "A change of a store says whose records it is about"),
    ],
)
def test_what_would_count_twice_is_refused(filled: Store, who: str, period: str, many: int, what: str) -> None:
    before = filled.log()
    with pytest.raises(UsageError, match=what):
        filled.put(counted("101", "2010-02", many), who=who, period=period, extract="2012-01-01")
    assert filled.log() == before


def test_days_that_touch_do_not_overlap(filled: Store) -> None:
    filled.put(counted("101", "2010-03", 1), who="101", period="2010-03", extract="2012-01-01")
    assert len(filled.deliveries()) == 6


def test_one_source_is_delivered_once(filled: Store, tmp_path: Path) -> None:
    source = tmp_path / "cases.csv"
    source.write_text("case\n1\n", encoding="utf-8")
    given = counted("101", "2010-05", 4)
    filled.put(given, who="101", period="2010-05", extract="2012-01-01", source=source)
    with pytest.raises(UsageError, match="The same source was delivered before"):
        filled.put(given, who="147", period="2010-05", extract="2012-01-01", source=source)
    filled.withdraw(who="101", period="2010-05", note="of 147")
    filled.put(given, who="147", period="2010-05", extract="2012-01-01", source=source)


def test_nothing_is_replaced_or_withdrawn_that_is_not_there(filled: Store) -> None:
    with pytest.raises(UsageError, match="There is no delivery to replace"):
        filled.replace(counted("101", "2010-04", 1), who="101", period="2010-04", extract="x", note="late")
    with pytest.raises(UsageError, match="There is no such delivery"):
        filled.withdraw(who="101", period="2010-04", note="late")
    with pytest.raises(InputError, match="The store holds no such delivery") as refused:
        filled.tallies(who=["101", "999"])
    assert (refused.value.got, refused.value.allowed) == ("999", ("101", "147"))
    with pytest.raises(InputError, match="an empty store"):
        cq.store(Path(filled.folder).with_name("empty")).tallies()


def test_deliveries_of_other_metrics_stand_beside_and_are_not_summed(filled: Store) -> None:
    filled.put(counted("101", "2010-01", 7, Other), who="101", period="2010-01", extract="2012-01-01")
    with pytest.raises(MergeError, match="These deliveries are of different metrics"):
        filled.tallies()


def test_small_cells_are_counted(tmp_path: Path) -> None:
    # of eight entries 1, 5 and 7 are a and yes, 2 and 4 a and no, 3 is b and yes, 0 and 6 are b and no
    for least, many in ((1, 0), (2, 1), (3, 3), (4, 4)):
        made = cq.store(tmp_path / str(least), warn_below=least)
        assert made.put(counted("101", "2010-01", 8), who="101", period="2010-01", extract="x").small == many


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda log: (log / "0000000002.json").unlink(), "no entry 2"),
        (lambda log: (log / "0000000002.json").write_bytes((log / "0000000003.json").read_bytes()), "does not follow"),
        (lambda log: (log / "0000000002.json").write_bytes(b"{}\n"), "a line that is no entry"),
        (lambda log: (log / "0000000002.json").write_bytes(b"\xff"), "a line that is no entry"),
        (
            lambda log: (log / "0000000002.json").write_bytes(
                (log / "0000000002.json").read_bytes().replace(b'"records":5', b'"records":6')
            ),
            "a line that is no entry",  # whose seal is another
        ),
    ],
)
def test_a_log_that_was_changed_is_refused(filled: Store, spoil, what: str) -> None:  # type: ignore[no-untyped-def]
    spoil(Path(filled.folder) / "log")
    with pytest.raises(InputError, match="The log of a store is not as it was written") as refused:
        cq.store(filled.folder).log()
    assert what in str(refused.value)


def test_tallies_that_were_changed_are_found(filled: Store) -> None:
    assert filled.check() == 5
    path = Path(filled.folder) / "tallies" / f"{filled.log()[2].tallies}.tally"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match="A delivery's tally is not as it was put"):
        filled.check()
    with pytest.raises(InputError, match="A delivery's tally is not as it was put"):
        filled.tallies()


def test_a_long_log_is_packed_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casequality.desk.keeping.deliveries.PACKED", 3)
    made = cq.store(tmp_path)
    for number in range(8):
        made.release(f"edition {number}")
    assert sorted(path.name for path in (tmp_path / "log").glob("*.packed")) == [
        "0000000003.packed",
        "0000000006.packed",
    ]
    assert cq.store(tmp_path).log() == made.log()
    assert [entry.note for entry in made.log()] == [f"edition {number}" for number in range(8)]
