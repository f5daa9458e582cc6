"""What is found and what is in doubt is the same however rows are spread over files and blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casequality.records import (
    Block,
    Findings,
    Records,
    amount,
    code,
    count,
    day,
    instant,
    key,
    many,
    ordered,
    source,
    span,
    sums,
)


class Letter(Records, name="letters"):
    case = key()
    sent_on = day()
    kind = code("delay", "answer", unknown="not stated")


class Matter(Records, name="matters"):
    case = key()
    received_on = day()
    seen_at = instant(missing="never", may_precede=True)
    closed_on = day(missing="still open")
    ending = code("granted", "refused", known_with="closed_on")
    office = code("north", "south", unknown="not stated")
    pages = count(unknown="not counted")
    paid = amount(decimals=2, missing="nothing")
    due = amount(decimals=2, missing="nothing")
    talked = span(missing="not timed")
    letters = many(Letter)
    rules = ordered("seen_at", "closed_on") + sums("due", plus=["paid"], at_least=True)


COLUMNS = [name for name in Matter.fields if name not in ("case", "letters")]
FIELDS = [*COLUMNS, "letters", "letters.sent_on", "letters.kind"]
VALUES: dict[str, list[str]] = {
    "received_on": ["2010-01-04", "", "soon", "1800-01-01", "1970-01-01"],
    "seen_at": ["2010-02-01T10:00Z", "", "2010-02-01", "2049-12-31T12:00Z"],
    "closed_on": ["2010-03-01", "", "2009-12-31", "2049-12-31", "?"],
    "ending": ["granted", "", "lost"],
    "office": ["north", "south", "", "east"],
    "pages": ["3", "", "-1", "9007199254740992", "4611686018427387904"],
    "paid": ["1.25", "", "1.255", "90071992547409.92"],
    "due": ["2", "1", "", "x"],
    "talked": ["20", "", "-1", "9007199254.740993", "4611686018426", "1e9", "9" * 400],
}
rows = st.lists(
    st.one_of(
        st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}),
        st.just({"ragged": "yes"}),
    ),
    max_size=12,
)
letters = st.lists(
    st.fixed_dictionaries(
        {
            "case": st.sampled_from(["1", "2", "3", "99", ""]),
            "sent_on": st.sampled_from(["2010-02-01", "2009-01-01", "soon", ""]),
            "kind": st.sampled_from(["delay", "", "lost"]),
        }
    ),
    max_size=6,
)


def line(number: int, row: dict[str, str]) -> str:
    return ",".join([str(number), *(row[name] for name in COLUMNS)]) if "ragged" not in row else f"{number},2010-01-04"


def written(folder: str, name: str, lines: Sequence[str]) -> Path:
    path = Path(folder) / name
    path.write_text("\n".join([",".join(["case", *COLUMNS]), *lines]) + "\n", encoding="utf-8")
    return path


def doubts(block: Block) -> list[tuple[Any, ...]]:
    """Return what is said of each record, for each field and for each child field."""
    asked = [{name} if "." not in name else {name, "letters"} for name in FIELDS]
    said = [
        mask
        for name, fields in zip(FIELDS, asked, strict=True)
        for mask in (
            block.records.in_doubt(fields),
            block.records.unknown(fields),
            block.records.unstated(fields),
            block.records.suspected(name),
            *(block.records.blurred(other, fields) for other in COLUMNS),
        )
    ]
    columns = [[False] * len(block.records) if mask is None else mask.tolist() for mask in said]
    return list(zip(*columns, strict=True))


def read(path: Any, letters: list[Any], block_rows: int) -> tuple[list[tuple[Any, ...]], Findings, Counter[Any]]:
    given_rows = source(path, Matter, zone="UTC", children={"letters": letters})
    reading = given_rows.reading(FIELDS, block_rows=block_rows)
    blocks = [block for part in reading.parts for block in part.blocks()]
    findings = sum((block.findings for block in blocks), reading.orphans())
    totals: Counter[Any] = Counter()
    for item in findings.items:
        totals[item.column, item.fault, item.fields] += item.count
    totals.update(findings.suspected)
    return [one for block in blocks for one in doubts(block)], findings, totals


@given(rows, letters, st.integers(1, 5), st.lists(st.integers(0, 12), max_size=3))
def test_a_whole_read_is_the_sum_of_its_parts(
    rows: list[dict[str, str]], letters: list[Any], block_rows: int, cuts: list[int]
) -> None:
    lines = [line(number, row) for number, row in enumerate(rows, start=1)]
    with TemporaryDirectory() as folder:
        said, findings, totals = read(written(folder, "whole.csv", lines), letters, 131_072)
        in_blocks = read(Path(folder) / "whole.csv", letters, block_rows)
        assert (in_blocks[0], in_blocks[1]) == (said, findings)
        edges = [0, *sorted(min(cut, len(lines)) for cut in cuts), len(lines)]
        paths = [
            written(folder, f"part-{number}.csv", lines[start:end])
            for number, (start, end) in enumerate(pairwise(edges))
        ]
        split, apart, parts = read(paths, letters, block_rows)
        assert (split, parts) == (said, totals)
        assert apart.adrift == findings.adrift
        before = {(path.name if len(paths) > 1 else None): start for path, start in zip(paths, edges, strict=False)}
        for item in findings.items:
            places = [
                row + before.get(one.file, 0)
                for one in apart.items
                if (one.column, one.fault, one.fields) == (item.column, item.fault, item.fields)
                for row in one.rows.tolist()
            ]
            assert sorted(places) == item.rows.tolist()


def test_every_kind_of_fault_occurs(tmp_path: Path) -> None:
    clean = {name: values[0] for name, values in VALUES.items()}
    wrong = [{**clean, name: value} for name, values in VALUES.items() for value in values]
    lines = [line(number, row) for number, row in enumerate([*wrong, {"ragged": "yes"}], start=1)]
    letters = [
        {"case": case, "sent_on": sent, "kind": kind}
        for case in ("1", "99", "")
        for sent in ("2010-02-01", "2009-01-01", "soon")
        for kind in ("delay", "", "lost")
    ]
    _, findings, _ = read(written(str(tmp_path), "all.csv", lines), letters, 3)
    assert {item.fault for item in findings.items} == {
        *("wrong number of columns", "unreadable value", "missing value", "unknown code", "below zero", "before 1900"),
        *("ended before it began", "closed_on before seen_at", "due is less than paid", "began before its parent"),
        "child without a parent",
    }
    assert findings.adrift == {"letters": 18}
    assert findings.suspected[("received_on", "1970-01-01")] == 1
