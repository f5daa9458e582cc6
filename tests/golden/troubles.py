"""Twelve cases of each kind of trouble for each shipped unit: when its stories play, and what its walks take as days.

A story is a case with its days; what becomes of it is worked out by the plain walks in `walks`, under the days of a
`Scene`: an as-of, periods and closing days of a year in which Great Prayer Day and 24 December lie. `python -m
tests.golden.write` writes the stories into `in_trouble`, with their figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from tests.golden.stories import Day, Due, Scene, Story, Table, days
from tests.golden.told import (
    adviser_tables,
    benefit_tables,
    call_tables,
    case_flow_tables,
    complaint_tables,
    correspondence_tables,
    letter_tables,
    review_tables,
    service_tables,
    tribunal_tables,
)
from tests.golden.walks import (
    access,
    case_flow,
    case_review,
    case_types,
    citizen_service,
    citizens_adviser,
    complaints,
    contact_centre,
    correspondence,
    example,
    housing_benefit,
    rent_tribunal,
    standstill,
    winter_2014,
)
from tests.golden.walks.figures import months_later, working_days_later


def _quarters(*named: str) -> dict[str, Day]:
    return {each: dt.date(int(each[:4]), 3 * int(each[-1]) - 2, 1) for each in named}


CLOSED_2010 = {dt.date(2010, *day) for day in ((4, 1), (4, 2), (4, 5), (4, 30), (5, 13), (5, 24))}
CLOSED_2014 = {dt.date(2014, *day) for day in ((4, 17), (4, 18), (4, 21), (5, 16), (5, 29), (6, 9), (12, 25), (12, 26))}
CLOSED_2014.add(dt.date(2015, 1, 1))
PRAYER, EVE = dt.date(2010, 4, 30), dt.date(2010, 12, 24)
QUARTERS = _quarters("2010-Q2", "2010-Q3", "2010-Q4", "2011-Q1")
MONTHS = ("2010-04", "2010-05", "2010-12", "2011-01")
AS_OF = dt.date(2011, 4, 20)


def _scene(
    folder: str,
    kinds: Sequence[str],
    due: Due,
    tell: Callable[[Sequence[Story]], Table],
    stage: Mapping[ModuleType, Mapping[str, Any]],
    *,
    periods: tuple[str, ...] = MONTHS,
    as_of: Day = dt.date(2011, 2, 20),
    spring: Day = PRAYER,
    winter: Day = EVE,
    before: Day = dt.date(2010, 4, 1),
    after: Day = dt.date(2011, 2, 1),
) -> Scene:
    return Scene(folder, as_of, periods, spring, winter, kinds, due, tell, stage, before, after)


def _months(module: ModuleType, **more: Any) -> dict[ModuleType, dict[str, Any]]:
    return {module: {"AS_OF": dt.date(2011, 2, 20), "PERIODS": MONTHS, **more}}


def _in_four_weeks(_: str, received: Day) -> Day:
    return received + days(28)


_2012 = ("2012-04", "2012-05", "2012-12", "2013-01")
_2014 = ("2014-05", "2014-06", "2014-12", "2015-01")
_2017 = ("2017-Q2", "2017-Q3", "2017-Q4", "2018-Q1")
SCENES = (
    _scene(
        "case-flow",
        ("pension", "aid", "transport", "other"),
        case_types.due_on,
        case_flow_tables,
        {
            case_types: {"CLOSED_DAYS": CLOSED_2010},
            case_flow: {"AS_OF": AS_OF, "PERIODS": tuple(QUARTERS), "STARTS": QUARTERS},
            standstill: {
                "AS_OF": dt.datetime(2011, 4, 20, tzinfo=standstill.COPENHAGEN).astimezone(dt.UTC),
                "PERIODS": tuple(QUARTERS),
            },
        },
        periods=tuple(QUARTERS),
        as_of=AS_OF,
        after=dt.date(2011, 4, 1),
    ),
    _scene("case-review", ("",), _in_four_weeks, review_tables, _months(case_review)),
    _scene(
        "citizen-service",
        ("",),
        _in_four_weeks,
        service_tables,
        _months(citizen_service, PERIODS=("2010", "2011")),
        periods=("2010", "2011"),
    ),
    _scene(
        "citizens-adviser",
        ("",),
        _in_four_weeks,
        adviser_tables,
        {citizens_adviser: {"AS_OF": dt.date(2018, 4, 20), "PERIODS": _2017, "UNDATED": []}},
        periods=_2017,
        as_of=dt.date(2018, 4, 20),
        spring=dt.date(2017, 5, 12),
        winter=dt.date(2017, 12, 24),
        before=dt.date(2017, 4, 1),
        after=dt.date(2018, 4, 1),
    ),
    _scene(
        "complaints",
        ("",),
        _in_four_weeks,
        complaint_tables,
        {
            complaints: {
                "AS_OF": dt.date(2013, 2, 20),
                "PERIODS": _2012,
                "NEXT": {each: months_later(dt.date.fromisoformat(f"{each}-01"), 1) for each in _2012},
            }
        },
        periods=_2012,
        as_of=dt.date(2013, 2, 20),
        spring=dt.date(2012, 5, 4),
        winter=dt.date(2012, 12, 24),
        before=dt.date(2012, 4, 1),
        after=dt.date(2013, 2, 1),
    ),
    _scene(
        "contact-centre",
        ("",),
        _in_four_weeks,
        call_tables,
        _months(contact_centre, AS_OF=dt.datetime(2011, 2, 20, 11, tzinfo=dt.UTC)),
    ),
    _scene(
        "correspondence",
        ("public_access", "party_access", "personal_data", "environment"),
        lambda _, received: working_days_later(received, 10, CLOSED_2014),
        correspondence_tables,
        {
            winter_2014: {"AS_OF": dt.date(2015, 2, 20), "CLOSED": CLOSED_2014},
            access: {"AS_OF": dt.date(2015, 2, 20), "PERIODS": _2014, "CLOSED": CLOSED_2014},
            correspondence: {"AS_OF": dt.date(2015, 2, 20), "PERIODS": _2014, "CLOSED": CLOSED_2014},
        },
        periods=_2014,
        as_of=dt.date(2015, 2, 20),
        spring=dt.date(2014, 5, 16),
        winter=dt.date(2014, 12, 24),
        before=dt.date(2014, 5, 1),
        after=dt.date(2015, 2, 1),
    ),
    _scene(
        "example",
        ("",),
        lambda _, received: working_days_later(received, 10, CLOSED_2010),
        letter_tables,
        _months(example, CLOSED=CLOSED_2010),
    ),
    _scene(
        "housing-benefit",
        ("housing_benefit", "child_allowance", "adoption_allowance", "deposit_loan"),
        housing_benefit.due,
        benefit_tables,
        _months(housing_benefit, CLOSED=CLOSED_2010),
    ),
    _scene(
        "rent-tribunal",
        ("",),
        lambda _, received: months_later(received, 4),
        tribunal_tables,
        {
            rent_tribunal: {
                "AS_OF": AS_OF,
                "QUARTERS": {name: (first, months_later(first, 3)) for name, first in QUARTERS.items()},
            }
        },
        periods=tuple(QUARTERS),
        as_of=AS_OF,
        after=dt.date(2011, 4, 1),
    ),
)
