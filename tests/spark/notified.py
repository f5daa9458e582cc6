"""Cases with notices, whose keys do not rise and repeat, and metrics of them; some break the executor they run on."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import attrs
import numpy as np

import casequality as cq
from casequality.records import many

BEGINNING = dt.date(2010, 1, 1)
MARKED = np.datetime64("2010-02-03")


class Notice(cq.Records, name="notices"):
    case = cq.key()
    sent_on = cq.day()
    kind = cq.code(missing="not said")


class Case(cq.Records, name="cases"):
    case = cq.key()
    received_on = cq.day()
    decided_on = cq.day(missing="open")
    office = cq.code(missing="none")
    notices = many(Notice)


@attrs.frozen
class Decided(cq.Metric):
    """Whether a case was decided within 20 days."""

    id = "test.decided"
    title = {"en": "Decided"}
    records = Case
    outcomes = cq.outcomes(soon=cq.YES, late=cq.NO)

    def contribute(self, records: Any, as_of: cq.AsOf) -> cq.Contribution:
        took = (records.decided_on - records.received_on).astype(np.int64)
        return cq.Contribution(on=records.received_on, outcome=self.outcomes.pick(soon=(took >= 0) & (took <= 20)))


@attrs.frozen
class Notified(cq.Metric):
    """Whether the citizen was told before the decision."""

    id = "test.notified"
    title = {"en": "Notified"}
    records = Case
    outcomes = cq.outcomes(told=cq.YES, silent=cq.NO)

    def contribute(self, records: Any, as_of: cq.AsOf) -> cq.Contribution:
        notices = records.notices
        told = notices.any(notices.rows.kind == "b") | (notices.first(notices.rows.sent_on) <= records.decided_on)
        return cq.Contribution(
            on=records.received_on, outcome=self.outcomes.pick(told=told), bins=np.asarray(notices.count())
        )


@attrs.frozen
class Failing(Decided):
    """Fails where it meets one case."""

    id = "test.failing"

    def contribute(self, records: Any, as_of: cq.AsOf) -> cq.Contribution:
        if (records.received_on == MARKED).any():
            raise ValueError("the case of Anna Jensen")
        return Decided.contribute(self, records, as_of)


@attrs.frozen
class Crashing(Decided):
    """Ends its process where it meets one case."""

    id = "test.crashing"

    def contribute(self, records: Any, as_of: cq.AsOf) -> cq.Contribution:
        if (records.received_on == MARKED).any():
            os._exit(3)
        return Decided.contribute(self, records, as_of)


@attrs.frozen
class Lost(Decided):
    """Kills the executor that runs it, once: the first to make the file."""

    id = "test.lost"
    file: str = ""

    def contribute(self, records: Any, as_of: cq.AsOf) -> cq.Contribution:
        if len(records) and not Path(self.file).exists():
            Path(self.file).touch()
            os.kill(_parent(os.getppid()), signal.SIGKILL)
        return Decided.contribute(self, records, as_of)


@attrs.frozen
class Waiting(Decided):
    """Never ends, and makes a file once it has begun."""

    id = "test.waiting"
    file: str = ""

    def contribute(self, records: Any, as_of: cq.AsOf) -> cq.Contribution:
        if len(records):
            Path(self.file).touch()
            time.sleep(600)
        return Decided.contribute(self, records, as_of)


def _parent(process: int) -> int:
    """Return the parent of a process: of Python's daemon, it is the executor."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def cases(count: int, seed: int) -> list[dict[str, Any]]:
    """Return cases in no order; some have no key, some are there twice, some of these say different things."""
    drawn = random.Random(seed)
    found = []
    for number in range(count):
        received = BEGINNING + dt.timedelta(drawn.randrange(300))
        found.append(
            {
                "case": None if drawn.random() < 0.01 else f"K{number}" if number % 3 else str(number),
                "received_on": received,
                "decided_on": None if drawn.random() < 0.2 else received + dt.timedelta(drawn.randrange(-2, 50)),
                "office": drawn.choice(["north", "south", None]),
            }
        )
    found += [dict(drawn.choice(found)) for _ in range(count // 15)]
    found += [{**drawn.choice(found), "office": "west"} for _ in range(count // 40)]
    drawn.shuffle(found)
    return found


def notices(of: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Return notices in no order; some are of no case that is known, some lie before their case, some have no date."""
    drawn = random.Random(seed)
    found = []
    for case in of:
        for _ in range(drawn.randrange(3)):
            sent = case["received_on"] + dt.timedelta(drawn.randrange(-1, 40))
            found.append(
                {
                    "case": case["case"] if drawn.random() > 0.03 else f"lost {drawn.randrange(99)}",
                    "sent_on": None if drawn.random() < 0.02 else sent,
                    "kind": drawn.choice("abc"),
                }
            )
    drawn.shuffle(found)
    return found
