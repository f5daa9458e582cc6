"""`casequality store`: deliveries of tallies put, replaced and withdrawn, what is held, and figures from it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from casequality.cli.words import (
    PERIODS,
    AsOfOption,
    EngineOption,
    Format,
    FormatOption,
    KeepOption,
    Lang,
    LangOption,
    MasterOption,
    QuietOption,
    ThreadsOption,
    group,
    known_period,
    known_periods,
    pairs,
    print_json,
    print_table,
    print_text,
    progress,
    tell,
)
from casequality.desk import Entry, deliver_project, goal_history, load_tally, open_store, read_moment
from casequality.desk import store as store_at_desk
from casequality.errors import UnknownName
from casequality.files import read_bytes
from casequality.reports import Table, history_table


class Grain(StrEnum):
    """Into which parts a period is divided."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


app: typer.Typer = group("A store of tallies: deliveries, and figures from them.")
HEADERS = {
    "en": ("Entry", "When (UTC)", "What", "Whose", "Period", "Extract", "Records", "Small cells", "Why"),
    "da": ("Nr.", "Hvornår (UTC)", "Hvad", "Hvis", "Periode", "Udtræk", "Registreringer", "Små celler", "Hvorfor"),
}
KINDS = {
    "put": "lagt ind",
    "replaced": "erstattet",
    "withdrawn": "trukket tilbage",
    "released": "offentliggjort",
}
CAPTIONS = {"held": ("What is held", "Det, der ligger"), "log": ("The log", "Loggen")}

tallies: typer.Typer = group("Saved tallies: what is in one.")
ASSUMED = {
    "en": ("Metric", "Result version", "As of", "Zone", "Calendar", "Told apart by"),
    "da": ("Måling", "Resultatversion", "Opgjort pr.", "Zone", "Kalender", "Delt på"),
}
COUNTED = {"en": ("Groups", "Cells", "Rows read", "Set aside"), "da": ("Grupper", "Celler", "Læst", "Sat til side")}
TALLY_CAPTIONS = {"en": "What the tally holds", "da": "Det, optællingen indeholder"}

StoreArgument = Annotated[str, typer.Argument(help="The store: a folder, or s3://bucket/folder.")]
WhoOption = Annotated[str, typer.Option("--who", help="Whose records it holds, such as a municipality's code.")]
PeriodOption = Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)]
ExtractOption = Annotated[str, typer.Option("--extract", help="Which extract the records come from, such as its date.")]
SourceOption = Annotated[Path | None, typer.Option("--source", help="The file that was counted; its digest is kept.")]
NoteOption = Annotated[str, typer.Option("--note", help="Why.")]
AtOption = Annotated[
    str | None, typer.Option("--at", help="As it was known then: a day (its end in UTC), or the number of an entry.")
]
ProjectArgument = Annotated[Path, typer.Argument(help="The project file, casequality.toml.")]
TallyArgument = Annotated[Path, typer.Argument(help="A saved tally.")]


@app.command("put")
def put(
    folder: StoreArgument,
    tally: TallyArgument,
    who: WhoOption,
    period: PeriodOption,
    extract: ExtractOption,
    source: SourceOption = None,
) -> None:
    """Take in one delivery; the same one given again is not taken twice."""
    _tell_written(store_at_desk(folder).put(load_tally(tally), who=who, period=period, extract=extract, source=source))


@app.command("replace")
def replace(
    folder: StoreArgument,
    tally: TallyArgument,
    who: WhoOption,
    period: PeriodOption,
    extract: ExtractOption,
    note: NoteOption,
    source: SourceOption = None,
) -> None:
    """Put a delivery in the place of the one for the same period, whole."""
    _tell_written(
        open_store(folder).replace(load_tally(tally), who=who, period=period, extract=extract, source=source, note=note)
    )


@app.command("withdraw")
def withdraw(
    folder: StoreArgument,
    who: WhoOption,
    period: PeriodOption,
    note: NoteOption,
    of: Annotated[
        str, typer.Option("--of", help="Of which metric, or of which source of goals, where there are several.")
    ] = "",
) -> None:
    """Take a delivery out; what was known before stays known."""
    _tell_written(open_store(folder).withdraw(who=who, period=period, note=note, of=of))


@app.command("deliver")
def deliver(
    folder: StoreArgument,
    project: ProjectArgument,
    who: WhoOption,
    period: PeriodOption,
    extract: ExtractOption,
    as_of: AsOfOption,
    note: Annotated[str, typer.Option("--note", help="Replace what is held, and say why.")] = "",
    judged: Annotated[
        str | None, typer.Option("--judged", callback=known_period, help="A period asked for later, within months.")
    ] = None,
    engine: EngineOption = None,
    master: MasterOption = None,
    keep: KeepOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Count a project's sources as its goals need them, and put them in, a delivery a source."""
    with progress(quiet) as shown:
        entries = deliver_project(
            project,
            store_at_desk(folder),
            who=who,
            period=period,
            extract=extract,
            as_of=as_of,
            note=note,
            judged=judged,
            engine=engine,
            master=master,
            keep=keep,
            threads=threads,
            progress=shown,
        )
    for entry in entries:
        _tell_written(entry)


@app.command("release")
def release(
    folder: StoreArgument,
    note: NoteOption,
    file: Annotated[Path | None, typer.Option("--file", help="What was published; its digest is kept.")] = None,
) -> None:
    """Note that something was published of what is held now."""
    _tell_written(open_store(folder).release(note, read_bytes(file, "released file") if file else b""))


@app.command("history")
def history(
    folder: StoreArgument,
    project: ProjectArgument,
    goal: Annotated[str, typer.Argument(help="The goal's id.")],
    period: PeriodOption,
    by: Annotated[Grain | None, typer.Option("--by", help="Its parts too: month, quarter, half-year or year.")] = None,
    at: Annotated[
        list[str] | None,
        typer.Option("--at", help="As it was known then: a day, or the number of an entry; may be given again."),
    ] = None,
    who: Annotated[list[str] | None, typer.Option("--who", help="Only theirs; may be given again.")] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Print a goal as it was known at each release and now, or at other moments, and what changed between them."""
    moments = [found for each in at or () if (found := read_moment(each, "--at")) is not None]
    editions = goal_history(
        project, goal, folder, period=period, by=by.value if by else None, at=moments, who=who or ()
    )
    if form is Format.JSON:
        print_json([each.to_dict() for each in editions])
    else:
        print_table(history_table(editions, lang.value), form)


@app.command("list")
def listed(
    folder: StoreArgument, at: AtOption = None, form: FormatOption = Format.TEXT, lang: LangOption = Lang.EN
) -> None:
    """List what is held, or was held then."""
    _print(open_store(folder).deliveries(read_moment(at, "--at")), "held", form, lang)


@app.command("log")
def log(
    folder: StoreArgument, at: AtOption = None, form: FormatOption = Format.TEXT, lang: LangOption = Lang.EN
) -> None:
    """List every change and release."""
    _print(open_store(folder).log(read_moment(at, "--at")), "log", form, lang)


@app.command("show")
def show(folder: StoreArgument, number: Annotated[int, typer.Argument(help="The number of an entry.")]) -> None:
    """Show all that the log says of one change, as JSON."""
    entries = open_store(folder).log()
    if not 1 <= number <= len(entries):
        raise UnknownName("There is no such entry", got=number, allowed=f"1 to {len(entries)}", remedy="see the log")
    print_json(entries[number - 1].to_dict())


@app.command("check")
def check(folder: StoreArgument) -> None:
    """Read the log and every tally that it names; exit code 3 where one is not as it was put."""
    print_text(f"{open_store(folder).check()} tallies are as they were put")


@app.command("figures")
def figures(
    folder: StoreArgument,
    metric: Annotated[str, typer.Argument(help="The metric's id.")],
    by: Annotated[list[str], typer.Option("--by", help="who, month, quarter, half-year, year, or a code.")] = [],  # noqa: B006 -- typer copies it
    period: Annotated[list[str], typer.Option("--period", callback=known_periods, help=PERIODS)] = [],  # noqa: B006
    who: Annotated[list[str], typer.Option("--who", help="Only theirs; may be repeated.")] = [],  # noqa: B006
    reading: Annotated[list[str], typer.Option("--reading", help="A choice: name=alternative.")] = [],  # noqa: B006
    at: AtOption = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Print a metric's figures from what is held, or was held then."""
    held = open_store(folder).tallies(who=who, at=read_moment(at, "--at"), apart="who" in by)
    if metric not in held.parts:
        raise UnknownName("The store holds no such metric", got=metric, allowed=sorted(held.parts))
    one = type(held)({metric: held.parts[metric]})
    found = one.conclude(by=by, period=period, readings={metric: pairs(reading, "--reading")})[metric]
    print_table(found.table(lang.value), form)


@tallies.callback()
def saved() -> None:
    """Saved tallies: what is in one."""  # with one command alone, Typer would make no group of it


@tallies.command("show")
def show_tally(tally: TallyArgument, form: FormatOption = Format.TEXT, lang: LangOption = Lang.EN) -> None:
    """Say what is in a saved tally, whose digest is checked first: which counts, of what, and no label of a group."""
    parts = load_tally(tally).parts
    rows = [
        (
            *(name, str(each.assumed.version), each.assumed.as_of, each.assumed.axis.zone, each.assumed.calendar),
            ", ".join(each.assumed.groups),
            *(len(each.labels), len(each.cells), each.accounts.read, each.accounts.set_aside),
        )
        for name, each in sorted(parts.items())
    ]
    caption, headers = TALLY_CAPTIONS[lang.value], ASSUMED[lang.value] + COUNTED[lang.value]
    print_table(Table(caption=caption, headers=headers, rows=tuple(rows), lang=lang.value), form)


def _tell_written(entry: Entry) -> None:
    print_text(str(entry))
    if entry.small:
        tell(f"{entry.small} cells stand for few records each: whoever reads the store may know them again")


def _print(entries: tuple[Entry, ...], what: str, form: Format, lang: Lang) -> None:
    danish = lang is Lang.DA
    rows = tuple(
        (
            str(each.number),
            f"{each.at:%Y-%m-%d %H:%M}",
            KINDS[each.kind] if danish else each.kind,
            *(each.who, each.period, each.extract, str(each.records), str(each.small), each.note),
        )
        for each in entries
    )
    if form is Format.JSON:
        print_json([each.to_dict() for each in entries])
    else:
        print_table(
            Table(caption=CAPTIONS[what][danish], headers=HEADERS[lang.value], rows=rows, lang=lang.value), form
        )
