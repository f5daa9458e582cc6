"""Comparing: what several administrations hand in for common goals, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from casequality.days import Period
from casequality.days import period as parse_period
from casequality.desk.jobs import load_goals
from casequality.desk.measuring import Tallies, load_tally
from casequality.desk.offered import catalogue, find_metric, why_not_delivered
from casequality.errors import UnknownName, UsageError, Words, raise_together
from casequality.evidence.disclosure import INTERNAL
from casequality.goals import Compared, Goal, GoalSet, HandedIn, NotSupplied, check_goals, compare
from casequality.host import Catalogue
from casequality.metrics import Metric, Reading
from casequality.reports import Table, contributions_page, side_by_side_table
from casequality.showing import Shown, TextTable, session_language

KEYS = ("tallies", "goals", "general_work")


@attrs.frozen(kw_only=True, repr=False)
class SideBySide(Shown):
    """What several administrations handed in for each goal; it shows itself as a table."""

    period: Period
    compared: tuple[Compared, ...]
    not_supplied: tuple[NotSupplied, ...] = ()
    general: Mapping[str, str] = attrs.field(factory=dict)

    def __iter__(self) -> Iterator[Compared]:
        return iter(self.compared)

    def __len__(self) -> int:
        return len(self.compared)

    def __getitem__(self, goal: str) -> Compared:
        for each in self.compared:
            if each.goal.id == goal:
                return each
        known = [each.goal.id for each in self.compared]
        raise UnknownName("No goal has this id", got=goal, allowed=known, remedy="use one of these")

    def table(self, lang: str = "en") -> Table:
        """Return a row for each goal and administration in the order given, and one for all together."""
        return side_by_side_table(self.compared, self.period, lang)

    def page(self, lang: str = "da") -> str:
        """Return one HTML page: what each administration handed in and did not, and its general work."""
        return contributions_page(
            self.compared, self.period, lang, not_supplied=self.not_supplied, general=self.general
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "audience": INTERNAL.to_dict(),
            "period": self.period.label,
            "goals": [each.to_dict() for each in self.compared],
            "not_supplied": [each.to_dict() for each in self.not_supplied],
            "general_work": dict(self.general),
        }

    def text_table(self, lang: str) -> TextTable:
        """Return the table of verdicts, as it shows itself."""
        return self.table(lang).text_table()

    def __repr__(self) -> str:
        return self.table(session_language()).text()


@attrs.frozen(kw_only=True)
class _Submission:
    """What one administration handed in: tallies, its own wording of goals, or why there is nothing."""

    who: str
    tallies: tuple[Tallies, ...] = ()
    goals: GoalSet | None = None
    why_none: Words | None = None
    general_work: str = ""

    def for_goal(self, goal: Goal, find: Callable[[str], Metric]) -> HandedIn:
        """Return what there is for a goal; a goal of its own with the same id stands in its place."""
        own = next((each for each in self.goals.goals if each.id == goal.id), goal) if self.goals else goal
        parts = tuple(each.parts[own.metric] for each in self.tallies if own.metric in each.parts)
        return HandedIn(who=self.who, goal=own, reading=_reading(own, find), tallies=parts, why_none=self.why_none)


def side_by_side(
    handed_in: Mapping[str, object],
    goals: GoalSet | str | Path,
    *,
    period: str | Period,
    by: str = "administration",
    metrics: Iterable[Metric | type[Metric]] = (),
    plugins: Catalogue | None = None,
) -> SideBySide:
    """Return the figure of each administration for each goal, and one of all where what they rest on is the same.

    handed_in: by the administration's name, in the order in which they are shown: its `Tallies`, a path or a list of
    them; `{"tallies": ..., "goals": ...}` where it measures a goal in a way of its own, which its goal of the same id
    says; or `{"not_delivered": "the reason"}`. `"general_work": "..."` beside the tallies is what it tells of its work
    on quality in general, for the page.
    by: the field of the records that tells the administrations apart.
    metrics: metrics that no installed plugin offers.
    Nothing is ranked. Methods that differ (metric, result version, settings, readings, records, calendar, zone,
    as-of) leave no figure for all together; neither does an administration of which anything is missing.
    """
    found = plugins or catalogue()
    given = {metric.id: metric for metric in map(find_metric, metrics)}
    common = goals if isinstance(goals, GoalSet) else load_goals(goals, plugins=found)
    submissions = [_submission(who, each, found) for who, each in handed_in.items()]

    def find(metric: str) -> Metric:
        return given.get(metric) or find_metric(metric, found)

    for each in (common, *(submission.goals for submission in submissions if submission.goals)):
        what = Words(f"{each.id}: some goals cannot be judged", f"{each.id}: nogle mål kan ikke bedømmes")
        raise_together(what, check_goals([each], find))
    judged = parse_period(period) if isinstance(period, str) else period
    compared = [
        compare(goal, _reading(goal, find), [each.for_goal(goal, find) for each in submissions], judged, by)
        for goal in common.goals
    ]
    general = {each.who: each.general_work for each in submissions if each.general_work}
    return SideBySide(period=judged, compared=tuple(compared), not_supplied=common.not_supplied, general=general)


def _submission(who: str, given: object, plugins: Catalogue) -> _Submission:
    why = why_not_delivered(given, who)
    if why is not None:
        return _Submission(who=who, why_none=why)
    if not isinstance(given, Mapping):
        return _Submission(who=who, tallies=_tallies(given))
    if set(given) - set(KEYS) or "tallies" not in given:
        raise UsageError(
            "What an administration hands in is tallies, with its own goals where it has any",
            where=who,
            got=", ".join(map(str, given)) or "nothing",
            allowed=KEYS,
            remedy='give {"tallies": ..., "goals": ...}, or say why there is nothing: {"not_delivered": "the reason"}',
        )
    goals = given.get("goals")
    own = goals if isinstance(goals, GoalSet | None) else load_goals(goals, plugins=plugins)
    told = str(given.get("general_work") or "")
    return _Submission(who=who, tallies=_tallies(given["tallies"]), goals=own, general_work=told)


def _tallies(given: Any) -> tuple[Tallies, ...]:
    several = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    return tuple(each if isinstance(each, Tallies) else load_tally(each) for each in several)


def _reading(goal: Goal, find: Callable[[str], Metric]) -> Reading:
    return find(goal.metric).under(goal.readings, goal.parameters)
