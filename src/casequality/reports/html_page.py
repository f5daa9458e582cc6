"""An assessment as one HTML file that needs nothing beside it: no script, no address, the same bytes every time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial
from typing import Any

import attrs

from casequality.days import calendar
from casequality.errors import InputError, UnknownName
from casequality.goals import AIMS as AIM_ORDER
from casequality.goals import Assessment, Judgement, SourceNote, Unstated, Verdict, number, spoken
from casequality.metrics import SHARE, Measurement, Role, Unit
from casequality.reports.assessment import (
    addressed,
    as_of,
    certainty,
    flips,
    heading,
    margin,
    notes,
    remarks,
    target_text,
    title,
    value,
)
from casequality.reports.development import Point, chart, editions_of, parts_of, periods_of, totals_of
from casequality.reports.measurement import Fact, card, cited, grounds, numerator_cell
from casequality.reports.wording import (
    AIMS,
    RHYTHMS,
    ROLES,
    Amount,
    Cell,
    Phrase,
    amount,
    consequence,
    finding_words,
    outcome_word,
    said,
    say,
    shown,
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


def page(assessment: Assessment, lang: str = "da", *, beside: Mapping[str, Sequence[Measurement]] | None = None) -> str:
    """Return a report for people: figures, verdicts, what they rest on, and every finding of the data.

    beside: by goal id, the same measurement under other readings, whose figures are shown beside the goal's own.
    Needs jinja2 and matplotlib: `pip install 'casequality[report]'`.
    """
    template = _environment(lang).get_template("page.html.j2")
    text: str = template.render(
        lang=lang,
        assessment=assessment,
        name=heading(assessment, lang),
        as_of=as_of(assessment, lang),
        aims=list(aim_sections(assessment, beside or {}, lang)),
        addressed=list(addressed(assessment, lang)),
        notes=list(notes(assessment, lang)),
        targeted=not len(assessment) or any(not isinstance(each.goal.target, Unstated) for each in assessment),
        verdicts=[verdict for verdict in Verdict if verdict in assessment.counts],
        calendars=list(_calendars(assessment, lang)),
        measures=list(_measures(assessment, lang)),
        faults=list(_faults(assessment, lang)),
    )
    return text


def own_deadlines_page(**said: Any) -> str:
    """Return the public page of a municipality's own deadlines, in Danish.

    said: municipality, decision, adopted (a day or None), on, and areas: pairs of an area's name and its lines, each a
    deadline, its term, from when, and the next change (a day and a term) or None.
    """
    text: str = (
        _environment("da").get_template("own_deadlines.html.j2").render(spoken=partial(spoken, lang="da"), **said)
    )
    return text


def _calendars(assessment: Assessment, lang: str) -> Iterator[tuple[str, str]]:
    """Yield the named calendars that working days were counted on, with what they are."""
    counted = {measured.tally.assumed.calendar for measured in assessment.measurements.values()}
    for name in sorted({name for names in counted for name in names.split(", ")}):
        with suppress(UnknownName):
            found = calendar(name)
            yield name, f"{found.title[lang]}. {cited(found.source, lang)}"


def _measures(assessment: Assessment, lang: str) -> Iterator[tuple[str, list[tuple[str, Phrase]]]]:
    """Yield each metric that was measured, with the facts of its card that are said in the page's language."""
    metrics = {measured.reading.metric.id: measured.reading.metric for measured in assessment.measurements.values()}
    for id in sorted(metrics):
        shown = card(metrics[id], lang)
        facts = [(str(name), fact) for name, fact in shown.facts.rows if isinstance(fact, Phrase) and fact.lang == lang]
        read = ", ".join(str(name) for name, *_ in shown.details[0].rows)
        yield shown.facts.caption, [*facts, (say("fields", lang), Phrase(read, lang, code=True))]


def _faults(assessment: Assessment, lang: str) -> Iterator[tuple[str, str, Phrase, int]]:
    for note in assessment.sources.values():
        for text, rows in note.findings.items():
            yield note.name, *finding_words(text, lang, note.rules), rows
        for mark, rows in note.marks.items():
            yield note.name, mark.partition(": ")[0], Phrase(say("suspected mark", lang), lang), rows


def _coverage(note: SourceNote, lang: str) -> str:
    if note.not_delivered:
        return say("not delivered", lang, why=note.not_delivered[lang])
    if not note.expects:
        return say("not promised", lang)
    rhythm = RHYTHMS[note.expects][lang]
    if not note.covered:
        return say("promised none", lang, rhythm=rhythm)
    first, last = (spoken(dt.date.fromisoformat(day), lang) for day in (note.covered[0], note.covered[-1]))
    return say("promised", lang, rhythm=rhythm, days=number(len(note.covered), lang), first=first, last=last)


def _environment(lang: str) -> Any:
    try:
        import jinja2
    except ImportError:
        raise InputError(
            "An HTML report needs jinja2, which is not installed",
            remedy="install it: pip install 'casequality[report]'; text, Markdown, CSV and JSON need nothing more",
        ) from None
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("casequality.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["capitalize_first"] = lambda text: text[:1].upper() + text[1:]
    environment.globals.update(
        t=partial(_say, lang),
        cell=lambda value: shown(value, lang),
        count=lambda whole: number(whole, lang),
        figure=lambda exact, section, point=None: shown_value(exact, section, lang, point).text(lang),
        cited=lambda basis: cited(basis, lang),
        coverage=lambda note: _coverage(note, lang),
        legend=lambda section: _legend(section, lang),
        numerator=lambda point, section: numerator_cell(point.numerator, section.unit, lang),
    )
    return environment


def _legend(section: GoalSection, lang: str) -> list[tuple[str, str]]:
    """Return the shapes of a chart with the verdicts that they stand for."""
    words: dict[str, list[str]] = {}
    for point in section.development:
        if point.verdict and point.value is not None:
            words.setdefault(point.verdict.tone, []).append(point.verdict.words[lang])
    return [(tone, ", ".join(dict.fromkeys(each))) for tone, each in words.items()]


def _say(lang: str, key: str, **values: object) -> str:
    return say(key, lang, **values)
