"""Files of an S3 server, which runs in a process of its own, and URLs on the command line."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("cryptography")
pytest.importorskip("moto")
pytest.importorskip("pyarrow")
pytest.importorskip("s3fs")

import pyarrow as pa
import pyarrow.parquet as pq

from casequality.errors import InputError
from casequality.records import Records, code, key, source
from tests.factories.command_line import Run
from tests.factories.records import read
from tests.factories.stores import S3, certificate, s3_server, web_server


class Letter(Records, name="letters"):
    case = key()
    unit = code(missing="not said")


FIELDS = ["case", "unit"]
ROWS = [{"case": at, "unit": "ab"[at % 2]} for at in range(1, 9)]


def parquet(rows: list[dict[str, Any]]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file, row_group_size=3)
    return file.getvalue()


def csv(rows: list[dict[str, Any]]) -> bytes:
    return ("case,unit\n" + "".join("{case},{unit}\n".format(**row) for row in rows)).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with s3_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def s3(server: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """A bucket `letters`, which other tests wrote to as well."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    server.files.pipe({"letters/x.csv": csv(ROWS), "letters/x.parquet": parquet(ROWS)})
    for unit in "ab":
        rows = [{"case": row["case"]} for row in ROWS if row["unit"] == unit]
        server.files.pipe(f"letters/all/unit={unit}/part-0.parquet", parquet(rows))
    server.files.pipe({"letters/all/_SUCCESS": b"", "letters/all-others/y.csv": b"nothing of this"})
    return server


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
@pytest.mark.usefixtures("s3")
def test_an_object(name: str) -> None:
    letters = source(f"s3://letters/{name}", Letter)
    assert read(letters, FIELDS).rows == ROWS
    assert read(letters, ["unit"]).values("unit") == [row["unit"] for row in ROWS]
    content = csv(ROWS) if name == "x.csv" else parquet(ROWS)
    assert letters.delivery().files == {name: (len(content), hashlib.sha256(content).hexdigest())}


@pytest.mark.parametrize("place", ["all", "all/", "all/*/*.parquet", "all/unit=*/part-*"])
def test_a_folder_gives_columns_and_nothing_outside_it_is_asked_for(place: str, s3: S3) -> None:
    before = len(s3.asked())
    letters = source(f"s3://letters/{place}", Letter)
    assert sorted(read(letters, FIELDS).rows, key=lambda row: int(row["case"])) == ROWS
    assert letters.delivery().left_out == (() if "*" in place else ("_SUCCESS",))
    asked = s3.asked()[before:]
    assert asked
    for each in asked:
        method, _, rest = each.partition(" /letters")
        assert method in ("GET", "HEAD")
        assert rest.startswith(("/all/", "/all")) or "prefix=all/" in rest, each
        assert "all-others" not in each


@pytest.mark.usefixtures("s3")
def test_who_names_one_folder_has_what_it_says() -> None:
    found = read(source("s3://letters/all/unit=b", Letter), FIELDS).rows
    assert found == [row for row in ROWS if row["unit"] == "b"]


@pytest.mark.parametrize("place", ["s3://letters/no.csv", "s3://nobodys/x.csv", "s3://letters/no-*.csv"])
@pytest.mark.usefixtures("s3")
def test_what_is_not_there(place: str) -> None:
    with pytest.raises(InputError, match=r"is not there|No file matches") as caught:
        source(place, Letter)
    assert caught.value.where == place


@pytest.mark.usefixtures("s3")
def test_without_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(InputError, match="may not be read") as caught:
        source("s3://letters/x.csv", Letter)
    assert "AWS_ACCESS_KEY_ID" in str(caught.value)


@pytest.mark.usefixtures("s3")
def test_a_store_elsewhere_is_not_asked_without_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://store.invalid")
    with pytest.raises(InputError, match="asked without encryption"):
        source("s3://letters/x.csv", Letter)


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_an_object_that_changes(name: str, s3: S3) -> None:
    letters = source(f"s3://letters/{name}", Letter)
    [*parts] = letters.reading(FIELDS, block_rows=1).parts
    next(parts[0].blocks())
    rows = [{**row, "unit": "b"} for row in ROWS]
    s3.files.pipe(f"letters/{name}", csv(rows) if name == "x.csv" else parquet(rows))
    if name == "x.csv":
        assert read(letters, FIELDS).rows == ROWS
    else:
        with pytest.raises(InputError, match="changed after it was opened"):
            list(parts[1].blocks())
    with pytest.raises(InputError, match="changed after it was opened"):
        letters.delivery()


@pytest.mark.usefixtures("s3")
def test_a_delta_table() -> None:
    deltalake = pytest.importorskip("deltalake")
    access = {"aws_allow_http": "true", "AWS_S3_ALLOW_UNSAFE_RENAME": "true"}
    for rows, mode in ((ROWS[:5], "overwrite"), (ROWS[5:], "overwrite")):
        deltalake.write_deltalake("s3://letters/delta", pa.Table.from_pylist(rows), mode=mode, storage_options=access)
    assert read(source("s3://letters/delta", Letter), FIELDS).rows == ROWS[5:]
    first = source("s3://letters/delta", Letter, version=0)
    assert read(first, FIELDS).rows == ROWS[:5]
    assert first.delivery().snapshot.startswith("version 0 of ")
    with pytest.raises(InputError, match="Delta"):
        source("s3://letters/delta/*.parquet", Letter)


def test_a_server_that_dies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with s3_server(tmp_path) as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        s3.files.pipe("letters/x.parquet", parquet(ROWS))
        letters = source("s3://letters/x.parquet", Letter)
        blocks = [block for part in letters.reading(FIELDS).parts[:1] for block in part.blocks()]
        assert len(blocks) == 1
        s3.die()
        with pytest.raises(InputError, match="cannot be read to its end") as caught:
            read(letters, FIELDS)
        assert caught.value.where == "s3://letters/x.parquet"
        assert s3.environment["AWS_SECRET_ACCESS_KEY"] not in str(caught.value)


def test_a_signed_url_on_the_command_line(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = certificate(tmp_path_factory.mktemp("certificate"))
    monkeypatch.setenv("SSL_CERT_FILE", str(made[0]))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    content = (folder / "letters.csv").read_bytes()
    with web_server(made) as web:
        web.files["/letters.csv"] = content
        metric, words = "letters.answered-in-time", ["--as-of", "2010-08-01", "--period", "2010", "--format"]
        for form in ("text", "json"):
            local = run("measure", metric, "letters.csv", *words, form)
            there = run("measure", metric, f"{web.url}/letters.csv?sig=so-secret", *words, form)
            assert (there.code, there.out) == (local.code, local.out)
            assert "so-secret" not in there.out + there.err
        web.status = 403
        refused = run("measure", metric, f"{web.url}/letters.csv?sig=so-secret", *words, "text")
    assert refused.code == 3
    assert "may not be read" in refused.err
    assert "so-secret" not in refused.out + refused.err
