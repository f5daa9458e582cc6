from __future__ import annotations

from pathlib import Path

from tests.factories.command_line import Run

REPORT = ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-08-01")
MEASURE = ("measure", "letters.answered-in-time", "letters.csv", "--as-of", "2010-08-01")


def test_kept_counts_give_the_same_figures_and_the_same_report(run: Run) -> None:
    for words in (MEASURE, REPORT):
        alone = run(*words)
        assert run(*words, "--keep", "counts") == alone
        assert run(*words, "--engine", "in-process", "--keep", "counts") == alone
    assert len(list(Path("counts").glob("*/manifest.json"))) == 2


def test_an_engine_that_is_not_known_is_refused_with_the_known_ones(run: Run) -> None:
    for words, said in ((MEASURE, "did you mean spark?"), (REPORT, "mente du spark?")):
        refused = run(*words, "--engine", "sparc")
        assert refused.code == 3
        assert said in refused.err


def test_a_master_is_given_to_spark_alone(run: Run) -> None:
    for words, said in ((MEASURE, "A master belongs to Spark"), (REPORT, "En master hører til Spark")):
        refused = run(*words, "--master", "spark://host:7077")
        assert refused.code == 2
        assert said in refused.err
