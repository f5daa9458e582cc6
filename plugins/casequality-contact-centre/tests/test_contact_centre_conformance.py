"""The kit's laws for all that the contact centre offers."""

from __future__ import annotations

import casequality.testing as kit
import casequality_contact_centre as plugin

QUANTILE = "a quantile of the waits, which no goal names"
LEVEL = "no source sets a service level"

TestPlugin = kit.every_law(
    plugin,
    examples=20,
    skips={
        f"contact-centre.{counted}{name}:citation": reason
        for counted in ("", "counted-")
        for name, reason in {
            "median-wait": QUANTILE,
            "p90-wait": QUANTILE,
            "p95-wait": QUANTILE,
            "service-level": LEVEL,
        }.items()
    },
)
