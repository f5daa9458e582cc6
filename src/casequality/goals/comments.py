"""Comments: what is written of goals that were missed, and of the work in general, from a TOML file."""

from __future__ import annotations

import datetime as dt
import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.days import Period, period
from casequality.errors import CaseQualityError, GoalError, InputError, Words, raise_together
from casequality.goals.definition import Verdict
from casequality.goals.gaps import GoalTable
from casequality.goals.judge import Judgement
from casequality.toml import day, read_toml, text

STUB: Final = """
[[comment]]
goal       = {goal}
period     = {period}
comment    = ""
measure    = ""
by         = ""
# written_on = 2010-08-01
"""


@attrs.frozen(kw_only=True)
class Comment:
    """Why a goal was missed in a period, and the measure taken against it; empty where nobody has written it yet.

    by: the office or the role of who wrote it, no name.
    """

    goal: str
    period: Period
    comment: str = ""
    measure: str = ""
    by: str = ""
    written_on: dt.date | None = None

    @property
    def written(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.comment or self.measure)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "goal": self.goal,
            "period": self.period.label,
            "comment": self.comment,
            "measure": self.measure,
            "by": self.by,
            "written_on": self.written_on.isoformat() if self.written_on else None,
        }


@attrs.frozen(kw_only=True)
class GeneralWork:
    """What an edition says of the general work on the quality of case handling; by: as in `Comment`."""

    period: Period
    text: str
    by: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"period": self.period.label, "text": self.text, "by": self.by}


@attrs.frozen
class Comments:
    """The comments of all editions, as their file has them; general: what each says of the general work."""

    file: str
    entries: tuple[Comment, ...] = ()
    general: tuple[GeneralWork, ...] = ()

    def general_work(self, judged: Period) -> GeneralWork | None:
        """Return what the edition of a period says of the general work, None where nobody has written it."""
        return next((each for each in self.general if each.period == judged), None)

    def on(self, goal: str, judged: Period) -> Comment | None:
        """Return the entry on a goal in a period."""
        return next((each for each in self.entries if (each.goal, each.period) == (goal, judged)), None)

    def lacking(self, judgements: Iterable[Judgement]) -> list[Judgement]:
        """Return the goals that were missed and have no entry, not even an empty one."""
        return [each for each in judgements if _missed(each) and self.on(each.goal.id, each.period) is None]

    def faults(self, judgements: Iterable[Judgement], known: Collection[str]) -> Iterator[Words]:
        """Yield what does not fit: an entry on an unknown goal, and one on a goal that was not missed."""
        judged = {(each.goal.id, each.period): each for each in judgements}
        for each in self.entries:
            found = judged.get((each.goal, each.period))
            if each.goal not in known:
                close = difflib.get_close_matches(each.goal, known, 1)
                yield _unknown(self.file, each, close[0] if close else "")
            elif found and not _missed(found):
                yield _not_missed(self.file, each, found.verdict)

    def stubs(self, judgements: Iterable[Judgement]) -> str:
        """Return the text to put after the file's own: an empty entry for each missed goal that has none."""
        entries = [
            STUB.format(goal=_quoted(each.goal.id), period=_quoted(each.period.label))
            for each in self.lacking(judgements)
        ]
        return "".join(entries)


def parse_comments(path: Path) -> Comments:
    """Return the comments of a TOML file; all its faults are raised together."""
    absent = InputError(
        "The file of comments is not there",
        where=str(path),
        remedy="begin it with the command that adds an entry for each missed goal: casequality comments",
    )
    given = read_toml(path, "The file of comments", absent=absent)
    faults: list[CaseQualityError] = []
    table = GoalTable(given, path.name, faults)
    table.refuse_others(("comment", "general"))
    entries = [made for each in _tables(table, given, "comment") if (made := _comment(each))]
    general = [work for each in _tables(table, given, "general") if (work := _general(each))]
    for edition, times in Counter(each.period.label for each in general).items():
        if times > 1:
            table.fault("An edition has two texts on the general work", got=edition, remedy="join them into one")
    for (goal, on), times in Counter((each.goal, each.period.label) for each in entries).items():
        if times > 1:
            table.fault("A goal has two comments on one period", got=f"{goal}, {on}", remedy="join them into one")
    raise_together(f"The comments of {path.name} cannot be used", faults)
    return Comments(path.name, tuple(entries), tuple(general))


def _tables(table: GoalTable, given: Mapping[str, Any], key: str) -> list[GoalTable]:
    listed = given.get(key, [])
    if not isinstance(listed, list):
        table.fault("A list of tables is needed", got=key, remedy=f"write [[{key}]]")
        return []
    inside = [table.inside(each, f"{key} {number}") for number, each in enumerate(listed, 1)]
    return [each for each in inside if each]


def _general(table: GoalTable) -> GeneralWork | None:
    on = table.needed("period", _period, 'write period = "2010-H1"')
    said = table.needed("text", text, 'say what was done: text = "..."')
    by = table.optional("by", _free) or ""
    table.refuse_others([field.name for field in attrs.fields(GeneralWork)])
    return GeneralWork(period=on, text=said, by=by) if on and said else None


def _comment(table: GoalTable) -> Comment | None:
    goal = table.needed("goal", text, "name the goal by its id")
    on = table.needed("period", _period, 'write period = "2010-H1"')
    comment, measure, by = (table.optional(key, _free) or "" for key in ("comment", "measure", "by"))
    written_on = table.optional("written_on", day)
    table.refuse_others([field.name for field in attrs.fields(Comment)])
    if goal is None or on is None:
        return None
    return Comment(goal=goal, period=on, comment=comment, measure=measure, by=by, written_on=written_on)


def _period(value: Any) -> Period:
    return period(text(value))


def _free(value: Any) -> str:
    """Return text that may be empty."""
    if not isinstance(value, str):
        raise GoalError("Text is needed", got=type(value).__name__, remedy='write it in quotes: "..."')
    return value.strip()


def _missed(judgement: Judgement) -> bool:
    return judgement.verdict is Verdict.MISSED


def _unknown(file: str, entry: Comment, close: str) -> Words:
    way_en = f"write {close}, or take the entry out" if close else "correct the id, or take the entry out"
    way_da = f"skriv {close}, eller slet posten" if close else "ret id'et, eller slet posten"
    return Words(
        f"{file}: a comment on {entry.goal}, and no goal has this id; {way_en}",
        f"{file}: kommentar til {entry.goal}, men intet mål har dette id; {way_da}",
    )


def _not_missed(file: str, entry: Comment, verdict: Verdict) -> Words:
    return Words(
        f"{file}: a comment on {entry.goal} for {entry.period.title('en')}, which was not missed "
        f"({verdict.words.en}) and is shown without it; take the entry out, or correct its period",
        f"{file}: kommentar til {entry.goal} for {entry.period.title('da')}, som ikke er bedømt »ikke opfyldt« "
        f"({verdict.words.da}) og vises uden den; slet posten, eller ret dens periode",
    )


def _quoted(plain: str) -> str:
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
