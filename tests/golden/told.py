"""The stories in each record type's own words: rows of its files, without those troubles that it cannot have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tests.golden.stories import EACH, STAYS, Story, Table, at, days, told
from tests.golden.walks import citizen_service, citizens_adviser


def case_flow_tables(stories: Sequence[Story]) -> Table:
    cases, notices, waits, stays, workers, logged, events, steps = ([] for _ in range(8))
    for one in stories:
        ending = {"decided": ("decided", "settled", "decided", "dismissed")[one.number % 4]}.get(one.end, one.end)
        unit = one.holders[-1][2] if one.holders else ("Nord", "Syd")[one.number % 2]
        first = one.notices[0][0] if one.notices else None
        cases.append(
            {
                "case": one.name,
                "kind": one.kind,
                "unit": unit,
                "received_on": one.received,
                "closed_on": one.ended,
                "ending": ending if one.ended else None,
                "notified_on": first,
            }
        )
        notices += [
            {"case": one.name, "sent_on": sent, "promised_on": promised, "written": ("yes", "", "no")[one.number % 3]}
            for sent, promised in one.notices
        ]
        if one.again:
            since, until = one.again
            waits.append({"case": one.name, "since": since, "until": until, "reason": "closed"})
        held = one.holders or ((one.received, one.ended, unit),)
        stays += [{"case": one.name, "from_on": since, "until": until, "holder": each} for since, until, each in held]
        workers += [
            {"case": one.name, "from_on": since, "worker": each, "told": ("yes", "no", "")[(one.number + place) % 3]}
            for place, (since, _, each) in enumerate(held)
        ]
        logged.append(
            {
                "case": one.name,
                "kind": one.kind,
                "received_at": at(one.received, 8),
                "decided_at": at(one.ended, 12),
            }
        )
        # at hours of their own: of two events at one instant only one decides
        lies = [(9, one.received + days(2), "internal", "planning")]
        lies += [(10, sent, "citizen", "citizen") for sent, _ in one.notices]
        lies += [(11, since, "third_party", "third_party") for since in (one.again or ())[:1]]
        events += [{"case": one.name, "at": at(day, hour), "holder": who, "cause": why} for hour, day, who, why in lies]
        steps.append(
            {
                "step": one.name,
                "kind": one.kind,
                "activity": "hear",
                "holder": unit,
                "began_at": at(one.received, 8),
                "ended_at": at(one.ended, 12),
            }
        )
    return {
        "flow_cases": cases,
        "flow_cases.notices": notices,
        "flow_cases.waits": waits,
        "flow_cases.stays": stays,
        "flow_cases.caseworkers": workers,
        "logged_cases": logged,
        "logged_cases.events": events,
        "steps": steps,
    }


def benefit_tables(stories: Sequence[Story]) -> Table:
    mine = told(stories, "reopened", *STAYS)
    cases = [
        {
            "case": one.name,
            "kind": one.kind,
            "received_on": one.received,
            "decided_on": one.ended if one.end == "decided" else None,
            "withdrawn_on": one.ended if one.end == "withdrawn" else None,
        }
        for one in mine
    ]
    notices = [
        {"case": one.name, "sent_on": sent, "promised_on": promised, "written": ("yes", "", "no")[one.number % 3]}
        for one in mine
        for sent, promised in one.notices
    ]
    return {"benefit_cases": cases, "benefit_cases.notices": notices}


def tribunal_tables(stories: Sequence[Story]) -> Table:
    return {
        "tribunal_cases": [
            {
                "case": one.name,
                "received_on": one.received,
                "closed_on": one.ended,
                "ending": None
                if not one.end
                else one.end
                if one.end == "withdrawn"
                else ("decided", "settled")[one.number % 2],
            }
            for one in told(stories, "late notice", "notice without a date", "reopened", *STAYS)
        ]
    }


def letter_tables(stories: Sequence[Story]) -> Table:
    mine = told(stories, "withdrawn", "late notice", "notice without a date", "reopened", *STAYS)
    return {"letters": [{"letter": one.name, "received_on": one.received, "answered_on": one.ended} for one in mine]}


def correspondence_tables(stories: Sequence[Story]) -> Table:
    mine = told(stories, "reopened", *STAYS)
    requests, notices, enquiries, receipts, running, messages, arrived = ([] for _ in range(7))
    for one in mine:
        requests.append(
            {
                "request": one.name,
                "act": one.kind,
                "tier": ("", "simple", "special", "very_special")[one.number % 4],
                "received_on": one.received,
                "decided_on": one.ended if one.end == "decided" else None,
                "withdrawn_on": one.ended if one.end == "withdrawn" else None,
            }
        )
        notices += [
            {
                "request": one.name,
                "sent_on": sent,
                "states_reason": ("yes", "no")[one.number % 2],
                "promised_on": promised,
            }
            for sent, promised in one.notices
        ]
        if one.end != "withdrawn":
            enquiries.append(
                {
                    "enquiry": one.name,
                    "channel": ("letter", "email", "telephone", "digital_post")[one.number % 4],
                    "act": ("", "", one.kind)[one.number % 3],
                    "has_deadline": ("yes", "no")[one.number % 2],
                    "received_on": one.received,
                    "answered_on": one.ended,
                    "answered_in_writing": ("yes", "no", "")[one.number % 3],
                }
            )
            receipts += [
                {
                    "enquiry": one.name,
                    "sent_on": sent,
                    "states_deadline": "yes" if promised else "no",
                    "automatic": ("no", "yes", "no")[one.number % 3],
                    "written": "yes",
                }
                for sent, promised in one.notices
            ]
        running.append({"case": one.name, "received_on": one.received, "ended_on": one.ended})
        messages += [{"case": one.name, "sent_on": sent} for sent, _ in one.notices]
        over = one.received - days(1) if one.number % 6 == 0 else None
        arrived.append(
            {
                "item": one.name,
                "received_on": one.received,
                "reacted_on": None if over else one.ended,
                "case_ended_on": over,
            }
        )
    return {
        "access_requests": requests,
        "access_requests.notices": notices,
        "enquiries": enquiries,
        "enquiries.acknowledgements": receipts,
        "running_cases": running,
        "running_cases.messages": messages,
        "incoming_information": arrived,
    }


def complaint_tables(stories: Sequence[Story]) -> Table:
    mine = told(stories, "late notice", "notice without a date", "reopened", *STAYS)
    found, points, appeals, parts, lessons = ([] for _ in range(5))
    for one in mine:
        kind = ("conduct", "processing_time") if one.received < dt.date(2013, 1, 1) else ("formal", "both")
        found.append(
            {
                "complaint": one.name,
                "kind": kind[one.number % 2],
                "received_on": one.received,
                "ended_on": one.ended,
                "ending": one.end if one.ended else None,
                "satisfied": ("yes", "no", "")[one.number % 3] if one.ended else None,
            }
        )
        points += [
            {"complaint": one.name, "raised_on": one.received, "subject": "file_keeping", "signal": "file_keeping"}
            for _ in range(one.number % 3)
        ]
        if one.end != "withdrawn":
            appeals.append({"appeal": one.name, "received_on": one.received})
            parts.append(
                {
                    "appeal": one.name,
                    "received_on": one.received,
                    "decided_on": one.ended,
                    "outcome": ("changed", "upheld", "remitted", "rejected")[one.number % 4] if one.ended else None,
                }
            )
            lessons.append(
                {
                    "lesson": one.name,
                    "complaint": one.name,
                    "learned_on": one.received,
                    "due_on": one.received + days(5 * one.number),
                    "done_on": one.ended,
                    "spread_on": one.ended if one.number % 2 else None,
                }
            )
    counts = [{"row": 1, "month": "2012-12-01", "complaints": len(mine), "decisions": 1_000}]
    return {
        "complaints": found,
        "complaints.points": points,
        "appeals": appeals,
        "appeals.parts": parts,
        "lessons": lessons,
        "complaint_counts": counts,
    }


def adviser_tables(stories: Sequence[Story]) -> Table:
    kinds = ("intervention", "supervision", "forwarded", "consultative_help")
    risks = (*citizens_adviser.CITIZEN, *citizens_adviser.MUNICIPALITY)
    found = []
    for one in told(stories, "late notice", "notice without a date", "reopened", *STAYS, "withdrawn", "on the due day"):
        ended, said = one.ended, ("yes", "no", "")[one.number % 3]
        found.append(
            {
                "enquiry": one.name,
                "received_on": one.received,
                "kind": kinds[one.number % 4],
                "answered_on": ended,
                "upheld": ("wholly", "partly", "no")[one.number % 3] if ended else None,
                "ended_on": ended,
                "solved": said if ended else None,
                "learning": said,
                **dict.fromkeys(risks, said),
                "usable": said,
                "improves_case": said,
                "improves_generally": said,
            }
        )
    points = [{"point": each["enquiry"], "received_on": each["received_on"], "subject": "access"} for each in found]
    return {"adviser_enquiries": found, "adviser_points": points}


def dated(stories: Sequence[Story]) -> list[Story]:
    """Return the stories of record types that have one day and no course."""
    return told(stories, "withdrawn", "late notice", "notice without a date", "reopened", *STAYS, "on the due day")


def review_tables(stories: Sequence[Story]) -> Table:
    asked = ("access", "no_feedback", "letters", "party_heard")
    mine = dated(stories)
    return {
        "reviewed_requirements": [
            {
                "row": one.name,
                "reviewed_on": one.received,
                "requirement": asked[one.number % 4],
                "answer": ("yes", "no", "not_applicable", "")[one.number // 2 % 4],
            }
            for one in mine
        ],
        "supervised_cases": [{"case": one.name, "supervised_on": one.received} for one in mine],
        "supervised_cases.steps": [
            {"case": one.name, "looked_at_on": one.received, "step": f"s{place}", "done": ("yes", "no", "")[which]}
            for one in mine
            for place, which in enumerate((0, one.number % 3)[: one.number % 2 + 1])
        ],
    }


def service_tables(stories: Sequence[Story]) -> Table:
    mine = dated(stories)
    answers = (*citizen_service.POINTS, "dont_know")
    survey = [
        {
            "row": one.name,
            "asked_on": one.received,
            "answered_on": one.ended,
            "answer": answers[one.number % len(answers)] if one.ended else None,
            "weight": "1.5",
            "side": ("caseworker", "citizen")[one.number % 2],
            "target_group": "",
        }
        for one in mine
    ]
    found: Table = {"survey_answers": survey}
    for subject, fault in (("passport", "control"), ("licence", "photo")):
        found[f"{subject}_cases"] = [
            {"case": one.name, "handled_on": one.received, "checked_on": one.ended} for one in mine
        ]
        found[f"{subject}_cases.errors"] = [
            {"case": one.name, "found_on": one.ended, "error_class": fault}
            for one in mine
            if one.ended and one.number % 4 == 0
        ]
    found["samples"] = [
        {"sample": one.name, "drawn_on": one.received, "population": 1_000, "examined": 10 * one.number} for one in mine
    ]
    return found


def call_tables(stories: Sequence[Story]) -> Table:
    calls = []
    for one in dated(stories):
        gone, waited = not one.ended, 4 * one.number
        start = dt.datetime(one.received.year, one.received.month, one.received.day, 8, tzinfo=dt.UTC)
        times = [start + dt.timedelta(seconds=each) for each in (5, 5 + waited, 120 + waited)]
        queued, answered, ended = (f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in times)
        calls.append(
            {
                "call": one.name,
                "offered_at": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "queued_at": queued,
                "answered_at": None if gone else answered,
                "ended_at": ended,
                "answered_by": None if gone else ("person", "recording")[one.number % 5 == 0],
                "resolved": None if gone else ("by the contact centre", "passed on")[one.number % 2],
                "queue": "main",
            }
        )
    return {"calls": calls, "counted_calls": [{"call": each["call"], "times": 2, **each} for each in calls[:EACH]]}
