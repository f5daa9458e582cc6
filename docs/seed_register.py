"""The page of the seed register: `python docs/seed_register.py > docs/pages/reference/seed-register.md`."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

REGISTER = Path(__file__).with_suffix(".toml")
HEAD = """# Source documents

<!-- Written by `python docs/seed_register.py`; change docs/seed_register.toml instead. -->

Five documents of the City of Copenhagen say what casequality must compute. Each row names some lines of a document,
what they ask in our words, what does it (a metric, a goal or goal set, a report, a code list, a command), what is
lacking, and the test that fails when it is altered; where it has several parts, a test of each. "Not in the source" is
what the document itself leaves out: it is shown as that, never filled in. "Not built" is what this version cannot do.
"""
COLUMNS = ("Lines", "Asks for", "Done by", "Lacking", "Test")
KINDS = {
    "metric": "`{}`",
    "goal": "goal `{}`",
    "set": "goal set `{}`",
    "change": "change `{}`",
    "due": "report to {}",
    "code": "`{}`",
    "command": "`casequality {}`",
}


def register() -> dict[str, Any]:
    """Return the documents, the test files and the rows."""
    return tomllib.loads(REGISTER.read_text(encoding="utf-8"))


def page() -> str:
    """Return the page."""
    given = register()
    lines = [HEAD]
    for document, names in given["documents"].items():
        lines += [f"## {', '.join(names.values())}", "", _line(COLUMNS), _line(["---"] * len(COLUMNS))]
        rows = {key: row for key, row in given["rows"].items() if key.startswith(f"{document}:")}
        lines += [_line(_cells(key, row, given["tests"])) for key, row in rows.items()]
        lines.append("")
    return "\n".join(lines)


def tests_of(row: Mapping[str, Any]) -> list[str]:
    """Return the tests that a row names: none, one, or one for each part of what the row asks for."""
    named = row.get("test", [])
    return [named] if isinstance(named, str) else list(named)


def _cells(key: str, row: Mapping[str, Any], tests: Mapping[str, str]) -> Iterator[str]:
    yield key.partition(":")[2]
    yield row["asks"]
    yield ", ".join(_named(name) for name in row.get("by", ()))
    yield ": ".join(filter(None, (row.get("state"), row.get("note"))))
    named = [each.partition("::") for each in tests_of(row)]
    yield "<br>".join(f"`{tests[file]}`<br>`{name}`" for file, _, name in named)


def _named(reference: str) -> str:
    kind, _, name = reference.partition(":")
    return "report, recipient not in the source" if reference == "due:not in the source" else KINDS[kind].format(name)


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


if __name__ == "__main__":
    sys.stdout.write(page())
