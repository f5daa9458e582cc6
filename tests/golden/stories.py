"""Stories: one case in trouble with its days, twelve of each kind, and the scene in which they play."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple, TypeAlias

import attrs

from tests.golden.walks import figures

IN_TROUBLE = Path(__file__).parent / "in_trouble"
Day: TypeAlias = dt.date
Due: TypeAlias = Callable[[str, dt.date], "dt.date | None"]
Table: TypeAlias = dict[str, list[dict[str, Any]]]
"""Rows by the name of their file, without its ending."""
TROUBLES = (
    *("open", "withdrawn", "late notice", "notice without a date", "reopened", "received before the period"),
    *("closed after the period", "on the due day", "Great Prayer Day", "24 December", "moved", "merged"),
)
STAYS = ("moved", "merged")
EACH = 12


class Story(NamedTuple):
    """One case in trouble; notices are (sent, promised), holders (from, until, unit), again (closed, opened)."""

    trouble: str
    number: int
    kind: str
    received: Day
    ended: Day | None
    end: Literal["decided", "withdrawn", ""] = "decided"
    notices: tuple[tuple[Day, Day | None], ...] = ()
    holders: tuple[tuple[Day, Day | None, str], ...] = ()
    again: tuple[Day, Day] | None = None

    @property
    def name(self) -> str:
        return f"{TROUBLES.index(self.trouble) + 1:02d}-{self.number:02d}"


@attrs.frozen
class Scene:
    """When a unit's stories play: its kinds of cases and when each is due, and what its walks take as their days.

    spring and winter: Great Prayer Day and 24 December. stage: by module, what its names are in the meantime.
    """

    folder: str
    as_of: Day
    periods: tuple[str, ...]
    spring: Day
    winter: Day
    kinds: Sequence[str]
    due: Due
    tell: Callable[[Sequence[Story]], Table]
    stage: Mapping[ModuleType, Mapping[str, Any]]
    before: Day
    """The first day of the first period."""
    after: Day
    """The day after the last period, before the as-of."""

    @contextlib.contextmanager
    def played(self) -> Iterator[None]:
        """Have the walks see these days, and the files of this scene."""
        everything = {figures: {"CORPUS": IN_TROUBLE}, **self.stage}
        kept = {module: {name: getattr(module, name) for name in names} for module, names in everything.items()}
        try:
            for module, names in everything.items():
                for name, value in names.items():
                    setattr(module, name, value)
            yield
        finally:
            for module, names in kept.items():
                for name, value in names.items():
                    setattr(module, name, value)

    def tables(self) -> dict[str, str]:
        """Return the content of each file of this scene."""
        return {f"{name}.csv": as_csv(rows) for name, rows in self.tell(self.stories()).items()}

    def stories(self) -> list[Story]:
        """Return twelve cases of each kind of trouble."""
        with self.played():  # when they are due hangs on the closing days of the scene
            return [
                self._story(trouble, number, self.kinds[number % len(self.kinds)])
                for trouble in TROUBLES
                for number in range(1, EACH + 1)
            ]

    def _story(self, trouble: str, number: int, kind: str) -> Story:
        day, late = self.spring - days(25 - number), self.winter - days(30 - number)
        story = Story(trouble, number, kind, day, day + days(5 * number))
        if trouble == "open":
            # every third ends after the as-of, which nobody knows yet
            return story._replace(received=late, ended=None if number % 3 else self.as_of + days(number), end="")
        if trouble == "received before the period":
            return story._replace(received=self.before - days(number), ended=self.before + days(3 * number - 1))
        if trouble == "closed after the period":
            return story._replace(received=self.after - days(10 + number), ended=self.after + days(number - 1))
        if trouble in ("Great Prayer Day", "24 December"):
            return self._on(story, self.spring if trouble == "Great Prayer Day" else self.winter)
        return _moved(story) if trouble in ("reopened", *STAYS) else self._due(story)

    def _due(self, story: Story) -> Story:
        """Return a story that turns on when the case is due."""
        number = story.number
        due = self.due(story.kind, story.received) or story.received + days(40)
        if story.trouble == "withdrawn":
            return story._replace(ended=due + days(number - 6), end="withdrawn")
        if story.trouble == "late notice":
            sent = due + days(1 + number % 5)
            return story._replace(ended=due + days(20 + number), notices=((sent, sent + days(14)),))
        if story.trouble == "notice without a date":
            return story._replace(ended=due + days(15), notices=((due + days(number - 6), None),))
        return story._replace(ended=due + days((number - 1) % 3 - 1))

    def _on(self, story: Story, special: Day) -> Story:
        """Return a story of one day: received on it, ended on it, due on it or just past it, or told of on it."""
        which = story.number % 4
        if which == 0:
            return story._replace(received=special, ended=special + days(5 + story.number))
        if which == 1:
            return story._replace(received=special - days(2 * story.number + 10), ended=special)
        # the day itself where a case can be due on it, else the first one after it on which one can
        fits = [
            (due, -back)
            for back in range(1, 150)
            if (due := self.due(story.kind, special - days(back))) and special <= due <= special + days(3)
        ]
        due, back = min(fits, key=lambda each: (each[0], -each[1]), default=(special, -14))
        received = special + days(back)
        if which == 2:
            return story._replace(received=received, ended=due + days(story.number // 4 % 2))
        early = received - days(20)
        return story._replace(received=early, ended=special + days(9), notices=((special, special + days(20)),))


def _moved(story: Story) -> Story:
    """Return a story in which the case is opened again, or lies with another unit."""
    day, number = story.received, story.number
    if story.trouble == "reopened":
        # every fourth is opened again on the day on which it was closed
        closed, gap = day + days(number), number % 4 * 5
        return story._replace(ended=closed + days(gap + number), again=(closed, closed + days(gap)))
    moved = day + days(number)
    held: tuple[tuple[Day, Day | None, str], ...]
    held = ((day, moved, "Nord"), (moved + days(number % 3), None, "Syd"))
    if story.trouble == "merged":  # the paper stays where it lies: only the unit has another name
        held = ((day, None, "Gammel"),)
    return story._replace(ended=moved + days(10), holders=held)


def days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as a file has them, blank for None."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def told(stories: Iterable[Story], *troubles: str) -> list[Story]:
    """Return the stories without those of some troubles, which a record type does not have."""
    return [story for story in stories if story.trouble not in troubles]


def at(day: Day | None, hour: int) -> str | None:
    """Return a time of a day as a file has it, in UTC."""
    return f"{day}T{hour:02d}:00:00Z" if day else None
