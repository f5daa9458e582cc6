"""The catalogue as a page to read: each rule, its section and source, when that was last checked, what is uncertain.

    python docs/danish_deadlines.py

prints it as Markdown, as `docs/pages/reference/danish-deadlines.md` has it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby

import attrs

from casequality.citation import Citation
from casequality.deadlines.counting.terms import in_force
from casequality.deadlines.deadline import Deadline
from casequality.deadlines.listing import shipped
from casequality.deadlines.parsing import Template, templates
from casequality.errors import NOT_SAID, Text, Words

HEAD = ("Deadline", "Kind", "Term", "For what is received", "Source", "Last checked", "Uncertain")
INTRODUCTION = """\
# Danish deadlines

<!-- Written by `python docs/danish_deadlines.py`; change the catalogue instead. -->

Every deadline and goal that comes with casequality, from which day to which it is in force, and by which source. What
no source settles is marked and asked at the end of the page. `casequality.deadline(id).to_dict()` has all of it, also
what starts the clock, what keeps the deadline, what it does not apply to and what a breach requires.
[Count deadlines](../how-to/deadlines.md) shows them at work.
"""


@attrs.frozen
class Line:
    """One row of the page: a deadline or a template, with one of its terms."""

    id: str
    title: Words
    kind: str
    term: str
    when: str
    source: Citation | None


def summary() -> str:
    """Return the shipped catalogue, templates included, as a page of Markdown."""
    lines = sorted([*_of_deadlines(shipped()), *_of_templates(templates())], key=lambda line: line.id.split("/")[0])
    asked = list(dict.fromkeys(line.source.question for line in lines if line.source and line.source.question))
    parts = [INTRODUCTION]
    for area, group in groupby(lines, key=lambda line: line.id.split("/")[0]):
        parts.append(f"## {area.replace('-', ' ').capitalize()}\n")
        rows = [HEAD, ["---"] * len(HEAD), *(_cells(line, asked) for line in group)]
        parts.append("".join(f"| {' | '.join(cells)} |\n" for cells in rows))
    parts.append("".join(f"[^{number}]: {question}.\n" for number, question in enumerate(asked, 1)))
    return "\n".join(parts)


def _of_deadlines(rules: tuple[Deadline, ...]) -> Iterator[Line]:
    for rule in rules:
        for held in in_force(rule.terms):
            term = f"{held.term}, after `{rule.after.id}`" if rule.after else str(held.term)
            yield Line(rule.id, rule.title, rule.kind, term, str(held), held.citation)


def _of_templates(shapes: tuple[Template, ...]) -> Iterator[Line]:
    for shape in shapes:
        when = f"from {shape.since}" if shape.since else "any day"
        yield Line(shape.id, shape.title, shape.kind, f"set by {shape.set_by}", when, shape.source)


def _cells(line: Line, asked: list[Text]) -> list[str]:
    source = line.source
    checked = str(source.checked_on) if source and source.checked_on else "not read"
    mark = f"[^{asked.index(source.question) + 1}]" if source and source.question else ""
    cited = str(attrs.evolve(source, certain=True)) if source else str(NOT_SAID)
    name = f"{line.title.en}<br>*{line.title.da}*<br>`{line.id}`"
    return [name, line.kind, line.term, line.when, cited, checked, mark]


if __name__ == "__main__":
    sys.stdout.write(summary())
