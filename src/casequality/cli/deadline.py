"""`casequality deadline`: when something received on a day is due, and why."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from casequality.cli.words import Format, FormatOption, Lang, LangOption, print_text
from casequality.deadlines import Deadline, Schedule
from casequality.deadlines import deadline as deadline_named
from casequality.errors import UnknownName, UsageError


def deadline(
    rule: Annotated[str, typer.Argument(help="The deadline's id, such as copenhagen/reply-guarantee.")],
    received: Annotated[str, typer.Argument(help="The day of receipt, or a time with its offset.")],
    explain: Annotated[
        bool, typer.Option("--explain", help="Show every day from receipt to due date, and why.")
    ] = False,
    calendar: Annotated[str | None, typer.Option("--calendar", help="Count working days on this calendar.")] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Say when something received on a day is due."""
    ledger = _named(rule).explain(received, lang=lang.value, calendar=calendar)
    if form is Format.JSON:
        print_text(ledger.to_json())
    elif form is Format.HTML:
        print_text(ledger.to_html())
    elif form is not Format.TEXT:
        raise UsageError(
            "A due date is not given in that form",
            where="--format",
            got=form.value,
            allowed="text, json or html",
            remedy="leave --format out, or ask for html to read and json to keep",
        )
    elif explain:
        print_text(str(ledger))
    else:
        print_text(ledger.due.isoformat())


def _named(rule: str) -> Deadline:
    """Return a shipped deadline, or else one of a plugin, which may not take a shipped one's id."""
    with suppress(UnknownName):
        return deadline_named(rule)
    from casequality.desk import catalogue, rules  # only now are plugins loaded, which takes longer than the answer

    known = rules(catalogue())
    if isinstance(known.get(rule), Schedule):
        raise UsageError(
            "A schedule has a deadline for each type of case",
            got=rule,
            remedy="measure with a metric that knows the type",
        )
    return deadline_named(rule, {id: each for id, each in known.items() if isinstance(each, Deadline)})
