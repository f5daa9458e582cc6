"""The kit's laws for all that the contact centre offers."""

from __future__ import annotations

import casequality.testing as kit
import casequality_contact_centre as plugin

QUANTILE = "a quantile of the waits, which no goal names"

TestPlugin = kit.every_law(
    plugin,
    examples=20,
    skips={
        "contact-centre.median-wait:citation": QUANTILE,
        "contact-centre.p90-wait:citation": QUANTILE,
        "contact-centre.p95-wait:citation": QUANTILE,
        "contact-centre.service-level:citation": "no source sets a service level",
    },
)
