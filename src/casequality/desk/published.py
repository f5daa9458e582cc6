"""The deadlines that a municipality sets itself and publishes: read from its own table, checked, kept and compared.

Retssikkerhedsloven, section 3(2): the council sets a deadline for each area, from the receipt of an application to the
decision, and publishes them.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np

from casequality.citation import Citation, Dated, Entry
from casequality.days import NO_DAY, as_of_day
from casequality.deadlines import Schedule, Term, template
from casequality.deadlines.counting.units import TERM_UNITS
from casequality.desk.results import record_keys
from casequality.errors import CaseQualityError, InputError, MissingColumn
from casequality.files import check_digest, read_bytes, with_digest
from casequality.privacy import personal
from casequality.records import Codes, Dialect, Records, code, day, key, source
from casequality.reports import Table, own_deadlines_page

SCHEMA: Final = "casequality/own-deadlines/1"
LAW: Final = "social/decide"
"""The template of section 3(2): what starts the clock, and the written notice that a late decision owes."""

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("område", "forvaltningsområde", "area"),
    "subject": ("sagstype", "emne", "ydelse", "ansøgning", "sagsområde", "subject"),
    "law": ("lov", "lovgrundlag", "law"),
    "section": ("paragraf", "§", "section"),
    "term": ("frist", "svarfrist", "sagsbehandlingsfrist", "sagsbehandlingstid", "term"),
    "since": ("gælder fra", "gyldig fra", "fra", "valid from", "since"),
    "until": ("gælder til", "gyldig til", "til", "valid to", "until"),
}
"""How tables name the columns; the first of each is how a list is written."""
SHORT: Final = {"mdr.": "months", "mdr": "months", "md.": "months", "dg.": "days", "dage": "days", "dag": "days"}


class OwnRow(Records, name="own_deadlines"):
    """One line of a municipality's table: a type of case, its law, and how long a decision may take from when on."""

    area = code()
    subject = code()
    law = code()
    section = code(missing="no section given")
    term = code()
    since = day(planned=True)
    until = day(missing="no last day", planned=True)


class TouchedCase(Records, name="cases_with_deadlines"):
    """One case that a changed deadline may touch; subject is written as in the table."""

    case = key()
    subject = code(unknown="not stated")
    received_on = day()
    decided_on = day(missing="not decided")


@attrs.frozen(kw_only=True)
class OwnDeadline:
    """The deadline of one type of case, with each term that it has had, and the law that the case is decided by."""

    area: str
    subject: str
    law: str
    section: str
    terms: Dated[Term]

    def stretches(self) -> Iterator[tuple[dt.date, dt.date | None, Term]]:
        """Yield each term with its first and last day, None for no last day."""
        for entry, following in pairwise([*self.terms, None]):
            if entry is not None and entry.value is not None:
                yield entry.since, following and following.since - dt.timedelta(days=1), entry.value


@attrs.frozen(kw_only=True)
class OwnDeadlines:
    """A municipality's own deadlines with the decision that set them.

    decision: the title, number and day of what the council decided; `adopted` is its day.
    """

    municipality: str
    decision: Citation
    deadlines: tuple[OwnDeadline, ...]

    def schedule(self, id: str = "local/own-deadlines") -> Schedule:
        """Return them as deadlines by type of case, counted from receipt, with the notice that the law asks for."""
        title = {"en": "The municipality's own deadlines", "da": "Kommunens egne frister"}
        return template(LAW).schedule(id, {each.subject: each.terms for each in self.deadlines}, title=title)

    def in_force(self, on: dt.date) -> Iterator[tuple[OwnDeadline, Term, dt.date, tuple[dt.date, Term] | None]]:
        """Yield what holds on a day: the deadline, its term, from when, and the next change that is decided."""
        for each in self.deadlines:
            stretches = list(each.stretches())
            later = next(((since, term) for since, _, term in stretches if since > on), None)
            for since, until, term in stretches:
                if since <= on <= (until or on):
                    yield each, term, since, later

    def to_dict(self) -> dict[str, Any]:
        """Return the whole list as plain data, as `kept_deadlines` reads it."""
        return {
            "schema": SCHEMA,
            "municipality": self.municipality,
            "decision": self.decision.to_dict(),
            "law": template(LAW).source.to_dict(),
            "deadlines": [
                {
                    "area": each.area,
                    "subject": each.subject,
                    "law": each.law,
                    "section": each.section,
                    "term": str(term),
                    "said": term.words.to_dict(),
                    "since": since.isoformat(),
                    "until": until and until.isoformat(),
                }
                for each in self.deadlines
                for since, until, term in each.stretches()
            ],
        }

    def to_json(self) -> str:
        """Return `to_dict` as indented JSON."""
        return json.dumps(with_digest(self.to_dict()), ensure_ascii=False, indent=2) + "\n"

    def to_csv(self) -> str:
        """Return the list as Danish CSV, semicolons between, which reads as the table that it came from."""
        rows = [
            (
                each.area,
                each.subject,
                each.law,
                each.section,
                _danish(term),
                f"{since:%d-%m-%Y}",
                f"{until:%d-%m-%Y}" if until else "",
            )
            for each in self.deadlines
            for since, until, term in each.stretches()
        ]
        heads = tuple(names[0] for names in HEADINGS.values())
        return Table(caption="", headers=heads, rows=tuple(rows), lang="da").csv()

    def to_html(self, on: dt.date) -> str:
        """Return the public page of what holds on a day: one file in Danish, readable without colour, mouse or script.

        Needs jinja2: `pip install 'casequality[report]'`.
        """
        listed = sorted(self.in_force(on), key=lambda held: (held[0].area, held[0].subject))
        areas = [(area, list(held)) for area, held in groupby(listed, key=lambda held: held[0].area)]
        adopted = self.decision.adopted if isinstance(self.decision.adopted, dt.date) else None
        decision = self.decision.in_language("da")
        return own_deadlines_page(
            municipality=self.municipality, decision=decision, adopted=adopted, on=on, areas=areas
        )


def read_own_deadlines(
    path: Path | str,
    *,
    municipality: str,
    decision: Citation,
    columns: Mapping[str, str | None] | None = None,
    dialect: Dialect | None = None,
    sheet: str | None = None,
    header: int | str | None = None,
) -> OwnDeadlines:
    """Return the deadlines of a table, CSV or Excel, every fault of it named by its row and column.

    columns: the table's heading of each field where it is none of `HEADINGS`. dialect: how a CSV file is written, found
    from the file unless told. A row for each term of a type of case: the next one ends the one before it.
    """
    dialect = dialect or dialect_of(Path(path))
    asked: dict[str, Any] = {"dialect": dialect, "sheet": sheet, "header": header}
    given = source(str(path), OwnRow, **asked).table.columns
    mapped = {**_headings(given), **(columns or {})}
    lacking = [names[0] for field, names in HEADINGS.items() if field not in mapped]
    if lacking:
        raise MissingColumn(
            "The table lacks a column",
            where=str(path),
            got=f"{len(given)} columns",
            allowed=lacking,
            remedy="name the columns so, or say which heading is which: columns={'term': 'Svarfrist'}",
        )
    rows, faults = _rows(path, mapped, asked)
    found = _joined(rows, faults)
    if faults:
        shown = [f"row {row}, {HEADINGS[field][0]}: {fault}" for row, field, fault in sorted(faults)[:20]]
        raise InputError(
            "Some rows of the table cannot be published",
            where=str(path),
            got="\n           ".join([f"{len(faults)} faults", *shown]),
            remedy="mend these rows; nothing is published before all of them are understood",
        )
    return OwnDeadlines(municipality=municipality, decision=decision, deadlines=found)


def kept_deadlines(path: Path | str) -> OwnDeadlines:
    """Return the list that `OwnDeadlines.to_json` wrote."""
    whole = read_bytes(path, "list of deadlines")
    try:
        plain = check_digest(json.loads(whole))
        if plain["schema"] != SCHEMA:
            raise ValueError
        decision = Citation(**{**plain["decision"], "adopted": _iso(plain["decision"].get("adopted"))})
        days = [{**each, "since": _iso(each["since"]), "until": _iso(each["until"])} for each in plain["deadlines"]]
        faults: list[tuple[int, str, str]] = []
        found = _joined([*enumerate(days, 1)], faults)
        if faults:
            raise ValueError
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, CaseQualityError):
        raise InputError(
            "This is no list of deadlines that was kept",
            where=str(path),
            allowed=f"JSON of the form {SCHEMA}",
            remedy="give the file that `casequality deadlines publish --data list.json` wrote",
        ) from None
    return OwnDeadlines(municipality=plain["municipality"], decision=decision, deadlines=found)


@attrs.frozen(kw_only=True)
class Touched:
    """An open case whose last day to decide is another one under a changed list; None for no deadline."""

    case: int | str
    subject: str
    due_before: dt.date | None
    due_after: dt.date | None

    def to_dict(self) -> dict[str, Any]:
        """Return the case as plain data."""
        before, after = (due and due.isoformat() for due in (self.due_before, self.due_after))
        return {"case": self.case, "subject": self.subject, "due_before": before, "due_after": after}


def touched(
    before: OwnDeadlines, after: OwnDeadlines, cases: Any, *, as_of: dt.date | str, **read: Any
) -> list[Touched]:
    """Return the open cases of a source that a change of the list touches, those due first under the new list first.

    cases: what `casequality.measure` takes, with the columns case, subject, received_on and decided_on; `read` is how,
    such as columns= and dialect=. A case counts from its receipt under the term then in force, so a term that holds
    from a later day touches only what comes after it. Rows that cannot be read are an error, not left out.
    """
    seen = as_of_day(as_of, "Europe/Copenhagen")
    rules = before.schedule("before"), after.schedule("after")
    found: list[Touched] = []
    for part in source(cases, TouchedCase, **read).reading([*TouchedCase.fields]).parts:
        for block in part.blocks():
            if block.findings:
                raise InputError(
                    "Some cases cannot be read",
                    got=", ".join(sorted({f"{each.column}: {each.fault}" for each in block.findings.items})),
                    remedy="mend them: a case that is left out could be one that the change touches",
                )
            records: Any = block.records
            subject: Codes = records.subject
            known = np.where(records.decided_on < np.datetime64(seen.known_before), records.decided_on, NO_DAY)
            waiting = np.isnat(known) & (records.received_on < np.datetime64(seen.known_before))
            was, now = (rule.due(records.received_on, subject.labels, subject.indices) for rule in rules)
            moved = np.flatnonzero(waiting & (was.view(np.int64) != now.view(np.int64)))
            for at, name in zip(moved.tolist(), record_keys(records, moved), strict=True):
                label = subject.labels[int(subject.indices[at]) - 1]
                found.append(
                    Touched(case=name or "", subject=label, due_before=was[at].item(), due_after=now[at].item())
                )
    return sorted(found, key=lambda each: (each.due_after or dt.date.max, str(each.case)))


def _headings(given: Any) -> dict[str, str | None]:
    """Return the column of each field by what tables usually call it; a list without last days has none."""
    plain = {str(column).strip().casefold(): column for column in given}
    found: dict[str, str | None] = {
        field: plain[name] for field, names in HEADINGS.items() for name in reversed(names) if name in plain
    }
    return {"until": None, **found}


Row = tuple[int, Mapping[str, Any]]
Fault = tuple[int, str, str]


def _rows(
    path: Path | str, columns: Mapping[str, str | None], asked: Mapping[str, Any]
) -> tuple[list[Row], list[Fault]]:
    """Return every row by its number, and what of the others cannot be read."""
    rows: list[Row] = []
    faults: list[Fault] = []
    fields = {column: field for field, column in columns.items()}
    for part in source(str(path), OwnRow, columns=columns, **asked).reading([*OwnRow.fields]).parts:
        for block in part.blocks():
            for each in block.findings.items:
                faults += [(int(row), fields.get(each.column, "area"), each.fault) for row in each.rows]
            records: Any = block.records
            for at, number in enumerate(np.asarray(block.rows).tolist()):
                said = {
                    name: _label(records.column(name), at) for name in ("area", "subject", "law", "section", "term")
                }
                days = {name: records.column(name)[at].item() for name in ("since", "until")}
                if days["since"] is None:
                    faults.append((number, "since", "missing value"))
                else:
                    rows.append((number, {**said, **days}))
    return rows, faults


def _label(codes: Codes, at: int) -> str:
    index = int(codes.indices[at])
    return codes.labels[index - 1] if index else ""


def _joined(rows: Iterable[Row], faults: list[Fault]) -> tuple[OwnDeadline, ...]:
    """Return a deadline for each type of case, with its terms in order; note what contradicts itself."""
    by_subject: dict[str, list[Row]] = {}
    for number, row in rows:
        faults += [(number, name, f"it holds {held[0]}") for name in row if (held := personal(str(row[name])))]
        by_subject.setdefault(row["subject"], []).append((number, row))
    found = []
    for subject, mine in by_subject.items():
        first = mine[0][1]
        other = [number for number, row in mine if (row["area"], row["law"]) != (first["area"], first["law"])]
        faults += [
            (number, "subject", "the same type of case stands under another area or law too") for number in other
        ]
        entries = _terms(sorted(mine, key=lambda each: (each[1]["since"], each[0])), faults)
        if entries:
            kept = {name: first[name] for name in ("area", "law", "section")}
            found.append(OwnDeadline(subject=subject, terms=Dated(tuple(entries)), **kept))
    return tuple(found)


def _terms(rows: list[Row], faults: list[Fault]) -> list[Entry[Term]]:
    """Return the terms of the rows of one type of case, which are in order of their first day."""
    entries: list[Entry[Term]] = []
    for number, row in rows:
        since, until = row["since"], row["until"]
        if entries and entries[-1].value is None and entries[-1].since == since:
            entries.pop()
        if entries and since <= entries[-1].since:
            faults.append((number, "since", "another row of the same type of case holds on that day"))
        elif until and until < since:
            faults.append((number, "until", "it ends before it begins"))
        else:
            try:
                entries.append(Entry(since, term_of(row["term"])))
            except CaseQualityError as fault:
                faults.append((number, "term", fault.what))
                continue
            entries += [Entry(until + dt.timedelta(days=1), None)] if until else []
    return entries


def term_of(text: str) -> Term:
    """Return the term that a table says in Danish or English: "4 uger", "10 arbejdsdage", "3 mdr.".

    >>> str(term_of("4 uger")), str(term_of("3 mdr."))
    ('4 weeks', '3 months')
    """
    amount, _, unit = " ".join(text.split()).partition(" ")
    units = {words: each.name for each in TERM_UNITS.values() for words in (each.one.da, each.more.da)}
    return Term.parse(f"{amount} {units.get(unit.casefold()) or SHORT.get(unit.casefold()) or unit}")


def _danish(term: Term) -> str:
    """Return a term so that `term_of` reads it back."""
    unit = term.counted_in
    plain = str(term) == f"{term.amount} {(unit.one if term.amount == 1 else unit.more).en}"
    return term.words.da if plain else str(term)


def dialect_of(path: Path) -> Dialect:
    """Return how a text file is written: its letters, its marks between cells and its days, as far as it shows them."""
    if path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        return Dialect(day="dd-mm-yyyy")
    content = read_bytes(path, "A table of deadlines")
    try:
        text, encoding = content.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        text, encoding = content.decode("iso-8859-1"), "iso-8859-1"
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    day = "yyyy-mm-dd" if re.search(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)", text) else "dd-mm-yyyy"
    return Dialect(delimiter=delimiter, decimal=",", day=day, encoding=encoding)


def _iso(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
