"""Files that ask for more than they can mean: read or refused in the memory and time that the documentation states."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

for needed in ("openpyxl", "pyarrow", "python_calamine", "casequality_case_flow"):
    pytest.importorskip(needed)

import pyarrow as pa
import pyarrow.parquet as pq

from tests.unit.records.intake.test_excel import BOMB, HEADER, MAIN, row, zipped

if os.name != "posix":
    pytest.skip("limits of a process are set as POSIX has them", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
STATED = {each["id"]: each for each in tomllib.loads((ROOT / "docs/intake.toml").read_text("utf-8"))["hostile"]}
READ = """
import resource, sys
from pathlib import Path
from casequality.errors import CaseQualityError
from casequality.records import Records, day, key, source

class Case(Records, name="cases"):
    case = key()
    received_on = day(missing="none")

memory, seconds = int(sys.argv[1]) * 10**6, int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
for path in map(Path, sys.argv[3:]):
    try:
        if ".xes" in path.name:
            from casequality_case_flow.xes import read_xes
            found = len(read_xes(path).cases)
        else:
            parts = source(path, Case).reading(Case.fields).parts
            found = sum(block.read for part in parts for block in part.blocks())
        print(found)
    except CaseQualityError as refused:
        print("refused:", str(refused).splitlines()[0])
"""


def packed(path: Path, piece: bytes, times: int, before: bytes = b"", after: bytes = b"") -> Path:
    with gzip.open(path, "wb", 1) as file:
        file.write(before)
        for _ in range(times):
            file.write(piece)
        file.write(after)
    return path


def one_line(folder: Path) -> list[Path]:
    return [packed(folder / "a.csv.gz", b"x" * 2**20, 190, b"case,received_on\n1,")]


def blank_lines(folder: Path) -> list[Path]:
    return [packed(folder / "a.csv.gz", b"\n" * 2**20, 190, b"case,received_on\n1,2010-06-01\n")]


def zip_bomb(folder: Path) -> list[Path]:
    rows = f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{row(2)}{" " * 2**25}</sheetData></worksheet>'
    return [zipped(folder / "a.xlsx", rows)]


def zip_bomb_ods(folder: Path) -> list[Path]:
    with ZipFile(folder / "a.ods", "w", ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", "<a>" + " " * 2**27)
    return [folder / "a.ods"]


def entities(folder: Path) -> list[Path]:
    sheet = (
        f'<!DOCTYPE a [{BOMB}]><worksheet xmlns="{MAIN}"><sheetData>{HEADER}<row r="2"><c r="A2"><v>&e8;</v></c></row>'
    )
    (folder / "a.xes").write_text(f'<!DOCTYPE log [{BOMB}]><log><trace><string key="&e8;" value="&e8;"/></trace></log>')
    return [zipped(folder / "a.xlsx", f"{sheet}</sheetData></worksheet>"), folder / "a.xes"]


def deep_sheet(folder: Path) -> list[Path]:
    return [zipped(folder / "a.xlsx", f'<worksheet xmlns="{MAIN}"><sheetData>{HEADER}{row(2)}' + "<a>" * 2_000_000)]


def deep_log(folder: Path) -> list[Path]:
    return [packed(folder / "a.xes.gz", b"<a>" * 2**20, 100, b"<log>")]


def log_bomb(folder: Path) -> list[Path]:
    return [packed(folder / "a.xes.gz", b"<event/>" * 2**17, 240, b"<log><trace>", b"</trace></log>")]


def attribute(folder: Path) -> list[Path]:
    # of two letters at random, which pack so little that it is no bomb
    value = os.urandom(25 * 10**6).hex().encode()
    return [
        packed(folder / "a.xes.gz", value, 1, b'<log><trace><string key="concept:name" value="', b'"/></trace></log>')
    ]


def row_groups(folder: Path) -> list[Path]:
    table = pa.table({"case": [1], "received_on": ["2010-06-01"]})
    with pq.ParquetWriter(folder / "a.parquet", table.schema) as file:
        for _ in range(33_000):
            file.write_table(table)
    return [folder / "a.parquet"]


def long_row(folder: Path) -> list[Path]:
    table = pa.table({"case": ["x" * 400_000_000], "received_on": ["2010-06-01"]})
    pq.write_table(table, folder / "a.parquet", compression="zstd", use_dictionary=False, write_statistics=False)
    return [folder / "a.parquet"]


MADE: dict[str, tuple[Callable[[Path], list[Path]], str]] = {
    "line": (one_line, "refused: "),
    "blank-lines": (blank_lines, "1"),
    "zip-bomb": (zip_bomb, "refused: A file cannot be read as an Excel workbook"),
    "zip-bomb-ods": (zip_bomb_ods, "refused: A file cannot be read as an Excel workbook"),
    "entities": (entities, "refused: "),
    "deep-sheet": (deep_sheet, "refused: A file cannot be read as an Excel workbook"),
    "deep-log": (deep_log, "refused: A log has more elements within each other"),
    "log-bomb": (log_bomb, "refused: A log is packed tighter"),
    "attribute": (attribute, "refused: A log has an element that is longer"),
    "row-groups": (row_groups, "refused: A Parquet file has more row groups"),
    "long-row": (long_row, "refused: A Parquet file has rows that are longer"),
}


def test_each_limit_that_is_stated_is_tried() -> None:
    assert STATED.keys() == MADE.keys()


@pytest.mark.parametrize("name", MADE)
def test_a_hostile_file(name: str, tmp_path: Path) -> None:
    make, told = MADE[name]
    stated: dict[str, Any] = STATED[name]
    paths = [str(path) for path in make(tmp_path)]
    limits = [str(stated["memory"]), str(stated["seconds"])]
    done = subprocess.run(
        [sys.executable, "-c", READ, *limits, *paths],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"},
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, len(lines)) == (0, len(paths)), done.stderr
    assert all(line.startswith(told) for line in lines), lines
