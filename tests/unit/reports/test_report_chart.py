from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from fractions import Fraction

import attrs
import pytest

from casequality.days import period
from casequality.evidence import Drawing, Line, TargetLine
from casequality.evidence.charts.panel import short
from casequality.goals import Verdict
from casequality.metrics.declaring.units import SECONDS, SHARE, Unit
from casequality.reports.development import chart, figures_chart, parts_of, trend
from casequality.showing import one_line
from tests.factories.assessments import HOSTILE, AnsweredShare, MeanWait, assessment, calls, half_year
from tests.unit.reports.html_facts import parse

CHART = Drawing(
    title="Besvarede opkald",
    description="Besvarede opkald over 3 perioder.",
    periods=tuple(period(f"2010-0{month}") for month in (1, 2, 3)),
    lines=(Line("", (Fraction(80), None, Fraction(100)), ("good", "none", "bad")),),
    unit=SHARE,
    target=TargetLine(Fraction(90), "Måltal: mindst 90 %"),
    lang="da",
)


def points(svg: str) -> list[tuple[float, float]]:
    """Return where the shapes of the points lie: circles, and paths that begin with a move and a relative one."""
    circles = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg)
    paths = re.findall(r'<path d="M([\d.]+) ([\d.]+)m', svg)
    return sorted((float(x), float(y)) for x, y in [*circles, *paths])


def ticks(svg: str) -> dict[str, float]:
    """Return the height of the axis's line for each of its labels."""
    lines = [float(y) for y in re.findall(r'<path d="M[\d.]+ ([\d.]+)H', svg)]
    labels = re.findall(r'text-anchor="end"[^>]*>([^<]*)</text>', svg)
    return dict(zip(labels, lines, strict=True))


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
    assert len(points(CHART.svg())) == 2
    assert 'd="M' in CHART.svg()
    assert "L" not in "".join(re.findall(r'd="([^"]*)"', CHART.svg()))


@pytest.mark.parametrize(
    ("values", "unit", "first", "last"),
    [
        ((80, 100, 90), SHARE, "50\xa0%", "100\xa0%"),
        ((20, 100, 90), SHARE, "0\xa0%", "100\xa0%"),
        ((17, 26, 13), SECONDS, "0", "100"),
        ((1700, 2600, 1300), SECONDS, "0", "3.000"),
    ],
)
def test_points_lie_where_their_figures_say(values: tuple[int, ...], unit: Unit, first: str, last: str) -> None:
    """The axis begins at nought, of shares that are all above half at half; its ends are labelled."""
    line = Line("", tuple(map(Fraction, values)))
    svg = attrs.evolve(CHART, lines=(line,), unit=unit, target=TargetLine(Fraction(90), "")).svg()
    grid = ticks(svg)
    assert (next(iter(grid)), list(grid)[-1]) == (first, last)
    numbers = [int(label.removesuffix("\xa0%").replace(".", "")) for label in grid]
    low, high = min(numbers), max(numbers)
    for value, (_, y) in zip(values, points(svg), strict=True):
        expected = grid[first] + (grid[last] - grid[first]) * (value - low) / (high - low)
        assert y == pytest.approx(expected, abs=0.11)


def test_a_break_is_an_upright_line_before_its_period_and_a_gap_in_the_line() -> None:
    line = Line("", (Fraction(80), Fraction(85), Fraction(90)))
    whole, broken = attrs.evolve(CHART, lines=(line,)), attrs.evolve(CHART, lines=(line,), breaks=(2,))
    [x] = re.findall(r'class="break" d="M([\d.]+) ', broken.svg())
    places = [place for place, _ in points(broken.svg())]
    assert places[1] < float(x) < places[2]
    assert "databrud" in parse(broken.svg()).text
    drawn = [re.findall(r'd="(M[\d. ]+(?:L[\d. ]+)+)"', each.svg()) for each in (whole, broken)]
    assert [each.count("L") for path in drawn for each in path] == [2, 1]


def test_between_what_a_figure_lies_is_an_upright_line_with_an_arrow_where_there_is_no_limit() -> None:
    ends = ((Fraction(70), Fraction(90)), (Fraction(60), None), None)
    line = Line("", (Fraction(80),) * 3, (), ends)
    svg = attrs.evolve(CHART, lines=(line,)).svg()
    grid = ticks(svg)
    marks = re.findall(r'class="between" d="M[\d.]+ ([\d.]+)V([\d.]+)(m[^M]*)', svg)
    assert [float(low) for low, _, _ in marks] == [grid["70\xa0%"], grid["60\xa0%"]]
    assert float(marks[0][1]) == grid["90\xa0%"]
    assert float(marks[1][1]) < grid["100\xa0%"]
    assert [mark for _, _, mark in marks] == ["m-4 0h8", "m-4 6l4-6 4 6"]


def test_a_drawing_of_a_words_size_says_from_what_to_what() -> None:
    spark = attrs.evolve(CHART, description="fra 80 til 100").spark()
    [svg] = parse(spark).all("svg")
    assert (svg["role"], svg["aria-label"]) == ("img", "fra 80 til 100")
    assert "<title" not in spark
    assert ET.fromstring(spark).tag == "svg"


def test_where_there_is_no_figure_the_drawing_says_so() -> None:
    svg = attrs.evolve(CHART, lines=(Line("", (None,) * 3),)).svg()
    assert "Der er ingen tal at vise" in parse(svg).text
    assert points(svg) == []


def test_no_chart_is_made_of_fewer_than_two_figures() -> None:
    judged = assessment()["kontakt.besvaret"]
    shown = parts_of(judged, None, "da")
    one = (*shown[:1], *(attrs.evolve(point, value=None) for point in shown[1:]))
    assert chart(judged, shown[:1], "", "", "da") is None
    assert chart(judged, one, "", "", "da") is None
    assert trend(one, judged, "da") is None
    assert trend(shown, judged, "da") is not None


@pytest.mark.parametrize("number", [0, 1, 79, 80, 81, 99, 100])
def test_the_name_of_the_target_lies_beside_the_drawing_where_no_point_can_be(number: int) -> None:
    text = "Måltal: højst 100 % af året før, dvs. 121 sager"
    svg = attrs.evolve(CHART, target=TargetLine(Fraction(number), text)).svg()
    places = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="start"[^>]*>([^<]*)</text>', svg)
    width, height = map(float, re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0])
    last_point = max(x for x, _ in points(svg))
    assert " ".join(said for _, _, said in places).replace("\xa0", " ") == text
    assert all(last_point + 10 < float(x) < width - 90 and 5 < float(y) < height - 5 for x, y, _ in places)


def test_what_was_judged_shows_in_the_shape() -> None:
    tones = ("good", "bad", "open", "none")
    others = [attrs.evolve(CHART, lines=(Line("", (Fraction(80),) * 3, (tone,) * 3),)).svg() for tone in tones]
    plain = {
        re.sub(r"[\d.]{2,} [\d.]{2,}", "", re.findall(r"<(?:circle|path d=\"M[\d. ]+m)[^>]*>", svg)[0])
        for svg in others
    }
    assert len(plain) == 4


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


def test_groups_are_drawn_beside_each_other_on_one_scale() -> None:
    chart = figures_chart(half_year(MeanWait, [*calls(), *calls(HOSTILE, 10_000)], by=("month", "queue")), "da")
    assert [line.name for line in chart.lines] == [HOSTILE, "main"]
    svg = chart.svg()
    lines = sorted({float(y) for y in re.findall(r'<path d="M[\d.]+ ([\d.]+)H', svg)})
    assert len(re.findall(r'<path d="M[\d.]+ [\d.]+H', svg)) == 2 * len(lines)
    assert parse(svg).scripts == 0
    ET.fromstring(svg)


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
