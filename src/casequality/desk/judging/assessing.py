"""Assessing: goals and sources in, a verdict a goal out; each source is read once for all its goals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs

from casequality.days import Period
from casequality.days import period as parse_period
from casequality.desk.jobs import Job, Opener, ReadyGoal, load_goals, read_otherwise
from casequality.desk.judging.manifests import manifest_of
from casequality.desk.keeping import Moment, Store, StoredCounts, kept_of
from casequality.desk.offered import (
    COPENHAGEN,
    Further,
    as_names,
    as_source,
    catalogue,
    find_metric,
    rules,
    why_not_delivered,
)
from casequality.desk.worklist import Worklist, joined, work_on
from casequality.engines import Engine, Progress, find_engine
from casequality.errors import Words
from casequality.evidence import Cohorts, cohorts_of, course_of, in_terms
from casequality.evidence.disclosure import INTERNAL, Ledger, Policy, Publish
from casequality.files import write_whole
from casequality.goals import (
    Assessment,
    GoalSet,
    Judgement,
    PublishedAssessment,
    SourceNote,
    goals_for,
    judge,
    publish_assessment,
)
from casequality.host import Catalogue
from casequality.metrics import AsOf, Measurement, Metric, Question, conclude
from casequality.records import FINDING_HEADERS, Findings, Source, write_findings
from casequality.reports import AskedFor, PublishedReport, Table, as_policy, assessment_table, files_of, page
from casequality.showing import Showable, TextTable, session_language

SOURCE: Final = Words("source", "kilde")


@attrs.frozen(kw_only=True, repr=False)
class Assessed(Showable):
    """An assessment with the sources behind it: it shows itself, and names the cases to take up."""

    assessment: Assessment
    findings: Mapping[str, Findings]
    read: tuple[tuple[list[ReadyGoal], Source, Mapping[str, str]], ...] = attrs.field(repr=False)
    as_of: AsOf = attrs.field(repr=False)
    beside: Mapping[str, Sequence[Measurement]] = attrs.field(factory=dict, repr=False)
    further: AskedFor = attrs.field(factory=dict, repr=False)
    asked: tuple[str, ...] = ()
    kept: StoredCounts | None = attrs.field(default=None, repr=False)

    def __iter__(self) -> Iterator[Judgement]:
        return iter(self.assessment)

    def __len__(self) -> int:
        return len(self.assessment)

    def __getitem__(self, goal: str) -> Judgement:
        return self.assessment[goal]

    def _ipython_key_completions_(self) -> list[str]:
        return [judgement.goal.id for judgement in self]

    def worklist(self, within: int = 5) -> Worklist:
        """Return the open cases to take up: due, or promised, within so many working days, or overdue."""
        lists = [work_on(asked, source, self.as_of, within, codes) for asked, source, codes in self.read]
        return joined(lists, self.as_of)

    def table(self, lang: str = "en", *, publish: Publish = None) -> Table:
        """Return a row a goal: target, value, verdict, margin, how sure, what could flip it.

        publish: what may be told under a policy.
        """
        if publish:
            return PublishedReport(told=self.published(publish)).table(lang)
        return assessment_table(self.assessment, lang=lang)

    def to_dict(self, *, publish: Publish = None) -> dict[str, Any]:
        """Return everything as plain data; publish: what may be told under a policy."""
        if publish:
            return self.published(publish).to_dict()
        return {"audience": INTERNAL.to_dict(), **self.assessment.to_dict()}

    def published(self, policy: Policy | bool = True, editions: int | None = None) -> PublishedAssessment:
        """Return what may be told under a policy, True for the usual one.

        editions: after so many of those in its ledger, not after all.
        """
        policy = as_policy(policy)
        kept = Ledger.load(policy.ledger) if policy.ledger else Ledger()
        return publish_assessment(self.assessment, policy, Ledger(kept.editions[:editions]))

    def save(self, path: Path | str, lang: str = "da", form: str = "full", *, publish: Publish = None) -> None:
        """Write the report in the format that the name's ending says: .html, .pdf, .xlsx, .md, .csv or .json.

        form: as for `page`. publish: under a policy, whose ledger has the edition before the file is written.
        """
        told = self.published(publish) if publish else None
        files = self.files(path, lang, form, told)
        if told is not None:
            told.record()
        for name, content in files.items():
            write_whole(name, content)

    def files(
        self, path: Path | str, lang: str = "da", form: str = "full", told: PublishedAssessment | None = None
    ) -> dict[Path, bytes]:
        """Return the bytes of a report of that name, and of what stands beside it: the manifest of published CSV.

        told: what may be told of it, which the caller records first.
        """
        made = files_of(
            told or self.assessment,
            Path(path),
            lang,
            beside=self.beside,
            further=self.further,
            form=form,
            manifest=self.manifest(told),
        )
        return {Path(f"{path}{more}"): content for more, content in made.items()}

    def written(
        self, path: Path | str, lang: str = "da", form: str = "full", told: PublishedAssessment | None = None
    ) -> bytes:
        """Return the bytes of a report of that name, see `files`."""
        return self.files(path, lang, form, told)[Path(path)]

    def page(self, lang: str = "da", form: str = "full", told: PublishedAssessment | None = None) -> str:
        """Return the report as HTML; form: "full", or "summary" for the answer alone on one page of an agenda.

        told: what may be told of it, which the caller records before the page is published.
        """
        return page(
            told or self.assessment,
            lang,
            beside=self.beside,
            further=self.further,
            form=form,
            manifest=self.manifest(told),
        )

    def manifest(self, told: PublishedAssessment | None = None) -> dict[str, Any]:
        """Return what the report was made of, as plain data: how each figure is defined, and on what it rests.

        It holds no figure. A source of few rows has no digest, since whoever knows all of them but one could try what
        that one is; under a policy none has.
        """
        read = {asked[0].source: source for asked, source, _ in self.read}
        return manifest_of(self.assessment, told, self.as_of, read, self.asked, self.kept)

    def write_findings(self, path: Path | str, lang: str = "en") -> None:
        """Write one line a row set aside: source, file, row, column, fault, remedy; never the row's content."""
        lines = ((name, *line) for name, found in sorted(self.findings.items()) for line in found.lines(lang))
        write_findings(path, [SOURCE[lang], *FINDING_HEADERS[lang].split()], lines, lang)

    def text_table(self, lang: str) -> TextTable:
        """Return the table of verdicts, as it shows itself."""
        return self.table(lang).text_table()

    def __repr__(self) -> str:
        return self.table(session_language()).text()


def assess(
    goals: GoalSet | str | Path | Sequence[GoalSet | str | Path],
    sources: Mapping[str, object],
    *,
    period: str | Period,
    as_of: dt.date | str,
    zone: str | None = None,
    calendar: str | None = None,
    title: str = "",
    to: str | None = None,
    deadlines: Further = (),
    metrics: Iterable[Metric | type[Metric]] = (),
    plugins: Catalogue | None = None,
    threads: int | None = None,
    engine: Engine | str | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
    known_at: Moment | None = None,
    who: str | Sequence[str] = (),
) -> Assessed:
    """Return the verdict on every goal over a period.

    goals: goal sets, their names or files. sources: data by the name that a goal gives its source, or else by the
    name of the record type; as for `measure`, or a `Source` that says how columns are mapped. Where nobody handed a
    source over, `{"not_delivered": "the reason"}` in its place makes its goals incomplete.
    to: one who gets figures, spelled as in the goals: only the goals that are reported there.
    deadlines: your own deadlines and schedules, or the TOML file that says them.
    metrics: metrics that no installed plugin offers. engine, threads: as for `measure`.
    store: in place of records, the deliveries that a store holds, or held at `known_at`, of all or of those in `who`;
    what it does not give a figure of is incomplete and says why.
    A goal that does not say enough, or whose source is missing, stops with all such faults together.
    """
    found = plugins or catalogue()
    told = {name: why_not_delivered(data, name) for name, data in sources.items()}
    lacking = {name: why for name, why in told.items() if why is not None}
    sets = tuple(each if isinstance(each, GoalSet) else load_goals(each, plugins=found) for each in _several(goals))
    recipient, kept = goals_for(sets, to)
    job = Job(
        goals=kept,
        sources=(job_sources := {name: _opener(data, zone) for name, data in sources.items() if name not in lacking}),
        not_delivered=lacking,
        as_of=AsOf.at(as_of, zone=zone or COPENHAGEN, rules=rules(found, deadlines), calendar=calendar),
        plugins=found,
        metrics={metric.id: metric for metric in map(find_metric, metrics)},
        recipient=recipient,
        kept=None if store is None else kept_of(store, as_names(who), known_at, [*job_sources, engine, threads]),
    )
    judged = parse_period(period) if isinstance(period, str) else period
    return run(job, judged, job.kept or find_engine(engine, threads), title=title, progress=progress)


def run(job: Job, period: Period, engine: Engine, *, title: str = "", progress: Progress | None = None) -> Assessed:
    """Return the verdicts of a job over a period, each source read once for all its goals."""
    judged: dict[str, Judgement] = {}
    measured: dict[str, Measurement] = {}
    notes, findings, beside, earlier, read = {}, {}, {}, {}, []
    day = job.as_of.day
    for name, wanted in job.by_source().items():
        records = wanted[0].reading.metric.records
        asked, lacking, why = job.answered(wanted, period)
        judged |= lacking
        if not asked:
            notes[name] = SourceNote(name=name, records=records.name, not_delivered=why)
            continue
        source = job.source(name, records)
        counted, promised = job.tally(asked, source, period, engine, progress)
        for each, (part, _) in zip(asked, counted, strict=True):
            figures = job.figures(each, part, period)
            look = cache(partial(open_cases, job, each, figures, source, period, engine))
            judgement = judge(each.goal, figures, period, promised)
            judged[each.goal.id], measured[each.goal.id] = attrs.evolve(judgement, look=look), figures
            if before := job.editions(name, period):
                earlier[each.goal.id] = conclude(part, each.reading, periods=before, as_of_day=day)
            beside[each.goal.id] = [
                conclude(part, other, periods=[period], as_of_day=day) for other in read_otherwise(each)
            ]
        part, _ = max(counted, key=lambda each: each[1].set_aside)
        findings[name] = Findings.together(found for _, found in counted)
        marks = {mark: rows for each, _ in counted for mark, rows in each.accounts.marks.items()}
        notes[name] = attrs.evolve(
            SourceNote.of(name, source.records.name, part.accounts, source.records.rules),
            marks=marks,
            deliveries=job.kept.words(name) if job.kept else None,
        )
        if source.rereadable and job.kept is None:
            read.append((asked, source, job.worklist.get(name, {})))
    assessment = Assessment(
        title=title or job.title,
        period=period,
        as_of=_with_offset(job.as_of),
        zone=job.as_of.zone,
        judgements=tuple(judged[goal.id] for each in job.goals for goal in each.goals),
        not_supplied=tuple(missing for each in job.goals for missing in each.not_supplied),
        measurements=measured,
        earlier=earlier,
        recipient=job.recipient,
        sources=notes,
        plugins={plugin.distribution: plugin.version for plugin in job.plugins.plugins if plugin.state == "ready"},
    )
    return Assessed(
        assessment=assessment, findings=findings, read=tuple(read), as_of=job.as_of, beside=beside, kept=job.kept
    )


def open_cases(
    job: Job, asked: ReadyGoal, figures: Measurement, source: Source, period: Period, engine: Engine
) -> Cohorts | None:
    """Return the cohorts of a time goal's cases; a source that can be read again is read for the time of each."""
    goal, tally = asked.goal, figures.tally
    found = cohorts_of(figures, period, goal.facet)
    read = source.rereadable and job.kept is None
    timed = in_terms(asked.reading.metric, job.as_of) if found and read else None
    if timed is None:
        return found
    where = tuple(sorted(goal.where.items()))
    question = Question(timed, where=where, axis=tally.assumed.axis)
    [(counted, _)] = engine.tally([question], source, job.as_of)
    return cohorts_of(figures, period, goal.facet, course_of(counted, asked.reading, period, goal.facet))


def _with_offset(as_of: AsOf) -> str:
    """Return an as-of as the clocks of its zone show it, with their offset."""
    moment = dt.datetime.fromisoformat(f"{as_of.instant}Z")
    return moment.astimezone(ZoneInfo(as_of.zone)).isoformat()


def _opener(data: object, zone: str | None) -> Opener:
    return lambda records: as_source(data, records, {"zone": zone})


def _several(goals: GoalSet | str | Path | Sequence[GoalSet | str | Path]) -> Sequence[GoalSet | str | Path]:
    return [goals] if isinstance(goals, GoalSet | str | Path) else goals
