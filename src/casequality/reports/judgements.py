"""What is said of a judgement: its goal, target, value and margin, how sure it is, and what was written of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

import attrs

from casequality.days import MONTH_NAMES
from casequality.errors import text_in
from casequality.goals import (
    Assessment,
    Due,
    Goal,
    Judgement,
    Reason,
    ReportTo,
    Ruling,
    Target,
    decimals_of,
    number,
    spoken,
)
from casequality.metrics import Measurement, Unit
from casequality.reports.wording import (
    NBSP,
    RHYTHMS,
    Between,
    Phrase,
    ShownAmount,
    amount,
    between,
    moment,
    said,
    say,
    title_of,
)

SHARE_APART: Final = Unit("difference", "procentpoint", "percentage points")
TURNING: Final = frozenset({"turns at", "turns at one", "calendar", "would show"})
"""Codes of the reasons that say what could give another verdict than the one that stands as the records are."""


def heading(assessment: Assessment, lang: str) -> str:
    """Return the title of an assessment, or what its recipient's report is called, with its period, said once."""
    subject = assessment.recipient.subject(assessment.period) if assessment.recipient else None
    title, period = subject[lang] if subject else assessment.title, assessment.period.title(lang)
    return title if period in title else f"{title}, {period}"


def addressed(assessment: Assessment, lang: str) -> Iterator[tuple[str, str]]:
    """Yield the project that a report to one recipient is part of, and who gets which figures when."""
    if assessment.recipient:
        yield say("project", lang), assessment.title
    found: dict[str, dict[str, None]] = {}
    for each in _reports(assessment):
        found.setdefault(each.to, {})[_when(each, lang)] = None
    if found:
        yield say("reported", lang), "; ".join(f"{to}, {_rhythms(each, lang)}" for to, each in found.items())


def _when(each: Due | ReportTo, lang: str) -> str:
    """Return in which months a report is due where the calendar says it, else how often."""
    months = each.months if isinstance(each, Due) else ()
    if not months:
        return RHYTHMS[each.every][lang]
    return say("in months", lang, months=_listed([MONTH_NAMES[month - 1][lang] for month in months], lang))


def _rhythms(rhythms: Iterable[str], lang: str) -> str:
    return f" {say('and also', lang)} ".join(rhythms)


def _listed(parts: Iterable[str], lang: str) -> str:
    """Return parts as one says them: "a, b og c".

    >>> _listed(["a", "b", "c"], "da")
    'a, b og c'
    """
    *first, last = parts
    return f"{', '.join(first)} {say('and', lang)} {last}" if first else last


def notes(assessment: Assessment, lang: str) -> Iterator[str]:
    """Yield what else a reader of the whole should know; first that the recipient usually gets other periods."""
    recipient = assessment.recipient
    if recipient and not recipient.fits(assessment.period):
        rhythms = _rhythms(dict.fromkeys(_when(each, lang) for each in recipient.due), lang)
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


def target_text(judgement: Judgement, lang: str, measured: Measurement | None = None) -> str:
    """Return the target in words, with the number that it comes to where it is a share of an earlier figure.

    measured: says whether the figure is a part of a whole, so that nothing can be above 100 %.
    """
    stated = judgement.goal.target
    if stated is None:
        return say("no target", lang)
    if isinstance(stated, Target):
        part = measured is not None and measured.reading.metric.statistic.is_share
        if part and stated.comparison == "at least" and stated.number == 100:
            return f"100{NBSP}%"
        return stated.words(judgement.unit)[lang].replace(" %", f"{NBSP}%")
    words = stated.words()[lang].replace(" %", f"{NBSP}%")
    if judgement.target is None:
        return words
    number = amount(judgement.target.number, judgement.unit, lang).text(lang)
    return say("worked out", lang, target=words, number=number)


def value(ruling: Ruling, unit: Unit, lang: str) -> ShownAmount | None:
    """Return the figure, never rounded onto its target."""
    if ruling.value is None:
        return None
    return held_against(ruling.value, ruling.target, unit, lang)


def held_against(exact: Fraction, target: Target | None, unit: Unit, lang: str) -> ShownAmount:
    """Return a figure with at least the decimals of the target that it is held against, never rounded onto it."""
    if target is None:
        return amount(exact, unit, lang)
    near = target.nearest(exact)
    finer = attrs.evolve(unit, decimals=max(unit.decimals, decimals_of(near)))
    return amount(exact, finer, lang, apart_from=[near])


def margin(ruling: Ruling, unit: Unit, lang: str) -> ShownAmount | None:
    """Return how much better than the target a figure is, with its sign, never rounded to nothing.

    None where there is no figure, or one that cannot be held against the target.
    """
    if ruling.margin is None or not ruling.verdict.compares:
        return None
    apart = attrs.evolve(SHARE_APART, decimals=unit.decimals) if unit.en == "%" else unit
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


def between_of(ruling: Ruling, unit: Unit, lang: str) -> Between | None:
    """Return between what a figure lies, once the records in doubt are settled or as the interval of a sample says."""
    if not ruling.bounded:
        return None
    if ruling.interval is not None and ruling.samples is not None:
        return between(ruling.interval.low, ruling.interval.high, unit, lang)
    if ruling.low == ruling.high == ruling.value:
        return None
    return between(ruling.low, ruling.high, unit, lang)


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
