"""The sense of proportion in a report: which way open cases pull a figure, whether it changes, how robust it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

import attrs

from casequality.evidence import Chart, Cohorts, Drawing, Finding, cohorts_of, false_alarms
from casequality.goals import Assessment, Judgement
from casequality.reports.annex import Chapter
from casequality.reports.development import variation_of
from casequality.reports.judgements import title
from casequality.reports.wording import Cell, Phrase, Table, say


@runtime_checkable
class Tabled(Protocol):
    """What has a table of its own, such as a goal under every reading."""

    def table(self, lang: str) -> Table:
        """Return it as a table."""


@attrs.frozen
class Proportion:
    """What is told of a goal beside its verdict, each with the message that says what it is about; its chart."""

    told: tuple[tuple[str, Finding], ...] = ()
    chart: Chart | None = None

    def drawing(self, named: str, lang: str) -> Drawing | None:
        """Return the control chart drawn, None where there is none."""
        return self.chart.plot(lang, f"{say('variations', lang)}: {named}") if self.chart else None

    def tables(self, lang: str) -> Iterator[Table]:
        """Yield a table with a row a sentence, and then the findings that have tables of their own."""
        rows: list[tuple[Cell, ...]] = [
            (say(about, lang), sentence[lang]) for about, finding in self.told for sentence in finding.sentences
        ]
        if rows:
            headers = (say("about", lang), say("said", lang))
            yield Table(caption=say("proportion", lang), headers=headers, rows=tuple(rows), lang=lang)
        for _, finding in self.told:
            if isinstance(finding, Tabled):
                yield finding.table(lang)
            elif not isinstance(finding, Cohorts | Chart):  # these two are told in sentences alone
                from casequality.reports.scrutinised import scrutiny_tables

                yield from (attrs.evolve(table, notes=()) for table in scrutiny_tables(finding, lang))


def proportion(judgement: Judgement, assessment: Assessment, asked: Sequence[Finding] = ()) -> Proportion:
    """Return what is told of a goal: open cases, variation, and what else was asked for.

    Open cases are told from the tally that is there, without the estimate that needs another read of the source; an
    answer that was asked for takes its place.
    """
    goal, told = judgement.goal, list[tuple[str, Finding]]()
    measured = assessment.measurements.get(goal.id)
    cohorts = next((each for each in asked if isinstance(each, Cohorts)), None)
    if cohorts is None and measured is not None and judgement.look is not None:
        cohorts = cohorts_of(measured, judgement.period, goal.facet)
    if cohorts is not None and cohorts.closed.value is not None:
        told.append(("about open", cohorts))
    if charted := variation_of(judgement, measured):
        told.append(("about variation", charted))
    told += [(each.about, each) for each in asked if not isinstance(each, Cohorts)]
    return Proportion(tuple(told), charted)


def variations(assessment: Assessment, found: Mapping[str, Proportion], lang: str) -> Iterator[Chapter]:
    """Yield the chapter of the two answers for each goal with a chart, and the false alarms to expect of them all."""
    shown = [(each, charted) for each in assessment if (charted := found[each.goal.id].chart)]
    if not shown:
        return
    rows: list[tuple[Cell, ...]] = []
    for judgement, charted in shown:
        changing, _, *hitting = (sentence[lang] for sentence in charted.sentences)
        rows.append((title(judgement.goal, assessment, lang), changing, " ".join(hitting)))
    lacking = [title(each.goal, assessment, lang).text for each in assessment if not found[each.goal.id].chart]
    notes = [false_alarms([charted for _, charted in shown]).words[lang]]
    notes += [say("not drawn", lang, goals="; ".join(lacking))] if lacking else []
    headers: tuple[str | Phrase, ...] = tuple(say(each, lang) for each in ("goal", "changing", "hitting"))
    name = say("variations", lang)
    table = Table(caption=name, headers=headers, rows=tuple(rows), notes=tuple(notes), lang=lang)
    yield Chapter("variation", name, (table,))
