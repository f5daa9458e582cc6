"""Metrics: what an author writes so that records become figures."""

from __future__ import annotations

import datetime as dt
import fnmatch
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar, Final

import attrs

from casequality.citation import Citation
from casequality.errors import UnknownName, UsageError
from casequality.metrics.declaring.as_of import AsOf
from casequality.metrics.declaring.due import Owed
from casequality.metrics.declaring.readings import EARLY, Alternative, Choice, Cohort, Text
from casequality.metrics.declaring.statistics import Share, Statistic
from casequality.metrics.declaring.units import SHARE, Unit
from casequality.metrics.tallies import NO, OUT, YES, Contributed, Limits, Outcomes, Role
from casequality.records import Records

SHOWN: Final = {
    *("id", "version", "title", "unit", "statistic", "records", "outcomes", "readings", "citation", "higher_is_better"),
    *("begins", "limits", "words", "at_least", "at_most", "heaviest", "limits_of_doubt", "settles_undated_rows"),
    *("child_rows_bring_in", "offered_by"),
}
"""What a metric says of its figures, and what has a place of its own among the assumptions of a tally."""


@attrs.frozen
class Metric:
    """A measure of how cases are handled: one outcome a record, and how outcomes make a figure.

    Subclass it with `attrs.frozen`. `version` is the result version: any change that can alter a figure raises it.
    `words` says what an outcome, a label of the records or a field of the metric is called, in English and Danish,
    where its name is not enough. `at_least` and `at_most` say between what every amount lies, in its own ticks or as
    text ("730 days", "30 minutes"), and `heaviest` how many cases a row can stand for: what nobody can read lies there
    too; None for no limit. A record with a child row without its day is unknown to a metric that reads the child's day,
    unless `settles_undated_rows`: it says itself, by an outcome that is unknown, where that day would have decided.
    `child_rows_bring_in` says that one more child row could make a record count that is left out, such as a case with
    no promise: whose a row without a parent is, nobody knows.
    `offered_by` is the installed plugin, for errors; discovery fills it in.
    Metrics that inherit one `contribute` and the same outcomes are counted once, and stored once beside each other.
    """

    id: ClassVar[str] = ""
    version: ClassVar[int] = 1
    title: ClassVar[Mapping[str, str]] = {}
    unit: ClassVar[Unit] = SHARE
    statistic: ClassVar[Statistic] = Share()
    records: ClassVar[type[Records]] = Records
    outcomes: ClassVar[Outcomes]
    readings: ClassVar[Mapping[str, Choice]] = {}
    citation: ClassVar[Citation | None] = None
    higher_is_better: ClassVar[bool | None] = None
    limits: ClassVar[Text] = ""
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    at_least: ClassVar[int | str | None] = 0
    at_most: ClassVar[int | str | None] = None
    heaviest: ClassVar[int | None] = None
    settles_undated_rows: ClassVar[bool] = False
    child_rows_bring_in: ClassVar[bool] = False
    offered_by: ClassVar[str] = ""

    def contribute(self, records: Any, as_of: AsOf, /) -> Contributed:
        """Return what a block of records contributes; called with the metric's own record type.

        What it says of a record rests on that record alone: of those that are alike it may be asked about one.
        """
        raise NotImplementedError

    def owed(self, records: Any, as_of: AsOf, /) -> Owed | None:
        """Return when each record is due and whether it is done, for worklists; None for a metric without deadlines."""
        return None

    @property
    def begins(self) -> dt.date | None:
        """The first day of the series: a period that ends before it has no figure, never 0; None for no such day."""
        return None

    @property
    def limits_of_doubt(self) -> Limits:
        """Between what an amount lies that nobody can read."""
        return limits_in(self.unit, self.at_least, self.at_most, self.heaviest)

    @property
    def origin(self) -> type[Any]:
        """The class that says last what records contribute, or anything that this may ask."""
        # from the class itself back to its bases: the first that says anything `contribute` may read makes it its own
        return next(kind for kind in type(self).__mro__ if _asked_by_contribute(kind))

    @property
    def counted_alike(self) -> tuple[type[Any], ...]:
        """What metrics share that are counted once: with it the same version, outcomes and fields are one tally.

        It is the record type and every class that has a say in what records contribute: of a metric with two bases the
        last alone would not tell, since its `super().contribute` is another one beside each of them.
        """
        return self.records, *(kind for kind in type(self).__mro__ if _asked_by_contribute(kind))

    @property
    def tallied_as(self) -> str:
        """What its tally is called wherever it is kept: its id, which stays when its class is moved or renamed.

        A class that says itself what records contribute, and not its own id, is told apart by its name from the metric
        whose id it has.
        """
        named = next((kind for kind in type(self).__mro__ if "id" in vars(kind)), Metric)
        return self.id if issubclass(named, self.origin) else f"{self.id}, {self.origin.__qualname__}"

    def parameters(self) -> dict[str, Any]:
        """Return the metric's fields: what is part of its figures besides the records."""
        return attrs.asdict(self, recurse=False)

    def under(self, chosen: Mapping[str, str] | None = None, parameters: Mapping[str, Any] | None = None) -> Reading:
        """Return the metric under some readings; a reading that is not chosen has its default."""
        chosen = dict(chosen or {})
        _refuse_unknown("reading", self, chosen, self.readings)
        _refuse_unknown("parameter", self, parameters or {}, self.parameters())
        roles, fields, names = dict(self.outcomes.roles), dict(parameters or {}), {}
        cohort: Cohort = "received"
        undrawn: tuple[str, ...] | None = None
        early: list[tuple[str, Role]] = []
        for name, choice in self.readings.items():
            names[name] = chosen.get(name, choice.default)
            alternative = choice.alternative(names[name], f"{self.id}, reading {name}")
            for pattern, role in alternative.roles.items():
                early += [(each, role) for each in fnmatch.filter(roles, pattern) if pattern == EARLY]
                roles.update(dict.fromkeys(fnmatch.filter(roles, pattern) if pattern != EARLY else (), role))
            _refuse_set_twice(self, name, alternative, parameters or {})
            fields.update(alternative.fields)
            cohort = alternative.cohort or cohort
            undrawn = undrawn if alternative.undrawn is None else alternative.undrawn
        # that a deadline has not passed makes open what counts, and nothing of what another choice leaves out
        roles |= {each: role for each, role in early if roles[each] in (YES, NO)}
        metric = attrs.evolve(self, **fields)
        return Reading(metric, roles, cohort, names, tuple(name for name in names if name not in chosen), undrawn)


def limits_in(unit: Unit, least: Any, most: Any, heaviest: Any) -> Limits:
    """Return limits in the ticks of amounts; a text is a number and a unit of time: "730 days", "30 minutes".

    Raises `UsageError` for a text that is none, or of a metric whose figures are no length of time; for a greatest
    amount below the least, and for a heaviest row of less than one case.
    """
    low, high = (_in_ticks(unit, end) if isinstance(end, str) else end for end in (least, most))
    for name, limit, lowest in (("at_least", low, None), ("at_most", high, low), ("heaviest", heaviest, 1)):
        whole = limit is None or (isinstance(limit, int) and not isinstance(limit, bool))
        if not whole or (limit is not None and lowest is not None and limit < lowest):
            raise UsageError(
                "A limit of what nobody can read is none",
                where=name,
                got=limit,
                allowed="a whole number" if lowest is None else f"a whole number, {lowest} or more",
                remedy="write one, or leave it out where there is no limit",
            )
    return Limits(low, high, heaviest)


def _in_ticks(unit: Unit, text: str) -> int:
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
    number, _, name = text.partition(" ")
    tick = {"seconds": Fraction(1), "days": Fraction(86_400)}.get(unit.name)
    known = number.isdecimal() and name.removesuffix("s") in seconds and tick is not None
    if not known or tick is None:
        raise UsageError(
            "A limit of what nobody can read is no number of amounts",
            where=f"a figure in {unit.en}",
            got=text,
            allowed="a whole number, or for a length of time a text such as 730 days, 12 hours, 30 minutes",
            remedy="write one of these",
        )
    return int(Fraction(int(number) * seconds[name.removesuffix("s")]) / (tick * unit.scale))


def _asked_by_contribute(kind: type) -> bool:
    """Return whether a class says itself what `contribute` returns, or says something that it may read or call.

    Fields are not looked at: a tally is told apart by their values.
    """
    own = {name for name in vars(kind) if not name.startswith("__")}
    return bool(own - SHOWN - {field.name for field in attrs.fields(kind)}) if attrs.has(kind) else bool(own - SHOWN)


@attrs.frozen
class Reading:
    """A metric with every choice made; `assumed` names the readings that nobody chose.

    undrawn: None for a full count; for a sample, the outcomes of the cases that were not drawn.
    """

    metric: Metric
    roles: Mapping[str, Role]
    cohort: Cohort
    chosen: Mapping[str, str]
    assumed: tuple[str, ...] = ()
    undrawn: tuple[str, ...] | None = None

    @property
    def sampled(self) -> bool:
        """Whether the records are read as a sample drawn by chance, not as a full count."""
        return self.undrawn is not None


def as_metric(metric: Metric | type[Metric]) -> Metric:
    """Return a metric from itself or its class, checked for what a figure cannot do without."""
    made = _made(metric) if isinstance(metric, type) else metric
    lacking = [name for name in ("id", "title", "records") if not getattr(made, name, None)]
    if lacking or not hasattr(made, "outcomes") or made.records is Records:
        raise UsageError(
            "A metric lacks what a figure cannot do without",
            where=type(made).__qualname__,
            got=f"without {', '.join(lacking) or 'outcomes or records'}",
            allowed="id, title, records, outcomes",
            remedy="declare them in the class body",
        )
    limits_in(made.unit, made.at_least, made.at_most, made.heaviest)
    _refuse_half_a_statistic(made)
    for name, choice in made.readings.items():
        for chosen, alternative in choice.alternatives.items():
            _refuse_idle(made, f"{made.id}, reading {name}, {chosen}", alternative)
            if alternative.undrawn is not None:
                _refuse_no_sample(made, f"{made.id}, reading {name}, {chosen}", alternative.undrawn)
    return made


def _refuse_half_a_statistic(metric: Metric) -> None:
    given: object = metric.statistic
    if isinstance(given, Statistic):
        return
    raise UsageError(
        "A metric's statistic does not say how far records in doubt can move it",
        where=f"{metric.id}, {type(given).__qualname__}",
        got="conclude(counts), as in earlier versions" if hasattr(given, "conclude") else "no statistic of the library",
        allowed="a subclass of cq.statistics.Quotient or of cq.statistics.Statistic",
        remedy="build upon Quotient, and say what each record adds above and below; or write value(counts) and "
        "bounds(counts), for many figures at once",
    )


def _made(kind: type[Metric]) -> Metric:
    try:
        return kind()
    except Exception as fault:
        raise UsageError(
            "A metric cannot be made from its class alone",
            where=kind.__qualname__,
            got=type(fault).__name__,
            remedy="give each of its fields a default",
        ) from fault


def _refuse_idle(metric: Metric, where: str, alternative: Alternative) -> None:
    idle = [pattern for pattern in alternative.roles if not fnmatch.filter(metric.outcomes.roles, pattern)]
    idle += [field for field in alternative.fields if field not in metric.parameters()]
    if idle:
        raise UsageError(
            "A reading changes what its metric does not have",
            where=where,
            got=", ".join(idle),
            allowed=(*metric.outcomes.roles, *metric.parameters()),
            remedy="name outcomes and fields of the metric",
        )


def _refuse_no_sample(metric: Metric, where: str, undrawn: Sequence[str]) -> None:
    counted = [name for name in undrawn if metric.outcomes.roles.get(name) is not OUT]
    if counted:
        raise UsageError(
            "Cases that were not drawn are an outcome that the metric leaves out",
            where=where,
            got=", ".join(counted),
            allowed=[name for name, role in metric.outcomes.roles.items() if role is OUT],
            remedy="name outcomes that are declared as OUT",
        )
    if type(metric.statistic).drawn is Statistic.drawn or getattr(metric.statistic, "most", 1) is None:
        raise UsageError(
            "The chance in this figure of a sample is not computed",
            where=where,
            got=type(metric.statistic).__name__,
            allowed="Share(), Mean(most=...)",
            remedy="use one of these, or declare no sample",
        )


def _refuse_set_twice(metric: Metric, reading: str, alternative: Alternative, parameters: Mapping[str, Any]) -> None:
    both = [field for field in alternative.fields if field in parameters]
    if both:
        raise UsageError(
            "A field of a metric is set both by a reading and as a parameter",
            where=f"{metric.id}, reading {reading}",
            got=", ".join(both),
            remedy="choose the reading only, or the metric with another default for it",
        )


def _refuse_unknown(what: str, metric: Metric, given: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        raise UnknownName(
            f"A metric has no such {what}",
            where=metric.id,
            got=", ".join(unknown),
            allowed=tuple(known) or "none",
            remedy=f"leave it out, or use one of the metric's own {what}s",
        )
