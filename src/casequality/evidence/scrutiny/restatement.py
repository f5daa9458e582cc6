"""Restatement: why a published figure is another one today, split exactly by cause and down to each case."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from typing import Any, ClassVar, Final, Literal, TypeAlias, get_args

import attrs

from casequality.errors import LANGUAGES, UsageError, Words
from casequality.evidence.said import Finding, decimals_apart, number, say
from casequality.metrics import Unit

Cause: TypeAlias = Literal["late", "corrected", "developed", "deleted", "definition", "calendar", "code"]
CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
RULES_CHANGED: Final[tuple[Cause, ...]] = ("definition", "calendar", "code")
"""What else can change than the records, in the order in which the changes are made one after another."""
SAID: Final[Mapping[Cause, Words]] = {
    "late": Words("registered late", "registreret sent"),
    "corrected": Words("corrected", "rettet"),
    "developed": Words("went on since", "gået videre siden"),
    "deleted": Words("deleted", "slettet"),
    "definition": Words("the goal's definition", "målets definition"),
    "calendar": Words("calendar and deadlines", "kalender og frister"),
    "code": Words("the metric's code", "metrikkens kode"),
}


@attrs.frozen
class Counted:
    """What a figure counts of one record, and what was read of it.

    above, below: what it adds to what is divided and to what that is divided by; both 0 for a record that is no part
    of the figure. facts: its fields in a fixed order, None for what is not there.
    """

    above: int
    below: int
    facts: tuple[Hashable, ...] = ()


World: TypeAlias = Mapping[Hashable, Counted]
"""Every record of an extract by its key, as one definition, calendar and code count it."""


@attrs.frozen(kw_only=True)
class Moved:
    """What one cause moved: what is divided, what it is divided by, and the figure; in stored units.

    cases: the keys of the records that it moved, for internal use: they are in no sentence and no plain data.
    """

    cause: Cause
    above: int
    below: int
    effect: Fraction
    cases: tuple[Hashable, ...] = attrs.field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, with the number of cases and not their keys."""
        plain = {"cause": self.cause, "above": self.above, "below": self.below, "cases": len(self.cases)}
        return {**plain, "effect": float(self.effect), "exact": str(self.effect)}


@attrs.frozen(kw_only=True)
class Restatement(Finding):
    """A figure as it was published and as it is today, and what each cause moved; the parts add up exactly.

    before, after: in stored units. parts: one a cause, also those that moved nothing.
    """

    about: ClassVar[str] = "about restated"
    before: Fraction
    after: Fraction
    parts: tuple[Moved, ...]
    unit: Unit

    def __getitem__(self, cause: Cause) -> Moved:
        return next(each for each in self.parts if each.cause == cause)

    @property
    def change(self) -> Fraction:
        """By how much it changed."""
        return self.after - self.before

    @property
    def sentences(self) -> tuple[Words, ...]:
        """From what to what, and what each cause that moved any case did to it."""
        given = {"before": self._said(self.before, self.after), "after": self._said(self.after, self.before)}
        if not any(each.cases for each in self.parts):
            return (say("{before}, as published.", "{before}, som offentliggjort.", **given),)
        first = say(
            "Published as {before}, today {after}: {change}.",
            "Offentliggjort som {before}, i dag {after}: {change}.",
            **given,
            change=self._apart(self.change),
        )
        return (first, *self._caused())

    def _caused(self) -> Iterator[Words]:
        for each in self.parts:
            if each.cases:
                yield say(
                    "Of this {effect} by {cause} (cases: {cases}).",
                    "Heraf {effect} ved {cause} (sager: {cases}).",
                    effect=self._apart(each.effect),
                    cause=SAID[each.cause],
                    cases=len(each.cases),
                )

    def _said(self, value: Fraction, other: Fraction) -> Words:
        scaled, unit = value * self.unit.scale, self.unit
        places = decimals_apart(scaled, other * unit.scale, unit.decimals)
        return Words(*(unit.counted(number(scaled, lang, places), lang) for lang in LANGUAGES))

    def _apart(self, value: Fraction) -> Words:
        scaled, unit = value * self.unit.scale, self.unit
        places, sign = decimals_apart(scaled, 0, unit.decimals), "+" if scaled > 0 else ""
        names = Words("percentage points", "procentpoint") if unit.en == "%" else Words(unit.en, unit.da)
        return Words(
            f"{sign}{number(scaled, 'en', places)} {names.en}", f"{sign}{number(scaled, 'da', places)} {names.da}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, without any key."""
        return {
            "before": float(self.before),
            "after": float(self.after),
            "change": str(self.change),
            "unit": self.unit.name,
            "parts": [each.to_dict() for each in self.parts],
            "words": self.words.to_dict(),
        }


def restatement(published: World, extract: World, *, unit: Unit, divided: bool = True, **changed: World) -> Restatement:
    """Return why a figure is another one, from every record as it was counted then and as it is counted now.

    published: the earlier extract under the earlier rules. extract: the later extract, still under the earlier rules.
    changed: the later extract with the later definition, then also the later calendar, then also the later code;
    those that did not change are left out. divided: whether the figure is a quotient, of sums; else the sum above.

    A change of a quotient a/b to A/B is (A - a - (a/b)(B - b)) / B, which is a sum over cases: so every case has one
    part in it, in whatever order they are taken. Only of a case that several rules move the order tells which did.
    """
    if unknown := [name for name in changed if name not in RULES_CHANGED]:
        raise UsageError("A figure is not restated by that", got=", ".join(unknown), allowed=RULES_CHANGED)
    steps: list[tuple[Cause | None, World]] = [(None, extract)]
    steps += [(cause, changed[cause]) for cause in RULES_CHANGED if cause in changed]
    moved: dict[Cause, dict[Hashable, tuple[int, int]]] = {cause: {} for cause in CAUSES}
    world = published
    for cause, following in steps:
        for key in {**world, **following}:
            was, now = world.get(key), following.get(key)
            if (by := _less(now, was)) != (0, 0):
                moved[cause or _of_data(was, now)][key] = by
        world = following
    before, after = _figure(published, divided), _figure(world, divided)
    below = sum(each.below for each in world.values()) if divided else 1
    parts = []
    for cause, cases in moved.items():
        above, under = (sum(by[place] for by in cases.values()) for place in (0, 1))
        effect = Fraction(above) if not divided else (above - before * under) / below
        parts.append(Moved(cause=cause, above=above, below=under, effect=effect, cases=tuple(cases)))
    return Restatement(before=before, after=after, parts=tuple(parts), unit=unit)


def _of_data(was: Counted | None, now: Counted | None) -> Cause:
    """Return which change of the records moved a case; one whose facts were only filled in has gone on."""
    if was is None:
        return "late"
    if now is None:
        return "deleted"
    changed = any(before is not None and before != after for before, after in zip(was.facts, now.facts, strict=True))
    return "corrected" if changed else "developed"


def _less(now: Counted | None, was: Counted | None) -> tuple[int, int]:
    (above, below), (before, under) = ((each.above, each.below) if each else (0, 0) for each in (now, was))
    return above - before, below - under


def _figure(world: World, divided: bool) -> Fraction:
    above, below = (sum(getattr(each, name) for each in world.values()) for name in ("above", "below"))
    if divided and not below:
        raise UsageError(
            Words(
                "There is no figure to restate: nothing is divided by", "Der er intet tal at opgøre igen: ingen sager"
            ),
            got=f"{len(world)} records, none of them a part of the figure",
            remedy="restate a period that has a figure in both",
        )
    return Fraction(above, below) if divided else Fraction(above)
