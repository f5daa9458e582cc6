"""New Jersey's municipal courts: clearance percentages from rows that hold counts, rounded as the courts round."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import attrs
import numpy as np

import casequality as cq
from tests.shared import shared

TYPES = ("Indictables", "DPAndPDP", "OtherCriminal", "DWI", "TrafficMoving", "Parking")
YEARS = (2005, 2010, 2015)


class CourtYear(cq.Records, name="court_years"):
    """One court's cases of a type in a year to the end of June."""

    ended_on = cq.day()
    court = cq.code()
    kind = cq.code()
    filings = cq.count()
    resolutions = cq.count()


@attrs.frozen
class Clearance(cq.Metric):
    """Cases resolved for each case filed."""

    id = "courts.clearance"
    title = {"en": "Clearance rate", "da": "Afviklingsgrad"}
    records = CourtYear
    statistic = cq.statistics.Ratio()
    outcomes = cq.outcomes(resolved=cq.YES, filed=cq.NO)

    def contribute(self, years: CourtYear, as_of: cq.AsOf) -> dict[str, cq.Contribution]:
        every = np.ones(len(years), bool)
        return {
            name: cq.Contribution(on=years.ended_on, outcome=self.outcomes.pick(resolved=every & yes), times=count)
            for name, yes, count in (("resolved", True, years.resolutions), ("filed", False, years.filings))
        }


class CountedYear(CourtYear, name="counted_years"):
    """The same with the courts' own clearance, which is a third way of saying the other two."""

    clearance = cq.amount()
    rules = cq.rules.sums(
        "clearance",
        plus=["resolutions"],
        minus=["filings"],
        says={"en": "clearance is not resolutions less filings", "da": "afvikling er ikke afsluttede minus indkomne"},
    )


def published(year: int) -> Iterator[tuple[str, str, int, int, str]]:
    path = shared(f"data/municipal_courts_nj/municipal-courts-{year}-06.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for kind in TYPES:
                filings, resolutions = (
                    int(row[f"{name}_Current_{kind}"].replace(",", "")) for name in ("Filings", "Resolutions")
                )
                court = f"{row['County']}, {row['Municipality']}"
                yield court, kind, filings, resolutions, row[f"ClearancePct_Current_{kind}"]


def half_up(share: Fraction) -> str:
    percent = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return f"{percent.quantize(Decimal(1), ROUND_HALF_UP)}%"


def test_every_published_percentage_is_the_exact_ratio_rounded_half_up() -> None:
    for year in YEARS:
        rows = list(published(year))
        table = [
            {"ended_on": f"{year}-06-30", "court": court, "kind": kind, "filings": filed, "resolutions": resolved}
            for court, kind, filed, resolved, _ in rows
        ]
        result = cq.measure(Clearance, table, by=("court", "kind"), as_of="2016-01-01")
        values = {(figure.groups["court"], figure.groups["kind"]): figure.value for figure in result}
        compared = 0
        for court, kind, filed, _, percent in rows:
            exact = values[court, kind].exact
            if filed:
                assert exact is not None
                assert half_up(exact) == percent.replace(",", ""), (year, court, kind)
                compared += 1
            else:
                assert exact is None, "the courts print 100 % here; without filings there is no rate"
        assert compared > 2_000


@attrs.frozen
class CountedClearance(Clearance):
    """The same of cells whose clearance is known too."""

    records = CountedYear


def counted(year: int, shifted: bool) -> list[dict[str, object]]:
    """Return a year's cells; `shifted` is an edition whose resolutions stand one column too far to the right."""
    path = shared(f"data/municipal_courts_nj/municipal-courts-{year}-06.csv.gz")
    rows = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for place, kind in enumerate(TYPES):
                said = {
                    "Filings": kind,
                    "Resolutions": TYPES[place - 1] if shifted and place else kind,
                    "Clearance": kind,
                }
                cell = {name.lower(): int(row[f"{name}_Current_{of}"].replace(",", "")) for name, of in said.items()}
                court = f"{row['County']}, {row['Municipality']}"
                rows.append({"ended_on": f"{year}-06-30", "court": court, "kind": kind, **cell})
    return rows


def test_an_edition_with_shifted_columns_is_found_by_the_rule_and_not_taken_for_a_clearance() -> None:
    for year in YEARS:
        sound, wrong = counted(year, shifted=False), counted(year, shifted=True)
        assert not cq.measure(CountedClearance, sound, as_of="2016-01-01").findings.items
        result = cq.measure(CountedClearance, wrong, as_of="2016-01-01")
        breached = [
            number
            for number, row in enumerate(wrong, start=1)
            if row["clearance"] != row["resolutions"] - row["filings"]  # type: ignore[operator]
        ]
        assert len(breached) > 1_000
        [found] = result.findings.items
        assert (found.column, found.fault) == ("clearance", "clearance is not resolutions less filings")
        assert found.rows.tolist() == breached
        assert result.accounts["set aside"] == len(breached)
