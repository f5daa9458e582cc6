"""What is said of a judgement: its goal, target, value and margin, how sure it is, and what was written of it.

In a word, in a sentence or in full.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final

import attrs

from casequality.days import MONTH_NAMES
from casequality.errors import Words, text_in
from casequality.goals import (
    Assessment,
    Comment,
    Due,
    EditionText,
    Goal,
    Judgement,
    NotSupplied,
    Reason,
    ReportTo,
    Ruling,
    Target,
    Unstated,
    Verdict,
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

SENTENCE_END: Final = re.compile(r"(?<!\d)[.!?]\s+(?=[^\Wa-zæøå])")  # not that of "1. oktober"
FIRST_SENTENCE: Final = 110
"""How many letters of a comment the overview has room for."""
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


def short_target(judgement: Judgement, lang: str, measured: Measurement | None = None) -> str:
    """Return the target as a line has room for: what is a share of an earlier figure as the number that it comes to."""
    stated, target = judgement.goal.target, judgement.target
    if stated is None or isinstance(stated, Unstated):
        return "–"  # noqa: RUF001
    if isinstance(stated, Target) or target is None:
        return target_text(judgement, lang, measured)
    shown = amount(target.number, judgement.unit, lang, apart_from=[] if judgement.value is None else [judgement.value])
    places = 10**shown.decimals
    return attrs.evolve(target, number=Fraction(round(target.number * places), places)).words(judgement.unit)[lang]


def verdict_word(ruling: Ruling, lang: str, grain: str | None = None) -> str:
    """Return a verdict in a word or two; one that comes later says when, for a goal that is judged by a grain of time.

    grain: of the goal, None where it is judged over the whole period.
    """
    if ruling.verdict is not Verdict.NOT_DUE_YET:
        return ruling.verdict.words[lang]
    cut = any(reason.code in ("so far", "not whole") for reason in ruling.reasons)
    return say(f"due with the {grain}" if cut and grain else "not over", lang)


def absent_word(each: NotSupplied, lang: str) -> str:
    """Return why nobody can judge a goal that a source names: it leaves it out, or nothing measures it."""
    return each.verdict.words[lang] if each.stated else say("not rendered", lang)


def meaning(judgement: Judgement, assessment: Assessment, lang: str) -> str:
    """Return in a sentence or two what a verdict means and what is done; "" where the verdict says it all."""
    apart = margin(judgement, judgement.unit, lang)
    far = attrs.evolve(apart, exact=abs(apart.exact), signed=False).text(lang) if apart else ""
    better = judgement.margin is not None and judgement.margin >= 0
    match judgement.verdict:
        case Verdict.MET | Verdict.MISSED if apart:
            told = say("on the target" if not apart.exact else "better by" if better else "short by", lang, margin=far)
        case Verdict.UNDECIDED:
            rows = sum(judgement.doubt.values())
            told = say("one may turn it" if rows == 1 else "some may turn it", lang, rows=number(rows, lang))
        case Verdict.NOT_DUE_YET if apart and not better:
            told = say("short by", lang, margin=far)
        case Verdict.NOT_SHOWN:
            told = say("small sample", lang)
        case _:
            told = ""
    return " ".join(f"{part}." for part in (told, _done(judgement, assessment, lang)) if part)


def _done(judgement: Judgement, assessment: Assessment, lang: str) -> str:
    """Return the first sentence of the measure, or else of the comment; that it is missing only of a missed goal."""
    now, _ = assessment.said_of(judgement)
    text = (now.measure or now.comment) if now else ""
    if not text:
        missed = assessment.comments is not None and judgement.verdict is Verdict.MISSED
        return say("comment missing", lang) if missed else ""
    first = SENTENCE_END.split(text, maxsplit=1)[0].rstrip(".")
    return textwrap.shorten(first, FIRST_SENTENCE, placeholder=" …")


SETTLED_BY: Final[Mapping[str, Words]] = {
    "open": Words("known once they are closed", "afventer afslutning"),
    "unknown": Words("fill in what became of them", "udfyldes i kilden"),
    "set aside": Words("correct them at the source", "rettes i kilden"),
    "undated": Words("fill in the date at the source", "udfyldes i kilden"),
    "unlabelled": Words("fill in the field at the source", "udfyldes i kilden"),
    "marks": Words("declare in the project what the date means", "skriv i projektfilen, hvad datoen betyder"),
    "orphans": Words("correct the case number at the source", "sagsnummeret rettes i kilden"),
    "no limit": Words("give the goal a limit", "angiv det i målfilen"),
    "earlier in doubt": Words("correct them at the source", "rettes i kilden"),
    "calendar": Words("choose a calendar", "vælg kalender i målfilen"),
}
"""By the code of a reason that could turn a verdict, how it is settled."""


def settled_by(reason: Reason, lang: str) -> str:
    """Return how that is settled which a reason says could turn the verdict; "" where the reason says it itself."""
    return SETTLED_BY[reason.code][lang] if reason.code in SETTLED_BY else ""


def remarks(judgement: Judgement, assessment: Assessment, lang: str) -> Iterator[tuple[str, str]]:
    """Yield what each remark is called and the remark; that one is missing is said where the goal is missed.

    Nothing where the project keeps no comments.
    """
    if assessment.comments is None:
        return
    now, before = assessment.said_of(judgement)
    missed = judgement.verdict is Verdict.MISSED
    written = {"comment": now.comment, "action": now.measure} if now else dict.fromkeys(("comment", "action"), "")
    for key, text in written.items():
        if text or missed:
            yield say(key, lang), text or say(f"no {key}", lang)
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
        return signed(assessment.general_work, lang)
    return say("no general work", lang) if assessment.comments and assessment.comments.general else ""


def signed(text: EditionText, lang: str) -> str:
    """Return a text of an edition with who wrote it and when, as far as that is said."""
    writer = _writer(text, lang)
    return f"{text.text} ({writer})" if writer else text.text


def _writer(said: Comment | EditionText, lang: str) -> str:
    return ", ".join(filter(None, (said.by, spoken(said.written_on, lang) if said.written_on else "")))
