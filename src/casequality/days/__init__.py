"""What a day is: closing days, working calendars, opening hours, local days, periods."""

from casequality.days.arrays import DayTable
from casequality.days.calendars import Calendar, Roll, calendar, calendar_from_holidays
from casequality.days.closing_days import ClosingDay
from casequality.days.office_days import DayHours, SpecialDay, Week
from casequality.days.opening_hours import OpeningHours
from casequality.days.periods import Period, months_after, months_after_each, period, rolling_year, year_to_date
from casequality.days.zones import local_day, local_days, local_times, start_of_days, to_instants

__all__ = [
    "Calendar",
    "ClosingDay",
    "DayHours",
    "DayTable",
    "OpeningHours",
    "Period",
    "Roll",
    "SpecialDay",
    "Week",
    "calendar",
    "calendar_from_holidays",
    "local_day",
    "local_days",
    "local_times",
    "months_after",
    "months_after_each",
    "period",
    "rolling_year",
    "start_of_days",
    "to_instants",
    "year_to_date",
]
