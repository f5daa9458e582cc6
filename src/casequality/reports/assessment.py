"""An assessment as a table and as text: each goal's name, target, value, verdict, margin, how sure, remarks.

Figures of several administrations go in one table; as plain data each says which form it has.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.errors import text_in
from casequality.goals import (
    Assessment,
    Comment,
    Compared,
    Due,
    Goal,
    Judgement,
    Reason,
    ReportTo,
    Ruling,
    Target,
    Verdict,
    number,
    spoken,
)
from casequality.metrics import SHARE, Measurement, Metric, Unit, card_of
from casequality.reports.measurement import numerator_cell
from casequality.reports.wording import (
    NBSP,
    RHYTHMS,
    Amount,
    Cell,
    Phrase,
    Table,
    amount,
    between,
    marked,
    moment,
    one_line,
    said,
    say,
    title_of,
)


def remarks(judgement: Judgement, assessment: Assessment, lang: str) -> Iterator[tuple[str, str]]:
    """Yield what each remark is called and the remark; that a comment or a measure is missing is one of them.

    Nothing where the project keeps no comments.
    """
    if assessment.comments is None:
        return
    now, before = assessment.said_of(judgement)
    if judgement.verdict is Verdict.MISSED:
        yield say("comment", lang), now.comment if now and now.comment else say("no comment", lang)
        yield say("action", lang), now.measure if now and now.measure else say("no action", lang)
        if now and (now.by or now.written_on):
            yield say("written by", lang), _writer(now, lang)
    if before is not None:
        yield say("period before", lang), before.period.title(lang)
        for key, text in (("earlier comment", before.comment), ("earlier action", before.measure)):
            if text:
                yield say(key, lang), text


def general_work(assessment: Assessment, lang: str) -> str:
    """Return what the edition says of the general work, that it says nothing, or "" where no edition ever did."""
    if assessment.general_work is not None:
        by = assessment.general_work.by
        return f"{assessment.general_work.text} ({by})" if by else assessment.general_work.text
    return say("no general work", lang) if assessment.comments and assessment.comments.general else ""


def _writer(comment: Comment, lang: str) -> str:
    return ", ".join(filter(None, (comment.by, spoken(comment.written_on, lang) if comment.written_on else "")))


SHARE_APART: Final = Unit("difference", "procentpoint", "percentage points")
TURNING: Final = frozenset({"turns at", "calendar", "would show"})
"""Codes of the reasons that say what could give another verdict than the one that stands as the records are."""


def heading(assessment: Assessment, lang: str) -> str:
    """Return the title of an assessment, or what its recipient's report is called, with its period, said once."""
    subject = assessment.recipient.subject(assessment.period) if assessment.recipient else None
    title, period = subject[lang] if subject else assessment.title, assessment.period.title(lang)
    return title if period in title else f"{title}, {period}"


def addressed(assessment: Assessment, lang: str) -> Iterator[tuple[str, str]]:
    """Yield the project that a report to one recipient is part of, and who gets which figures how often."""
    if assessment.recipient:
        yield say("project", lang), assessment.title
    found: dict[str, dict[str, None]] = {}
    for each in _reports(assessment):
        found.setdefault(each.to, {})[RHYTHMS[each.every][lang]] = None
    if found:
        yield say("reported", lang), "; ".join(f"{to}, {', '.join(rhythms)}" for to, rhythms in found.items())


def notes(assessment: Assessment, lang: str) -> Iterator[str]:
    """Yield what else a reader of the whole should know; first that the recipient usually gets other periods."""
    recipient = assessment.recipient
    if recipient and not recipient.fits(assessment.period):
        rhythms = ", ".join(dict.fromkeys(RHYTHMS[each.every][lang] for each in recipient.due))
        yield say("other rhythm", lang, to=recipient.name, rhythms=rhythms, period=assessment.period.title(lang))
    yield from (text_in(note, lang) for note in assessment.notes)


def _reports(assessment: Assessment) -> Iterable[Due | ReportTo]:
    if assessment.recipient:
        return assessment.recipient.due
    return (judgement.goal.report for judgement in assessment if judgement.goal.report)


def title(goal: Goal, assessment: Assessment, lang: str) -> Phrase:
    """Return what a goal is called; without a title of its own, what its metric is called."""
    if goal.title is not None:
        return said(goal.title, lang)
    measured = assessment.measurements.get(goal.id)
    return title_of(measured.reading.metric, lang) if measured else Phrase(goal.id, "en")


def target_text(judgement: Judgement, lang: str) -> str:
    """Return the target in words, with the number that it comes to where it is a share of an earlier figure."""
    stated = judgement.goal.target
    if stated is None:
        return say("no target", lang)
    if isinstance(stated, Target):
        return stated.words(judgement.unit)[lang]
    words = stated.words()[lang]
    if judgement.target is None:
        return words
    number = amount(judgement.target.number, judgement.unit, lang).text(lang)
    return say("worked out", lang, target=words, number=number)


def value(ruling: Ruling, unit: Unit, lang: str) -> Amount | None:
    """Return the figure, never rounded onto its target."""
    if ruling.value is None:
        return None
    return amount(ruling.value, unit, lang, apart_from=[ruling.target.nearest(ruling.value)] if ruling.target else ())


def margin(ruling: Ruling, unit: Unit, lang: str) -> Amount | None:
    """Return how much better than the target a figure is, with its sign, never rounded to nothing.

    None where there is no figure, or one that cannot be held against the target.
    """
    if ruling.margin is None or not ruling.verdict.compares:
        return None
    apart = attrs.evolve(SHARE_APART, decimals=unit.decimals) if unit.name == SHARE.name else unit
    return attrs.evolve(amount(ruling.margin, apart, lang, apart_from=[Fraction(0)]), signed=True)


def certainty(ruling: Ruling, unit: Unit, lang: str) -> str:
    """Return between which numbers the figure lies once the records in doubt are settled; of a sample, its interval."""
    if not ruling.bounded:
        return ""
    if ruling.interval is not None and ruling.samples is not None:
        size, found = ruling.samples[0].size, between(ruling.interval.low, ruling.interval.high, unit, lang)
        return say("sample of", lang, size=number(size, lang), interval=found.text(lang))
    if ruling.low == ruling.high == ruling.value:
        return say("settled", lang)
    return between(ruling.low, ruling.high, unit, lang).text(lang)


def flips(ruling: Ruling) -> tuple[Reason, ...]:
    """Return what could turn the verdict."""
    return (*ruling.could_flip, *(reason for reason in ruling.reasons if reason.code in TURNING))


def as_of(assessment: Assessment, lang: str) -> str:
    """Return when what is known was known: a day (its start), or a moment in the assessment's zone."""
    if len(assessment.as_of) == len("2010-08-01"):
        return spoken(dt.date.fromisoformat(assessment.as_of), lang)
    instant = dt.datetime.fromisoformat(assessment.as_of)
    utc = instant.astimezone(dt.UTC).replace(tzinfo=None) if instant.tzinfo else instant
    return moment(utc.isoformat(), assessment.zone, lang)


ASSESSMENT: Final = "urn:casequality:assessment:1"
MEASUREMENT: Final = "urn:casequality:measurement:1"
CARD: Final = "urn:casequality:metric-card:1"
"""The forms; the number rises with any change that a reader of the old form would stumble over."""


def assessment_json(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as data that `json.dumps` takes; exact numbers as text, "15/22", beside their floats."""
    return {"$schema": ASSESSMENT, **assessment.to_dict()}


def measurement_json(measurement: Measurement) -> dict[str, Any]:
    """Return a measurement as data that `json.dumps` takes, every figure with numerator and denominator."""
    return {"$schema": MEASUREMENT, **measurement.to_dict()}


def card_json(metric: Metric | type[Metric]) -> dict[str, Any]:
    """Return what a metric's figures mean as data that `json.dumps` takes, its texts in every language they have."""
    return {"$schema": CARD, **card_of(metric).to_dict()}


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
            target_text(judgement, lang),
            value(judgement, judgement.unit, lang),
            judgement.verdict.words[lang],
            margin(judgement, judgement.unit, lang),
            certainty(judgement, judgement.unit, lang),
            ". ".join(reason[lang] for reason in flips(judgement)),
        )
        for judgement in assessment
    ]
    rows += [
        (f"{each.who}: {each.what}", "", None, each.verdict.words[lang], None, "", "")
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
    )


def assessment_text(
    assessment: Assessment, lang: str = "en", *, color: bool = False, columns: int | None = None
) -> str:
    """Return the verdicts for a terminal of so many columns: a table, then in sentences why each is what it is."""
    table = assessment_table(assessment, lang)
    verdicts = [each.verdict for each in (*assessment, *assessment.not_supplied)]
    rows = [(*row[:3], marked(verdict, lang), row[4]) for row, verdict in zip(table.rows, verdicts, strict=True)]
    short = attrs.evolve(table, headers=table.headers[:5], rows=tuple(rows))
    counts = ", ".join(f"{number(count, lang)} {each.words[lang]}" for each, count in assessment.counts.items())
    counted = say("goals counted", lang, counts=counts)
    text = "\n".join([short.text(widest=WIDEST, columns=columns), "", counted, *_why(assessment, lang)])
    for verdict in set(verdicts) if color else ():
        mark = marked(verdict, lang)
        text = text.replace(mark, f"\x1b[{COLOURS[verdict.tone]}m{mark}\x1b[0m")
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
        judgement.verdict.words[lang],
        margin(judgement, unit, lang),
        certainty(judgement, unit, lang),
        numerator_cell(judgement.numerator, unit, lang),
        judgement.denominator,
        ". ".join(reason[lang] for reason in reasons),
    )
