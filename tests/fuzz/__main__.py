"""Run the law of intake for as long as is asked: `python -m tests.fuzz --rows 10_000_000`, or `nox -s fuzz`."""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.fuzz.carriers import CARRIERS
from tests.fuzz.rounds import Broken, one_round


def main(arguments: list[str] | None = None) -> int:
    """Draw rounds until so many rows were drawn; return 1 where the law was broken, with the rows that break it."""
    parser = argparse.ArgumentParser(prog="nox -s fuzz --", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="rows to draw in all, 20 000 unless told")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no round after so many minutes")
    parser.add_argument("--most", type=int, default=50_000, help="rows that one round has at most")
    parser.add_argument("--seed", type=int, default=None, help="what all is drawn from; one of its own unless told")
    parser.add_argument(
        "--round", type=int, default=None, help="only this round, of --rows rows, as a failure names it"
    )
    parser.add_argument("--readers", nargs="+", choices=list(CARRIERS), default=list(CARRIERS), metavar="READER")
    parser.add_argument("--flips", type=int, default=None, help="damage each kind of stored file so often, and no rows")
    parser.add_argument("--kinds", default="", help="of stored files only those whose kind has these words in its name")
    parser.add_argument(
        "--faults", type=int, default=None, help="kill, starve and double each command so often, and no rows"
    )
    parser.add_argument("--kills", type=int, default=None, help="kill writers to a store so often, and no rows")
    asked = parser.parse_args(arguments)
    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    if (asked.flips, asked.faults, asked.kills) != (None, None, None):
        return _of_files(asked.flips or 0, asked.kinds, asked.faults or 0, asked.kills or 0, seed)
    left, number, begun = asked.rows, 0, time.monotonic()
    while left > 0 and time.monotonic() - begun < 60 * asked.minutes:
        # as often few rows as many: small blocks and odd neighbours show in few, partitions in many
        most = min(asked.most, left)
        rows = int(np.exp(np.random.default_rng([seed, number, 1]).uniform(0, np.log(most + 1))))
        number, rows = (number, rows) if asked.round is None else (asked.round, asked.rows)
        try:
            one_round(seed, number, rows, asked.readers)
        except Broken as broken:
            print(f"The law of intake is broken: {broken}", file=sys.stderr)
            return 1
        left, number = left - rows, number + 1
        if number % 50 == 0:
            print(_told(asked.rows - left, number, len(asked.readers), seed), file=sys.stderr, flush=True)
    print(_told(asked.rows - left, number, len(asked.readers), seed))
    return 0


def _told(rows: int, rounds: int, readers: int, seed: int) -> str:
    """Say what was run: a reading is one row that one reader brought; the way compared with is not counted."""
    return (
        f"{rows:,} rows drawn in {rounds:,} rounds, each read by {readers} readers: {rows * readers:,} readings of "
        f"rows, {time.process_time():.0f} CPU seconds, seed {seed}"
    )


def _of_files(flips: int, kinds: str, faults: int, kills: int, seed: int) -> int:
    """Damage stored files, disturb commands, and kill writers to a store; print how often and what came of it."""
    from tests.fuzz.faults import faults as disturbed
    from tests.fuzz.flips import flipped, stored_files

    try:
        with TemporaryDirectory() as folder:
            for kind in stored_files(Path(folder)) if flips else ():
                if kinds not in kind.kind:
                    continue
                found = flipped(kind, flips, np.random.default_rng(seed))
                print(
                    f"{kind.kind}: {flips:,} times, {found['refused']:,} refused, {found['the same']:,} the same",
                    flush=True,
                )
        if faults:
            for what, times in sorted(disturbed(faults, seed).items()):
                print(f"{what}: {times:,}")
        if kills:
            from tests.fuzz.kills import kills as killed  # a writer's process loads what stands here again

            for told in killed(kills, seed):
                print(told, flush=True)
    except AssertionError as broken:
        print(f"Broken, seed {seed}: {broken}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
