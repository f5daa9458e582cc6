"""Goals judged by a store's deliveries against the same goals judged by the rows that were delivered."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality.desk import Assessed, Store, assess_project, deliver_project, goal_history, verify_report
from casequality.errors import InputError, UsageError
from casequality.goals import Verdict
from tests.factories.tallies import Told, entry

AS_OF = "2010-07-01"
GOALS = """
[[goal]]
id       = "all"
metric   = "test.told"
source   = "entries"
target   = "at least 50 %"
readings = { cohort = "received" }

[[goal]]
id        = "each"
metric    = "test.told"
source    = "entries"
target    = "at least 50 %"
each      = ["kind"]
aggregate = "each"
readings  = { cohort = "received" }

[[goal]]
id       = "before"
metric   = "test.told"
source   = "entries"
target   = "at least 100 % of 2009-H2"
readings = { cohort = "received" }
"""
MONTHS = [f"2009-{month:02}" for month in range(7, 13)] + [f"2010-{month:02}" for month in range(1, 7)]
LATE = ("147", "2010-03")


def rows(who: str, month: str, extra: int = 0) -> list[dict[str, object]]:
    """Return entries of a month, of which some are open; extra ones are all a no."""
    many = 3 + (int(month[-2:]) + int(who)) % 4
    told = [("yes", "open", "no", "unknown")[(number + int(month[-1])) % 4] for number in range(many)] + ["no"] * extra
    return [
        dict(entry(f"{month}-{1 + number:02}", what=what, kind=("a", "b", "b")[number % 3], office=who))
        for number, what in enumerate(told)
    ]


def every(extra: int = 0) -> list[dict[str, object]]:
    return [
        row
        for who in ("101", "147")
        for month in MONTHS
        for row in rows(who, month, extra if (who, month) == LATE else 0)
    ]


def put(store: Store, who: str, month: str, extra: int = 0, **note: str) -> None:
    given: dict[str, Any] = {"as_of": AS_OF, "by": ["kind"]}
    counted = cq.tally([Told], rows(who, month, extra), **given)
    (store.replace if note else store.put)(counted, who=who, period=month, extract=AS_OF, **note)


@pytest.fixture(scope="module")
def of_both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the deliveries of both, of which each test has a copy."""
    folder = tmp_path_factory.mktemp("of-both") / "store"
    store = cq.store(folder)
    for who in ("101", "147"):
        for month in MONTHS:
            put(store, who, month)
    return folder


@pytest.fixture
def filled(of_both: Path, tmp_path: Path) -> Store:
    return cq.store(shutil.copytree(of_both, tmp_path / "store"))


def assessed(sources: dict[str, object], goals: str = GOALS, **given: Any) -> Assessed:
    return cq.assess(goals, sources, period="2010-H1", **{"as_of": AS_OF, "metrics": [Told], **given})


def told(found: Assessed) -> list[dict[str, Any]]:
    plain = found.to_dict()
    return [plain["goals"], plain["measurements"]]


def why(found: Assessed, goal: str) -> str:
    [*_, reason] = found[goal].reasons
    return f"{reason['en']} | {reason['da']}"


def test_goals_are_judged_by_deliveries_as_by_the_rows_delivered(filled: Store) -> None:
    read, kept = assessed({"entries": every()}), assessed({}, store=filled)
    assert [each.verdict for each in read] == [each.verdict for each in kept]
    assert {each.verdict for each in read} - {Verdict.INCOMPLETE}
    assert told(kept) == told(read)
    note = kept.assessment.sources["entries"]
    assert (note.read, note.set_aside) == (len(every()), 0)
    assert note.deliveries is not None
    assert "24 deliveries of a store (101; 147), as they were known after entry 24" in note.deliveries.en
    assert [len(kept.worklist())] == [0]


def test_a_late_delivery_changes_the_edition_and_is_named(filled: Store) -> None:
    released = filled.release("Half-yearly report")
    put(filled, *LATE, extra=4, note="registered late")
    then, now = (assessed({}, store=filled, known_at=at) for at in (released.number, None))
    assert told(then) == told(assessed({"entries": every()}))
    assert told(now) == told(assessed({"entries": every(extra=4)}))
    assert then["all"].denominator != now["all"].denominator
    notes = [each.assessment.sources["entries"].deliveries for each in (then, now)]
    assert [("147 for March 2010 replaced (registered late)" in note.en) for note in notes if note] == [False, True]
    assert [("147 for marts 2010 erstattet (registered late)" in note.da) for note in notes if note] == [False, True]
    assert [(f"{released.at:%Y-%m-%d}: nothing." in note.en) for note in notes if note] == [True, False]


def test_some_of_those_who_deliver_are_judged_alone(filled: Store) -> None:
    mine = [row for row in every() if row["office"] == "147"]
    assert told(assessed({}, store=filled, who="147")) == told(assessed({"entries": mine}))
    with pytest.raises(InputError, match="151"):
        assessed({}, store=filled, who=["147", "151"])


@attrs.frozen
class Newer(Told):
    version = 2


@attrs.frozen
class Elsewhere(Told):
    id = "test.elsewhere"
    tallied_as = "test.elsewhere"


@pytest.mark.parametrize(
    ("goals", "given", "said"),
    [
        (GOALS, {"metrics": [Newer]}, ["the result version is 1, not 2", "resultatversionen er 1, ikke 2"]),
        (GOALS, {"metrics": [Told()], "as_of": "2010-08-01"}, ["2010-07-01 00:00+02:00, not 2010-08-01 00:00+02:00"]),
        (
            GOALS.replace("readings  =", 'where     = { kind = "a" }\nreadings  ='),
            {},
            ["which records count is all records, not kind a", "alle registreringer"],
        ),
        (GOALS.replace("readings  =", "parameters = { weighted = true }\nreadings  ="), {}, ["weighted = True"]),
        (GOALS.replace('each      = ["kind"]', 'each = ["office"]'), {}, ["told apart by is kind, not office"]),
        (
            GOALS.replace("test.told", "test.elsewhere"),
            {"metrics": [Elsewhere]},
            ["no counts of test.elsewhere are kept", "ikke gemt optællinger"],
        ),
        (GOALS, {"zone": "UTC"}, ["the zone, or the days kept apart inside a month is Europe/Copenhagen, not UTC"]),
    ],
)
def test_a_figure_that_is_not_kept_is_incomplete_and_says_why(
    filled: Store, goals: str, given: dict[str, Any], said: list[str]
) -> None:
    found = assessed({}, goals=goals, store=filled, **given)
    assert found["each"].verdict is Verdict.INCOMPLETE
    assert found["each"].value is None
    for text in said:
        assert text in why(found, "each")


def test_what_is_told_apart_further_is_summed_only_where_no_row_was_set_aside_for_it(tmp_path: Path) -> None:
    given = [*every(), dict(entry("2010-05-02", kind=None))]
    counted = cq.tally([Told], given, as_of=AS_OF, by=["kind"])
    store = cq.store(tmp_path)
    store.put(counted, who="101", period="2009-01-01..2010-12-31", extract=AS_OF)
    read, kept = assessed({"entries": given}), assessed({}, store=store)
    assert kept["each"].to_dict() == read["each"].to_dict()
    assert read["all"].denominator is not None
    assert kept["all"].verdict is Verdict.INCOMPLETE
    assert "told apart by is kind, not nothing" in why(kept, "all")


def test_a_period_that_not_all_delivered_is_incomplete(filled: Store) -> None:
    filled.withdraw(who="147", period="2010-02", note="of another municipality")
    filled.withdraw(who="147", period="2010-03", note="of another municipality")
    found = assessed({}, store=filled)
    assert {each.verdict for each in found} == {Verdict.INCOMPLETE}
    assert "147 for 1 February 2010 to 31 March 2010" in why(found, "all")
    assert "147 for 1. februar" in why(found, "all")
    assert {each.verdict for each in assessed({}, store=filled, who="101")} != {Verdict.INCOMPLETE}


def test_an_earlier_period_lacks_in_part_or_is_not_reached_at_all(filled: Store) -> None:
    early = [month for month in MONTHS if month < "2010"]
    for month in early:
        filled.withdraw(who="147", period=month, note="not to be kept so long")
    in_part = assessed({}, store=filled)
    assert in_part["before"].verdict is Verdict.INCOMPLETE
    assert "147 for 2nd half of 2009" in why(in_part, "before")
    assert in_part["all"].verdict is not Verdict.INCOMPLETE
    for month in early:
        filled.withdraw(who="101", period=month, note="not to be kept so long")
    later = [row for row in every() if str(row["on"]) >= "2010"]
    assert told(assessed({}, store=filled)) == told(assessed({"entries": later}))


def test_deliveries_that_were_not_counted_alike_do_not_add_up_and_say_in_what(filled: Store) -> None:
    counted = cq.tally([Told], rows(*LATE), as_of="2010-08-01", by=["kind"])
    filled.replace(counted, who=LATE[0], period=LATE[1], extract="2010-08-01", note="a newer extract")
    found = assessed({}, store=filled)
    assert {each.verdict for each in found} == {Verdict.INCOMPLETE}
    assert "do not add up: when it was made up" in why(found, "all")


def test_a_month_that_is_not_over_is_nobodys_to_deliver(tmp_path: Path) -> None:
    store = cq.store(tmp_path)
    for month in [each for each in MONTHS if each < "2010-06"]:
        store.put(
            cq.tally([Told], rows("101", month), as_of="2010-06-15", by=["kind"]), who="101", period=month, extract="x"
        )
    given = [row for row in every() if row["office"] == "101" and str(row["on"]) < "2010-06"]
    found = assessed({}, store=store, as_of="2010-06-15")
    assert told(found) == told(assessed({"entries": given}, as_of="2010-06-15"))


def test_no_records_are_read_beside_a_store(filled: Store) -> None:
    with pytest.raises(UsageError, match="no records are read"):
        assessed({"entries": every()}, store=filled)
    with pytest.raises(UsageError, match="no records are read"):
        assessed({}, store=filled, engine="in-process")


PERIOD: dict[str, Any] = {"period": "2010-H1", "as_of": "2010-08-01"}


@pytest.fixture(scope="module")
def delivered(example: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The example project without its data, and a store to which they were delivered."""
    folder = tmp_path_factory.mktemp("delivered")
    shutil.copytree(example, folder / "project")
    project = folder / "project" / "casequality.toml"
    told: dict[str, Any] = {
        "who": "101",
        "period": "2007-07-01..2010-08-01",
        "extract": "2010-08-01",
        "as_of": "2010-08-01",
    }
    made = deliver_project(project, cq.store(folder / "store"), **told)
    assert len({each.source for each in made}) == len(made)
    shutil.rmtree(folder / "project" / "data")
    return project, folder / "store"


def test_the_example_report_comes_from_the_store_as_from_its_files(delivered: tuple[Path, Path], example: Path) -> None:
    project, store = delivered
    for to in (None, "Økonomiudvalget"):
        read = assess_project(example / "casequality.toml", to=to, **PERIOD)
        kept = assess_project(project, to=to, store=store, **PERIOD)
        assert told(kept) == told(read)
        earlier = [{name: each.to_dict() for name, each in found.assessment.earlier.items()} for found in (kept, read)]
        assert earlier[0] == earlier[1]
        assert bool(earlier[0]) == bool(to)


def test_a_report_of_a_store_is_verified_against_the_store_as_it_was(
    delivered: tuple[Path, Path], tmp_path: Path
) -> None:
    project, folder = delivered
    store, page = tmp_path / "store", tmp_path / "report.html"
    shutil.copytree(folder, store)
    assess_project(project, store=store, **PERIOD).save(page)
    cq.store(store).release("as published", page.read_bytes())
    cq.store(store).withdraw(who="101", period="2007-07-01..2010-08-01", of="tribunal_cases", note="wrong file")
    found = verify_report(page, project, store=store)
    assert (found.whole, found.differs) == (True, ())
    with pytest.raises(UsageError, match="made anew from that store"):
        verify_report(page, project)
    [then, now] = goal_history(project, "okf.rent-tribunal.backlog", store, period="2010-H1")
    assert (then.name, [each.verdict for each in now.judged]) == ("as published", [Verdict.INCOMPLETE])
    assert then.judged[0].value is not None
    assert str(now.changes[0]).endswith("withdrawn (wrong file)")
