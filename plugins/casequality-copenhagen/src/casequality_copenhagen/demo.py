"""The demonstration: `python -m casequality_copenhagen.demo <folder>` writes the example project and judges it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from casequality_copenhagen.example import write

USAGE = "usage: python -m casequality_copenhagen.demo <folder>"
PERIOD, AS_OF = "2010-H1", "2010-08-01"


def main(words: list[str]) -> int:
    """Write the example into a folder, report on it, and print the report's path last; return the exit code."""
    if len(words) != 1 or words[0].startswith("-"):
        sys.stderr.write(f"{USAGE}\n")
        return 2
    folder = Path(words[0]).resolve()
    report = folder / "report.html"
    write(folder)
    command = ["report", str(folder / "casequality.toml"), "--period", PERIOD, "--as-of", AS_OF, "--out", str(report)]
    done = subprocess.run([sys.executable, "-m", "casequality", *command], check=False)  # noqa: S603  our own words
    if done.returncode == 0:
        sys.stdout.write(f"\n{report}\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
