"""The last step before publication: each figure in the state in which it may leave the house."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, Final, Literal, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from casequality.days import Integers, Mask
from casequality.errors import InputError, UsageError, Words
from casequality.evidence.disclosure.between import PublishedFigure
from casequality.evidence.disclosure.layout import ProblemLayout, lay_out
from casequality.evidence.disclosure.ledger import Edition, Ledger
from casequality.evidence.disclosure.pattern import protect
from casequality.evidence.disclosure.policy import Policy
from casequality.evidence.disclosure.problem import Pattern
from casequality.evidence.disclosure.tables import AtomBlock, FigurePlace, View, block_of, tally_of
from casequality.metrics import Figure, Measurement

State: TypeAlias = Literal["shown", "withheld", "no cases"]
STATES: Final[Mapping[State, Words]] = {
    "shown": Words("shown", "vist"),
    "withheld": Words("withheld", "skjult"),
    "no cases": Words("no cases", "ingen sager"),
}
"""One word for what is withheld, whatever the reason: who can tell the reasons apart can find out the counts."""
DENOMINATORS: Final = {"share": "whole", "numbers": "yes", "points": "whole", "count": ""}
MUCH: Final = Fraction(1, 4)


@attrs.frozen
class Shown:
    """One figure as it may be told. counts: by part (yes, no, whole), empty unless it is shown.

    exact: whether they are the counts themselves, and not rounded ones.
    """

    state: State
    counts: Mapping[str, int] = attrs.field(factory=dict)
    exact: bool = True

    def number(self, figure: Figure, kind: str) -> Fraction | None:
        """Return what may be told of a figure in stored units: its value, None where it is withheld or there is none.

        kind: of its view.
        """
        if self.state != "shown":
            return None
        if kind in ("numbers", "points"):
            return figure.value.exact
        return Fraction(self.counts["yes"], self.counts["whole"] if kind == "share" else 1)


WITHHELD: Final = Shown("withheld")


@attrs.frozen(eq=False, kw_only=True, slots=False)
class Disclosure:
    """What may be told of some views, under a policy and after the editions of a ledger.

    figures: by the view's name and the figure's place. before: the ledger without this edition; edition: what makes it,
    None where the ledger keeps none. notes: what whoever publishes should know, and the public need not.
    """

    policy: Policy
    figures: Mapping[tuple[str, FigurePlace], Shown] = attrs.field(repr=False)
    before: Ledger = attrs.field(repr=False)
    edition: Callable[[], Edition] | None = attrs.field(default=None, repr=False)
    notes: tuple[Words, ...] = ()

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger with this edition."""
        return self.before if self.edition is None else self.before.with_edition(self.edition())

    @property
    def after(self) -> int:
        """How many editions the ledger had before."""
        return len(self.before.editions)

    def of(self, name: str, place: FigurePlace) -> Shown:
        """Return a figure's state; what was not among the views is withheld."""
        return self.figures.get((name, place), WITHHELD)

    def plain(self, view: View, measured: Measurement) -> list[dict[str, Any]]:
        """Return each figure of a measurement as plain data: place, state, and what may be told of it."""
        return [self._plain(view, figure, measured) for figure in measured]

    def _plain(self, view: View, figure: Figure, measured: Measurement) -> dict[str, Any]:
        told = self.of(view.name, place_of(figure))
        exact = told.number(figure, view.kind)
        return {
            **figure.place,
            "state": told.state,
            "value": None if exact is None else float(measured.in_unit(exact)),
            "numerator": None if view.cases else told.counts.get("yes"),
            "denominator": told.counts.get(DENOMINATORS[view.kind]) if view.kind else None,
            "rounded": not told.exact,
            "partial": figure.partial,
        }

    def record(self) -> None:
        """Add the edition to the ledger that the policy names; do this before anything is published."""
        if self.policy.ledger is not None:
            self.ledger.save(self.policy.ledger)


def place_of(figure: Figure) -> FigurePlace:
    """Return the place of a figure."""
    return figure.facet, figure.period, tuple(figure.groups.items())


def disclose(views: Sequence[View], policy: Policy, *, as_of: str, ledger: Ledger | None = None) -> Disclosure:
    """Return the state of every figure of views that are published together, on whatever pages.

    ledger: instead of the file that the policy names. Views of the same records must be given together: two tables that
    are each safe alone may tell together what neither tells.
    """
    names = [view.name for view in views]
    if len(set(names)) < len(names):
        raise UsageError("Two views have one name", got=", ".join(sorted(names)), remedy="give each a name of its own")
    kept = ledger or (Ledger.load(policy.ledger) if policy.ledger else Ledger())
    layout = lay_out(views, policy, kept)
    if policy.method == "round":
        return _all_rounded(views, policy, kept)
    pattern = protect(layout.problem)
    if pattern.given_away:
        layout, pattern = _without_floors(layout, pattern)
    if pattern.given_away and not kept.editions:
        _refuse_open(layout, pattern)
    if not pattern.proves(layout.problem):
        raise InputError("What is withheld could not be proved safe", remedy="publish coarser tables")
    figures = _StatesByPlace(layout, pattern.hidden, {view.name: view for view in views}, policy.threshold)
    return Disclosure(
        policy=policy,
        figures=figures,
        before=kept,
        edition=partial(_edition, layout, pattern.hidden, policy, as_of),
        notes=tuple(_notes(figures.withheld, figures.many, pattern)),
    )


@attrs.frozen(eq=False, slots=False)
class _StatesByPlace(Mapping[tuple[str, FigurePlace], Shown]):
    """The state of every figure by view and place, made as it is asked for."""

    layout: ProblemLayout
    hidden: Mask
    views: Mapping[str, View]
    threshold: int

    @cached_property
    def _made(self) -> dict[tuple[str, FigurePlace], Shown]:
        return {}

    def __getitem__(self, key: tuple[str, FigurePlace]) -> Shown:
        found = self._made.get(key)
        if found is None:
            view, place = self.views[key[0]], key[1]
            if view.kind:
                found = _shown(view, view.kind, self.layout.seen[view.table, place], self.hidden, self.threshold)
            elif place in view.places:
                found = WITHHELD
            else:
                raise KeyError(key)
            self._made[key] = found
        return found

    def __iter__(self) -> Iterator[tuple[str, FigurePlace]]:
        for name, view in self.views.items():
            yield from ((name, place) for place in dict.fromkeys(view.places))

    def __len__(self) -> int:
        return self.many

    @property
    def many(self) -> int:
        """How many figures there are, each as often as it is asked for."""
        return sum(len(view.places) for view in self.views.values())

    @property
    def withheld(self) -> int:
        """How many of them are withheld."""
        one = len(self.views) == len(self.layout.seen.added) == 1
        if one and len(self.layout.seen.added[0][1]) == self.many:  # as they were laid out
            [view] = self.views.values()
            *_, units = self.layout.seen.added[0]
            if view.kind != "numbers":
                return int(self.hidden[units].sum())
        return sum(each.state == "withheld" for each in self.values())


def _edition(layout: ProblemLayout, hidden: Mask, policy: Policy, as_of: str) -> Edition:
    told = [each for seen in layout.seen.values() if not hidden[seen.unit] for each in seen.told()]
    withheld = [next(seen.told()) for seen in layout.seen.values() if hidden[seen.unit]]
    blank = tuple(attrs.evolve(each, part="", value=0) for each in withheld)
    return Edition(as_of=as_of, policy=policy.to_dict(), told=tuple(told), withheld=blank)


def _without_floors(layout: ProblemLayout, pattern: Pattern) -> tuple[ProblemLayout, Pattern]:
    """Return the problem for who does not reckon with every figure of no cases being shown, where that helps.

    Of two withheld figures such a reader knows that each has a case, and of their sum that it has two: however much is
    withheld.
    """
    bare = attrs.evolve(layout.problem, floor=np.zeros_like(layout.problem.floor))
    other = protect(bare)
    return (
        (attrs.evolve(layout, problem=bare), other)
        if len(other.given_away) < len(pattern.given_away)
        else (layout, pattern)
    )


def _shown(view: View, kind: str, seen: PublishedFigure, hidden: Mask, threshold: int) -> Shown:
    counts = seen.counts
    whole = counts.get("whole", counts["yes"])
    if hidden[seen.unit] or (kind == "numbers" and not _ranks_enough(view, whole, threshold)):
        return WITHHELD
    if whole == 0 and kind != "count":
        return Shown("no cases")
    return Shown("shown", counts)


def _ranks_enough(view: View, whole: int, threshold: int) -> bool:
    """Say whether a quantile has the threshold of cases on either side: the least and the greatest are single cases."""
    share = view.reading.metric.statistic.named[1]
    if share is None or not whole:
        return True
    rank = max(-(-whole * share.numerator // share.denominator), 1)
    return min(rank - 1, whole - rank) >= threshold


def _all_rounded(views: Sequence[View], policy: Policy, kept: Ledger) -> Disclosure:
    understood = [view for view in views if view.kind in ("share", "count")]
    found = rounded_figures(understood, policy)
    figures = {}
    for view in views:
        for place in view.places:
            counts = found.get((view.table, place), {}) if view in understood else {}
            told = bool(counts) and (view.kind == "count" or counts["whole"] > 0)
            figures[view.name, place] = Shown("shown", counts, exact=False) if told else WITHHELD
    return Disclosure(policy=policy, figures=figures, before=kept)


def _refuse_open(layout: ProblemLayout, pattern: Pattern) -> None:
    units = {int(layout.problem.unit[cell]) for cell in pattern.given_away}
    places = [f"{seen.place[1].label}" for seen in layout.seen.values() if seen.unit in units]
    raise InputError(
        "What the policy calls public gives away counts that it calls small, whatever is withheld",
        where=", ".join(dict.fromkeys(places)) or None,
        remedy="take something out of the policy's `public`, or publish longer periods or fewer groups",
    )


def _notes(hidden: int, many: int, pattern: Pattern) -> Iterable[Words]:
    if hidden > MUCH * many:
        yield Words(
            f"{hidden} of {many} figures are withheld; longer periods or fewer groups would show more",
            f"{hidden} af {many} tal er skjult; længere perioder eller færre grupper ville vise flere",
        )
    if pattern.given_away:
        yield Words(
            "Earlier editions already told enough to find out some of the counts that are withheld now",
            "Tidligere udgaver har allerede fortalt nok til, at nogle af de tal, der nu er skjult, kan regnes ud",
        )


def rounded(count: int, base: int, chance: float) -> int:
    """Return the multiple of a base below or above a count, the nearer one more often; chance: from 0 up to 1.

    >>> rounded(3, 5, 0.59), rounded(3, 5, 0.61), rounded(10, 5, 0.99)
    (5, 0, 10)
    """
    below, rest = divmod(count, base)
    return (below + (chance * base < rest)) * base


def chance_of(key: str, *what: object) -> float:
    """Return what chance draws for one count, from 0 up to 1: the same in every edition, and known to nobody else."""
    drawn = hmac.digest(key.encode(), json.dumps(what).encode(), "sha256")
    return int.from_bytes(drawn[:6], "big") / (1 << 48)


def rounded_figures(views: Sequence[View], policy: Policy) -> dict[tuple[str, FigurePlace], Mapping[str, int]]:
    """Return the rounded counts by part of each figure, by table and place.

    What is rounded are the counts of each month, label of every code that was tallied, and outcome: margins are their
    sums and tell nothing more, and no choice of what is shown changes them.
    """
    found: dict[tuple[str, FigurePlace], Mapping[str, int]] = {}
    blocks: dict[tuple[str, str], AtomBlock] = {}
    for view in views:
        several = [each for each in views if each.table == view.table]
        tally = tally_of(several, ())
        axis = tally.assumed.axis
        for place in view.places:
            facet, period, groups = place
            if (view.table, facet) not in blocks:
                cells = np.arange(axis.cells)
                block = block_of(several, facet, tally.assumed.groups, cells, axis.cells, 0)
                blocks[view.table, facet] = _rounded(block, axis.days, policy)
            block = blocks[view.table, facet]
            times, labels = slice(axis.cell_of(period.first), axis.cell_of(period.end)), block.within(groups)
            sums = block.counts[:, times][:, :, labels].sum(axis=(1, 2)).tolist()
            named = zip(("yes", "no"), sums, strict=False)
            found[view.table, place] = {**dict(named), **({"whole": sum(sums)} if len(sums) > 1 else {})}
    return found


def _rounded(block: AtomBlock, days: npt.NDArray[np.datetime64], policy: Policy) -> AtomBlock:
    counts: Integers = block.counts.copy()
    assert policy.key is not None
    for outcome, time, label in np.argwhere(counts).tolist():
        begun = str(days[time - 2]) if time >= 2 else str(time)
        named = sorted(zip(block.fields, block.labels[label], strict=True))
        chance = chance_of(policy.key, block.table, block.facet, outcome, begun, named)
        counts[outcome, time, label] = rounded(int(counts[outcome, time, label]), policy.rounds_to, chance)
    return attrs.evolve(block, counts=counts)
