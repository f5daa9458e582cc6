"""Steps of cases one by one: how long each activity takes, and how long cases stay with each holder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

import attrs
import numpy as np

import casequality as cq
from casequality_case_flow.event_tables import COLUMNS, UNREADABLE
from casequality_case_flow.log_times import HOUR, IN_DAYS, IN_WHOLE_HOURS
from casequality_case_flow.sources import DEAD_PERIODS


class Step(cq.Records, name="steps"):
    """One step of a case, from an event of its log to the next, or one stay with a holder.

    activity: what was done, as the log calls it. holder: with whom the case lay, under any name.
    """

    step = cq.key()
    kind = cq.code(unknown="not stated")
    activity = cq.code(unknown="not stated")
    holder = cq.code(unknown="not stated")
    began_at = cq.instant()
    ended_at = cq.instant(missing="still under way")


class _Row(cq.Records, name="rows_of_events"):
    case = cq.code(missing="none")
    kind = cq.code(unknown="not stated")
    activity = cq.code(unknown="not stated")
    holder = cq.code(unknown="not stated")
    at = cq.instant(missing="none")


def read_steps(
    data: Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    closing: Collection[str] = (),
    joined: bool = False,
    **mapping: Any,
) -> Any:
    """Return the steps of a log as a `casequality` source of `Step`.

    data: whatever `casequality.source` reads, a row an event, such as a path or the events of `read_xes`.
    columns: the column of `case`, `at`, `activity`, `holder` and `kind`; None for one that the log does not have.
    "case:concept:name" and "time:timestamp" unless told, the others None.
    closing: the activities that close a case. The last step of a case ends when it begins if it is one of them, and
    is still under way if not; where none are named every log is taken to be whole, and its last event ends it.
    joined: one step for as long as a case lies with one holder, whatever is done meanwhile.
    mapping: as `casequality.source` takes it, such as zone or dialect.
    A row without case or time is no step. One whose time cannot be read may have begun and ended at any time, and
    ended any other step of its case: none of these has an end that can be read. Of events at the same instant each but
    the last row takes no time, where a logged case goes by the order of holders (see `Event`): a step has a name of its
    own and no rank.
    """
    found = {**dict.fromkeys(_Row.fields), **COLUMNS, **(columns or {})}
    rows = cq.source(data, _Row, columns=found, **mapping)
    known: list[tuple[str, int, int, tuple[str | None, ...]]] = []
    unsure: list[tuple[str, tuple[str | None, ...]]] = []
    for part in rows.reading(set(_Row.fields)).parts:
        for block in part.blocks():
            records: Any = block.records
            said = zip(*(records.column(name).decode() for name in ("kind", "activity", "holder")), strict=True)
            faulty, untold = records.in_doubt({"at"}), ~records.known("at")
            lost = (untold if faulty is None else untold | faulty).tolist()
            times = zip(records.case.decode(), records.at.astype(np.int64).tolist(), lost, said, strict=True)
            for case, at, unread, told in times:
                if case is not None and unread:
                    unsure.append((case, told))
                elif case is not None and at != np.iinfo(np.int64).min:
                    known.append((case, at, len(known), told))
    made = _steps(sorted(known), frozenset(closing), joined)
    cases = {case for case, _ in unsure}
    steps = [
        _step(number, told, began, UNREADABLE if case in cases else ended) for case, number, told, began, ended in made
    ]
    steps += [_step(len(known) + place, told, UNREADABLE, UNREADABLE) for place, (_, told) in enumerate(unsure)]
    return cq.source(steps, Step, name=rows.name)


def _step(number: int, told: Sequence[str | None], began: str | None, ended: str | None) -> dict[str, Any]:
    kind, activity, holder = told
    said = {"kind": kind, "activity": activity, "holder": holder}
    return {"step": number, **said, "began_at": began, "ended_at": ended}


def _steps(known: list[Any], closing: frozenset[str], joined: bool) -> list[list[Any]]:
    """Return case, number, what is told, beginning and end of the steps of events that are in order."""
    made: list[list[Any]] = []
    for place, (case, at, number, told) in enumerate(known):
        following = known[place + 1] if place + 1 < len(known) else (None, None)
        last = at if not closing or told[1] in closing else None
        ended = _instant(following[1] if following[0] == case else last)
        if joined and made and made[-1][0] == case and made[-1][2][2] == told[2]:
            made[-1][4] = ended
        else:
            made.append([case, number, told, _instant(at), ended])
    return made


def _instant(microseconds: int | None) -> str | None:
    return None if microseconds is None else f"{np.datetime64(microseconds, 'us')}Z"


@attrs.frozen
class StepMetric(cq.Metric):
    """A measure of steps; `by` activity or holder tells them apart."""

    records = Step
    citation = DEAD_PERIODS
    higher_is_better: ClassVar[bool | None] = None
    outcomes = cq.outcomes(undated=cq.UNKNOWN, ended=cq.YES, under_way=cq.OUT)
    words = {
        "undated": {"en": "a date is missing", "da": "en dato mangler"},
        "ended": {"en": "ended", "da": "afsluttet"},
        "under_way": {"en": "still under way", "da": "stadig i gang"},
    }
    readings = cq.readings(cohort=cq.cohort("closed", "received"))

    def placed(self, steps: Step, **more: Any) -> cq.Contribution:
        """Return the contribution of steps that have ended."""
        outcome = self.outcomes.pick(undated=np.isnat(steps.began_at), ended=~np.isnat(steps.ended_at))
        return cq.Contribution(on=steps.began_at, until=steps.ended_at, outcome=outcome, **more)


@attrs.frozen
class Steps(StepMetric):
    """Number of steps, or of stays with a holder, that ended."""

    id = "case-flow.steps"
    version = 1
    title = {"en": "Steps", "da": "Sagsskridt"}
    unit = cq.units.Unit("steps", "skridt", "steps", decimals=0)
    statistic = cq.statistics.Count()

    def contribute(self, steps: Step, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return which steps ended."""
        return self.placed(steps)


@attrs.frozen
class StepTime(StepMetric):
    """Mean time that a step took, or that a case stayed with a holder."""

    id = "case-flow.step-time"
    version = 1
    title = {"en": "Time of a step", "da": "Tid pr. sagsskridt"}
    unit = IN_DAYS
    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Mean()

    def contribute(self, steps: Step, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how long each step took."""
        return self.placed(steps, amount=took(steps))


@attrs.frozen
class StepTimeMedian(StepMetric):
    """The time within which half of the steps ended, or half of the stays with a holder."""

    id = "case-flow.step-time-median"
    version = 1
    title = {"en": "Median time of a step", "da": "Tid pr. sagsskridt, median"}
    unit = IN_DAYS
    statistic: ClassVar[cq.statistics.Statistic] = cq.statistics.Quantile(Fraction(1, 2), bin=HOUR)
    limits = IN_WHOLE_HOURS

    def contribute(self, steps: Step, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return how many whole hours each step took."""
        return self.placed(steps, bins=took(steps).view(np.int64) // HOUR)


def took(steps: Step) -> Any:
    """Return how long each step took, none for one that is not ended or without a day; shape (steps,)."""
    span = steps.ended_at - steps.began_at
    return np.where(np.isnat(span), np.timedelta64(0, "us"), span)
