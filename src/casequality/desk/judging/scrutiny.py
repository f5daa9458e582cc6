"""What a careful reader asks of one goal, read from its cases: signals, units and two ways of handling side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Days, Period
from casequality.days import period as parse_period
from casequality.desk.jobs import Job, ReadyGoal, only_ready
from casequality.desk.measuring import declared_labels
from casequality.engines import Engine, Progress, find_engine
from casequality.errors import InputError, UnknownName, UsageError, Words
from casequality.evidence import Finding, say
from casequality.evidence.scrutiny import (
    Comparison,
    Funnel,
    Handled,
    Signals,
    compare_groups,
    funnel,
    signals_in,
)
from casequality.goals import called
from casequality.metrics import (
    AsOf,
    Axis,
    Metric,
    Question,
    asked_for,
    conclude,
    contributed,
    fields_owed,
    fields_read,
    owed,
)
from casequality.records import Children, Codes, either
from casequality.toml import Table, text, texts

KEYS: Final = ("party", "kind", "unit", "ending", "undecided", "paused", "method", "ways", "within", "by_lot")


@attrs.frozen(kw_only=True)
class Scrutiny:
    """What a project says of a source, so that more can be asked of how its cases are handled; "" for what it does not.

    party, kind, unit, ending, method: codes of the records. undecided: the endings that are no decision. paused: the
    day on which a pause begins, in a child table: `waits.since_on`. ways: the two labels of `method` that are held
    against each other over the first `within` days; by_lot: whether a lot was drawn of who got which.
    """

    party: str = ""
    kind: str = ""
    unit: str = ""
    ending: str = ""
    undecided: tuple[str, ...] = ()
    paused: str = ""
    method: str = ""
    ways: tuple[str, ...] = ()
    within: int = 0
    by_lot: bool = False

    @classmethod
    def of(cls, table: Table, worklist: Mapping[str, str]) -> Scrutiny:
        """Return what a table of a project file says; unit and kind are those of the worklist where it does not."""
        table.refuse_others(KEYS)
        lists, others = ("undecided", "ways"), ("within", "by_lot")
        given: dict[str, Any] = {name: table.optional(name, texts) or () for name in lists}
        given |= {name: table.optional(name, text) or "" for name in KEYS if name not in (*lists, *others)}
        within, by_lot = table.given.get("within", 0), table.given.get("by_lot", False)
        if (
            not isinstance(within, int)
            or not isinstance(by_lot, bool)
            or within < 0
            or len(given["ways"]) not in (0, 2)
        ):
            raise InputError(
                "Two ways are compared over so many days",
                where=table.where,
                got=f"within = {within!r}, by_lot = {by_lot!r}, {len(given['ways'])} ways",
                allowed="a whole number of days, true or false, two labels",
            )
        for name in ("unit", "kind"):
            given[name] = given[name] or worklist.get(name, "")
        return cls(**given, within=within, by_lot=by_lot)


@attrs.frozen
class EarlierEdition:
    """An edition that was published: its project, as of when, and its period ("" for that of whoever asks)."""

    project: Path
    as_of: str
    period: str = ""

    @classmethod
    def of(cls, table: Table, folder: Path) -> EarlierEdition | None:
        """Return what a table of a project file says, None where it says nothing."""
        if not table.given:
            return None
        table.refuse_others(("project", "as_of", "period"))
        project, as_of = table.needed("project", text), table.needed("as_of", lambda value: text(str(value)))
        return cls(folder / (project or ""), as_of or "", table.optional("period", text) or "")


@attrs.frozen(eq=False)
class _CasesAsKnown:
    """Cases of a goal as they were known, each column of shape (cases,); a case is in no doubt in any that is read."""

    received: Days
    closed: Days
    due: Days | None
    labels: Mapping[str, Codes]
    paused: Days | None

    @classmethod
    def joined(cls, parts: list[_CasesAsKnown]) -> _CasesAsKnown:
        def whole(name: str) -> Any:
            columns = [getattr(each, name) for each in parts]
            return None if any(column is None for column in columns) else np.concatenate(columns)

        labels = {name: Codes.joined([each.labels[name] for each in parts]) for name in parts[0].labels}
        return cls(whole("received"), whole("closed"), whole("due"), labels, whole("paused"))


def goal_signals(job: Job, period: Period | str, *, progress: Progress | None = None) -> Signals:
    """Return every signal of how the cases of a job's only goal were handled; its source is read once."""
    ready = only_ready(job)
    said = job.scrutiny.get(ready.source, Scrutiny())
    fields = [name for name in (said.party, said.kind, said.ending) if name]
    seen = _read(job, ready, said, fields, progress)
    party = decided = None
    if said.party:
        of_kind = seen.labels[said.kind].indices.astype(np.int64) if said.kind else 0
        many = len(seen.labels[said.kind].labels) + 1 if said.kind else 1
        party = seen.labels[said.party].indices.astype(np.int64) * many + of_kind
        # of whom a case is nobody's, nobody comes again
        party = np.where(seen.labels[said.party].missing, -1 - np.arange(len(party)), party)
    if said.ending and said.undecided:
        decided = ~_undecided(seen, said)
    cases = Handled(
        received=seen.received, closed=seen.closed, due=seen.due, paused=seen.paused, party=party, decided=decided
    )
    return signals_in(cases, _parsed(period), job.as_of.known_before)


def goal_funnel(
    job: Job, period: Period | str, by: str = "", *, engine: Engine | None = None, progress: Progress | None = None
) -> Funnel:
    """Return the units of a job's only goal side by side; by: the code that names them, else the project's `unit`."""
    ready = only_ready(job)
    by = by or job.scrutiny.get(ready.source, Scrutiny()).unit
    metric, statistic = ready.reading.metric, ready.reading.metric.statistic
    if not (statistic.is_share and statistic.by_case):
        raise UsageError(
            Words(
                "Units are set side by side by a share of cases, and the goal's figure is none",
                "Enheder sættes side om side ved en andel af sager, og det er målets tal ikke",
            ),
            where=f"goal {ready.goal.id}",
            got=type(statistic).__name__,
            remedy=Words("ask a goal on a share of cases", "spørg om et mål for en andel af sager"),
        )
    if not by:
        table = f"[sources.{ready.source}.scrutiny]"
        raise UsageError(
            Words("Nobody says which code names the units", "Det er ikke oplyst, hvilken kode der nævner enhederne"),
            where=f"goal {ready.goal.id}",
            allowed=_codes(metric) or "none",
            remedy=Words(f"name one: --by, or unit in {table}", f"nævn en: --by, eller unit i {table}"),
        )
    _check_codes(metric, [by])
    each = attrs.evolve(ready, goal=attrs.evolve(ready.goal, each=(by,), aggregate="pooled"))
    source = job.sources[ready.source](metric.records)
    judged = _parsed(period)
    [(tally, _)], _ = job.tally([each], source, judged, engine or find_engine(None), progress)
    figures = conclude(tally, ready.reading, by=[by], periods=[judged], as_of_day=job.as_of.day)
    own = [figure for figure in figures if figure.facet == ready.goal.facet and figure.value.denominator]
    units = {figure.groups[by] or "": (figure.value.numerator or 0, figure.value.denominator or 0) for figure in own}
    return funnel(units, _names(metric, units))


def goal_comparison(job: Job, period: Period | str, *, progress: Progress | None = None, **told: Any) -> Comparison:
    """Return two ways of handling the cases that a job's only goal is of and that came in in a period, side by side.

    told: what is said in place of the project: method, ways, within, kind, by_lot.
    """
    ready = only_ready(job)
    said = attrs.evolve(job.scrutiny.get(ready.source, Scrutiny()), **{key: each for key, each in told.items() if each})
    table = f"[sources.{ready.source}.scrutiny]"
    if not said.method or len(said.ways) != 2 or not said.within or said.ways[0] == said.ways[1]:
        raise UsageError(
            Words(
                "Nobody says which two ways of handling to compare, by which code and over how many days",
                "Det er ikke oplyst, hvilke to måder der skal sammenlignes, efter hvilken kode og over hvor mange dage",
            ),
            where=f"goal {ready.goal.id}",
            got=f"method {said.method or '-'}, ways {', '.join(said.ways) or '-'}, within {said.within}",
            remedy=Words(
                f"name them: --method, --way twice and --within, or method, ways and within in {table}",
                f"nævn dem: --method, --way to gange og --within, eller method, ways og within i {table}",
            ),
        )
    fields = [name for name in (said.method, said.kind, said.ending) if name]
    seen = _read(job, ready, attrs.evolve(said, paused=""), fields, progress)
    method, kinds = seen.labels[said.method], seen.labels.get(said.kind)
    _known(seen, said.method, said.ways)
    first, end_on = (np.datetime64(day, "D") for day in (_parsed(period).first, _parsed(period).end))
    came = (seen.received >= first) & (seen.received < end_on)
    came &= method.isin(said.ways)
    still = np.isnat(seen.closed)
    ended = np.where(still, job.as_of.known_before - np.timedelta64(1, "D"), seen.closed)
    told = said.ending and said.undecided
    end = np.where(still, "", "decided" if told else "closed").astype(object)
    if told:
        end[~still & _undecided(seen, said)] = "withdrawn"
    days = (ended - seen.received).astype(np.int64)
    came &= days >= 0
    if not came.any():
        raise InputError(
            Words(
                "No case of the period was handled in either way", "Ingen sag i perioden er behandlet på de to måder"
            ),
            where=f"goal {ready.goal.id}",
            got=", ".join(said.ways),
        )
    types = [each or "" for each in kinds[came].decode()] if kinds is not None else None
    return compare_groups(
        (method == said.ways[0])[came],
        types,
        days[came],
        end[came].tolist(),
        within=said.within,
        called=(said.ways[0], said.ways[1]),
        allocation="random" if said.by_lot else "chosen",
        names=_names(ready.reading.metric, {*said.ways, *(types or ())}),
    )


@attrs.frozen
class NotTold(Finding):
    """Why something that a report was asked for is not told of a goal."""

    about: str  # type: ignore[misc]
    why: Words

    @property
    def sentences(self) -> tuple[Words, ...]:
        """The reason."""
        return (say("Not told of this goal: {why}.", "Siges ikke om dette mål: {why}.", why=self.why),)


def told(about: str, ask: Callable[[], Finding]) -> Finding:
    """Return an answer, or why there is none where the goal, its cases or the project do not have what it takes."""
    try:
        return ask()
    except (UsageError, InputError) as fault:
        en, da = (fault.told(lang).splitlines()[0] for lang in ("en", "da"))
        return NotTold(about, Words(en, da))


def _parsed(period: Period | str) -> Period:
    return parse_period(period) if isinstance(period, str) else period


def _names(metric: Metric, labels: Iterable[str]) -> dict[str, Words]:
    """Return what labels are called: in the metric's own words, and "" that none is stated."""
    return {
        label: Words(called(label, metric, "en"), called(label, metric, "da")) if label else NOT_STATED
        for label in labels
    }


NOT_STATED: Final = Words("not stated", "ikke oplyst")


def _codes(metric: Metric) -> list[str]:
    return [name for name, field in metric.records.fields.items() if field.column_type.is_code]


def _check_codes(metric: Metric, fields: Collection[str]) -> None:
    codes = _codes(metric)
    if unknown := [name for name in fields if name not in codes]:
        raise UnknownName(
            Words("The records have no such code", "Registreringerne har ingen sådan kode"),
            where=metric.id,
            got=", ".join(unknown),
            allowed=codes or "none",
        )


def _known(seen: _CasesAsKnown, field: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return labels of a code that it has; raise `UnknownName` for one that no case bears nor any list declares."""
    there = seen.labels[field].labels
    if unknown := [label for label in labels if label not in there]:
        what = Words("No case has this label", "Ingen sag har denne værdi")
        raise UnknownName(what, where=field, got=", ".join(unknown), allowed=there or "none")
    return labels


def _undecided(seen: _CasesAsKnown, said: Scrutiny) -> npt.NDArray[np.bool_]:
    """Return which cases have an ending that is no decision; of an open list some may be there of which no case is."""
    endings = seen.labels[said.ending]
    found: npt.NDArray[np.bool_] = endings.isin(
        _known(seen, said.ending, said.undecided) if endings.closed else said.undecided
    )
    return found


def _read(
    job: Job, ready: ReadyGoal, said: Scrutiny, codes: Collection[str], progress: Progress | None
) -> _CasesAsKnown:
    """Return the cases that a goal asks for, and of which nothing that is read is in doubt.

    Codes whose labels nobody declared are under a digest, as in any figure; those of a party are in nothing shown.
    """
    metric, as_of = ready.reading.metric, job.as_of
    _check_codes(metric, codes)
    source = job.sources[ready.source](metric.records)
    where = tuple(sorted(ready.goal.where.items()))
    own = {said.method: said.ways, said.ending: said.undecided}
    named = declared_labels(source, as_of, job.units.get(ready.source, {}), ready.goal.where, own)
    question = Question(metric, tuple(codes), where, axis=Axis(as_of.zone), named=named)
    reads = {*fields_read(metric, as_of), *fields_owed(metric, as_of), *codes, *ready.goal.where}
    question = attrs.evolve(question, reads=frozenset({*reads, *([said.paused] if said.paused else [])}))
    parts, done = [_of_records(metric.records.empty(), question, ready.goal.facet, said.paused, as_of)], 0
    for part in source.reading(question.reads, keys="partitioned").parts:
        for block in part.blocks():
            parts.append(_of_records(block.records, question, ready.goal.facet, said.paused, as_of))
            done += len(block.records)
            if progress is not None:
                progress(done, source.row_count)
    return _CasesAsKnown.joined(parts)


def _of_records(records: Any, question: Question, facet: str, paused: str, as_of: AsOf) -> _CasesAsKnown:
    metric = question.metric
    records = records[records.begun(as_of.instant, as_of.known_before)]
    records = records.known_at(as_of.instant, as_of.known_before)
    own = as_of.for_block(len(records))
    given, said = contributed(metric, records, own), owed(metric, records, own)
    given = given[facet] if isinstance(given, Mapping) else given
    until = given.until if given.until is not None else said.done if said is not None else None
    if until is None:
        raise UsageError(
            Words(
                "The goal's metric does not say when a case ends", "Målets måling siger ikke, hvornår en sag slutter"
            ),
            where=metric.id,
            remedy=Words(
                "ask a goal on a time, or a share of cases that end",
                "spørg om et mål for en tid eller for en andel af sager, der slutter",
            ),
        )

    def day(moments: Any) -> Days:
        return moments if moments.dtype == np.dtype("M8[D]") else as_of.local_days(moments)

    received, closed, due = day(given.on), day(until), None if said is None else day(said.due.at)
    chosen, astray = asked_for(records, question.where)
    unknown = [records.unknown(question.reads), question.undated(records), records.in_doubt(question.reads)]
    doubted = either([*unknown, own.remarks.beyond, astray])
    kept = ~np.isnat(received) & (np.isnat(closed) | (closed >= received))
    kept &= np.ones(len(records), bool) if chosen is None else chosen
    kept &= np.ones(len(records), bool) if doubted is None else ~doubted
    labels = {}
    for name in question.groups:
        column = records.column(name)
        assert isinstance(column, Codes)
        labels[name] = attrs.evolve(column, labels=tuple(question.labels(name, column)))[kept]
    return _CasesAsKnown(
        received[kept], closed[kept], None if due is None else due[kept], labels, _first(records, paused, kept, day)
    )


def _first(records: Any, paused: str, kept: npt.NDArray[np.bool_], day: Any) -> Days | None:
    """Return the day on which each case was first paused; None where nobody says what a pause is."""
    if not paused:
        return None
    name, _, field = paused.partition(".")
    children = records.column(name) if name in records.fields else None
    if not isinstance(children, Children) or field not in children.rows.fields:
        raise UnknownName(
            "The records have no such day of a pause",
            got=paused,
            allowed=[each for each, known in records.fields.items() if known.records] or "no child table",
            remedy='write paused = "waits.since_on", say',
        )
    found: Days = children.first(day(children.rows.column(field)))[kept]
    return found
