"""What the kit found: one check a law, and the report of all of them.

The laws of metrics stand in rooms of their own, a room for each kind; those of record types, goals and deadlines here.
"""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, TypeVar

import attrs

from casequality.deadlines import Deadline, Schedule
from casequality.deadlines import check as faults_of_ledger
from casequality.errors import CaseQualityError, NaiveTime
from casequality.goals import check_goals, parse_goals
from casequality.metrics import AsOf, Metric
from casequality.records import Block, Children, Codes, Records
from casequality.testing import behaviour, counting, declared, doubtful
from casequality.testing.invented import (
    AROUND,
    ZONE,
    Broken,
    Inapplicable,
    InventedTable,
    Law,
    Row,
    Subject,
    broken,
    faults,
    fresh_key,
    instants,
    invented,
    known_at,
    source_of,
    time_laws,
    try_tables,
    with_key,
)


@attrs.frozen
class RecordsSubject:
    """A record type put to the test, and how many invented tables each law tries."""

    kind: type[Records]
    examples: int = 50

    def read(self, rows: Sequence[Row]) -> list[Block]:
        """Return the blocks that intake makes of rows, all columns loaded."""
        table = rows if isinstance(rows, InventedTable) else InventedTable(rows, self.kind, ZONE)
        return [table.block] if table.block is not None else []

    def try_tables(self, check: Callable[[InventedTable], None]) -> None:
        """Check as many invented tables as there are examples."""
        try_tables(invented(self.kind, AROUND, ZONE).tables(self.examples), check)


def declared_columns(subject: RecordsSubject) -> None:
    """Refuse a record type without a key or a beginning, and a child table that cannot name its parent."""
    for kind in (subject.kind, *(field.records for field in subject.kind.fields.values() if field.records is not None)):
        if kind.begins() is None:
            broken(
                f"{kind.__qualname__} has no date that says when a record begins",
                way_out="declare its first date without missing=: received_on = cq.day()",
            )
    key = subject.kind.key_field()
    if key is None:
        broken(
            f"{subject.kind.__qualname__} has no key, so that a row delivered twice counts twice",
            way_out="declare one: case = cq.key()",
        )
    for name, field in subject.kind.fields.items():
        if field.records is not None and key not in field.records.fields:
            broken(
                f"The rows of {name} cannot name their parent",
                way_out=f"declare the parent's key in {field.records.__qualname__}: {key} = cq.key()",
            )


def adds_up(subject: RecordsSubject) -> None:
    """Refuse a type whose sound rows are set aside, or whose faulty ones are not."""

    def check(rows: InventedTable) -> None:
        for block in subject.read(rows):
            if block.findings.items:
                found = ", ".join(f"{item.column}: {item.fault}" for item in block.findings.items)
                broken(f"Rows that keep to the declaration are at fault ({found})", rows=rows, way_out="mend the type")
        for (field, fault), value in faults(subject.kind).items():
            wrong = with_key(subject.kind, rows[0], fresh_key(subject.kind, rows)) | {field: value}
            [block] = subject.read([*rows, wrong])
            if not any((item.column, item.fault) == (field, fault) for item in block.findings.items):
                broken(f"A row with the fault {fault} in {field} is not found", rows=[wrong], way_out="report it")
            aside = block.records.in_doubt([field])
            if (0 if aside is None else int(aside.sum())) + block.dropped != 1:
                broken(f"A row with the fault {fault} in {field} is not set aside", rows=[wrong], way_out="report it")

    subject.try_tables(check)


def hidden_future(subject: RecordsSubject) -> None:
    """Refuse a type of which something later than the as-of is seen; compared with a walk through the rows."""
    moment = AsOf.at(AROUND, zone=ZONE)

    def check(rows: InventedTable) -> None:
        walked = [known_at(row, subject.kind, moment) for row in rows]
        plain = [row for row in walked if row is not None]
        [block] = subject.read(rows)
        begun = block.records[block.records.begun(moment.instant, moment.known_before)]
        known = begun.known_at(moment.instant, moment.known_before)
        expected = subject.read(plain)[0].records if plain else subject.kind.empty()
        if different := _first_difference(known, expected):
            broken(
                f"At the as-of {AROUND} the column {different} is another than it should be",
                rows=rows,
                way_out="report it",
            )

    subject.try_tables(check)


def _first_difference(one: Records, other: Records) -> str | None:
    for name in one.loaded:
        here, there = one.column(name), other.column(name)
        if isinstance(here, Codes) and isinstance(there, Codes):
            same = here.decode() == there.decode()
        elif isinstance(here, Children) and isinstance(there, Children):
            same = here.count().tolist() == there.count().tolist() and _first_difference(here.rows, there.rows) is None
        else:
            same = here.tolist() == there.tolist()  # type: ignore[union-attr]
        if not same:
            return name
    return None


def naive_times(subject: RecordsSubject) -> None:
    """Refuse a type whose instants are read from naive times without a declared zone."""
    times = instants(subject.kind)
    if not times:
        raise Inapplicable("the records have days only")
    for name in times:
        naive = {name: dt.datetime(2010, 6, 1, 12)}  # noqa: DTZ001  that is the point
        try:
            list(source_of([naive], subject.kind, None).reading([name]).parts[0].blocks())
        except (NaiveTime, LookupError):
            continue
        broken(f"A naive time in {name} is read without a zone", way_out="report it: intake must refuse it")


def unknown_codes(subject: RecordsSubject) -> None:
    """Refuse a code with blanks that no word explains, or a label that is blank or begins or ends with a space."""
    codes = {name: field for name, field in subject.kind.fields.items() if field.column_type.is_code}
    if not codes:
        raise Inapplicable("the records have no codes")
    for name, field in codes.items():
        if any(label != label.strip() or not label for label in field.labels):
            broken(
                f"A label of {name} is blank or has space around it", way_out="intake strips labels; write it without"
            )


def titles(subject: RecordsSubject) -> None:
    """Refuse a type whose name cannot stand in a project file, or that does not say what a record is."""
    kind = subject.kind
    if not kind.name.isidentifier() or kind.name != kind.name.lower():
        broken(f"The name {kind.name!r} is no plain word", way_out='write it like name="rent_cases"')
    if not (vars(kind).get("__doc__") or "").strip():
        broken(f"{kind.__qualname__} does not say what one record is", way_out="write it as its docstring")


record_laws: Final[tuple[Law[RecordsSubject], ...]] = (
    Law("declared-columns", "a record has a key and a beginning, a child row its parent", declared_columns, True),
    Law("titles", "the type has a name and says what a record is", titles, True),
    Law("unknown-codes", "labels are ones that a source can hold", unknown_codes, True),
    Law("naive-times", "naive times are refused", naive_times, True),
    Law("adds-up", "sound rows are kept, faulty ones set aside and found", adds_up),
    Law("hidden-future", "nothing after the as-of is seen", hidden_future),
)
"""All laws of a record type, the plainest first."""


laws: Final[tuple[Law[Subject], ...]] = (
    Law("empty", "no records give no data, and no failure", counting.empty, conclusive=True),
    Law("declared-columns", "only declared columns are read, the same for any records", declared.declared_columns),
    Law("row-order", "the order of the records makes no difference", counting.row_order),
    Law("splitting", "read in parts or as a whole, the counts are the same", counting.splitting),
    Law("duplication", "every record twice gives the same share and twice the count", counting.duplication),
    Law("adds-up", "every row that is read has one outcome or is set aside", counting.adds_up),
    Law("monotone", "one more met case never makes a share worse", counting.monotone),
    Law("bounds", "whatever records in doubt turn out to be, figures stay within their bounds", doubtful.bounds),
    Law("exact", "a statistic of one's own does not round", doubtful.exact),
    Law("numbers", "numbers are taken whole, up to what the type holds", counting.numbers),
    Law("whole-weeks", "all dates moved by the same whole weeks change nothing", time_laws.whole_weeks),
    Law("later-as-of", "time alone does not change a yes or a no", time_laws.later_as_of),
    Law("hidden-future", "nothing after the as-of is seen", time_laws.hidden_future),
    Law("naive-times", "days are those of the zone, and naive times are refused", time_laws.naive_times),
    Law("reachable", "every declared outcome occurs", declared.reachable, conclusive=True),
    Law("readings-matter", "every reading changes some figure", declared.readings_matter, conclusive=True),
    Law("parameters-matter", "every field changes something", declared.parameters_matter, conclusive=True),
    Law("unknown-codes", "labels are declared, and unknown ones refused", counting.unknown_codes, conclusive=True),
    Law("unit-and-range", "figures lie within what their unit allows", declared.unit_and_range),
    Law("titles", "texts are there in English and Danish", declared.titles, conclusive=True),
    Law("citation", "the source is named", declared.citation, conclusive=True),
    Law("unchanged-input", "the columns are left as they were", behaviour.unchanged_input),
    Law("determinism", "the same records give the same answer", behaviour.determinism),
    Law("round-trip", "metric, tally and figures survive pickle and JSON", behaviour.round_trip, conclusive=True),
    Law("purity", "no clock, network, file, environment or chance is reached for", behaviour.purity),
    Law("oracle", "the author's own slow answer is the same", behaviour.oracle),
)
"""All laws of a metric, the plainest first."""


State: TypeAlias = Literal["passed", "failed", "skipped"]
S = TypeVar("S")


@attrs.frozen
class Check:
    """One law tried on one thing; `reason` says what broke, or why it was skipped."""

    law: str
    state: State
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.law}: {self.state}" + (f", {self.reason}" if self.reason else "")


@attrs.frozen
class Report:
    """Every check of one metric or record type; `str()` says how many there were, and each that did not pass."""

    name: str
    checks: tuple[Check, ...]

    @property
    def conforms(self) -> bool:
        """Whether none failed and some passed."""
        states = {check.state for check in self.checks}
        return "passed" in states and "failed" not in states

    def count(self, state: State) -> int:
        """Return how many checks ended so."""
        return sum(check.state == state for check in self.checks)

    def __str__(self) -> str:
        counts = ", ".join(f"{self.count(state)} {state}" for state in ("passed", "failed", "skipped"))
        lines = [f"{self.name}: {len(self.checks)} checks, {counts}"]
        lines += [f"  {check}".replace("\n", "\n    ") for check in self.checks if check.state != "passed"]
        return "\n".join(lines)


def check(
    metric: Metric | type[Metric], *, skips: Mapping[str, str] | None = None, only: Sequence[str] = (), **settings: Any
) -> Report:
    """Return what every law finds of a metric, without pytest.

    skips: by law, the reason why it is not tried. only: the laws to try, all unless told.
    settings: those of `Subject`: deadlines, as_of, zone, examples, oracle, others.
    """
    subject = Subject(metric, **settings)
    skips = skips or {}
    refuse_unknown((*skips, *only), laws)
    chosen = [law for law in laws if not only or law.name in only]
    return Report(subject.metric.id, tuple(tried(law, subject, skips.get(law.name)) for law in chosen))


def tried(law: Law[S], subject: S, skip: str | None = None) -> Check:
    """Return how a law ends on a subject; a skip without a reason, or of a law that surely holds, is a failure."""
    if skip is not None and not skip.strip():
        return Check(law.name, "failed", "it is skipped without a reason; say why")
    if skip is not None and not law.conclusive:
        return Check(law.name, "skipped", skip)
    try:
        law.holds(subject)
    except Inapplicable as fault:
        return Check(law.name, "skipped", skip or str(fault))
    except Broken as fault:
        reason = f"{law.says}.\n{fault}"
    except Exception as fault:  # noqa: BLE001  what a metric or its statistic raises is its breach
        reason = f"{law.says}.\n{_failure(fault)}"
    else:
        if skip is None:
            return Check(law.name, "passed")
        return Check(law.name, "failed", f"it is skipped ({skip}), and it holds; leave the skip out")
    return Check(law.name, "skipped", skip) if skip is not None else Check(law.name, "failed", reason)


def _failure(fault: Exception) -> str:
    """Return what was raised, and where in whose code."""
    cause = fault.__cause__ or fault
    place = traceback.extract_tb(cause.__traceback__)[-1]
    told = f"{fault}\n" if isinstance(fault, CaseQualityError) else ""
    raised = f"{type(cause).__name__}: {cause}" if not isinstance(cause, CaseQualityError) else type(cause).__name__
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return f"{told}  raised   {raised}, in {where}\n  way out  mend what raises it"


def refuse_unknown(names: Sequence[str], known: Sequence[Law[Any]]) -> None:
    """Raise `ValueError` where a law is named that there is not."""
    if unknown := sorted(set(names) - {law.name for law in known}):
        raise ValueError(f"there is no law {', '.join(unknown)}; the laws are {', '.join(law.name for law in known)}")


FindMetric = Callable[[str], Metric | type[Metric]]
RECEIVED: Final = tuple(dt.timedelta(days=11 * step) for step in range(40))
"""How long after its first day a deadline is tried: on every weekday, and on both sides of a year's end."""


@attrs.frozen
class GoalFile:
    """A goal set, as the path of its file or as its text, and what finds the metrics that its goals name."""

    source: Path | str
    find: FindMetric


@attrs.frozen
class Rules:
    """Deadlines put to the test, each kind of a schedule as one of its own."""

    deadlines: tuple[Deadline, ...]

    @classmethod
    def of(cls, rules: Iterable[Deadline | Schedule]) -> Rules:
        """Return the deadlines, and those of schedules."""
        return cls(tuple(each for rule in rules for each in _each(rule)))


def _each(rule: Deadline | Schedule) -> Iterator[Deadline]:
    if isinstance(rule, Deadline):
        yield rule
    else:
        yield from (attrs.evolve(rule.deadline(kind), id=f"{rule.id}, {kind}") for kind in rule.by_kind)


def judgeable(file: GoalFile) -> None:
    """Refuse a goal set with a goal that does not say enough."""
    if faults := check_goals([parse_goals(file.source)], file.find):
        broken("\n".join(map(str, faults)), way_out="mend the goals; `casequality goals check` tells the same")


def sourced(file: GoalFile) -> None:
    """Refuse a goal that no source stands behind."""
    if without := [goal.id for goal in parse_goals(file.source).goals if goal.basis is None]:
        broken(f"Without a basis: {', '.join(without)}", way_out="name the decision under [basis] or in the goal")


def counted_again(rules: Rules) -> None:
    """Refuse a deadline of which the plain checker does not confirm every due date, in either language."""
    for rule in rules.deadlines:
        first = max(AROUND, *(day for deadline in filter(None, (rule, rule.after)) for day in _begun(deadline)))
        for received in (first + later for later in RECEIVED):
            ledger = rule.explain(received)
            if faults := faults_of_ledger(ledger.to_dict()):
                broken(
                    f"{rule.id}, received on {received}: {'; '.join(faults)}",
                    way_out="report it with the deadline's file",
                )
            if ledger.due != rule.due(received):
                broken(f"{rule.id}, received on {received}, is explained otherwise than counted", way_out="report it")


def _begun(rule: Deadline) -> Iterator[dt.date]:
    """Yield the days since which a term is in force, but not where the next entry ends it."""
    return (entry.since for entry in rule.terms if entry.value is not None)


def cited(rules: Rules) -> None:
    """Refuse a deadline that does not say by which source it is what it is."""
    without = [rule.id for rule in rules.deadlines for entry in rule.terms if entry.value and not entry.citation]
    if without:
        broken(f"A term has no source: {', '.join(without)}", way_out="name the law or the decision under source")


goal_set_laws: Final[tuple[Law[GoalFile], ...]] = (
    Law("judgeable", "every goal can be judged by an installed metric", judgeable, conclusive=True),
    Law("citation", "every goal names its basis", sourced, conclusive=True),
)
"""All laws of a goal set."""
deadline_laws: Final[tuple[Law[Rules], ...]] = (
    Law("counted-again", "a second count confirms every due date", counted_again),
    Law("citation", "every term names its source", cited, conclusive=True),
)
"""All laws of deadlines and schedules."""


def check_goal_set(path: Path, find: FindMetric) -> Report:
    """Return what every law finds of a goal set's file; `find` returns a metric from its id."""
    return Report(path.stem, tuple(tried(law, GoalFile(path, find)) for law in goal_set_laws))


def check_deadline(rule: Deadline | Schedule) -> Report:
    """Return what every law finds of a deadline, or of every deadline of a schedule."""
    return Report(rule.id, tuple(tried(law, Rules.of([rule])) for law in deadline_laws))
