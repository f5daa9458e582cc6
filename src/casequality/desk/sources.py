"""From what a caller hands over to a source that can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from casequality.records import Records, Source, source

MAPPED = ("columns", "codes", "marks", "zone", "dialect", "sheet", "children", "checks_off", "name")


def as_source(data: object, records: type[Records], mapping: Mapping[str, Any]) -> Source:
    """Return `data` as a source of these records; a `Source` is taken as it is."""
    if isinstance(data, Source):
        return data
    return source(data, records, **{name: value for name, value in mapping.items() if value is not None})


def as_names(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return one or several names as a tuple."""
    return (given,) if isinstance(given, str) else tuple(given)
