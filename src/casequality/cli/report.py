"""`casequality report`, `verify`, `comments` and `due`: a report, whether it holds, what is written, the next due."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from casequality import desk
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
    ToOption,
    columns,
    in_colour,
    known_period,
    print_json,
    print_table,
    print_text,
    progress,
    tell,
    tell_set_aside,
    tell_written,
    write_bytes,
    write_whole,
)
from casequality.days import MONTH_NAMES
from casequality.desk import (
    Assessed,
    NextReport,
    assess_project,
    project_comments,
    project_due,
    project_policy,
    verify_report,
)
from casequality.errors import NOT_SAID, InputError, VerificationError, Words, text_in
from casequality.goals import Verdict
from casequality.reports import (
    RHYTHMS,
    Table,
    assessment_json,
    assessment_table,
    assessment_text,
    check_ending,
)

if TYPE_CHECKING:
    from casequality.goals import PublishedAssessment

ADDED = {"en": "entries added", "da": "tilføjede kommentarer, der skal skrives"}


def comments(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    period: Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)],
    as_of: AsOfOption,
    to: ToOption = None,
    lang: LangOption = Lang.DA,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Add an empty comment for each goal that was missed to the project's file; what is written there stays."""
    file = project_comments(project)
    before = file.read_text(encoding="utf-8")
    with progress(quiet) as shown:
        assessed = assess_project(project, period=period, as_of=as_of, to=to, threads=threads, progress=shown)
    kept = assessed.assessment.comments
    assert kept is not None
    lacking = kept.lacking(assessed)
    if file.read_text(encoding="utf-8") != before:  # what somebody else wrote would be written twice, or lost
        raise InputError("The file of comments was changed meanwhile", where=str(file), remedy="run the command again")
    if lacking:
        write_whole({file: lambda path: path.write_text(before.rstrip("\n") + "\n" + kept.stubs(assessed), "utf-8")})
    for judgement in lacking:
        tell(f"{file}: {judgement.goal.id}, {period}")
    for note in assessed.assessment.notes:
        tell(text_in(note, lang.value))
    tell(f"{file}: {ADDED[lang.value]}: {len(lacking)}")


DUE_HEADERS = {
    "en": ("To", "What", "How often", "Next due", "Period", "Command"),
    "da": ("Til", "Hvad", "Hvor ofte", "Forfalder", "Periode", "Kommando"),
}
DUE_CAPTION = {"en": "Reports due", "da": "Rapporter, der skal afgives"}


def due(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    on: Annotated[dt.datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="Look ahead from this day.")],
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
) -> None:
    """List the next report to each recipient, with the command that makes it."""
    found = project_due(project, on=on.date())
    rows = tuple(_row(each, project, on.date(), lang.value) for each in found)
    print_table(
        Table(caption=DUE_CAPTION[lang.value], headers=DUE_HEADERS[lang.value], rows=rows, lang=lang.value), form
    )


def _row(each: NextReport, project: Path, on: dt.date, lang: str) -> tuple[str, ...]:
    return (
        each.due.to,
        each.due.what[lang] if each.due.what else "",
        RHYTHMS[each.due.every][lang],
        _month(each.month, lang),
        each.period.title(lang) if each.period else NOT_SAID[lang] if each.due.every != "continuous" else "",
        _command(each, project, on),
    )


def _month(month: dt.date | None, lang: str) -> str:
    return f"{MONTH_NAMES[month.month - 1][lang]} {month.year}" if month else NOT_SAID[lang]


def _command(each: NextReport, project: Path, on: dt.date) -> str:
    if each.period is None:
        return ""
    as_of = max(on, each.month or on)
    to = each.due.to if each.due.to.isalnum() else shlex.quote(each.due.to)
    return f"casequality report {shlex.quote(str(project))} --to {to} --period {each.period.label} --as-of {as_of}"


class FailOn(StrEnum):
    """Which verdict makes the command fail."""

    MISSED = "missed"


class Further(StrEnum):
    """What a report is asked for beside its verdicts."""

    READINGS = "readings"
    OPEN_CASES = "open-cases"
    SIGNALS = "signals"
    UNITS = "units"
    WAYS = "ways"
    RESTATEMENT = "restatement"


WithOption: TypeAlias = Annotated[
    list[Further] | None,
    typer.Option(
        "--with",
        help="Ask more of each goal, which reads the sources again: readings, its verdict under every reading of its "
        "words; open-cases, an estimate that counts the open cases too; signals, patterns in how cases are handled; "
        "units and ways, these side by side; restatement, why the figures of an earlier edition are others now. May be "
        "given again.",
    ),
]


StoreOption: TypeAlias = Annotated[
    str | None, typer.Option("--store", help="Take the figures from this store's deliveries, and read no source.")
]
KnownOption: TypeAlias = Annotated[
    str | None, typer.Option("--known-at", help="As the store knew it then: a day, or the number of an entry.")
]
WhoOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--who", help="Only their deliveries; may be given again.")
]


class Length(StrEnum):
    """How much of a report is written."""

    FULL = "full"
    SUMMARY = "summary"


def report(
    project: Annotated[Path, typer.Argument(help="The project file, casequality.toml.")],
    period: Annotated[str, typer.Option("--period", callback=known_period, help=PERIODS)],
    as_of: AsOfOption,
    to: ToOption = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out", help="Write the report to this file: .html, .pdf, .xlsx, .md, .csv or .json. May be given again."
        ),
    ] = None,
    findings: Annotated[
        Path | None, typer.Option("--findings", help="Write the rows set aside to this CSV file.")
    ] = None,
    fail_on: Annotated[FailOn | None, typer.Option("--fail-on", help="Exit with 1 if a goal was missed.")] = None,
    further: WithOption = None,
    length: Annotated[
        Length, typer.Option("--form", help="full, or summary: the answer alone on one page, for an agenda.")
    ] = Length.FULL,
    publish: Annotated[
        bool, typer.Option("--publish", help="Write what may be published under the project's [publish].")
    ] = False,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.DA,
    engine: EngineOption = None,
    master: MasterOption = None,
    keep: KeepOption = None,
    store: StoreOption = None,
    known_at: KnownOption = None,
    who: WhoOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Judge every goal of a project over a period, or those of one recipient."""
    for path in out or ():
        check_ending(path)  # before anything is read
    policy = project_policy(project) if publish else None
    counting: dict[str, Any] = {"engine": engine, "master": master, "keep": keep, "threads": threads}
    moment = None if known_at is None else desk.read_moment(known_at, "--known-at")
    kept: dict[str, Any] = {"store": store, "known_at": moment, "who": who or ()}
    asked = {"period": period, "as_of": as_of, "to": to, **counting, **kept}
    with progress(quiet) as shown:
        assessed = assess_project(project, further=further or (), progress=shown, **asked)
    assessment = assessed.assessment
    told = assessed.published(policy) if policy else None
    files = _write(assessed, told, out or (), findings, length, lang)
    for note in assessment.sources.values():
        tell_set_aside(note, lang=lang, written=findings is not None)
    for hint in told.disclosure.notes if told else ():
        tell(hint[lang.value])
    _print(assessed, told, form, length, lang)
    for path in files:
        tell_written(path, lang)
    if fail_on and any(judged.verdict is Verdict.MISSED for judged in assessment.judgements):
        raise typer.Exit(1)


def _write(
    assessed: Assessed,
    told: PublishedAssessment | None,
    out: Iterable[Path],
    findings: Path | None,
    length: Length,
    lang: Lang,
) -> Iterable[Path]:
    """Write the report's files, all or none, and return their names; what is published is in the ledger before."""
    files: dict[Path, Callable[[Path], object]] = {}
    for path in out:
        made = assessed.files(path, lang.value, length.value, told)
        files |= {name: partial(write_bytes, content) for name, content in made.items()}
    if findings is not None:
        files[findings] = partial(assessed.write_findings, lang=lang.value)
    if told is not None:
        told.record()  # what the ledger does not have is not published
    write_whole(files)
    return list(files)


def _print(assessed: Assessed, told: PublishedAssessment | None, form: Format, length: Length, lang: Lang) -> None:
    assessment = assessed.assessment
    if told is not None and form is not Format.HTML:
        public = desk.PublishedReport(told=told)
        if form is Format.JSON:
            print_json(public.to_dict())
        else:
            print_table(public.table(lang.value), form)
    elif form is Format.JSON:
        print_json(assessment_json(assessment))
    elif form is Format.TEXT:
        print_text(assessment_text(assessment, lang=lang.value, color=in_colour(), columns=columns()))
    elif form is Format.HTML:
        print_text(assessed.page(lang=lang.value, form=length.value, told=told))
    else:
        table = assessment_table(assessment, lang=lang.value)
        print_text(table.csv() if form is Format.CSV else table.markdown())


DIFFERS: Final = {
    "en": ("Goal", "Place", "The report says", "Made anew", "Why"),
    "da": ("Mål", "Sted", "Rapporten siger", "Beregnet igen", "Hvorfor"),
}
KINDS: Final = {
    "data": Words("data", "data"),
    "definition": Words("definition", "definition"),
    "calendar": Words("calendar", "kalender"),
    "code": Words("code", "program"),
    "page": Words("the page was changed after it was written", "siden er ændret, efter at den blev skrevet"),
}
VERIFIED: Final = Words(
    "Every text, number and drawing is what the project gives",
    "Alle tekster, tal og tegninger er, som projektet giver dem",
)
OWN: Final = Words(
    "The page is as it was written, and says what its manifest says; name a project to make its figures anew",
    "Siden er, som den blev skrevet, og siger det samme som sit manifest; nævn et projekt for at få tallene beregnet "
    "igen",
)
OTHERWISE: Final = Words(
    "of another kind or version by now, without another figure",
    "nu af en anden art eller version, uden at tal er ændret",
)
WITHHELD: Final = Words(
    "{many} places are withheld, as the policy asks: counts under {threshold}",
    "{many} steder er skjult, som reglerne kræver: antal under {threshold}",
)


def verify(
    report: Annotated[Path, typer.Argument(help="The report: .html, .pdf or .xlsx, or a published .json or .csv.")],
    project: Annotated[
        Path | None, typer.Argument(help="The project file; without it, the page is held against its own manifest.")
    ] = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
    store: StoreOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Make every figure of a report anew, and say which differ and why; exit with 5 where one does."""
    with progress(quiet) as shown:
        found = verify_report(report, project, store=store, threads=threads, progress=shown)
    if found.policy is not None and found.withheld:
        tell(WITHHELD[lang.value].format(many=found.withheld, threshold=found.policy.get("threshold")))
    for why in found.changed:
        tell(f"{_why(why, lang.value)} ({OTHERWISE[lang.value]})")
    if found.differs:
        rows = tuple(
            (each.goal, each.place, each.told, each.found, "; ".join(_why(why, lang.value) for why in each.why))
            for each in found.differs
        )
        print_table(Table(caption=str(report), headers=DIFFERS[lang.value], rows=rows, lang=lang.value), form)
    if found.differs or not found.whole:
        raise _refused(report, found)
    print_text((OWN if project is None else VERIFIED)[lang.value])


def _why(why: tuple[str, str], lang: str) -> str:
    kind, what = why
    return f"{KINDS[kind][lang]}: {what}" if what and kind != "page" else KINDS[kind][lang]


def _refused(report: Path, found: desk.Verified) -> VerificationError:
    many = len(found.differs)
    kinds = dict.fromkeys(kind for each in found.differs for kind, _ in each.why)
    if not found.whole:
        kinds["page"] = None
    places = Words(f"{many} places differ", f"{many} steder afviger")
    got = [", ".join([places[lang], *(KINDS[kind][lang] for kind in kinds)]) for lang in ("en", "da")]
    return VerificationError(
        Words("The report is not what it rests on", "Rapporten svarer ikke til sit grundlag"),
        where=str(report),
        got=Words(*got),
        remedy=Words(
            "put back what was changed, or publish the report again and say what was corrected",
            "før det ændrede tilbage, eller offentliggør rapporten igen, og skriv, hvad der er rettet",
        ),
    )
