"""What a page says of each goal, in the order in which it is read, with how its words were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from casequality.goals import AIMS as AIM_ORDER
from casequality.goals import Assessment, Judgement, Verdict, spoken
from casequality.metrics import SHARE, Measurement, Role, Unit
from casequality.reports.development import Point, chart, editions_of, parts_of, periods_of, totals_of
from casequality.reports.judgements import certainty, flips, margin, remarks, target_text, title, value
from casequality.reports.measurement import Fact, grounds, numerator_cell
from casequality.reports.wording import (
    AIMS,
    ROLES,
    Amount,
    Cell,
    Phrase,
    amount,
    consequence,
    outcome_word,
    said,
    say,
    standing,
)


@attrs.frozen(kw_only=True)
class ShownOption:
    """One way to read a goal's words; `value` is the figure under it where that is known."""

    name: str
    means: Phrase
    chosen: bool
    value: Fraction | None = None


@attrs.frozen(kw_only=True)
class ShownChoice:
    """A choice that was made, why there is one, and whether what was chosen is the literal reading."""

    name: str
    why: Phrase
    standing: str
    options: tuple[ShownOption, ...]


def choices(
    judgement: Judgement, measured: Measurement | None, beside: Sequence[Measurement], lang: str
) -> Iterator[ShownChoice]:
    """Yield the choices of a goal; `beside` measures the figure that is shown with one choice made otherwise."""
    if measured is None:
        return
    reading = measured.reading
    values = {_changed(reading.chosen, each.reading.chosen): _figure(judgement, each) for each in beside}
    if judgement.figure is not None and judgement.figure.value.exact is not None:
        values[()] = measured.in_unit(judgement.figure.value.exact)
    for name, choice in reading.metric.readings.items():
        chosen = reading.chosen[name]
        stands = standing(reading, name, lang, spelled_out=True)
        yield ShownChoice(
            name=name,
            why=said(choice.why, lang),
            standing=f"{stands}, {say('assumed', lang)}" if name in reading.assumed else stands,
            options=tuple(
                ShownOption(
                    name=option,
                    means=consequence(alternative, lang),
                    chosen=option == chosen,
                    value=values.get(() if option == chosen else ((name, option),)),
                )
                for option, alternative in choice.alternatives.items()
            ),
        )


def _changed(chosen: Mapping[str, str], other: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, option) for name, option in other.items() if chosen.get(name) != option)


def _figure(judgement: Judgement, other: Measurement) -> Fraction | None:
    """Return, under another reading, the figure that the judgement shows."""
    shown = judgement.figure
    for figure in other if shown else ():
        assert shown is not None
        if (figure.period, figure.facet, figure.groups) == (shown.period, shown.facet, shown.groups):
            return None if figure.value.exact is None else other.in_unit(figure.value.exact)
    return None


Beside = Mapping[str, Sequence[Measurement]]


@attrs.frozen(kw_only=True)
class Outcome:
    """How many rows had an outcome, and what it is to the figure."""

    word: Phrase
    role: str
    rows: int


@attrs.frozen(kw_only=True)
class GoalSection:
    """Everything that a page says of one goal."""

    anchor: str
    id: str
    title: Phrase
    verdict: Verdict
    unit: Unit
    target: str
    value: Amount | None
    margin: Amount | None
    certainty: str
    numerator: Cell
    denominator: int | None
    exact: Fraction | None
    reasons: tuple[str, ...]
    flips: tuple[str, ...]
    remarks: tuple[tuple[str, str], ...]
    breaks: tuple[str, ...]
    parts: tuple[Point, ...]
    development: tuple[Point, ...]
    drawing: str | None
    editions: tuple[Point, ...]
    counted_in: str
    outcomes: tuple[Outcome, ...]
    sensitive: int
    choices: tuple[ShownChoice, ...]
    grounds: tuple[Fact, ...]

    @property
    def unjudged(self) -> bool:
        """Whether something keeps its figure, if there is any, from being judged."""
        return not self.verdict.judges

    @property
    def settled(self) -> bool:
        """Whether there is a verdict that stands."""
        return self.verdict.settles and not self.flips

    @property
    def divided(self) -> bool:
        """Whether its figures are quotients; what is only counted has no denominator worth showing."""
        points = (*self.development, *self.parts, *self.editions)
        denominators = {self.denominator, *(point.denominator for point in points)}
        return bool(self.unit.name == SHARE.name or denominators - {None, 1})

    @property
    def rows(self) -> int:
        """How many rows the figure was counted from."""
        return sum(outcome.rows for outcome in self.outcomes)


@attrs.frozen(kw_only=True)
class AimSection:
    """The goals of one aim, by focus area."""

    title: str
    areas: Mapping[str, Sequence[GoalSection]]

    @property
    def goals(self) -> list[GoalSection]:
        """Its goals in order."""
        return [goal for goals in self.areas.values() for goal in goals]

    @property
    def unjudged(self) -> list[tuple[str, GoalSection]]:
        """Its goals without a verdict, each with its focus area."""
        return [(area, goal) for area, goals in self.areas.items() for goal in goals if goal.unjudged]


def aim_sections(assessment: Assessment, beside: Beside, lang: str) -> Iterator[AimSection]:
    """Yield the goals of each aim that there are any of; goals without an aim come last."""
    numbered = list(enumerate(assessment, 1))
    for aim in (*AIM_ORDER, None):
        areas: dict[str, list[GoalSection]] = {}
        for place, judgement in numbered:
            if judgement.goal.aim == aim:
                made = goal_section(judgement, assessment, beside.get(judgement.goal.id, ()), f"goal-{place}", lang)
                areas.setdefault(judgement.goal.focus_area or say("no focus area", lang), []).append(made)
        if areas:
            unnamed = "no aim" if any(judgement.goal.aim for judgement in assessment) else "figures"
            yield AimSection(title=AIMS[aim][lang] if aim else say(unnamed, lang), areas=areas)


def goal_section(
    judgement: Judgement, assessment: Assessment, beside: Sequence[Measurement], anchor: str, lang: str
) -> GoalSection:
    """Return what a page says of one goal."""
    goal, unit = judgement.goal, judgement.unit
    measured = assessment.measurements.get(goal.id)
    parts = parts_of(judgement, measured, lang)
    developed = parts if goal.grain else periods_of(judgement, measured, lang)
    named, target, turning = title(goal, assessment, lang), target_text(judgement, lang), flips(judgement)
    drawn = chart(judgement, developed, named.text, target, lang)
    return GoalSection(
        anchor=anchor,
        id=goal.id,
        title=named,
        verdict=judgement.verdict,
        unit=unit,
        target=target,
        value=value(judgement, unit, lang),
        margin=margin(judgement, unit, lang),
        certainty=certainty(judgement, unit, lang),
        numerator=numerator_cell(judgement.numerator, unit, lang),
        denominator=judgement.denominator,
        exact=judgement.value,
        reasons=tuple(reason[lang] for reason in judgement.reasons if reason not in turning),
        flips=tuple(reason[lang] for reason in turning),
        remarks=tuple(remarks(judgement, assessment, lang)),
        breaks=tuple(f"{spoken(each.on, lang)}: {each.note[lang]}" for each in goal.series_breaks),
        parts=_beside(judgement, measured, developed, lang) if goal.grain else parts,
        development=developed,
        drawing=drawn.inline(f"{anchor}-") if drawn else None,
        editions=editions_of(judgement, assessment.earlier.get(goal.id), lang),
        counted_in=(judgement.figure or judgement).period.title(lang),
        outcomes=tuple(_outcomes(judgement, measured, lang)),
        sensitive=judgement.sensitive,
        choices=tuple(choices(judgement, measured, beside, lang)),
        grounds=tuple(grounds(judgement, measured, lang)),
    )


def shown_value(exact: Fraction, section: GoalSection, lang: str, point: Point | None = None) -> Amount:
    """Return a figure beside the goal's own, never rounded onto the target that it is held against."""
    target = point.target if point else None
    return amount(exact, section.unit, lang, apart_from=[target.nearest(exact)] if target else ())


def _beside(
    judgement: Judgement, measured: Measurement | None, developed: Sequence[Point], lang: str
) -> tuple[Point, ...]:
    """Return the figures of the whole period by label, where the development has it in several parts."""
    several = len({point.period for point in developed}) > 1
    return totals_of(judgement, measured, lang) if several else ()


def _outcomes(judgement: Judgement, measured: Measurement | None, lang: str) -> Iterator[Outcome]:
    if judgement.figure is None or measured is None:
        return
    reading = measured.reading
    for name, rows in judgement.figure.outcomes.items():
        role = reading.roles.get(name, Role.UNKNOWN)
        yield Outcome(word=outcome_word(name, reading.metric, lang), role=ROLES[role][lang], rows=rows)
