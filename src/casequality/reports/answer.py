"""What is said of a goal in a word or a sentence, how its doubt is settled, and what people wrote of it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

import attrs

from casequality.errors import Words
from casequality.goals import (
    Assessment,
    Comment,
    EditionText,
    Judgement,
    NotSupplied,
    Reason,
    Ruling,
    Target,
    Unstated,
    Verdict,
    number,
    spoken,
)
from casequality.metrics import Measurement
from casequality.reports.judgements import margin, target_text
from casequality.reports.wording import amount, say

SENTENCE_END: Final = re.compile(r"(?<!\d)[.!?]\s+(?=[^\Wa-zæøå])")  # not that of "1. oktober"
FIRST_SENTENCE: Final = 110
"""How many letters of a comment the overview has room for."""


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
