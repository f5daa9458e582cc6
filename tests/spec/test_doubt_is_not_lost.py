"""A record in doubt is seen in the figure, in every output and in the verdict: the table of docs/doubt.toml."""

from __future__ import annotations

import csv
import io
import json
import re
import runpy
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import casequality as cq
from casequality.cli import main
from casequality.desk.judging.assessing import Assessed
from casequality.desk.offered import find_metric
from casequality.desk.results import Result
from casequality.evidence import number
from casequality.goals import GoalSet, parse_goals
from casequality.metrics.figures import Figure

pytest.importorskip("casequality_rent_tribunal")
pytest.importorskip("pyarrow")
pytest.importorskip("typer")

ROOT = Path(__file__).resolve().parents[2]
PAGE = runpy.run_path(str(ROOT / "docs/doubt_page.py"))
Row = Mapping[str, Any]
ROWS: list[Row] = PAGE["rows"]()
each_row = pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(row: Row) -> str:
    """Write the files of a row and return which of them is its data."""
    for name, text in PAGE["files"](row).items():
        Path(name).write_text(text, encoding="utf-8")
    return str(row.get("data", next(iter(row["files"]))))


def measured(row: Row, **more: Any) -> Result:
    given = {name: row[name] for name in ("as_of", "where", "by", "children", "readings", "deadlines") if name in row}
    return cq.measure(row["metric"], written(row), period=judged(row), **given, **more)


def judged(row: Row) -> str:
    return str(row.get("judged", row["period"]))


def metric_of(row: Row) -> cq.Metric:
    return find_metric(row["metric"])


def goals(row: Row) -> GoalSet:
    """Return a goal set of the row's one goal, each reading that the row does not choose at its default."""
    ways = {name: choice.default for name, choice in metric_of(row).readings.items()} | row.get("readings", {})
    readings = ", ".join(f'{name} = "{way}"' for name, way in ways.items())
    each = ["year" if len(judged(row)) == 4 else "quarter", *row.get("by", ())]
    keys = [f'{name} = "{row[name]}"' for name in ("facet", "at_most") if name in row]
    keys += [f"where = {{ {name} = {labels} }}" for name, labels in _where(row).items()]
    return parse_goals(
        f'[[goal]]\nid = "g"\nmetric = "{row["metric"]}"\nsource = "s"\ntarget = "{row["target"]}"\n'
        f'each = {each}\naggregate = "each"\nreadings = {{ {readings} }}\n' + "\n".join(keys) + "\n"
    )


def _where(row: Row) -> dict[str, list[str]]:
    return row.get("where") or {name: [row["group"]] for name in row.get("by", ())}


def assessed(row: Row) -> Assessed:
    source = cq.source(written(row), metric_of(row).records, children=row.get("children", {}))
    rules = {"deadlines": row["deadlines"]} if "deadlines" in row else {}
    return cq.assess(goals(row), {"s": source}, period=judged(row), as_of=row["as_of"], **rules)


def figure_of(result: Result, row: Row) -> Figure:
    facet, label = row.get("facet", ""), row.get("group")
    [found] = [each for each in result if each.facet == facet and (not label or label in each.groups.values())]
    return found


def wanted(text: str) -> Fraction | None:
    return None if text in ("none", "no limit") else Fraction(text)


@each_row
def test_the_figure_says_between_what_it_lies_and_why(row: Row) -> None:
    result = measured(row)
    figure, scale = figure_of(result, row), result.measurement.unit.scale
    exact = None if figure.value.exact is None else figure.value.exact * scale
    assert (exact, figure.value.reason) == (wanted(row["value"]), row.get("reason"))
    assert dict(figure.doubt) == row.get("doubt", {})
    if "at_most" not in row:
        assert [None if end is None else end * scale for end in (figure.low, figure.high)] == [
            wanted(row[end]) for end in ("low", "high")
        ]
        assert figure.value.possible == (row["low"] != "none")


@each_row
def test_the_goal_compares_the_same_interval(row: Row) -> None:
    [judgement] = assessed(row).assessment
    assert str(judgement.verdict) == row["verdict"]
    assert [judgement.value, judgement.low, judgement.high] == [wanted(row[end]) for end in ("value", "low", "high")]
    assert dict(judgement.doubt) == row.get("doubt", {})
    said = [reason.en for reason in (*judgement.reasons, *judgement.could_flip)]
    assert row.get("says") is None or row["says"] in said
    if judgement.could_flip:
        assert set(row["doubt"]) <= {reason.code for reason in judgement.could_flip}
    plain = judgement.to_dict()
    assert plain["doubt"] == row.get("doubt", {})
    assert plain["exact"] == {**plain["exact"], **{end: _exact(row[end]) for end in ("low", "high", "value")}}


def _exact(text: str) -> str | None:
    found = wanted(text)
    return None if found is None else str(found)


@each_row
def test_what_a_committee_reads_names_no_field_and_no_date_of_a_machine(row: Row) -> None:
    """And a goal that is judged by years says nothing of parts in a report on one year."""
    fields = set(metric_of(row).records.fields)
    [judgement] = assessed(row).assessment
    for reason in (*judgement.reasons, *judgement.could_flip):
        assert not fields & set(re.findall(r"\w+", reason.da)), reason.da
        assert not re.search(r"\d{4}-\d\d|\w_\w", reason.da)
        if not row.get("by"):
            assert not reason.code.startswith("parts")
            assert reason.code != "worst part"


IN_MEASURE = [row for row in ROWS if "at_most" not in row]
"""A limit of the goal is no limit of the metric, which `measure` shows."""
each_output = pytest.mark.parametrize("row", IN_MEASURE, ids=[row["id"] for row in IN_MEASURE])


@each_output
def test_every_output_of_a_figure_shows_the_same_interval(row: Row) -> None:
    result = measured(row)
    figure, low, high = figure_of(result, row), wanted(row["low"]), wanted(row["high"])
    place = list(result).index(figure)
    ends = [None if end is None else pytest.approx(float(end)) for end in (low, high)]
    plain = result.to_dict()["figures"][place]
    assert [plain["low"], plain["high"]] == ends
    assert plain["doubt"] == row.get("doubt", {})
    assert plain["bounds"] == said(row)
    frame = result.to_frame("pyarrow").to_pylist()[place]
    assert [frame["low"], frame["high"], frame["bounds"]] == [*ends, said(row)]
    for reason, many in row.get("doubt", {}).items():
        assert frame[f"doubt_{reason.replace(' ', '_')}"] == many
    for lang in ("en", "da"):
        assert shown(row, lang) in result.table(lang).text()
        assert shown(row, lang) in result.table(lang).html().replace("\N{NO-BREAK SPACE}", " ")
        assert shown(row, lang) in result.table(lang).markdown().replace("\N{NO-BREAK SPACE}", " ")
    if not certain(row):
        decimals = result.measurement.unit.decimals
        exact = ["no limit" if end is None else number(end, "en", decimals) for end in (low, high)]
        assert csv_ends(result.table().csv(), place) == exact


@each_output
def test_a_tally_concludes_the_same_interval_alone_merged_and_with_others(row: Row) -> None:
    name = row["metric"]
    own = figure_of(measured(row), row)
    where = {"where": row["where"]} if "where" in row else {}
    rules = {"deadlines": row["deadlines"]} if "deadlines" in row else {}
    given: Any = {"as_of": row["as_of"], "by": row.get("by", ()), "children": row.get("children", {}), **where, **rules}
    chosen = {name: row["readings"]} if "readings" in row else {}
    whole = cq.tally([name], written(row), readings=chosen, **given)
    asked: Any = {"period": judged(row), "by": row.get("by", ()), "readings": chosen}
    concluded = whole.conclude(**asked)[name]
    assert figure_of(concluded, row) == own


@each_output
def test_a_chart_draws_a_figure_in_doubt_as_an_interval(row: Row) -> None:
    drawn = measured(row).plot()
    assert ('class="between"' in drawn.svg()) is not certain(row)
    assert ("An upright line shows" in drawn.description) is not certain(row)


@each_row
def test_a_report_shows_the_interval_in_both_languages(row: Row) -> None:
    pytest.importorskip("jinja2")
    found = assessed(row)
    for lang in ("en", "da"):
        html = " ".join(found.page(lang).replace("\N{NO-BREAK SPACE}", " ").split())
        text = found.table(lang).text()
        [judgement] = found.assessment
        for reason in judgement.could_flip:
            assert reason[lang] in html.replace("&#39;", "'").replace("&#34;", '"')
        if not certain(row):
            ends = shown(row, lang)
            assert ends in html
            assert ends in text


COMMANDED = [row for row in IN_MEASURE if not {"children", "deadlines", "by"} & row.keys()]
"""Rows that `casequality measure` can read: child tables and deadlines of one's own need a project."""


@pytest.mark.parametrize("row", COMMANDED, ids=[row["id"] for row in COMMANDED])
def test_the_command_prints_the_same_interval(row: Row, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["measure", row["metric"], written(row), "--as-of", row["as_of"], "--period", judged(row)]
    words += [f"--where={field}={','.join(labels)}" for field, labels in row.get("where", {}).items()]
    words += [f"--reading={name}={way}" for name, way in row.get("readings", {}).items()]
    place = list(measured(row)).index(figure_of(measured(row), row))
    run(*words, "--format", "json")
    plain = json.loads(capsys.readouterr().out)["figures"][place]
    ends = [None if end is None else pytest.approx(float(end)) for end in map(wanted, (row["low"], row["high"]))]
    assert [plain["low"], plain["high"], plain["bounds"], plain["doubt"]] == [*ends, said(row), row.get("doubt", {})]
    run(*words, "--format", "csv")
    assert csv_ends(capsys.readouterr().out, place) == csv_ends(measured(row).table().csv(), place)
    for lang in ("en", "da"):
        run(*words, "--lang", lang)
        printed = capsys.readouterr()
        assert shown(row, lang) in printed.out.replace("\N{NO-BREAK SPACE}", " ")
        aside = measured(row).accounts["set aside"]
        assert (printed.err.startswith(f"{Path(words[2]).name}: ") and f"{aside} " in printed.err) is bool(aside)


def run(*words: str) -> None:
    """Run a command in this process; it must succeed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["casequality", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "cases.csv: EVERY row was set aside, 5 of 5: no figure can rest on any of them. "),
        ("da", "cases.csv: ALLE rækker er lagt til side, 5 af 5: intet tal kan bygge på dem. "),
    ],
)
def test_the_command_says_loudly_that_every_row_was_set_aside(
    lang: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    [row] = [row for row in ROWS if row["id"] == "every row unreadable"]
    data = written(row)
    run("measure", row["metric"], data, "--as-of", row["as_of"], "--period", "2010", "--lang", lang)
    assert capsys.readouterr().err.startswith(said)


def test_a_whole_read_is_the_merge_of_its_deliveries_to_the_byte() -> None:
    [row] = [row for row in ROWS if row["id"] == "two files, faults in both"]
    pattern, saved = written(row), []
    one, two = (cq.tally([row["metric"]], f"one-{part}.csv", as_of=row["as_of"]) for part in (1, 2))
    for tallies in (cq.tally([row["metric"]], pattern, as_of=row["as_of"]), cq.merge([one, two]), cq.merge([two, one])):
        tallies.save("whole.tally")
        saved.append(Path("whole.tally").read_bytes())
        [figure] = tallies.conclude(period="2010")[row["metric"]]
        assert [figure.low, figure.high, figure.doubt] == [4, 12, {"set aside": 8}]
        assert tallies.conclude(period="2010")[row["metric"]].accounts["set aside"] == 8
    assert saved[0] == saved[1] == saved[2]
    found = measured(row)
    assert found.to_dict()["findings"] == {"received_on: unreadable value": 8}
    assert "received_on, unreadable value: 8" in found.table().text()


def test_a_fault_concerns_only_those_who_read_the_field() -> None:
    [row] = [row for row in ROWS if row["id"] == "a fault in a field that nobody reads"]
    data, names = written(row), ["complaints.received", "complaints.time-to-end"]
    alone = cq.tally(names[:1], data, as_of=row["as_of"]).conclude(period=row["period"])[names[0]]
    together = cq.tally(names, data, as_of=row["as_of"]).conclude(period=row["period"])
    [figure], [first], [timed] = alone, together[names[0]], together[names[1]]
    assert [figure.value.exact, first.value.exact, first.doubt] == [10, 10, {}]
    assert timed.doubt == {"set aside": 4}
    assert [timed.value.exact, timed.low, timed.high] == [10, 10, 10]  # the fifth of ten, whatever the four lasted


class Waiter(cq.Records, name="waiters"):
    """Somebody who waited, or still does."""

    who = cq.key()
    came_on = cq.day()
    served_on = cq.day(missing="waiting")
    wait = cq.span(missing="not measured")


class MeanDays(cq.Metric):
    """Mean days from coming to being served; of those who wait, for as long as they have."""

    id = "waiters.days"
    title = {"en": "Days", "da": "Dage"}
    unit = cq.units.DAYS
    statistic = cq.statistics.Mean()
    records = Waiter
    outcomes = cq.outcomes(served=cq.YES, waiting=cq.OPEN)

    def contribute(self, waiters: Any, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the days so far, or in all."""
        waiting = np.isnat(waiters.served_on)
        days = np.where(waiting, as_of.day, waiters.served_on) - waiters.came_on
        return cq.Contribution(
            on=waiters.came_on, outcome=self.outcomes.pick(served=~waiting), amount=days.astype(np.int64)
        )


def test_a_mean_over_open_cases_is_at_least_their_age() -> None:
    # 10 days, and two who have waited 20 and 30: (10 + 20 + 30) / 3 or more, or 10 where they come to nothing
    came = [("2010-03-01", "2010-03-11"), ("2010-12-12", None), ("2010-12-02", None)]
    rows = [{"who": who, "came_on": on, "served_on": end, "wait": None} for who, (on, end) in enumerate(came)]
    [figure] = cq.measure(MeanDays, rows, as_of="2011-01-01", period="2010")
    assert [figure.value.exact, figure.low, figure.high] == [10, 10, None]
    late = [{**row, "came_on": "2010-01-01"} for row in rows[:1]] + rows[1:]
    [figure] = cq.measure(MeanDays, late, as_of="2011-01-01", period="2010")
    # 69 days; with one of 20 it is (69 + 20) / 2, with both (69 + 20 + 30) / 3
    assert [figure.value.exact, figure.low, figure.high] == [69, Fraction(69 + 20 + 30, 3), None]


class MeanWait(MeanDays):
    """Mean wait."""

    id = "waiters.wait"
    unit = cq.units.SECONDS
    outcomes = cq.outcomes(waited=cq.YES)

    def contribute(self, waiters: Any, _as_of: cq.AsOf, /) -> cq.Contribution:
        """Return the wait."""
        outcome = self.outcomes.pick(waited=np.ones(len(waiters), bool))
        return cq.Contribution(on=waiters.came_on, outcome=outcome, amount=waiters.wait)


def test_amounts_too_great_to_add_up_are_one_answer_whatever_the_blocks(folder: Path) -> None:
    lines = [f"{who},2010-03-01,,{wait}" for who, wait in enumerate(["4611686018426 s"] * 3 + ["10 s"])]
    told = []
    for blocks in (1, 4):
        for old in folder.glob("w-*.csv"):
            old.unlink()
        for part in range(blocks):
            own = lines[part::blocks]
            Path(f"w-{part}.csv").write_text("\n".join(["who,came_on,served_on,wait", *own]) + "\n", encoding="utf-8")
        [figure] = cq.measure(MeanWait, "w-*.csv", as_of="2011-01-01", period="2010")
        told.append((figure.value, dict(figure.doubt), dict(figure.outcomes)))
    assert told[0] == told[1]


def certain(row: Row) -> bool:
    """Return whether no record in doubt can move the figure, or there is none."""
    return bool(row["low"] == row["high"])


def said(row: Row) -> str:
    """Return what plain data says of the two ends."""
    if row["low"] == "none":
        return "none"
    lacking = " and ".join(name for name, end in (("lower", row["low"]), ("upper", row["high"])) if end == "no limit")
    return f"no {lacking} limit" if lacking else "exact"


def shown(row: Row, lang: str) -> str:
    """Return the interval as people read it; nothing of a figure that is certain."""
    if certain(row):
        return ""
    unit = metric_of(row).unit
    low, high = (None if row[end] == "no limit" else number(Fraction(row[end]), lang, unit.decimals) for end in ENDS)
    word = unit.da if lang == "da" else unit.en
    if high is None:
        beyond = "eller mere, ingen øvre grænse" if lang == "da" else "or more, no upper limit"
        return f"{low} {word} {beyond}"
    return f"mellem {low} og {high} {word}" if lang == "da" else f"between {low} and {high} {word}"


ENDS = ("low", "high")


def csv_ends(text: str, place: int) -> list[str]:
    """Return the two ends of a figure in CSV."""
    line = list(csv.DictReader(io.StringIO(text)))[place]
    return [line.get(f"Can become, {end}", "") for end in ("lowest", "highest")]


def test_the_page_reprints_the_table() -> None:
    path = ROOT / "docs/pages/explanation/doubt.md"
    assert path.read_text(encoding="utf-8") == PAGE["page"](), "python docs/doubt_page.py > " + str(path.name)
