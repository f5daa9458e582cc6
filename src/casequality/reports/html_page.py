"""An assessment as one HTML file that needs nothing beside it: no script, no address, the same bytes every time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from casequality.days import Period, calendar
from casequality.errors import InputError, UnknownName
from casequality.goals import Assessment, Compared, NotSupplied, SourceNote, Unstated, Verdict, number, spoken
from casequality.metrics import Measurement
from casequality.reports.assessment import side_by_side_table, undelivered
from casequality.reports.cards import card, cited
from casequality.reports.judgements import addressed, as_of, general_work, heading, notes
from casequality.reports.measurement import numerator_cell
from casequality.reports.sections import GoalSection, aim_sections, shown_value
from casequality.reports.wording import RHYTHMS, Phrase, finding_words, say, shown


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
        general_work=general_work(assessment, lang),
        targeted=not len(assessment) or any(not isinstance(each.goal.target, Unstated) for each in assessment),
        verdicts=[verdict for verdict in Verdict if verdict in assessment.counts],
        calendars=list(_calendars(assessment, lang)),
        measures=list(_measures(assessment, lang)),
        faults=list(_faults(assessment, lang)),
    )
    return text


def contributions_page(
    compared: Sequence[Compared],
    period: Period,
    lang: str = "da",
    *,
    not_supplied: Sequence[NotSupplied] = (),
    general: Mapping[str, str] | None = None,
) -> str:
    """Return one page on what several administrations handed in: goal by goal, and what each has not delivered.

    general: what each says of its general work, by its name. Needs jinja2, as `page` does.
    """
    text: str = (
        _environment(lang)
        .get_template("contributions.html.j2")
        .render(
            lang=lang,
            name=say("contributions", lang, period=period.title(lang)),
            table=side_by_side_table(compared, period, lang),
            lacking=undelivered(compared, lang),
            not_supplied=not_supplied,
            general=general or {},
        )
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
