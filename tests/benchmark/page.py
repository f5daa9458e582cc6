"""What is printed and written: Markdown tables of ratios, times and memory, and what they were measured with."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

import attrs

from tests.benchmark.contest import Comparison, Job, Run

LIBRARIES = ("numpy", "pandas", "polars", "duckdb", "pyarrow")
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


@attrs.frozen(kw_only=True)
class Measured:
    """The runs of one job with some number of threads."""

    job: Job
    threads: int
    runs: dict[str, list[Run]]

    def comparisons(self, rows: int) -> Iterable[list[str]]:
        """Yield a line for each comparison."""
        for each in self.job.comparisons:
            if rows >= each.from_rows and self.threads in (each.threads or (self.threads,)):
                yield [self.job.name, str(self.threads), each.words, *_figures(each, each.ratios(self.runs))]

    def times(self) -> Iterable[list[str]]:
        """Yield a line for each contender."""
        for name, runs in self.runs.items():
            peak = "" if self.job.data is None else f"{median(run.peak_mb for run in runs):.0f} MB"
            times = (_time(median(run.seconds for run in runs)), _time(median(run.cpu for run in runs)))
            yield [self.job.name, str(self.threads), name, *times, peak]


def written(measured: Sequence[Measured], rows: int, how: str) -> str:
    """Return the tables as Markdown; `how` says how they were measured."""
    compared = [line for each in measured for line in each.comparisons(rows)]
    times = [line for each in measured for line in each.times()]
    return "\n".join(
        [
            f"{how}, {os.cpu_count()} cores ({_processor()}), {platform.system()} {platform.machine()}, "
            + ", ".join([f"Python {platform.python_version()}"] + [f"{name} {version(name)}" for name in LIBRARIES])
            + ".\n",
            *_table(["job", "threads", "measure", "median", "least to most", "goal", "reached"], compared),
            "",
            *_table(["job", "threads", "contender", "median time", "processor time", "peak memory"], times),
            "",
            *dict.fromkeys(f"- `{each.job.name}`: {each.job.title}." for each in measured),
            "",
        ]
    )


def _processor() -> str:
    """Return what the processor calls itself, where the system says."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def write_into(page: Path, text: str) -> None:
    """Put the tables between the marks of a page, which keeps its own words."""
    whole = page.read_text(encoding="utf-8")
    if BEGIN not in whole or END not in whole:
        sys.exit(f"{page} has no lines {BEGIN.strip()} and {END.strip()} to write between")
    before, after = whole[: whole.index(BEGIN)], whole[whole.index(END) :]
    page.write_text(f"{before}{BEGIN}\n{text}\n{after}", encoding="utf-8")


def _figures(each: Comparison, ratios: list[float]) -> list[str]:
    spread = f"{min(ratios):.3g} to {max(ratios):.3g}"
    if each.goal is None:
        return [f"{median(ratios):.3g}", spread, "", ""]
    limit = "at least" if each.measure == "speed against" else "at most"
    return [f"{median(ratios):.3g}", spread, f"{limit} {each.goal:g}", "yes" if each.reached(ratios) else "no"]


def _time(seconds: float) -> str:
    if seconds < 1e-4:
        return f"{seconds * 1e6:.2f} µs"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _table(head: list[str], lines: Iterable[list[str]]) -> list[str]:
    return [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines)]
