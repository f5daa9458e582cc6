"""What importing the days floor brings with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from casequality.days.calendars import closing_days


def test_importing_days_is_light() -> None:
    heavy = "holidays pandas pyarrow polars duckdb openpyxl matplotlib"
    program = f"import sys, casequality.days; print(*(set({heavy.split()!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert run.stdout.split() == []


def test_the_table_of_closing_days_is_printed_as_it_is_shipped() -> None:
    script = Path(__file__).resolve().parents[2] / "docs/closing_days.py"
    run = subprocess.run([sys.executable, "-X", "utf8", str(script)], capture_output=True, check=True)
    assert run.stderr == b""
    printed = run.stdout.decode().splitlines()
    shipped = closing_days()

    assert printed[0] == "date,da,en,calendars"
    assert [line[:10] for line in printed[1:]] == [closing.day.isoformat() for closing in shipped]
