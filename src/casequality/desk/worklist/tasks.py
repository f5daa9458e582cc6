"""What a worklist shows: each open case, why it is on the list and what next, as table, sheet, calendar or data."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import attrs

from casequality.deadlines import spoken
from casequality.errors import LANGUAGES, UnknownName, UsageError, Words
from casequality.reports import Cell, Table, frame, workbook
from casequality.showing import Showable, TextTable

LABELS: Final[Mapping[str, Words]] = {
    "unit": Words("Unit", "Enhed"),
    "team": Words("Team", "Team"),
    "kind": Words("Case type", "Sagstype"),
}
"""By what a list is told apart, in codes that the project file names for each source."""

REASONS: Final[Mapping[str, Words]] = {
    "promise broken": Words("the promised day has passed", "den lovede dato er overskredet"),
    "overdue without notice": Words(
        "the deadline has passed and the citizen has not been told in time",
        "fristen er overskredet, og borgeren er ikke underrettet i tide",
    ),
    "told without a date": Words(
        "the citizen was told, but not when to expect a decision",
        "borgeren er underrettet, men ikke om, hvornår afgørelsen kan ventes",
    ),
    "promise near": Words("the promised day is near", "den lovede dato nærmer sig"),
    "overdue, told in time": Words(
        "the deadline has passed; the citizen was told in time",
        "fristen er overskredet; borgeren er underrettet i tide",
    ),
    "overdue": Words("the deadline has passed", "fristen er overskredet"),
    "due soon": Words("the deadline is near", "fristen nærmer sig"),
    "breach": Words("a goal counts the case as a breach", "et mål tæller sagen som en overskridelse"),
}
"""Why a case is on the list, what most needs doing first: where two metrics differ, the first holds."""

STEPS: Final[Mapping[str, Words]] = {
    "decide": Words("decide or answer by {day}", "afgør eller besvar senest {day}"),
    "decide at once": Words("decide or answer at once", "afgør eller besvar straks"),
    "notify": Words(
        "decide by {day}, or tell the citizen in writing before it has passed when to expect a decision",
        "afgør senest {day}, eller underret inden da borgeren skriftligt om, hvornår afgørelsen kan ventes",
    ),
    "notify at once": Words(
        "tell the citizen in writing at once when to expect a decision",
        "underret straks borgeren skriftligt om, hvornår afgørelsen kan ventes",
    ),
    "give a date": Words(
        "decide by {day}, or tell the citizen in writing before it has passed on which day to expect a decision",
        "afgør senest {day}, eller giv inden da borgeren en skriftlig dato for afgørelsen",
    ),
    "keep the promise": Words(
        "decide by {day}, as promised, or tell the citizen of a new date before it has passed",
        "afgør senest {day}, som lovet, eller giv inden da borgeren en ny dato",
    ),
    "new date at once": Words("tell the citizen of a new date at once", "giv straks borgeren en ny dato"),
}
"""What is to be done next; `day` is the last day on which it is in time."""

CAPTION: Final = Words("Open cases, soonest due first", "Åbne sager, tidligste frist først")
HEADERS: Final = Words(
    "Source|Case|Row|Due|Promised|Working days left|Why|Next step|Breach in",
    "Kilde|Sag|Række|Frist|Lovet|Arbejdsdage tilbage|Hvorfor|Næste skridt|Overskridelse i",
)


@attrs.frozen(kw_only=True)
class Task:
    """One open case: which, when it is due, how many working days are left (negative: overdue), why, and what next.

    row: its number in the source, or in its `file` where the source has several; key: None where it has none.
    working_days_left: None where the calendar does not reach the due day. promised: the last day that the citizen was
    promised. step: a name of `STEPS`; act_by: the last day on which it is in time, the as-of's own day where it already
    should have been taken.
    goals: those that ask for the case. breaches: those of them that count it as a breach; a goal that counts closed
    cases counts it once it has closed. unit, team, kind: None where the source or its project does not say.
    """

    source: str
    metric: str
    row: int
    file: str | None
    key: int | str | None
    due: dt.date
    working_days_left: int | None
    reason: str
    overdue: bool
    promised: dt.date | None = None
    step: str
    act_by: dt.date
    goals: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()
    unit: str | None = None
    team: str | None = None
    kind: str | None = None

    def why(self, lang: str = "en") -> str:
        """Return the reason as a sentence."""
        return REASONS[self.reason][lang]

    def next_step(self, lang: str = "en") -> str:
        """Return what is to be done next, and by when."""
        return STEPS[self.step][lang].format(day=spoken(self.act_by)[lang])

    def called(self, lang: str = "en") -> str:
        """Return what the list calls the case: its key, or its row where it has none."""
        place = f"{self.source}, {self.file}" if self.file else self.source
        return f"{place}, {Words('row', 'række')[lang]} {self.row}" if self.key is None else str(self.key)

    def to_dict(self) -> dict[str, Any]:
        """Return the task as plain data, with its reason and next step as sentences in English and Danish."""
        told = {f"why_{lang}": self.why(lang) for lang in LANGUAGES}
        told |= {f"next_{lang}": self.next_step(lang) for lang in LANGUAGES}
        held = {name: getattr(self, name) for name in ("due", "promised", "act_by")}
        days = {name: day.isoformat() if day else None for name, day in held.items()}
        return {**attrs.asdict(self), "goals": list(self.goals), "breaches": list(self.breaches), **days, **told}


@attrs.frozen
class Worklist(Showable):
    """Open cases in the order in which they are due, as seen at a moment.

    labels: by unit, team and kind, the labels that the sources have; no such entry where no source names a code for it.
    doubtful: by source, how many rows may be open cases and could not be read well enough to tell.
    """

    tasks: tuple[Task, ...]
    seen: dt.datetime
    labels: Mapping[str, frozenset[str]] = attrs.field(factory=dict)
    doubtful: Mapping[str, int] = attrs.field(factory=dict)

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)

    def of(self, **wanted: Collection[str]) -> Worklist:
        """Return the tasks of some units, teams or kinds: `of(team=["Nord"])`; raise for a label that no source has."""
        kept = self.tasks
        for name, labels in wanted.items():
            if name not in self.labels:
                raise UsageError(
                    "A list is not told apart by this",
                    got=name,
                    allowed=tuple(self.labels) or "none",
                    remedy=f'name the code under the source in the project file: worklist = {{ {name} = "..." }}',
                )
            if unknown := sorted(set(labels) - self.labels[name]):
                raise UnknownName(
                    "No source has such a label",
                    where=name,
                    got=", ".join(unknown),
                    allowed=sorted(self.labels[name]),
                    remedy="use one of these",
                )
            kept = tuple(task for task in kept if getattr(task, name) in labels)
        return attrs.evolve(self, tasks=kept)

    def nowhere(self, name: str) -> int:
        """Return how many tasks have no unit, no team or no kind: they are on the list of none."""
        return sum(getattr(task, name) is None for task in self.tasks)

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the tasks as plain data."""
        return [task.to_dict() for task in self.tasks]

    def to_frame(self, backend: str = "pandas") -> Any:
        """Return the tasks as a frame of pandas, polars or pyarrow."""
        return frame(self.to_dict(), backend)

    def table(self, lang: str = "da") -> Table:
        """Return a row a task; columns of unit, team and case type where a source names codes for them."""
        return Table(caption=CAPTION[lang], headers=self._headers(lang), rows=tuple(self._rows(lang)), lang=lang)

    def text_table(self, lang: str) -> TextTable:
        """Return the table, as it shows itself."""
        return self.table(lang).text_table()

    def to_csv(self, lang: str = "da") -> bytes:
        """Return the table as CSV that Excel opens: in UTF-8 with its mark, in Danish with semicolons."""
        return self.table(lang).csv().encode("utf-8-sig")

    def to_xlsx(self, lang: str = "da") -> bytes:
        """Return the table as a workbook with a filter on each column; see `workbook`."""
        return workbook({Words("Worklist", "Arbejdsliste")[lang]: [self.table(lang)]}, self.seen)

    def to_ical(self, lang: str = "da") -> bytes:
        """Return a calendar (RFC 5545) with a whole day for each task: that on which its next step is due.

        A case keeps its event from one list to the next. What is shown of a case is its key, as in the list.
        """
        stamp = f"{self.seen.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//casequality//worklist//EN", "METHOD:PUBLISH"]
        for task in self.tasks:
            lines += [
                "BEGIN:VEVENT",
                f"UID:{_uid(task)}",
                f"DTSTAMP:{stamp}",
                f"DTSTART;VALUE=DATE:{task.act_by:%Y%m%d}",
                f"SUMMARY:{_escaped(f'{task.called(lang)}: {task.why(lang)}')}",
                f"DESCRIPTION:{_escaped(task.next_step(lang))}",
                "TRANSP:TRANSPARENT",
                "END:VEVENT",
            ]
        return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()

    def _headers(self, lang: str) -> tuple[str, ...]:
        source, case, row, *rest = HEADERS[lang].split("|")
        return source, case, row, *(words[lang] for name, words in LABELS.items() if name in self.labels), *rest

    def _rows(self, lang: str) -> Iterator[tuple[Cell, ...]]:
        for task in self.tasks:
            yield (
                f"{task.source}, {task.file}" if task.file else task.source,
                None if task.key is None else str(task.key),
                task.row,
                *(getattr(task, name) for name in LABELS if name in self.labels),
                task.due,
                task.promised,
                task.working_days_left,
                task.why(lang),
                task.next_step(lang),
                ", ".join(task.breaches),
            )


def _uid(task: Task) -> str:
    """Return what stays the same as long as the case is on the list for the same first goal."""
    case = [task.file, task.row] if task.key is None else [task.key]
    told = "\0".join(map(str, [task.source, *case, *task.goals[:1]]))
    return f"{hashlib.sha256(told.encode()).hexdigest()[:32]}@casequality"


def _escaped(text: str) -> str:
    for plain in "\\;,":
        text = text.replace(plain, f"\\{plain}")
    lines = "\\n".join(text.splitlines())
    return "".join("\ufffd" if unicodedata.category(letter) == "Cc" else letter for letter in lines)


def _folded(line: str) -> str:
    """Return a line of a calendar in pieces of at most 75 bytes, no letter cut."""
    pieces, size = [""], 0
    for letter in line:
        taken = len(letter.encode())
        if size + taken > 75:
            pieces.append(" ")
            size = 1
        pieces[-1] += letter
        size += taken
    return "\r\n".join(pieces)
