"""`casequality look`, `measure`, `metrics`: what is in a file, one metric over it, and what plugins can measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
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
    KeepOption,
    Lang,
    LangOption,
    MasterOption,
    QuietOption,
    ThreadsOption,
    columns,
    group,
    known_periods,
    pairs,
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
from casequality.desk import Policy, Result, catalogue, find_metric, project_policy, source_options
from casequality.desk import look as look_at_desk
from casequality.desk import measure as measure_at_desk
from casequality.desk import publish as publish_at_desk
from casequality.engines import find_engine
from casequality.errors import UnknownName, UsageError
from casequality.goals import SourceNote
from casequality.host import Catalogue
from casequality.metrics import Metric
from casequality.privacy import HASHED
from casequality.records import Dialect, without_secrets
from casequality.reports import Table, card, card_json, check_form, file_of, measurement_json, said
from casequality.toml import value_of

app: typer.Typer = group("Metrics: list them, and say what each means.")
UNNAMED = {
    "en": "labels in no declared list are shown as digests (#...): declare them with --source-option "
    "codes.FIELD.LABEL=LABEL, or say --undeclared shown where they name nobody",
    "da": "koder uden for en erklæret liste vises som aftryk (#...): erklær dem med --source-option "
    "codes.FELT.KODE=KODE, eller sig --undeclared shown, hvor de ikke nævner nogen",
}
CAPTION = {"en": "Metrics", "da": "Målinger"}
HEADERS = {
    "en": ("Metric", "Name", "Unit", "Result version", "Records", "Plugin"),
    "da": ("Måling", "Navn", "Enhed", "Resultatversion", "Posttype", "Plugin"),
}
INTRODUCTION = """\
# {plugin}

<!-- Written by `casequality metrics page {plugin}`; change the metrics instead. -->

What the metrics of this plugin mean: definition, the fields that each reads, what can become of a record, the readings
with their consequences, source, limits and result version.
"""


@app.command("list")
def listed(form: FormatOption = Format.TEXT, lang: LangOption = Lang.EN) -> None:
    """List the metrics of the installed plugins."""
    rows = tuple(
        (id, said(kind.title or id, lang.value), kind.unit.name, str(kind.version), kind.records.name, plugin)
        for id, kind, plugin in _offered(catalogue())
    )
    print_table(Table(caption=CAPTION[lang.value], headers=HEADERS[lang.value], rows=rows, lang=lang.value), form)


@app.command("show")
def show(
    metric: Annotated[str, typer.Argument(help="The metric's id, as `casequality metrics list` shows it.")],
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Say what a metric's figures mean: definition, fields read, readings, source, limits, result version."""
    found = find_metric(metric)
    shown = card(found, lang.value)
    if form is Format.JSON:
        print_json(card_json(found))
    elif form is Format.CSV:
        raise UsageError(
            "A metric card is not given in that form",
            where="--format",
            got=form.value,
            allowed="text, md, html or json",
            remedy="leave --format out, or ask for json to keep it",
        )
    elif form is Format.TEXT:
        print_text(shown.text(columns()))
    else:
        print_text(shown.html() if form is Format.HTML else shown.markdown())


@app.command("page")
def page(
    plugin: Annotated[str, typer.Argument(help="The plugin's distribution, as `casequality plugins` lists it.")],
    lang: LangOption = Lang.EN,
) -> None:
    """Print a page of Markdown with every metric of a plugin, for its documentation."""
    offered = list(_offered(catalogue()))
    metrics = [
        (said(kind.title or id, lang.value), kind) for id, kind, distribution in offered if distribution == plugin
    ]
    if not metrics:
        offering = sorted({distribution for _, _, distribution in offered})
        raise UnknownName("No such plugin offers a metric", got=plugin, allowed=offering, remedy="name one of these")
    cards = [f"## {title}\n\n{card(kind, lang.value).markdown()}\n" for title, kind in metrics]
    print_text("\n".join([INTRODUCTION.format(plugin=plugin), *cards]))


def _offered(found: Catalogue) -> Iterator[tuple[str, type[Metric], str]]:
    for id, offer in found.metrics.items():
        yield id, offer.value, offer.plugin.distribution


class Undeclared(StrEnum):
    """What is printed of labels that are in no declared list."""

    HASHED = "hashed"
    SHOWN = "shown"


Several = list[str]

FindingsOption = Annotated[Path | None, typer.Option("--findings", help="Write the rows set aside to this CSV file.")]
HeaderOption = Annotated[
    str | None, typer.Option("--header", help="The row of a sheet or CSV file that names the columns, or rows as 2-3.")
]
SkipRowsOption = Annotated[int | None, typer.Option("--skip-rows", help="How many rows below it are left out.")]
TotalsOption = Annotated[
    str | None, typer.Option("--totals", help="A row of totals to leave out: last, or column=text.")
]
QueryOption = Annotated[str | None, typer.Option("--query", help="What a database is asked: SELECT or WITH ...")]
SourceOption = Annotated[
    Several,
    typer.Option(
        "--source-option",
        help="How the file is read, as a source in a project file says it: constants.office=Nord, repeated_hour=first, "
        "dialect.day=d. mmmm yyyy; may be repeated.",
    ),
]
VersionOption = Annotated[int | None, typer.Option("--table-version", help="The version of a Delta table.")]
UndeclaredOption = Annotated[
    Undeclared,
    typer.Option(
        "--undeclared",
        help="Labels of an open code that nobody declared: hashed, or shown where you know that they name nobody.",
    ),
]
PublishOption = Annotated[
    Path | None,
    typer.Option("--publish", help="Give what may be published under the [publish] of this TOML file."),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write the figures to this file too: .csv, .xlsx, .json, .html or .md.")
]
DanishOption = Annotated[bool, typer.Option("--danish", help="CSV with semicolons, decimal commas and dd-mm-yyyy.")]


def measure(
    metric: Annotated[str, typer.Argument(help="The metric's id, as `casequality plugins` lists them.")],
    data: Annotated[
        str, typer.Argument(help="A CSV, Excel or Parquet file, its URL, a folder, a pattern, or a database.")
    ],
    as_of: AsOfOption,
    by: Annotated[
        Several, typer.Option("--by", help="month, quarter, half-year, year, or a code; may be repeated.")
    ] = [],  # noqa: B006 -- typer copies it
    period: Annotated[Several, typer.Option("--period", callback=known_periods, help=PERIODS)] = [],  # noqa: B006
    reading: Annotated[
        Several, typer.Option("--reading", help="A choice that the goal's words leave open: name=alternative.")
    ] = [],  # noqa: B006
    parameter: Annotated[Several, typer.Option("--parameter", help="A field of the metric: name=value.")] = [],  # noqa: B006
    where: Annotated[Several, typer.Option("--where", help="Only records with this code: field=label,label.")] = [],  # noqa: B006
    column: Annotated[
        Several, typer.Option("--column", help="Which column holds a field: field=column, or field= for none.")
    ] = [],  # noqa: B006
    sheet: Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook, if not its first.")] = None,
    header: HeaderOption = None,
    skip_rows: SkipRowsOption = None,
    totals: TotalsOption = None,
    query: QueryOption = None,
    version: VersionOption = None,
    zone: Annotated[str | None, typer.Option("--zone", help="The zone of times that carry none.")] = None,
    calendar: Annotated[str | None, typer.Option("--calendar", help="Count working days on this calendar.")] = None,
    danish: DanishOption = False,
    source_option: SourceOption = [],  # noqa: B006
    undeclared: UndeclaredOption = Undeclared.HASHED,
    findings: FindingsOption = None,
    publish: PublishOption = None,
    out: OutOption = None,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
    engine: EngineOption = None,
    master: MasterOption = None,
    keep: KeepOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Measure one metric over one file or several of a kind."""
    policy = _policy(publish, out)
    given: dict[str, Any] = {"zone": zone, "sheet": sheet, "header": header, "skip_rows": skip_rows, "version": version}
    given |= {"query": query, "undeclared": undeclared.value, "totals": totals}
    with progress(quiet) as shown:
        result = measure_at_desk(
            metric,
            data,
            as_of=as_of,
            by=by,
            period=period,
            readings=pairs(reading, "--reading"),
            parameters={name: value_of(value) for name, value in pairs(parameter, "--parameter").items()},
            where={field: labels.split(",") for field, labels in pairs(where, "--where").items()},
            calendar=calendar,
            **_told(source_option, column, danish, given),
            engine=find_engine(engine, threads, keep, master),
            progress=shown,
        )
    _give(result, data, policy, findings, out, form, lang)


def _policy(publish: Path | None, out: Path | None) -> Policy | None:
    """Return under which policy figures are given; refuse the name of a file before anything is read."""
    if out is not None:
        check_form(out)
    return None if publish is None else project_policy(publish)


def _give(
    result: Result, data: str, policy: Policy | None, findings: Path | None, out: Path | None, form: Format, lang: Lang
) -> None:
    """Print the figures, and write the files asked for; what is published is in the ledger before."""
    _tell(result, data, findings is not None, lang)
    public = None if policy is None else publish_at_desk(result, policy)
    table = (public or result).table(lang.value)
    plain = public.to_dict() if public else {**measurement_json(result.measurement), **result.findings.to_dict()}
    files: dict[Path, Callable[[Path], object]] = {}
    if findings is not None:
        files[findings] = partial(result.findings.write_csv, lang=lang.value)
    if out is not None:
        files[out] = partial(write_bytes, file_of(out, table, lambda: plain))
    if public is not None:
        public.record()
    write_whole(files)
    if form is Format.JSON:
        print_json(plain)
    else:
        print_table(table, form)
    if out is not None:
        tell_written(out, lang)


def _tell(result: Result, data: str, written: bool, lang: Lang) -> None:
    """Say what was set aside; written: whether a file names these rows."""
    records = result.measurement.reading.metric.records
    name = Path(without_secrets(data)).name
    note = SourceNote.of(name, records.name, result.measurement.tally.accounts, records.rules)
    tell_set_aside(note, lang=lang, written=written)
    if any(part.startswith(HASHED) for label in result.measurement.tally.labels for part in label if part):
        tell(UNNAMED[lang.value])


def _told(options: Several, column: Several, danish: bool, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the file is read: by the options of a source, and by those that have options of their own."""
    if danish:
        options = ["dialect.base=danish", *options] if "dialect=danish" not in options else options
    columns = {field: name or None for field, name in pairs(column, "--column").items()}
    told = source_options(options)
    told |= {"columns": {**told.get("columns", {}), **columns}}
    told |= {key: value for key, value in given.items() if value is not None}
    totals = given["totals"]
    return told if totals in (None, "last") else {**told, "totals": pairs([totals], "--totals")}


def look(
    data: Annotated[
        str, typer.Argument(help="A CSV, Excel or Parquet file, or a pattern, of which the first is taken.")
    ],
    records: Annotated[
        str | None, typer.Option("--records", help="The record type of the [sources] table, if not the likeliest.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook, if not its first.")] = None,
    header: Annotated[
        str | None, typer.Option("--header", help="The row that names the columns, or rows as 2-3, where you know it.")
    ] = None,
    skip_rows: Annotated[
        int | None, typer.Option("--skip-rows", min=0, help="How many rows below it are left out.")
    ] = None,
    danish: Annotated[
        bool, typer.Option("--danish", help="CSV with semicolons, decimal commas and dd-mm-yyyy, which is not asked.")
    ] = False,
    form: FormatOption = Format.TEXT,
    lang: LangOption = Lang.EN,
) -> None:
    """Say what is in a file, in counts and never with a value, and propose a [sources] table for it."""
    if form is Format.CSV:
        raise UsageError(
            "What is in a file is not given in that form",
            where="--format",
            got=form.value,
            allowed="text, md, html or json",
            remedy="leave --format out, or ask for json to keep it",
        )
    dialect = Dialect.danish() if danish else None
    found = look_at_desk(Path(data), sheet=sheet, header=header, skip_rows=skip_rows, dialect=dialect, records=records)
    if form is Format.JSON:
        print_json(found.to_dict())
        return
    if form is Format.TEXT:
        print_text(found.text(lang.value, columns()))
    else:
        print_text((found.html if form is Format.HTML else found.markdown)(lang.value))
