"""Event logs in tables, one row an event: cases are found among the events, and are what their rows say of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_case_flow.logs import Event, LoggedCase

COLUMNS: Final = {"case": "case:concept:name", "at": "time:timestamp"}
"""What those who write XES as tables call them, pm4py among them."""
UNREADABLE: Final = "not readable in the table of events"
NO_TIME: Final = np.iinfo(np.int64).max


def read_events(
    data: Any,
    *,
    case: Mapping[str, str] | None = None,
    event: Mapping[str, str | None] | None = None,
    closing: tuple[str, Collection[str]] | None = None,
    codes: Mapping[str, Mapping[Any, str | None]] | None = None,
    marks: Mapping[str, Mapping[str, str]] | None = None,
    **mapping: Any,
) -> Any:
    """Return the cases of a table of events as a `casequality` source, with the events as their child table.

    data: whatever `casequality.source` reads more than once: a path, a frame, a table, a list of mappings.
    case, event: the column of each field of `LoggedCase` and of `Event`, such as `case={"case": "Sagsnr"}` and
    `event={"at": "Tidspunkt", "holder": "Aktivitet"}`; "case:concept:name" and "time:timestamp" unless told, and
    `event={"holder": None}` where the log does not say who holds a case. What a column says of a case may stand in one
    of its rows or in all; two that differ are found as a conflict. As `read_xes` does: `received_at` and `decided_at`
    are a case's first and last time unless columns were asked for, and one that is asked for and blank is blank, so
    that the case is open. Neither can be read where an event whose time cannot be read may be it.
    closing: a column, and the activities in it that close a case, such as `("Aktivitet", ["Afgør", "Henlæg"])`: a case
    is decided when the last of them was done, and open while none was.
    codes, marks: by field, of either; mapping: as `casequality.source` takes it, such as zone or dialect.
    Raises `InputError` where a column is not there, and `UsageError` for data that can be read only once.
    """
    refuse_two_ends(closing, case)
    columns = {**COLUMNS, **dict(case or {}), **dict(event or {})}
    of_case = [name for name in case or {} if name != "case"]
    _check("case", of_case, LoggedCase)
    _check("event", event or {}, Event)
    _check("codes and marks", {**(codes or {}), **(marks or {})}, LoggedCase, Event)

    def told(fields: Collection[str]) -> dict[str, Any]:
        """Return what is said of these fields."""
        return {
            name: {field: each for field, each in (said or {}).items() if field in fields}
            for name, said in (("codes", codes), ("marks", marks))
        }

    names = {field: columns[field] for field in Event.fields if field in columns}
    events = cq.source(data, Event, columns=names, **told(Event.fields), **mapping)
    if not events.rereadable:
        raise cq.errors.UsageError(
            cq.errors.Words(
                "A table of events is read twice: for its cases, and for its events",
                "En tabel med hændelser læses to gange: for sagerne og for hændelserne",
            ),
            where=events.name,
            got=cq.errors.Words("data that can be read only once", "data, der kun kan læses én gang"),
            remedy=cq.errors.Words("pass a path, a list or a frame", "angiv en sti, en liste eller en frame"),
        )
    kind = _row_type(of_case, closed=closing is not None)
    names = {"activity": closing[0] if closing else "", **columns}
    names = {field: names[field] for field in kind.fields}
    rows = cq.source(data, kind, columns=names, **told({"at", *of_case}), **mapping)
    return cq.source(
        _cases(rows, of_case, None if closing is None else closing[1]),
        LoggedCase,
        name=events.name,
        children={"events": events},
    )


def _row_type(of_case: Collection[str], *, closed: bool) -> type[cq.Records]:
    """Return what a row says of its case, which is no key here: it stands in as many rows as it has events."""
    fields: dict[str, Any] = {"case": cq.code(missing="none"), "at": cq.instant(missing="none")}
    for name in of_case:
        is_code = LoggedCase.fields[name].column_type.is_code
        fields[name] = cq.code(missing="none") if is_code else cq.instant(missing="none")
    if closed:
        fields["activity"] = cq.code(missing="none")
    return type("EventRow", (cq.Records,), fields, name="event_rows")


def refuse_two_ends(closing: object, case: Mapping[str, str] | None) -> None:
    """Raise `UsageError` where the end of a case is asked for in two ways."""
    if closing is not None and "decided_at" in (case or {}).values() | (case or {}).keys():
        raise cq.errors.UsageError(
            cq.errors.Words("The end of a case is said twice", "En sags slutning er angivet to gange"),
            got=cq.errors.Words("closing= and decided_at", "closing= og decided_at"),
            remedy=cq.errors.Words("leave one of them out", "udelad det ene"),
        )


def _cases(rows: Any, fields: Sequence[str], closing: Collection[str] | None) -> list[dict[str, Any]]:
    """Return the cases that rows of events are of, in the order of their first rows."""
    seen = _Seen()
    for part in rows.reading({"case", "at", *fields, *([] if closing is None else ["activity"])}).parts:
        for block in part.blocks():
            seen.add(block.records, fields, closing)
    found = []
    for place, name in enumerate(seen.places):
        times = {
            "received_at": UNREADABLE if seen.unsure_first[place] else _time(seen.first[place]),
            "decided_at": UNREADABLE if seen.unsure_last[place] else _time(seen.last[place]),
        }
        plain = {"case": name, **times, **dict.fromkeys(fields)}
        told = {field: list(seen.told[place, field]) for field in fields if (place, field) in seen.told}
        # two values of one field make two rows of one case: the library finds them, and sets the case aside
        most = max(map(len, told.values()), default=1)
        found += [
            plain | {field: values[min(row, len(values) - 1)] for field, values in told.items()} for row in range(most)
        ]
    return found


@attrs.define
class _Seen:
    """What was seen of each case: its place, its first and last time in microseconds, and what its rows say of it.

    last: the last time of those activities that close a case, where these are named. unsure_first, unsure_last: whether
    an event whose time nobody can read may be earlier, or later.
    """

    places: dict[str, int] = attrs.field(factory=dict)
    first: npt.NDArray[np.int64] = attrs.field(factory=lambda: np.zeros(0, np.int64))
    last: npt.NDArray[np.int64] = attrs.field(factory=lambda: np.zeros(0, np.int64))
    unsure_first: npt.NDArray[np.bool_] = attrs.field(factory=lambda: np.zeros(0, bool))
    unsure_last: npt.NDArray[np.bool_] = attrs.field(factory=lambda: np.zeros(0, bool))
    told: dict[tuple[int, str], dict[Any, None]] = attrs.field(factory=dict)

    def add(self, rows: Any, fields: Sequence[str], closing: Collection[str] | None) -> None:
        """Add some rows of events; one without a case is told of by the events themselves."""
        place = np.array(
            [-1 if name is None else self.places.setdefault(name, len(self.places)) for name in rows.case.decode()],
            np.intp,
        )
        more = len(self.places) - len(self.first)
        self.first = np.append(self.first, np.full(more, NO_TIME))
        self.last = np.append(self.last, np.full(more, -NO_TIME))
        self.unsure_first = np.append(self.unsure_first, np.zeros(more, bool))
        self.unsure_last = np.append(self.unsure_last, np.zeros(more, bool))
        known, timed, untold = place >= 0, ~np.isnat(rows.at), ~rows.known("at")
        faulty = rows.in_doubt({"at"})
        untold = known & (untold if faulty is None else untold | faulty)
        at, ends, may_end = rows.at.astype(np.int64), known, known
        if closing is not None:
            ends = known & np.isin(np.array(rows.activity.decode(), object), list(closing))
            may_end = ends | (known & rows.activity.missing)
        np.minimum.at(self.first, place[known & timed], at[known & timed])
        np.maximum.at(self.last, place[ends & timed], at[ends & timed])
        self.unsure_first[place[untold]] = True
        self.unsure_last[place[untold & may_end]] = True
        for field in fields:
            self._say(field, place, _values(rows, field))

    def _say(self, field: str, places: npt.NDArray[np.intp], values: Sequence[Any]) -> None:
        for place, value in zip(places.tolist(), values, strict=True):
            if place >= 0 and value is not None:
                self.told.setdefault((place, field), {})[value] = None


def _values(rows: Any, field: str) -> list[Any]:
    """Return what rows say in a field: None for nothing, a text that is no time where they say what none could read."""
    column, doubtful = rows.column(field), rows.in_doubt({field})
    decoded = column.decode() if LoggedCase.fields[field].kind == "code" else [_time(at) for at in column.astype(int)]
    if doubtful is None:
        return list(decoded)
    return [
        UNREADABLE if doubt and value is None else value
        for doubt, value in zip(doubtful.tolist(), decoded, strict=True)
    ]


def _time(microseconds: Any) -> dt.datetime | None:
    """Return a time from microseconds since 1970; None for no time."""
    if abs(int(microseconds)) >= NO_TIME:
        return None
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(microseconds))


def _check(argument: str, given: Collection[str], *records: type[cq.Records]) -> None:
    known = dict.fromkeys(field for each in records for field in each.fields if field != "events")
    if unknown := [field for field in given if field not in known]:
        raise cq.errors.UnknownName(
            cq.errors.Words(
                f"{argument}= names a field that is not there", f"{argument}= nævner et felt, der ikke findes"
            ),
            where="read_events",
            got=", ".join(unknown),
            allowed=known,
            remedy=cq.errors.Words("check the spelling", "kontrollér stavningen"),
        )
