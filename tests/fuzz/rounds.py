"""Rounds of the law of intake: whoever brings the rows, in whatever order and blocks, tallies are the same bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import numpy as np

from casequality.engines import InProcess
from casequality.errors import CaseQualityError
from casequality.metrics import Tally, stored
from casequality.records import Source, SourceReading, source
from casequality.records.intake.faults import TOTALS
from tests.fuzz.carriers import CARRIERS, carried, parser_of, shuffled
from tests.fuzz.drawn import AS_OF, MAPPING, QUESTIONS, Case, Drawn, Letter, drawn

BLOCK_ROWS = 262_144
MOST_BLOCKS = 300


class Broken(AssertionError):
    """The law does not hold; it says how to draw the same rows again."""


@attrs.frozen
class Way:
    """How one reader brings the rows: who brings cases and letters, in which order, in blocks of how many rows."""

    cases: str
    letters: str
    seed: int
    in_order: bool
    block_rows: int
    threads: int

    @classmethod
    def drawn(cls, name: str, random: np.random.Generator, rows: int) -> Way:
        """Return a way of this reader; so that no round takes for ever, no block is a sliver of many rows."""
        least = max(1, rows // MOST_BLOCKS)
        block = int(np.exp(random.uniform(np.log(least), np.log(BLOCK_ROWS))))
        letters = str(random.choice([each for each in CARRIERS if "folders" not in each]))
        return cls(
            name, letters, int(random.integers(2**31)), bool(random.integers(2)), block, int(random.choice([1, 2]))
        )


@attrs.define
class Blocks:
    """A source that is read in blocks of so many rows."""

    given: Source
    block_rows: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.given, name)

    def reading(self, fields: Collection[str], **options: Any) -> SourceReading:
        """Return a reading as the engine asks for it."""
        return self.given.reading(fields, **{**options, "block_rows": self.block_rows})


def counted(rows: Drawn, way: Way, folder: Path) -> list[bytes] | str:
    """Return the stored tallies, which add up, or what was refused; anything else that comes out is a fault."""
    random = np.random.default_rng(way.seed)
    if not way.in_order:
        sizes = len(rows.cases["case"]), len(rows.letters["case"])
        rows = rows.taken(shuffled(random, sizes[0]), shuffled(random, sizes[1]))
    with contextlib.ExitStack() as stack:
        for name in {way.cases, way.letters}:
            stack.enter_context(parser_of(name))
        try:
            below = carried(way.letters, rows.letters, folder / "below", typed=rows.typed)
            children = {"letters": source(below.pop("data"), Letter, **below, zone="UTC")}
            given = carried(way.cases, rows.cases, folder / "above", typed=rows.typed)
            made = source(given.pop("data"), Case, **given, **MAPPING, children=children)
            blocks: Any = Blocks(made, way.block_rows)
            tallies = InProcess(threads=way.threads).tally(QUESTIONS, blocks, AS_OF)
        except CaseQualityError as error:
            return f"refused: {error}"
    for tally, _ in tallies:
        accounts = tally.accounts
        told = int(tally.values[0].sum()) + accounts.set_aside + accounts.later + accounts.elsewhere
        if accounts.read != len(rows.cases["case"]) or told != accounts.read:
            return f"{tally.assumed.metric}: {told} told of {accounts}"
    return [stored.to_bytes(without_notices(tally)) for tally, _ in tallies]


def without_notices(tally: Tally) -> Tally:
    """Return a tally without what is said of the last row of a file, and so of the order of its rows, and only said."""
    said = {name: rows for name, rows in tally.accounts.findings.items() if not name.endswith(TOTALS)}
    return attrs.evolve(tally, accounts=attrs.evolve(tally.accounts, findings=said))


def one_round(seed: int, number: int, rows: int, readers: Collection[str] = CARRIERS) -> None:
    """Draw so many rows and read them in every way; raise `Broken` where two ways disagree or one raises."""
    random = np.random.default_rng([seed, number])
    delivery = drawn(random, rows)
    ways = [Way.drawn(name, random, rows) for name in readers]
    first = attrs.evolve(ways[0], in_order=True, block_rows=BLOCK_ROWS)
    with TemporaryDirectory() as made:
        folder = Path(made)

        expected_of_all = counted(delivery, first, folder)

        def fault(rows: Drawn, way: Way) -> str | None:
            expected = expected_of_all if rows is delivery else counted(rows, first, folder)
            if isinstance(expected, str):
                return f"the first way: {expected}"
            try:
                found = counted(rows, way, folder)
            except Exception as error:  # noqa: BLE001  that nothing else comes out is what is tried
                return f"{type(error).__name__}: {error}"
            if isinstance(found, str):
                return found
            return None if found == expected else "other bytes: " + ", ".join(differences(found, expected))

        for way in ways:
            told = fault(delivery, way)
            if told is not None:
                small = smallest(delivery, lambda rows, way=way: fault(rows, way) is not None)  # type: ignore[misc]
                raise Broken(
                    f"--seed {seed} --round {number} --rows {rows}\n{way}\n{told}\n{fault(small, way)}\n{small}"
                )


def differences(found: list[bytes], expected: list[bytes]) -> Iterator[str]:
    """Yield what differs, by metric."""
    for one, other in zip(found, expected, strict=True):
        if one != other:
            mine, theirs = stored.from_bytes(one), stored.from_bytes(other)
            yield (
                f"{mine.assumed.metric}: {mine.accounts} and {theirs.accounts}"
                if mine.accounts != theirs.accounts
                else str(mine.assumed.metric)
            )


def smallest(rows: Drawn, fails: Callable[[Drawn], bool], tries: int = 150) -> Drawn:
    """Return fewer rows that fail too, left out stretch by stretch."""
    for below in (False, True):
        size = max(1, len((rows.letters if below else rows.cases)["case"]) // 2)
        while size and tries > 0:
            start = 0
            while start < (count := len((rows.letters if below else rows.cases)["case"])) and tries > 0:
                left = [row for row in range(count) if not start <= row < start + size]
                kept = [*range(len(rows.cases["case"]))], [*range(len(rows.letters["case"]))]
                fewer = rows.taken(*((kept[0], left) if below else (left, kept[1])))
                tries -= 1
                if fails(fewer):
                    rows = fewer
                else:
                    start += size
            size //= 2
    return rows
