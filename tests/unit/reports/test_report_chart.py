from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

pytest.importorskip("matplotlib")

import attrs

from casequality.days import period
from casequality.errors import InputError
from casequality.goals import Verdict
from casequality.metrics.declaring.units import SHARE
from casequality.reports.chart import Chart, Line, TargetLine
from casequality.reports.development import chart, figures_chart, parts_of
from casequality.reports.wording.tables import one_line, short
from tests.factories.assessments import HOSTILE, AnsweredShare, MeanWait, assessment, calls, half_year
from tests.unit.reports.html_facts import parse

CHART = Chart(
    title="Besvarede opkald",
    description="Besvarede opkald over 3 perioder.",
    periods=tuple(period(f"2010-0{month}") for month in (1, 2, 3)),
    lines=(Line("", (Fraction(80), None, Fraction(100)), ("good", "none", "bad")),),
    unit=SHARE,
    target=TargetLine(Fraction(90), "Måltal: mindst 90 %"),
    lang="da",
)


def heights(svg: str) -> list[float]:
    """Return where the marks of the points lie."""
    return [float(use["y"]) for use in parse(svg).all("use")]


def test_the_same_chart_is_the_same_bytes() -> None:
    assert CHART.svg() == attrs.evolve(CHART).svg()
    assert CHART.inline("a-") == CHART.inline("a-")


def test_a_chart_says_what_it_shows() -> None:
    [svg] = parse(CHART.inline("a-")).all("svg")
    assert svg["role"] == "img"
    assert svg["aria-labelledby"] == "a-title a-desc"
    assert '<title id="a-title">Besvarede opkald</title>' in CHART.inline("a-")
    assert "Måltal: mindst 90 %" in " ".join(parse(CHART.inline("a-")).text.split())


def test_a_chart_in_a_page_has_ids_of_its_own_and_asks_for_nothing() -> None:
    drawn = CHART.inline("a-")
    assert all(name.startswith("a-") for name in re.findall(r'\bid="([^"]*)"', drawn))
    assert set(re.findall(r'(?:url\(|href=")#([^")]*)', drawn)) <= set(re.findall(r'\bid="([^"]*)"', drawn))
    assert "http" not in drawn
    assert "<style" not in drawn


def test_a_chart_in_a_page_takes_its_colours_from_the_page() -> None:
    assert not re.search(r"#[0-9a-f]{6}\b", CHART.inline("a-"))


def test_a_chart_alone_is_xml_with_colours_of_its_own() -> None:
    root = ET.fromstring(CHART.svg())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(" not in CHART.svg()
    assert "#01010" not in CHART.svg()


def test_a_missing_figure_is_a_gap_and_not_nought() -> None:
    assert len(heights(CHART.svg())) == 2


def test_points_lie_where_their_figures_say() -> None:
    low, high = heights(CHART.svg())
    texts = dict(re.findall(r'<text [^>]*y="([\d.]+)"[^>]*>(\d+)\xa0%</text>', CHART.svg()))
    grid = {int(label): float(y) for y, label in texts.items()}
    step = grid[0] - grid[100]
    assert low - high == pytest.approx(step * 0.2, rel=1e-3)


@pytest.mark.parametrize("number", [0, 1, 79, 80, 81, 99, 100])
def test_the_name_of_the_target_lies_beside_the_drawing_where_no_point_can_be(number: int) -> None:
    text = "Måltal: højst 100 % af året før, dvs. 121 sager"
    svg = attrs.evolve(CHART, target=TargetLine(Fraction(number), text)).svg()
    places = re.findall(r"<text [^>]*translate\(([\d.]+) ([\d.]+)\)[^>]*>([^<]*)</text>", svg)
    named = [(float(x), float(y), said) for x, y, said in places if said.replace("\xa0", " ") in text]
    width, height = map(float, re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0])
    last_point = max(float(use["x"]) for use in parse(svg).all("use"))
    assert " ".join(said for _, _, said in named).replace("\xa0", " ") == text
    assert all(last_point + 10 < x < width - 90 and 5 < y < height - 5 for x, y, _ in named)


def test_what_was_judged_shows_in_the_shape() -> None:
    tones = ("good", "bad", "open", "none")
    others = [attrs.evolve(CHART, lines=(Line("", (Fraction(80),) * 3, (tone,) * 3),)).svg() for tone in tones]
    shapes = {re.search(r"<defs>\s*<path [^>]*d=\"([^\"]*)", svg).group(1) for svg in others}  # type: ignore[union-attr]
    assert len(shapes) == 4


def test_the_chart_of_a_goal_shows_what_each_of_its_parts_was_judged_to_be() -> None:
    judged = assessment()["kontakt.besvaret"]
    missed = attrs.evolve(judged.parts[2], verdict=Verdict.MISSED, value=Fraction(10))
    judged = attrs.evolve(judged, parts=(*judged.parts[:2], missed, *judged.parts[3:]))
    drawn = chart(judged, parts_of(judged, None, "da"), "Besvarede opkald", "mindst 80 %", "da")
    assert drawn is not None
    assert drawn.lines[0].tones == ("good", "good", "bad", "good", "good", "good")
    assert drawn.lines[0].values[2] == 10
    assert drawn.target == TargetLine(Fraction(80), "Måltal: mindst 80 %")
    assert "Lavest 10,0\N{NO-BREAK SPACE}% (marts 2010)" in drawn.description


def test_groups_are_lines_told_apart_by_their_dashes() -> None:
    chart = figures_chart(half_year(MeanWait, [*calls(), *calls(HOSTILE, 10_000)], by=("month", "queue")), "da")
    assert [line.name for line in chart.lines] == [HOSTILE, "main"]
    assert "stroke-dasharray" in chart.svg()
    assert parse(chart.svg()).scripts == 0
    ET.fromstring(chart.svg())


@pytest.mark.parametrize("label", ["_hidden", "$\\frac{$", "a\x1b[31m\nb", "<b>&amp;"])
def test_any_label_can_stand_in_a_legend(label: str) -> None:
    lines = (Line(label, (Fraction(80),) * 3), Line("other", (Fraction(70),) * 3))
    text = "".join(ET.fromstring(attrs.evolve(CHART, lines=lines).svg()).itertext())
    assert one_line(label) in text


def test_the_figures_of_a_measurement_are_the_points_of_its_chart() -> None:
    chart = figures_chart(half_year(AnsweredShare, calls(), by=("month",)), "en")
    assert chart.lines[0].values == (Fraction(75),) * 6
    assert chart.title == "Answered calls"
    assert chart._repr_svg_() == chart.svg()


@pytest.mark.parametrize(
    ("label", "lang", "text"),
    [
        ("2010-01", "da", "jan 2010"), ("2010-05", "da", "maj"), ("2010-05", "en", "May"),
        ("2010-Q2", "da", "2. kvt. 2010"), ("2010-H1", "en", "H1 2010"), ("2010", "da", "2010"),
    ],
)  # fmt: skip
def test_a_period_is_short_on_an_axis(label: str, lang: str, text: str) -> None:
    assert short(period(label), lang) == text


def test_without_matplotlib_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match="casequality\\[report\\]"):
        CHART.svg()
