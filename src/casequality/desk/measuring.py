"""Measuring: from a metric and data to figures, and to tallies that a caller keeps, merges and concludes later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.days import period as parse_period
from casequality.deadlines import Schedule
from casequality.desk.offered import COPENHAGEN, Further, as_names, as_source, catalogue, find_metric, rules
from casequality.desk.results import Result, drill_into
from casequality.engines import Engine, Progress, find_engine
from casequality.errors import MergeError, UsageError, Words, meant, nearest
from casequality.evidence import number
from casequality.files import read_bytes, write_whole
from casequality.host import Catalogue
from casequality.metrics import GRAINS, AsOf, Axis, Metric, Question, conclude, stored
from casequality.metrics import tally as tallies
from casequality.records import Findings, Source
from casequality.reports import moment
from casequality.showing import Showable, TextTable


def measure(
    metric: str | Metric | type[Metric],
    data: object,
    *,
    as_of: dt.date | str,
    by: str | Sequence[str] = (),
    period: str | Period | Sequence[str | Period] = (),
    readings: Mapping[str, str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    zone: str | None = None,
    calendar: str | None = None,
    deadlines: Further = (),
    undeclared: str = "shown",
    plugins: Catalogue | None = None,
    threads: int | None = None,
    engine: Engine | str | None = None,
    progress: Progress | None = None,
    **mapping: Any,
) -> Result:
    """Return the figures of a metric over some data.

    metric: an installed metric's id, a metric class or a metric.
    data: a path, URL, folder or pattern (CSV, Excel, Parquet, Delta), a frame of pandas, polars, pyarrow or DuckDB,
    anything with the Arrow stream protocol, mappings, or a `Source`. `mapping` says how to read it, as the arguments
    of `source` do: columns, codes, marks, dialect, children, checks_off, header, totals, constants and so on.
    as_of: what was known when; a bare date is its start.
    by: month, quarter, half-year or year, and codes of the records. period: which periods to show.
    readings: the choices to make; those left out are read literally and named in the result.
    zone: whose days count, and of which clock naive times are; Copenhagen's days where it is left out.
    calendar: count working days on another calendar than each deadline's own.
    deadlines: your own deadlines and schedules, or the TOML file that says them as a project file does.
    undeclared: the labels of an open code that are neither in `codes` nor in `where` are "shown" as the source has
    them, or "hashed", as the command line and projects have it: a name that stands in such a column stays unknown.
    engine: who reads and counts: "in-process" (unless told), "spark", or an engine such as
    `casequality.engines.InProcess(keep=folder)`; the figures are the same. threads: of the engine in this process.
    """
    found = plugins or (catalogue() if isinstance(metric, str) else None)
    reading = find_metric(metric, found).under(readings, parameters)
    periods = as_periods(period)
    moment = AsOf.at(as_of, zone=zone or COPENHAGEN, rules=rules(found, deadlines), calendar=calendar)
    by = as_names(by)
    _refuse_unknown_groups(by, reading.metric)
    source = as_source(data, reading.metric.records, {**mapping, "zone": zone})
    chosen = {field: as_names(labels) for field, labels in (where or {}).items()}
    question = Question(
        reading.metric,
        tuple(name for name in by if name not in GRAINS),
        tuple(sorted(chosen.items())),
        axis=Axis(moment.zone, further_edges(periods)),
        named=_named(undeclared, source, moment, chosen),
    )
    [(counted, findings)] = find_engine(engine, threads).tally([question], source, moment, progress=progress)
    measurement = conclude(counted, reading, by=by, periods=periods, as_of_day=moment.day)
    return Result(measurement, findings, drill_into(question, reading, source, moment))


UNDECLARED: Final = ("shown", "hashed")


def _named(
    undeclared: str, source: Source, moment: AsOf, where: Mapping[str, Collection[str]]
) -> Mapping[str, frozenset[str]] | None:
    if undeclared not in UNDECLARED:
        raise UsageError("Labels are shown in no known way", where="undeclared=", got=undeclared, allowed=UNDECLARED)
    return None if undeclared == "shown" else declared_labels(source, moment, where)


def declared_labels(source: Source, as_of: AsOf, *further: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """Return by field the labels that somebody declared: in what the source is told, or in `further`.

    In every code so are the types of case that a schedule of deadlines sets a term for.
    """
    mapping, codes = source.mapping, [name for name, each in source.records.fields.items() if each.column_type.is_code]
    kinds = {kind for rule in as_of.rules.values() if isinstance(rule, Schedule) for kind in rule.by_kind}
    found = {name: set(kinds) for name in codes}
    told = [{field: codes.values() for field, codes in mapping.codes.items()}, *further]
    told += [{field: [label] for field, label in mapping.defaults.items()}]
    told += [{field: [str(label)] for field, label in mapping.by_file.get("", {}).items()}]
    for each in told:
        for field, labels in each.items():
            found.setdefault(field, set()).update(label for label in labels if label is not None)
    return {field: frozenset(labels) for field, labels in sorted(found.items())}


def _refuse_unknown_groups(by: Iterable[str], metric: Metric) -> None:
    fields = metric.records.fields
    codes = [name for name, field in fields.items() if field.column_type.is_code]
    for name in by:
        if name not in GRAINS and name not in fields:
            what = Words("Figures are not told apart by this", "Tallene kan ikke deles op på dette")
            way_out = meant(nearest(name, (*GRAINS, *codes)), Words("use one of these", "brug en af dem"))
            raise UsageError(what, where=metric.id, got=name, allowed=(*GRAINS, *codes), remedy=way_out)


def as_periods(given: str | Period | Iterable[str | Period]) -> tuple[Period, ...]:
    """Return one or several periods from their labels or themselves."""
    several = (given,) if isinstance(given, str | Period) else given
    return tuple(each if isinstance(each, Period) else parse_period(each) for each in several)


def further_edges(periods: Iterable[Period]) -> tuple[dt.date, ...]:
    """Return the days on which these periods, or the same a year earlier, begin or end inside a month."""
    compared = [either for each in periods for either in (each, each.year_before())]
    return tuple(sorted({day for each in compared for day in (each.first, each.end) if day.day != 1}))


TALLIES = Words("Tallies", "Optællinger")
TALLY_HEADERS = {
    "en": ("Metric", "Rows read", "Cells", "Told apart by", "As of"),
    "da": ("Metrik", "Læste rækker", "Celler", "Opdelt på", "Opgjort pr."),
}


@attrs.frozen(repr=False)
class Tallies(Showable):
    """Tallies by metric, each with all that it assumes; they merge, and figures are concluded from them later."""

    parts: Mapping[str, tallies.Tally]
    findings: Findings = attrs.field(factory=Findings)

    def text_table(self, lang: str) -> TextTable:
        """Return a row a metric: what was read, how many cells it came to, how they are told apart, and as of when."""
        rows = tuple(
            (
                name,
                number(part.accounts.read, lang),
                number(len(part.cells), lang),
                ", ".join(part.assumed.groups),
                moment(part.assumed.as_of, part.assumed.axis.zone, lang),
            )
            for name, part in self.parts.items()
        )
        return TextTable(
            caption=TALLIES[lang],
            headers=TALLY_HEADERS[lang],
            rows=rows,
            numeric=(False, True, True, False, False),
            lang=lang,
        )

    def save(self, path: Path | str) -> None:
        """Write them to one file; equal tallies give equal bytes, and what several metrics share is in it once."""
        write_whole(path, stored.all_to_bytes(self.parts))

    def conclude(
        self,
        *,
        by: str | Sequence[str] = (),
        period: str | Period | Sequence[str | Period] = (),
        readings: Mapping[str, Mapping[str, str]] | None = None,
        metrics: Iterable[Metric | type[Metric]] = (),
        plugins: Catalogue | None = None,
    ) -> dict[str, Result]:
        """Return the figures of each metric by its id.

        readings: by metric id, the choices to make. metrics: metrics that no installed plugin offers.
        """
        given = {each.id: each for each in map(find_metric, metrics)}
        found = plugins or (catalogue() if self.parts.keys() - given.keys() else None)
        results = {}
        for name, part in self.parts.items():
            reading = find_metric(given.get(name, name), found).under((readings or {}).get(name))
            day = part.assumed.as_of_day
            measured = conclude(part, reading, by=as_names(by), periods=as_periods(period), as_of_day=day)
            results[name] = Result(measured, self.findings)
        return results


def tally(
    metrics: str | Metric | type[Metric] | Iterable[str | Metric | type[Metric]],
    data: object,
    *,
    as_of: dt.date | str,
    by: str | Sequence[str] = (),
    period: str | Period | Sequence[str | Period] = (),
    readings: Mapping[str, Mapping[str, str]] | None = None,
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    zone: str | None = None,
    calendar: str | None = None,
    deadlines: Further = (),
    expects: str = "",
    undeclared: str = "shown",
    plugins: Catalogue | None = None,
    threads: int | None = None,
    engine: Engine | str | None = None,
    progress: Progress | None = None,
    **mapping: Any,
) -> Tallies:
    """Return the tallies of one metric, or of several over one source from one read.

    by: the codes by which figures may be told apart later; time needs no choice, months are always kept.
    period: periods that begin or end inside a month and will be asked for. readings, parameters: by metric id.
    The other arguments are those of `measure`.
    """
    found = plugins or catalogue()
    several = [metrics] if isinstance(metrics, str | Metric | type) else metrics
    chosen = [find_metric(metric, found) for metric in several]
    ready = [each.under((readings or {}).get(each.id), (parameters or {}).get(each.id)).metric for each in chosen]
    _refuse_two_of_one_id(ready)
    for each in ready:
        _refuse_unknown_groups(as_names(by), each)
    records = {each.records for each in ready}
    if len(records) != 1:
        raise UsageError(
            "Metrics that share a read must be of one record type",
            got=", ".join(sorted(kind.name for kind in records)) or "no metric",
            remedy="tally each record type by itself",
        )
    moment = AsOf.at(as_of, zone=zone or COPENHAGEN, rules=rules(found, deadlines), calendar=calendar)
    source = as_source(data, records.pop(), {**mapping, "zone": zone})
    given = {field: as_names(labels) for field, labels in (where or {}).items()}
    axis, chosen_where = Axis(moment.zone, further_edges(as_periods(period))), tuple(sorted(given.items()))
    named = _named(undeclared, source, moment, given)
    questions = [Question(metric, as_names(by), chosen_where, axis=axis, named=named) for metric in ready]
    counted = find_engine(engine, threads).tally(questions, source, moment, expects=expects, progress=progress)
    names = [metric.id for metric in ready]
    return Tallies({name: part for name, (part, _) in zip(names, counted, strict=True)}, counted[0][1])


def _refuse_two_of_one_id(metrics: Sequence[Metric]) -> None:
    first: dict[str, Metric] = {}
    both = sorted({each.id for each in metrics if first.setdefault(each.id, each) != each})
    if both:
        raise UsageError(
            "Two metrics have one id, and a tally is kept by its metric's id",
            got=", ".join(both),
            remedy="give each an id of its own, or tally one at a time where they differ in their fields only",
        )


def merge(parts: Tallies | Iterable[Tallies]) -> Tallies:
    """Return the sum of tallies of the same metrics; the order makes no difference."""
    given: Sequence[object] = [parts] if isinstance(parts, Tallies | str | Path) else list(parts)
    several = [each for each in given if isinstance(each, Tallies)]
    if len(several) < len(given):
        raise UsageError(
            "Tallies are merged, and something else was given",
            got=", ".join(sorted({type(each).__name__ for each in given} - {Tallies.__name__})),
            remedy="load the saved ones first: merge([load_tally(path) for path in paths])",
        )
    names = {tuple(sorted(each.parts)) for each in several}
    if len(names) != 1:
        raise MergeError(
            "Only tallies of the same metrics merge",
            got="; ".join(", ".join(each) for each in sorted(names)) or "no tallies",
            remedy="tally the same metrics in each",
        )
    findings, counted = sum((each.findings for each in several), Findings()), [each.parts for each in several]
    del given, several  # of tallies that nobody else holds, only what is not summed yet takes memory
    summed = tallies.merge_each(counted)
    return Tallies({name: summed[name] for name in sorted(summed)}, findings)


def load_tally(path: Path | str) -> Tallies:
    """Return saved tallies; raise `InputError` where the file is missing, is none, or is not as it was saved.

    A file of the version before is read too. It does not say which records were in doubt: its figures have no bounds,
    no goal is judged by them, and they merge with their like only.
    """
    return Tallies(stored.all_from_bytes(read_bytes(path, "tally"), str(path)))
