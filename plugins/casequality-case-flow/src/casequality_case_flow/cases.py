"""Cases as a register holds them: a type, a beginning, an end, and what the citizen was told on the way."""

from __future__ import annotations

import casequality as cq
from casequality_case_flow.notices import Notice


class Caseworker(cq.Records, name="caseworkers"):
    """One caseworker who took over a case.

    worker: who, under any name that tells caseworkers apart. told: whether the citizen was told of it.
    """

    case = cq.key()
    from_on = cq.day()
    worker = cq.code()
    told = cq.flag(unknown="not recorded")


class Wait(cq.Records, name="waits"):
    """One stretch in which a case waits for something outside the administration, or is closed; by reason."""

    case = cq.key()
    since = cq.day()
    until = cq.day(missing="still waiting")
    reason = cq.code()


class Stay(cq.Records, name="stays"):
    """One stay of a case with a unit or another party, from its arrival there until it is sent on.

    until: blank for a stay that lasts, or of which only the arrival is known; the case is then sent straight on.
    """

    case = cq.key()
    from_on = cq.day()
    until = cq.day(missing="still there")
    holder = cq.code()


class FlowCase(cq.Records, name="flow_cases"):
    """One case.

    administration, unit, team: who had the case; `Organisation.placed` finds them for a day, or as they stand later.
    caseworker: who has the case, or had it when it ended, under any name that tells caseworkers apart.
    kind: the case type, by the names that its schedule of deadlines uses. notified_on: when the citizen was told that
    the deadline would not be kept. no_notice_because: why the citizen was not told, by any list of reasons. notices:
    every notice with the day that it promises, for registers that hold more than the day on which the citizen was told.
    stays: with whom the case was. waits: what is taken out of net times, and of those deadlines that allow the reason.
    """

    case = cq.key()
    kind = cq.code()
    administration = cq.code(unknown="not stated")
    unit = cq.code(unknown="not stated")
    team = cq.code(unknown="not stated")
    caseworker = cq.code(unknown="not stated")
    received_on = cq.day()
    closed_on = cq.day(missing="still open")
    ending = cq.code("decided", "settled", "withdrawn", "dismissed", known_with="closed_on")
    notified_on = cq.day(missing="not notified")
    no_notice_because = cq.code(unknown="not stated")
    caseworkers = cq.many(Caseworker)
    notices = cq.many(Notice)
    waits = cq.many(Wait)
    stays = cq.many(Stay)
