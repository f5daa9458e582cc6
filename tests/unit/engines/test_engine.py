"""Who counts: one argument, one line of the project file, one option on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import attrs
import pytest

pytest.importorskip("pyarrow")

from casequality.desk import measure, tally
from casequality.desk.projects import EngineLine, load_project
from casequality.engines import InProcess, find_engine
from casequality.errors import CaseQualityError, InputError, UnknownName, UsageError
from tests.factories.kept_letters import ASKED, Answered, rows

PROJECT = 'title = "t"\ngoals = []\n{line}\n[sources]\n'


def test_an_engine_is_found_by_its_name_or_is_one() -> None:
    own = InProcess(threads=3)
    assert find_engine() == find_engine("in-process") == InProcess()
    assert find_engine(threads=2, keep="here") == InProcess(2, Path("here"))
    assert find_engine(own) is own


def test_an_unknown_name_names_the_way_out() -> None:
    with pytest.raises(UnknownName, match="There is no such engine") as refused:
        measure(Answered, rows(0, 5), as_of="2010-06-01", engine="sparc")
    assert "did you mean spark?" in str(refused.value)


def test_a_count_of_another_result_version_is_refused_however_figures_are_asked_for() -> None:
    class Elsewhere(InProcess):
        """Counts with a newer version of the metric."""

        def tally(self, *asked: Any, **words: Any) -> Any:
            told = InProcess.tally(self, *asked, **words)
            return [(attrs.evolve(one, assumed=attrs.evolve(one.assumed, version=9)), found) for one, found in told]

    words: dict[str, Any] = {"as_of": "2010-06-01", "engine": Elsewhere()}
    with pytest.raises(UnknownName, match="another version of it"):
        measure(Answered, rows(0, 5), **words)
    with pytest.raises(UnknownName, match="another version of it"):
        tally([Answered], rows(0, 5), **words).conclude(metrics=[Answered])


def test_threads_are_refused_with_an_engine_that_has_its_own() -> None:
    with pytest.raises(UsageError, match="belong to the engine of this process"):
        measure(Answered, rows(0, 5), as_of="2010-06-01", engine=InProcess(), threads=2)


def test_spark_is_not_loaded_until_it_is_asked_for_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "casequality.engines.spark" not in sys.modules or "pyspark" in sys.modules
    for name in ("pyspark", "pyspark.sql", "casequality.engines.spark"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match="Spark is not installed") as refused:
        find_engine("spark")
    assert refused.value.remedy == "install it: pip install 'casequality[spark]'"


def test_a_master_on_the_command_line_counts_for_more_than_the_project_file() -> None:
    spark = pytest.importorskip("casequality.engines.spark").Spark
    line = EngineLine("spark", master="local[7]")
    assert line.engine(None, None, None) == spark(master="local[7]")
    assert line.engine(None, None, None, "spark://host:7077") == spark(master="spark://host:7077")
    assert EngineLine().engine("spark", None, None, "local[2]") == spark(master="local[2]")


@pytest.mark.parametrize(
    ("line", "engine"),
    [
        ("", EngineLine()),
        ('engine = "spark"', EngineLine("spark")),
        ('engine = {{ name = "in-process", threads = 2 }}', EngineLine("in-process", 2)),
        ("engine = {{ keep = 'counts' }}", EngineLine(keep=Path("{folder}/counts"))),
    ],
)
def test_a_project_file_names_it_in_one_line(tmp_path: Path, line: str, engine: EngineLine) -> None:
    path = tmp_path / "casequality.toml"
    path.write_text(PROJECT.format(line=line.format()))
    found = load_project(path).engine
    assert str(found) == str(engine).replace("{folder}", str(tmp_path))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('engine = "sparc"', "did you mean spark?"),
        ("engine = {{ threads = 'two' }}", "a whole number"),
        ("engine = {{ nodes = 2 }}", "threads"),
        ("engine = 2", "A table is needed"),
    ],
)
def test_a_line_that_does_not_fit_says_how_it_should(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "casequality.toml"
    path.write_text(PROJECT.format(line=line.format()))
    with pytest.raises(CaseQualityError) as refused:
        load_project(path)
    assert fault in str(refused.value)


def test_what_is_asked_for_counts_for_more_than_the_line() -> None:
    line = EngineLine("in-process", 2, Path("counts"))
    assert line.engine(None, None, None) == InProcess(2, Path("counts"))
    assert line.engine(None, 1, None) == InProcess(1, Path("counts"))
    assert line.engine("in-process", None, Path("other")) == InProcess(2, Path("other"))
    assert line.engine(InProcess(3), None, None) == InProcess(3)


def test_rows_out_of_order_are_counted_once() -> None:
    """Read as if keys rose, they are left at the first block that is not so, before any metric is asked about it."""
    given = rows(0, 20, faulty=False)
    ASKED.clear()
    found = measure(Answered, [*reversed(given)], as_of="2010-06-01")
    assert ASKED == [20]
    assert found.to_dict()["figures"] == measure(Answered, given, as_of="2010-06-01").to_dict()["figures"]
