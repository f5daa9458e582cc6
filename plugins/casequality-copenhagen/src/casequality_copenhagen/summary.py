"""The page on Copenhagen's goals, units and reports: `python -m casequality_copenhagen.summary` prints it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator

import casequality as cq
from casequality_copenhagen import GOAL_SETS
from casequality_copenhagen.organisation import Organisation, organisation, reports

TITLE = """# Copenhagen's goals

<!-- Written by `python -m casequality_copenhagen.summary`; change the files of casequality-copenhagen instead. -->

What comes with `casequality-copenhagen`: the goals that the documents of 2006 to 2018 state, the units that they name,
and who is to get which figure. What a document leaves out is "not in the source". How each open word is read, and why,
stands in the goal files and in every report.
"""
SHOWN_ON = dt.date(2010, 7, 1)


def summary() -> str:
    """Return the page."""
    return "\n".join([TITLE, *_goals(), *_units(organisation()), *_calendar()]) + "\n"


def _goals() -> Iterator[str]:
    for name in GOAL_SETS:
        goals = cq.load_goals(name)
        assert goals.title
        assert goals.basis
        yield f"## `{name}`\n\n{goals.title.en} (*{goals.title.da}*). Adopted: {goals.basis.adopted}.\n"
        yield from _head("Goal", "Target", "Metric", "Aim", "Focus area", "Standing", "Owner", "Report", "Open")
        for goal in goals.goals:
            assert goal.title
            assert goal.basis
            assert goal.report
            cells = [
                f"{goal.title.en}<br>`{goal.id}`",
                str(goal.target or "baseline"),
                f"`{goal.metric}`",
                goal.aim or "",
                goal.focus_area or "each administration's own",
                goal.standing or "",
                goal.owner or "",
                f"{goal.report.to}, {goal.report.every}",
                _question(goal.basis),
            ]
            yield f"| {' | '.join(cells)} |"
        yield ""
        yield from (f"- {each.who}: {each.what} ({each.verdict})" for each in goals.not_supplied)
        yield ""


def _question(basis: cq.Citation) -> str:
    said: str | dict[str, str] = basis.to_dict().get("question", "")
    return said if isinstance(said, str) else said["en"]


def _units(known: Organisation) -> Iterator[str]:
    yield f"## Units\n\nAs they stood on {SHOWN_ON}; a goal file names a change below as a break in its series.\n"
    heads = [unit.name for unit in known.units if unit.under is None]
    for head in heads:
        yield from _branch(known, head, 0)
    yield ""
    yield from _head("Change", "On", "What", "Source")
    for each in known.changes:
        source = known.sources[each.source]
        yield f"| `{each.id}` | {each.on} | {each.note['en']} | {_cited(source)}, {each.section} |"
    yield ""


def _branch(known: Organisation, name: str, depth: int) -> Iterator[str]:
    [unit] = [unit for unit in known.units if unit.name == name]
    days = [f"from {unit.since}"] if unit.since else []
    about = "; ".join([*days, *([unit.note] if unit.note else [])])
    yield f"{'    ' * depth}- {name}" + (f" ({about})" if about else "")
    for each in known.units:
        if each.under == name and each.holds(SHOWN_ON):
            yield from _branch(known, each.name, depth + 1)


def _calendar() -> Iterator[str]:
    yield "## Reports\n\nWhich figure is due to whom, and when.\n"
    yield from _head("What", "To", "How often", "First", "Figures", "Source")
    for each in reports():
        months = ", ".join(f"{dt.date(2010, month, 1):%B}" for month in each.months)
        often = f"{each.every}, in {months}" if months else each.every
        often += "".join(f"; that of {month} on {covered}" for month, covered in each.covers.items())
        figures = ", ".join(f"`{name}`" for name in (*each.goals, *each.figures))
        cells = [
            each.what["en"],
            ", ".join(each.to),
            often,
            each.first or "not in the source",
            figures,
            _cited(each.source),
        ]
        yield f"| {' | '.join(cells)} |"


def _head(*columns: str) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"| {' | '.join('---' for _ in columns)} |"


def _cited(source: object) -> str:
    assert isinstance(source, dict)
    return ", ".join(source[key] for key in ("title", "document", "section") if key in source)


if __name__ == "__main__":
    sys.stdout.write(summary())
