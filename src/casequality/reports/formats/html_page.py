"""An assessment as one HTML file that needs nothing beside it: no code, no address, the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from casequality.errors import InputError
from casequality.evidence import page_style
from casequality.goals import Assessment, Compared, NotSupplied, PublishedAssessment, Verdict, number, spoken
from casequality.reports.annex import AskedFor
from casequality.reports.assessment import undelivered
from casequality.reports.disclosed import any_report
from casequality.reports.formats.embedding import embedded
from casequality.reports.formats.html_tables import GoalsInRows, html_table
from casequality.reports.formats.manifest import with_page_digest
from casequality.reports.sections import Beside, Report
from casequality.reports.wording import SHAPES, Table, capital, say, shown

FORMS = ("full", "summary")
"""The lengths of a report: all of it, or the answer alone on one page of an agenda."""


def page(
    assessment: Assessment | PublishedAssessment,
    lang: str = "da",
    *,
    beside: Beside | None = None,
    further: AskedFor | None = None,
    form: str = "full",
    manifest: Mapping[str, Any] | None = None,
) -> str:
    """Return a report for people: the answer, a page for each goal that needs one, and an annex with all the rest.

    beside: by goal id, the same measurement under other readings, whose figures are shown beside the goal's own.
    further: by goal id, what was found of it and asked for, such as its readings.
    form: "full", or "summary" for the answer alone. manifest: what it was made of, which goes with the page.
    Needs jinja2: `pip install 'casequality[report]'`.
    """
    return report_page(attrs.evolve(any_report(assessment, lang, beside, further), manifest=manifest), form=form)


def report_page(report: Report, *, form: str = "full", shapes_named: bool = False) -> str:
    """Return a report as HTML; shapes_named: the shapes beside verdicts have names, which only a PDF asks for."""
    if form not in FORMS:
        raise InputError("The form of a report is not known", got=form, allowed=FORMS, remedy="use one of these")
    shapes = {tone: words[report.lang] for tone, words in SHAPES.items()} if shapes_named else {}
    once = _Once()
    text: str = (
        _environment(report.lang)
        .get_template("page.html.j2")
        .render(
            report=report,
            lang=report.lang,
            whole=form == "full",
            shapes=shapes,
            # what makes a PDF looks neither into another drawing nor into the style of the page
            once=str if shapes_named else once,
            frames=None if shapes_named else once,
            drawn_with="" if shapes_named else page_style(),
            side=GoalsInRows(report.goals, report.lang, paper=shapes_named),
            manifest=embedded(manifest_with(report, form)) if report.manifest else "",
        )
    )
    return with_page_digest(text) if report.manifest else text


def manifest_with(report: Report, form: str) -> dict[str, Any]:
    """Return the manifest with what it takes to make the page anew, and each goal's result and verdict as it has it."""
    told = {goal.id: [None if goal.value is None else str(goal.value.exact), goal.word] for goal in report.goals}
    return {**(report.manifest or {}), "lang": report.lang, "form": form, "told": told}


class _Once:
    """Pieces of drawings, each written where a page first has it and pointed at wherever it comes again."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def __call__(self, piece: str) -> str:
        if piece in self.names:
            return f'<use href="#{self.names[piece]}"/>'
        name = self.names[piece] = f"drawn-{len(self.names) + 1}"
        return f'<g id="{name}">{piece}</g>'


def contributions_page(
    compared: Sequence[Compared],
    table: Table,
    lang: str = "da",
    *,
    name: str,
    not_supplied: Sequence[NotSupplied] = (),
    general: Mapping[str, str] | None = None,
) -> str:
    """Return one page on what several administrations handed in: goal by goal, and what each has not delivered.

    table: of their figures. general: what each says of its general work, by its name. Needs jinja2, as `page` does.
    """
    text: str = (
        _environment(lang)
        .get_template("contributions.html.j2")
        .render(
            lang=lang,
            name=name,
            table=table,
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
    environment.filters["capitalize_first"] = capital
    environment.globals.update(
        t=partial(_say, lang),
        cell=lambda value: shown(value, lang),
        count=lambda whole: number(whole, lang),
        shapes={},
        once=str,
        html_table=html_table,
        tones=[(verdict.tone, verdict.words[lang]) for verdict in Verdict],
    )
    return environment


def _say(lang: str, key: str, **values: object) -> str:
    return say(key, lang, **values)
