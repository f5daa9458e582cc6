"""Rows that become cases on the way in: spells joined by a policy, units placed in the organisation of a day."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

import casequality as cq
from casequality_case_flow.cases import FlowCase
from casequality_case_flow.organisation import Organisation
from casequality_case_flow.reopened import reopened

KEYS: Final = ("reopened", "organisation", "placed")
OWN_DAY: Final = "own day"
UNREADABLE: Final = ["not readable in the source, or no unit of the organisation"]
"""What no field can read, so that it is found and counted where it is asked for, and its text goes no further."""


class Spell(cq.Records, name="flow_cases"):
    """A row before it is a case: the fields of `FlowCase`, its key in as many rows as the case was open."""

    case = cq.code(missing="none")
    kind = cq.code(unknown="not stated")
    administration = cq.code(unknown="not stated")
    unit = cq.code(unknown="not stated")
    team = cq.code(unknown="not stated")
    caseworker = cq.code(unknown="not stated")
    received_on = cq.day(missing="not stated")
    closed_on = cq.day(missing="still open")
    ending = cq.code("decided", "settled", "withdrawn", "dismissed", unknown="not stated")
    notified_on = cq.day(missing="not notified")
    no_notice_because = cq.code(unknown="not stated")


DAYS: Final = frozenset(("received_on", "closed_on", "notified_on"))


@FlowCase.prepare_by
def prepared(data: Any, prepare: Mapping[str, Any], *, children: Any = None, name: Any = None, **mapping: Any) -> Any:
    """Return cases made of rows; the rows are held in memory, and findings name cases by their place among them.

    prepare: `reopened`, the policy by which several rows of one case become cases, `received_on` being the day on which
    each was opened. `organisation`, its units and changes as tables, or the TOML file that says them. `placed`, the day
    as of which all cases are placed among the units, "own day" unless told.
    Raises `UsageError` and `InputError` for what is asked wrongly, and as `Organisation.of` and `reopened` do.
    """
    if unknown := [key for key in prepare if key not in KEYS]:
        raise cq.errors.UnknownName(
            cq.errors.Words(
                "Cases are prepared in a way that is not known", "Sager forberedes på en måde, der ikke kendes"
            ),
            where="prepare",
            got=unknown[0],
            allowed=KEYS,
            remedy=cq.errors.Words("use one", "brug en"),
        )
    rows = cq.source(data, Spell, **mapping)
    told = {**(mapping.get("columns") or {}), **dict.fromkeys(mapping.get("constants") or {})}
    fields = [
        field
        for field in Spell.fields
        if field in (mapping.get("constants") or {}) or told.get(field, field) in rows.table.columns
    ]
    known = list(_rows(rows, fields))
    if "organisation" in prepare:
        known = _placed(_organisation(prepare["organisation"]), known, prepare.get("placed", OWN_DAY))
    elif "placed" in prepare:
        raise cq.errors.UsageError(
            cq.errors.Words("placed needs an organisation", "placed kræver en organisation"),
            where="prepare",
            remedy=cq.errors.Words("add organisation", "tilføj organisation"),
        )
    below: Any = {field: mapping.get(field) for field in ("zone", "dialect", "repeated_hour") if mapping.get(field)}
    if "reopened" not in prepare:
        lacking = [field for field in FlowCase.fields if field not in known_fields(known) and field not in TABLES]
        columns = dict.fromkeys(lacking)
        return cq.source(known, FlowCase, columns=columns, children=children, name=name or rows.name, **below)
    # with a day that nobody can read, nobody can tell how the rows of a case follow each other
    untold = {row.get("case"): row for row in known if UNREADABLE in (row.get("received_on"), row.get("closed_on"))}
    spells = [{**row, "opened_on": row.get("received_on")} for row in known if row.get("case") not in untold]
    made = reopened(spells, prepare["reopened"])
    rows_of = Counter(row.get("case") for row in known)
    # of a case with several rows nor can anybody tell which of them ended it
    cases = (
        *made.cases,
        *(
            {
                **row,
                **dict.fromkeys(("received_on", "closed_on") if rows_of[case] > 1 else ("received_on",), UNREADABLE),
            }
            for case, row in untold.items()
        ),
    )
    return attrs.evolve(made, cases=cases).source(children=children or {}, name=name or rows.name, **below)


TABLES: Final = frozenset(field for field, each in FlowCase.fields.items() if each.records is not None)


def known_fields(rows: list[dict[str, Any]]) -> set[str]:
    """Return the fields that rows have."""
    return set(rows[0]) if rows else set(FlowCase.fields)


def _day(value: Any) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _rows(source: Any, fields: list[str]) -> Iterator[dict[str, Any]]:
    for part in source.reading(set(fields)).parts:
        for block in part.blocks():
            columns = [_cells(block.records, field) for field in fields]
            yield from (dict(zip(fields, row, strict=True)) for row in zip(*columns, strict=True))


def _cells(records: Any, field: str) -> list[Any]:
    column, doubtful = records.column(field), records.in_doubt({field})
    values = column.tolist() if field in DAYS else list(column.decode())
    if doubtful is None:
        return values
    return [UNREADABLE if doubt else value for doubt, value in zip(doubtful.tolist(), values, strict=True)]


def _organisation(said: Any) -> Organisation:
    where = "organisation"
    if not isinstance(said, Mapping):
        where = Path(said).name
        try:
            said = tomllib.loads(Path(said).read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as fault:
            raise cq.errors.InputError(
                cq.errors.Words("An organisation cannot be read", "Organisationen kan ikke læses"),
                where=where,
                got=type(fault).__name__,
                remedy=cq.errors.Words(
                    "write a TOML file with [[units]] and [[changes]]", "skriv en TOML-fil med [[units]] og [[changes]]"
                ),
            ) from None
    if unknown := [key for key in said if key not in ("units", "changes")]:
        raise cq.errors.UnknownName(
            cq.errors.Words("A key of the organisation is not known", "Organisationen har en ukendt nøgle"),
            where=where,
            got=unknown[0],
            allowed=("units", "changes"),
            remedy=cq.errors.Words("use one of these", "brug en af disse"),
        )
    return Organisation.of(said.get("units", ()), said.get("changes", ()))


def _placed(known: Organisation, rows: list[dict[str, Any]], day: Any) -> list[dict[str, Any]]:
    """Return rows with the administration, unit and team of each; a unit that is none can be read by nobody."""
    as_of = None if day == OWN_DAY else day
    if as_of is not None and not isinstance(as_of, dt.date):
        try:
            as_of = dt.date.fromisoformat(as_of)
        except (TypeError, ValueError):
            raise cq.errors.UsageError(
                cq.errors.Words(
                    "The day as of which cases are placed is none", "Den dag, sager placeres pr., er ikke en dag"
                ),
                where="prepare, placed",
                got=as_of,
                allowed=cq.errors.Words(
                    f'"{OWN_DAY}", or a day such as 2010-06-01', f'"{OWN_DAY}" eller en dag som 2010-06-01'
                ),
            ) from None
    plain = [
        {field: None if value is UNREADABLE else value for field, value in row.items()}
        | {"on": _day(row.get("received_on"))}
        for row in rows
    ]
    found = []
    for row, placed in zip(rows, known.placed(plain, on="on", as_of=as_of).rows, strict=True):
        levels = {field: placed[field] for field in ("administration", "unit", "team")}
        if placed["administration"] is None and row.get("unit") is not None:
            levels = dict.fromkeys(levels, UNREADABLE)
        found.append({**row, **levels})
    return found
