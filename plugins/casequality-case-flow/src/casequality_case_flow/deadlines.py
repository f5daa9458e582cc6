"""Cases against the deadline of their own type, and why a citizen was not told that it would not be kept."""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq
from casequality_case_flow.cases import FlowCase
from casequality_case_flow.notices import DUTY, PLACED_BY, NoticeShare, notices_that_count
from casequality_case_flow.sources import MEASURED_TIMES

DEADLINES = {
    "no_deadline": {"en": "type without a deadline", "da": "sagstype uden frist"},
    "deadlines": {"en": "deadlines by type", "da": "frister efter sagstype"},
}


@attrs.frozen
class AgainstDeadline(cq.Metric):
    """A measure of cases against the deadline of their type.

    deadlines: the schedule of deadlines by case type, or its id in the project file.
    """

    records = FlowCase
    citation = MEASURED_TIMES
    deadlines: str | cq.deadlines.Schedule = "case-types"

    def owed(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each case is due by the deadline of its type, and when it was closed."""
        return cq.Owed(due=as_of.due(self.deadlines, cases.received_on, kind=cases.kind), done=cases.closed_on)


@attrs.frozen
class DecidedInTime(AgainstDeadline):
    """Share of cases decided within the deadline set for their type, counted from receipt."""

    id = "case-flow.decided-in-time"
    version = 3
    title = {"en": "Decided within the deadline of its type", "da": "Afgjort inden for sagstypens frist"}
    unit = cq.units.SHARE
    higher_is_better = True
    limits = {
        "en": "The deadlines of the types are the administration's own and not in the source. The pooled figure can "
        "meet a target that several types miss: look at each type.",
        "da": "Sagstypernes frister er forvaltningens egne og står ikke i kilden. Det samlede tal kan opfylde et mål, "
        "som flere sagstyper ikke opfylder: se på hver sagstype.",
    }
    outcomes = cq.outcomes(
        no_deadline=cq.OUT,
        undecided_undated=cq.OUT,
        undecided_late=cq.OUT,
        undecided_early=cq.OUT,
        undecided=cq.OUT,
        ending_not_stated_late=cq.UNKNOWN,
        ending_not_stated_early=cq.UNKNOWN,
        ending_not_stated=cq.UNKNOWN,
        **cq.SETTLED,
    )
    words = {
        **DEADLINES,
        "undecided_undated": {"en": "ended undecided, undated", "da": "endt uden afgørelse, uden dato"},
        "undecided_late": {"en": "ended undecided, late", "da": "endt uden afgørelse, for sent"},
        "undecided_early": {
            "en": "ended undecided, not yet due",
            "da": "endt uden afgørelse, frist ikke udløbet",
        },
        "undecided": {"en": "ended undecided, in time", "da": "endt uden afgørelse, rettidigt"},
        "ending_not_stated_late": {
            "en": "closed late, ending not stated",
            "da": "sluttet for sent, udfald ikke oplyst",
        },
        "ending_not_stated_early": {
            "en": "closed and not yet due, ending not stated",
            "da": "sluttet, frist ikke udløbet, udfald ikke oplyst",
        },
        "ending_not_stated": {"en": "closed in time, ending not stated", "da": "sluttet rettidigt, udfald ikke oplyst"},
    }
    readings = cq.readings(
        cohort=cq.cohort(
            "closed",
            "received",
            "matured",
            why={
                "en": "the memo says of 'de målte sager' and not which cases were measured",
                "da": "notatet taler om »de målte sager« og siger ikke, hvilke sager der er målt",
            },
        ),
        undecided=cq.choose(
            usual="left_out",
            why={
                "en": "the memo counts deadlines for a decision, and does not say what of a case that gets none",
                "da": "notatet måler frister for en afgørelse og siger ikke, hvad der gælder en sag, der ingen får",
            },
            says={
                "left_out": {
                    "en": "a case that ended without a decision is left out",
                    "da": "en sag, der er endt uden afgørelse, holdes ude",
                },
                "as_closed": {
                    "en": "a case that ended without a decision kept its deadline if it ended in time",
                    "da": "en sag, der er endt uden afgørelse, har overholdt fristen, hvis den endte rettidigt",
                },
            },
            left_out={},
            as_closed={
                "undecided_undated": cq.UNKNOWN,
                "undecided_late": cq.NO,
                "undecided_early": cq.YES,
                "undecided": cq.YES,
                "ending_not_stated_late": cq.NO,
                "ending_not_stated_early": cq.YES,
                "ending_not_stated": cq.YES,
            },
        ),
    )

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return each case's state against the deadline of its type."""
        owed = self.owed(cases, as_of)
        states = as_of.settle(owed.due, owed.done)
        no_deadline = owed.due.none & ~np.isnat(cases.received_on)
        undecided = cases.ending.isin(("settled", "withdrawn", "dismissed"))
        # nobody knows whether what has no due day was late
        not_stated = cases.ending.missing & ~np.isnat(cases.closed_on) & ~states["undated"]
        outcome = self.outcomes.pick(
            no_deadline=no_deadline,
            undecided_undated=undecided & states["undated"],
            undecided_late=undecided & states["late"],
            undecided_early=undecided & states["in_time_early"],
            undecided=undecided,
            ending_not_stated_late=not_stated & states["late"],
            ending_not_stated_early=not_stated & states["in_time_early"],
            ending_not_stated=not_stated,
            **states,
        )
        return cq.Contribution(on=cases.received_on, until=cases.closed_on, outcome=outcome, certain=no_deadline)


@attrs.frozen
class NotNotified(AgainstDeadline):
    """Cases whose deadline passed while they were open and of which the citizen was told nothing.

    Told apart by `no_notice_because`, they are the reasons for missing notices.
    """

    id = "case-flow.not-notified"
    version = 1
    title = {"en": "Over the deadline and not notified", "da": "Over fristen uden underretning"}
    unit = cq.units.CASES
    statistic = cq.statistics.Count()
    higher_is_better = False
    limits = {
        "en": "The source asks for the reasons for missing notices and lists none: the list is the administration's.",
        "da": "Kilden spørger efter årsagerne til manglende underretning, men angiver ingen: Listen er forvaltningens.",
    }
    outcomes = cq.outcomes(
        no_deadline=cq.OUT,
        undated=cq.UNKNOWN,
        pending=cq.OPEN,
        in_time=cq.OUT,
        notified=cq.OUT,
        not_notified=cq.YES,
    )
    words = {
        **DEADLINES,
        "in_time": {"en": "closed by the deadline", "da": "afsluttet inden fristen"},
        "notified": {"en": "notified", "da": "underrettet"},
        "not_notified": {"en": "not notified", "da": "ikke underrettet"},
    }

    def owed(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each case is due, when it was closed, and whether the citizen was told in time."""
        owed = super().owed(cases, as_of)
        return attrs.evolve(owed, notified=cases.notified_on <= owed.due.at)

    def contribute(self, cases: FlowCase, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each case went over its deadline, and whether the citizen was ever told."""
        owed = self.owed(cases, as_of)
        states = as_of.settle(owed.due, owed.done)
        outcome = self.outcomes.pick(
            no_deadline=owed.due.none & ~np.isnat(cases.received_on),
            undated=states["undated"],
            pending=states["pending"],
            in_time=states["in_time"] | states["in_time_early"],
            notified=~np.isnat(cases.notified_on),
        )
        return cq.Contribution(on=cases.received_on, outcome=outcome)


@attrs.frozen
class Notified(NoticeShare):
    """Share, of the cases whose deadline passed before they were closed, in which the citizen was notified.

    Of the case type that a goal names, or of all. The cases are open and closed ones, however they ended. A notice on
    the due date itself is in time.
    """

    id = "case-flow.notified"
    version = 1
    records = FlowCase
    citation = MEASURED_TIMES
    outcomes = cq.outcomes(no_deadline=cq.OUT, closed_in_time=cq.OUT, **DUTY)
    words = {
        **NoticeShare.words,
        **DEADLINES,
        "closed_in_time": {"en": "closed by the deadline", "da": "afsluttet inden fristen"},
    }
    readings = cq.readings(
        notice=notices_that_count(
            "with_date",
            why={
                "en": "the memo counts cases over the deadline in which a notice was sent of when a decision can be "
                "expected, and says neither by when nor that it was in writing; the law wants it in writing",
                "da": "notatet tæller de sager over fristen, hvor der er sendt en underretning om, hvornår der kan "
                "forventes en afgørelse, og siger hverken hvornår, eller at den var skriftlig, som loven kræver",
            },
        ),
        cohort=PLACED_BY,
    )

    def waiting(self, cases: FlowCase, as_of: cq.AsOf) -> cq.Owed:
        """Return when each case is due by the deadline of its type, and when it was closed."""
        return cq.Owed(due=as_of.due(self.deadlines, cases.received_on, kind=cases.kind), done=cases.closed_on)

    def ended_in_time(self, cases: FlowCase, in_time: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.bool_]]:
        """Return which cases were closed in time."""
        return {"closed_in_time": in_time}
