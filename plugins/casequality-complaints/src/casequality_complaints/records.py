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
    in a subclass. What was learned is never free text; `Lesson` is one thing learned, with what became of it.
    satisfied: whether the citizen was satisfied with how the complaint was handled, where that was asked.
    """

    complaint = cq.key()
    administration = cq.code(unknown="not stated")
    kind = cq.code(*(kind for each in LISTS for kind in each.kinds), unknown="not registered")
    method = cq.code("enhanced_contact", "written", unknown="not known")
    pilot = cq.code(missing="in no pilot")
    learning = cq.code("learned", "nothing_learned", unknown="not registered")
    satisfied = cq.flag(missing="not registered")
    received_on = cq.day()
    ended_on = cq.day(missing="still open")
    ending = cq.code("decided", "stopped_after_contact", "withdrawn", "forwarded", known_with="ended_on")
    points = cq.many(ComplaintPoint)


class Lesson(cq.Records, name="lessons"):
    """One thing that a complaint taught: who acts on it, by when, whether that is done, and to whom it was spread.

    lesson: its number in the administration's own register. complaint: that of the complaint. taught: what it is
    about, one of the eight problem areas or other; an administration with a closed list of its own declares it in a
    subclass, and never free text. acts: the office that acts. spread_to: what kind of unit was told at a meeting.
    """

    lesson = cq.key()
    complaint = cq.code(unknown="not stated")
    learned_on = cq.day()
    taught = cq.code(*SUBJECTS, unknown="not stated")
    administration = cq.code(unknown="not stated")
    unit = cq.code(unknown="not stated")
    method = cq.code("enhanced_contact", "written", unknown="not known")
    acts = cq.code(missing="nobody named")
    due_on = cq.day(missing="no day set", planned=True)
    done_on = cq.day(missing="not done")
    spread_on = cq.day(missing="not spread")
    spread_to = cq.code(known_with="spread_on")
    rules = cq.rules.ordered(
        "learned_on",
        "due_on",
        says={"en": "due before it was learned", "da": "frist før den dag, hvor læringen er registreret"},
    )


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
