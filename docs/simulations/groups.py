"""Two ways of handling that make no difference, easy cases first: `python docs/simulations/groups.py [seeds] [cases]`.

Complaints are of three types that take 10, 30 and 60 days on average and are withdrawn in 50, 30 and 10 of 100 cases,
whichever way they are handled. Of the easy ones 80 % are handled by contact, of the others 50 and 20 %. Cases come in
over a year, and somebody asks at its end. So contact looks quicker, and is not.
"""

from __future__ import annotations

import sys

import numpy as np

from casequality.evidence.scrutiny import Comparison, compare_groups

MEAN, WITHDRAWN, BY_CONTACT = np.array([10, 30, 60]), np.array([0.5, 0.3, 0.1]), np.array([0.8, 0.5, 0.2])
TYPES = np.array(["easy", "usual", "hard"])
WITHIN = 60


def compared(seed: int, cases: int) -> Comparison:
    """Return the two ways side by side, as they stand at the end of the year."""
    draw = np.random.default_rng(seed)
    kind = draw.integers(0, 3, cases)
    contact = draw.random(cases) < BY_CONTACT[kind]
    took = np.ceil(draw.exponential(MEAN[kind]))
    seen = np.floor(draw.uniform(0, 365, cases)) + 1
    end = np.where(draw.random(cases) < WITHDRAWN[kind], "withdrawn", "decided")
    still = took > seen
    return compare_groups(
        contact,
        TYPES[kind].tolist(),
        np.where(still, seen, took),
        np.where(still, "", end).tolist(),
        within=WITHIN,
        called=("contact", "letter"),
    )


def main(seeds: int, cases: int) -> None:
    """Print how far the two seem apart, and how often the interval at the same mix covers no difference."""
    found = [compared(seed, cases) for seed in range(seeds)]
    crude = [each.days.crude / (each.days.second or 1) for each in found]
    print(f"{seeds} seeds of {cases:,} cases; no difference is true. Without regard to types: {np.mean(crude):+.0%}")
    figures = {"days": [each.days for each in found]}
    figures |= {name: [each.ends[name] for each in found] for name in ("decided", "withdrawn")}
    for name, apart in figures.items():
        covered = sum(each.low <= 0 <= each.high for each in apart)
        print(
            f"{name:10} covered in {covered} of {seeds}; on average {np.mean([each.difference for each in apart]):+.3f}"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or ("1000", "2000")))
