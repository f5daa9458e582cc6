"""Files of a web server: what is fetched of it, what is refused, and that no secret is told."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import logging
import pickle
import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp")
pytest.importorskip("cryptography")
pytest.importorskip("fsspec")
pytest.importorskip("openpyxl")
pytest.importorskip("pyarrow")
pytest.importorskip("xlwt")

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt  # type: ignore[import-untyped]

import casequality as cq
from casequality.desk.projects import load_project
from casequality.engines import InProcess
from casequality.errors import InputError, UsageError
from casequality.records import Records, code, day, key, source
from casequality.records.intake.readers import remote
from tests.factories.metrics import Good
from tests.factories.records import read
from tests.factories.stores import Web, certificate, web_server

SECRET = "sig=so-secret-that-no-message-has-it"


class Letter(Records, name="letters"):
    case = key()
    received_on = day()
    unit = code(missing="not said")


FIELDS = ["case", "received_on", "unit"]
ROWS = [{"case": at, "received_on": dt.date(2010, 6, at), "unit": "ab"[at % 2]} for at in range(1, 9)]


def csv(rows: list[dict[str, Any]]) -> bytes:
    return ("case,received_on,unit\n" + "".join("{case},{received_on},{unit}\n".format(**row) for row in rows)).encode()


def parquet(rows: list[dict[str, Any]], **options: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file, **options)
    return file.getvalue()


def xlsx(rows: list[dict[str, Any]]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (FIELDS, *(row.values() for row in rows)):
        book.worksheets[0].append(list(row))
    book.save(file)
    return file.getvalue()


def xls(rows: list[dict[str, Any]]) -> bytes:
    book, file = xlwt.Workbook(), io.BytesIO()
    page = book.add_sheet("Sheet")
    for place, row in enumerate((FIELDS, *(row.values() for row in rows))):
        for column, value in enumerate(row):
            page.write(place, column, str(value) if isinstance(value, dt.date) else value)
    book.save(file)
    return file.getvalue()


FILES = {
    "/x.csv": csv(ROWS),
    "/x.csv.gz": gzip.compress(csv(ROWS)),
    "/x.parquet": parquet(ROWS, row_group_size=3),
    "/x.xlsx": xlsx(ROWS),
    "/x.xls": xls(ROWS),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def web(made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A web server whose certificate is known, as an office's own authority would be."""
    monkeypatch.setenv("SSL_CERT_FILE", str(made[0]))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with web_server(made) as server:
        server.files = dict(FILES)
        yield server


@pytest.mark.parametrize("ranges", [True, False], ids=["by ranges", "as a whole"])
@pytest.mark.parametrize("name", FILES)
def test_the_rows_are_those_of_the_file(name: str, ranges: bool, web: Web) -> None:
    web.ranges = ranges
    letters = source(web.url + name, Letter)
    for fields in (FIELDS, ["unit"], FIELDS):
        assert read(letters, fields, block_rows=2).values("unit") == [row["unit"] for row in ROWS]
    assert read(letters, FIELDS).rows == ROWS
    assert letters.name == name[1:]


def test_several_files_are_one_source(web: Web) -> None:
    web.files = {"/2009/a.csv": csv(ROWS[:3]), "/2010/a.csv": csv(ROWS[3:])}
    found = read(source([f"{web.url}/2009/a.csv", f"{web.url}/2010/a.csv?{SECRET}"], Letter), FIELDS)
    assert found.rows == ROWS
    assert found.files == ["2009/a.csv"] * 3 + ["2010/a.csv"] * 5


def test_of_a_parquet_file_only_the_ranges_that_are_needed_are_fetched(web: Web) -> None:
    table = pa.table({"case": range(4000), "unit": ["a"] * 4000, "text": [f"{at:0500}" for at in range(4000)]})
    file = io.BytesIO()
    pq.write_table(table, file, row_group_size=1000, compression=None, use_dictionary=["unit"])
    web.files["/x.parquet"] = file.getvalue()
    letters = source(f"{web.url}/x.parquet", Letter, columns={"received_on": None})
    assert letters.row_count == 4000
    assert read(letters, ["case", "unit"]).read == 4000
    assert web.given < len(file.getvalue()) / 10


def test_any_other_file_is_fetched_once(web: Web) -> None:
    letters = source(f"{web.url}/x.csv", Letter)
    for _ in range(3):
        read(letters, FIELDS)
    assert [method for method, _, _ in web.asked].count("GET") == 1
    assert {place for _, place, _ in web.asked} == {"/x.csv"}


def test_a_large_file_is_not_held(web: Web) -> None:
    web.files["/x.csv"] = csv(ROWS) + b"9,2010-06-09,a" + b" " * 100_000 + b"\n"
    web.files["/x.csv"] += b"10,2010-06-10,b\n" * 2_000_000
    letters = source(f"{web.url}/x.csv", Letter)
    tracemalloc.start()
    str(letters.table.path.__fspath__())  # type: ignore[attr-defined]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(web.files["/x.csv"]) / 2


def test_accounts_tell_the_digest_of_the_file(web: Web) -> None:
    for name, content in FILES.items():
        told = source(f"{web.url}{name}?{SECRET}", Letter).delivery()
        assert told.files == {name[1:]: (len(content), sha256(content).hexdigest())}


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "missing": ({"files": {}}, "is not there"),
    "refused": ({"status": 403}, "may not be read"),
    "not signed": ({"token": "sig=other"}, "may not be read"),
    "failing": ({"status": 500}, "cannot be read to its end"),
    "dying": ({"dies_after": 20}, "cannot be read to its end"),
    "elsewhere": ({"elsewhere": f"https://example.invalid/x.csv?{SECRET}"}, "sends to another host"),
}


@pytest.mark.parametrize("kind", [".csv", ".parquet"])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_fetched_is_told_without_its_secret(
    fault: str, kind: str, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    changes, what = FAULTS[fault]
    place = "/moved.csv" if fault == "elsewhere" else f"/x{kind}"
    for name, value in changes.items():
        setattr(web, name, value)
    with pytest.raises(InputError, match=what) as caught:
        read(source(f"{web.url}{place}?{SECRET}", Letter), FIELDS)
    assert caught.value.where == f"{web.url}{place}"
    error: BaseException | None = caught.value
    while error is not None:
        assert SECRET not in f"{error} {error!r}"
        error = error.__cause__ or error.__context__
    assert SECRET not in caplog.text


def test_a_parquet_file_whose_server_dies_later(web: Web) -> None:
    letters = source(f"{web.url}/x.parquet", Letter)
    web.dies_after = 20
    with pytest.raises(InputError, match="cannot be read to its end"):
        read(letters, FIELDS)
    web.dies_after, web.status = None, 500
    with pytest.raises(InputError, match="cannot be read to its end"):
        read(letters, FIELDS)


@pytest.mark.parametrize("marks", [True, False], ids=["by its mark", "by its size"])
@pytest.mark.parametrize("kind", [".csv", ".parquet"])
def test_a_file_that_changes_is_told(kind: str, marks: bool, web: Web) -> None:
    web.marks = marks
    letters = source(f"{web.url}/x{kind}", Letter)
    again = pickle.loads(pickle.dumps(letters.table))
    path = letters.table.path  # type: ignore[attr-defined]
    changed = [{**row, "unit": "b" if marks else "another"} for row in ROWS]
    web.files[f"/x{kind}"] = csv(changed) if kind == ".csv" else parquet(changed, row_group_size=3)
    with pytest.raises(InputError, match="changed after it was opened"):
        path.stat()
    with pytest.raises(InputError, match="changed after it was opened"):
        list(again.pieces(["unit"], [], 10)[0].read())
    if kind == ".csv":  # what was fetched when it was opened is still read
        assert read(letters, FIELDS).rows == ROWS
    with pytest.raises(InputError, match="changed after it was opened"):
        letters.delivery()


def test_a_file_that_changes_between_two_row_groups(web: Web) -> None:
    letters = source(f"{web.url}/x.parquet", Letter)
    first, second, *_ = letters.reading(FIELDS, block_rows=1).parts
    blocks = first.blocks()
    next(blocks)
    web.files["/x.parquet"] = parquet(ROWS[::-1], row_group_size=3)
    with pytest.raises(InputError, match="changed after it was opened"):
        list(second.blocks())


def test_a_certificate_that_nobody_vouches_for_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(InputError, match="certificate of a store cannot be verified"):
        source(f"{web.url}/x.csv", Letter)
    assert web.asked == []


def test_the_same_host_may_send_on(web: Web) -> None:
    web.elsewhere = "/x.csv"
    assert read(source(f"{web.url}/moved.csv", Letter), FIELDS).rows == ROWS


def test_a_signed_url_is_asked_for_as_it_is_written(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.head = False  # it is signed for getting
    web.token = f"{SECRET}%2F+a%3D"
    assert read(source(f"{web.url}/x.csv?{web.token}", Letter), FIELDS).rows == ROWS
    monkeypatch.setenv("LETTERS_SIGNATURE", web.token)
    letters = source(f"{web.url}/x.csv?${{LETTERS_SIGNATURE}}", Letter)
    assert read(letters, FIELDS).rows == ROWS
    assert SECRET.encode() not in pickle.dumps(letters.table)
    monkeypatch.delenv("LETTERS_SIGNATURE")
    with pytest.raises(UsageError, match=r"(?s)environment variable.*LETTERS_SIGNATURE"):
        source(f"{web.url}/x.csv?${{LETTERS_SIGNATURE}}", Letter)


@pytest.mark.parametrize(
    ("url", "what", "way_out"),
    [
        (f"http://example.invalid/x.csv?{SECRET}", "kind that is not read", "https"),
        (f"ftp://example.invalid/x.csv?{SECRET}", "kind that is not read", "copy the file here"),
        (f"https://someone:{SECRET}@example.invalid/x.csv", "name or password", "NETRC"),
        (f"s3://someone:{SECRET}@letters/x.csv", "name or password", "AWS_ACCESS_KEY_ID"),
        ("https://example.invalid/*.csv", "does not tell which files", "one by one"),
        ("https://example.invalid/letters/", "does not tell which files", "one by one"),
    ],
)
def test_what_is_not_asked_for_at_all(url: str, what: str, way_out: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        source(url, Letter)
    assert way_out in str(caught.value.remedy)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "way_out"),
    [("https", "casequality[remote]"), ("s3", "casequality[remote]"), ("abfss", "untried"), ("gs", "untried")],
)
def test_without_the_library(kind: str, way_out: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(remote.STORES, kind, "no_such_library")
    with pytest.raises(InputError, match=r"no_such_library is needed") as caught:
        source(f"{kind}://letters/x.csv", Letter)
    assert way_out in str(caught.value.remedy)


def test_neither_name_nor_repr_nor_what_is_kept_has_the_secret(web: Web, tmp_path: Path) -> None:
    web.files["/x.parquet"] = parquet([{"on": dt.date(2010, 6, 1), "became": "good"}] * 4)
    url, rest = f"{web.url}/x.parquet?{SECRET}", {"until": None, "lasted": None}
    results = [
        cq.measure(
            Good(), url, as_of="2011-01-01", period="2010", columns=rest, engine=InProcess(keep=tmp_path / "keep")
        )
        for _ in range(2)
    ]
    assert [result["2010"].figure.value.exact for result in results] == [1, 1]
    kept = [each for each in (tmp_path / "keep").rglob("*") if each.is_file()]
    assert kept
    assert not [each for each in kept if SECRET.encode() in each.read_bytes()]
    letters = source(url, Good.records, columns=rest)
    assert SECRET not in f"{letters!r} {letters.name} {letters.origins()} {letters.delivery()} {results!r}"


def test_a_project_names_a_url(web: Web, tmp_path: Path) -> None:
    (tmp_path / "project.toml").write_text(
        f'''
        title = "Letters"
        goals = []
        [sources.letters]
        records = "letters"
        path = "{web.url}/x.csv?{SECRET}"
        ''',
        encoding="utf-8",
    )
    named = load_project(tmp_path / "project.toml").sources["letters"]
    assert read(named.open(Letter, None), FIELDS).rows == ROWS
    assert SECRET not in repr(named)


def test_a_copy_is_gone_with_its_source(web: Web) -> None:
    letters = source(f"{web.url}/x.csv", Letter)
    copy = Path(letters.table.path.__fspath__())  # type: ignore[attr-defined]
    assert copy.read_bytes() == FILES["/x.csv"]
    del letters
    assert not copy.exists()


def test_executors_of_spark_are_not_sent_elsewhere(web: Web, tmp_path: Path) -> None:
    """What they cannot see under a path is counted by the process that can."""
    partitions = pytest.importorskip("casequality.engines.spark.partitions")
    (tmp_path / "x.csv").write_bytes(FILES["/x.csv"])
    assert partitions.can_be_read_apart(source(tmp_path / "x.csv", Letter).table)
    assert not partitions.can_be_read_apart(source(f"{web.url}/x.csv", Letter).table)
