"""A store of tallies in a bucket of an S3 server, which runs in a process of its own, and places where none is kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("cryptography")
pytest.importorskip("moto")
pytest.importorskip("s3fs")

import casequality as cq
from casequality.desk import Tallies
from casequality.errors import InputError, NotWritten, UsageError
from casequality.metrics import stored
from tests.factories.command_line import Run
from tests.factories.stores import S3, s3_server
from tests.factories.tallies import Told, entry
from tests.fuzz.kills import killed
from tests.system.test_store_under_fire import started


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with s3_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def s3(server: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server


def counted(month: str, many: int = 1) -> Tallies:
    return cq.tally([Told], [dict(entry(f"{month}-05"))] * many, as_of="2022-01-01")


def filled(folder: Path | str) -> tuple[list[tuple[str, ...]], bytes]:
    """Return the log and the sum of a store that took in, replaced and withdrew."""
    made = cq.store(folder)
    for month, many in {"2010-01": 3, "2010-02": 4, "2011-01": 5}.items():
        made.put(counted(month, many), who="101", period=month, extract="x")
    made.put(counted("2010-02", 4), who="101", period="2010-02", extract="x")
    made.replace(counted("2010-02", 6), who="101", period="2010-02", extract="y", note="late")
    made.withdraw(who="101", period="2011-01", note="of another")
    again = cq.store(folder)
    assert again.check() == 4
    log: list[tuple[str, ...]] = [(each.kind, each.period, each.extract, each.tallies) for each in again.log()]
    return log, stored.all_to_bytes(again.tallies().parts)


def test_a_bucket_holds_the_same_as_a_folder(s3: S3, tmp_path: Path) -> None:
    assert filled("s3://letters/same/country") == filled(tmp_path)
    kept = {str(name).split("/")[3] for name in s3.files.find("letters/same/country")}
    assert kept == {"log", "tallies", "joined", "conditional"}


@pytest.mark.usefixtures("s3")
def test_an_entry_that_is_missing_or_changed_is_noticed(s3: S3) -> None:
    url = "s3://letters/spoilt"
    filled(url)
    place = "letters/spoilt/log/0000000003.json"
    whole = s3.files.cat_file(place)
    s3.files.pipe_file(place, whole.replace(b"101", b"102"))
    with pytest.raises(InputError, match="not as it was written"):
        cq.store(url).log()
    s3.files.rm_file(place)
    with pytest.raises(InputError, match="not as it was written"):
        cq.store(url).log()


def test_writers_beside_each_other_each_have_all_their_deliveries(s3: S3) -> None:
    url, names = "s3://letters/beside", ("101", "147", "151")
    writers = [started(url, name, 8) for name in names]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    log = cq.store(url).log()
    assert [each.number for each in log] == list(range(1, 25))
    for name in names:
        assert [each.period for each in log if each.who == name] == [f"2000-{1 + month:02}" for month in range(8)]
    assert s3.process.poll() is None


@pytest.mark.usefixtures("s3")
def test_a_writer_that_is_killed_loses_nothing_and_counts_nothing_twice(tmp_path: Path) -> None:
    """Once; a hundred times are `python -m tests.fuzz --kills 100`, as the page on faults says."""
    assert len(list(killed("s3://letters/killed", tmp_path, 1, random.Random(1)))) == 1


@pytest.mark.usefixtures("s3")
def test_a_long_log_is_read_without_one_journey_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    made = cq.store("s3://letters/long")
    for month in ("2010-01", "2010-02", "2010-03", "2010-04"):
        made.put(counted(month), who="101", period=month, extract="x")
    again = cq.store("s3://letters/long")
    monkeypatch.setattr(type(again.place.store.files), "cat_file", None)  # type: ignore[attr-defined]
    assert again.log() == made.log()


@pytest.mark.usefixtures("s3")
def test_a_lost_answer_leaves_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    made = cq.store("s3://letters/lost")
    made.put(counted("2010-01"), who="101", period="2010-01", extract="x")
    asked, files = [], made.place.store.files  # type: ignore[attr-defined]
    put = files.pipe_file

    def answered_late(path: str, content: bytes, **how: str) -> object:
        asked.append(path)
        put(path, content, **how)
        # as botocore does when no answer came: it asks again
        return put(path, content, **how)

    monkeypatch.setattr(files, "pipe_file", answered_late)
    entry = made.put(counted("2010-02"), who="101", period="2010-02", extract="x")
    assert entry.number == 2
    assert any(path.endswith("0000000002.json") for path in asked)
    assert [each.number for each in cq.store("s3://letters/lost").log()] == [1, 2]


@pytest.mark.usefixtures("s3")
def test_a_server_that_knows_no_condition_is_refused_before_an_entry_is_written(
    s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cq.store("s3://letters/unconditional")
    put = made.place.store.files.pipe_file  # type: ignore[attr-defined]
    monkeypatch.setattr(
        made.place.store.files,  # type: ignore[attr-defined]
        "pipe_file",
        lambda path, content, **_: put(path, content),
    )
    with pytest.raises(UsageError, match="an entry could be lost") as refused:
        made.put(counted("2010-01"), who="101", period="2010-01", extract="x")
    assert "folder of a disk" in str(refused.value.remedy)
    assert not s3.files.exists("letters/unconditional/log")


@pytest.mark.parametrize("url", ["gs://bucket/store", "abfss://box@account/store", "https://127.0.0.1/store"])
def test_a_store_is_not_kept_where_nothing_is_written_on_condition(url: str) -> None:
    with pytest.raises(UsageError, match="none would be told") as refused:
        cq.store(url)
    assert refused.value.allowed == ("a folder", "s3://")


@pytest.mark.usefixtures("s3")
def test_a_bucket_that_is_not_there_is_named_and_no_secret() -> None:
    made = cq.store("s3://no-such-bucket/store")
    with pytest.raises(NotWritten, match="cannot be written") as refused:
        made.put(counted("2010-01"), who="101", period="2010-01", extract="x")
    assert "s3://no-such-bucket/store" in str(refused.value)
    assert "so-secret" not in str(refused.value)


@pytest.mark.usefixtures("s3")
def test_the_command_line_names_a_bucket(run: Run, tmp_path: Path) -> None:
    url = "s3://letters/commanded"
    refused = run("store", "list", url)
    assert refused.code == 2
    assert "There is no store here" in refused.err
    counted("2010-01", 3).save(tmp_path / "x.tally")
    put = ("--who", "101", "--period", "2010-01", "--extract", "x")
    assert run("store", "put", url, str(tmp_path / "x.tally"), *put).code == 0
    listed = run("store", "list", url, "--format", "json")
    assert '"101"' in listed.out
    assert run("store", "check", url).out.startswith("1 tallies")
