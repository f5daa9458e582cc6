"""The share of overdue cases of which the citizen was told, in writing and in time, when to expect a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs
import numpy as np
import numpy.typing as npt

import casequality as cq

WORDS: Final = {
    "no_deadline": {"en": "type without a deadline", "da": "sagstype uden frist"},
    "in_time_with_date": {"en": "in time, with a date", "da": "rettidigt, med dato"},
    "notice_undated": {"en": "day of the notice not known", "da": "underretningens dag ukendt"},
    "in_time_date_later": {"en": "in time, the date later", "da": "rettidigt, dato senere"},
    "in_time_without_date": {"en": "in time, without a date", "da": "rettidigt, uden dato"},
    "late_with_date": {"en": "late, with a date", "da": "for sent, med dato"},
    "late_without_date": {"en": "late, without a date", "da": "for sent, uden dato"},
    "not_in_writing": {"en": "not in writing", "da": "ikke skriftligt"},
    "no_notice": {"en": "no notice", "da": "ingen underretning"},
    "counted_by": {"en": "a case is placed by its", "da": "en sag placeres efter"},
    "due": {"en": "due date", "da": "fristens udløb"},
    "received": {"en": "receipt", "da": "modtagelsen"},
}
NOTICES_THAT_COUNT: Final = {
    "in_time_with_date": {
        "en": "a written notice sent by the due date that says when a decision can be expected",
        "da": "en skriftlig underretning sendt senest på fristdagen om, hvornår afgørelsen kan ventes",
    },
    "in_time": {
        "en": "a written notice sent by the due date, with or without a date",
        "da": "en skriftlig underretning sendt senest på fristdagen, med eller uden dato",
    },
    "with_date": {
        "en": "a written notice that says when a decision can be expected, whenever it was sent",
        "da": "en skriftlig underretning om, hvornår afgørelsen kan ventes, uanset hvornår den er sendt",
    },
    "sent": {
        "en": "any written notice, whenever it was sent",
        "da": "enhver skriftlig underretning, uanset hvornår den er sendt",
    },
}
IN_TIME: Final = ("in_time_with_date", "in_time_date_later", "in_time_without_date")
WITH_DATE: Final = ("in_time_with_date", "in_time_date_later", "late_with_date")
DUTY: Final = {
    "pending": cq.OUT,
    "undated": cq.UNKNOWN,
    "in_time_with_date": cq.YES,
    "notice_undated": cq.UNKNOWN,
    "in_time_date_later": cq.NO,
    "in_time_without_date": cq.NO,
    "late_with_date": cq.NO,
    "late_without_date": cq.NO,
    "not_in_writing": cq.NO,
    "no_notice": cq.NO,
}
"""What becomes of a case that has a deadline and did not end by it; a subclass puts its own endings before these."""


class Notice(cq.Records, name="notices"):
    """One notice that the deadline cannot be kept.

    promised_on: when a decision can be expected, as the notice says. written: "no" for a notice by telephone or in
    person, where the source registers those too.
    """

    case = cq.key()
    sent_on = cq.day()
    promised_on = cq.day(missing="no date given", planned=True)
    written = cq.flag(missing="in writing")
    rules = cq.rules.ordered(
        "sent_on",
        "promised_on",
        says={
            "en": "a decision is promised for a day before the notice was sent",
            "da": "afgørelsen er lovet til en dag, der ligger før underretningen blev sendt",
        },
    )


def notices_that_count(literal: str, why: Mapping[str, str]) -> cq.Choice:
    """Return the choice of what counts as notified; literal: the one that a source's words ask for, and why."""
    return cq.choose(
        literal=literal,
        why=why,
        says=NOTICES_THAT_COUNT,
        in_time_with_date={},
        in_time=dict.fromkeys(IN_TIME, cq.YES),
        with_date=dict.fromkeys(WITH_DATE, cq.YES),
        sent=dict.fromkeys((*IN_TIME, *WITH_DATE, "late_without_date"), cq.YES),
    )


PLACED_BY: Final = cq.choose(
    usual="due",
    why={
        "en": "the source does not say which cases a period holds; the duty arises when the deadline passes, "
        "and a period that has ended then gains no case later",
        "da": "kilden siger ikke, hvilke sager en periode omfatter; pligten opstår, når fristen udløber, og en "
        "afsluttet periode får da ikke flere sager senere",
    },
    says={
        "due": {
            "en": "each case counts in the period in which its deadline passed",
            "da": "hver sag tælles i den periode, hvor dens frist udløb",
        },
        "received": {
            "en": "each case counts in the period in which it was received; those not yet due may be added",
            "da": "hver sag tælles i den periode, hvor den blev modtaget; de, hvis frist ikke er udløbet, kan "
            "komme til",
        },
    },
    due={"counted_by": "due"},
    received={"counted_by": "received", "pending": cq.OPEN},
)


@attrs.frozen
class NoticeShare(cq.Metric):
    """Share, of the cases whose deadline passed before they ended, of which the citizen was notified; of any records.

    A subclass binds `records`, which has the day `received_on` and the child table `notices` of `Notice`; says in
    `waiting` when a case is due and when it ended, and in `ended_in_time` by which outcomes; and has `outcomes` that
    hold those and `DUTY`, and the readings `notice` (`notices_that_count`) and `cohort` (`PLACED_BY`).
    The cases are open and closed ones. A notice on the due date itself is in time. A case with several notices
    has the best that they show together: `in_time_date_later` is one in time without a date and a later one with it.
    deadlines: the schedule of deadlines by case type, or its id in the project file.
    counted_by: the day that places a case in a period, "due" or "received"; see the reading `cohort`.
    """

    title = {"en": "Notified that the deadline is not kept", "da": "Underrettet om, at fristen ikke overholdes"}
    unit = cq.units.SHARE
    higher_is_better = True
    limits = {
        "en": "Whether a promised day was kept, and whether a second delay was told of, is not measured. A notice "
        "counts also where it was sent after the decision.",
        "da": "Det måles ikke, om en lovet dag blev holdt, eller om en ny forsinkelse blev meddelt. En underretning "
        "tæller også, hvis den er sendt efter afgørelsen.",
    }
    words = WORDS
    settles_undated_rows = True
    deadlines: str | cq.deadlines.Schedule = "case-types"
    counted_by: Literal["due", "received"] = "due"

    def __attrs_post_init__(self) -> None:
        if self.counted_by not in ("due", "received"):
            raise cq.errors.UsageError(
                cq.errors.Words(
                    "A case is placed by its due date or its receipt",
                    "En sag placeres efter sin frist eller sin modtagelse",
                ),
                where=f"{self.id}, counted_by",
                got=self.counted_by,
                allowed=("due", "received"),
                remedy=cq.errors.Words("choose one of these", "vælg en af disse"),
            )

    def waiting(self, cases: Any, as_of: cq.AsOf) -> cq.Owed:
        """Return when each case is due, and when it ended."""
        raise NotImplementedError

    def ended_in_time(self, cases: Any, in_time: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.bool_]]:
        """Return by outcome which of the cases that ended `in_time`, (cases,), have it; each has one."""
        raise NotImplementedError

    def contribute(self, cases: Any, as_of: cq.AsOf, /) -> cq.Contribution:
        """Return whether each case was owed a notice, and the best that was sent."""
        waiting = self.waiting(cases, as_of)
        due, states = waiting.due, as_of.settle(waiting.due, waiting.done)
        not_owed = {
            "no_deadline": due.none & ~np.isnat(cases.received_on),
            **self.ended_in_time(cases, states["in_time"] | states["in_time_early"]),
            "pending": states["pending"],
        }
        owed = states["late"] | states["open_overdue"]
        notices, (first, first_dated) = cases.notices, _first_in_writing(cases)
        in_time, dated = as_of.kept(due, first, owed), ~np.isnat(first_dated)
        outcome = self.outcomes.pick(
            **not_owed,
            undated=states["undated"],
            in_time_with_date=as_of.kept(due, first_dated, owed),
            notice_undated=notices.any((notices.rows.written != "no") & np.isnat(notices.rows.sent_on)),
            in_time_date_later=in_time & dated,
            in_time_without_date=in_time,
            late_with_date=dated,
            late_without_date=~np.isnat(first),
            not_in_writing=notices.any(),
        )
        placed = cases.received_on if self.counted_by == "received" else due.at
        return cq.Contribution(
            on=np.where(due.none, cases.received_on, placed),
            outcome=outcome,
            # when it ended, a mark may say that nobody knows
            certain=not_owed["no_deadline"] | (np.logical_or.reduce(list(not_owed.values())) & cases.known()),
        )

    def owed(self, cases: Any, as_of: cq.AsOf, /) -> cq.Owed:
        """Return when each case is due, whether a written notice was sent by then, and the last day promised in one."""
        waiting, rows = self.waiting(cases, as_of), cases.notices.rows
        first, _ = _first_in_writing(cases)
        promised = cases.notices.last(rows.promised_on, (rows.written != "no") & ~np.isnat(rows.promised_on))
        return attrs.evolve(waiting, notified=first <= waiting.due.at, promised=promised)


def _first_in_writing(cases: Any) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.datetime64]]:
    """Return when each case's first written notice was sent, and the first that gives a date; NaT for none."""
    rows = cases.notices.rows
    written = rows.written != "no"
    dated = written & ~np.isnat(rows.promised_on)
    return cases.notices.first(rows.sent_on, written), cases.notices.first(rows.sent_on, dated)
