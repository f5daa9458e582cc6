"""Arrow arrays and their buffers, read as NumPy arrays without copying."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from casequality.arrays import Mask
from casequality.records.intake.libraries import library


def arrow() -> ModuleType:
    """Return pyarrow, which reads Parquet and every Arrow stream."""
    return library("pyarrow", "arrow")


def validity(array: Any) -> Mask | None:
    """Return where an Arrow array has a value; None for everywhere."""
    if not array.null_count:
        return None
    if array.buffers()[0] is None:
        return np.zeros(len(array), bool)
    return bits(array, 0).view(bool)


def bits(array: Any, buffer: int) -> npt.NDArray[np.uint8]:
    """Return one of an array's bitmaps as a byte 0 or 1 a row."""
    packed = np.frombuffer(array.buffers()[buffer], np.uint8)
    first = array.offset // 8
    skipped = array.offset - first * 8
    return np.unpackbits(packed[first:], count=skipped + len(array), bitorder="little")[skipped:]


def values(array: Any, dtype: str) -> npt.NDArray[Any]:
    """Return an Arrow array's values without copying; rows without one hold anything."""
    if not len(array) or array.buffers()[1] is None:
        return np.zeros(len(array), dtype)
    return np.frombuffer(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]


def packed(array: Any) -> bytes:
    """Return an array as bytes; unlike a pickle, these hold its own rows only."""
    pa = arrow()
    batch, sink = pa.record_batch([array], [""]), pa.BufferOutputStream()
    with library("pyarrow.ipc", "arrow").new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def unpacked(written: bytes) -> Any:
    """Return the array that was packed."""
    with library("pyarrow.ipc", "arrow").open_stream(written) as reader:
        return reader.read_next_batch().column(0)


def is_text(kind: Any) -> bool:
    """Return whether an Arrow type is text."""
    types = arrow().types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def unwrapped(array: Any) -> Any:
    """Return an array without the wrapping of an extension type, and without a dictionary of other than texts."""
    types = arrow().types
    if isinstance(array, arrow().ExtensionArray):
        array = array.storage
    if types.is_dictionary(array.type) and not is_text(array.type.value_type):
        return array.dictionary_decode()
    return array
