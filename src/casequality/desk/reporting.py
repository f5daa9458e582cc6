"""What the command line asks of a project file: its goals assessed, its worklist, a report verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.days import period as parse_period
from casequality.desk.assessing import Assessed, run
from casequality.desk.jobs import Job, Opener, load_goals
from casequality.desk.offered import catalogue, rules
from casequality.desk.projects import Project, SourceFile, load_project, project_policy
from casequality.desk.readings import Readings, only, read_each_way
from casequality.desk.worklist import Worklist, joined, work_on
from casequality.engines import Engine, Progress
from casequality.errors import InputError, UsageError
from casequality.evidence import Finding
from casequality.files import read_bytes, write_whole
from casequality.goals import HEAD, Due, GoalSet, goals_for, next_due, parse_comments, recipients
from casequality.host import Catalogue
from casequality.metrics import AsOf
from casequality.reports import BESIDE, Difference, differences, read_report, reasons

FURTHER: Final = ("readings", "open-cases")
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
) -> Assessed:
    """Return the verdict on every goal that a project file names, from the sources that it declares.

    engine: instead of the one that the project file names. threads, keep: of the engine in this process.
    master: where Spark is to run.
    to: one who gets figures, spelled as in the goals: only the goals that are reported there, and only their sources.
    The comments that the project keeps come with it.
    further: what to ask beside, each of which reads sources again: "readings", every goal under each admissible reading
    of its words; "open-cases", for a time goal the estimate that counts every case, open ones too.
    """
    if unknown := [each for each in further if each not in FURTHER]:
        raise UsageError("A report is not asked for that", got=", ".join(unknown), allowed=FURTHER)
    project = load_project(path)
    comments = parse_comments(project.comments) if project.comments else None
    job = _job(project, as_of, plugins or catalogue())
    recipient, goals = goals_for(job.goals, to)
    kept = attrs.evolve(job, goals=goals, recipient=recipient)
    chosen = project.engine.engine(engine, threads, keep, master)
    assessed = run(kept, parse_period(period), chosen, title=project.title, progress=progress)
    known = [goal.id for each in job.goals for goal in each.goals]
    faults = comments.faults(known) if comments else ()
    notes = (*assessed.assessment.notes, *faults)
    said = attrs.evolve(assessed.assessment, comments=comments, notes=notes)
    return attrs.evolve(
        assessed,
        assessment=said,
        further=dict(_asked(assessed, kept, parse_period(period), chosen, set(further))),
        asked=tuple(map(str, further)),
    )


def _asked(
    assessed: Assessed, job: Job, period: Period, engine: Engine, further: Collection[str]
) -> Iterator[tuple[str, list[Finding]]]:
    """Yield what was asked for of each goal whose source is delivered."""
    every = GoalSet(id="every", goals=tuple(one for each in job.goals for one in each.goals))
    for judgement in assessed:
        id, found = judgement.goal.id, list[Finding]()
        if id not in assessed.assessment.measurements:
            continue
        if "open-cases" in further and (cohorts := judgement.cohorts):
            found.append(cohorts)
        if "readings" in further:
            found.append(read_each_way(attrs.evolve(job, goals=(only(every, id),)), period, engine))
        yield id, found


@attrs.frozen(kw_only=True)
class Verified:
    """What became of the verification of a report.

    whole: whether page and manifest are as they were written. differs: the places at which the page says something
    else. withheld: how many places say that something is withheld; policy: under which policy, None for internal use.
    changed: what else is of another kind or version by now and changed no figure.
    """

    whole: bool
    differs: tuple[Difference, ...]
    withheld: int
    policy: Mapping[str, Any] | None
    changed: tuple[tuple[str, str], ...] = ()


def verify_report(
    report: Path | str,
    project: Path | str | None = None,
    *,
    plugins: Catalogue | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Verified:
    """Return where a report says something else than its project gives today, and why; in any format with a manifest.

    The project is assessed as the manifest says: period, as-of, recipient, and under the project's own policy with the
    editions that its ledger had. Nothing is recorded. Without a project the page is held against its manifest alone.
    """
    beside = Path(f"{report}{BESIDE}")
    more = read_bytes(beside, "manifest") if Path(report).suffix.lower() == ".csv" and beside.exists() else None
    told = read_report(read_bytes(report, "report"), str(report), more)
    manifest = told.manifest
    page = () if told.whole else (("page", str(report)),)
    if project is None:
        differs = tuple(attrs.evolve(each, why=page) for each in told.otherwise())
        return Verified(whole=told.whole, differs=differs, withheld=told.withheld, policy=manifest.get("policy"))
    assessed = assess_project(
        project,
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
    job = _job(project, as_of, plugins or catalogue())
    every = GoalSet(id=goal, goals=tuple(one for each in job.goals for one in each.goals))
    chosen = project.engine.engine(engine, threads, None, master)
    return read_each_way(attrs.evolve(job, goals=(only(every, goal),)), parse_period(period), chosen, progress=progress)


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


def _job(project: Project, as_of: dt.date | str, found: Catalogue) -> Job:
    return Job(
        goals=tuple(load_goals(name, plugins=found) for name in project.goals),
        sources={name: _opener(source, project.zone) for name, source in project.sources.items()},
        not_delivered=project.not_delivered,
        as_of=AsOf.at(as_of, zone=project.zone, rules=rules(found, project.rules), calendar=project.calendar),
        plugins=found,
        expects={name: source.expects for name, source in project.sources.items()},
        units={name: source.units for name, source in project.sources.items()},
        worklist={name: source.worklist for name, source in project.sources.items()},
    )


def _opener(source: SourceFile, zone: str) -> Opener:
    return lambda records: source.open(records, zone)
