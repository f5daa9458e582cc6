"""What is imported, and what says so where it is not there: each in a Python of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import casequality as cq


def test_importing_the_root_loads_nothing_that_is_heavy() -> None:
    loaded = "[name for name in sys.modules if name.startswith('casequality.')]"
    program = f"import sys, casequality; print('numpy' in sys.modules, {loaded})"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False []\n"


def test_nothing_heavy_is_imported_until_it_is_needed() -> None:
    program = (
        "import sys, casequality.records as r;"
        "C = type('C', (r.Records,), {'k': r.key(), 'on': r.day()}, name='c');"
        "s = r.source([{'k': 1, 'on': '2010-06-01'}], C);"
        "[list(p.blocks()) for p in s.reading(['on']).parts];"
        "heavy = ('pyarrow', 'pandas', 'polars', 'duckdb', 'python_calamine', 'openpyxl', 'holidays');"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("module", "make", "extra"),
    [
        ("pyarrow", "'a.parquet'", "arrow"),
        ("python_calamine", "'a.xls'", "excel"),
        ("pyarrow", "type('S', (), {'__arrow_c_stream__': None})()", "arrow"),
        ("fsspec", "'https://example.invalid/a.csv'", "remote"),
        ("aiohttp", "'https://example.invalid/a.csv'", "remote"),
        ("s3fs", "'s3://example/a.csv'", "remote"),
        ("deltalake", "'table'", "delta"),
    ],
)
def test_a_library_that_is_not_there_is_named_with_its_extra(module: str, make: str, extra: str, tmp_path: Any) -> None:
    for name in ("a.parquet", "a.xls"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "table" / "_delta_log").mkdir(parents=True)
    program = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "import casequality.records as r\n"
        "from casequality.errors import InputError\n"
        "C = type('C', (r.Records,), {'k': r.key()}, name='c')\n"
        f"try: r.source({make}, C)\n"
        "except InputError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert f"pip install 'casequality[{extra}]'" in done.stdout


def test_tables_need_none_of_the_libraries_of_a_report() -> None:
    code = "import sys, casequality.reports; print(sorted({'jinja2', 'babel', 'matplotlib'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_kit_is_not_loaded_before_it_is_used() -> None:
    code = "import casequality.testing.pytest_plugin, sys; print('hypothesis' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


WITHOUT_PANDAS = """
import datetime as dt
import sys
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

from casequality.records import Records, amount, code, day, flag, instant, key, source, span


class Case(Records, name="cases"):
    case = key()
    received_on = day()
    seen_at = instant(missing="never")
    unit = code(missing="none")
    paid = amount(decimals=2, missing="nothing")
    waited = span(missing="not measured")
    informed = flag(missing="not said")


class Streamed:
    def __init__(self, table):
        self.table = table

    def __len__(self):
        return len(self.table)

    def __arrow_c_stream__(self, schema=None):
        return self.table.__arrow_c_stream__(schema)


seen = dt.datetime(2010, 6, 1, 12, tzinfo=dt.UTC)
kept = {"received_on": seen.date(), "seen_at": seen, "unit": "north", "paid": 1.5, "waited": 2.0, "informed": True}
rows = [{"case": f"A{number % 50}", **kept} for number in range(100)]
frame, folder = pl.from_dicts(rows), Path(sys.argv[1])
table = pa.RecordBatchReader.from_stream(frame).read_all()
frame.write_parquet(folder / "a.parquet")
frame.write_csv(folder / "a.csv")
for name, data in {
    "rows": rows,
    "csv": folder / "a.csv",
    "parquet": folder / "a.parquet",
    "table": table,
    "batch": table.to_batches()[0],
    "stream": table.to_reader(),
    "object": Streamed(table),
    "polars": frame,
    "categories": frame.with_columns(pl.col("unit").cast(pl.Categorical)),
    "query": frame.lazy(),
    "duckdb": duckdb.connect().from_arrow(table),
}.items():
    for keys in ("in passing", "partitioned"):
        if (name, keys) == ("stream", "in passing"):
            continue
        reading = source(data, Case, zone="UTC").reading(list(Case.fields), keys=keys)
        found = sum(len(block.records) for part in reading.parts for block in part.blocks())
        assert found == (50 if keys == "partitioned" else 100), (name, keys, found)
    assert "pandas" not in sys.modules, name
"""


def test_pandas_is_imported_by_no_reader_of_other_data(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    command = [sys.executable, "-c", WITHOUT_PANDAS, str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


LATE = ("numpy", "rich", "pydantic", "dateutil", "zoneinfo", "pluggy")
"""What neither the list of commands nor the version needs."""
OF_OTHERS = ("rich", "holidays", "pluggy", "pandas", "pyarrow", "jinja2", "matplotlib", "hypothesis")
FLOORS = tuple(
    f"casequality.{floor}" for floor in ("records", "metrics", "evidence", "goals", "reports", "host", "desk")
)


def loaded(words: str, unneeded: tuple[str, ...], folder: Path) -> str:
    """Return which of some modules a command loads, in a process of its own; its result must be printed."""
    program = (
        f"import atexit, sys; sys.argv = ['casequality', *{words.split()!r}]\n"
        f"names = {unneeded!r}\n"
        "atexit.register(lambda: print('LOADED', [name for name in names if name in sys.modules], file=sys.stderr))\n"
        "from casequality.cli import main; main()"
    )
    environ = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ, cwd=folder)
    assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr
    return done.stderr.rpartition("LOADED ")[2].strip()


@pytest.mark.parametrize(
    ("words", "unneeded"),
    [
        ("--help", (*LATE, *OF_OTHERS, *FLOORS, "casequality.days", "casequality.deadlines", "casequality.cli.words")),
        ("--version", (*LATE, *OF_OTHERS, *FLOORS, "casequality.days", "casequality.deadlines")),
        ("--show-completion bash", (*LATE[:2], *OF_OTHERS, *FLOORS, "casequality.days", "casequality.deadlines")),
        ("deadline copenhagen/reply-guarantee 2010-04-22", ("pydantic", *OF_OTHERS, *FLOORS)),
        ("deadline copenhagen/reply-guarantee 2010-04-22 --explain --lang da", ("pydantic", *OF_OTHERS, *FLOORS)),
        ("deadline --help", ("pydantic", *OF_OTHERS, *FLOORS)),
    ],
)
def test_a_command_loads_what_it_needs(words: str, unneeded: tuple[str, ...], tmp_path: Path) -> None:
    pytest.importorskip("typer", reason="the command line needs casequality[cli]")
    assert loaded(words, unneeded, tmp_path) == "[]"


FRAMES = ("pandas", "polars", "duckdb", "pyspark", "scipy", "matplotlib", "PIL", "fontTools", "weasyprint")
FILES = ("openpyxl", "python_calamine", "fsspec", "deltalake", "adbc_driver_manager", "arrow_odbc", "keyring")
OTHER_WORK = (
    *("hypothesis", "pytest", "rich", "pydantic", "holidays", "casequality.testing", "casequality.engines.spark"),
    *(f"casequality.evidence.{each}" for each in ("sampling", "mix", "queues")),
)
NOT_MEASURING = ("casequality.desk.published",)
NEVER = (*FRAMES, *FILES, *OTHER_WORK)
NOT_REPORTING = (
    *("casequality.evidence.disclosure.disclosing", "casequality.evidence.disclosure.ledger"),
    *("casequality.evidence.scrutiny", "casequality.goals.benchmarking", "casequality.goals.published"),
    *("casequality.reports.disclosed", "casequality.reports.published", "casequality.reports.scrutinised"),
    *("casequality.reports.formats.manifest", "casequality.reports.formats.seals", "html.parser"),
    *(f"casequality.desk.{each}" for each in ("comparing", "keeping", "measuring", "published", "results", "worklist")),
    *("casequality.desk.judging.readings", "casequality.desk.judging.scrutiny"),
    *("casequality.records.intake.profile", "casequality.records.intake.ways"),
)
"""What publishes, keeps, compares, verifies, lists cases or looks into a file."""
PROJECT = "casequality.toml --period 2010-Q1 --as-of 2010-08-01"


@pytest.mark.parametrize(
    ("words", "unneeded"),
    [
        ("measure example.answered-in-time letters.csv --as-of 2010-08-01", (*NOT_MEASURING, "jinja2")),
        (f"report {PROJECT}", (*NOT_REPORTING, "jinja2")),
        (f"report {PROJECT} --out report.html", NOT_REPORTING),
        ("goals list goals.toml", ("pyarrow", "jinja2", "casequality.desk.published")),
        ("look huslejesager.csv", (*NOT_MEASURING, "jinja2")),
        ("metrics list", (*NOT_MEASURING, "pyarrow", "jinja2")),
        ("store list store", ("pyarrow", "jinja2", "casequality.desk.published")),
        ("store --help", ("pyarrow", "jinja2", "casequality.desk.published")),
        ("plugins", (*NOT_MEASURING, "pyarrow", "jinja2")),
    ],
)
def test_a_command_that_measures_judges_or_keeps_loads_nothing_of_other_work(
    words: str, unneeded: tuple[str, ...], tmp_path: Path
) -> None:
    pytest.importorskip("typer", reason="the command line needs casequality[cli]")
    pytest.importorskip("casequality_rent_tribunal", reason="the project that is written is of its metrics")
    from casequality.cli.authoring import write_project

    write_project(tmp_path)
    tmp_path.joinpath("letters.csv").write_text("letter,received_on,answered_on\n1,2010-06-01,2010-06-02\n")
    if words.startswith("store list"):
        counted = cq.tally(["example.answered-in-time"], tmp_path / "letters.csv", as_of="2010-08-01")
        cq.store(tmp_path / "store").put(counted, who="101", period="2010-06", extract="2010-08-01")
    assert loaded(words, (*NEVER, *unneeded), tmp_path) == "[]"


def test_a_report_from_csv_loads_no_library_of_frames_or_drawings(tmp_path: Path) -> None:
    """A page is drawn by the core itself; in one process, since what a command's child loads is not told."""
    pytest.importorskip("typer", reason="the command line needs casequality[cli]")
    pytest.importorskip("casequality_rent_tribunal", reason="the project that is written is of its metrics")
    heavy = "pandas matplotlib polars duckdb pyspark scipy weasyprint fontTools openpyxl python_calamine holidays PIL"
    program = (
        "import sys, pathlib, casequality.cli.report\n"
        "from casequality.cli.authoring import write_project\n"
        "from casequality.desk import assess_project\n"
        "write_project(pathlib.Path('.'))\n"
        "page = assess_project('casequality.toml', period='2010-Q1', as_of='2010-08-01').page()\n"
        f"print('<svg' in page, 'jinja2' in sys.modules, [each for each in {heavy.split()} if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.stdout == "True True []\n", done.stderr
