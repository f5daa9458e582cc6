"""Where closing days were until 0.1: `from_holidays` is in `casequality.days.calendars`; this module goes with 0.3."""

from __future__ import annotations

import warnings

from casequality.days.calendars import from_holidays

warnings.warn(
    "casequality.days.closing_days is part of casequality.days.calendars from 0.2 on, and goes with 0.3",
    DeprecationWarning,
    stacklevel=2,
)

__all__ = ["from_holidays"]
