"""The rules that must hold between the fields of one record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import attrs

from casequality.errors import UsageError, Words, words
from casequality.records.facts.column_types import NumberType
from casequality.records.facts.fields import Field


@attrs.frozen
class Ordered:
    """Dates of which none lies before the one named before it; made by `ordered`."""

    dates: tuple[str, ...]
    says: Words

    @property
    def fields(self) -> frozenset[str]:
        """The fields between which it holds."""
        return frozenset(self.dates)

    @property
    def name(self) -> str:
        """What it is switched off by."""
        return "-before-".join(reversed(self.dates))

    @property
    def blamed(self) -> str:
        """The field whose column a finding names."""
        return self.dates[-1]


@attrs.frozen
class Sum:
    """A number that is the sum of others, or with `at_least` no less than it; made by `sums`."""

    total: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    at_least: bool
    says: Words

    @property
    def fields(self) -> frozenset[str]:
        """The fields between which it holds."""
        return frozenset({self.total, *self.plus, *self.minus})

    @property
    def name(self) -> str:
        """What it is switched off by."""
        return "-".join((self.total, "at-least" if self.at_least else "is", *self.plus, *self.minus))

    @property
    def blamed(self) -> str:
        """The field whose column a finding names."""
        return self.total


Rule: TypeAlias = Ordered | Sum


def ordered(*dates: str, says: Mapping[str, str] | Words | None = None) -> tuple[Rule, ...]:
    """Declare the order of two or more date fields of one record: none lies before the one named before it.

    A day and an instant are compared by local day; blanks are skipped. Each neighbour is compared with the next, and a
    breach concerns the questions that read either. says: the sentence of a breach, `en` and `da`.

    >>> [rule.name for rule in ordered("offered_at", "queued_at", "answered_at")]
    ['queued_at-before-offered_at', 'answered_at-before-queued_at']
    """
    if len(dates) < 2 or len(set(dates)) < len(dates):
        raise UsageError(
            "A rule orders fewer than two different dates", got=", ".join(dates), remedy='ordered("sent_on", "read_on")'
        )
    return tuple(
        Ordered((first, then), _said(says, f"{then} before {first}", f"{then} ligger før {first}"))
        for first, then in pairwise(dates)
    )


def sums(
    total: str,
    *,
    plus: Sequence[str],
    minus: Sequence[str] = (),
    at_least: bool = False,
    says: Mapping[str, str] | Words | None = None,
) -> tuple[Rule, ...]:
    """Declare that a number of each record is the sum of others, or with `at_least` no less than it.

    The fields are counts and amounts, or spans; a record with a blank in one of them is skipped.
    says: the sentence of a breach, `en` and `da`.

    >>> [rule.says.en for rule in sums("clearance", plus=["resolutions"], minus=["filings"])]
    ['clearance is not resolutions - filings']
    """
    named = (total, *plus, *minus)
    if not plus or isinstance(plus, str) or isinstance(minus, str) or len(set(named)) < len(named):
        raise UsageError(
            "A rule adds up no fields, or one of them twice",
            got=", ".join(named),
            remedy='sums("clearance", plus=["resolutions"], minus=["filings"])',
        )
    terms = " + ".join(plus) + "".join(f" - {each}" for each in minus)
    en, da = ("is less than", "er mindre end") if at_least else ("is not", "er ikke")
    made = _said(says, f"{total} {en} {terms}", f"{total} {da} {terms}")
    return (Sum(total, tuple(plus), tuple(minus), at_least, made),)


def each_rule(declared: Any, fields: Mapping[str, Field[Any]], where: str) -> Iterator[Rule]:
    """Yield the rules that a record type declares; raise `UsageError` for one that its fields cannot keep."""
    for rule in declared if isinstance(declared, (tuple, list)) else (declared,):
        if isinstance(rule, (tuple, list)):
            yield from each_rule(rule, fields, where)
            continue
        if not isinstance(rule, (Ordered, Sum)):
            raise UsageError(
                "A record type declares a rule that is none",
                where=f"{where}.rules",
                got=type(rule).__name__,
                remedy="rules = cq.rules.ordered(...) + cq.rules.sums(...)",
            )
        _check_fields(rule, fields, where)
        yield rule


def _check_fields(rule: Rule, fields: Mapping[str, Field[Any]], where: str) -> None:
    held = {name: field.column_type for name, field in fields.items()}
    if isinstance(rule, Ordered):
        fitting = [name for name, each in held.items() if each.is_date]
        compared = rule.fields <= set(fitting)
    else:
        numbers = {name: each for name, each in held.items() if isinstance(each, NumberType)}
        fitting, total = [*numbers], numbers.get(rule.total)
        compared = total is not None and all(
            name in numbers and numbers[name].adds_up_with(total) for name in rule.fields
        )
    if compared:
        return
    raise UsageError(
        "A rule holds between fields that cannot be compared",
        where=f"{where}.rules",
        got=", ".join(sorted(rule.fields)),
        allowed=fitting,
        remedy="name days and instants in one rule, counts and amounts in one, spans in one",
    )


def _said(says: Mapping[str, str] | Words | None, en: str, da: str) -> Words:
    found = Words(en, da) if says is None else words(says, "says=")
    if ": " in f"{found.en} {found.da}":
        raise UsageError("The sentence of a rule holds a colon", got=found.en, remedy="write it without one")
    return found
