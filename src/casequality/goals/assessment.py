"""Assessments: the judgements of several goals over one period, what they rest on, and what is written of them."""

from __future__ import annotations

import datetime as dt
import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.days import Period, period
from casequality.errors import (
    CaseQualityError,
    GoalError,
    InputError,
    Text,
    UnknownName,
    Words,
    kind_of,
    raise_together,
)
from casequality.goals.definition import NotSupplied, Verdict
from casequality.goals.files import Recipient
from casequality.goals.gaps import GoalTable
from casequality.goals.judge import Judgement
from casequality.metrics import Accounts, Measurement
from casequality.records import Rule
from casequality.toml import day, read_toml, text

HEAD: Final = """\
# Kommentarer til mål. Hver post hører til ét mål og én periode og bliver stående til næste udgave. Ethvert mål kan have
# en, uanset vurderingen; hvor målet ikke er opfyldt, skriver rapporten, at den mangler.
# by er en funktion (centerchef, controller), ikke en persons navn; written_on er dagen, hvor kommentaren er skrevet.
# Hver udgave kan have en indledning, [[introduction]], og en tekst om det generelle arbejde med den juridiske kvalitet,
# [[general]], begge med period, text, by og written_on.
"""
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
    """What is written of a goal in a period, and the measure taken; empty where nobody has written it yet.

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
class EditionText:
    """What an edition says of the whole: its introduction, or the general work; by, written_on: as in `Comment`."""

    period: Period
    text: str
    by: str = ""
    written_on: dt.date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "period": self.period.label,
            "text": self.text,
            "by": self.by,
            "written_on": self.written_on.isoformat() if self.written_on else None,
        }


@attrs.frozen
class Comments:
    """The comments of all editions, as their file has them.

    general: what each edition says of the general work. introductions: with what each begins.
    """

    file: str
    entries: tuple[Comment, ...] = ()
    general: tuple[EditionText, ...] = ()
    introductions: tuple[EditionText, ...] = ()

    def general_work(self, judged: Period) -> EditionText | None:
        """Return what the edition of a period says of the general work, None where nobody has written it."""
        return _of(judged, self.general)

    def introduction(self, judged: Period) -> EditionText | None:
        """Return with what the edition of a period begins, None where nobody has written it."""
        return _of(judged, self.introductions)

    def on(self, goal: str, judged: Period) -> Comment | None:
        """Return the entry on a goal in a period."""
        return next((each for each in self.entries if (each.goal, each.period) == (goal, judged)), None)

    def lacking(self, judgements: Iterable[Judgement]) -> list[Judgement]:
        """Return the goals that were missed and have no entry, not even an empty one."""
        return [each for each in judgements if _missed(each) and self.on(each.goal.id, each.period) is None]

    def faults(self, known: Collection[str]) -> Iterator[Words]:
        """Yield what does not fit: an entry on an unknown goal."""
        for each in self.entries:
            if each.goal not in known:
                close = difflib.get_close_matches(each.goal, known, 1)
                yield _unknown(self.file, each, close[0] if close else "")

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
    table.refuse_others(("comment", "general", "introduction"))
    entries = [made for each in _tables(table, given, "comment") if (made := _comment(each))]
    general, introductions = (
        [work for each in _tables(table, given, key) if (work := _edition_text(each))]
        for key in ("general", "introduction")
    )
    for told, editions in (("texts on the general work", general), ("introductions", introductions)):
        for edition, times in Counter(one.period.label for one in editions).items():
            if times > 1:
                table.fault(f"An edition has two {told}", got=edition, remedy="join them into one")
    for (goal, on), times in Counter((each.goal, each.period.label) for each in entries).items():
        if times > 1:
            table.fault("A goal has two comments on one period", got=f"{goal}, {on}", remedy="join them into one")
    raise_together(f"The comments of {path.name} cannot be used", faults)
    return Comments(path.name, tuple(entries), tuple(general), tuple(introductions))


def _of(judged: Period, texts: Iterable[EditionText]) -> EditionText | None:
    return next((each for each in texts if each.period == judged), None)


def _tables(table: GoalTable, given: Mapping[str, Any], key: str) -> list[GoalTable]:
    listed = given.get(key, [])
    if not isinstance(listed, list):
        table.fault("A list of tables is needed", got=key, remedy=f"write [[{key}]]")
        return []
    inside = [table.inside(each, f"{key} {number}") for number, each in enumerate(listed, 1)]
    return [each for each in inside if each]


def _edition_text(table: GoalTable) -> EditionText | None:
    on = table.needed("period", _period, 'write period = "2010-H1"')
    said = table.needed("text", text, 'say what was done: text = "..."')
    by = table.optional("by", _free) or ""
    written_on = table.optional("written_on", day)
    table.refuse_others([field.name for field in attrs.fields(EditionText)])
    return EditionText(period=on, text=said, by=by, written_on=written_on) if on and said else None


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
        raise GoalError("Text is needed", got=kind_of(value), remedy='write it in quotes: "..."')
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


def _quoted(plain: str) -> str:
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


@attrs.frozen(kw_only=True)
class SourceNote:
    """What became of a source: its record type, rows read and set aside, findings, and the days that it covers.

    not_delivered: why there is no such source, None for one that was read. rules: those of its records, for the words
    of its findings. deliveries: from which deliveries of a store it comes, None where records were read.
    """

    name: str
    records: str
    read: int = 0
    set_aside: int = 0
    findings: Mapping[str, int] = attrs.field(factory=dict)
    marks: Mapping[str, int] = attrs.field(factory=dict)
    expects: str = ""
    covered: tuple[str, ...] = ()
    not_delivered: Words | None = None
    rules: Sequence[Rule] = ()
    deliveries: Words | None = None

    @classmethod
    def of(cls, name: str, records: str, accounts: Accounts, rules: Sequence[Rule] = ()) -> SourceNote:
        """Return the note on a source from the accounts of a tally that read it."""
        return cls(
            name=name,
            records=records,
            read=accounts.read,
            set_aside=accounts.set_aside,
            findings=accounts.findings,
            marks=accounts.marks,
            expects=accounts.expects,
            covered=accounts.covered,
            rules=rules,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the note as plain data."""
        return {
            **attrs.asdict(self, filter=attrs.filters.exclude("findings", "marks", "covered", "rules", "deliveries")),
            **({"deliveries": self.deliveries.to_dict()} if self.deliveries else {}),
            "findings": dict(self.findings),
            "marks": dict(self.marks),
            "covered": list(self.covered),
        }


@attrs.frozen(kw_only=True)
class Assessment:
    """The verdicts on a period's goals.

    as_of, zone: what was known when, and whose days count. measurements: by goal id, the figures to show beside it.
    sources: by name. plugins: the version of each distribution that offers a metric. notes: what else a reader of
    the whole should know. recipient: whom it is for, None for everybody. earlier: by goal id, the figures of the
    periods before and of the judged one. comments: what is written of goals, None where nobody keeps any.
    """

    title: str
    period: Period
    as_of: str
    zone: str
    judgements: tuple[Judgement, ...]
    not_supplied: tuple[NotSupplied, ...] = ()
    measurements: Mapping[str, Measurement] = attrs.field(factory=dict, repr=False)
    sources: Mapping[str, SourceNote] = attrs.field(factory=dict)
    plugins: Mapping[str, str] = attrs.field(factory=dict)
    notes: tuple[Text, ...] = ()
    earlier: Mapping[str, Measurement] = attrs.field(factory=dict, repr=False)
    recipient: Recipient | None = None
    comments: Comments | None = None

    def __iter__(self) -> Iterator[Judgement]:
        return iter(self.judgements)

    def __len__(self) -> int:
        return len(self.judgements)

    def __getitem__(self, goal: str) -> Judgement:
        for judgement in self.judgements:
            if judgement.goal.id == goal:
                return judgement
        raise UnknownName(
            "No goal of the assessment has this id",
            got=goal,
            allowed=[judgement.goal.id for judgement in self.judgements],
            remedy="use one of these",
        )

    def said_of(self, judgement: Judgement) -> tuple[Comment | None, Comment | None]:
        """Return the comment on a goal, and that of the edition before."""
        if self.comments is None:
            return None, None
        now = self.comments.on(judgement.goal.id, self.period)
        before = self.comments.on(judgement.goal.id, self.period.previous())
        return now if now and now.written else None, before if before and before.written else None

    @property
    def general_work(self) -> EditionText | None:
        """What the edition says of the general work, None where nobody has written it."""
        return self.comments.general_work(self.period) if self.comments else None

    @property
    def introduction(self) -> EditionText | None:
        """With what the edition begins, None where nobody has written it."""
        return self.comments.introduction(self.period) if self.comments else None

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many goals have each verdict, those included that cannot be judged."""
        counted = Counter([each.verdict for each in self.judgements] + [each.verdict for each in self.not_supplied])
        return {verdict: counted[verdict] for verdict in Verdict if counted[verdict]}

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "title": self.title,
            "period": self.period.label,
            "as_of": self.as_of,
            "zone": self.zone,
            "goals": [judgement.to_dict() for judgement in self.judgements],
            "not_supplied": [each.to_dict() for each in self.not_supplied],
            "measurements": {name: measured.to_dict() for name, measured in self.measurements.items()},
            "sources": {name: note.to_dict() for name, note in self.sources.items()},
            "plugins": dict(self.plugins),
            "notes": [note if isinstance(note, str) else note.to_dict() for note in self.notes],
            "recipient": self.recipient.to_dict() if self.recipient else None,
            "comments": [each.to_dict() for goal in self for each in self.said_of(goal) if each],
            "general_work": work.to_dict() if (work := self.general_work) else None,
            "introduction": begin.to_dict() if (begin := self.introduction) else None,
        }
