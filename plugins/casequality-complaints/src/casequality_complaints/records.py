"""What is registered of complaints, of the decisions they are compared with, and of appeals."""

from __future__ import annotations

import casequality as cq
from casequality_complaints.code_lists import LISTS, SIGNALS, SUBJECTS


class ComplaintPoint(cq.Records, name="complaint_points"):
    """One point of a complaint: a complaint may raise several, each on its own subject.

    subject: one of the eight problem areas of 2005, or other. signal: one of the five signals of the memo of 2006.
    """

    complaint = cq.key()
    raised_on = cq.day()
    subject = cq.code(*SUBJECTS, unknown="not registered")
    signal = cq.code(*SIGNALS, missing="none of the five")


class Complaint(cq.Records, name="complaints"):
    """One complaint, from its receipt to its end.

    kind: what it is registered as, by the code list in force on the day of receipt (`code_lists`). method:
    enhanced_contact is Styrket Borgerkontakt (the citizen was called), written the written handling. ending:
    stopped_after_contact is a complaint that the citizen did not pursue after contact with the administration.
    pilot: the trial that it was handled in, by the administration's own name for it. learning: whether anything was
    learned from it, as registered; an administration that tells kinds of learning apart declares its own closed list
    in a subclass. What was learned is never free text.
    """

    complaint = cq.key()
    administration = cq.code(unknown="not stated")
    kind = cq.code(*(kind for each in LISTS for kind in each.kinds), unknown="not registered")
    method = cq.code("enhanced_contact", "written", unknown="not known")
    pilot = cq.code(missing="in no pilot")
    learning = cq.code("learned", "nothing_learned", unknown="not registered")
    received_on = cq.day()
    ended_on = cq.day(missing="still open")
    ending = cq.code("decided", "stopped_after_contact", "withdrawn", "forwarded", known_with="ended_on")
    points = cq.many(ComplaintPoint)


class ComplaintCount(cq.Records, name="complaint_counts"):
    """How many complaints and decisions one unit had in a month; decisions are blank where nobody counted them."""

    row = cq.key()
    administration = cq.code()
    case_type = cq.code(missing="all types")
    month = cq.day()
    complaints = cq.count()
    decisions = cq.count(missing="not known")


class AppealPart(cq.Records, name="appeal_parts"):
    """One decision of which an appeal complains, and what the appeals board made of it."""

    appeal = cq.key()
    received_on = cq.day()
    decided_on = cq.day(missing="not decided")
    outcome = cq.code("changed", "remitted", "upheld", "rejected", known_with="decided_on")


class Appeal(cq.Records, name="appeals"):
    """One appeal to the appeals board.

    changed is a decision changed or revoked (ændret, ophævet), remitted one sent back (hjemvist), upheld stadfæstet,
    rejected an appeal that was dismissed or passed on (afvist, henvist).
    """

    appeal = cq.key()
    case_type = cq.code(unknown="not stated")
    received_on = cq.day()
    parts = cq.many(AppealPart)
