"""A control chart as a drawing: everything lies where its number says, and its text says what it shows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from casequality.evidence import Chart, chart
from casequality.evidence.charts.control_limits import DRAWN, chance_of_alarm, latest_signals, limits_of, signals_of
from casequality.metrics import SHARE

SHARES = [82, 85, 81, 84, 83, 80, 84, 82, 85, 83, 81, 84, 82, 83, 70]
MONTHS = [f"2009-{month:02}" for month in range(1, 13)] + ["2010-01", "2010-02", "2010-03"]


def made(values: list[int] = SHARES, labels: list[str] = MONTHS, **given: Any) -> Chart:
    told = {"targets": Fraction(95, 100), "higher_is_better": True, **given}
    return chart(labels, [Fraction(each, 100) for each in values], unit=SHARE, **told)


def scale(svg: str) -> tuple[float, float]:
    """Return how far down 0 % lies and how far one per cent up goes, from two labelled lines of the axis."""
    lines = [float(y) for y in re.findall(r'<path d="M[\d.]+ ([\d.]+)H[\d.]+" stroke', svg)]
    labels = [int(text) for text in re.findall(r'text-anchor="end"[^>]*>(\d+)\u00a0%</text>', svg)]
    assert len(lines) == len(labels) > 3
    down = (lines[0] - lines[-1]) / (labels[-1] - labels[0])
    return lines[0] + labels[0] * down, down


def stepped(svg: str, kind: str) -> list[list[tuple[float, float, float]]]:
    """Return each path of a kind as its level parts: from where to where, and how high in per cent."""
    nought, down = scale(svg)
    found = []
    for path in re.findall(rf'<path class="{kind}" d="([^"]+)"', svg):
        parts, x, y = [], 0.0, 0.0
        for letter, numbers in re.findall(r"([MHV])([-\d. ]+)", path):
            values = [float(each) for each in numbers.split()]
            if letter == "M":
                x, y = values
            elif letter == "V":
                y = values[0]
            else:
                parts.append((x, values[0], (nought - y) / down))
                x = values[0]
        found.append(parts)
    return found


def by_point(parts: list[tuple[float, float, float]], width: float) -> list[float]:
    """Return how high the level parts are at each point, `width` wide; a part holds as many points as it is wide."""
    return [height for start, end, height in parts for _ in range(round((end - start) / width))]


def test_centre_limits_and_target_lie_where_they_were_worked_out() -> None:
    """2.66 mean moving ranges from the mean by hand; the last range is beyond 3.267 times their mean, and left out."""
    ranges = [abs(after - before) for before, after in pairwise(SHARES)]
    kept = [each for each in ranges if each <= 3.267 * sum(ranges) / len(ranges)]
    centre, arm = sum(SHARES) / len(SHARES), 2.66 * sum(kept) / len(kept)
    assert len(kept) == len(ranges) - 1
    svg = made().plot("da").svg()
    [high, low], [middle], [target] = (stepped(svg, kind) for kind in ("limit", "centre", "target"))
    for parts, expected in ((high, centre + arm), (low, centre - arm), (middle, centre), (target, 95)):
        [(start, end, height)] = parts  # one line from edge to edge
        assert height == pytest.approx(expected, abs=0.1)
        assert (start, end) == (middle[0][0], middle[-1][1])
    for name in ("Øvre", "Midte", "Nedre", "Måltal 95 %"):
        assert name in svg


def test_points_lie_at_their_figures_and_those_that_signal_have_a_shape_of_their_own() -> None:
    svg = made().plot().svg()
    nought, down = scale(svg)
    plain = re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)" r="3.2"', svg)
    assert [(nought - float(y)) / down for y in plain] == pytest.approx(SHARES[:-1], abs=0.1)
    [crossed] = re.findall(r'<path d="M[\d.]+ ([\d.]+)m-5-5', svg)
    assert (nought - float(crossed)) / down == pytest.approx(70, abs=0.1)
    assert 'r="4.5"' in made(higher_is_better=False).plot().svg()  # the same point is one for the better
    assert "m0-6l6 6" in made(higher_is_better=None).plot().svg()


def test_limits_start_anew_at_a_declared_break_and_targets_step() -> None:
    values = [*SHARES[:12], *(each - 30 for each in SHARES[:12])]
    labels = [f"{year}-{month:02}" for year in (2009, 2010) for month in range(1, 13)]
    aims = [Fraction(80, 100)] * 12 + [None] * 3 + [Fraction(60, 100)] * 9
    svg = made(values, labels, targets=aims, breaks=["2010-01"]).plot("da").svg()
    [middle], [target] = stepped(svg, "centre"), stepped(svg, "target")
    before, after = sum(values[:12]) / 12, sum(values[12:]) / 12
    width = (middle[-1][1] - middle[0][0]) / 24
    assert by_point(middle, width) == pytest.approx([before] * 12 + [after] * 12, abs=0.2)
    assert by_point(target, width) == pytest.approx([80] * 12 + [60] * 9, abs=0.2)
    assert target[1][0] - target[0][1] == pytest.approx(3 * width, abs=0.2)  # no line where there is no target
    path = re.findall(r'class="centre" d="([^"]+)"', svg)[0]
    assert path.count("M") == 2
    assert svg.count('class="break"') == 1
    assert "Måltal 60 %" in svg


def test_a_count_whose_limits_differ_from_point_to_point_has_steps() -> None:
    sizes = [100, 400, 100, 900]
    found = chart(["a", "b", "c", "d"], [10, 50, 12, 95], sizes, kind="p", unit=SHARE)
    [high, low] = stepped(found.plot().svg(), "limit")
    for parts, end in ((high, "high"), (low, "low")):
        expected = [100 * getattr(point, end) for point in found.points]
        assert [height for *_, height in parts] == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("lang", ["en", "da"])
def test_the_text_of_the_drawing_says_what_the_chart_says_and_which_points_signal(lang: str) -> None:
    found = made()
    drawn = found.plot(lang, "Rettidige svar")
    root = ET.fromstring(drawn.svg())
    title, described = (root.findtext(f"{{http://www.w3.org/2000/svg}}{name}") for name in ("title", "desc"))
    assert title == "Rettidige svar"
    assert described is not None
    assert described.startswith(found.words[lang])
    end = {
        "en": "Points that signal: the point is outside its limits (March 2010).",
        "da": "Punkter, der giver udslag: punktet ligger uden for sine grænser (marts 2010).",
    }
    assert described.endswith(end[lang])
    quiet = {"en": "No point signals.", "da": "Intet punkt giver udslag."}
    assert made(SHARES[:-1], MONTHS[:-1]).plot(lang).description.endswith(quiet[lang])


def test_a_notebook_shows_the_drawing_with_its_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEQUALITY_LANG", "da")
    found = made()
    shown = found._repr_html_()
    ET.fromstring(shown)  # one whole element
    assert shown.count("<svg") == 1
    for sentence in found.sentences:
        assert f'<p lang="da">{sentence.da}</p>' in shown
    other = made(SHARES[:-1], MONTHS[:-1])._repr_html_()
    ids = [set(re.findall(r' id="([^"]+)"', each)) for each in (shown, other)]
    assert len(ids[0]) == 2
    assert not ids[0] & ids[1]


def test_names_beside_the_drawing_do_not_lie_on_each_other() -> None:
    """A series that never moves: centre, limits and target are one line."""
    svg = made([70] * 13, MONTHS[:13], targets=Fraction(70, 100)).plot("da").svg()
    places = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*font-size="11">', svg)]
    assert len(places) == 4
    assert min(two - one for one, two in pairwise(sorted(places))) >= 13.9
    assert all(20 < place < 230 for place in places)


def test_a_label_may_be_any_text() -> None:
    svg = made([70, 80], ["<b>\n", "2010-H1"]).plot().svg()
    assert "&lt;b&gt;" in svg
    ET.fromstring(svg)


@pytest.mark.parametrize("length", [5, 7])
@pytest.mark.parametrize("points", [*range(1, 25), 30])
def test_the_chance_of_a_false_alarm_is_that_of_whole_charts(points: int, length: int) -> None:
    """Signals of every point are worked out here; the latest of each chart counts."""
    values = np.random.default_rng(20100801).normal(size=(DRAWN, points))
    signals = signals_of(values, limits_of("xmr", values, None), length)
    assert chance_of_alarm(points, length) == Fraction(int(np.count_nonzero(signals[:, -1])), DRAWN)


@pytest.mark.parametrize("points", [2, 6, 7, 9, 14])
def test_the_signal_of_the_latest_points_is_that_of_whole_charts(points: int) -> None:
    """Few values, so that many lie on each other, on the centre, or in a row."""
    drawing = np.random.default_rng(7)
    values = np.concatenate([drawing.integers(0, 4, (500, points)), np.sort(drawing.integers(0, 40, (500, points)))])
    values = values.astype(float)
    limits = limits_of("xmr", values, None)
    assert latest_signals(values, limits, 6).tolist() == signals_of(values, limits, 6)[:, -1].tolist()
