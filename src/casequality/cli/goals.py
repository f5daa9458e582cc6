"""`casequality goals`: goal files, checked and listed."""

from __future__ import annotations

from typing import Annotated

import typer

from casequality.cli.words import Format, FormatOption, Lang, LangOption, print_table, print_text
from casequality.desk import load_goals
from casequality.desk.offered import catalogue, find_metric
from casequality.errors import CaseQualityError, raise_together
from casequality.goals import check_goal
from casequality.reports.tables import Table

app = typer.Typer(help="Goal files: check and list them.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(help="A goal file, or the name of a shipped goal set.")]


@app.command("check")
def check(name: NameArgument) -> None:
    """Say whether every goal of a file says enough to be judged; list all that is missing."""
    found = catalogue()
    goals = load_goals(name, plugins=found)
    faults: list[CaseQualityError] = []
    for goal in goals.goals:
        try:
            faults += check_goal(goal, find_metric(goal.metric, found))
        except CaseQualityError as fault:
            faults.append(fault)
    raise_together(f"{name}: goals that do not say enough", faults)
    print_text(f"{name}: {len(goals.goals)} goals can be judged")


@app.command("list")
def listed(name: NameArgument, form: FormatOption = Format.TEXT, lang: LangOption = Lang.DA) -> None:
    """List the goals of a file, and those that its source names without stating them."""
    goals = load_goals(name)
    rows = tuple(
        (goal.id, goal.metric, "" if goal.target is None else str(goal.target), goal.aim or "", goal.focus_area or "")
        for goal in goals.goals
    )
    headers = {"en": ("Goal", "Metric", "Target", "Aim", "Focus area"), "da": ("Mål", "Måling", "Måltal", "Sigte", "Fokusområde")}
    missing = tuple(f"{each.who}: {each.what}" for each in goals.not_supplied)
    print_table(Table(caption=goals.id, headers=headers[lang.value], rows=rows, notes=missing, lang=lang.value), form)
