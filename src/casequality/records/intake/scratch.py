"""Temporary files without a name."""

from __future__ import annotations

import tempfile
import weakref
from typing import IO


def scratch_file(owner: object) -> IO[bytes]:
    """Return an empty file to write and read again, which is gone when its owner is."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed below, when it can no longer be read
    weakref.finalize(owner, file.close)
    return file
