"""Real deliveries looked at, pasted and read, against what the standard library's reader says of them."""

from __future__ import annotations

import csv
import gzip
import shutil
from pathlib import Path

import pytest

import casequality as cq
from casequality.desk import Look
from casequality.desk.looking.fitting import Fit, fed_by, sources_table
from casequality.desk.projects import load_project
from casequality.records import Records, Source, code, day, instant, key
from tests.factories.records import read
from tests.shared import shared


class Request(Records, name="requests"):
    case_enquiry_id = key()
    opened_at = instant()
    target_at = instant(missing="no target", planned=True)
    closed_at = instant(missing="open")
    status = code("ONTIME", "OVERDUE", missing="none")


class Access(Records, name="access"):
    tracking_number = key()
    submitted_on = day()
    closed_on = day(missing="open")
    disposition = code()


def pasted(looked: Look, records: type[Records], folder: Path, zone: str) -> Source:
    """Return the source that the proposed table opens, for a record type that no plugin offers."""
    fit = Fit(records, (), tuple(fed_by(records, looked.profile)))
    table = "\n".join(sources_table(fit, looked.profile, looked.given, None))
    path = folder / "casequality.toml"
    path.write_text(f'title = "Pasted"\ngoals = []\nzone = "{zone}"\n{table}\n', encoding="utf-8")
    project = load_project(path)
    return project.sources[records.name].open(records, project.zone)


def test_requests_to_the_city_of_boston(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shared("data/boston_311/requests_2015H1.csv.gz")
    shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    looked = cq.look(path.name)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    seen = {column.name: column for column in looked.profile.columns}
    assert looked.profile.rows == len(rows) == 58_119
    for name, column in seen.items():
        assert column.blank == sum(not row[str(name)].strip() for row in rows)
    for name in ("SUBJECT", "Source", "OnTime_Status"):
        assert seen[name].distinct == len({row[name] for row in rows} - {""})
    for name in ("OPEN_DT", "CLOSED_DT"):
        days = [row[name][:10] for row in rows if row[name]]
        assert (str(seen[name].first), str(seen[name].last)) == (min(days), max(days))
    assert seen["CASE_ENQUIRY_ID"].repeats == len(rows) - len({row["CASE_ENQUIRY_ID"] for row in rows})
    found = read(pasted(looked, Request, tmp_path, "America/New_York"), list(Request.fields))
    judged = [row for row in found.rows if row["closed_at"] and row["target_at"] and row["status"]]
    # as tests/real/test_real_intake.py has it of the mapping written by hand
    assert (len(judged), sum(row["status"] == "ONTIME" for row in judged)) == (37_217, 27_255)


def test_requests_for_access_written_in_american_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(shared("data/foia_log_doj_2017/requests.csv"), tmp_path)
    monkeypatch.chdir(tmp_path)
    found = read(pasted(cq.look("requests.csv"), Access, tmp_path, "America/New_York"), list(Access.fields))
    assert (found.read, found.findings.items) == (244, ())
    lengths = sorted((row["closed_on"] - row["submitted_on"]).days for row in found.rows)
    assert (lengths[121] + lengths[122]) / 2 == 48


def test_calls_to_a_bank() -> None:
    path = shared("data/calls_february_1999/calls.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    seen = {column.name: column for column in cq.look(path).profile.columns}
    assert seen["outcome"].counts == (27_162, 5_904, 278)
    assert seen["outcome"].distinct == len({row["outcome"] for row in rows})
    assert (seen["no_server"].kind, seen["vru_entry"].kind, seen["call_id"].kind) == (
        "flag",
        "length of time",
        "whole number",
    )
    assert seen["q_time"].heaviest == sum(row["q_time"] == "0" for row in rows)
