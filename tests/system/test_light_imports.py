"""What is imported, and what says so where it is not there: each in a Python of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest


def test_nothing_heavy_is_imported_until_it_is_needed() -> None:
    program = (
        "import sys, casequality.records as r;"
        "C = type('C', (r.Records,), {'k': r.key(), 'on': r.day()}, name='c');"
        "s = r.source([{'k': 1, 'on': '2010-06-01'}], C);"
        "[list(p.blocks()) for p in s.reading(['on']).parts];"
        "print([m for m in ('pyarrow', 'pandas', 'polars', 'duckdb', 'openpyxl', 'holidays') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("module", "make", "extra"),
    [
        ("pyarrow", "'a.parquet'", "arrow"),
        ("openpyxl", "'a.xlsx'", "excel"),
        ("pyarrow", "type('S', (), {'__arrow_c_stream__': None})()", "arrow"),
    ],
)
def test_a_library_that_is_not_there_is_named_with_its_extra(module: str, make: str, extra: str, tmp_path: Any) -> None:
    for name in ("a.parquet", "a.xlsx"):
        (tmp_path / name).write_bytes(b"x")
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
