"""What is said of a judgement: its goal, target, value and margin, how sure it is, and what was written of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

import attrs

from casequality.errors import text_in
from casequality.goals import (
    Assessment,
    Comment,
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
from casequality.metrics import SHARE, Unit
from casequality.reports.wording import RHYTHMS, Amount, Phrase, amount, between, moment, said, say, title_of


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
