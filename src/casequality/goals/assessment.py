"""Assessments: the judgements of several goals over one period, and what they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from casequality.days import Period
from casequality.errors import Text, UnknownName, Words
from casequality.goals.comments import Comment, Comments, GeneralWork
from casequality.goals.definition import NotSupplied, Verdict
from casequality.goals.files import Recipient
from casequality.goals.judge import Judgement
from casequality.metrics import Accounts, Measurement
from casequality.records import Rule

HEAD: Final = """\
# Kommentarer til mål, der ikke er opfyldt. Hver post hører til ét mål og én periode og bliver stående til næste udgave.
# by er en funktion (centerchef, controller), ikke en persons navn; written_on er dagen, hvor kommentaren er skrevet.
# Det generelle arbejde med den juridiske kvalitet skrives for hver udgave: [[general]] med period, text og by.
"""


@attrs.frozen(kw_only=True)
class SourceNote:
    """What became of a source: its record type, rows read and set aside, findings, and the days that it covers.

    not_delivered: why there is no such source, None for one that was read. rules: those of its records, for the words
    of its findings.
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
            **attrs.asdict(self, filter=attrs.filters.exclude("findings", "marks", "covered", "rules")),
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
    periods before and of the judged one. comments: what is written of missed goals, None where nobody keeps any.
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
        """Return the comment on a missed goal, and that of the period before, missed again or not."""
        if self.comments is None:
            return None, None
        missed = judgement.verdict is Verdict.MISSED
        now = self.comments.on(judgement.goal.id, self.period) if missed else None
        before = self.comments.on(judgement.goal.id, self.period.previous())
        return now if now and now.written else None, before if before and before.written else None

    @property
    def general_work(self) -> GeneralWork | None:
        """What the edition says of the general work, None where nobody has written it."""
        return self.comments.general_work(self.period) if self.comments else None

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
        }
