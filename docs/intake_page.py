"""The page of the law of intake: `python docs/intake_page.py > docs/pages/reference/intake.md`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("intake.toml")
HEAD = """# The law of intake

<!-- Written by `python docs/intake_page.py`; change docs/intake.toml or docs/intake_page.py instead. -->

Every row that the source's own tool would show is read or is a finding, and every value means what that tool shows or
is a finding: for every reader, encoding, size of block and number of files. Nothing but a `CaseQualityError` comes out.

Each cell with a dot is tried by `tests/spec/test_law_of_intake.py`, with each value of the row by itself; where there
is none, the last column says why it cannot occur there. Rows at random, typed and textual, by all readers, in any order
and in blocks of any size, are drawn by `nox -s fuzz`: the same tallies to the byte, and accounts that add up.

"""
HOSTILE = """
## How much a file may ask for

A file that asks for more than it can mean is refused, and says so, before it has filled a machine. Each limit is tried
by `tests/system/test_hostile_files.py`, in a process that may have no more memory, Python and all libraries with it,
and no more seconds of a processor than the table says.

| file | limit | in a process of |
| --- | --- | --- |
"""
READERS = {
    "csv": "CSV",
    "csv, careful": "CSV, careful",
    "csv, gzipped": "CSV, gzipped",
    "excel": "Excel",
    "ods": "OpenDocument",
    "parquet": "Parquet",
    "folders of parquet": "folders",
    "arrow": "Arrow",
    "pandas, objects": "pandas",
    "polars": "polars",
    "duckdb": "DuckDB",
    "mappings": "mappings",
    "sqlite": "database",
    "xes": "XES",
}


def tables() -> dict[str, Any]:
    """Return the readers, the kinds of fault, and the limits for hostile files."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def page() -> str:
    """Return the page."""
    found = tables()
    head = ["What stands there", "What it becomes", *(READERS[name] for name in found["readers"]), "Elsewhere"]
    lines = [_line(head), _line(["---", "---", *([":-:"] * len(found["readers"])), "---"])]
    for kind in found["kind"]:
        within = kind.get("only", found["readers"])
        cells = ", ".join(f"`{_shown(cell)}`" for cell in kind.get("cells", []) if not cell.startswith("@"))
        dots = ["\u2022" if name in within else "" for name in found["readers"]]
        lines.append(_line([kind["says"] + (f": {cells}" if cells else ""), kind["is"], *dots, kind.get("why", "")]))
    limits = [
        _line([each["file"], each["limit"], f"{each['memory']} MB, {each['seconds']} s"]) for each in found["hostile"]
    ]
    return HEAD + "\n".join(lines) + "\n" + HOSTILE + "\n".join(limits) + "\n"


def _shown(cell: str) -> str:
    if cell != cell.strip():
        return cell.replace("\u00a0", "\u237d").replace("\t", "\u21e5").replace(" ", "\u2423")
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in cell)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
