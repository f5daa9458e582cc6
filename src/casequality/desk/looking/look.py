"""What could be fed with what is in a file: the record types, field by field, and a `[sources]` table to paste."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.desk.looking.fitting import Fit, ambiguous_days, fed_by, file_dialect, sources_table
from casequality.desk.offered import catalogue
from casequality.errors import UnknownName, Words
from casequality.goals import number
from casequality.metrics import as_metric
from casequality.records import (
    COLUMN_TYPES,
    DISTINCT,
    ColumnProfile,
    Dialect,
    ReadOptions,
    Records,
    Source,
    TableProfile,
    laid_out,
    profile,
)
from casequality.reports import Table
from casequality.showing import session_language

SHOWN: Final = 3
"""So many record types are shown field by field."""
NAMED: Final = 4


@attrs.frozen(eq=False, repr=False)
class Look:
    """What is in a file and what could be fed with it, in counts: it shows itself in a notebook and on a terminal.

    No cell's value is shown. `fits` are the record types, the best first; `sources` is text for a project file.
    """

    profile: TableProfile
    fits: tuple[Fit, ...]
    given: str | None
    skip_rows: int | None = None
    records: str | None = None

    def tables(self, lang: str = "en") -> tuple[Table, ...]:
        """Return what is in it, and what it could feed, as tables."""
        fed = [fit_table(fit, lang) for fit in self.fits[:SHOWN]]
        return profile_table(self.profile, lang), *fed

    @property
    def dialect(self) -> Dialect:
        """How its texts are written, as far as that can be told."""
        return file_dialect(self.profile)

    @property
    def sources(self) -> str:
        """The `[sources]` table of the record type asked for, or that fits best; empty where none does."""
        chosen = self.records or (self.fits[0].records.name if self.fits else None)
        return "" if chosen is None else self.sources_of(chosen)

    def sources_of(self, records: str) -> str:
        """Return the `[sources]` table for a record type, as TOML; it is a proposal, and nothing is applied."""
        fits = {fit.records.name: fit for fit in self.fits}
        if records not in fits:
            raise UnknownName("The look found no columns for such records", got=records, allowed=fits)
        return "\n".join(sources_table(fits[records], self.profile, self.given, self.skip_rows)) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return what was found as plain data."""
        layout = self.profile.laid_out.layout
        plain = {"name": self.profile.name, "kind": self.profile.laid_out.kind, "rows": self.profile.rows}
        plain |= {"totals": self.profile.totals, "ragged": self.profile.ragged, "told": dict(self.profile.told)}
        if layout is not None:
            plain |= {"header": layout.head.rows, "titles": layout.head.titles, "sheet": layout.sheet_told}
            plain |= {"sheets": [{"name": name, "hidden": hidden} for name, hidden in layout.sheets]}
            plain |= {"evidence": [each.to_dict() for each in layout.evidence]}
            plain |= {"ambiguous": [each.to_dict() for each in layout.ambiguous]}
        return {
            **plain,
            "dialect": attrs.asdict(self.dialect),
            "ambiguous_days": [column.place for column in ambiguous_days(self.profile)],
            "columns": [_plain(column) for column in self.profile.columns],
            "records": [_plain_fit(fit) for fit in self.fits],
            "sources": self.sources,
        }

    def text(self, lang: str = "en", columns: int | None = None) -> str:
        """Return it for a terminal of so many columns."""
        return "\n\n".join([*(table.text(widest=48, columns=columns) for table in self.tables(lang)), self.sources])

    def markdown(self, lang: str = "en") -> str:
        """Return it in Markdown."""
        return "\n\n".join([*(table.markdown() for table in self.tables(lang)), f"```toml\n{self.sources}```"])

    def html(self, lang: str = "en") -> str:
        """Return it as a piece of HTML that needs nothing beside it."""
        pasted = Table(
            caption="[sources]", headers=("TOML",), rows=tuple((line,) for line in self.sources.splitlines())
        )
        return "".join(table.html() for table in (*self.tables(lang), pasted))

    def __repr__(self) -> str:
        return self.text(session_language())

    def _repr_html_(self) -> str:
        return self.html(session_language())


def look(
    data: Any,
    *,
    sheet: str | None = None,
    header: int | str | None = None,
    skip_rows: int | None = None,
    dialect: Dialect | None = None,
    records: str | None = None,
) -> Look:
    """Return what is in a file, or in a frame, without a value of any cell, and which records it could feed.

    data: a path (CSV, Excel, xls, xlsb, ods, Parquet), a frame, or anything else that `source` takes; of several
    files the first. sheet, header, skip_rows, dialect: as `source` takes them, where they need not be told.
    records: the name of the record type for whose `[sources]` table is asked, the likeliest unless told.
    """
    if isinstance(data, Source):
        data = getattr(data.table, "path", data.table)
    options = ReadOptions(dialect or Dialect(), sheet, header, skip_rows)
    found = catalogue()
    metrics: dict[type[Records], list[str]] = {}
    for offer in found.metrics.values():
        metrics.setdefault(as_metric(offer.value).records, []).append(offer.name)
    labels = {label for records in metrics for field in records.fields.values() for label in field.labels}
    seen = profile(laid_out(data, options, declared=dialect is not None), labels)
    fits = [Fit(records, tuple(sorted(names)), tuple(fed_by(records, seen))) for records, names in metrics.items()]
    useful = [fit for fit in fits if any(fed.column for fed in fit.fields)]
    given = str(data) if isinstance(data, (str, Path)) else None
    return Look(seen, tuple(sorted(useful, key=lambda fit: fit.rank)), given, skip_rows, records)


def _plain(column: ColumnProfile) -> dict[str, Any]:
    """Return a column as plain data; of one of registration numbers no more than that."""
    plain = attrs.asdict(column)
    if column.kind == "registration number":
        return {name: plain[name] for name in ("place", "name", "kind")}
    plain |= {day: None if plain[day] is None else plain[day].isoformat() for day in ("first", "last")}
    return {name: value for name, value in plain.items() if name not in ("flag", "labels")}


def _plain_fit(fit: Fit) -> dict[str, Any]:
    fields = [
        {
            "field": fed.name,
            "kind": fed.kind,
            "required": fed.required,
            "column": fed.column and fed.column.name,
            "others": [each.name for each in fed.others],
        }
        for fed in fit.fields
    ]
    return {"records": fit.records.name, "metrics": list(fit.metrics), "missing": list(fit.missing), "fields": fields}


_KINDS: Final = {
    "text": "tekst",
    "whole number": "helt tal",
    "number": "tal",
    "date": "dato",
    "date and time": "dato og klokkeslæt",
    "length of time": "varighed",
    "flag": "ja/nej",
    "blank": "tom",
    "other": "andet",
    "registration number": "personnummer",
}
_TOLD: Final = {
    "hidden row": Words("hidden rows, which are read", "skjulte rækker, som læses"),
    "hidden column": Words("hidden columns, which are read", "skjulte kolonner, som læses"),
    "hidden sheet": Words("the sheet is hidden", "arket er skjult"),
    "errors look blank": Words("cells with errors look blank here", "celler med fejl ser tomme ud her"),
    "hidden rows and formats look plain": Words(
        "hidden rows and formats look plain here", "skjulte rækker og talformater kan ikke kendes her"
    ),
}


def _kind(kind: str, lang: str) -> str:
    """Return what a column of the file, or a field, is called."""
    if lang == "en":
        return kind
    return COLUMN_TYPES[kind].words.da if kind in COLUMN_TYPES else _KINDS[kind]


def _label(column: ColumnProfile, lang: str) -> str:
    return column.name or f"{'kolonne' if lang == 'da' else 'column'} {column.place}"


def profile_table(seen: TableProfile, lang: str) -> Table:
    """Return a row a column, and below it how the file is laid out and what is ambiguous."""
    headers = {
        "en": ("Column", "Holds", "Blank", "Distinct", "From", "To", "Remarks"),
        "da": ("Kolonne", "Indhold", "Tomme", "Forskellige", "Fra", "Til", "Bemærkninger"),
    }
    rows = f"{number(seen.rows, lang)} {'rækker' if lang == 'da' else 'rows'}"
    columns = f"{len(seen.columns)} {'kolonner' if lang == 'da' else 'columns'}"
    return Table(
        caption=f"{seen.name}: {rows}, {columns} ({seen.laid_out.kind})",
        headers=headers[lang],
        rows=tuple(_row(column, lang) for column in seen.columns),
        notes=tuple(note[lang] for note in _notes(seen)),
        lang=lang,
    )


def _row(column: ColumnProfile, lang: str) -> tuple[str, ...]:
    named = (_label(column, lang), _kind(column.kind, lang))
    if column.kind == "registration number":
        return (*named, "", "", "", "", "")
    share = Fraction(100 * column.blank, max(column.rows, 1))
    blank = f"{number(column.blank, lang)} ({number(share, lang, 1)} %)" if column.blank else ""
    many = f"over {number(DISTINCT, lang)}"
    distinct = many if column.distinct is None else number(column.distinct, lang) if column.distinct else ""
    ends = ("" if day is None else day.isoformat() for day in (column.first, column.last))
    return (*named, blank, distinct, *ends, "; ".join(words[lang] for words in _remarks(column)))


def _remarks(column: ColumnProfile) -> Iterator[Words]:
    if column.counts:
        counts = ", ".join(map(str, column.counts))
        yield Words(f"rows of each value: {counts}", f"rækker pr. værdi: {counts}")
    for mark, rows in column.marks.items():
        yield Words(f"rows with {mark}: {rows}", f"rækker med {mark}: {rows}")
    if column.unreadable:
        yield Words(f"cells of another kind: {column.unreadable}", f"celler af en anden slags: {column.unreadable}")
    if (repeats := column.repeats) is not None:
        yield Words(f"could be a key; repeated in {repeats} rows", f"kan være nøgle; gentaget i {repeats} rækker")
    if (same := column.heaviest) > 0:
        yield Words(f"rows with one and the same value: {same}", f"rækker med én og samme værdi: {same}")
    if column.birth:
        yield Words("looks like dates of birth", "ligner fødselsdatoer")
    if column.days:
        pattern = column.clock or column.days
        yield Words(f"written {pattern}", f"skrevet {pattern}")
    if column.naive:
        yield Words("no zone", "uden tidszone")


def _notes(seen: TableProfile) -> Iterator[Words]:
    layout = seen.laid_out.layout
    if layout is not None:
        rows = layout.head.rows
        if rows is None:
            yield Words(
                "no row passes the test for a header: columns are told by their places; say which row it is by header",
                "ingen række består prøven for en overskrift: kolonner nævnes ved deres plads; angiv rækken med header",
            )
        else:
            which = f"{rows[0]}" if rows[0] == rows[1] else f"{rows[0]}-{rows[1]}"
            yield Words(f"header: row {which}", f"overskrift: række {which}")
        if layout.head.titles:
            titles = layout.head.titles
            yield Words(f"rows above the header: {titles}", f"rækker over overskriften: {titles}")
        yield from layout.evidence
        yield from layout.ambiguous
        if len(layout.sheets) > 1:
            names = ", ".join(f"{name} (hidden)" if hidden else name for name, hidden in layout.sheets)
            skjult = ", ".join(f"{name} (skjult)" if hidden else name for name, hidden in layout.sheets)
            yield Words(f"sheet {layout.sheet_told} of: {names}", f"ark {layout.sheet_told} af: {skjult}")
    yield from _told_by_cells(seen)
    if seen.totals:
        yield Words(f"rows of totals at the end: {seen.totals}", f"rækker med totaler sidst: {seen.totals}")
    if seen.ragged:
        yield Words(f"rows of another width: {seen.ragged}", f"rækker med et andet antal kolonner: {seen.ragged}")
    if seen.laid_out.more:
        yield Words(f"the first of {seen.laid_out.more + 1} files", f"den første af {seen.laid_out.more + 1} filer")
    for fault, count in seen.told.items():
        said = _TOLD.get(fault, Words(fault, fault))
        yield Words(f"{said.en}: {count}", f"{said.da}: {count}")


def _told_by_cells(seen: TableProfile) -> Iterator[Words]:
    """Yield what tells the decimal mark and the order of day and month, and what does not."""
    marked = [column for column in seen.columns if column.decimal]
    comma, point = (sum(column.marked[at] for column in marked) for at in (0, 1))
    if comma or point:
        en, da = ("comma", "komma") if comma > point else ("point", "punktum")
        yield Words(
            f"decimal {en}: of the first numbers {comma} are written with a comma, {point} with a point",
            f"decimaltegn {da}: af de første tal er {comma} skrevet med komma, {point} med punktum",
        )
    elif marked:
        yield Words(
            "decimal mark: nothing tells whether marks in numbers are decimal or set thousands apart",
            "decimaltegn: intet viser, om tegn i tal er decimaltegn eller skiller tusinder",
        )
    for column in seen.columns:
        if column.days and column.orders != (0, 0):
            (first, second), place = column.orders, column.place
            yield Words(
                f"column {place}: of the first days {first} have a first part above 12, {second} a second part",
                f"kolonne {place}: af de første dage har {first} en første del over 12, {second} en anden del",
            )
    if ambiguous := ambiguous_days(seen):
        places = ", ".join(str(column.place) for column in ambiguous)
        yield Words(
            f"ambiguous: nothing tells whether day or month comes first in column {places}; taken as day first",
            f"tvetydigt: intet viser, om dag eller måned står først i kolonne {places}; dag først antages",
        )


def fit_table(fit: Fit, lang: str) -> Table:
    """Return a row a field: what it holds, which column is proposed, and what is missing."""
    headers = {
        "en": ("Field", "Holds", "Column", "Remarks"),
        "da": ("Felt", "Indhold", "Kolonne", "Bemærkninger"),
    }
    more = len(fit.metrics) - NAMED
    metrics = ", ".join([*fit.metrics[:NAMED], *([f"+ {more}"] if more > 0 else [])])
    said = Words(f"{fit.records.name} could be fed ({metrics})", f"{fit.records.name} kan udfyldes ({metrics})")
    if fit.missing:
        lacking = ", ".join(fit.missing)
        said = Words(
            f"{fit.records.name} lacks {lacking} ({metrics})", f"{fit.records.name} mangler {lacking} ({metrics})"
        )
    rows = []
    for fed in fit.fields:
        remark = Words("", "")
        others = {each: ", ".join(_label(column, each) for column in fed.others) for each in ("en", "da")}
        if fed.column is None and fed.required:
            remark = Words(
                f"missing; of its kind: {others['en'] or 'none'}", f"mangler; af slagsen: {others['da'] or 'ingen'}"
            )
        elif fed.column is None:
            remark = Words(
                f"may be left out; of its kind: {others['en'] or 'none'}",
                f"kan udelades; af slagsen: {others['da'] or 'ingen'}",
            )
        elif fed.labels and not fed.column.flag:
            remark = Words(
                f"{fed.known} of its distinct values are labels",
                f"{fed.known} af de forskellige værdier er etiketter",
            )
        column = "" if fed.column is None else _label(fed.column, lang)
        rows.append((fed.name, _kind(fed.kind, lang), column, remark[lang]))
    return Table(caption=said[lang], headers=headers[lang], rows=tuple(rows), lang=lang)
