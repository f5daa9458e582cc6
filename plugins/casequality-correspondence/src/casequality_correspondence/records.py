"""What is registered of enquiries, requests for access to documents, running cases and what arrives in them."""

from __future__ import annotations

import casequality as cq

ACTS = ("public_access", "party_access", "personal_data", "environment")


class Acknowledgement(cq.Records, name="acknowledgements"):
    """One answer to an enquiry that does not answer it fully: a receipt, or word of how it will be handled.

    states_deadline: whether it states the statutory processing deadline. automatic: sent by a machine on arrival.
    written: "no" for word by telephone or in person, where the source registers that too.
    """

    enquiry = cq.key()
    sent_on = cq.day()
    states_deadline = cq.flag()
    automatic = cq.flag(missing="sent by a person")
    written = cq.flag(missing="in writing")


class Enquiry(cq.Records, name="enquiries"):
    """One enquiry from a citizen, in a new case or a running one.

    kind: the case type, for statutory deadlines of the caller's own. act: the Act under which it asks for access to
    documents. has_deadline: whether the law or the municipality by law sets a processing deadline for its case type.
    answered_on: when it was answered in full; answered_in_writing: "no" for an answer by telephone or in person.
    """

    enquiry = cq.key()
    administration = cq.code(unknown="not stated")
    channel = cq.code("letter", "email", "digital_post", "telephone", "in_person")
    kind = cq.code(unknown="not stated")
    act = cq.code(*ACTS, missing="no request for access")
    has_deadline = cq.flag()
    received_on = cq.day()
    answered_on = cq.day(missing="not answered")
    answered_in_writing = cq.flag(missing="in writing", known_with="answered_on")
    acknowledgements = cq.many(Acknowledgement)


class AccessNotice(cq.Records, name="access_notices"):
    """One notice that a request for access is not decided yet; promised_on is when it says that it can be."""

    request = cq.key()
    sent_on = cq.day()
    states_reason = cq.flag()
    promised_on = cq.day(missing="no date given", planned=True)
    rules = cq.rules.ordered(
        "sent_on",
        "promised_on",
        says={
            "en": "a decision is promised for a day before the notice was sent",
            "da": "afgørelsen er lovet til en dag, der ligger før underretningen blev sendt",
        },
    )


class AccessRequest(cq.Records, name="access_requests"):
    """One request for access to documents under one Act; a letter that is one under two Acts is two records.

    public_access is offentlighedsloven, party_access forvaltningsloven, personal_data persondataloven and from 25 May
    2018 the General Data Protection Regulation, environment miljøoplysningsloven. tier: how far beyond the ordinary
    the request goes, for the guides to the Act of 2013; it changes nothing under the other Acts.
    """

    request = cq.key()
    administration = cq.code(unknown="not stated")
    act = cq.code(*ACTS)
    tier = cq.code("simple", "ordinary", "special", "very_special", missing="ordinary")
    received_on = cq.day()
    decided_on = cq.day(missing="not decided")
    withdrawn_on = cq.day(missing="not withdrawn")
    notices = cq.many(AccessNotice)


class Message(cq.Records, name="messages"):
    """One message to the citizen about how the case stands."""

    case = cq.key()
    sent_on = cq.day()


class RunningCase(cq.Records, name="running_cases"):
    """One case, from its receipt to its end, with what the citizen was told along the way."""

    case = cq.key()
    administration = cq.code(unknown="not stated")
    kind = cq.code(unknown="not stated")
    received_on = cq.day()
    ended_on = cq.day(missing="still running")
    messages = cq.many(Message)


class Incoming(cq.Records, name="incoming_information"):
    """One piece of information or notification that arrived in a case.

    reacted_on: the first reaction to it. case_ended_on: when the case ended, which may be before it arrived.
    """

    item = cq.key()
    administration = cq.code(unknown="not stated")
    arrived_as = cq.code("information", "notification", unknown="not stated")
    case_was = cq.code("running", "new", unknown="not stated")
    received_on = cq.day()
    reacted_on = cq.day(missing="no reaction")
    case_ended_on = cq.day(missing="still running", may_precede=True)
