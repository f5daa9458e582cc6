# killed by: counted-again
# the due date is a day later than its explanation says

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

import casequality as cq
from casequality.testing.goals_and_deadlines import Rules
from tests.kit.original import CITED


@attrs.frozen(slots=False, kw_only=True)
class Late(cq.deadlines.Deadline):
    def due(self, received: Any, **options: Any) -> Any:
        return super().due(received, **options) + dt.timedelta(days=1)


Mutant = Rules.of([Late(**attrs.asdict(CITED, recurse=False))])
