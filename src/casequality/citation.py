"""Where a rule or a figure comes from."""

from __future__ import annotations

import datetime as dt

import attrs

NOT_IN_SOURCE = "not in the source"


@attrs.frozen(kw_only=True)
class Citation:
    """A source that a reader can look up.

    `adopted` is the day of the decision, or `NOT_IN_SOURCE` where the source itself leaves it out.
    A rule that rests on an unsettled question has `certain=False` and says the question.
    """

    title: str
    document: str | None = None
    section: str | None = None
    adopted: dt.date | str | None = None
    checked_on: dt.date | None = None
    certain: bool = True
    question: str | None = None

    def __str__(self) -> str:
        parts = [self.title, self.document, self.section]
        text = ", ".join(part for part in parts if part)
        return text if self.certain else f"{text} (uncertain: {self.question or 'see the source'})"

    def to_dict(self) -> dict[str, str | bool]:
        """Return the citation as plain data, absent parts left out."""
        plain = {
            name: value if isinstance(value, bool) else str(value)
            for name, value in attrs.asdict(self).items()
            if value is not None
        }
        return plain
