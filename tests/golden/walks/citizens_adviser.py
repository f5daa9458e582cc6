"""Enquiries to the citizens' adviser around the new system of 1 April 2017, seen from the middle of September."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from tests.golden.walks.figures import Figure, Quotient, Row, date, rows, shares

AS_OF = dt.date(2017, 9, 15)
PERIODS = ("2017-Q1", "2017-Q2", "2017-Q3")
NEW_SYSTEM = dt.date(2017, 4, 1)
CITIZEN = ("risk_lawful_decision", "risk_position", "risk_trust")
MUNICIPALITY = (*("risk_economy", "risk_efficient_administration", "risk_lawful_administration", "risk_service_level"),)
LEFT_OUT = {"earlier_system": "out", "consultative_help": "out", "other_kind": "out", "not_assessed": "out"}
FORWARDED = {**LEFT_OUT, "forwarded": "yes", "dealt_with": "no"}
UPHELD = {**LEFT_OUT, "wholly": "yes", "partly": "yes", "not_upheld": "no", "answer_not_stated": "unknown"}
UPHELD["answer_not_known"] = "out"
SOLVED = {**LEFT_OUT, "solved": "yes", "unsolved": "no", "open": "open", "not_registered": "unknown"}
USABLE = {**LEFT_OUT, "usable": "yes", "not_usable": "no", "not_registered": "unknown"}
LEARNING = {**LEFT_OUT, "learning": "yes", "none": "no"}
POTENTIAL = {**LEFT_OUT, "potential": "yes", "no_potential": "no"}
AT_RISK = {**LEFT_OUT, "at_risk": "yes", "only_other_risks": "no", "without_risk": "no"}
ALL = {"of": "all"}, {"not_assessed": "no"}
UNDATED = [row for row in rows("citizens-adviser/adviser_enquiries.csv") if not row["received_on"]]

Pick = Callable[[Row], str]
Way = tuple[Mapping[str, str], Mapping[str, str]]
"""A reading, and the roles that it changes."""


def figures() -> Iterator[Figure]:
    """Yield every figure of the set."""
    enquiries = list(_received(rows("citizens-adviser/adviser_enquiries.csv")))
    points = list(_received(rows("citizens-adviser/adviser_points.csv")))
    yield from counted("citizens-adviser.enquiries", enquiries)
    yield from counted("citizens-adviser.points", points)
    assessed: list[Way] = [({"of": "assessed"}, {}), ALL]
    of_known: list[Way] = [({"of": "known"}, {}), ({"of": "all"}, {"answer_not_known": "no"})]
    partly: list[Way] = [({"partly": "counted"}, {}), ({"partly": "not_counted"}, {"partly": "no"})]
    without: list[Way] = [({"without": "counted"}, {}), ({"without": "left_out"}, {"without_risk": "out"})]
    yield from share("citizens-adviser.forwarded", enquiries, {"": forwarded}, FORWARDED)
    potential = {name: _potential(name) for name in ("improves_case", "improves_generally")}
    yield from share("citizens-adviser.help-potential", enquiries, potential, POTENTIAL, assessed)
    yield from share("citizens-adviser.learning", enquiries, {"": learning}, LEARNING, assessed)
    for whose, risks in (("citizen", CITIZEN), ("municipality", MUNICIPALITY)):
        picks = {risk: _risk(risk, risks) for risk in risks}
        yield from share(f"citizens-adviser.risks-for-{whose}", enquiries, picks, AT_RISK, [*assessed, *without])
    yield from share("citizens-adviser.solved", enquiries, {"": solved}, SOLVED)
    yield from share("citizens-adviser.upheld", enquiries, {"": upheld}, UPHELD, [*of_known, *partly])
    yield from share("citizens-adviser.usable-help", enquiries, {"": usable}, USABLE)


def counted(metric: str, received: list[Row]) -> Iterator[Figure]:
    """Yield how many there are: those of the new system only, or of both."""
    for reading in ({}, {"series": "new_system"}, {"series": "joined"}):
        for period in PERIODS:
            mine = [row for row in received if _quarter(row) == period]
            counts = Counter("earlier_system" if _earlier(row, reading) else "counted" for row in mine)
            value: Quotient = (counts["counted"], 1, None) if mine else (0, 0, "no data")
            yield _of_the_series(Figure(metric, reading, period, *value, +counts))


def _of_the_series(figure: Figure) -> Figure:
    """Return a figure, without a value where it is of a quarter before the series begins: it is not 0."""
    if figure.period != "2017-Q1" or figure.reading == {"series": "joined"}:
        return figure
    return figure._replace(numerator=None, denominator=None, reason="not comparable: before the series begins")


def share(
    metric: str, received: list[Row], picks: Mapping[str, Pick], roles: Mapping[str, str], ways: Iterable[Way] = ()
) -> Iterator[Figure]:
    """Yield the shares of each facet, under no choice and under each way to read them."""
    series: list[Way] = [({}, {}), ({"series": "new_system"}, {}), ({"series": "joined"}, {})]
    for reading, changed in (*series, *ways):
        found = []
        for facet, pick in picks.items():
            placed = [(_quarter(row), "earlier_system" if _earlier(row, reading) else pick(row)) for row in received]
            played = {**roles, **changed}
            # what has no date may belong to any quarter: a quarter that is sure of none has them alone
            doubt = any(played[pick(row)] != "out" for row in UNDATED)
            for figure in shares(metric, reading, PERIODS, placed, played):
                only_doubt = doubt and figure.reason == "no data"
                reason = "only records in doubt" if only_doubt else figure.reason
                found.append(_of_the_series(figure._replace(facet=facet, reason=reason)))
        yield from sorted(found, key=lambda figure: (figure.period, figure.facet))


def forwarded(row: Row) -> str:
    return _concrete(row) or ("forwarded" if row["kind"] == "forwarded" else "dealt_with")


def upheld(row: Row) -> str:
    if not _happened(row["answered_on"]):
        return _concrete(row) or "answer_not_known"
    return _concrete(row) or {"": "answer_not_stated", "no": "not_upheld"}.get(row["upheld"], row["upheld"])


def learning(row: Row) -> str:
    return _concrete(row) or {"": "not_assessed", "yes": "learning", "no": "none"}[row["learning"]]


def solved(row: Row) -> str:
    if not _happened(row["ended_on"]):
        return _concrete(row) or "open"
    return _concrete(row) or {"": "not_registered", "yes": "solved", "no": "unsolved"}[row["solved"]]


def usable(row: Row) -> str:
    if row["kind"] != "consultative_help":
        return "other_kind"
    return {"": "not_registered", "yes": "usable", "no": "not_usable"}[row["usable"]]


def _potential(name: str) -> Pick:
    said = {"": "not_assessed", "yes": "potential", "no": "no_potential"}
    return lambda row: said[row[name]] if row["kind"] == "consultative_help" else "other_kind"


def _risk(risk: str, risks: tuple[str, ...]) -> Pick:
    def pick(row: Row) -> str:
        if _concrete(row) or not row[risk]:
            return _concrete(row) or "not_assessed"
        if row[risk] == "yes":
            return "at_risk"
        return "only_other_risks" if any(row[other] == "yes" for other in risks) else "without_risk"

    return pick


def _concrete(row: Row) -> str:
    """Return the outcome of what is no concrete case, nothing for one that is."""
    return "consultative_help" if row["kind"] == "consultative_help" else ""


def _received(found: Iterable[Row]) -> Iterator[Row]:
    """Yield what was received before the as-of; what has no date is in no quarter."""
    return (row for row in found if _happened(row["received_on"]))


def _happened(text: str) -> bool:
    day = date(text)
    return day is not None and day < AS_OF


def _earlier(row: Row, reading: Mapping[str, str]) -> bool:
    return reading.get("series") != "joined" and dt.date.fromisoformat(row["received_on"]) < NEW_SYSTEM


def _quarter(row: Row) -> str:
    day = dt.date.fromisoformat(row["received_on"])
    return f"{day.year}-Q{(day.month + 2) // 3}"
