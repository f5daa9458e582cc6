"""Frames and streams: those that speak Arrow, pandas a slice at a time, and Spark frames fetched to this process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import attrs
import numpy as np

from casequality.errors import CaseQualityError, InputError
from casequality.records.intake.cells import ArrowCells, Batch, Cells, Dialect, ObjectCells, Piece, arrow, own_code

BLOCKS_A_PIECE = 8


@attrs.frozen(eq=False, repr=False)
class ArrowTable:
    """A table in memory; `select` gives chosen columns of it as a pyarrow table, without copying."""

    name: str
    columns: Sequence[str]
    rows: int
    select: Callable[[Sequence[str]], Any] = attrs.field(repr=False)
    dialect: Dialect

    steady = rereadable = True

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        with carried_out(self.name):
            table = self.select(list(columns))
        step = block_rows * BLOCKS_A_PIECE
        return [
            Piece(partial(self._batches, table.slice(first, step), first, block_rows), min(step, self.rows - first))
            for first in range(0, self.rows, step)
        ]

    def _batches(self, table: Any, first: int, block_rows: int) -> Iterator[Batch]:
        batches = table.to_batches(max_chunksize=block_rows)
        return numbered(batches, table.column_names, block_rows, self.dialect, self.name, first + 1)


@attrs.frozen(eq=False, repr=False)
class StreamTable:
    """A query or a stream that gives its batches once each time `open` is called with the columns wanted.

    `rereadable` says whether it can be opened again; its rows may come in another order then.
    """

    name: str
    columns: Sequence[str]
    open: Callable[[Sequence[str]], Iterable[Any]] = attrs.field(repr=False)
    rereadable: bool
    dialect: Dialect

    steady = False
    rows = None

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        return [Piece(lambda: self._batches(list(columns), block_rows))]

    def _batches(self, columns: Sequence[str], block_rows: int) -> Iterator[Batch]:
        with carried_out(self.name):
            batches = self.open(columns)
        return numbered(batches, columns, block_rows, self.dialect, self.name)


@contextmanager
def carried_out(name: str) -> Iterator[None]:
    """Turn whatever is raised within over a query or a stream into `InputError`; its text may quote a citizen's value.

    A query is worked out where its rows are asked for, so that this is where its own faults come up.
    """
    try:
        yield
    except CaseQualityError:
        raise
    except BaseException as fault:
        # the second is what polars raises where it gives up, under Python's exceptions and no Exception
        if not isinstance(fault, Exception) and type(fault).__name__ != "PanicException":
            raise
        raise InputError(
            "A stream broke off before its end",
            where=name,
            got=type(fault).__name__,
            remedy="run the query that it comes from by itself",
        ) from None


def numbered(
    batches: Iterable[Any], columns: Sequence[str], block_rows: int, dialect: Dialect, name: str, first: int = 1
) -> Iterator[Batch]:
    """Yield record batches as batches of at most `block_rows` rows, which are counted from `first`."""
    with carried_out(name):
        for whole in batches:
            for start in range(0, whole.num_rows, block_rows):
                batch = whole.slice(start, block_rows)
                cells = {
                    column: ArrowCells(batch.column(column), dialect, f"{name}, column {column}") for column in columns
                }
                yield Batch(first, batch.num_rows, cells)
                first += batch.num_rows


def named(columns: Iterable[Any]) -> list[Any]:
    """Return the names of columns, those apart that are objects of the caller's own, which nobody can ask for."""
    return [name for name in columns if isinstance(name, (str, int, float, tuple, dt.date, np.generic))]


@attrs.frozen(eq=False, repr=False)
class PandasTable:
    """A pandas frame; its index is no column."""

    frame: Any = attrs.field(repr=False)
    dialect: Dialect
    name: str = "pandas frame"

    steady = rereadable = True

    @property
    def columns(self) -> Sequence[str]:
        return named(self.frame.columns)

    @property
    def rows(self) -> int:
        return len(self.frame)

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        arrow()
        step = block_rows * BLOCKS_A_PIECE
        return [
            Piece(
                partial(self._batches, columns, first, min(first + step, self.rows), block_rows),
                min(step, self.rows - first),
            )
            for first in range(0, self.rows, step)
        ]

    def _batches(self, columns: Collection[str], first: int, end: int, block_rows: int) -> Iterator[Batch]:
        for start in range(first, end, block_rows):
            part = self.frame.iloc[start : min(start + block_rows, end)]
            yield Batch(start + 1, len(part), {name: self._cells(part[name]) for name in columns})

    def _cells(self, column: Any) -> Cells:
        where = f"{self.name}, column {column.name}"
        if str(column.dtype).startswith("Sparse"):
            column = column.sparse.to_dense()
        if column.dtype == object or (column.dtype == "category" and column.cat.categories.dtype == object):
            return ObjectCells(column.tolist(), self.dialect, where)
        with own_code(where):
            try:
                array = arrow().Array.from_pandas(column)
            except arrow().ArrowException:
                raise InputError(
                    "A column holds a kind of value that is not read",
                    where=where,
                    got=column.dtype,
                    remedy="convert the column before it is passed in",
                ) from None
        if isinstance(array, arrow().ChunkedArray):
            array = array.combine_chunks()
        return ArrowCells(array, self.dialect, where)


@attrs.frozen(eq=False, repr=False)
class SparkTable:
    """A Spark frame; its rows are numbered partition by partition, in the order in which Spark gives them.

    zone: the declared one of times that have none.
    """

    frame: Any = attrs.field(repr=False)
    dialect: Dialect
    name: str = "Spark frame"
    zone: str | None = None

    rereadable = True
    steady = False
    rows = None

    @property
    def columns(self) -> Sequence[str]:
        return list(self.frame.columns)

    def select(self, columns: Iterable[str]) -> Any:
        """Return the frame with these columns only; raise `InputError` where it has their times by another clock."""
        columns = list(columns)
        self._refuse_other_zone(columns)
        return self.frame.select(*("`" + column.replace("`", "``") + "`" for column in columns))

    def pieces(self, columns: Collection[str], coded: Collection[str], block_rows: int) -> Sequence[Piece]:
        stream = StreamTable(self.name, self.columns, self._fetched, True, self.dialect)
        return stream.pieces(columns, coded, block_rows)

    def _fetched(self, columns: Sequence[str]) -> Iterable[Any]:
        batches: Iterable[Any] = self.select(columns).toArrow().to_batches()
        return batches

    def _refuse_other_zone(self, columns: Collection[str]) -> None:
        """Refuse times that Spark reckoned by another clock than is declared.

        Local times without a zone, from a file or from Python, became instants by the zone of the session.
        """
        times = [name for name, kind in self.frame.dtypes if kind == "timestamp" and name in columns]
        if self.zone is None or not times:
            return
        session = self.frame.sparkSession.conf.get("spark.sql.session.timeZone")
        if session != self.zone:
            raise InputError(
                "Spark reckons the times of a frame by another clock than the zone that is declared",
                where=f"{self.name}, column {times[0]}",
                got=f"{session}, the session's",
                allowed=self.zone,
                remedy=f'call spark.conf.set("spark.sql.session.timeZone", "{self.zone}") before the frame is made, '
                "or cast local times to timestamp_ntz; where all are instants already, leave zone= out",
            )
