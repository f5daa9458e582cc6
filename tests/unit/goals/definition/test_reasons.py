"""Every text of a verdict and a reason is there in both languages, and says the same things."""

from __future__ import annotations

import ast
import datetime as dt
import re
from fractions import Fraction
from pathlib import Path

import pytest

from casequality import goals
from casequality.days import period
from casequality.deadlines import Words
from casequality.errors import UsageError
from casequality.evidence import number
from casequality.goals import Verdict
from casequality.goals.combining import EACH
from casequality.goals.definition.reasons import TEXTS, Quantity, Reason, say, spoken
from casequality.metrics import SECONDS, SHARE
from casequality.metrics.measurement import GRAINS
from casequality.metrics.tallies.doubts import REASONS

FOLDER = Path(goals.__file__).parent


@pytest.mark.parametrize("code", TEXTS)
def test_a_reason_says_the_same_values_in_both_languages(code: str) -> None:
    words = TEXTS[code]
    assert words.en.strip()
    assert words.da.strip()
    assert words.en != words.da
    assert set(re.findall(r"{(\w+)}", words.en)) == set(re.findall(r"{(\w+)}", words.da))


def test_every_reason_that_is_said_is_in_the_table_and_every_one_in_the_table_is_said() -> None:
    calls = [
        node
        for path in FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
    ]
    said = {node.args[0].value for node in calls if isinstance(node.args[0], ast.Constant)}
    either = {"not delivered", "not in the store"}  # `judge_undelivered` is told which
    assert said | either | set(REASONS) == set(TEXTS)


def test_the_verdicts_are_those_that_a_committee_reads() -> None:
    assert {verdict.value: verdict.words.da for verdict in Verdict} == {
        "met": "opfyldt",
        "missed": "ikke opfyldt",
        "undecided": "kan ikke vurderes",
        "not shown": "ikke påvist",
        "not due yet": "bedømmes senere",
        "no data": "ingen data",
        "incomplete": "ufuldstændig",
        "not comparable": "ikke sammenlignelig",
        "baseline": "første måling",
        "not in the source": "vises uden måltal",
    }
    assert all(verdict.words.en == verdict.value == str(verdict) for verdict in Verdict)


def test_every_grain_has_its_words() -> None:
    assert set(EACH) == set(GRAINS)


def test_a_reason_reads_in_either_language_and_as_plain_data() -> None:
    reason = say("open", rows=1234)
    assert (reason["en"], reason["da"]) == ("Records still open: 1,234", "Registreringer, der stadig er åbne: 1.234")
    assert str(reason) == reason.en
    assert reason.to_dict() == {"code": "open", "en": reason.en, "da": reason.da}
    assert reason == Reason("open", reason.en, reason.da)
    with pytest.raises(UsageError):
        reason["de"]


@pytest.mark.parametrize(
    ("value", "en", "da"),
    [
        (1234567, "1,234,567", "1.234.567"),
        (dt.date(2010, 6, 1), "1 June 2010", "1. juni 2010"),
        (period("2010-H1"), "1st half of 2010", "1. halvår 2010"),
        (Words("months", "måneder"), "months", "måneder"),
        ("kind", "kind", "kind"),
        ((dt.date(2010, 1, 2), "..."), "2 January 2010, ...", "2. januar 2010, ..."),
        (Quantity(Fraction(2506, 100), SECONDS), "25.1 seconds", "25,1 sekunder"),
        (Quantity(Fraction(2506, 100), SECONDS, Fraction(251, 10)), "25.06 seconds", "25,06 sekunder"),
        (Quantity(Fraction(75), SHARE, Fraction(75)), "75.0 %", "75,0 %"),
        (Quantity(Fraction(-1, 3), SHARE), "-0.3 %", "-0,3 %"),
    ],
)
def test_values_are_said_as_each_language_writes_them(value: object, en: str, da: str) -> None:
    assert (spoken(value, "en"), spoken(value, "da")) == (en, da)


@pytest.mark.parametrize(
    ("exact", "decimals", "shown"),
    [
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(-1, 100), 1, "0.0"),
        (Fraction(999, 1000), 2, "1.00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(exact: Fraction, decimals: int, shown: str) -> None:
    assert number(exact, "en", decimals) == shown
