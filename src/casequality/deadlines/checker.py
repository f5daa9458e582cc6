"""Accepts or rejects the ledger of a due date, as `Ledger.to_json` writes it: `python checker.py ledger.json`.

It stands alone: only the standard library, nothing of casequality, no table. It works out the Danish public holidays
for itself, counts the days again one by one, and says what of the ledger it cannot confirm. What the law says, which
pauses there were and when the office was open it takes from the ledger; so it does the closed days of other calendars.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from calendar import monthrange
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import zip_longest
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

Plain: TypeAlias = dict[str, Any]
Row: TypeAlias = tuple[
    dt.date, str, bool, int, str
]  # day, phase, whether it counts, how many so far, key of its source
Closed: TypeAlias = Callable[[dt.date], bool]
Paused: TypeAlias = Callable[[dt.date], str | None]

DAY = dt.timedelta(days=1)
UNREADABLE = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
KEYS = "answer arrival_calendar calendar digest due extension lang office pauses received rows rule schema sources term"
SHOWN = itemgetter("date", "weekday", "phase", "counted", "count", "source")
NAMED = ("dk-statutory", "dk-administrative", "dk-bank")
TO_THE_TICK = "%Y-%m-%d %H:%M:%S.%f"
LANGUAGES = ("en", "da")
TEXTS = ("title", "document", "section", "question")
WEEKDAYS = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "mandag tirsdag onsdag torsdag fredag lørdag søndag",
)
MONTHS = (
    "January February March April May June July August September October November December",
    "januar februar marts april maj juni juli august september oktober november december",
)
UNITS = {
    "working days": (("working day", "arbejdsdag"), ("working days", "arbejdsdage")),
    "calendar days": (("calendar day", "kalenderdag"), ("calendar days", "kalenderdage")),
    "weeks": (("week", "uge"), ("weeks", "uger")),
    "months": (("month", "måned"), ("months", "måneder")),
    "years": (("year", "år"), ("years", "år")),
    "hours": (("hour", "time"), ("hours", "timer")),
}
PARTS = ("excluded_months", "by_weekday")
ROLLED = (
    " (an end on a day not worked moves {})",
    " (et udløb på en dag, der ikke er arbejdsdag, flyttes {})",
)
WHERE = {"forward": ("forward", "frem"), "backward": ("back", "tilbage")}
NOT_COUNTED = ("the day of receipt not counted", "modtagelsesdagen ikke medregnet")
FROM_THE_TIME = ("counted from the time of receipt", "regnet fra modtagelsestidspunktet")
EXTENDED = ("extended by the notice sent {}", "forlænget ved underretning afsendt {}")
NOT_LONGER = (
    "the source states no longer term for the notice sent {}",
    "kilden angiver ingen længere frist for underretning afsendt {}",
)
NOT_EXTENDED = ("not extended by the notice sent {}", "ikke forlænget ved underretning afsendt {}")


def check(ledger: Plain) -> list[str]:
    """Return what is wrong with a ledger; one that is accepted has no faults."""
    try:
        return list(faults(ledger))
    except UNREADABLE as fault:
        return [f"it cannot be confirmed: {type(fault).__name__}: {fault}"]


def faults(ledger: Plain) -> Iterator[str]:
    """Yield each thing that a second count does not confirm."""
    rest = {key: value for key, value in ledger.items() if key != "digest"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if hashlib.sha256(canonical.encode()).hexdigest() != ledger.get("digest"):
        yield "the digest is not that of the rest"
    if sorted(ledger) != KEYS.split() or ledger["schema"] != "casequality/ledger/1":
        yield "it is not a ledger of version 1"
    rule, (before, clock) = ledger["rule"], beginning(ledger)
    start, closed, paused = before[-1][0], closing(ledger["calendar"]), pausing(ledger)
    term = lawful_term(ledger, start, closed, paused)
    # as written, not as equal: 1 == True == 1.0, and a proof must say what it says to the letter
    if repr(ledger["term"]) != repr(term):
        yield f"the rule in force has another term: {term}"
    rows = [*before, *(passing(ledger, start) if by_the_hour(ledger) else count(term, start, closed, paused))]
    yield from row_faults(ledger, rows)
    asks = term["unit"] == "working days" or term["roll"] != "none"
    yield from calendar_faults(ledger["calendar"], "calendar" if asks else None, rows)
    if rule["after"]:
        yield from calendar_faults(ledger["arrival_calendar"], "arrival calendar", rows)
    yield from source_faults(ledger, start)
    begun, due = moment(start, clock, rule["zone"]), moment(rows[-1][0], clock, rule["zone"])
    if by_the_hour(ledger):
        begun, due = instant(ledger), instant(ledger, term["amount"])
    if ledger["due"] != due.isoformat():
        yield f"it is due {due.isoformat()}"
    answer = {lang: sentence(ledger, number, begun, due, rows) for number, lang in enumerate(LANGUAGES)}
    if ledger["answer"] != answer:
        yield f"the answer is not {answer}"


def row_faults(ledger: Plain, rows: list[Row]) -> Iterator[str]:
    """Yield each row that differs from the one counted here; a 1 is not taken for true, nor true for 1."""
    weekdays = WEEKDAYS[LANGUAGES.index(ledger["lang"])].split()
    given = [SHOWN(row) for row in ledger["rows"]]
    expected = [(day.isoformat(), weekdays[day.weekday()], *rest) for day, *rest in rows]
    for number, pair in enumerate(zip_longest(given, expected), 1) if repr(given) != repr(expected) else ():
        if repr(pair[0]) != repr(pair[1]):
            yield f"row {number} is {pair[0]}, not {pair[1]}"


def beginning(ledger: Plain) -> tuple[list[Row], dt.timedelta | None]:
    """Return the rows up to the day from which the term runs, and the clock time where there are opening hours."""
    rule, received = ledger["rule"], ledger["received"]
    if (ledger["arrival_calendar"] or {}).get("name") != (rule["after"] or {}).get("calendar"):
        raise ValueError("the arrival is counted on another calendar")
    if rule["after"]:
        day, closed = dt.date.fromisoformat(received), closing(ledger["arrival_calendar"])
        days = count(
            in_force(rule["after"], day), day, closed, lambda _: None, ("arrival", "arrival", "arrival calendar")
        )
        return [(day, "arrival", False, 0, "arrival"), *days], None
    if not rule["opening"]:
        day = instant(ledger).date() if by_the_hour(ledger) else dt.date.fromisoformat(received)
        return [(day, "receipt", False, 0, "rule")], None
    came = dt.datetime.fromisoformat(received)
    if came.astimezone(ZoneInfo(rule["zone"])).isoformat() != received:
        raise ValueError(f"{received} is not a time of {rule['zone']}")
    clock = came.replace(tzinfo=None) - dt.datetime.combine(came, dt.time())
    rows: list[Row] = []
    for number, office in enumerate(ledger["office"]):
        day, earliest = came.date() + number * DAY, dt.timedelta() if number else clock
        if office["date"] != day.isoformat():
            raise ValueError(f"the hours of {day} are not given")
        for interval in office["hours"].split(", ") if office["hours"] != "closed" else ():
            opens, closes = map(since_midnight, interval.split("-"))
            if earliest < closes:
                begun = max(opens, earliest)
                return [*rows, (day, "receipt", False, 0, "opening" if number or begun > clock else "rule")], begun
        rows.append((day, "closed office", False, 0, "opening"))
    raise ValueError("the office does not open")


def by_the_hour(ledger: Plain) -> bool:
    """Return whether a term in hours runs from an instant."""
    return bool(ledger["term"]["unit"] == "hours" and "T" in ledger["received"])


def instant(ledger: Plain, hours: int = 0) -> dt.datetime:
    """Return so many hours after the receipt, as clocks of the rule's zone show it."""
    came, zone = dt.datetime.fromisoformat(ledger["received"]), ZoneInfo(ledger["rule"]["zone"])
    if came.astimezone(zone).isoformat() != ledger["received"]:
        raise ValueError(f"{came} is not a time of {zone}")
    return (came.astimezone(dt.UTC) + dt.timedelta(hours=hours)).astimezone(zone)


def passing(ledger: Plain, start: dt.date) -> list[Row]:
    """Return a row for each day that begins before the hours of a term have passed."""
    days = (instant(ledger, ledger["term"]["amount"]).date() - start).days
    return [(start + number * DAY, "term", True, number, "rule") for number in range(1, days + 1)]


def since_midnight(clock: str) -> dt.timedelta:
    """Return a clock time such as 08:30, 08:30:15.5 or 24:00."""
    hour, minute, second = (*clock.split(":"), "0")[:3]
    return dt.timedelta(hours=int(hour), minutes=int(minute), seconds=float(second))


def in_force(rule: Plain, day: dt.date) -> Plain:
    """Return the term that a rule has for what is received on a day, with its source."""
    for held in rule["terms"]:
        if (held["since"] or "") <= day.isoformat() <= (held["until"] or "9999"):
            return dict(held)
    raise ValueError(f"no term was in force on {day}")


def lawful_term(ledger: Plain, start: dt.date, closed: Closed, paused: Paused) -> Plain:
    """Return the term to count: that in force or, after a notice in time, the longer one; its roll rule is as asked."""
    law, notice, roll = in_force(ledger["rule"], start), ledger["extension"], ledger["term"]["roll"]
    longer = ledger["rule"]["extension"]["term"] if notice and notice["valid"] else None
    if notice:
        own_roll = law["roll"] if roll == (longer or law)["roll"] else roll
        due = count({**law, "roll": own_roll}, start, closed, paused)[-1][0].isoformat()
        if notice["valid"] is not (ledger["received"][:10] <= notice["sent_on"] <= due):
            raise ValueError(f"a notice was in time until {due}, not on {notice['sent_on']} or the other way round")
        if repr(notice["term"]) != repr(longer and {**longer, "roll": roll}):
            raise ValueError(f"a notice does not give the term {notice['term']}")
    counted = longer or law
    parts = {key: counted[key] for key in PARTS if key in counted}
    return {"amount": counted["amount"], "unit": counted["unit"], "roll": roll, **parts}


def count(
    term: Plain,
    start: dt.date,
    closed: Closed,
    paused: Paused,
    names: tuple[str, str, str] = ("term", "rule", "calendar"),
) -> list[Row]:
    """Count a term day by day from a day that is itself not counted, then move its end as the roll rule says."""
    (phase, rule, calendar), rows = names, []
    day, counted, needed, working = start, 0, days_needed(term, start), term["unit"] == "working days"
    while counted < needed:
        day += DAY
        if working and closed(day):
            rows.append((day, phase, False, counted, calendar))
        elif day.month in term.get("excluded_months", ()):
            rows.append((day, phase, False, counted, rule))
        elif pause := paused(day):
            rows.append((day, "pause", False, counted, pause))
        else:
            counted += 1
            rows.append((day, phase, True, counted, rule))
    step = {"forward": DAY, "backward": -DAY, "none": None}[term["roll"]]
    while step and closed(day):
        day += step
        rows.append((day, "roll", False, counted, calendar if closed(day) else rule))
    return rows


def days_needed(term: Plain, start: dt.date) -> int:
    """Return how many days must be counted: working days, else the days to the term's end without pauses."""
    amount, unit = dict(term.get("by_weekday", ())).get(start.weekday(), term["amount"]), term["unit"]
    if type(amount) is not int or not 1 <= amount <= 10_000:
        raise ValueError(f"a term of {amount} {unit}")
    if unit == "hours":
        return -(-amount // 24)
    if unit in ("months", "years"):
        months = amount if unit == "months" else 12 * amount
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        return (dt.date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])) - start).days
    return amount * {"working days": 1, "calendar days": 1, "weeks": 7}[unit]


def pausing(ledger: Plain) -> Paused:
    """Return the key of a pause that covers a whole day, one strictly between its two, where there is any."""
    spans: list[tuple[dt.date, dt.date, str]] = []
    sources = {pause["reason"]: pause["source"] for pause in ledger["rule"]["pauses"]}
    for pause in ledger["pauses"]:
        since, reason = dt.date.fromisoformat(pause["since"]), pause["reason"]
        until = dt.date.fromisoformat(pause["until"]) if pause["until"] else dt.date.max
        key = (f"pause: {reason}" if sources[reason] else "rule") if reason in sources else None
        if until < since or pause["allowed"] is not (reason in sources) or pause["source"] != key:
            raise ValueError(f"the rule does not bear out {pause}")
        spans += [(since, until, key)] if key else []
    return lambda day: next((key for since, until, key in spans if since < day < until), None)


def closing(calendar: Plain) -> Closed:
    """Return which days a calendar closes: weekends and the Danish holidays, or its week's and the days it lists."""
    name, week = calendar["name"], calendar["week"]
    if len(week) != 7 or set(week) - {"0", "1"} or (name in NAMED and week != "1111100"):
        raise ValueError(f"the week of {name} is not {week}")
    if name in NAMED:
        return lambda day: day.weekday() >= 5 or day in danish_holidays(name, day.year)
    listed = {dt.date.fromisoformat(closed["date"]) for closed in calendar["closed"]}
    return lambda day: week[day.weekday()] == "0" or day in listed


@lru_cache(maxsize=256)
def danish_holidays(name: str, year: int) -> frozenset[dt.date]:
    """Return the days of a year on which one of the three named calendars closes, weekends apart."""
    # Easter Sunday by the anonymous Gregorian algorithm (Meeus, Jones, Butcher), in whole numbers for any year
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    month, day = divmod(d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114, 31)
    easter = dt.date(year, month, day + 1)
    # from Easter: Maundy Thursday, Good Friday, Sunday, Monday, Ascension, Whit Sunday and Monday; Great Prayer Day to
    # 2023; for banks the Friday after Ascension
    moving = [-3, -2, 0, 1, 39, 49, 50, *([26] if year <= 2023 else []), *([40] if name == "dk-bank" else [])]
    fixed = [(1, 1), (12, 25), (12, 26), *([(6, 5), (12, 24), (12, 31)] if name != "dk-statutory" else [])]
    return frozenset([easter + offset * DAY for offset in moving] + [dt.date(year, *date) for date in fixed])


def calendar_faults(calendar: Plain, key: str | None, rows: list[Row]) -> Iterator[str]:
    """Yield what does not fit of a calendar: it lists all days, and only those, that it closes within the rows."""
    name, week, closed = calendar["name"], calendar["week"], closing(calendar)
    first, last = min(rows)[0], max(rows)[0]
    days = [first + number * DAY for number in range((last - first).days + 1)] if key else []
    listed = [day.isoformat() for day in days if week[day.weekday()] == "1" and closed(day)]
    if [day["date"] for day in calendar["closed"]] != listed:
        yield f"{name} closes on other days: {listed}"
    if calendar["source"] != key:
        yield f"the source of {name} is not {calendar['source']}"


def source_faults(ledger: Plain, start: dt.date) -> Iterator[str]:
    """Yield what does not fit of the sources: the rule's are those that it states itself, and no other has crept in."""
    rule, sources = ledger["rule"], ledger["sources"]
    stated = {"rule": in_force(rule, start)["source"]}
    stated |= {f"pause: {pause['reason']}": pause["source"] for pause in rule["pauses"]}
    asked = {ledger["calendar"]["source"], *(["opening"] if rule["opening"] else [])}
    if rule["after"]:
        stated["arrival"] = in_force(rule["after"], dt.date.fromisoformat(ledger["received"]))["source"]
        asked.add("arrival calendar")
    for key, source in sources.items():
        for name in TEXTS:
            if not is_text(source.get(name, "")):
                yield f"the {name} of the source '{key}' is no text"
        if repr(source) != repr(stated[key]) if key in stated else key not in asked:
            yield f"the rule does not state the source '{key}'"
    for key in {row["source"] for row in ledger["rows"]} - set(sources):
        if stated.get(key, key != "opening"):
            yield f"the source '{key}' is left out"


def is_text(given: Any) -> bool:
    """Return whether something is a text, or one in each language and nothing else."""
    if isinstance(given, dict):
        return sorted(given) == sorted(LANGUAGES) and all(isinstance(text, str) for text in given.values())
    return isinstance(given, str)


def moment(day: dt.date, clock: dt.timedelta | None, zone: str) -> dt.date:
    """Return a day, or its clock time in a zone, moved on where the clocks jump over it."""
    if clock is None:
        return day
    local = (dt.datetime.combine(day, dt.time()) + clock).replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(dt.UTC).astimezone(ZoneInfo(zone))


def spoken(day: dt.date, lang: int) -> str:
    """Return a day, or a day with its clock time, in words."""
    weekday, month = WEEKDAYS[lang].split()[day.weekday()], MONTHS[lang].split()[day.month - 1]
    text = (f"{weekday} {day.day} {month} {day.year}", f"{weekday} den {day.day}. {month} {day.year}")[lang]
    return text + (f" at {day:%H:%M}", f" kl. {day:%H.%M}")[lang] if isinstance(day, dt.datetime) else text


def span(pause: Plain, lang: int) -> str:
    """Return from when to when a pause lasts, in words."""
    since, until = (pause[key] and spoken(dt.date.fromisoformat(pause[key]), lang) for key in ("since", "until"))
    if until is None:
        return ("since ", "siden ")[lang] + since
    return (f"between {since} and {until}", f"mellem {since} og {until}")[lang]


def sentence(ledger: Plain, lang: int, start: dt.date, due: dt.date, rows: list[Row]) -> str:
    """Return the answer that the ledger must give, in English (0) or Danish (1)."""
    rule, term, notice, name = ledger["rule"], ledger["term"], ledger["extension"], ledger["calendar"]["name"]
    how = [f"{term['amount']} {UNITS[term['unit']][term['amount'] > 1][lang]}"]
    if "by_weekday" in term:
        from_a = ("{} from a {}", "{} fra en {}")[lang]
        pairs = [from_a.format(amount, WEEKDAYS[lang].split()[day]) for day, amount in term["by_weekday"]]
        how[0] += f" ({', '.join(pairs)})"
    if "excluded_months" in term:
        months = [MONTHS[lang].split()[month - 1] for month in term["excluded_months"]]
        how[0] += (" ({} not counted)", " ({} regnes ikke med)")[lang].format((" and ", " og ")[lang].join(months))
    if term["roll"] != "none":
        how[0] += ROLLED[lang].format(WHERE[term["roll"]][lang])
    how.append((FROM_THE_TIME if by_the_hour(ledger) else NOT_COUNTED)[lang])
    if name != rule["calendar"]:
        how.append((f"by the calendar {name}", f"efter kalenderen {name}")[lang])
    stops, waits = (
        [span(pause, lang) for pause in ledger["pauses"] if pause["allowed"] is kind] for kind in (True, False)
    )
    if stops:
        paused = sum(row[1] == "pause" for row in rows)
        said = ("paused for {} day{} {}", "sat i bero i {} dag{} {}")[lang]
        how.append(said.format(paused, "" if paused == 1 else "se"[lang], (" and ", " og ")[lang].join(stops)))
    how += [("not paused ", "ikke sat i bero ")[lang] + wait for wait in waits]
    if notice:
        told = EXTENDED if notice["term"] else NOT_LONGER if notice["valid"] else NOT_EXTENDED
        how.append(told[lang].format(spoken(dt.date.fromisoformat(notice["sent_on"]), lang)))
    letter, received = rule["after"] is not None, rows[0][0]
    if rule["opening"] or by_the_hour(ledger):
        received = dt.datetime.fromisoformat(ledger["received"])
    when = [f"{(('Received', 'Modtaget'), ('Dated', 'Dateret'))[letter][lang]} {spoken(received, lang)}"]
    if f"{start:{TO_THE_TICK}}" != f"{received:{TO_THE_TICK}}":
        begins = (("counted from", "regnet fra"), ("counts as received", "anses for modtaget"))[letter][lang]
        when.append(f"{begins} {spoken(start, lang)}")
    when.append(f"{('due', 'fristen udløber')[lang]} {spoken(due, lang)}")
    return f"{'; '.join(when)}: {', '.join(how)}."


if __name__ == "__main__":
    try:
        found = check(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    except UNREADABLE as fault:
        found = [f"it cannot be read: {fault}"]
    print("\n".join(found[:5]) or "accepted")
    sys.exit(1 if found else 0)
