"""What is wrong with the rows of a source, whom it concerns, how to mend it, and which questions it puts in doubt."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask, read_only
from casequality.errors import Words
from casequality.files import whole_text
from casequality.records.facts.faults import KNOWN_FAULTS, RULE_REMEDY
from casequality.showing import Showable, TextTable, grouped

FieldNames: TypeAlias = "frozenset[str] | None"
"""Some fields of a record type; None for all of them."""


@attrs.frozen(eq=False)
class Taint:
    """One kind of fault, and the rows (records,) that have it.

    concerned: a question that reads one of these fields sets the rows aside; others count them as if nothing were.
    blurred: the fields that such a question cannot trust.
    """

    concerned: FieldNames
    blurred: FieldNames
    rows: Mask = attrs.field(converter=read_only)

    def concerns(self, fields: Collection[str]) -> bool:
        """Return whether a question that reads `fields` sets the rows aside."""
        return self.concerned is None or not self.concerned.isdisjoint(fields)

    def blurs(self, name: str) -> bool:
        """Return whether a field of the rows cannot be trusted."""
        return self.blurred is None or name in self.blurred


@attrs.frozen(eq=False)
class Doubts:
    """What may be wrong with a block of records; every mask has the shape (records,).

    unknown: by field, the rows of which the source itself says that it does not know. suspected: by field, the rows
    whose date may be an undeclared mark for "no date".
    """

    taints: tuple[Taint, ...] = ()
    unknown: Mapping[str, Mask] = attrs.field(factory=dict)
    suspected: Mapping[str, Mask] = attrs.field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.taints or self.unknown or self.suspected)

    def __getitem__(self, rows: slice | Mask | npt.NDArray[np.intp]) -> Doubts:
        """Return the doubts of the chosen rows."""
        if not self:
            return self
        chosen = (attrs.evolve(taint, rows=taint.rows[rows]) for taint in self.taints)
        return Doubts(
            tuple(taint for taint in chosen if taint.rows.any()),
            *({name: mask[rows] for name, mask in masks.items()} for masks in (self.unknown, self.suspected)),
        )

    def of(self, fields: Collection[str], blurring: str | None = None) -> Mask | None:
        """Return the rows that a question which reads `fields` sets aside, or of which it cannot trust one field."""
        return either(
            taint.rows
            for taint in self.taints
            if taint.concerns(fields) and (blurring is None or taint.blurs(blurring))
        )

    def blurring(self, name: str) -> Mask | None:
        """Return the rows of which a field cannot be trusted, whoever asks."""
        return either(taint.rows for taint in self.taints if taint.blurs(name))

    def with_taints(self, taints: Iterable[Taint]) -> Doubts:
        """Return the doubts with some more."""
        return attrs.evolve(self, taints=(*self.taints, *taints))

    def without_suspects(self, name: str, rows: Mask) -> Doubts:
        """Return the doubts, none of them for how the dates of a field in `rows` are read."""
        if name not in self.suspected:
            return self
        return attrs.evolve(self, suspected={**self.suspected, name: self.suspected[name] & ~rows})

    @classmethod
    def joined(cls, several: Sequence[Doubts], lengths: Sequence[int]) -> Doubts:
        """Return those of one block of records after the other."""
        if not any(several):
            return cls()
        kinds = dict.fromkeys((taint.concerned, taint.blurred) for each in several for taint in each.taints)
        by_kind = [{kind: each._of_kind(kind) for kind in kinds if each._of_kind(kind) is not None} for each in several]
        taints = _end_to_end(by_kind, lengths)
        return cls(
            tuple(Taint(concerned, blurred, rows) for (concerned, blurred), rows in taints.items()),
            _end_to_end([each.unknown for each in several], lengths),
            _end_to_end([each.suspected for each in several], lengths),
        )

    def _of_kind(self, kind: tuple[FieldNames, FieldNames]) -> Mask | None:
        return either(taint.rows for taint in self.taints if (taint.concerned, taint.blurred) == kind)


def either(masks: Iterable[Mask | None]) -> Mask | None:
    """Return the rows that any of the masks marks; None for no row."""
    some = [mask for mask in masks if mask is not None]
    if not some:
        return None
    found: Mask = some[0] if len(some) == 1 else np.logical_or.reduce(some)
    return found if found.any() else None


def _end_to_end(several: Sequence[Mapping[Any, Mask | None]], lengths: Sequence[int]) -> dict[Any, Mask]:
    found: dict[Any, Mask] = {}
    for name in dict.fromkeys(name for each in several for name in each):
        masks = [each.get(name) for each in several]
        found[name] = np.concatenate(
            [np.zeros(length, bool) if mask is None else mask for mask, length in zip(masks, lengths, strict=True)]
        )
    return found


LISTED = 100_000
"""How many row numbers a finding lists at most; its count is exact."""


def _listed(rows: npt.ArrayLike) -> Integers:
    return read_only(np.sort(np.asarray(rows, np.int64), kind="stable")[:LISTED])


FindingPlace: TypeAlias = tuple[str, str, str, tuple[str, ...]]


@attrs.frozen(kw_only=True)
class Finding:
    """One fault of one column: how many rows have it and which.

    `rows` are data rows as a person counts them (the first is 1, blank lines are not counted; in a sheet, as Excel
    numbers them), in rising order, at most 100,000; `file` names the file where a source has several, or its sheet.
    A column of a child table is named with its field: `notices.sent_on`.
    fields: those of whose readers it concerns each, a child's as `notices.sent_on`, a child table for all who read of
    it; None for everybody.
    """

    column: str
    fault: str
    count: int
    rows: Integers = attrs.field(converter=_listed, eq=attrs.cmp_using(eq=np.array_equal))
    file: str | None = None
    fields: frozenset[str] | None = None

    @classmethod
    def of(
        cls,
        column: str,
        fault: str,
        rows: npt.ArrayLike,
        file: str | None = None,
        fields: frozenset[str] | None = None,
    ) -> Finding:
        """Return the finding of these rows."""
        return cls(column=column, fault=fault, count=np.size(rows), rows=rows, file=file, fields=fields)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return self.told("en")[1]

    def told(self, lang: str) -> tuple[str, str]:
        """Return what the fault is called, and what to do about it; a broken rule has only its own sentence here."""
        known = KNOWN_FAULTS.get(self.fault)
        if known is None:
            return self.fault, RULE_REMEDY[lang]
        return known.da if lang == "da" else self.fault, known.remedy[lang]

    def concerns(self, fields: Collection[str]) -> bool:
        """Return whether it concerns a question that reads `fields`."""
        return self.fields is None or not self.fields.isdisjoint(fields)

    def with_rows_of(self, other: Finding) -> Finding:
        """Return the finding of the rows that either has; of more than are listed, the one that counts more."""
        # of more rows than are listed nobody can tell which both have
        if max(self.count, other.count) > LISTED:
            return max(self, other, key=lambda each: each.count)
        rows = np.union1d(self.rows, other.rows)
        return attrs.evolve(self, count=len(rows), rows=rows)

    @property
    def _place(self) -> FindingPlace:
        return self.file or "", self.column, self.fault, tuple(sorted(self.fields or ()))

    def __add__(self, other: Finding) -> Finding:
        rows = np.concatenate([self.rows, other.rows])
        return attrs.evolve(self, count=self.count + other.count, rows=rows)


FOUND = Words("What was found in the rows", "Fundet i rækkerne")
FINDING_HEADERS = Words("file row column fault remedy", "fil række kolonne fejl afhjælpning")
MORE_ROWS = Words("{} more", "{} til")


@attrs.frozen(repr=False)
class Findings(Showable):
    """What intake found; `+` joins the findings of two blocks, in any order.

    `set_aside` counts the rows left out, each once however many faults it has.
    `suspected` counts dates that look like an undeclared mark for "no date", by field and day.
    `adrift` counts, by the field of a child table, the child rows of which nobody knows whose they are.
    """

    items: tuple[Finding, ...] = ()
    set_aside: int = 0
    suspected: Mapping[tuple[str, str], int] = attrs.field(factory=dict)
    adrift: Mapping[str, int] = attrs.field(factory=dict)

    @classmethod
    def of(
        cls,
        found: Iterable[Finding],
        set_aside: int = 0,
        suspected: Mapping[tuple[str, str], int] | None = None,
        adrift: Mapping[str, int] | None = None,
    ) -> Findings:
        """Return the findings with those of one place and fault joined, in order of file, column and fault."""
        joined: dict[FindingPlace, Finding] = {}
        for item in found:
            joined[item._place] = joined[item._place] + item if item._place in joined else item
        items = tuple(joined[place] for place in sorted(joined))
        return cls(items, set_aside, dict(sorted((suspected or {}).items())), dict(sorted((adrift or {}).items())))

    def __bool__(self) -> bool:
        return bool(self.items or self.set_aside or self.suspected or self.adrift)

    def __add__(self, other: Findings) -> Findings:
        if not other:
            return self
        return Findings.of(
            self.items + other.items,
            self.set_aside + other.set_aside,
            _added(self.suspected, other.suspected),
            _added(self.adrift, other.adrift),
        )

    def for_fields(self, fields: Collection[str]) -> Findings:
        """Return what concerns a question that reads `fields`, by file, column and fault; `set_aside` stays."""
        return Findings.of(
            (attrs.evolve(item, fields=None) for item in self.items if item.concerns(fields)),
            self.set_aside,
            {place: count for place, count in self.suspected.items() if place[0] in fields},
            {field: count for field, count in self.adrift.items() if field in fields},
        )

    @classmethod
    def together(cls, several: Iterable[Findings]) -> Findings:
        """Return what several questions of one read found, each thing once."""
        items: dict[FindingPlace, Finding] = {}
        most = 0
        suspected: dict[tuple[str, str], int] = {}
        adrift: dict[str, int] = {}
        for each in several:
            for item in each.items:
                known = items.get(item._place)
                items[item._place] = item if known is None else known.with_rows_of(item)
            most = max(most, each.set_aside)
            suspected.update(each.suspected)
            adrift.update(each.adrift)
        return cls.of(items.values(), most, suspected, adrift)

    def replaced(self, place: Callable[[Finding], Finding]) -> Findings:
        """Return the same findings where `place` says that each lies."""
        return Findings.of(map(place, self.items), self.set_aside, self.suspected, self.adrift)

    def __len__(self) -> int:
        return sum(item.count for item in self.items)

    def lines(self, lang: str = "en") -> Iterator[tuple[str, int | str, str, str, str]]:
        """Yield file, row, column, fault and remedy of each finding and row; never the row's content."""
        for item in self.items:
            about = item.column, *item.told(lang)
            for row in item.rows.tolist():
                yield item.file or "", row, *about
            if item.count > len(item.rows):
                yield item.file or "", MORE_ROWS[lang].format(item.count - len(item.rows)), *about

    def write_csv(self, path: str | Path, lang: str = "en") -> None:
        """Write the lines to a file, with a header; in Danish as Excel reads it there."""
        write_findings(path, FINDING_HEADERS[lang].split(), self.lines(lang), lang)

    def text_table(self, lang: str) -> TextTable:
        """Return a row a fault: where, what, of how many rows, the first of them, and what to do."""
        headers = FINDING_HEADERS[lang].split()
        many, aside = ("rækker", "Rækker lagt til side: {}") if lang == "da" else ("rows", "Rows set aside: {}")
        rows = (
            (
                item.file or "",
                ", ".join(map(str, item.rows[:3].tolist())) + (", ..." if item.count > 3 else ""),
                item.column,
                *item.told(lang),
                grouped(item.count, lang),
            )
            for item in self.items
        )
        return TextTable(
            caption=FOUND[lang],
            headers=(*headers, many),
            rows=tuple(rows),
            numeric=(False,) * 5 + (True,),
            notes=(aside.format(grouped(self.set_aside, lang)),),
            lang=lang,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the findings as plain data."""
        return {
            "set_aside": self.set_aside,
            "findings": [
                {
                    **({"file": item.file} if item.file else {}),
                    "column": item.column,
                    "fault": item.fault,
                    "count": item.count,
                    "rows": item.rows.tolist(),
                    "remedy": item.remedy,
                }
                for item in self.items
            ],
            "suspected": [
                {"field": field, "value": value, "count": count} for (field, value), count in self.suspected.items()
            ],
        }


K = TypeVar("K")


def _added(counts: Mapping[K, int], others: Mapping[K, int]) -> dict[K, int]:
    return {key: counts.get(key, 0) + others.get(key, 0) for key in {**counts, **others}}


def write_findings(path: str | Path, headers: Sequence[str], lines: Iterable[Sequence[object]], lang: str) -> None:
    """Write lines to a CSV file: in Danish with semicolons, and with the mark by which Excel knows UTF-8."""
    with whole_text(path) as file:
        if lang == "da":
            file.write("\ufeff")
        out = csv.writer(file, delimiter=";" if lang == "da" else ",")
        out.writerow(headers)
        out.writerows(lines)
