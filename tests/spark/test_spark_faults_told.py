"""What Spark says of a job that failed may hold a record; what is told of it never does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("pyspark")

from casequality.engines.spark.messages import Site, ToldFault, _written, fault_of
from casequality.engines.spark.session import SparkJob
from casequality.errors import CaseQualityError, EngineError, InputError

CITIZEN = "Zebedeus Qvist 320199-0000 zebedeus@qvist.dk"
TEXTS = [
    f"An error occurred while calling o42.collect. org.apache.spark.SparkException: value {CITIZEN}",
    f"[CAST_INVALID_INPUT] The value '{CITIZEN}' of the type \"STRING\" cannot be cast",
    f"Job aborted due to stage failure: Task 0 in stage 1.0: ExecutorLostFailure {CITIZEN}",
    f"cancelled because {CITIZEN}",
    f"java.lang.OutOfMemoryError: {CITIZEN}",
    f"ModuleNotFoundError: No module named 'x' {CITIZEN}",
]


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_of_sparks_own_text_is_told(text: str) -> None:
    told = fault_of(RuntimeError(text))
    assert isinstance(told, EngineError)
    assert not any(part in str(told) for part in CITIZEN.split())


def test_what_an_executor_tells_passes_the_guard() -> None:
    told = fault_of(RuntimeError(f"x {_written(InputError('no', where=CITIZEN[15:], got=3))} {CITIZEN}"))
    assert isinstance(told, CaseQualityError)
    assert str(told) == "no\n  where:   ******-**** ***@***\n  got:     3"


@pytest.mark.parametrize("fault", [ValueError(CITIZEN), KeyError(CITIZEN), InputError("no", got="320199-0000")])
def test_what_is_raised_on_an_executor_leaves_it_without_a_citizen(fault: Exception) -> None:
    with pytest.raises(ToldFault) as caught, Site("source", (), code=None).faults():  # type: ignore[arg-type]
        raise fault
    told = str(fault_of(RuntimeError(str(caught.value))))
    assert not any(part in told for part in CITIZEN.split())


class Interrupted:
    """A frame whose collecting is interrupted, and which tidies up over the connection that the interrupt broke."""

    def mapInArrow(self, *_: Any) -> Interrupted:  # noqa: N802, named by Spark
        return self

    def collect(self) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise pytest.importorskip("py4j.protocol").Py4JNetworkError


def test_an_interrupt_is_one_also_where_spark_fails_while_it_tidies_up() -> None:
    session = SimpleNamespace(sparkContext=None, **dict.fromkeys(("addTag", "interruptTag", "removeTag"), str))
    site = Site("source", (), code=None)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        SparkJob(session, None, None, None).counted(Interrupted(), list, site)  # type: ignore[arg-type]
