"""Goal files: TOML in, goals out, all faults of a file raised together; and who gets which figures and when."""

from __future__ import annotations

import datetime as dt
import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs

from casequality.citation import NOT_IN_SOURCE, Citation
from casequality.days import Period, months_after, period
from casequality.errors import CaseQualityError, GoalError, UnknownName, Words, raise_together
from casequality.goals.definition import (
    AGGREGATES,
    AIMS,
    EXAMPLES,
    RHYTHMS,
    Dropped,
    Due,
    Goal,
    GoalSet,
    HowOften,
    NotSupplied,
    ReportTo,
    SeriesBreak,
    parse_target,
)
from casequality.goals.gaps import GoalTable, open_because
from casequality.toml import day, mapping, one_of, parse_toml, read_toml, text, text_or_words, texts, words

CITATION_KEYS: Final = tuple(field.name for field in attrs.fields(Citation))
MONTHS: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
ONE_DAY: Final = dt.timedelta(days=1)


@attrs.frozen
class Recipient:
    """One who gets figures, with every report that it gets."""

    name: str
    due: tuple[Due, ...]

    def fits(self, judged: Period) -> bool:
        """Say whether figures of such a period are those that it gets."""
        rhythms = ("continuous", NOT_IN_SOURCE, judged.kind)
        return any(each.every in rhythms or judged in each.covers.values() for each in self.due)

    def subject(self, judged: Period) -> Words | None:
        """Return what the report on a period is called, None where the calendar does not say."""
        fitting = (each for each in self.due if judged in each.covers.values() or each.every == judged.kind)
        own = (each for each in self.due if each.own)
        return next((each.what for each in (*fitting, *own) if each.what), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the name and the rhythms as plain data."""
        return {"to": self.name, "every": [each.every for each in self.due]}


def recipients(goal_sets: Sequence[GoalSet]) -> tuple[Recipient, ...]:
    """Return everybody who gets a goal, with the reports of the calendar, or else as often as their goals say.

    Whom a goal names comes first, then whom the calendar gives some of the goals.
    """
    named = [goal.report for each in goal_sets for goal in each.goals if goal.report]
    calendar = dict.fromkeys(due for each in goal_sets for due in each.due)
    given = {name for each in goal_sets for name in (each.id, *(goal.id for goal in each.goals))}
    listing = [due.to for due in calendar if due.to != NOT_IN_SOURCE and given.intersection(due.goals)]
    found = []
    for name in dict.fromkeys((*(report.to for report in named), *listing)):
        due = [each for each in calendar if each.to == name]
        listed = {each.every for each in due}
        own = [report.every for report in named if report.to == name and report.every not in listed]
        found.append(Recipient(name, (*due, *(Due(to=name, every=every) for every in dict.fromkeys(own)))))
    return tuple(found)


def goals_for(goal_sets: Sequence[GoalSet], name: str | None) -> tuple[Recipient | None, tuple[GoalSet, ...]]:
    """Return a recipient and the goals that it gets; sets of which it gets none are left out, whatever they lack.

    name: None for no recipient and all goals. Raises `UnknownName` for one whom no goal names.
    """
    if name is None:
        return None, tuple(goal_sets)
    known = {each.name: each for each in recipients(goal_sets)}
    if name not in known:
        close = difflib.get_close_matches(name, known, 1)
        raise UnknownName(
            "No goal is reported to this recipient",
            got=name,
            allowed=tuple(known) or "none",
            remedy=f"did you mean {close[0]}?" if close else 'say it in a goal: report = { to = "..." }',
        )
    kept = [attrs.evolve(each, goals=tuple(_given(each, known[name]))) for each in goal_sets]
    return known[name], tuple(each for each in kept if each.goals)


def _given(goals: GoalSet, recipient: Recipient) -> Iterator[Goal]:
    """Yield the goals of a set that a recipient gets: of its own records alone where the calendar says so."""
    for goal in goals.goals:
        listed = [due for due in recipient.due if {goals.id, goal.id}.intersection(due.goals)]
        if goal.report and goal.report.to == recipient.name:
            yield goal
        elif listed:
            own = {due.own: (recipient.name,) for due in listed if due.own}
            yield attrs.evolve(goal, where={**goal.where, **own})


def next_due(due: Due, day: dt.date) -> tuple[dt.date | None, Period | None]:
    """Return the first day of the month in which a report is next due, and the period that it is on.

    The month is None where nobody says one; the period, the last of its kind that has then ended, where the figures
    are followed all the time or the source says none.
    """
    if due.every == "continuous" or due.every == "not in the source":
        return None, None
    size = MONTHS[due.every]
    first = due.first.month % size if due.first else 0
    months = due.months or [month for month in range(1, 13) if due.first and month % size == first]
    start = max(day, due.first or day).replace(day=1)
    ahead = [months_after(start, count) for count in range(12)]
    month = next((each for each in ahead if each.month in months), None)
    if due.covers:
        return month, due.covers.get(month) if month else None
    ends_before = month or day
    passed = Period(months_after(ends_before.replace(day=1), -2 * size), ends_before).parts(due.every)
    return month, [each for each in passed if each.kind == due.every][-1]


def read_due(table: GoalTable) -> tuple[Due, ...] | None:
    """Read one report of a calendar, to each who gets it; what else its file says of it is not asked here."""
    to = table.needed("to", texts, 'name the committee: to = "Økonomiudvalget"')
    rhythms: tuple[HowOften, ...] = (*RHYTHMS, "not in the source")
    every = table.needed("every", one_of(*rhythms), f"write one of {', '.join(rhythms)}")
    what, first = table.optional("what", words), table.optional("from", _first_of_month)
    months = table.optional("months", _months) or ()
    covers = table.optional("covers", _covers) or {}
    about, own = table.optional("goals", texts) or (), table.optional("own", text) or ""
    if not to or not every:
        return None
    said = Due(to="", every=every, what=what, months=months, first=first, covers=covers, goals=about, own=own)
    return tuple(attrs.evolve(said, to=each) for each in to)


def _covers(value: Any) -> dict[dt.date, Period]:
    return {_first_of_month(month): period(covered) for month, covered in mapping(text)(value).items()}


def _first_of_month(value: Any) -> dt.date:
    return period(text(value)).first


def _months(value: Any) -> tuple[int, ...]:
    if isinstance(value, list | tuple) and value and all(month in range(1, 13) for month in value):
        return tuple(value)
    raise GoalError("Months of the year are needed", got=value, remedy="write months = [1, 8] for January and August")


T = TypeVar("T")

SET_KEYS = ("id", "title", "basis", "changes", "reports", "series_breaks", "goal", "not_supplied", "dropped")
GOAL_KEYS = tuple(field.name for field in attrs.fields(Goal))
WAYS = Words(
    "pooled: the records of all parts are judged together, so that a part weighs as many records as it has; "
    "each: every part must meet the target, so that the worst decides; "
    "mean: the mean of the parts' figures is judged, so that every part weighs the same",
    "pooled: alle deles registreringer bedømmes under ét, så en del vejer efter sit antal; "
    "each: hver del skal opfylde målet, så den dårligste afgør det; "
    "mean: gennemsnittet af delenes tal bedømmes, så alle dele vejer lige meget",
)
"""How parts make a verdict, each with what follows from it."""
UNJOINED = Words(
    "The goal does not say how its parts make a verdict over a longer period",
    "Målet siger ikke, hvordan dets dele bedømmes under ét over en længere periode",
)
ADD_WAY = Words('add aggregate = "..." with one of these', 'tilføj aggregate = "..." med en af dem')
METRIC = Words(
    'name a metric: metric = "contact-centre.mean-wait"', 'nævn en måling: metric = "contact-centre.mean-wait"'
)
SOURCE = Words(
    "name the source of the project that the goal is measured on", "nævn den datakilde i projektet, målet måles på"
)
TARGET = Words(f"write one of {EXAMPLES}", f"skriv en af {EXAMPLES}")


def parse_goals(source: Path | str) -> GoalSet:
    """Return the goals of a TOML file, or of TOML text; a text that ends with ".toml" is the path of a file.

    A goal set's id is what `id` says, else the file's name. A goal without a basis has that of its set; series
    breaks of the set hold for all its goals. `changes` names a TOML file beside it, of whose [[change]] tables series
    breaks may give the `id` instead of saying the break again; `reports` one whose [[due]] tables say who gets which
    report, and how often. Raises `GoalError` or, for more than one fault,
    `SeveralErrors`; `InputError` where a file cannot be read or is not TOML.
    """
    path = Path(source) if isinstance(source, Path) or source.endswith(".toml") else None
    name, where = (path.stem, path.name) if path else ("goals", "goals")
    faults: list[CaseQualityError] = []
    table = GoalTable(_plain(source, path), where, faults)
    basis = _inner(table, "basis", _citation)
    known = dict(_beside(table, path, "changes", "change", _change, named="id"))
    due = [each for several in _beside(table, path, "reports", "due", read_due) for each in several]
    breaks = tuple(_list(table, "series_breaks", _series_break, known=known))
    goals = _list(table, "goal", lambda each: _goal(each, basis, breaks, known), named="id")
    missing = _list(table, "not_supplied", lambda each: _not_supplied(each, basis), named="who")
    ended = _list(table, "dropped", lambda each: _dropped(each, basis), named="who")
    title = table.optional("title", words)
    identity = table.optional("id", text) or name
    table.refuse_others(SET_KEYS)
    if not goals and not missing and not faults:
        table.fault("There is no goal", remedy="write one as [[goal]]")
    for twice, times in Counter(goal.id for goal in goals).items():
        if times > 1:
            table.fault("A goal's id is used twice", got=twice, remedy="give each goal an id of its own")
    raise_together(Words(f"The goals of {where} do not load", f"Målene i {where} kan ikke indlæses"), faults)
    said: dict[str, Any] = {"not_supplied": tuple(missing), "dropped": tuple(ended), "due": tuple(due)}
    return GoalSet(id=identity, goals=tuple(goals), title=title, basis=basis, **said)


def _plain(source: Path | str, path: Path | None) -> dict[str, Any]:
    return read_toml(path, "A goal file") if path else parse_toml(str(source), "A goal file", "goals")


def _citation(table: GoalTable) -> Citation | None:
    """Return the source that a table names, None where it is faulty."""
    title = table.needed("title", text_or_words, 'name the decision: title = "..."')
    document, section, question = (table.optional(key, text_or_words) for key in ("document", "section", "question"))
    certain = table.optional("certain", one_of(True, False))
    cited = Citation(
        title=title or "",
        document=document,
        section=section,
        adopted=table.optional("adopted", _day_or_not_in_source),
        checked_on=table.optional("checked_on", day),
        certain=certain is not False,
        question=question,
    )
    table.refuse_others(CITATION_KEYS)
    return cited if title else None


def _day_or_not_in_source(value: Any) -> dt.date | str:
    """Return a day, or the words for a day that the source leaves out."""
    if value == NOT_IN_SOURCE:
        return NOT_IN_SOURCE
    if isinstance(value, str):
        raise GoalError(
            "A day is needed",
            got=value,
            allowed=f'a day such as 2010-06-01, or "{NOT_IN_SOURCE}"',
            remedy="write the day without quotes",
        )
    return day(value)


def _inner(table: GoalTable, key: str, read: Callable[[GoalTable], T | None]) -> T | None:
    """Read a table inside a table."""
    inside = table.inside(table.optional(key, parameter), key) if key in table else None
    return read(inside) if inside else None


def _beside(
    table: GoalTable, path: Path | None, key: str, listed: str, read: Callable[[GoalTable], T | None], named: str = ""
) -> list[T]:
    """Read a list of tables from the file beside a goal file that a key names."""
    name = table.optional(key, text)
    if name is None:
        return []
    beside = (path.parent if path else Path()) / name
    inside = GoalTable({listed: _plain(beside, beside).get(listed, ())}, beside.name, table.faults)
    return _list(inside, listed, read, named=named)


def _change(table: GoalTable) -> tuple[str, SeriesBreak] | None:
    """Read one change; what else its file says of it is not asked here."""
    identity = table.needed("id", text, 'name the change: id = "merger-2010"')
    found = _break_of(table)
    return (identity, found) if identity and found else None


def _list(
    table: GoalTable,
    key: str,
    read: Callable[[GoalTable], T | None],
    named: str = "",
    known: Mapping[str, T] | None = None,
) -> list[T]:
    """Read a list of tables, or of names of `known` ones; each is called in faults by a value of it or its number."""
    given = table.optional(key, parameter) if key in table else ()
    if not isinstance(given, tuple):
        table.fault("A list of tables is needed", got=key, remedy=f"write [[{key}]]")
        return []
    found: list[T | None] = []
    for number, each in enumerate(given, start=1):
        if known is not None and isinstance(each, str):
            found.append(_known(table, key, each, known))
            continue
        name = each.get(named) if isinstance(each, dict) else None
        label = f"{key} {name if isinstance(name, str) and name else number}"
        inside = table.inside(each, label)
        found.append(read(inside) if inside else None)
    return [each for each in found if each is not None]


def _known(table: GoalTable, key: str, name: str, known: Mapping[str, T]) -> T | None:
    if name not in known:
        remedy = "use one of these" if known else 'name the file that says it: changes = "units.toml"'
        table.fault("The name is not known", got=f"{key} {name}", allowed=tuple(known) or "none", remedy=remedy)
    return known.get(name)


def _goal(
    table: GoalTable, basis: Citation | None, breaks: tuple[SeriesBreak, ...], known: Mapping[str, SeriesBreak]
) -> Goal | None:
    before, own = len(table.faults), _inner(table, "basis", _citation) or basis
    fields = {
        "id": table.needed("id", text, 'name the goal: id = "unit.subject"'),
        "metric": table.needed("metric", text, METRIC),
        "source": table.needed("source", text, SOURCE),
        "target": table.needed("target", _target, TARGET),
        "title": table.optional("title", words),
        "method": table.optional("method", words),
        "each": table.optional("each", texts),
        "aggregate": table.optional("aggregate", one_of(*AGGREGATES)),
        "readings": table.optional("readings", mapping(text)),
        "parameters": table.optional("parameters", mapping(parameter)),
        "where": table.optional("where", mapping(texts)),
        "aim": table.optional("aim", one_of(*AIMS)),
        "standing": table.optional("standing", one_of("kept", "new")),
        **{key: table.optional(key, text) for key in ("facet", "focus_area", "owner")},
        **{key: table.optional(key, parameter) for key in ("at_most", "heaviest")},
        "basis": own,
        "report": _inner(table, "report", _report),
        "series_breaks": (*breaks, *_list(table, "series_breaks", _series_break, known=known)),
    }
    table.refuse_others(GOAL_KEYS)
    if fields["each"] and "aggregate" not in table:
        why = open_because(own.question if own else None)
        table.fault(
            UNJOINED,
            allowed=WAYS,
            remedy=Words(ADD_WAY.en + why.en, ADD_WAY.da + why.da),
        )
    if len(table.faults) > before:
        return None
    return _made(table, {key: value for key, value in fields.items() if value is not None or key == "target"})


def _made(table: GoalTable, fields: dict[str, Any]) -> Goal | None:
    try:
        return Goal(**fields)
    except GoalError as fault:
        table.fault(**{name: given for name, given in fault.said().items() if name != "where"})
        return None


def _target(value: Any) -> Any:
    return parse_target(text(value))


def _report(table: GoalTable) -> ReportTo | None:
    to = table.needed("to", text, 'name the committee: to = "Økonomiudvalget"')
    every = table.needed("every", one_of(*RHYTHMS), f"write one of {', '.join(RHYTHMS)}")
    table.refuse_others(("to", "every"))
    return ReportTo(to, every) if to and every else None


def _series_break(table: GoalTable) -> SeriesBreak | None:
    found = _break_of(table)
    table.refuse_others(("on", "note", "where"))
    return found


def _break_of(table: GoalTable) -> SeriesBreak | None:
    on = table.needed("on", day, "give the first day of the new series: on = 2017-04-01")
    note = table.needed("note", words, 'say what changed: note = { en = "...", da = "..." }')
    where = table.optional("where", mapping(texts)) or {}
    return SeriesBreak(on, note, where) if on and note else None


def _not_supplied(table: GoalTable, basis: Citation | None) -> NotSupplied | None:
    who = table.needed("who", text, "name the office whose goals the source leaves out")
    what = table.needed("what", text, "say which goals, in the words of the source")
    own, stated = _inner(table, "basis", _citation), table.optional("stated", one_of(True, False))
    table.refuse_others(("who", "what", "basis", "stated"))
    return NotSupplied(who=who, what=what, basis=own or basis, stated=bool(stated)) if who and what else None


def _dropped(table: GoalTable, basis: Citation | None) -> Dropped | None:
    who, what = (table.needed(key, text, "say whose goal it was, and which") for key in ("who", "what"))
    own = _inner(table, "basis", _citation) or basis
    table.refuse_others(("who", "what", "basis"))
    return Dropped(who=who, what=what, basis=own) if who and what else None


def parameter(value: Any) -> Any:
    """Return the value of a metric's field; a list as a tuple."""
    return tuple(map(parameter, value)) if isinstance(value, list) else value
