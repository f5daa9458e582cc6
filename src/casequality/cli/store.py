"""`casequality store`: deliveries of tallies put, replaced and withdrawn, what is held, and figures from it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from casequality.cli.words import (
    PERIODS,
    Format,
    FormatOption,
    Lang,
    LangOption,
    group,
    known_period,
    known_periods,
    pairs,
    print_json,
    print_table,
    print_text,
    tell,
)
from casequality.desk import Entry, Store, is_store, load_tally
from casequality.desk import store as store_at_desk
from casequality.errors import UnknownName, UsageError
from casequality.records import without_secrets
from casequality.reports import Table

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
    _tell_written(_made(folder).put(load_tally(tally), who=who, period=period, extract=extract, source=source))


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
        _opened(folder).replace(load_tally(tally), who=who, period=period, extract=extract, source=source, note=note)
    )


@app.command("withdraw")
def withdraw(folder: StoreArgument, who: WhoOption, period: PeriodOption, note: NoteOption) -> None:
    """Take a delivery out; what was known before stays known."""
    _tell_written(_opened(folder).withdraw(who=who, period=period, note=note))


@app.command("list")
def listed(
    folder: StoreArgument, at: AtOption = None, form: FormatOption = Format.TEXT, lang: LangOption = Lang.EN
) -> None:
    """List what is held, or was held then."""
    _print(_opened(folder).deliveries(_moment(at)), "held", form, lang)


@app.command("log")
def log(
    folder: StoreArgument, at: AtOption = None, form: FormatOption = Format.TEXT, lang: LangOption = Lang.EN
) -> None:
    """List every change and release."""
    _print(_opened(folder).log(_moment(at)), "log", form, lang)


@app.command("show")
def show(folder: StoreArgument, number: Annotated[int, typer.Argument(help="The number of an entry.")]) -> None:
    """Show all that the log says of one change, as JSON."""
    entries = _opened(folder).log()
    if not 1 <= number <= len(entries):
        raise UnknownName("There is no such entry", got=number, allowed=f"1 to {len(entries)}", remedy="see the log")
    print_json(entries[number - 1].to_dict())


@app.command("check")
def check(folder: StoreArgument) -> None:
    """Read the log and every tally that it names; exit code 3 where one is not as it was put."""
    print_text(f"{_opened(folder).check()} tallies are as they were put")


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
    held = _opened(folder).tallies(who=who, at=_moment(at), apart="who" in by)
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


def _made(folder: str) -> Store:
    return store_at_desk(folder)


def _opened(folder: str) -> Store:
    """Return a store that is there: a folder mistyped is no empty store."""
    if not is_store(folder):
        raise UsageError(
            "There is no store here",
            where=without_secrets(folder),
            remedy="name its folder, or put the first delivery into it",
        )
    return _made(folder)


def _moment(text: str | None) -> dt.date | int | None:
    if text is None:
        return None
    try:
        return int(text) if text.isdecimal() else dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError("A moment cannot be read", where="--at", got=text, allowed="2010-06-30, or 17") from None


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
