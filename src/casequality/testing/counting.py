"""Laws of counting: a record is counted for itself, once, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from casequality.days import period
from casequality.metrics import NO, SHARE, YES, Measurement, Tally, conclude, merge
from casequality.testing.invented import Inapplicable, InventedTable, Row, Subject, broken, faults, fresh_key, with_key

SOME = 120
"""How many invented records are tallied where a tally is looked at as a whole."""
BY_ITSELF = "let a record's outcome follow from its own columns; no sorting, counting or comparing within the block"


def row_order(subject: Subject) -> None:
    """Refuse an answer that changes with the order of the records, or of the rows of their child tables."""

    def check(rows: InventedTable) -> None:
        seen = subject.seen(rows)
        said = subject.said(seen)
        for order in (np.arange(len(said))[::-1], np.roll(np.arange(len(said)), 1)):
            again = subject.said(seen, seen.records[order])
            if found := said[order].difference(again):
                broken(
                    f"In another order of the same records, {found} in turn",
                    rows=[seen.rows[int(order[found.record])], *seen.rows],
                    way_out=BY_ITSELF,
                )
        turned = rows.changed(
            "children turned", lambda: [_with_children(row, lambda below: below[::-1]) for row in rows]
        )
        if found := said.difference(subject.said(subject.seen(turned))):
            broken(
                f"With the rows of its child tables in another order, {found}",
                rows=[seen.rows[found.record]],
                way_out="rows of a child table stand in order of their beginning only: take the least, the greatest or"
                " the sum, and where two began together decide by what they say",
            )

    subject.try_tables(check)


def _with_children(row: Row, change: Callable[[list[Row]], list[Row]]) -> Row:
    """Return a row with each of its child tables changed."""
    return {name: change(value) if isinstance(value, list) else value for name, value in row.items()}


def splitting(subject: Subject) -> None:
    """Refuse an answer that changes where the records are read in parts, down to one by one; tallies must merge."""

    def check(rows: InventedTable) -> None:
        seen = subject.seen(rows)
        said = subject.said(seen)
        for size in {1, max(1, len(said) // 2)}:
            for first in range(0, len(said), size):
                part = subject.said(seen, seen.records[first : first + size])
                if found := said[first : first + size].difference(part):
                    broken(
                        f"Among {len(said)} records and among {len(part)}, {found}",
                        rows=[seen.rows[first + found.record], *seen.rows],
                        way_out=BY_ITSELF,
                    )

    subject.try_tables(check)
    rows = subject.corpus(SOME)
    whole, parts = subject.tally(rows), [subject.tally(part) for part in (rows[: SOME // 3], rows[SOME // 3 :])]
    if merge(parts) != whole:
        broken("The tallies of two parts do not add up to that of the whole", way_out=BY_ITSELF)


def duplication(subject: Subject) -> None:
    """Refuse an answer that changes where each record is there twice under keys of its own."""

    def check(rows: InventedTable) -> None:
        once, twice = subject.seen(rows), subject.seen(rows.changed("doubled", lambda: _doubled(subject, rows)))
        said, again = subject.said(once), subject.said(twice)
        for half in (slice(None, len(said)), slice(len(said), None)):
            if found := said.difference(again[half]):
                broken(
                    f"Alone, and beside a record that is the same but for its key, {found}",
                    rows=[once.rows[min(found.record, len(once.rows) - 1)]],
                    way_out="count every record: intake has already dropped rows that repeat a key",
                )

    subject.try_tables(check)
    rows = subject.corpus(SOME)
    figures, doubled = (subject.figures(subject.tally(each)) for each in (rows, _doubled(subject, rows)))
    _check_doubled(subject, figures, doubled)


def _check_doubled(subject: Subject, figures: Measurement, doubled: Measurement) -> None:
    counts = subject.metric.unit is not SHARE
    for one, two in zip(figures, doubled, strict=True):
        before, after = one.value.exact, two.value.exact
        if before != after and not (counts and before is not None and after == 2 * before):
            broken(
                f"With every record there twice, {one.period.label} goes from {_said(before)} to {_said(after)}",
                way_out="let the statistic give the same share or mean, or twice the number",
            )


def _doubled(subject: Subject, rows: Sequence[Row]) -> list[Row]:
    kind = subject.metric.records
    return [*rows, *(with_key(kind, row, fresh) for fresh, row in enumerate(rows, start=fresh_key(kind, rows)))]


def empty(subject: Subject) -> None:
    """Refuse a metric that fails on no records, gives other facets for them, or makes a figure of nothing."""
    rows = subject.corpus(SOME)
    seen = subject.seen(rows)
    try:
        nothing = subject.said(seen, seen.records[:0])
    except Exception as fault:  # noqa: BLE001  whatever it raises is the breach
        broken(
            f"On no records the metric fails with {type(fault.__cause__ or fault).__name__}",
            way_out="use what works on empty arrays: max(initial=...), no first or last element",
        )
    if nothing.facets != subject.said(seen).facets:
        broken("On no records the metric has other facets", way_out="return every facet each time")
    for counted, name in ((subject.tally([]), "no records"), (subject.tally(rows), "records of other years")):
        _check_nothing(subject, counted, name)


def _check_nothing(subject: Subject, counted: Tally, name: str) -> None:
    measured = conclude(counted, subject.metric.under(), periods=[period("1995")], as_of_day=subject.moment().day)
    for figure in measured:
        exact = figure.value.exact
        statistic = subject.metric.statistic
        if exact is not None and not (exact == 0 and (statistic.is_count or statistic.counts_nothing)):
            broken(
                f"From {name} comes the figure {exact}",
                way_out="let the statistic give no figure where there is nothing to count: Values.of(..., nothing=...)",
            )


def monotone(subject: Subject) -> None:
    """Refuse a share that one more met case makes worse."""
    metric = subject.metric
    of_others = metric.statistic.joins_facets or metric.statistic.counts_nothing
    if metric.unit is not SHARE or metric.higher_is_better is None or of_others:
        raise Inapplicable("the figure is no share of its cases that is better high or low")
    wanted, word = (YES, "raise") if metric.higher_is_better else (NO, "lower")
    better = 1 if metric.higher_is_better else -1

    def check(rows: InventedTable) -> None:
        figures = _by_facet(subject, rows)
        for facet, row in _playing(subject, rows, wanted.value).items():
            more = [*rows, with_key(metric.records, row, fresh_key(metric.records, rows))]
            before, after = figures.get(facet), _by_facet(subject, more).get(facet)
            if before is not None and (after is None or (after - before) * better < 0):
                broken(
                    f"One more case with a good outcome should {word} the figure{facet and f' {facet}'} or leave it,"
                    f" and it goes from {_said(before)} to {_said(after)}",
                    rows=[row],
                    way_out="check higher_is_better, the roles of the outcomes and the statistic against each other",
                )

    subject.try_tables(check)


def _playing(subject: Subject, rows: Sequence[Row], role: str) -> dict[str, Row]:
    """Return for each facet the first row whose outcome in it plays a role, if there is any."""
    seen = subject.seen(rows)
    said = subject.said(seen)
    roles = {name: each.value for name, each in subject.metric.under().roles.items()}
    found: dict[str, Row] = {}
    for facet in said.facets:
        for row, name in zip(seen.rows, said.outcomes(facet), strict=True):
            if roles.get(name) == role:
                found.setdefault(facet, row)
    return found


def _by_facet(subject: Subject, rows: Sequence[Row]) -> dict[str, Fraction | None]:
    figures = subject.figures(subject.tally(rows), by=()).figures
    return {figure.facet: figure.value.exact for figure in figures}


def _said(exact: Fraction | None) -> str:
    return "no data" if exact is None else str(exact)


def adds_up(subject: Subject) -> None:
    """Refuse a tally that loses or invents a row: what is read is counted, set aside or not yet begun."""
    kind = subject.metric.records

    def check(rows: InventedTable) -> None:
        # one row for each thing that can be wrong: the accounts must have a place for it, too
        spoilt = [{**rows[0], field: value} for (field, _), value in faults(kind).items()]
        given = [*rows, *(with_key(kind, row, key) for key, row in enumerate(spoilt, start=fresh_key(kind, rows)))]
        counted = subject.tally(given)
        expected = len(given) - counted.accounts.set_aside - counted.accounts.later
        for number, facet in enumerate(counted.facets):
            kept = int(counted.counted("rows")[counted.part("facet") == number].sum())
            if kept != expected:
                broken(
                    f"Of {expected} records {kept} have an outcome{f' in facet {facet}' if facet else ''}",
                    rows=given,
                    way_out="return one outcome a record, made with self.outcomes.pick(...)",
                )
        accounts = subject.figures(counted).accounts
        if sum(accounts.values()) != 2 * accounts["read"]:
            broken(f"The accounts do not add up: {accounts}", rows=given, way_out="report it with this metric")

    subject.try_tables(check)
