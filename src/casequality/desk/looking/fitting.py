"""Which record types what is in a file could feed, field by field, and the `[sources]` table that says so."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs

from casequality.records import ColumnProfile, Dialect, Field, Records, TableProfile

SAME: Final = (
    "received modtag submitted indkom indgik ankom opened open opret created begun start",
    "closed afslut luk close slut ended end completed faerdig",
    "answered besvar svar answer reply replied",
    "decided afgjort afgoer decision afgoerelse decided",
    "sent sendt afsend send",
    "ending udfald resultat outcome result disposition status",
    "kind type art slags category kategori emne",
    "office enhed afdeling department unit kontor center",
    "due frist target deadline",
    "case sag sagsnr journal jnr case tracking number nummer id ref",
    "letter brev",
    "call opkald samtale",
    "complaint klage",
    "request anmodning",
    "enquiry henvendelse",
)
"""Words that name the same thing; a name of a column need only hold one of them."""
BEYOND: Final = ("2099-12-31", "2999-12-31", "9999-12-31")


@attrs.frozen
class Fed:
    """A field of a record type and the column that could feed it, None where none is proposed.

    kind, required, labels: as the field declares. dated: whether it holds dates. blank: what a blank of it
    means, None where it may not be blank. others: the columns of a fitting kind, where none is proposed.
    """

    name: str
    kind: str
    dated: bool
    required: bool
    labels: tuple[str, ...]
    blank: str | None
    column: ColumnProfile | None
    others: tuple[ColumnProfile, ...] = ()

    @property
    def known(self) -> int:
        """How many of the column's distinct values are labels of the field."""
        return len(self.column.labels & set(self.labels)) if self.column else 0


@attrs.frozen
class Fit:
    """A record type and what could feed each of its fields; metrics: the ids of those that read it."""

    records: type[Records]
    metrics: tuple[str, ...]
    fields: tuple[Fed, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The key, the beginning and the other fields that may not be blank for which no column is proposed."""
        return tuple(fed.name for fed in self.fields if fed.required and fed.column is None)

    @property
    def rank(self) -> tuple[Any, ...]:
        """By what it comes before others: what is missing, then what is found, labels first."""
        begins = {self.records.key_field(), self.records.begins()}
        left = sum(fed.column is None for fed in self.fields)
        lacking = len(self.missing) + 2 * len(begins & set(self.missing))
        return lacking, -sum(fed.known for fed in self.fields), left / len(self.fields), self.records.name


def fed_by(records: type[Records], seen: TableProfile) -> Iterator[Fed]:
    """Yield each field with the column whose name and kind speak for it; a column feeds one field."""
    fields = {name: field for name, field in records.fields.items() if not field.column_type.is_table}
    names = Counter(column.name for column in seen.columns)
    usable = [column for column in seen.columns if column.name is not None and names[column.name] == 1]
    fitting = {
        name: [each for each in usable if each.kind in field.column_type.looks_like] for name, field in fields.items()
    }
    scores = sorted(
        ((_score(field, column), -column.place, name) for name, field in fields.items() for column in fitting[name]),
        reverse=True,
    )
    by_place, taken = {column.place: column for column in usable}, dict[str, ColumnProfile]()
    for score, place, name in scores:
        if score > 0 and name not in taken and by_place[-place] not in taken.values():
            taken[name] = by_place[-place]
    # what no name tells, the kind may, where one column alone is of it
    for telling in (records.key_field(), records.begins()):
        if telling in fields and telling not in taken:
            free = [each for each in fitting[telling] if each not in taken.values()]
            free = [each for each in free if each.repeats is not None or not fields[telling].column_type.is_key]
            if len(free) == 1:
                taken[telling] = free[0]
    for name, field in fields.items():
        others = () if name in taken else tuple(each for each in fitting[name] if each not in taken.values())
        blank = field.missing or ("unknown" if field.unknown else None)
        yield Fed(
            name, field.kind, field.column_type.is_date, field.required, field.labels, blank, taken.get(name), others
        )


def _score(field: Field[Any], column: ColumnProfile) -> float:
    """Return how much speaks for a column as a field: its name, and labels among its values; 0 for nothing."""
    name, wanted = _folded(column.name or ""), _folded(field.name)
    if name == wanted:
        return 4
    words = [word for word in wanted.split("_") if word not in ("on", "at", "of", "in", "the")]
    named = sum(any(stem in name for stem in _stems(word)) for word in words) / max(len(words), 1)
    if field.labels:
        known = len(column.labels & set(field.labels))
        return 3 * known / (column.distinct or 1) if known else named / 2 if column.kind == "flag" or named == 1 else 0
    if field.column_type.is_key:
        return named + (0.5 if column.repeats is not None else -0.5) if named else 0
    # what tells each row from the others is no code
    return named if named >= 0.5 and not (field.column_type.is_code and column.repeats is not None) else 0


def _stems(word: str) -> Sequence[str]:
    same = [line.split() for line in SAME if word in line.split()]
    return [word, *(stem for line in same for stem in line)]


def _folded(name: str) -> str:
    for danish, plain in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        name = name.casefold().replace(danish, plain)
    return unicodedata.normalize("NFKD", name).strip().replace(" ", "_").replace("-", "_")


def file_dialect(seen: TableProfile) -> Dialect:
    """Return how the texts of a table are written, as far as its columns tell."""
    layout = seen.laid_out.layout
    dialect = layout.dialect if layout else Dialect()
    comma, point = (sum(column.marked[at] for column in seen.columns) for at in (0, 1))
    numbers = [column.decimal for column in seen.columns if column.decimal]
    usual = "," if dialect.delimiter == ";" else dialect.decimal
    decimal = "," if comma > point else "." if point else next(iter(numbers), usual)
    days, clocks = Counter[str](), Counter[str]()
    settled = {column.days[:1] for column in seen.columns if column.days and column.orders != (0, 0)}
    for column in seen.columns:
        if column.days and column.kind == "date":
            # what says which part is the month counts for more than any number of columns that do not
            days[column.days] += 1 + 1_000 * (column.days[:1] in settled)
        elif column.clock:
            clocks[column.clock] += 1
    clock = max(clocks, key=lambda each: clocks[each], default=None)
    day = max(days, key=lambda each: days[each], default=clock.partition(" ")[0] if clock else dialect.day)
    return attrs.evolve(dialect, decimal=decimal, day=day, instant=clock or f"{day} HH:MM:SS")


def ambiguous_days(seen: TableProfile) -> tuple[ColumnProfile, ...]:
    """Return the columns of days of which nothing tells whether the day or the month comes first."""
    found = [column for column in seen.columns if column.days and column.days[:1] in "dm"]
    settled = any(column.orders != (0, 0) for column in found)
    return () if settled else tuple(found)


def sources_table(fit: Fit, seen: TableProfile, given: str | None, skip_rows: int | None) -> Iterator[str]:
    """Yield the lines of a table; what cannot be known is a comment. given: the path of the file, None for none."""
    yield f"[sources.{fit.records.name}]"
    yield f'records = "{fit.records.name}"'
    if given is None:
        yield '# path = "..."  # the data are no file: write them to one, or pass the same keys to cq.source'
    else:
        yield f"path = {_quoted(given)}"
    yield from _layout_lines(seen, skip_rows)
    mapped = {fed.name: fed.column for fed in fit.fields if fed.column}
    none = [fed.name for fed in fit.fields if fed.column is None and not fed.required]
    columns = [f"{field} = {_quoted(column.name or '')}" for field, column in mapped.items()]
    yield f"columns = {{ {', '.join([*columns, *(f'{field} = false' for field in none)])} }}"
    for fed in fit.fields:
        if fed.required and fed.column is None:
            others = ", ".join(_quoted(each.name or "") for each in fed.others) or "none"
            yield f"# columns: {fed.name} ({fed.kind}) is missing; columns of a fitting kind: {others}"
    yield from _code_lines(fit)
    marks = {fed.name: found for fed in fit.fields if (found := _marks(fed))}
    if marks:
        inner = (
            f"{field} = {{ {', '.join(f'{_quoted(day)} = {_quoted(word)}' for day, word in each.items())} }}"
            for field, each in marks.items()
        )
        yield f"marks = {{ {', '.join(inner)} }}  # see that these days mean this"
    for fed in fit.fields:
        rest = {day: rows for day, rows in (fed.column.marks if fed.column else {}).items() if day[:1].isdigit()}
        for day in sorted(rest.keys() - marks.get(fed.name, {}).keys()):
            yield f'# marks: {day} stands in {rest[day]} rows for {fed.name}; does it mean "unknown", or none?'
    if any(fed.column.naive for fed in fit.fields if fed.column):
        yield '# times carry no zone: the project\'s own is taken, zone = "Europe/Copenhagen" unless it says another'


def _layout_lines(seen: TableProfile, skip_rows: int | None) -> Iterator[str]:
    dialect = file_dialect(seen)
    layout = seen.laid_out.layout
    if dialect == Dialect.danish():
        yield 'dialect = "danish"'
    elif differs := {
        name: value for name, value in attrs.asdict(dialect).items() if value != getattr(_plain_dialect(dialect), name)
    }:
        yield f"dialect = {{ {', '.join(f'{name} = {_quoted(value)}' for name, value in differs.items())} }}"
    if ambiguous := ambiguous_days(seen):
        places = ", ".join(str(column.place) for column in ambiguous)
        yield f"# dialect: whether the day or the month comes first, nothing tells in column {places}"
    if layout is None:
        return
    if layout.sheet is not None and layout.sheet_told != layout.sheets[0][0]:
        yield f"sheet = {_quoted(layout.sheet)}"
    if layout.head.rows and (layout.head.titles or layout.head.rows[0] < layout.head.rows[1]):
        first, last = layout.head.rows
        yield f"header = {first}" if first == last else f'header = "{first}-{last}"'
    if skip_rows:
        yield f"skip_rows = {skip_rows}"
    if seen.totals == 1:
        yield 'totals = "last"'
    elif seen.totals:
        yield f'# totals: {seen.totals} rows at the end; say by which text: totals = {{ "<column>" = "I alt*" }}'


def _plain_dialect(dialect: Dialect) -> Dialect:
    """Return what a table need not say, which is what follows from the day that it says."""
    return Dialect(instant=f"{dialect.day} HH:MM:SS")


def _code_lines(fit: Fit) -> Iterator[str]:
    codes = {}
    for fed in fit.fields:
        if fed.column is None or not fed.labels:
            continue
        if fed.labels == ("yes", "no") and fed.column.flag:
            if fed.column.flag.keys() - set(fed.labels):
                inner = (f"{_quoted(text)} = {_quoted(label)}" for text, label in fed.column.flag.items())
                codes[fed.name] = f"{{ {', '.join(inner)} }}"
        elif fed.known != fed.column.distinct:
            count = "many" if fed.column.distinct is None else fed.column.distinct
            say = f'codes = {{ {fed.name} = {{ "..." = "{fed.labels[0]}" }} }}'
            yield f"# codes: of {count} distinct values for {fed.name}, {fed.known} are its labels; say what"
            yield f"# the others mean, of {', '.join(fed.labels)}: {say}"
    if codes:
        yield f"codes = {{ {', '.join(f'{field} = {each}' for field, each in codes.items())} }}"


def _marks(fed: Fed) -> dict[str, str]:
    """Return what days that nobody can mean stand for: what a blank of the field does."""
    if fed.column is None or not fed.dated:
        return {}
    return {day: fed.blank for day in fed.column.marks if fed.blank and day in BEYOND}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
