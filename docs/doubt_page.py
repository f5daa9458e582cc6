"""The page of records in doubt: `python docs/doubt_page.py > docs/pages/explanation/doubt.md`."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("doubt.toml")
HEAD = """# Doubt is not lost

<!-- Written by `python docs/doubt_page.py`; change docs/doubt.toml or docs/doubt_page.py instead. -->

A figure carries its doubt. Beside its exact value stand the least and the greatest that it can become once every record
in doubt is settled, and how many records are in doubt for which reason. This interval is worked out once, and every
output shows the same: the object and its `to_dict`, `to_frame`, the table, CSV and JSON, the chart, the report. A goal
only compares it with its target: where the whole interval lies on one side, the verdict stands; else it is undecided,
and [Why does it say undecided?](../how-to/undecided.md) is the way from there to the rows.

| reason | which records |
| --- | --- |
| `open` | not settled at the as-of: an open case is a yes or a no in the end, and lasts at least as long as it has |
| `unknown` | the source does not say what became of them, or how much, or for how many cases a row stands; \
or a row of a child table lacks its day |
| `set aside` | rows with a fault: their day and label place them where these can be read, the rest may be anything |
| `undated` | a date is lacking: they may belong to any period that the other dates allow |
| `unlabelled` | a label that was asked for is blank where a blank is doubt (`unknown=`, \
or `known_with=` once the event has come): they may have any |
| `marks` | read with a date that systems write for "none" and nobody has declared |
| `orphans` | rows of a child table that belong to no known record, and so perhaps to these |

**Three sentences that are never mixed up.** A known zero is a figure: three complaints that raise no point are 0
points. No records is "no data". Rows of which none can be read are neither: the verdict is undecided, and says how many
there are.

**Where an end has no limit.** An amount that nobody can read may be any number, so a mean over it has "no upper limit",
in words. Who knows better says so: `at_most = "730 days"` (the greatest amount) and `heaviest = 500` (the most cases
that one row stands for), in a metric's class or in a goal, where the goal's own comes first.

## What each must say

Each row is tried in every output by `tests/spec/test_doubt_is_not_lost.py`. A line that begins "9 * " stands for nine.
"""
EACH = """
## Each reason with each statistic

Six cases, one of them in doubt: between what each figure lies. The ends are the least and the greatest of all ways to
complete that case, each written as a file and measured (`tests/spec/test_every_completion.py`); that each output shows
them is tried cell by cell (`tests/spec/test_doubt_in_every_output.py`):
{outputs}.
"""
OUTPUTS = (
    "measure", "conclude", "assess", "to_frame", "to_dict", "repr", "table", "CSV", "JSON", "plot", "report",
    "and the command line for the rows above",
)  # fmt: skip
LOOSE = """
## Where a bound is loose

A bound holds always, and nearly always some way of settling the records reaches it. Where a tally does not keep enough
for that, the bound may lie further out than any way reaches, and the figure says `bounds: "loose"` in `to_dict`,
`to_frame` and JSON. These are all such cases:

- sums and means by a label that is blank: amounts of records that count in no group are not kept one by one;
- child rows of nobody (`orphans`) under sums, means, quantiles, ratios and disposition times: how much a case may move
  is known, and not which cases it moves together;
- ratios over facets that are joined, where one record is in doubt in several facets;
- rows that stand for several cases (`times`), where such a row is in doubt for its label or by a stray child row: how
  many cases it stands for is kept together with others;
- statistics of an author's own that say `tight = False`.

A goal on the mean of its parts (`aggregate = "mean"`) lies between the means of their ends, which hold always, and are
further apart than any way reaches where one record may belong to several parts.

A record of which it is not known what became of it may be a yes, a no, or, in a flow or a stock whose reading leaves
some outcomes out, one of these. A metric that knows more, as that such a case ended too late, has no way to say so. An
open case is in a flow whatever becomes of it.

A record that lacks its day counts with any number: nothing tells whether its own was worked out from that day. So does
a row whose number of cases (`times`) a metric works out from what is unknown, cannot be read or may stand for none, and
a record whose label is asked for, blank, and read by the metric may be a yes or a no.
"""
COLUMNS = ("Records", "Asked", "Figure", "Lies", "In doubt", "Goal and verdict", "Because")


def rows() -> list[dict[str, Any]]:
    """Return the rows of the table."""
    found: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["row"]
    return found


def page() -> str:
    """Return the page."""
    lines = [_line(COLUMNS), _line(["---"] * len(COLUMNS)), *(_line(_cells(row)) for row in rows())]
    parts = [HEAD, "\n".join(lines) + "\n", EACH.format(outputs=", ".join(OUTPUTS)), _each_with_each(), LOOSE]
    return parts[0] + "\n" + parts[1] + parts[2] + "\n" + parts[3] + parts[4]


def lies() -> dict[str, dict[str, str]]:
    """Return by statistic and reason between what a figure with one record in doubt lies, "LOW to HIGH"."""
    found: dict[str, dict[str, str]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["lies"]
    return found


def _each_with_each() -> str:
    found = lies()
    reasons = list(next(iter(found.values())))
    lines = [_line(("statistic", *reasons)), _line(["---"] * (1 + len(reasons)))]
    lines += [_line((statistic, *(cells[reason] for reason in reasons))) for statistic, cells in found.items()]
    return "\n".join(lines) + "\n"


def files(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of each file of a row; a line that begins "9 * " is nine, each with its own number for {n}."""
    number, texts = 0, {}
    for name, lines in row["files"].items():
        written = []
        for line in lines:
            times, star, rest = line.partition(" * ")
            for _ in range(int(times) if star else 1):
                number += "{n}" in line
                written.append((rest if star else line).replace("{n}", str(number)) + "\n")
        texts[name] = "".join(written)
    return texts


def _cells(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"**{row['id']}**<br>" + "<br>".join(
        _file(*each) for each in row["files"].items() if each[0] != row.get("deadlines")
    )
    asked = [f"`{row['metric']}`, {row.get('judged', row['period'])}, as of {row['as_of']}"]
    asked += [f"where {name} = {', '.join(labels)}" for name, labels in row.get("where", {}).items()]
    asked += [f"`{name} = {way}`" for name, way in row.get("readings", {}).items()]
    asked += [f"by {', '.join(row['by'])}: {row['group']}"] if "by" in row else []
    asked += [f'`at_most = "{row["at_most"]}"`'] if "at_most" in row else []
    yield "<br>".join(asked)
    yield row["value"] if row["value"] != "none" else row["reason"]
    yield f"{row['low']} to {row['high']}" if row["low"] != "none" else ""
    yield ", ".join(f"{reason} {many}" for reason, many in row.get("doubt", {}).items())
    yield f"{row['target']}: {row['verdict']}"
    yield row["because"]


def _file(name: str, lines: list[str]) -> str:
    return f"{name}<br>" + "<br>".join(f"`{line}`" for line in lines)


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


if __name__ == "__main__":
    sys.stdout.write(page())
