"""What the deliveries of a store answer of goals, as they were known then: an engine that reads no records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import attrs
import numpy as np

from casequality.days import Period
from casequality.days import period as parse_period
from casequality.desk.keeping.deliveries import Entry, Held, Moment, digest_of
from casequality.desk.keeping.lacking import (
    ASSUMED,
    FROM,
    GAPS,
    NOT_ALIKE,
    NOT_KEPT,
    NOTHING,
    OF,
    OTHERWISE,
    SINCE,
    both,
    change_of,
    differences,
    plain,
    said,
    titled,
)
from casequality.desk.keeping.stores import Store
from casequality.engines import Progress, asked_as
from casequality.errors import InputError, MergeError, UsageError, Words
from casequality.metrics import AsOf, Question, Tally, merge
from casequality.privacy import HASHED
from casequality.records import Findings, Source

UNITS: Final = "expected units"
"""Under this name a source's counts by the units from which it promises records stand beside those of its goals."""


def key_of(source: str, name: str) -> str:
    """Return under which name a store keeps the counts of a goal of a source: two sources may ask one metric."""
    return f"{source}/{name}"


@attrs.frozen(eq=False, slots=False)
class StoredCounts:
    """The counts that a store held at some moment, of all who deliver or of some.

    log: all that it knew then. deliveries: what of it is held and asked for. who: of whom alone, () for all.
    """

    store: Store
    log: tuple[Entry, ...]
    deliveries: tuple[Entry, ...]
    who: tuple[str, ...] = ()

    @classmethod
    def of(cls, store: Store, *, who: Sequence[str] = (), at: Moment | None = None) -> StoredCounts:
        """Return what was known then; raise `InputError` where one of them, or nobody, had delivered."""
        log = store.log(at)
        held = tuple(Held.after(log))
        lacking = [name for name in who if name not in {each.who for each in held}]
        if lacking or not held:
            raise InputError(
                "The store held no such delivery",
                where=store.folder,
                got=", ".join(lacking) or "an empty store",
                allowed=sorted({each.who for each in held}),
                remedy="name who has delivered, or a later day",
            )
        return cls(store, log, tuple(each for each in held if not who or each.who in who), tuple(who))

    @property
    def sources(self) -> frozenset[str]:
        """The sources of goals that were delivered by their names."""
        return frozenset(name.partition("/")[0] for name in self._entries if "/" in name)

    @cached_property
    def _entries(self) -> dict[str, list[Entry]]:
        """The deliveries that hold counts of a name."""
        found: dict[str, list[Entry]] = {}
        for each in self.deliveries:
            for name in each.metrics:
                found.setdefault(name, []).append(each)
        return found

    @cached_property
    def _sums(self) -> dict[tuple[str, ...], Mapping[str, Tally] | MergeError]:
        return {}

    def _sum(self, name: str) -> Tally:
        """Return the sum of all counts of a name; raise `MergeError` where they do not add up."""
        parts = []
        for metrics in sorted({each.metrics for each in self._entries[name]}):
            if metrics not in self._sums:
                alike = [each for each in self.deliveries if each.metrics == metrics]
                try:
                    self._sums[metrics] = self.store.sum(alike).parts
                except MergeError as fault:
                    self._sums[metrics] = fault
            found = self._sums[metrics]
            if isinstance(found, MergeError):
                raise found
            parts.append(found[name])
        return merge(parts) if parts[1:] else parts[0]

    def names(self, source: str) -> list[str]:
        """Return the names of all that may answer a question to a source: what was counted for it, else for anybody."""
        own = [name for name in self._entries if name.startswith(key_of(source, ""))]
        return own or [name for name in self._entries if "/" not in name]

    def instants(self, source: str) -> list[np.datetime64]:
        """Return the as-ofs of a source's counts, in UTC; none of those that do not add up."""
        found = set()
        for name in self.names(source):
            try:
                found.add(np.datetime64(self._sum(name).assumed.as_of, "us"))
            except MergeError:
                continue
        return sorted(found)

    def why_not(
        self, source: str, question: Question, as_of: AsOf, periods: Sequence[Period], expects: str = ""
    ) -> Words | None:
        """Return why it cannot answer a question to a source, None where it can.

        periods: those of which everybody must have delivered all that is over, the first of them at all.
        """
        try:
            found = self._found(source, question, as_of, expects)
        except MergeError as fault:
            return said(NOT_ALIKE, both(what for name, what in ASSUMED.items() if f"{name}: " in str(fault.got)))
        return found if isinstance(found, Words) else self._gaps(found[0], periods, as_of.day)

    def tally(
        self,
        questions: Sequence[Question],
        source: Source,
        as_of: AsOf,
        *,
        expects: str = "",
        progress: Progress | None = None,
    ) -> list[tuple[Tally, Findings]]:
        """Return one tally a question, of the deliveries; raise `InputError` for one that they do not answer."""
        told = []
        for question in questions:
            found = self._found(source.name, question, as_of, expects)
            if isinstance(found, Words):
                raise InputError(
                    Words("The store cannot answer this", "Lageret kan ikke svare på dette"),
                    where=f"{self.store.folder}, {source.name}",
                    got=found,
                    remedy=Words("deliver it counted in this way", "lever den talt op på denne måde"),
                )
            name, part = found
            part = part if part.assumed.groups == question.groups else part.told_apart_by(question.groups)
            part = part if "/" in name else _as_named(part, question)
            told.append((part, Findings(set_aside=part.accounts.set_aside)))
        return told

    def holds(self, source: str, day: np.datetime64, period: Period) -> bool:
        """Return whether all who deliver a source have delivered all of a period that was over on a day."""
        names, end = self.names(source), min(period.end, _over(day))
        return bool(names) and not any([*self._undelivered(name, period.first, end)] for name in names)

    @property
    def digest(self) -> str:
        """A digest of what is held and asked for."""
        return digest_of("\n".join(f"{each.who} {each.period} {each.tallies}" for each in self.deliveries).encode())

    def words(self, source: str) -> Words:
        """From which deliveries a source's counts come, and what of them changed after the last release."""
        names = {*self.names(source)}
        here = [each for each in self.deliveries if names.intersection(each.metrics)]
        whose = both(plain(each) for each in sorted({each.who for each in here}))
        last, many = self.log[-1], plain(str(len(here)))
        told = said(FROM, whose, "whose", many=many, number=plain(str(last.number)), day=plain(f"{last.at:%Y-%m-%d}"))
        released = next((each for each in reversed(self.log) if each.kind == "released"), None)
        if released is None:
            return told
        changed = [each for each in self.changed(released.number) if names.intersection(each.metrics)]
        changes = both(map(change_of, changed)) if changed else NOTHING
        since = said(SINCE, changes, "what", note=plain(released.note), day=plain(f"{released.at:%Y-%m-%d}"))
        return Words(f"{told.en} {since.en}", f"{told.da} {since.da}")

    def changed(self, number: int) -> list[Entry]:
        """Return the changes after an entry of the log, of whose deliveries are asked for."""
        whose = {each.who for each in self.deliveries}
        return [each for each in self.log[number:] if each.kind != "released" and each.who in whose]

    def _found(self, source: str, question: Question, as_of: AsOf, expects: str) -> tuple[str, Tally] | Words:
        """Return the name and the counts that answer a question, or why none do."""
        wanted = asked_as(question, as_of)
        nearest: list[Words] | None = None
        for name in self.names(source):
            part = self._sum(name)
            if part.assumed.metric == wanted.metric:
                other = list(differences(part, wanted, expects))
                if not other:
                    return name, part
                nearest = other if nearest is None or len(other) < len(nearest) else nearest
        if nearest is None:
            return said(NOT_KEPT, Words(question.metric.id, question.metric.id), "metric")
        return said(OTHERWISE, both(nearest))

    def _gaps(self, name: str, periods: Sequence[Period], day: np.datetime64) -> Words | None:
        found = []
        for number, each in enumerate(periods):
            end = min(each.end, _over(day))
            lacking = list(self._undelivered(name, each.first, end)) if each.first < end else []
            all_lack = {who for who, _ in lacking} == {entry.who for entry in self._entries[name]}
            # of an earlier period that nobody delivered, the records do not reach back so far
            whole = all(span == (each.first, end) for _, span in lacking)
            found += [] if number and lacking and all_lack and whole else lacking
        told = [said(OF, plain(who), "who", period=titled(Period(*span))) for who, span in dict.fromkeys(found)]
        return said(GAPS, both(told)) if told else None

    def _undelivered(self, name: str, first: dt.date, end: dt.date) -> Iterator[tuple[str, tuple[dt.date, dt.date]]]:
        """Yield who has not delivered what of some days."""
        for who in sorted({each.who for each in self._entries[name]}):
            spans = [parse_period(each.period) for each in self._entries[name] if each.who == who]
            known = first
            for span in sorted(spans, key=lambda each: each.first):
                if known < min(span.first, end):
                    yield who, (known, min(span.first, end))
                known = max(known, span.end)
            if known < end:
                yield who, (known, end)


def kept_of(store: Store, who: Sequence[str], at: Moment | None, beside: Iterable[object]) -> StoredCounts:
    """Return what a store held then; raise `UsageError` where something else is given that would read records."""
    if any(each is not None for each in beside):
        raise UsageError(
            "Where a store answers, no records are read",
            where=store.folder,
            got="sources, or an engine with what belongs to it, beside the store",
            remedy="leave them out, or leave the store out",
        )
    return StoredCounts.of(store, who=who, at=at)


def _over(day: np.datetime64) -> dt.date:
    """Return until when everybody can have delivered: a month that is not over is nobody's to deliver."""
    first: dt.date = day.astype("M8[M]").astype("M8[D]").item()
    return first


def _as_named(part: Tally, question: Question) -> Tally:
    """Return counts with a digest for each label of an open list that nobody declared, as records would be counted."""
    fields = question.metric.records.fields

    def named(field: str, label: str | None) -> str | None:
        if label is None or label.startswith(HASHED) or (field in fields and fields[field].labels):
            return label
        return question.label(field, label)

    groups = part.assumed.groups
    labels = tuple(tuple(named(*each) for each in zip(groups, label, strict=True)) for label in part.labels)
    return part if labels == part.labels else merge([attrs.evolve(part, labels=labels)])
