"""The benefits area of the example: applications, decisions against invented deadlines, and notices of delay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import attrs

from casequality_copenhagen.example.days import ONE_DAY, closed, days, office_closed
from casequality_copenhagen.example.draws import Draws
from casequality_copenhagen.example.material import NOT_KNOWN, STILL_OPEN, BenefitCase, File, Notice, Row, scattered
from casequality_copenhagen.example.phones import EXTRACTED

CASES = ("Sagsnr", "Sagstype", "Modtaget", "Afgjort", "Trukket")
NOTICES = ("Sagsnr", "Afsendt", "ForventetAfgjort", "Skriftlig")
BEGUN = dt.date(2009, 9, 1)
CHANGED = dt.date(2010, 3, 1)
"""The first day on which the invented deadline for deposit loans is ten working days instead of fifteen."""


@attrs.frozen
class Kind:
    """A type of case: what the source calls it, how often it comes, and how it is handled."""

    written: str
    share: float
    usual: tuple[int, int]
    delayed: float
    delay: tuple[int, int]


KINDS: Mapping[str, Kind] = {
    "child_allowance": Kind("børnetilskud", 0.30, (5, 26), 0.13, (29, 70)),
    "adoption_allowance": Kind("adoptionstilskud", 0.03, (20, 58), 0.10, (63, 110)),
    "advance_child_support": Kind("børnebidrag", 0.20, (4, 20), 0.28, (22, 60)),
    "housing_benefit": Kind("boligstøtte", 0.35, (10, 40), 0.12, (46, 100)),
    "deposit_loan": Kind("beboerindskud", 0.12, (2, 13), 0.12, (24, 45)),
}


def due(kind: str, received: dt.date, shut: Callable[[dt.date], bool] = closed) -> dt.date:
    """Return the invented deadline of a case; `shut` says which days are not worked."""
    match kind:
        case "child_allowance":
            return received + 28 * ONE_DAY
        case "advance_child_support":
            return received + 21 * ONE_DAY
        case "adoption_allowance":
            return months_later(received, 2)
        case "housing_benefit":
            return working_days_later(received, 30, shut)
    return working_days_later(received, 15 if received < CHANGED else 10, shut)


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or that month's last day."""
    month = day.month - 1 + months
    after = dt.date(day.year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(dt.date(day.year + month // 12, month % 12 + 1, 1) + (day.day - 1) * ONE_DAY, after - ONE_DAY)


def working_days_later(day: dt.date, count: int, shut: Callable[[dt.date], bool] = closed) -> dt.date:
    """Return the n-th working day after a day."""
    while count:
        day += ONE_DAY
        count -= not shut(day)
    return day


def benefit_cases() -> list[BenefitCase]:
    """Return every application since the example began, with its notices."""
    draws = Draws("benefits")
    found: list[BenefitCase] = []
    for day in days(BEGUN, EXTRACTED):
        for _ in range(0 if office_closed(day) else draws.whole(6, 12)):
            found.append(_case(f"DEMO-YD-{len(found) + 1:05}", day, draws))
    lost = {found[1111].key, found[1234].key}
    unreadable = {case.key for case in found[800:1000] if case.notices}
    broken = sorted(unreadable)[:2]
    return [_damaged(case, case.key in lost, case.key in broken) for case in found]


def _damaged(case: BenefitCase, lost: bool, broken: bool) -> BenefitCase:
    notices = tuple(attrs.evolve(notice, readable=False) for notice in case.notices) if broken else case.notices
    return attrs.evolve(case, lost=lost, decided=None if lost else case.decided, notices=notices)


def _case(key: str, received: dt.date, draws: Draws) -> BenefitCase:
    kind = draws.one_of({name: kind.share for name, kind in KINDS.items()})
    handled = KINDS[kind]
    lasts = draws.whole(*(handled.delay if draws.chance(handled.delayed) else handled.usual))
    ended = received + lasts * ONE_DAY
    while office_closed(ended):
        ended += ONE_DAY
    withdrawn = draws.chance(0.04)
    notices = _notices(received, due(kind, received), ended, draws)
    if ended >= EXTRACTED:
        return BenefitCase(key, kind, received, None, notices=notices)
    decided = None if withdrawn else ended
    return BenefitCase(key, kind, received, decided, ended if withdrawn else None, notices)


def _notices(received: dt.date, limit: dt.date, ended: dt.date, draws: Draws) -> tuple[Notice, ...]:
    """Return the letters of one case: in time or late, with a date or without, or none at all."""
    if ended <= limit:
        return (Notice(limit - ONE_DAY, limit + 14 * ONE_DAY),) if draws.chance(0.02) else ()
    kinds = {"kept": 0.62, "no date": 0.10, "late": 0.12, "date later": 0.05, "none": 0.11}
    early = max(received + ONE_DAY, limit - draws.whole(0, 5) * ONE_DAY)
    late = limit + draws.whole(1, 12) * ONE_DAY
    promised = limit + 28 * ONE_DAY
    sent = {
        "kept": (Notice(early, promised),),
        "no date": (Notice(early, None),),
        "late": (Notice(late, promised),),
        "date later": (Notice(early, None), Notice(late, promised)),
        "none": (),
    }[draws.one_of(kinds)]
    return tuple(notice for notice in sent if notice.sent < EXTRACTED)


def case_file(cases: list[BenefitCase]) -> File:
    """Return the applications as text in the Danish dialect."""
    draws = Draws("benefits, written")
    rows = [Row((c.key, KINDS[c.kind].written, c.received, _decided(c), c.withdrawn)) for c in cases]
    return File("ydelsessager.csv", "benefit_cases", CASES, scattered(rows, _case_faults(rows), draws))


def notice_file(cases: list[BenefitCase]) -> File:
    """Return the letters as text in the Danish dialect, in the order in which they were sent."""
    draws = Draws("notices, written")
    sent = sorted(((notice.sent, case.key, notice) for case in cases for notice in case.notices), key=lambda s: s[:2])
    rows = [_notice(key, notice) for _, key, notice in sent]
    planted = [
        Row(("DEMO-YD-99999", dt.date(2010, 4, 7), None, "ja"), ("Sagsnr", "child without a parent")),
        Row((None, dt.date(2010, 4, 8), None, "ja"), ("Sagsnr", "missing value")),
    ]
    return File("underretninger.csv", "benefit_cases", NOTICES, scattered(rows, planted, draws), child="notices")


def _notice(key: str, notice: Notice) -> Row:
    if notice.readable:
        return Row((key, notice.sent, notice.promised, "ja"))
    return Row((key, f"uge {notice.sent.isocalendar().week}", None, "ja"), ("Afsendt", "unreadable value"))


def _decided(case: BenefitCase) -> dt.date:
    return NOT_KNOWN if case.lost else case.decided or STILL_OPEN


def _case_faults(rows: list[Row]) -> list[Row]:
    day, later = dt.date(2010, 2, 9), dt.date(2010, 3, 9)
    return [
        *(Row(rows[at].cells, ("Sagsnr", "repeated row")) for at in (300, 900, 1500)),
        Row(("DEMO-YD-90001", "boligstøtte", day, later, None), ("Sagsnr", "conflicting key")),
        Row(("DEMO-YD-90001", "boligstøtte", day, later + ONE_DAY, None), ("Sagsnr", "conflicting key")),
        Row(("DEMO-YD-90002", "boligstøtte", later, day, None), ("Afgjort", "ended before it began")),
        Row(("DEMO-YD-90003", "varmetillæg", day, later, None), ("Sagstype", "unknown code")),
        Row(("DEMO-YD-90004", None, day, later, None), ("Sagstype", "missing value")),
        Row(("DEMO-YD-90005", "børnetilskud", "31-02-2010", later, None), ("Modtaget", "unreadable value")),
        Row(("DEMO-YD-90006", "boligstøtte", dt.date(1987, 2, 9), later, None), ("Modtaget", "outside the calendar")),
        Row(
            ("DEMO-YD-90007", "børnetilskud", day, later, None, "en", "celle", "mere"), ("", "wrong number of columns")
        ),
        Row((None, "børnetilskud", day, later, None), ("Sagsnr", "missing value")),
    ]
