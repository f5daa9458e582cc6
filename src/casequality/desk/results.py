"""What a caller gets back: figures that show themselves, and the way from a figure to its cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import numpy.typing as npt

from casequality.errors import InputError, UsageError
from casequality.evidence import (
    Change,
    Chart,
    Detectable,
    FigureChange,
    Interval,
    Kind,
    chart,
    detectable_change,
    difference,
    figure_change,
    figure_interval,
    interval,
)
from casequality.evidence.disclosure import INTERNAL, Publish
from casequality.files import write_whole
from casequality.metrics import (
    REASONS,
    AsOf,
    DoubtedBlock,
    Figure,
    Measurement,
    Question,
    Reading,
    Sample,
    contributed,
    fields_read,
)
from casequality.records import Block, Codes, Findings, Instant, Records, Source
from casequality.reports import (
    ShownCard,
    Table,
    card,
    figures_chart,
    file_of,
    frame,
    measurement_table,
    publish_measurements,
)
from casequality.showing import Showable, TextTable, session_language

Drill = Callable[[Figure, str], "Cases"]
LIMIT = 100_000


@attrs.frozen
class Cases(Showable):
    """The records behind one outcome of a figure: their row numbers and keys, and why they are counted there."""

    outcome: str
    rows: tuple[int, ...]
    keys: tuple[int | str, ...]
    facts: Mapping[str, tuple[Any, ...]]

    def __len__(self) -> int:
        return len(self.rows)

    def text_table(self, lang: str) -> TextTable:
        """Return a row a case: its row number, its key, and the fields that the metric read."""
        called, *names = {"en": ("Cases", "row", "key"), "da": ("Sager", "række", "nøgle")}[lang]
        lines = zip(*self.to_dict().values(), strict=True)
        rows = tuple(tuple("" if each is None else str(each) for each in line) for line in lines)
        return TextTable(caption=f"{called}: {self.outcome}", headers=(*names, *self.facts), rows=rows, lang=lang)

    def to_dict(self) -> dict[str, list[Any]]:
        """Return the cases as columns: row, key and the fields that the metric read."""
        return {
            "row": list(self.rows),
            "key": list(self.keys),
            **{name: list(values) for name, values in self.facts.items()},
        }


@attrs.frozen
class Cell(Showable):
    """One figure of a result, which can name its cases."""

    figure: Figure
    drill: Drill = attrs.field(repr=False)
    measurement: Measurement = attrs.field(repr=False)

    def text_table(self, lang: str) -> TextTable:
        """Return the figure as its row of the table of figures."""
        return measurement_table(self.measurement, lang=lang, only=[self.figure]).text_table()

    def cases(self, outcome: str) -> Cases:
        """Return the records with this outcome; reads the source again."""
        if outcome not in self.figure.outcomes:
            known = self.figure.outcomes
            raise UsageError("The figure has no such outcome", got=outcome, allowed=known, remedy="name one of these")
        return self.drill(self.figure, outcome)


@attrs.frozen(repr=False)
class Result(Showable):
    """The figures of one metric, as a table in a notebook and on a terminal."""

    measurement: Measurement
    findings: Findings
    drill: Drill | None = None

    def __getitem__(self, period: str | tuple[str, ...]) -> Cell:
        """Return the figure of a period, or of a period and a label for each group in order."""
        label, *groups = (period,) if isinstance(period, str) else period
        names = list(self.measurement.figures[0].groups) if self.measurement.figures else []
        figure = self.measurement.figure(label, **dict(zip(names, groups, strict=False)))
        return Cell(figure, self.drill or _no_source, self.measurement)

    def _ipython_key_completions_(self) -> list[str | tuple[str, ...]]:
        places = dict.fromkeys((each.period.label, *(label or "" for label in each.groups.values())) for each in self)
        return [place[0] if len(place) == 1 else place for place in places]

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.measurement)

    def __len__(self) -> int:
        return len(self.measurement)

    @property
    def accounts(self) -> dict[str, int]:
        """Where every row went; the parts add up to what was read."""
        return self.measurement.accounts

    def interval(self, period: str, **place: str | None) -> Interval:
        """Return between what the population's figure lies, in the metric's unit, at 95 % confidence.

        place: the facet and a label for each group, where there are any. Only for a sample: a full count has none.
        """
        sample = self._sample(period, place)
        return interval(sample).times(sample.whole(self.measurement.unit))

    def difference(self, later: str, earlier: str, **place: str | None) -> Change | FigureChange:
        """Return how the figure changed: of a sample with its interval, of a full count with what doubt leaves open."""
        if not self.measurement.reading.sampled:
            now, then = (self.measurement.figure(period, **place) for period in (later, earlier))
            return figure_change(now, then, self.measurement.unit)
        sample, before = self._sample(later, place), self._sample(earlier, place)
        return difference(sample, before).times(sample.whole(self.measurement.unit))

    def detectable_change(self, period: str, *, size: int | None = None, **place: str | None) -> Detectable:
        """Return the smallest changes since a period that a next sample would show, with a power of 80 %.

        size: of the next sample; that of the period's where it is left out.
        """
        sample = self._sample(period, place)
        return detectable_change(sample, size).times(sample.whole(self.measurement.unit))

    def variation(
        self,
        *,
        targets: Fraction | int | Sequence[Fraction | int | None] | None = None,
        breaks: Sequence[str] = (),
        kind: Kind = "xmr",
        **place: str | None,
    ) -> Chart:
        """Return the control chart of figures measured by a grain of time: is the process changing, is the target hit.

        targets: in the metric's unit, one or one a period. breaks: the periods with which a declared break begins.
        kind: "xmr", or "p" and "p'" for shares of cases, "u" and "u'" for other quotients of counts. place: the facet
        and a label for each group, where there are any. Periods without a figure are left out.
        """
        chosen = [figure for figure in self if place.items() <= figure.place.items() and figure.value.exact is not None]
        unit, metric = self.measurement.unit, self.measurement.reading.metric
        labels = [figure.period.label for figure in chosen]
        if len(set(labels)) < len(labels):
            raise UsageError(
                "Several figures of a period fit", got=f"{len(labels)} figures", remedy="name the facet and each group"
            )
        several = targets if isinstance(targets, Sequence) else [targets] * len(labels)
        return chart(
            labels,
            [figure.value.exact if kind == "xmr" else figure.value.numerator or 0 for figure in chosen],  # type: ignore[misc]
            None if kind == "xmr" else [figure.value.denominator or 0 for figure in chosen],
            kind=kind,
            targets=[None if each is None else Fraction(each) / unit.scale for each in several],
            higher_is_better=metric.higher_is_better,
            breaks=breaks,
            unit=unit,
        )

    def _sample(self, period: str, place: Mapping[str, str | None]) -> Sample:
        sample = self.measurement.figure(period, **place).sample
        if sample is not None:
            return sample
        sampled = self.measurement.reading.sampled
        raise UsageError(
            "The figure is of a full count, which leaves nothing to chance"
            if not sampled
            else "How much chance leaves open is not computed for this figure",
            where=f"{self.measurement.reading.metric.id}, {period}",
            got="no sample" if not sampled else "no case, or weights",
            allowed="a figure under a reading that takes its records as a sample, unweighted",
            remedy="choose such a reading where the metric has one, or compare the exact figures",
        )

    def table(self, lang: str = "en", *, publish: Publish = None) -> Table:
        """Return the figures as a table, with all that they rest on; publish: what may be told under a policy."""
        if publish:
            return publish_measurements([self.measurement], publish).table(lang)
        return measurement_table(self.measurement, lang=lang)

    def card(self, lang: str = "en") -> ShownCard:
        """Return what the metric means: definition, fields read, outcomes, readings, source and limits."""
        return card(self.measurement.reading.metric, lang)

    def to_dict(self, *, publish: Publish = None) -> dict[str, Any]:
        """Return everything as plain data; publish: what may be told under a policy."""
        if publish:
            return publish_measurements([self.measurement], publish).to_dict()
        found = self.findings.to_dict()
        plain = {"audience": INTERNAL.to_dict(), **self.measurement.to_dict(), "figures": self._figures()}
        return {**plain, "rows_set_aside": found["findings"], "suspected": found["suspected"]}

    def to_frame(self, backend: str = "pandas", *, publish: Publish = None) -> Any:
        """Return the figures as a frame of pandas, polars or pyarrow; publish: what may be told under a policy.

        Beside each value stand low and high, between what it lies (none for no limit, see `bounds`), a column for each
        reason for which records are in doubt, and one for each outcome.
        """
        if publish:
            return publish_measurements([self.measurement], publish).to_frame(backend)
        figures = self._figures()
        reasons = [reason for reason in REASONS if any(reason in plain["doubt"] for plain in figures)]
        return frame([_flat(plain, reasons) for plain in figures], backend)

    def to_excel(self, path: Path | str, lang: str = "en", *, publish: Publish = None) -> None:
        """Write the table of figures to a workbook, numbers as numbers; publish: as for `save`."""
        self.save(Path(path).with_suffix(".xlsx"), lang, publish=publish)

    def save(self, path: Path | str, lang: str = "en", *, publish: Publish = None) -> None:
        """Write the figures: .csv, .xlsx, .json, .html or .md, by the file's name.

        publish: what may be told under a policy, whose ledger has the edition before the file is written.
        """
        if publish:
            publish_measurements([self.measurement], publish).save(path, lang)
        else:
            write_whole(path, file_of(path, self.table(lang), self.to_dict))

    def _figures(self) -> list[dict[str, Any]]:
        """Return each figure as plain data, that of a sample with its interval."""
        figures: list[dict[str, Any]] = self.measurement.to_dict()["figures"]
        if not self.measurement.reading.sampled:
            return figures
        return [
            {**plain, **_interval(figure_interval(figure, self.measurement.unit))}
            for plain, figure in zip(figures, self.measurement, strict=True)
        ]

    def plot(self, lang: str = "en", *, publish: Publish = None) -> Any:
        """Return a chart of the figures over time as SVG, which a notebook shows; publish: what may be told alone."""
        if publish:
            return publish_measurements([self.measurement], publish).plot(lang)
        return figures_chart(self.measurement, lang=lang)

    def text_table(self, lang: str) -> TextTable:
        """Return the table of figures, as it shows itself."""
        return self.table(lang).text_table()

    def __repr__(self) -> str:
        return self.text_table(session_language()).first().text()


def _interval(found: Interval | None) -> dict[str, Any]:
    plain = found.to_dict() if found else {}
    return {f"interval_{name}": plain.get(name) for name in ("low", "high", "method")}


def _flat(plain: Mapping[str, Any], reasons: Sequence[str]) -> dict[str, Any]:
    flat = {name: value for name, value in plain.items() if name not in ("outcomes", "doubt")}
    doubt = {f"doubt_{reason.replace(' ', '_')}": plain["doubt"].get(reason, 0) for reason in reasons}
    return {**flat, **doubt, **{f"outcome_{name}": rows for name, rows in plain["outcomes"].items()}}


def _no_source(figure: Figure, outcome: str) -> Cases:
    raise InputError(
        "These figures come from a saved tally, which knows no single case",
        where=figure.period.label,
        got=outcome,
        remedy="measure the source itself to see its cases",
    )


def drill_into(question: Question, reading: Reading, source: Source, as_of: AsOf) -> Drill:
    """Return the function that names the cases behind an outcome of a figure.

    It raises `InputError` for a source that can be read only once, since the figures have read it.
    """
    reads = fields_read(question.metric, as_of)
    question = attrs.evolve(question, reads=reads)

    def cases(figure: Figure, outcome: str) -> Cases:
        if not source.rereadable:
            raise InputError(
                "The cases of a stream that can be read only once cannot be named: the figures have read it",
                where=f"{source.name}, {figure.period.label}",
                got=outcome,
                remedy="measure a file, a frame or a list, which can be read again",
            )
        key = question.metric.records.key_field()
        fields = {*reads, *figure.groups, *(field for field, _ in question.where), *([key] if key else [])}
        found: list[dict[str, list[Any]]] = []
        for part in source.reading(fields, keys="partitioned").parts:
            found += [_cases_of(block, question, reading, figure, outcome, as_of) for block in part.blocks()]
            if sum(len(each["row"]) for each in found) > LIMIT:
                where, remedy = f"{figure.period.label}, {outcome}", "ask for a shorter period or a smaller group"
                raise InputError("There are too many cases to name", where=where, allowed=str(LIMIT), remedy=remedy)
        joined = {name: tuple(value for each in found for value in each[name]) for name in (found[0] if found else {})}
        rows, keys = joined.pop("row", ()), joined.pop("key", ())
        return Cases(outcome, rows, keys, {name: joined[name] for name in sorted(joined)})

    return cases


def _cases_of(
    block: Block, question: Question, reading: Reading, figure: Figure, outcome: str, as_of: AsOf
) -> dict[str, list[Any]]:
    records, rows, outcomes, inside = placed(block, question, reading, figure, as_of)
    chosen = inside & (outcomes == question.metric.outcomes.names.index(outcome))
    return {
        "row": rows[chosen].tolist(),
        "key": record_keys(records, np.flatnonzero(chosen)),
        **record_facts(records, question.reads, chosen, as_of.zone),
    }


def placed(
    block: Block, question: Question, reading: Reading, figure: Figure, as_of: AsOf
) -> tuple[Records, npt.NDArray[Any], npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Return a block's records, their rows, their outcomes, and which of them are in a figure; shape (records,)."""
    begun = block.records.begun(as_of.instant, as_of.known_before)
    needed = question.reads.union(figure.groups, (field for field, _ in question.where))
    aside = block.records.in_doubt(needed)
    begun = begun if aside is None else begun & ~aside
    records = block.records[begun].known_at(as_of.instant, as_of.known_before)
    rows = np.asarray(block.rows)[begun]
    chosen = np.ones(len(records), bool)
    for field, labels in question.where:
        chosen &= _codes(records.column(field)).isin(labels)
    for field, label in figure.groups.items():
        column = _codes(records.column(field))
        borne = [own for own, told in zip(column.labels, question.labels(field, column), strict=True) if told == label]
        chosen &= column.missing if label is None else column.isin(borne)
    as_of = as_of.for_block(len(records))
    given = contributed(question.metric, records, as_of)
    given = given[figure.facet] if isinstance(given, Mapping) else given
    block_in_doubt = DoubtedBlock(question, records, as_of.remarks.unknown, as_of.remarks.beyond)
    given = block_in_doubt.as_known(given, figure.facet)
    placed_on = given.until if reading.cohort == "closed" and given.until is not None else given.on
    cells = np.broadcast_to(question.axis.place(placed_on)[0], len(records))
    first, end = question.axis.cell_of(figure.period.first), question.axis.cell_of(figure.period.end)
    chosen &= (cells >= first) & (cells < end)
    if as_of.remarks.beyond is not None:
        chosen &= ~as_of.remarks.beyond
    return records, rows, given.outcome, chosen


def record_facts(records: Any, reads: frozenset[str], chosen: Any, zone: str) -> dict[str, list[Any]]:
    """Return by field what was read of the chosen records, as plain values; instants as a zone's clocks show them."""
    facts = {}
    for name in reads:
        held = None if "." in name else records.fields[name].column_type
        if held is not None and not held.is_table and not held.is_key:
            facts[name] = held.plain(records.column(name)[chosen])
            if isinstance(held, Instant):
                facts[name] = [each and each.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)) for each in facts[name]]
    return facts


def record_keys(records: Records, chosen: npt.NDArray[np.intp]) -> list[int | str | None]:
    """Return the keys of the chosen records, None for each where the source has none."""
    key = records.key_field()
    if key is None or key not in records.loaded:
        return [None] * len(chosen)
    column = records.column(key)
    assert isinstance(column, np.ndarray)
    return list(column[chosen].tolist())


def _codes(column: object) -> Codes:
    assert isinstance(column, Codes)
    return column
