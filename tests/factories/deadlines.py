"""Deadlines of no law."""

from __future__ import annotations

from typing import Any

from casequality.deadlines import Deadline

TITLE = {"en": "Any", "da": "Enhver"}


def any_deadline(terms: Any = "10 working days", **given: Any) -> Deadline:
    """Return a deadline to decide, on the statutory calendar."""
    return Deadline(terms=terms, **{"id": "any", "title": TITLE, "kind": "decide", "calendar": "dk-statutory", **given})
