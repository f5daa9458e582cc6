"""Publishing: figures and verdicts in the state in which they may leave the house, in every form that they have in it.

What is withheld is one word, wherever and for whatever reason it is withheld.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.errors import InputError, UsageError
from casequality.evidence import Drawing
from casequality.evidence.disclosure import STATES, Disclosure, Policy, View, disclose, place_of
from casequality.files import write_whole
from casequality.goals import (
    Assessment,
    Judgement,
    NotSupplied,
    PublishedAssessment,
    PublishedComparison,
    Target,
    publish_assessment,
    publish_comparison,
)
from casequality.metrics import Figure, Measurement
from casequality.reports.development import figures_chart
from casequality.reports.formats.html_page import contributions_page
from casequality.reports.formats.workbook import workbook
from casequality.reports.judgements import heading, target_text, title
from casequality.reports.measurement import as_of_text, calendar_text, period_cell
from casequality.reports.wording import Cell, Phrase, Table, amount, reading_sentences, said, say, title_of

FORMS: Final = (".csv", ".json", ".html", ".md", ".xlsx")


class _Form:
    """The forms that a publication has; each says the same, so all of them are one edition."""

    def table(self, lang: str = "en") -> Table:
        """Return it as a table."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        raise NotImplementedError

    def record(self) -> None:
        """Add the edition to the ledger that the policy names; do this before anything is published."""
        raise NotImplementedError

    def save(self, path: Path | str, lang: str = "da") -> None:
        """Write a file for publication by its name, see `file_of`, once the ledger has the edition."""
        content = file_of(path, self.table(lang), self.to_dict)
        self.record()
        write_whole(path, content)

    def __repr__(self) -> str:
        return self.table().text()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        table = self.table()
        return {"text/plain": table.text(), "text/markdown": table.markdown(), "text/html": table.html()}


def check_form(path: Path | str) -> str:
    """Return the ending of a file's name if figures are written in that form, else raise `UsageError`."""
    form = Path(path).suffix.lower()
    if form not in FORMS:
        raise UsageError("Figures are not written in that form", where=str(path), got=form, allowed=FORMS)
    return form


def file_of(path: Path | str, table: Table, plain: Callable[[], Mapping[str, Any]]) -> bytes:
    """Return a file of figures: CSV, JSON, HTML, Markdown or Excel by its name. plain: what JSON has."""
    form = check_form(path)
    if form == ".xlsx":
        return workbook({table.caption: [table]}, audience=table.audience)
    forms: Mapping[str, Callable[[], str]] = {
        ".csv": lambda: "\N{BYTE ORDER MARK}" + table.csv(),
        ".json": lambda: json.dumps(plain(), ensure_ascii=False, indent=2) + "\n",
        ".html": table.html,
        ".md": lambda: table.markdown() + "\n",
    }
    return forms[form]().encode()


def frame(rows: Sequence[Mapping[str, Any]], backend: str) -> Any:
    """Return rows as a frame of a library that is imported only here."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    try:
        if backend == "polars":
            import polars

            return polars.DataFrame(columns)
        if backend == "pyarrow":
            import pyarrow

            return pyarrow.table(columns)
        if backend == "pandas":
            import pandas

            return pandas.DataFrame(columns)
    except ImportError:
        raise InputError(
            "The library for this frame is not installed", got=backend, remedy=f"install it: pip install {backend}"
        ) from None
    raise UsageError("There is no such frame", got=backend, allowed=("pandas", "polars", "pyarrow"))


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Published(_Form):
    """The figures of measurements that are published together."""

    disclosure: Disclosure
    views: tuple[View, ...]
    measured: tuple[Measurement, ...]

    def table(self, lang: str = "en") -> Table:
        return published_table(self.disclosure, self.views, self.measured, lang)

    def to_dict(self) -> dict[str, Any]:
        measured = [
            {
                "metric": each.reading.metric.id,
                "version": each.reading.metric.version,
                "title": dict(each.reading.metric.title),
                "unit": each.unit.name,
                "readings": dict(each.reading.chosen),
                "as_of": each.tally.assumed.as_of,
                "figures": self.disclosure.plain(view, each),
            }
            for view, each in zip(self.views, self.measured, strict=True)
        ]
        return {"publication": self.disclosure.policy.to_dict(), "measurements": measured}

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each figure, with its metric where there are several."""
        several = len(self.measured) > 1
        return [
            {**({"metric": each.reading.metric.id} if several else {}), **row}
            for view, each in zip(self.views, self.measured, strict=True)
            for row in self.disclosure.plain(view, each)
        ]

    def to_frame(self, backend: str = "pandas") -> Any:
        """Return `rows` as a frame of pandas, polars or pyarrow."""
        return frame(self.rows(), backend)

    def plot(self, lang: str = "en") -> Drawing:
        """Return a chart over time of the first measurement's figures that may be told, with gaps for the others."""
        view, first = self.views[0], self.measured[0]

        def value(figure: Figure) -> Fraction | None:
            return self.disclosure.of(view.name, place_of(figure)).number(figure, view.kind)

        return figures_chart(first, lang, value, self.disclosure.policy.said()[lang])

    def record(self) -> None:
        self.disclosure.record()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PublishedReport(_Form):
    """The verdicts and figures of an assessment that may be told; `told` answers for each of them."""

    told: PublishedAssessment

    def table(self, lang: str = "en") -> Table:
        return published_assessment_table(self.told, lang)

    def to_dict(self) -> dict[str, Any]:
        return self.told.to_dict()

    def record(self) -> None:
        self.told.record()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PublishedSideBySide(_Form):
    """What may be told of goals that several administrations handed in; `told` answers for each figure."""

    told: PublishedComparison
    period: Period
    not_supplied: tuple[NotSupplied, ...] = ()
    general: Mapping[str, str] = attrs.field(factory=dict)

    def table(self, lang: str = "en") -> Table:
        return published_comparison_table(self.told, self.period, lang)

    def page(self, lang: str = "da") -> str:
        """Return one HTML page for publication; call `record` before."""
        return contributions_page(
            self.told.compared,
            self.table(lang),
            lang,
            name=say("contributions", lang, period=self.period.title(lang)),
            not_supplied=self.not_supplied,
            general=self.general,
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            **self.told.to_dict(),
            "period": self.period.label,
            "not_supplied": [each.to_dict() for each in self.not_supplied],
            "general_work": dict(self.general),
        }

    def record(self) -> None:
        self.told.disclosure.record()


def published_comparison_table(told: PublishedComparison, period: Period, lang: str = "en") -> Table:
    """Return a row for each goal and administration, and one for all together, of what may be told."""
    rows: list[tuple[Cell, ...]] = []
    for compared in told.compared:
        goal = compared.goal
        named = said(goal.title, lang) if goal.title else Phrase(goal.id, "en")
        for who, judgement, one in told.each(compared):
            shown, verdict, exact = one.shown(judgement), one.verdict(judgement), one.value(judgement)
            state = STATES[shown.state][lang] if judgement.figure else None
            rows.append(
                (
                    named,
                    who or say("all together", lang),
                    target_text(told_target(judgement), lang),
                    state if exact is None else amount(exact, judgement.unit, lang),
                    STATES["withheld"][lang] if verdict is None else verdict.words[lang],
                    *(state if exact is None else shown.counts.get(part) for part in ("yes", "whole")),
                )
            )
    headers = ("goal", "who", "target", "value", "verdict", "numerator", "denominator")
    return Table(
        caption=say("side by side", lang, period=period.title(lang)),
        headers=tuple(say(header, lang) for header in headers),
        rows=tuple(rows),
        notes=(say("not ranked", lang),),
        lang=lang,
        audience=told.disclosure.policy.said()[lang],
    )


def publish_measurements(measured: Sequence[Measurement], policy: Policy | bool) -> Published:
    """Return measurements as they may be published together; those of one record type are of the same records."""
    policy = as_policy(policy)
    if not measured:
        raise UsageError("There is nothing to publish", got="no results", remedy="give at least one")
    if len({each.tally.assumed.as_of for each in measured}) > 1:
        raise InputError(
            "Figures that are published together are of different moments",
            got=", ".join(sorted({each.tally.assumed.as_of for each in measured})),
            remedy="measure all of them as of the same moment, or publish one after the other with a ledger",
        )
    views = tuple(
        View.of(f"{number}: {each.reading.metric.id}", each, each.reading.metric.records.name)
        for number, each in enumerate(measured)
    )
    nested = [_numbered(pair, views) for pair in policy.nested]
    chosen = attrs.evolve(policy, nested=[pair for pairs in nested for pair in pairs])
    told = disclose(views, chosen, as_of=measured[0].tally.assumed.as_of)
    return Published(disclosure=told, views=views, measured=tuple(measured))


def _numbered(pair: tuple[str, str], views: Sequence[View]) -> list[tuple[str, str]]:
    """Return a pair of metrics by the names of their views."""
    named: Mapping[str, list[str]] = {
        metric: [view.name for view in views if view.name.partition(": ")[2] == metric] for metric in pair
    }
    return [(inner, outer) for inner in named[pair[0]] for outer in named[pair[1]]]


def as_policy(given: Policy | bool) -> Policy:
    """Return a policy; True stands for the usual one, `Policy()`."""
    if given is True:
        return Policy()
    if isinstance(given, Policy):
        return given
    raise UsageError(
        "Publication needs a policy",
        got=type(given).__name__,
        allowed="True for the usual one, or casequality.desk.Policy(...)",
        remedy="give a policy, or the one of a project file",
    )


def publish(results: Any, policy: Policy | bool = True) -> Published | PublishedReport | PublishedSideBySide:
    """Return results as they may be published under a policy.

    results: one of `measure`, several together, one of `assess`, or what `side_by_side` gave.
    policy: True for the usual one: counts under 5 are small.

    Results of the same records are published together or one after the other with a ledger: each alone may be safe, and
    both give away what neither tells.
    """
    policy = as_policy(policy)
    if compared := getattr(results, "compared", None):
        given = {name: getattr(results, name) for name in ("period", "not_supplied", "general")}
        return PublishedSideBySide(told=publish_comparison(compared, policy), **given)
    assessment = getattr(results, "assessment", results)
    if isinstance(assessment, Assessment):
        return PublishedReport(told=publish_assessment(assessment, policy))
    several = [results] if hasattr(results, "measurement") or isinstance(results, Measurement) else list(results)
    return publish_measurements([getattr(each, "measurement", each) for each in several], policy)


def published_table(
    disclosure: Disclosure, views: Sequence[View], measured: Sequence[Measurement], lang: str = "en"
) -> Table:
    """Return the figures of measurements that are published together, a row each."""
    groups = list(dict.fromkeys(name for each in measured for name in _groups(each)))
    faceted = any(figure.facet for each in measured for figure in each)
    several = len(measured) > 1
    headers = ["period", *(["facet"] if faceted else []), "value", "numerator", "denominator"]
    named = [say(header, lang) for header in headers]
    rows = [
        (
            *([title_of(each.reading.metric, lang)] if several else []),
            period_cell(figure, lang),
            *(Phrase(figure.groups.get(name) or say("all", lang), lang) for name in groups),
            *([figure.facet or say("all", lang)] if faceted else []),
            *_cells(disclosure, view, figure, each, lang),
        )
        for view, each in zip(views, measured, strict=True)
        for figure in each
    ]
    first = title_of(measured[0].reading.metric, lang) if measured else ""
    return Table(
        caption=str(first) if not several else say("published together", lang),
        headers=(*([say("measure", lang)] if several else []), named[0], *groups, *named[1:]),
        rows=tuple(rows),
        notes=tuple(dict.fromkeys(_notes(measured, lang))),
        lang=lang,
        audience=disclosure.policy.said()[lang],
    )


def published_assessment_table(published: PublishedAssessment, lang: str = "en") -> Table:
    """Return the verdicts that may be told, a row for each goal."""
    assessment = published.assessment
    rows: list[tuple[Cell, ...]] = []
    for judgement in assessment:
        told, verdict = published.shown(judgement), published.verdict(judgement)
        exact = published.value(judgement)
        rows.append(
            (
                title(judgement.goal, assessment, lang),
                target_text(told_target(judgement), lang),
                STATES[told.state][lang] if exact is None else amount(exact, judgement.unit, lang),
                STATES["withheld"][lang] if verdict is None else verdict.words[lang],
            )
        )
    rows += [(f"{each.who}: {each.what}", "", None, each.verdict.words[lang]) for each in assessment.not_supplied]
    return Table(
        caption=heading(assessment, lang),
        headers=tuple(say(header, lang) for header in ("goal", "target", "value", "verdict")),
        rows=tuple(rows),
        lang=lang,
        audience=published.disclosure.policy.said()[lang],
    )


def told_target(judgement: Judgement) -> Judgement:
    """Return a judgement whose target is told as it was decided: a share of an earlier figure gives that away."""
    return judgement if isinstance(judgement.goal.target, Target) else attrs.evolve(judgement, target=None)


def _groups(measured: Measurement) -> list[str]:
    return list(measured.figures[0].groups) if len(measured) else []


def _cells(disclosure: Disclosure, view: View, figure: Figure, measured: Measurement, lang: str) -> tuple[Cell, ...]:
    told = disclosure.of(view.name, place_of(figure))
    exact = told.number(figure, view.kind)
    if exact is None:
        return (STATES[told.state][lang],) * 3
    shown = amount(measured.in_unit(exact), measured.unit, lang)
    if view.cases:
        return shown, None, told.counts[view.cases]
    return shown, told.counts["yes"], told.counts.get("whole")


def _notes(measured: Sequence[Measurement], lang: str) -> Iterator[str]:
    for each in measured:
        yield from (f"{say('reading', lang)}: {sentence}" for sentence in reading_sentences(each.reading, lang))
        yield f"{say('calendar', lang)}: {calendar_text(each, lang)}"
        yield f"{say('as of', lang)}: {as_of_text(each, lang)}"
