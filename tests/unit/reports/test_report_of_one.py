"""One of something is told in the singular, in every format and language: figures, targets, margins, bounds."""

from __future__ import annotations

import io
import re
from typing import ClassVar

import attrs
import pytest

pytest.importorskip("jinja2")
openpyxl = pytest.importorskip("openpyxl")

from casequality.days import period
from casequality.goals import Assessment, judge
from casequality.metrics.declaring.units import CASES, DAYS, Unit
from casequality.reports import assessment_text, written
from casequality.showing import ONE, counted
from tests.factories.goals import goal
from tests.factories.measurements import measured
from tests.factories.metrics import HowMany, events
from tests.factories.tallies import ZONE


@attrs.frozen
class Enquiries(HowMany):
    """How many enquiries came in."""

    id: ClassVar[str] = "events.enquiries"
    unit: ClassVar[Unit] = Unit("enquiries", "henvendelser", "enquiries", decimals=0)


SINGULARS = {"da": "sag|henvendelse", "en": "case|enquiry"}
UNITS = {"events.count": HowMany, "events.enquiries": Enquiries}
PLURALS = "|".join(sorted(ONE, key=len, reverse=True))
WRONG = re.compile(rf"(?<![\d.,:/])1[ \N{{NO-BREAK SPACE}}]({PLURALS})\b")


@pytest.fixture(scope="module")
def one() -> Assessment:
    """Return the verdicts on goals of which figure, target, margin and development are 1 or 2."""
    rows = [*events("2010-03-01", 1), *events("2010-04-01", 1, "open")]
    judgements, measurements = [], {}
    for metric_id, metric in UNITS.items():
        name = metric().unit.name
        for target in (f"at most 1 {name}", f"at most 2 {name}", f"at least 2 {name}", f"exactly 1 {name}"):
            of = goal(target, id=f"{metric_id}-{target}", metric=metric_id, each=("month",), aggregate="pooled")
            measurements[of.id] = measured(metric, rows, as_of="2010-08-01", periods=("2010-H1",), by=("month",))
            judgements.append(judge(of, measurements[of.id], period("2010-H1")))
    return Assessment(
        title="En af hver",
        period=period("2010-H1"),
        as_of="2010-08-01",
        zone=ZONE,
        judgements=tuple(judgements),
        not_supplied=(),
        measurements=measurements,
        sources={},
        plugins={},
    )


def text_of(name: str, content: bytes) -> str:
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
        return "\n".join(str(value) for value in cells if value is not None)
    return re.sub(r"<[^>]+>", "\n", content.decode("utf-8-sig"))


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", ["a.html", "a.md", "a.csv", "a.xlsx", "terminal"])
def test_one_is_never_told_in_the_plural(name: str, lang: str, one: Assessment) -> None:
    told = assessment_text(one, lang) if name == "terminal" else text_of(name, written(one, name, lang))
    assert not WRONG.search(told), WRONG.search(told)
    assert re.search(rf"(?<![\d.,:/])1[ \N{{NO-BREAK SPACE}}]({SINGULARS[lang]})\b", told)


def test_a_plural_after_one_is_seen() -> None:
    assert WRONG.search("højst 1 sager")
    assert WRONG.search("1 henvendelser bedre")
    assert not WRONG.search("21 sager, 0,1 dage og 1. dage; 1 sag")


@pytest.mark.parametrize(
    ("shown", "unit", "da", "en"),
    [
        ("1", CASES, "1 sag", "1 case"),
        ("0", CASES, "0 sager", "0 cases"),
        ("-1", CASES, "-1 sag", "-1 case"),
        ("1", DAYS, "1 dag", "1 day"),
        ("1,0", DAYS, "1,0 dage", "1,0 days"),
    ],
)
def test_a_unit_is_in_the_singular_for_exactly_one(shown: str, unit: Unit, da: str, en: str) -> None:
    assert (unit.counted(shown, "da"), unit.counted(shown, "en")) == (da, en)


def test_a_word_that_is_the_same_stays() -> None:
    assert counted("1", "kald") == "1 kald"
