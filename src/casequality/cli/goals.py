"""`casequality goals`: goal files, checked and listed."""

from __future__ import annotations

from typing import Annotated

import typer

from casequality.cli.words import Format, FormatOption, Lang, LangOption, print_table, print_text, tell
from casequality.desk import load_goals
from casequality.desk.offered import catalogue, find_metric
from casequality.errors import GoalError, SeveralErrors, raise_together
from casequality.goals import check_goals
from casequality.goals.gaps import told
from casequality.reports.tables import Table
from casequality.reports.vocabulary import AIMS
from casequality.reports.words import say

app: typer.Typer = typer.Typer(help="Goal files: check and list them.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(help="A goal file, or the name of a shipped goal set.")]

ONE_JUDGED = {"en": "{name}: 1 goal can be judged", "da": "{name}: 1 mål kan bedømmes"}
JUDGED = {"en": "{name}: {count} goals can be judged", "da": "{name}: {count} mål kan bedømmes"}
HEADERS = {
    "en": ("Goal", "Metric", "Target", "Aim", "Focus area"),
    "da": ("Mål", "Måling", "Måltal", "Sigte", "Fokusområde"),
}


@app.command("check")
def check(name: NameArgument, lang: LangOption = Lang.EN) -> None:
    """Say whether every goal of a file says enough to be judged; list all that is missing."""
    try:
        count = _checked(name)
    except (GoalError, SeveralErrors) as fault:
        if lang is Lang.EN:
            raise
        tell(told(fault, lang.value))
        raise typer.Exit(fault.exit_code) from None
    print_text((ONE_JUDGED if count == 1 else JUDGED)[lang.value].format(name=name, count=count))


def _checked(name: str) -> int:
    """Return how many goals of a file can be judged; raise all that is missing."""
    found = catalogue()
    goals = load_goals(name, plugins=found)
    faults = check_goals([goals], lambda metric: find_metric(metric, found))
    raise_together(f"{name}: goals that do not say enough", faults)
    return len(goals.goals)


@app.command("list")
def listed(name: NameArgument, form: FormatOption = Format.TEXT, lang: LangOption = Lang.DA) -> None:
    """List the goals of a file, and those that its source names and that cannot be judged."""
    goals = load_goals(name)
    rows = tuple(
        (
            goal.id,
            goal.metric,
            goal.target.words()[lang.value] if goal.target else say("no target", lang.value),
            AIMS[goal.aim][lang.value] if goal.aim else "",
            goal.focus_area or "",
        )
        for goal in goals.goals
    )
    notes = tuple(f"{each.who}: {each.what} ({each.verdict.words[lang.value]})" for each in goals.not_supplied)
    caption = goals.title[lang.value] if goals.title else goals.id
    print_table(Table(caption=caption, headers=HEADERS[lang.value], rows=rows, notes=notes, lang=lang.value), form)
