"""A deadline whose term somebody else sets: the law says what is owed, the municipality how long it may take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from casequality.citation import Citation, Dated
from casequality.days import Calendar
from casequality.deadlines.counting import NOTHING_SAID, Duty, Term, calendar_of
from casequality.deadlines.deadline import KINDS, Deadline, Kind
from casequality.deadlines.schedule import Schedule
from casequality.errors import NOT_SAID, UsageError, Words, words


@attrs.frozen(kw_only=True)
class Template:
    """What the law says of a deadline whose term is set by `set_by`, in force from `since`.

    `deadline` and `schedule` make deadlines of it with local terms; their duty names `source` as its law.
    """

    id: str
    title: Words = attrs.field(converter=words)
    kind: Kind
    set_by: Words = attrs.field(converter=words)
    source: Citation
    since: dt.date | None = None
    calendar: Calendar | str
    starts: Words = attrs.field(converter=words, default=NOT_SAID)
    satisfied_by: Words = attrs.field(converter=words, default=NOT_SAID)
    excluded: Words = attrs.field(converter=words, default=NOT_SAID)
    breach: Words = attrs.field(converter=words, default=NOT_SAID)
    duty: Duty = NOTHING_SAID

    def __attrs_post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError("Unknown kind of deadline", where=self.id, got=self.kind, allowed=KINDS)

    def deadline(self, id: str, terms: Dated[Term] | Term | str, **local: Any) -> Deadline:
        """Return a deadline with local terms; `local` are other attributes of `Deadline` that differ.

        >>> import datetime as dt
        >>> from casequality.deadlines import template
        >>> housing = template("social/decide").deadline("local/housing", "8 weeks")
        >>> housing.due(dt.date(2010, 3, 1)), housing.duty.delay_notice.before_expiry
        (datetime.date(2010, 4, 26), True)
        """
        return Deadline(id=id, terms=terms, **{**self._shared(), **local})

    def schedule(self, id: str, by_kind: Mapping[str, Dated[Term] | Term | str], **local: Any) -> Schedule:
        """Return a schedule with a local term for each type of case; `local` as in `deadline`."""
        return Schedule(id=id, by_kind=by_kind, **{**self._shared(), **local})

    def to_dict(self) -> dict[str, Any]:
        """Return the template as plain data."""
        texts = ("title", "starts", "satisfied_by", "excluded", "breach", "duty")
        return {
            "id": self.id,
            "kind": self.kind,
            "calendar": calendar_of(self.calendar).name,
            **{name: getattr(self, name).to_dict() for name in texts},
            "set_by": self.set_by.to_dict(),
            "since": self.since and self.since.isoformat(),
            "source": self.source.to_dict(),
        }

    def _shared(self) -> dict[str, Any]:
        names = ("title", "kind", "calendar", "starts", "satisfied_by", "excluded", "breach")
        return {**{name: getattr(self, name) for name in names}, "duty": attrs.evolve(self.duty, law=self.source)}
