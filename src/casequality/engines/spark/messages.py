"""What executors send back: counts, faults as one clear error, and row numbers once it is known what lies before."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
from pyspark import cloudpickle

from casequality import errors
from casequality.days import Integers
from casequality.engines.counting import PartialResult
from casequality.engines.spark.identity import Code
from casequality.errors import CaseQualityError, EngineError, InputError
from casequality.records import Finding, arrow

# 2 ** 40 rows in each of 2 ** 23 partitions fit into int64
SHIFT: Final = 40
ROWS: Final = (1 << SHIFT) - 1


def first_number(partition: int) -> int:
    """Return the number of a partition's first row: it holds the partition, and rises from one to the next."""
    return (partition << SHIFT) + 1


def partition_of(numbers: Integers) -> Integers:
    """Return the partition that each number holds."""
    found: Integers = numbers >> SHIFT
    return found


def in_frame(finding: Finding, sizes: Mapping[int, int]) -> Finding:
    """Return a finding with its rows' numbers in the whole frame, given the rows that each partition has."""
    before = np.cumsum([0, *(sizes.get(number, 0) for number in range(max(sizes, default=0)))])
    return attrs.evolve(finding, rows=(finding.rows & ROWS) + before[partition_of(finding.rows)])


def replaced(counted: PartialResult, place: Callable[[Finding], Finding]) -> PartialResult:
    """Return a count whose findings lie where `place` says."""
    return attrs.evolve(
        counted,
        findings=counted.findings.replaced(place),
        beyond=tuple(each.replaced(place) for each in counted.beyond),
    )


Sizes = Mapping[int, Mapping[int, int]]
"""Rows by table (0, and from 1 on the child tables) and by the partition in which they lay."""


@attrs.frozen
class Returned:
    """What one share of a source came to; `rows` of Spark frames only."""

    share: int
    counted: PartialResult
    rows: Sizes = attrs.field(factory=dict)

    @classmethod
    def of(cls, row: Any) -> Returned:
        """Return what a row that Spark handed back says."""
        rows = {
            int(table): {int(number): size for number, size in sizes.items()}
            for table, sizes in json.loads(row.rows).items()
        }
        return cls(row.share, PartialResult.from_bytes(bytes(row.counted)), rows)

    def batch(self) -> Any:
        """Return it as the one row that Spark hands back."""
        pa = arrow()
        columns = [
            pa.array([self.share], "int64"),
            pa.array([self.counted.to_bytes()], "binary"),
            pa.array([json.dumps(self.rows)]),
        ]
        return pa.record_batch(columns, ["share", "counted", "rows"])


def sizes_of(several: Iterable[Returned], table: int) -> dict[int, int]:
    """Return how many rows of a table lay in each partition, counted by all who have any of them."""
    found: dict[int, int] = {}
    for each in several:
        for number, rows in each.rows.get(table, {}).items():
            found[number] = found.get(number, 0) + rows
    return found


Work = Callable[[Iterator[Any]], Iterator[Any]]
"""What an executor makes of the Arrow batches of one partition."""

MARK: Final = "casequality-fault:"
CAUSES: Final = (
    (r"([Cc]ancelled) (?:part of|as part of|because|by)", "it was {0}", "count again"),
    (r"No module named '([\w.]+)'", "no module {0} on an executor", "install the same packages there as here"),
    (r"(OutOfMemoryError|maxResultSize)", "too little memory ({0})", "give the driver and the executors more of it"),
    (
        r"(exited unexpectedly|ExecutorLostFailure|Connection reset|EOFException)",
        "an executor or its Python was lost each time that the same task was tried",
        "look into the executors' logs; most often they have too little memory",
    ),
)


class ToldFault(Exception):
    """A fault as text, since Spark hands on nothing else of what is raised on an executor."""


@attrs.frozen(eq=False, repr=False)
class Site:
    """What an executor is told of the driver: the code there, the files to be seen, and where to add rows counted.

    rows: a Spark accumulator, None where there is none.
    """

    source: str
    files: Sequence[str]
    code: Code
    rows: Any = None

    def counted(self, rows: int) -> None:
        """Tell that so many more rows are counted."""
        if self.rows is not None:
            self.rows.add(rows)

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn what is raised within into what `fault_of` reads on the driver."""
        try:
            yield
        except Exception as fault:  # noqa: BLE001  whatever it is, its text may hold a record's content
            raise ToldFault(_written(self._told(fault))) from None

    def _told(self, fault: Exception) -> CaseQualityError:
        unseen = [file for file in self.files if not Path(file).is_file()]
        if unseen:
            return InputError(
                "An executor does not see a file of the source",
                where=unseen[0],
                got=f"{len(unseen)} of {len(self.files)} files are not there",
                remedy="put the files where driver and executors see them under the same path, or pass a Spark frame",
            )
        if isinstance(fault, CaseQualityError):
            return fault
        if isinstance(fault, ModuleNotFoundError):
            return EngineError(
                "A module is missing on an executor",
                where=self.source,
                got=f"no module {fault.name}",
                remedy="install the same packages there as here",
            )
        return EngineError(
            "An executor failed while it counted", where=self.source, got=type(fault).__name__, remedy="report it"
        )

    def refuse_other_code(self) -> None:
        """Raise `InputError` where this process counts with another code than the driver has."""
        if (found := self.code.difference()) is not None:
            raise InputError(
                "Driver and executors have different versions of what counts",
                where=found.name,
                got=f"{found.here} on an executor",
                allowed=f"{found.there}, as on the driver",
                remedy="install the same versions on both, then start the session anew",
            )


@attrs.frozen(eq=False, repr=False)
class Sent:
    """Work on its way to an executor; nothing of it is unpacked by other code than the driver's, it may not fit."""

    site: Site
    packed: bytes = attrs.field(repr=False)

    @classmethod
    def of(cls, work: Work, site: Site) -> Sent:
        """Return work as it is sent."""
        return cls(site, packed_for_executors(work))

    def work(self, batches: Iterator[Any]) -> Iterator[Any]:
        """Yield what the work makes of a partition."""
        with self.site.faults():
            self.site.refuse_other_code()
            work: Work = cloudpickle.loads(self.packed)
        yield from work(batches)


def packed_for_executors(what: object) -> bytes:
    """Return anything as bytes, as Spark itself sends functions: classes of a notebook go along."""
    packed: bytes = cloudpickle.dumps(what)  # type: ignore[no-untyped-call]
    return packed


def fault_of(raised: Exception) -> CaseQualityError:
    """Return the error behind what a Spark job raised; nothing of Spark's own text, which may hold records."""
    text = str(raised)
    if told := re.search(re.escape(MARK) + r"([A-Za-z0-9+/=]+)", text):
        return _read(told[1])
    for pattern, got, remedy in CAUSES:
        if met := re.search(pattern, text):
            return EngineError("A Spark job broke off", got=got.format(met[1]), remedy=remedy)
    condition = getattr(raised, "getCondition", lambda: None)()
    return EngineError(
        "A Spark job broke off",
        got=condition or type(raised).__name__,
        remedy="look into Spark's log; where the source is a Spark frame, see whether frame.count() runs",
    )


def _written(fault: CaseQualityError) -> str:
    plain = {
        "kind": type(fault).__name__,
        "what": str(fault) if isinstance(fault, errors.SeveralErrors) else fault.what,
        "where": fault.where,
        "got": None if fault.got is None else str(fault.got),
        "allowed": fault.allowed if isinstance(fault.allowed, str) else list(map(str, fault.allowed or ())) or None,
        "remedy": fault.remedy,
    }
    return MARK + base64.b64encode(json.dumps(plain).encode()).decode()


def _read(written: str) -> CaseQualityError:
    plain = json.loads(base64.b64decode(written))
    kind: type[CaseQualityError] = getattr(errors, plain.pop("kind"), InputError)
    what = plain.pop("what")
    return (InputError if kind is errors.SeveralErrors else kind)(what, **plain)
