"""Every output says at its head that it is for internal use, or under which policy it is, and then no small count."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

pytest.importorskip("scipy")
pytest.importorskip("jinja2")
pytest.importorskip("openpyxl")

import openpyxl

import casequality as cq
from casequality.desk import Policy, SideBySide, publish
from casequality.errors import InputError, UsageError
from casequality.evidence.disclosure import INTERNAL, Ledger
from casequality.goals import parse_goals

POLICY = Policy(threshold=5)
SMALL = 3
"""So many letters of the north were late, of 41; the others have no small count."""
FIGURES = {"north": (38, 41), "south": (31, 47), "west": (53, 72)}
"""In time and all, by office: numbers that stand nowhere else."""


class Letter(cq.Records, name="letters"):
    """One letter; invented."""

    letter = cq.key()
    received_on = cq.day()
    late = cq.code("yes", "no")
    office = cq.code()


@attrs.frozen
class InTime(cq.Metric):
    """Share of letters answered in time."""

    id = "everywhere.in-time"
    title = {"en": "In time", "da": "Til tiden"}
    records = Letter
    outcomes = cq.outcomes(in_time=cq.YES, late=cq.NO)

    def contribute(self, letters: Letter, as_of: cq.AsOf, /) -> cq.Contribution:
        return cq.Contribution(on=letters.received_on, outcome=self.outcomes.pick(in_time=letters.late == "no"))


def letters(office: str) -> list[dict[str, Any]]:
    good, every = FIGURES[office]
    return [
        {
            "letter": f"{office} {number}",
            "received_on": f"2010-0{1 + number % 6}-05",
            "late": "no" if number < good else "yes",
            "office": office,
        }
        for number in range(every)
    ]


ALL = [each for office in FIGURES for each in letters(office)]
GOALS = parse_goals(
    'id = "everywhere"\n[[goal]]\nid = "in-time"\ntitle = { en = "In time", da = "Til tiden" }\n'
    'metric = "everywhere.in-time"\nsource = "letters"\ntarget = "at least 50 %"\neach = "office"\naggregate = "each"\n'
)
AS_OF = "2010-09-01"
RESULT = cq.measure(InTime, ALL, as_of=AS_OF, by="office", period="2010-H1")
ASSESSED = cq.assess(GOALS, {"letters": ALL}, period="2010-H1", as_of=AS_OF, metrics=[InTime])


def side_by_side(**more: Any) -> SideBySide:
    handed_in = {office: cq.tally([InTime], letters(office), as_of=AS_OF) for office in FIGURES}
    common = attrs.evolve(GOALS, goals=tuple(attrs.evolve(each, each=(), aggregate="pooled") for each in GOALS.goals))
    return cq.side_by_side({**handed_in, **more}, common, period="2010-H1", by="office", metrics=[InTime])


BESIDE = side_by_side()


def written(save: Callable[[Path], object], path: Path) -> str:
    """Return what a file says: the text of it, or of every cell of a workbook with its header."""
    save(path)
    if path.suffix != ".xlsx":
        return path.read_text("utf-8-sig")
    book = openpyxl.load_workbook(path)
    said = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]
    return "\n".join([*(str(sheet.oddHeader.center.text) for sheet in book if sheet.oddHeader), *said])


def notebook(shown: Any) -> str:
    bundle = shown._repr_mimebundle_()
    return "\n".join(text for kind, text in bundle.items() if kind != "text/plain")


def saved(what: Any, form: str, folder: Path, policy: Policy | bool | None) -> str:
    return written(lambda path: what.save(path, "en", publish=policy), folder / f"a{form}")


ENDINGS = (".csv", ".xlsx", ".json", ".html", ".md")
DRAWING = "a result as a drawing"
FORMS: Mapping[str, Callable[[Path, Policy | bool | None], str]] = {
    **{f"a result as {form}": partial(saved, RESULT, form) for form in ENDINGS},
    **{f"a report as {form}": partial(saved, ASSESSED, form) for form in ENDINGS},
    "a result as plain data": lambda _, policy: json.dumps(RESULT.to_dict(publish=policy)),
    "a result in a notebook": lambda _, policy: notebook(publish(RESULT, policy) if policy else RESULT),
    DRAWING: lambda _, policy: RESULT.plot("en", publish=policy)._repr_svg_(),
    "a result to Excel": lambda folder, policy: written(
        lambda path: RESULT.to_excel(path, "en", publish=policy), folder / "a.xlsx"
    ),
    "a table of a result": lambda _, policy: RESULT.table("en", publish=policy).html(),
    "an assessment as plain data": lambda _, policy: json.dumps(ASSESSED.to_dict(publish=policy)),
    "an assessment in a notebook": lambda _, policy: notebook(publish(ASSESSED, policy) if policy else ASSESSED),
    "a table of an assessment": lambda _, policy: ASSESSED.table("en", publish=policy).csv(),
    "side by side in a notebook": lambda _, policy: notebook(publish(BESIDE, policy) if policy else BESIDE),
    "side by side as a table": lambda _, policy: BESIDE.table("en", publish=policy).csv(),
    "side by side as a page": lambda _, policy: BESIDE.page("en", publish=policy),
    "side by side as plain data": lambda _, policy: json.dumps(BESIDE.to_dict(publish=policy)),
}


TELLING = ("92.7", "92.6", "0.926")
"""38 of 41 are 92.68 %."""


@pytest.mark.parametrize("form", FORMS)
def test_without_a_policy_it_says_that_it_is_for_internal_use(form: str, tmp_path: Path) -> None:
    assert INTERNAL.en in FORMS[form](tmp_path, None)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("policy", [POLICY, True], ids=["a policy", "the usual one"])
def test_under_a_policy_it_says_that_and_tells_nothing_of_what_is_small(
    form: str, policy: Policy | bool, tmp_path: Path
) -> None:
    text = FORMS[form](tmp_path, policy)
    assert INTERNAL.en not in text
    assert "counts under 5 are withheld" in text or '"threshold": 5' in text
    for told in (*TELLING, '"numerator": 38', '"denominator": 41', "\n38\n", ",38,", ">38<"):
        assert told not in text, told
    if form != DRAWING:
        assert "withheld" in text.replace("counts under 5 are withheld", "")


def test_without_a_policy_the_same_forms_tell_it(tmp_path: Path) -> None:
    """Else the scan above would find nothing wherever it looks."""
    silent = {form for form, made in FORMS.items() if not any(each in made(tmp_path, None) for each in TELLING)}
    # a goal that is judged for each office is shown by its worst one, and the drawing has points
    shown_by_the_worst = {"an assessment in a notebook", "a table of an assessment", "a report as .csv"}
    assert silent <= {*shown_by_the_worst, *(f"a report as {form}" for form in (".xlsx", ".html", ".md")), DRAWING}
    assert len(silent) < len(FORMS) / 2


def test_a_frame_has_a_state_and_no_count() -> None:
    pytest.importorskip("pandas")
    frame = RESULT.to_frame(publish=True).set_index("office")
    assert frame.state["north"] == "withheld"
    assert set(frame[frame.state == "withheld"].numerator.isna()) == {True}
    assert {*RESULT.to_frame("pyarrow", publish=True).column_names} == {*frame.reset_index().columns}


def test_administrations_side_by_side_hide_one_more_beside_their_total() -> None:
    """3 late of 41 beside 16 and 19 late, and 38 late of all: one more office goes, or the total."""
    told = BESIDE.published(POLICY).to_dict()["goals"][0]
    states = {row["who"]: row["state"] for row in (*told["each"], told["together"])}
    assert states["north"] == "withheld"
    assert list(states.values()).count("withheld") >= 2
    shown = {row["who"]: (row["numerator"], row["denominator"]) for row in told["each"] if row["state"] == "shown"}
    assert all(counts == FIGURES[who] for who, counts in shown.items())
    # a verdict goes with its figure
    assert all(
        (row["verdict"] == "withheld") == (row["state"] == "withheld") for row in (*told["each"], told["together"])
    )


def test_what_is_counted_in_another_way_is_withheld() -> None:
    otherwise = {"south": {"not_delivered": "the system was replaced"}}
    lacking = side_by_side(**otherwise).published(POLICY).to_dict()["goals"][0]
    assert [row["state"] for row in lacking["each"]] == ["withheld", "no cases", "shown"]
    other = cq.tally([InTime], letters("south"), as_of=AS_OF, zone="UTC")
    differing = side_by_side(south=other).published(POLICY).to_dict()["goals"][0]
    assert {row["state"] for row in differing["each"]} == {"withheld"}
    assert {row["value"] for row in (*differing["each"], differing["together"])} == {None}


def test_figures_side_by_side_are_an_edition_of_the_ledger(tmp_path: Path) -> None:
    policy = attrs.evolve(POLICY, ledger=tmp_path / "ledger")
    BESIDE.published(policy).save(tmp_path / "beside.csv", "en")
    [edition] = Ledger.load(tmp_path / "ledger").editions
    assert {dict(each.groups).get("office") for each in edition.withheld} >= {"north"}
    rows = list(csv.reader(io.StringIO((tmp_path / "beside.csv").read_text("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == [*FIGURES, "all together"]


def test_what_is_no_policy_and_a_form_that_is_not_known_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs a policy"):
        RESULT.table(publish="yes")  # type: ignore[arg-type]
    for publish_it in (None, POLICY):
        with pytest.raises(UsageError, match="not written in that form"):
            RESULT.save(tmp_path / "a.docx", publish=publish_it)
    assert not list(tmp_path.iterdir())


def test_goals_of_two_moments_are_not_published_together() -> None:
    later = parse_goals(
        'id = "two"\n'
        + "".join(
            f'[[goal]]\nid = "{name}"\nmetric = "everywhere.in-time"\nsource = "{name}"\ntarget = "at least 50 %"\n'
            for name in ("one", "other")
        )
    )
    found = cq.side_by_side(
        {"north": cq.tally([InTime], letters("north"), as_of=AS_OF)},
        later,
        period="2010-H1",
        by="office",
        metrics=[InTime],
    )
    first, second = found.compared
    moved = attrs.evolve(second, tally=cq.tally([InTime], letters("north"), as_of="2010-10-01").parts[InTime.id])
    with pytest.raises(InputError, match="of different moments"):
        publish(attrs.evolve(found, compared=(first, moved)), POLICY)
