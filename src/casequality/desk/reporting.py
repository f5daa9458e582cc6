"""What the command line asks of a project file: its goals assessed, its worklist, a report verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.days import Part, Period
from casequality.days import period as parse_period
from casequality.desk.comparing import restated_goal
from casequality.desk.jobs import Job, load_goals, one_goal
from casequality.desk.judging import (
    Assessed,
    EarlierEdition,
    Readings,
    Verified,
    goal_comparison,
    goal_funnel,
    goal_signals,
    read_each_way,
    run,
    told,
)
from casequality.desk.keeping import Entry, Moment, Store, StoredCounts, change_of, kept_of, open_store
from casequality.desk.offered import catalogue, rules
from casequality.desk.projects import Project, load_project, project_policy
from casequality.desk.worklist import Worklist, joined, work_on
from casequality.engines import Engine, Progress
from casequality.errors import InputError, UsageError, Words
from casequality.evidence import Finding
from casequality.evidence.scrutiny import Comparison, Funnel, Restatement, Signals
from casequality.files import read_bytes, write_whole
from casequality.goals import HEAD, Due, goals_for, next_due, parse_comments, recipients
from casequality.host import Catalogue
from casequality.metrics import AsOf
from casequality.reports import BESIDE, StoreEdition, differences, read_report, reasons

FURTHER: Final = ("readings", "open-cases", "signals", "units", "ways", "restatement")
"""What a report can be asked for beside its verdicts."""


def assess_project(
    path: Path | str,
    *,
    period: str,
    as_of: dt.date | str,
    to: str | None = None,
    plugins: Catalogue | None = None,
    threads: int | None = None,
    engine: Engine | str | None = None,
    keep: Path | None = None,
    master: str | None = None,
    progress: Progress | None = None,
    further: Collection[str] = (),
    store: Path | str | None = None,
    known_at: Moment | None = None,
    who: Sequence[str] = (),
) -> Assessed:
    """Return the verdict on every goal that a project file names, from the sources that it declares.

    engine: instead of the one that the project file names. threads, keep: of the engine in this process.
    master: where Spark is to run.
    to: one who gets figures, spelled as in the goals: only the goals that are reported there, and only their sources.
    The comments that the project keeps come with it.
    further: what to ask beside, each of which reads sources again: "readings", every goal under each admissible reading
    of its words; "open-cases", for a time goal the estimate that counts every case, open ones too; "signals", "units"
    and "ways", how its cases are handled, where the goal has such cases and the project says what it takes;
    "restatement", why the figures of the edition that the project `restates` are others today.
    store: the folder or URL of a store that answers in place of the sources: what it holds, or held at `known_at`, of
    all or of those in `who`, delivered by `deliver_project`.
    """
    if unknown := [each for each in further if each not in FURTHER]:
        raise UsageError("A report is not asked for that", got=", ".join(unknown), allowed=FURTHER)
    project = load_project(path)
    comments = parse_comments(project.comments) if project.comments else None
    kept = None if store is None else kept_of(open_store(store), who, known_at, (engine, threads, keep, master))
    job = _job(project, as_of, plugins or catalogue(), kept)
    recipient, goals = goals_for(job.goals, to)
    asked = attrs.evolve(job, goals=goals, recipient=recipient)
    chosen = kept or project.engine.engine(engine, threads, keep, master)
    assessed = run(asked, parse_period(period), chosen, title=project.title, progress=progress)
    known = [goal.id for each in job.goals for goal in each.goals]
    faults = comments.faults(known) if comments else ()
    notes = (*assessed.assessment.notes, *faults)
    said = attrs.evolve(assessed.assessment, comments=comments, notes=notes)
    answers = dict(_asked(assessed, asked, parse_period(period), chosen, set(further), project.restates))
    beside = dict(assessed.beside)
    for id, several in answers.items():
        alone = [figures for each in several if isinstance(each, Readings) for figures in each.alone]
        beside[id] = [*beside.get(id, ()), *alone]
    return attrs.evolve(assessed, assessment=said, further=answers, beside=beside, asked=tuple(map(str, further)))


def deliver_project(
    path: Path | str,
    store: Store,
    *,
    who: str,
    period: str,
    extract: str,
    as_of: dt.date | str,
    judged: str | None = None,
    note: str = "",
    plugins: Catalogue | None = None,
    threads: int | None = None,
    engine: Engine | str | None = None,
    keep: Path | None = None,
    master: str | None = None,
    progress: Progress | None = None,
) -> tuple[Entry, ...]:
    """Put what a project's goals need of its sources into a store, a delivery a source, and return their entries.

    who, period, extract: whose records, which, and from which extract, as for `Store.put`. judged: a period that goals
    will be asked for and that begins or ends inside a month. note: why they replace those that are held, "" where they
    are the first. What is not delivered to the project is not delivered to the store.
    """
    project = load_project(path)
    job, chosen = _job(project, as_of, plugins or catalogue()), project.engine.engine(engine, threads, keep, master)
    counted = []
    for name, asked in job.by_source().items():
        if name not in job.not_delivered:
            opened = job.source(name, asked[0].reading.metric.records)
            counted.append((job.delivery(asked, opened, parse_period(judged or period), chosen, progress), opened))
    told: dict[str, Any] = {"who": who, "period": period, "extract": extract}
    return tuple(
        store.replace(each, note=note, source=opened, **told) if note else store.put(each, source=opened, **told)
        for each, opened in counted
    )


def _asked(
    assessed: Assessed,
    job: Job,
    period: Period,
    engine: Engine,
    further: Collection[str],
    earlier: EarlierEdition | None,
) -> Iterator[tuple[str, list[Finding]]]:
    """Yield what was asked for of each goal whose source is delivered; what a goal cannot be asked says why."""
    if "restatement" in further and earlier is None:
        line = 'restates = { project = "earlier/casequality.toml", as_of = 2010-08-01 }'
        raise InputError(
            Words("The project does not say which edition it restates", "Projektet siger ikke, hvad det opgør igen"),
            remedy=Words(f"add {line}", f"tilføj {line}"),
        )
    before = _job(load_project(earlier.project), earlier.as_of, job.plugins) if earlier else None
    restated = parse_period(earlier.period) if earlier and earlier.period else period
    for judgement in assessed:
        id, found = judgement.goal.id, list[Finding]()
        if id not in assessed.assessment.measurements:
            continue
        own = one_goal(job, id)
        if "open-cases" in further and (cohorts := judgement.cohorts):
            found.append(cohorts)
        if "readings" in further:
            found.append(read_each_way(own, period, engine))
        asked = {
            "signals": (Signals.about, lambda own=own: goal_signals(own, period)),
            "units": (Funnel.about, lambda own=own: goal_funnel(own, period, engine=engine)),
            "ways": (Comparison.about, lambda own=own: goal_comparison(own, period)),
            "restatement": (Restatement.about, lambda own=own: restated_goal(before, own, restated)),
        }
        found += [told(*asked[name]) for name in asked if name in further]
        yield id, found


def verify_report(
    report: Path | str,
    project: Path | str | None = None,
    *,
    plugins: Catalogue | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    store: Path | str | None = None,
) -> Verified:
    """Return where a report says something else than its project gives today, and why; in any format with a manifest.

    The project is assessed as the manifest says: period, as-of, recipient, and under the project's own policy with the
    editions that its ledger had. Nothing is recorded. Without a project the page is held against its manifest alone.
    store: the one that answered, which it is asked again as it was known then.
    """
    beside = Path(f"{report}{BESIDE}")
    more = read_bytes(beside, "manifest") if Path(report).suffix.lower() == ".csv" and beside.exists() else None
    told = read_report(read_bytes(report, "report"), str(report), more)
    manifest = told.manifest
    page = () if told.whole else (("page", str(report)),)
    if project is None:
        differs = tuple(attrs.evolve(each, why=page) for each in told.otherwise())
        return Verified(whole=told.whole, differs=differs, withheld=told.withheld, policy=manifest.get("policy"))
    if (store is None) is ("store" in manifest):
        raise UsageError(
            "A report whose figures are of a store is made anew from that store, and no other is",
            where=str(report),
            got="a store" if store else "no store",
            remedy="leave the store out" if store else "name the store",
        )
    assessed = assess_project(
        project,
        store=store,
        known_at=manifest.get("store"),
        who=manifest.get("who") or (),
        period=manifest["period"],
        as_of=manifest["as_of"],
        to=manifest.get("to"),
        further=manifest.get("with") or (),
        plugins=plugins,
        threads=threads,
        progress=progress,
    )
    public = None
    if manifest.get("policy"):
        public = assessed.published(project_policy(project), editions=manifest.get("editions") or 0)
    made = assessed.files(report, manifest["lang"], manifest["form"], public)
    found = read_report(made[Path(report)], str(report), made.get(beside))
    differs = tuple(
        attrs.evolve(each, why=tuple(reasons(manifest, found.manifest, each.goal)) or page or (("data", ""),))
        for each in differences(told, found)
    )
    return Verified(
        whole=told.whole,
        differs=differs,
        withheld=told.withheld,
        policy=manifest.get("policy"),
        changed=() if differs else tuple(reasons(manifest, found.manifest, "")),
    )


def project_readings(
    path: Path | str,
    goal: str,
    *,
    period: str,
    as_of: dt.date | str,
    plugins: Catalogue | None = None,
    threads: int | None = None,
    engine: Engine | str | None = None,
    master: str | None = None,
    progress: Progress | None = None,
) -> Readings:
    """Return one goal of a project under every admissible reading of its words; only its source is read."""
    project = load_project(path)
    job = one_goal(_job(project, as_of, plugins or catalogue()), goal)
    chosen = project.engine.engine(engine, threads, None, master)
    return read_each_way(job, parse_period(period), chosen, progress=progress)


def project_goal(path: Path | str, goal: str, *, as_of: dt.date | str, plugins: Catalogue | None = None) -> Job:
    """Return a job of one goal of a project, for `goal_signals`, `goal_funnel` and `goal_comparison`."""
    return one_goal(_job(load_project(path), as_of, plugins or catalogue()), goal)


def project_restatement(
    before: Path | str,
    after: Path | str,
    goal: str,
    *,
    period: str,
    published_as_of: dt.date | str,
    as_of: dt.date | str,
    plugins: Catalogue | None = None,
) -> Restatement:
    """Return why a goal's figure that one project published is another one by a later project, or by the same one.

    The two projects may differ in sources and how these are read, in the goal's readings, parameters, limits and
    metric, and in calendar and deadlines. Raises as `restate`.
    """
    found = plugins or catalogue()
    then, now = (
        _job(load_project(path), moment, found) for path, moment in ((before, published_as_of), (after, as_of))
    )
    return restated_goal(then, one_goal(now, goal), parse_period(period))


def project_comments(path: Path | str) -> Path:
    """Return the file in which a project keeps its comments, which is made if it is not there yet."""
    kept = load_project(path).comments
    if kept is None:
        raise InputError(
            "The project does not say where comments are kept",
            where=str(path),
            remedy='name a file beside it: comments = "kommentarer.toml"',
        )
    if not kept.exists():
        write_whole(kept, HEAD.encode())
    return kept


@attrs.frozen(kw_only=True)
class NextReport:
    """A report that is due: who gets it, the month as its first day (None where nobody says it), and its period."""

    due: Due
    month: dt.date | None
    period: Period | None


def project_due(path: Path | str, *, on: dt.date, plugins: Catalogue | None = None) -> tuple[NextReport, ...]:
    """Return the next report to each one whom a project's goals name, as seen on a day."""
    project, found = load_project(path), plugins or catalogue()
    goals = [load_goals(name, plugins=found) for name in project.goals]
    listed = [(due, *next_due(due, on)) for each in recipients(goals) for due in each.due]
    return tuple(NextReport(due=due, month=month, period=covered) for due, month, covered in listed)


def project_worklist(
    path: Path | str,
    *,
    as_of: dt.date | str,
    within: int = 5,
    plugins: Catalogue | None = None,
    progress: Progress | None = None,
) -> Worklist:
    """Return a project's open cases to take up: due, or promised, within so many working days, or overdue.

    A source that is not delivered has no cases to name.
    """
    job = _job(load_project(path), as_of, plugins or catalogue())
    lists = []
    for name, asked in job.by_source().items():
        if name in job.not_delivered:
            continue
        source = job.sources[name](asked[0].reading.metric.records)
        lists.append(work_on(asked, source, job.as_of, within, job.worklist.get(name, {}), progress))
    return joined(lists, job.as_of)


def _job(project: Project, as_of: dt.date | str, found: Catalogue, kept: StoredCounts | None = None) -> Job:
    return Job(
        kept=kept,
        goals=tuple(load_goals(name, plugins=found) for name in project.goals),
        sources={
            name: partial((each.emptied() if kept else each).open, zone=project.zone)
            for name, each in project.sources.items()
        },
        not_delivered=project.not_delivered,
        as_of=AsOf.at(as_of, zone=project.zone, rules=rules(found, project.rules), calendar=project.calendar),
        plugins=found,
        expects={name: source.expects for name, source in project.sources.items()},
        units={name: source.units for name, source in project.sources.items()},
        worklist={name: source.worklist for name, source in project.sources.items()},
        scrutiny={name: source.scrutiny for name, source in project.sources.items()},
    )


def goal_history(
    path: Path | str,
    goal: str,
    store: Path | str,
    *,
    period: str,
    by: Part | None = None,
    at: Sequence[Moment] = (),
    who: Sequence[str] = (),
    plugins: Catalogue | None = None,
) -> tuple[StoreEdition, ...]:
    """Return a goal of a project over a period, and over its parts, as a store gave it in each edition.

    by: month, quarter, half-year or year. at: when; else at each release and now. Each edition is made up as of when
    its deliveries were. What the store did not give then is a judgement without a figure, which says why.
    """
    project, opened, found = load_project(path), open_store(store), plugins or catalogue()
    whole, before = parse_period(period), 0
    editions: list[StoreEdition] = []
    spans = (*(whole.parts(by) if by else ()), whole)
    log = opened.log()
    published = [each.number for each in log if each.kind == "released"]
    # what a release stands for is what was held when it was noted, and now is an edition where it is another
    for moment in at or dict.fromkeys((*published, len(log))):
        kept = StoredCounts.of(opened, who=who, at=moment)
        last = kept.log[-1]
        job = _job(project, str(last.at.date()), found, kept)
        job = one_goal(job, goal)
        [name] = job.by_source()
        if instants := kept.instants(name):
            job = attrs.evolve(job, as_of=attrs.evolve(job.as_of, instant=instants[-1]))
        judged = tuple(run(job, span, kept).assessment[goal] for span in spans)
        editions.append(
            StoreEdition(
                name=last.note if last.kind == "released" else "",
                number=last.number,
                known_on=last.at.date(),
                judged=judged,
                changes=tuple(map(change_of, kept.changed(before))) if before else (),
            )
        )
        before = last.number
    return tuple(editions)
