"""Names for the arrays that the library passes around; all are read-only once they are part of a value."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Days: TypeAlias = npt.NDArray[np.datetime64]
"""datetime64[D]; NaT where there is no day."""

Instants: TypeAlias = npt.NDArray[np.datetime64]
"""datetime64[us] in UTC; NaT where there is no instant."""

Spans: TypeAlias = npt.NDArray[np.timedelta64]
"""timedelta64[us]; NaT where there is no span."""

Mask: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.int64]
Tags: TypeAlias = npt.NDArray[np.integer[Any]]
Indices: TypeAlias = npt.NDArray[np.uint8] | npt.NDArray[np.int32]

MISSING = np.iinfo(np.int64).min
"""A count or amount that is not there, in int64; the same bits as NaT."""


def read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a view of `array` that cannot be written through."""
    view = array.view()
    view.flags.writeable = False
    return view
