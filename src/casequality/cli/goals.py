"""`casequality goals`: goal files checked and listed, and what a careful reader asks of one goal of a project."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from casequality.cli.words import (
    PERIODS,
    AsOfOption,
    EngineOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    MasterOption,
    QuietOption,
    ThreadsOption,
    group,
    known_period,
    pairs,
    print_json,
    print_table,
    print_text,
    progress,
    tell_written,
    write_bytes,
    write_whole,
)
from casequality.desk import (
    PublishedSideBySide,
    catalogue,
    find_metric,
    goal_comparison,
    goal_funnel,
    goal_signals,
    load_goals,
    project_goal,
    project_policy,
    project_readings,
    project_restatement,
    side_by_side,
)
from casequality.errors import Words, raise_together
from casequality.goals import STANDINGS, check_goals
from casequality.reports import (
    AIMS,
    Table,
    absent_word,
    moved_cases,
    say,
    scrutiny_tables,
)

app: typer.Typer = group("Goal files: check and list them, and look closer at one goal.")
NameArgument = Annotated[str, typer.Argument(help="A goal file, or the name of a shipped goal set.")]

ONE_JUDGED = {"en": "{name}: 1 goal can be judged", "da": "{name}: 1 mål kan bedømmes"}
JUDGED = {"en": "{name}: {count} goals can be judged", "da": "{name}: {count} mål kan bedømmes"}
HEADERS = {
    "en": ("Goal", "Metric", "Target", "Aim", "Focus area", "Standing"),
    "da": ("Mål", "Måling", "Måltal", "Sigte", "Fokusområde", "Status"),
}


@app.command("check")
def check(name: NameArgument, lang: LangOption = Lang.EN) -> None:
    """Say whether every goal of a file says enough to be judged; list all that is missing."""
    count = _checked(name)
    print_text((ONE_JUDGED if count == 1 else JUDGED)[lang.value].format(name=name, count=count))


def _checked(name: str) -> int:
    """Return how many goals of a file can be judged; raise all that is missing."""
    found = catalogue()
    goals = load_goals(name, plugins=found)
    faults = check_goals([goals], lambda metric: find_metric(metric, found))
    raise_together(Words(f"{name}: goals that do not say enough", f"{name}: mål, der ikke siger nok"), faults)
    return len(goals.goals)


@app.command("list")
def listed(name: NameArgument, form: FormatOption = Format.TEXT, lang: LangOption = Lang.DA) -> None:
    """List the goals of a file, those that its source names and that cannot be judged, and those that it ends."""
    goals = load_goals(name)
    rows = tuple(
        (
            goal.id,
            goal.metric,
            goal.target.words()[lang.value] if goal.target else say("no target", lang.value),
            AIMS[goal.aim][lang.value] if goal.aim else "",
            goal.focus_area or "",
            STANDINGS[goal.standing][lang.value] if goal.standing else "",
        )
        for goal in goals.goals
    )
    notes = tuple(f"{each.who}: {each.what} ({absent_word(each, lang.value)})" for each in goals.not_supplied)
    notes += tuple(f"{each.who}: {each.what} ({STANDINGS['dropped'][lang.value]})" for each in goals.dropped)
    caption = goals.title[lang.value] if goals.title else goals.id
    print_table(Table(caption=caption, headers=HEADERS[lang.value], rows=rows, notes=notes, lang=lang.value), form)


ProjectArgument = Annotated[Path, typer.Argument(help="The project file, casequality.toml.")]
GoalArgument = Annotated[str, typer.Argument(help="The goal's id.")]
PeriodOption = Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)]


@app.command("readings")
def readings(
    project: ProjectArgument,
    goal: GoalArgument,
    period: PeriodOption,
    as_of: AsOfOption,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
    engine: EngineOption = None,
    master: MasterOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Judge one goal of a project under every admissible reading of its words."""
    with progress(quiet) as shown:
        found = project_readings(
            project, goal, period=period, as_of=as_of, engine=engine, master=master, threads=threads, progress=shown
        )
    if form is Format.JSON:
        print_json(found.to_dict())
    else:
        print_table(found.table(lang.value), form)


def _show(found: Any, form: Format, lang: Lang) -> None:
    """Print a finding's tables; as CSV the first, since two are no table."""
    if form is Format.JSON:
        print_json(found.to_dict())
        return
    first, *others = scrutiny_tables(found, lang.value)
    for table in [first] if form is Format.CSV else [first, *others]:
        print_table(table, form)


@app.command("signals")
def signals(
    project: ProjectArgument,
    goal: GoalArgument,
    period: PeriodOption,
    as_of: AsOfOption,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
    quiet: QuietOption = False,
) -> None:
    """Look for patterns in how a goal's cases are handled that make a figure look better than the handling."""
    with progress(quiet) as shown:
        found = goal_signals(project_goal(project, goal, as_of=as_of), period, progress=shown)
    _show(found, form, lang)


@app.command("funnel")
def funnel(
    project: ProjectArgument,
    goal: GoalArgument,
    period: PeriodOption,
    as_of: AsOfOption,
    by: Annotated[
        str, typer.Option("--by", help="The code that names the units; else what the project says of its source.")
    ] = "",
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
    quiet: QuietOption = False,
) -> None:
    """Set the units of a goal side by side, with limits for the size of each and never ranked."""
    with progress(quiet) as shown:
        job = project_goal(project, goal, as_of=as_of)
        found = goal_funnel(job, period, by, progress=shown)
    _show(found, form, lang)


@app.command("compare")
def compare(
    project: ProjectArgument,
    goal: GoalArgument,
    period: PeriodOption,
    as_of: AsOfOption,
    method: Annotated[str, typer.Option("--method", help="The code that says in which way a case was handled.")] = "",
    way: Annotated[
        list[str] | None, typer.Option("--way", help="One of the two ways, a label of it; given twice.")
    ] = None,
    within: Annotated[int, typer.Option("--within", help="Over how many days after its receipt a case is seen.")] = 0,
    kind: Annotated[str, typer.Option("--kind", help="The code of the case types whose mix is held alike.")] = "",
    by_lot: Annotated[bool, typer.Option("--by-lot", help="A lot was drawn of which case got which way.")] = False,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
    quiet: QuietOption = False,
) -> None:
    """Set two ways of handling a goal's cases side by side, at the same mix of case types and with open cases."""
    told = {"method": method, "ways": tuple(way or ()), "within": within, "kind": kind, "by_lot": by_lot}
    with progress(quiet) as shown:
        job = project_goal(project, goal, as_of=as_of)
        found = goal_comparison(job, period, progress=shown, **told)
    _show(found, form, lang)


@app.command("restatement")
def restated(
    before: Annotated[Path, typer.Argument(help="The project file as it was published, with its extract.")],
    after: Annotated[Path, typer.Argument(help="The project file of today; the same one where only time has passed.")],
    goal: GoalArgument,
    period: PeriodOption,
    published_as_of: Annotated[
        str, typer.Option("--published-as-of", help="What was known when it was published, as for --as-of.")
    ],
    as_of: AsOfOption,
    cases: Annotated[
        Path | None, typer.Option("--cases", help="Write the keys of the cases that moved to this CSV file.")
    ] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
) -> None:
    """Say why a goal's published figure is another one today: what each cause moved, exactly."""
    found = project_restatement(before, after, goal, period=period, published_as_of=published_as_of, as_of=as_of)
    if cases is not None:
        write_whole({cases: partial(write_bytes, moved_cases(found, lang.value).csv().encode("utf-8-sig"))})
    _show(found, form, lang)
    if cases is not None:
        tell_written(cases, lang)


Several = list[str]


@app.command("side-by-side")
def beside(
    name: NameArgument,
    period: Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)],
    tally: Annotated[
        Several, typer.Option("--tally", help="What an administration hands in: NAME=FILE; may be repeated.")
    ] = [],  # noqa: B006 -- typer copies it
    own_goals: Annotated[
        Several, typer.Option("--own-goals", help="Its goal file, where it measures in a way of its own: NAME=FILE.")
    ] = [],  # noqa: B006
    not_delivered: Annotated[
        Several, typer.Option("--not-delivered", help="Why another hands in nothing: NAME=the reason.")
    ] = [],  # noqa: B006
    general_work: Annotated[
        Several, typer.Option("--general-work", help="What it tells of its work on quality in general: NAME=text.")
    ] = [],  # noqa: B006
    by: Annotated[str, typer.Option("--by", help="The field that tells the administrations apart.")] = "administration",
    out: Annotated[Path | None, typer.Option("--out", help="Write the contributions as one HTML page.")] = None,
    publish: Annotated[
        Path | None,
        typer.Option("--publish", help="Give what may be published under the [publish] of this TOML file."),
    ] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
) -> None:
    """Show what several administrations handed in for common goals, side by side and never ranked."""
    policy = None if publish is None else project_policy(publish)
    handed_in = _handed_in(tally, own_goals, not_delivered, general_work)
    compared = side_by_side(handed_in, name, period=period, by=by)
    found = compared if policy is None else compared.published(policy)
    page = found.page(lang.value) if out is not None or form is Format.HTML else ""
    if isinstance(found, PublishedSideBySide):
        found.record()  # what the ledger does not have is not published
    if out is not None:
        write_whole({out: partial(write_bytes, page.encode())})
    if form is Format.JSON:
        print_json(found.to_dict())
    elif form is Format.HTML:
        print_text(page)
    else:
        print_table(found.table(lang.value), form)
    if out is not None:
        tell_written(out, lang)


def _handed_in(tally: Several, own_goals: Several, not_delivered: Several, general_work: Several) -> dict[str, Any]:
    """Return what each administration hands in, by its name."""
    handed_in: dict[str, Any] = {}
    for word in tally:
        for who, path in pairs([word], "--tally").items():
            handed_in.setdefault(who, {"tallies": []})["tallies"].append(path)
    for key, words in (("goals", own_goals), ("general_work", general_work)):
        for who, said in pairs(words, f"--{key}").items():
            handed_in.setdefault(who, {})[key] = said
    for who, why in pairs(not_delivered, "--not-delivered").items():
        handed_in[who] = {**handed_in.get(who, {}), "not_delivered": why}
    return handed_in
