"""An assessment as a table and as text, side by side with others, and everything as plain data."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.errors import Words
from casequality.goals import Assessment, Compared, Judgement, Reason, Verdict, number
from casequality.metrics import Measurement, Metric, card_of
from casequality.reports.answer import absent_word, general_work, remarks, signed, verdict_word
from casequality.reports.judgements import (
    addressed,
    as_of,
    certainty,
    flips,
    heading,
    margin,
    notes,
    target_text,
    title,
    value,
)
from casequality.reports.measurement import numerator_cell
from casequality.reports.wording import INTERNAL, NBSP, Cell, Marked, Phrase, Table, marked, one_line, said, say

ASSESSMENT: Final = "urn:casequality:assessment:1"
PUBLISHED: Final = "urn:casequality:published-assessment:1"
MEASUREMENT: Final = "urn:casequality:measurement:1"
CARD: Final = "urn:casequality:metric-card:1"
"""The forms; the number rises with any change that a reader of the old form would stumble over."""


def assessment_json(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as data that `json.dumps` takes; exact numbers as text, "15/22", beside their floats."""
    return {"$schema": ASSESSMENT, "audience": INTERNAL.to_dict(), **assessment.to_dict()}


def measurement_json(measurement: Measurement) -> dict[str, Any]:
    """Return a measurement as data that `json.dumps` takes, every figure with numerator and denominator."""
    return {"$schema": MEASUREMENT, "audience": INTERNAL.to_dict(), **measurement.to_dict()}


def card_json(metric: Metric | type[Metric]) -> dict[str, Any]:
    """Return what a metric's figures mean as data that `json.dumps` takes, its texts in every language they have."""
    return {"$schema": CARD, **card_of(metric).to_dict()}


@attrs.frozen(kw_only=True)
class StoreEdition:
    """A goal in each of some periods, by what a store knew after an entry of its log.

    name: what was published then, "" for what is held now or was at a moment that was asked for. changes: what was
    put, replaced and withdrawn since the edition before.
    """

    name: str
    number: int
    known_on: dt.date
    judged: tuple[Judgement, ...]
    changes: tuple[Words, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "name": self.name,
            "number": self.number,
            "known_on": self.known_on.isoformat(),
            "judged": [each.to_dict() for each in self.judged],
            "changes": [each.to_dict() for each in self.changes],
        }


COLOURS: Final = {"good": "32", "bad": "31", "open": "33", "none": "2"}
WIDEST: Final = 36
ROOM: Final = 100


def assessment_table(assessment: Assessment, lang: str = "en") -> Table:
    """Return the verdicts, a row for each goal, with how sure each is and what could flip it.

    The goals that a source names and nobody can judge come last.
    """
    headers = ("goal", "target", "value", "verdict", "margin", "how sure", "could flip")
    rows: list[tuple[Cell, ...]] = [
        (
            title(judgement.goal, assessment, lang),
            target_text(judgement, lang, assessment.measurements.get(judgement.goal.id)),
            value(judgement, judgement.unit, lang),
            Marked(verdict_word(judgement, lang, judgement.goal.grain), judgement.verdict.tone),
            margin(judgement, judgement.unit, lang),
            certainty(judgement, judgement.unit, lang),
            ". ".join(reason[lang] for reason in flips(judgement)),
        )
        for judgement in assessment
    ]
    rows += [
        (f"{each.who}: {each.what}", "", None, Marked(absent_word(each, lang), each.verdict.tone), None, "", "")
        for each in assessment.not_supplied
    ]
    return Table(
        caption=heading(assessment, lang),
        headers=tuple(say(header, lang) for header in headers),
        rows=tuple(rows),
        notes=(
            f"{say('as of', lang)}: {as_of(assessment, lang)} ({assessment.zone})",
            *(f"{name}: {said}" for name, said in addressed(assessment, lang) if assessment.recipient),
            *notes(assessment, lang),
        ),
        lang=lang,
        audience=INTERNAL[lang],
    )


NOW: Final = Words("as held", "som det ligger")
ENTRY: Final = Words("after entry {number}, {day}", "efter post {number}, {day}")
HISTORY: Final = Words("{goal} by edition", "{goal} efter udgave")


def history_table(editions: Sequence[StoreEdition], lang: str = "en") -> Table:
    """Return a goal in each of several editions, a row for each of its periods; below, what changed between them."""
    rows: list[tuple[Cell, ...]] = []
    told: list[str] = []
    for each in editions:
        name = each.name or NOW[lang]
        when = ENTRY[lang].format(number=each.number, day=each.known_on.isoformat())
        for judged in each.judged:
            row = (name, when, judged.period.title(lang), value(judged, judged.unit, lang))
            figures = (numerator_cell(judged.numerator, judged.unit, lang), judged.denominator)
            rows.append((*row, *figures, Marked(verdict_word(judged, lang, judged.goal.grain), judged.verdict.tone)))
            told += [f"{name}, {judged.period.title(lang)}: {reason[lang]}" for reason in _lacking(judged)]
        told += [f"{name}: {change[lang]}" for change in each.changes]
    goal = editions[0].judged[0].goal
    headers = ("edition", "known", "period", "value", "numerator", "denominator", "verdict")
    return Table(
        caption=HISTORY[lang].format(goal=goal.title[lang] if goal.title else goal.id),
        headers=tuple(say(header, lang) for header in headers),
        rows=tuple(rows),
        notes=tuple(dict.fromkeys(told)),
        lang=lang,
        audience=INTERNAL[lang],
    )


def _lacking(judged: Judgement) -> Iterator[Reason]:
    yield from (reason for reason in judged.reasons if judged.figure is None)


def assessment_text(
    assessment: Assessment, lang: str = "en", *, color: bool = False, columns: int | None = None
) -> str:
    """Return the verdicts for a terminal of so many columns: a table, then in sentences why each is what it is."""
    table = assessment_table(assessment, lang)
    tones = [each.verdict.tone for each in (*assessment, *assessment.not_supplied)]
    marks = [marked(tone, str(row[3])) for tone, row in zip(tones, table.rows, strict=True)]
    rows = [(*row[:3], mark, row[4]) for row, mark in zip(table.rows, marks, strict=True)]
    short = attrs.evolve(table, headers=table.headers[:5], rows=tuple(rows))
    judged = Counter(each.verdict for each in assessment)
    told = {each.words[lang]: judged[each] for each in Verdict if judged[each]}
    for word, many in Counter(absent_word(each, lang) for each in assessment.not_supplied).items():
        told[word] = told.get(word, 0) + many
    counts = ", ".join(f"{number(many, lang)} {word}" for word, many in told.items())
    counted = say("goals counted", lang, counts=counts)
    text = "\n".join([short.text(widest=WIDEST, columns=columns), "", counted, *_why(assessment, lang)])
    for mark, tone in dict(zip(marks, tones, strict=True)).items() if color else ():
        text = text.replace(mark, f"\x1b[{COLOURS[tone]}m{mark}\x1b[0m")
    return text


def _why(assessment: Assessment, lang: str) -> Iterator[str]:
    for judgement in assessment:
        yield ""
        yield one_line(title(judgement.goal, assessment, lang).text)
        sure = certainty(judgement, judgement.unit, lang)
        told = [f"{say('how sure', lang)}: {sure}"] if sure else []
        turning = flips(judgement)
        told += [reason[lang] for reason in judgement.reasons if reason not in turning]
        yield from map(_item, told)
        if turning:
            yield f"  {say('could flip', lang)}:"
            yield from (_item(reason[lang]) for reason in turning)
        yield from (_item(f"{name}: {text}") for name, text in remarks(judgement, assessment, lang))
    for each in assessment.not_supplied:
        yield from ("", one_line(f"{each.who}: {each.what}"), _item(each.reason[lang]))
    if assessment.introduction:
        yield from ("", say("introduction", lang), _item(signed(assessment.introduction, lang)))
    if work := general_work(assessment, lang):
        yield from ("", say("general work", lang), _item(work))


def _item(sentence: str) -> str:
    filled = textwrap.fill(one_line(sentence), ROOM, initial_indent="  - ", subsequent_indent="    ")
    return filled.replace(NBSP, " ")


def side_by_side_table(compared: Sequence[Compared], period: Period, lang: str = "en") -> Table:
    """Return a row for each goal and administration, and one for all together, with the reasons in words."""
    headers = ("goal", "who", "target", "value", "verdict", "margin", "how sure", "numerator", "denominator", "why")
    rows = [
        (_title(each, lang), who, *_cells(judgement, lang))
        for each in compared
        for who, judgement in _named(each, lang)
    ]
    return Table(
        caption=say("side by side", lang, period=period.title(lang)),
        headers=tuple(say(header, lang) for header in headers),
        rows=tuple(rows),
        notes=(say("not ranked", lang),),
        lang=lang,
        audience=INTERNAL[lang],
    )


def undelivered(compared: Sequence[Compared], lang: str) -> dict[str, list[tuple[Phrase, str]]]:
    """Return, by administration in the order given, the goals of which it has delivered nothing usable, and why."""
    found: dict[str, list[tuple[Phrase, str]]] = {}
    for each in compared:
        for who, judgement in each.each.items():
            lacking = found.setdefault(who, [])
            if judgement.figure is None and judgement.verdict in (Verdict.INCOMPLETE, Verdict.NOT_COMPARABLE):
                lacking.append((_title(each, lang), ". ".join(reason[lang] for reason in judgement.reasons)))
    return found


def _named(compared: Compared, lang: str) -> Iterator[tuple[str, Judgement]]:
    yield from compared.each.items()
    yield say("all together", lang), compared.together


def _title(compared: Compared, lang: str) -> Phrase:
    goal = compared.goal
    return said(goal.title, lang) if goal.title else Phrase(goal.id, "en")


def _cells(judgement: Judgement, lang: str) -> tuple[Cell, ...]:
    unit, reasons = judgement.unit, dict.fromkeys((*judgement.reasons, *flips(judgement)))
    return (
        target_text(judgement, lang),
        value(judgement, unit, lang),
        verdict_word(judgement, lang, judgement.goal.grain),
        margin(judgement, unit, lang),
        certainty(judgement, unit, lang),
        numerator_cell(judgement.numerator, unit, lang),
        judgement.denominator,
        ". ".join(reason[lang] for reason in reasons),
    )
