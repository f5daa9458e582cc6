"""The annex of a report as chapters of tables: what each figure was counted from, how words were read, and on what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction

import attrs

from casequality.days import calendar
from casequality.errors import UnknownName, Words
from casequality.evidence import Finding
from casequality.goals import Assessment, Judgement, SourceNote, Verdict, number, spoken
from casequality.metrics import DAYS, NO, YES, Figure, Measurement, Reading, Role
from casequality.reports.cards import card, cited
from casequality.reports.development import Point, totals_of
from casequality.reports.judgements import held_against, signed, title, verdict_word
from casequality.reports.measurement import grounds, numerator_cell
from casequality.reports.wording import (
    RHYTHMS,
    USES,
    Cell,
    Phrase,
    Table,
    capital,
    consequence,
    figure_sentence,
    finding_words,
    outcome_word,
    said,
    say,
)

AskedFor = Mapping[str, Sequence[Finding]]
"""By goal id, what was found of it where somebody asked for more."""


@attrs.frozen
class Chapter:
    """A chapter of the annex: its name for links, its title, and its tables."""

    anchor: str
    title: str
    tables: tuple[Table, ...]


def goal_tables(
    judgement: Judgement,
    assessment: Assessment,
    beside: Sequence[Measurement],
    developed: Sequence[Point],
    editions: Sequence[Point],
    lang: str,
) -> Iterator[Table]:
    """Yield the tables of a goal: figures over time and of its parts, what became of the rows, readings, grounds.

    developed, editions: its figures within the period, and in the periods before.
    """
    measured = assessment.measurements.get(judgement.goal.id)
    yield from _points("editions", judgement, editions, lang)
    yield from _points("development", judgement, developed, lang)
    if judgement.goal.grain and len({point.period for point in developed}) > 1:
        # each label over the whole period, where the development has it in several parts
        yield from _points("parts", judgement, totals_of(judgement, measured, lang), lang)
    if measured is not None:
        yield from _outcomes(judgement, measured, lang)
        yield from readings_table(judgement, measured, beside, lang)
    yield grounds_table(judgement, measured, lang)


def grounds_table(judgement: Judgement, measured: Measurement | None, lang: str) -> Table:
    """Return what a figure rests on, with the breaks of its series that no reason tells of."""
    facts = [(name, fact) for name, fact in grounds(judgement, measured, lang)]
    told = {reason.code for reason in judgement.reasons}
    if not told & {"break inside", "break between"}:
        facts += [
            (say("break on", lang, day=spoken(each.on, lang)), Phrase(each.note[lang], lang))
            for each in judgement.goal.series_breaks
        ]
    return table("grounds", ("fact", "content"), facts, lang)


def table(caption: str, headers: Sequence[str], rows: Sequence[tuple[Cell, ...]], lang: str, **given: object) -> Table:
    """Return a table of the annex; caption, headers: keys of its words."""
    named = tuple(say(header, lang) for header in headers)
    return Table(caption=say(caption, lang, **given), headers=named, rows=tuple(rows), lang=lang)


def _points(caption: str, judgement: Judgement, points: Sequence[Point], lang: str) -> Iterator[Table]:
    """Yield a table of figures, with those columns that any of them has something for."""
    if not points:
        return
    unit, grain = judgement.unit, judgement.goal.grain
    divided = any(point.denominator not in (None, 1) for point in points) or unit.en == "%"
    columns: dict[str, list[Cell]] = {
        "period": [_period(point, lang) for point in points],
        "part": [", ".join(point.labels) for point in points],
        "result": [_value(point, judgement, lang) for point in points],
        "can become": [point.between for point in points],
        "numerator": [numerator_cell(point.numerator, unit, lang) if divided else None for point in points],
        "denominator": [point.denominator if divided else None for point in points],
        "verdict": [verdict_word(point.ruling, lang, grain) if point.ruling else None for point in points],
    }
    if len({point.period for point in points}) == 1 and any(columns["part"]):
        del columns["period"]
    kept = {name: cells for name, cells in columns.items() if any(cell not in (None, "") for cell in cells)}
    yield table(caption, tuple(kept), list(zip(*kept.values(), strict=True)), lang)


def _period(point: Point, lang: str) -> str:
    name = point.period.title(lang)
    return f"{name} ({say('before break', lang)})" if point.before_break else name


def _value(point: Point, judgement: Judgement, lang: str) -> Cell:
    """Return a figure, never rounded onto the target that it is held against, or why there is none."""
    if point.value is None:
        return point.lacking
    return held_against(point.value, point.target, judgement.unit, lang)


def _outcomes(judgement: Judgement, measured: Measurement, lang: str) -> Iterator[Table]:
    """Yield what became of the rows of the period, what the statistic did with them, and where its figure is of others.

    Outcomes that no row has are left out; the sum is that of the rows.
    """
    figure, reading = judgement.figure, measured.reading
    if figure is None:
        return
    counted = {name: rows for name, rows in figure.outcomes.items() if rows}
    used, told = _uses(figure, measured, lang)
    rows: list[tuple[Cell, ...]] = []
    for name, many in counted.items():
        role = reading.roles.get(name, Role.UNKNOWN)
        use = (used[role][lang],) if used else ()
        rows.append((outcome_word(name, reading.metric, lang), *use, many))
    rows.append((say("total", lang), *([""] if used else []), sum(counted.values())))
    period = figure.period.title(lang)
    headers = ("outcome", *(["used in"] if used else []), "rows")
    caption = "outcomes" if reading.metric.statistic.placed else "outcomes begun"
    made = table(caption, headers, rows, lang, period=period)
    if judgement.sensitive:
        told = (*told, say("sensitive rows", lang, rows=number(judgement.sensitive, lang)))
    yield attrs.evolve(made, notes=told)


def _uses(figure: Figure, measured: Measurement, lang: str) -> tuple[Mapping[Role, Words] | None, tuple[str, ...]]:
    """Return what a statistic did with the rows of each role, None where that is no matter of roles, and notes.

    A note says why the figure is not the sum of these rows, where it is not.
    """
    statistic, roles, value = measured.reading.metric.statistic, measured.reading.roles, figure.value
    sentence = figure_sentence(statistic, lang).text
    if not statistic.placed:
        return None, (say("other rows", lang, figure=sentence),)
    counted = dict.fromkeys(Role, 0)
    for name, rows in figure.outcomes.items():
        counted[roles.get(name, Role.UNKNOWN)] += rows
    above, both = counted[YES], counted[YES] + counted[NO]
    if statistic.is_share and statistic.by_case:
        same = (value.numerator, value.denominator) == (above, both)
        return USES["share"], () if same else (say("rows weigh", lang),)
    if statistic.is_count and statistic.by_case:
        return USES["whole"], () if value.numerator == above else (say("rows weigh", lang),)
    if statistic.is_mean and value.denominator is not None:
        few, same = value.denominator < above, value.denominator == above
        fewer = say("rows lack", lang, counted=number(value.denominator, lang))
        return USES["whole"], () if same else (fewer,) if few else (say("rows weigh", lang),)
    return None, (say("result is", lang, figure=sentence),)


def read_as(measured: Measurement | None, lang: str) -> str:
    """Return in a sentence how the words of a goal were read, as far as the language has it; "" for nothing."""
    if measured is None:
        return ""
    reading = measured.reading
    chosen = (
        consequence(reading.metric.readings[name].alternatives[each], lang) for name, each in reading.chosen.items()
    )
    told = "; ".join(each.text for each in chosen if each.lang == lang)
    return say("read as", lang, readings=told) if told else ""


def readings_table(
    judgement: Judgement, measured: Measurement, beside: Sequence[Measurement], lang: str
) -> Iterator[Table]:
    """Yield every way to read the goal's words, with the figure under it where that is known."""
    reading = measured.reading
    values = {_changed(reading.chosen, each.reading.chosen): _figure(judgement, each) for each in beside}
    if judgement.figure is not None and judgement.figure.value.exact is not None:
        values[()] = measured.in_unit(judgement.figure.value.exact)
    rows: list[tuple[Cell, ...]] = []
    told = None
    for name, choice in reading.metric.readings.items():
        chosen, why = reading.chosen[name], said(choice.why, lang)
        for place, (option, alternative) in enumerate(choice.alternatives.items()):
            exact = values.get(() if option == chosen else ((name, option),))
            shown = None if exact is None else held_against(exact, judgement.target, judgement.unit, lang)
            first = place == 0
            rows.append(
                (
                    consequence(alternative, lang),
                    _standing(reading, name, option, lang),
                    shown if shown is not None else say("not worked out", lang),
                    # what several choices or options have in common is said at the first of them
                    attrs.evolve(why, text=capital(why.text)) if first and why != told else "",
                    Phrase(f"{name} = {option}", lang, code=True),
                )
            )
        told = why
    if rows:
        yield table("readings", ("option", "used here", "result", "asked because", "named"), rows, lang)


def _standing(reading: Reading, name: str, option: str, lang: str) -> str:
    """Return whether an option was used, and what the source says of it."""
    choice, used = reading.metric.readings[name], option == reading.chosen[name]
    marks = {
        "used": used,
        "literal": choice.literal and option == choice.default,
        "silent": used and not choice.literal,
        "assumed": used and name in reading.assumed,
    }
    return ", ".join(say(key, lang) for key, holds in marks.items() if holds)


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


def chapters(assessment: Assessment, lang: str) -> Iterator[Chapter]:
    """Yield the chapters on the whole: rows, sources and findings, what the source leaves out, metrics, words."""
    yield Chapter("data", say("data", lang), tuple(_data(assessment, lang)))
    yield from not_judged(assessment, lang)
    if measured := tuple(measures(assessment, lang)):
        yield Chapter("measures", say("measures", lang), measured)
    told = {judgement.verdict for judgement in assessment}
    glossary = table("definitions", ("term", "means"), list(terms(assessment, told, lang)), lang)
    yield Chapter("definitions", say("definitions", lang), (glossary,))
    if before := _edition_before(assessment, lang):
        texts = table("edition before", ("fact", "content"), before, lang)
        yield Chapter("edition-before", say("edition before", lang), (texts,))


def not_judged(assessment: Assessment, lang: str) -> Iterator[Chapter]:
    """Yield the chapter on the goals that the source names and leaves out, if there are any."""
    if assessment.not_supplied:
        rows = [(each.who, each.what, each.reason[lang], cited(each.basis, lang)) for each in assessment.not_supplied]
        left_out = table("not judged", ("who", "what", "why", "basis"), rows, lang)
        yield Chapter("not-judged", say("not judged", lang), (left_out,))


def _edition_before(assessment: Assessment, lang: str) -> list[tuple[Cell, ...]]:
    if assessment.comments is None:
        return []
    before = assessment.period.previous()
    texts = {
        "introduction": assessment.comments.introduction(before),
        "general work": assessment.comments.general_work(before),
    }
    period = before.title(lang)
    return [(f"{say(name, lang)}, {period}", signed(text, lang)) for name, text in texts.items() if text]


ACCOUNTS = ("read", "in the periods", "outside the periods", "undated", "not yet begun", "elsewhere", "set aside")


def _data(assessment: Assessment, lang: str) -> Iterator[Table]:
    """Yield where the rows went for each goal, what was read of each source, and every finding."""
    rows: list[tuple[Cell, ...]] = []
    for judgement in assessment:
        if measured := assessment.measurements.get(judgement.goal.id):
            accounts = measured.accounts
            rows.append((title(judgement.goal, assessment, lang), *(accounts[name] for name in ACCOUNTS)))
    if rows:
        made = table("rows went", ("goal", *ACCOUNTS), rows, lang)
        yield attrs.evolve(made, notes=(say("rows add up", lang),))
    sources: list[tuple[Cell, ...]] = [
        (
            Phrase(note.name, lang, code=True),
            Phrase(note.records, lang, code=True),
            note.read,
            note.set_aside,
            _coverage(note, lang),
        )
        for note in assessment.sources.values()
    ]
    yield table("sources caption", ("data source", "records", "rows", "term set aside", "coverage"), sources, lang)
    faults = list(_faults(assessment, lang))
    if faults:
        found = table("findings caption", ("data source", "column", "fault", "rows"), faults, lang)
        yield attrs.evolve(found, notes=(say("rows only", lang),))
    else:
        yield attrs.evolve(table("findings caption", ("fault", "rows"), [], lang), notes=(say("no findings", lang),))


def _faults(assessment: Assessment, lang: str) -> Iterator[tuple[Cell, ...]]:
    for note in assessment.sources.values():
        name = Phrase(note.name, lang, code=True)
        for text, rows in note.findings.items():
            column, fault = finding_words(text, lang, note.rules)
            yield name, Phrase(column, lang, code=True), fault, rows
        for mark, rows in note.marks.items():
            marked = Phrase(mark.partition(": ")[0], lang, code=True)
            yield name, marked, Phrase(say("suspected mark", lang), lang), rows


def _coverage(note: SourceNote, lang: str) -> str:
    covered = _promised(note, lang)
    return f"{covered}. {note.deliveries[lang]}" if note.deliveries else covered


def _promised(note: SourceNote, lang: str) -> str:
    if note.not_delivered:
        return say("not delivered", lang, why=note.not_delivered[lang])
    if not note.expects:
        return say("not promised", lang)
    rhythm = RHYTHMS[note.expects][lang]
    if not note.covered:
        return say("promised none", lang, rhythm=rhythm)
    first, last = (spoken(dt.date.fromisoformat(day), lang) for day in (note.covered[0], note.covered[-1]))
    return say(
        "promised",
        lang,
        rhythm=rhythm,
        days=DAYS.counted(number(len(note.covered), lang), lang),
        first=first,
        last=last,
    )


def measures(assessment: Assessment, lang: str) -> Iterator[Table]:
    """Yield each metric that was measured, with the facts of its card that are said in the report's language."""
    metrics = {measured.reading.metric.id: measured.reading.metric for measured in assessment.measurements.values()}
    for id in sorted(metrics):
        shown = card(metrics[id], lang)
        facts = [(name, fact) for name, fact in shown.facts.rows if isinstance(fact, Phrase) and fact.lang == lang]
        read = ", ".join(str(name) for name, *_ in shown.details[0].rows)
        version = say("result version", lang, version=metrics[id].version)
        rows: list[tuple[Cell, ...]] = [
            *facts,
            (say("fields", lang), Phrase(read, lang, code=True)),
            (say("metric", lang), Phrase(f"{id}, {version}", lang, code=True)),
        ]
        headers = (say("fact", lang), say("content", lang))
        yield Table(caption=said(metrics[id].title, lang).text, headers=headers, rows=tuple(rows), lang=lang)


def terms(
    assessment: Assessment,
    told: Collection[Verdict],
    lang: str,
    named: Sequence[str] = ("numerator", "margin", "how sure", "reading", "as of", "set aside"),
) -> Iterator[tuple[Cell, ...]]:
    """Yield every word of the report that has a meaning of its own here: the verdicts told, and the terms named."""
    for verdict in Verdict:
        if verdict in told:
            yield capital(verdict.words[lang]), verdict.meaning[lang]
    called = {"numerator": "term numerator", "set aside": "term set aside"}
    for term in named:
        more = f" {say('time zone', lang, zone=assessment.zone)}" if term == "as of" else ""
        yield say(called.get(term, term), lang), say(f"means {term}", lang) + more
    if "how sure" in named and any(judgement.interval for judgement in assessment):
        yield say("interval", lang), say("means interval", lang)
    counted = {measured.tally.assumed.calendar for measured in assessment.measurements.values()}
    for name in sorted({name for names in counted for name in names.split(", ")}):
        with suppress(UnknownName):
            found = calendar(name)
            yield say("calendar", lang), f"{found.title[lang]}. {cited(found.source, lang)}"
