"""Where figures over time lie on paper: an axis that they fit on, and the panel of SVG that they are drawn in."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Final, Literal, TypeAlias

import attrs

from casequality.days import MONTH_NAMES, Period
from casequality.days import period as parse_period
from casequality.errors import CaseQualityError, Words
from casequality.evidence.said import plain_number
from casequality.metrics import Unit
from casequality.showing import NBSP, one_line

BREAK: Final = Words("break", "databrud")
PARTS: Final = {"quarter": Words("Q{part}", "{part}. kvt."), "half-year": Words("H{part}", "{part}. halvår")}
LETTERS: Final = 17
LETTER: Final = 6.6
"""How wide a letter of an axis is, about."""
RIGHT: Final = 14
"""The room to the right of a panel, beyond which nothing is seen."""
ROW: Final = 14
"""How far apart the names beside a drawing are at the least."""
PENS: Final[Mapping[str, str]] = {
    "axis": 'stroke="{ink}"',
    "grid": 'stroke="{grid}"',
    "line": 'fill="none" stroke="{series}" stroke-width="1.8"',
    "between": 'fill="none" stroke="{series}" stroke-opacity=".65"',
    "target": 'fill="none" stroke="{target}" stroke-width="1.4" stroke-dasharray="7 4"',
    "centre": 'fill="none" stroke="{ink}" stroke-width="1.2"',
    "limit": 'fill="none" stroke="{ink}" stroke-width="1.2" stroke-dasharray="2 3"',
    "break": 'stroke="{ink}" stroke-dasharray="2 3"',
    "word": 'text-anchor="start" fill="{ink}"',
    "tick": 'text-anchor="end" fill="{ink}"',
    "period": 'text-anchor="middle" fill="{ink}"',
    "aim": 'text-anchor="start" fill="{target}"',
    "small": 'text-anchor="start" fill="{ink}" font-size="11"',
    "small-aim": 'text-anchor="start" fill="{target}" font-size="11"',
    "is-good": 'stroke="{series}" stroke-width="9" stroke-linecap="round"',
    "is-bad": 'fill="none" stroke="{series}" stroke-width="3"',
    "is-open": 'fill="{paper}" stroke="{series}" stroke-width="1.8"',
    "is-none": 'fill="{paper}" stroke="{series}" stroke-width="1.8"',
    "is-": 'stroke="{series}" stroke-width="6.4" stroke-linecap="round"',
}
"""What a drawing is drawn with, by the name that it also has as a class, where a page says once what each is."""
NAMED: Final = frozenset({"between", "target", "centre", "limit", "break"})
"""Those whose class every drawing has, also one that says all of it itself."""
ValueRange: TypeAlias = tuple[Fraction | None, Fraction | None]


@attrs.frozen
class Line:
    """Values by period, None where there is none; `tones` are what each was judged to be, "" for not judged.

    ends: between what each lies, None for no limit; None for one that is certain.
    """

    name: str
    values: tuple[Fraction | None, ...]
    tones: tuple[str, ...] = ()
    ends: tuple[ValueRange | None, ...] = ()

    @property
    def numbers(self) -> list[Fraction]:
        """Every number that has a place on the axis."""
        limits = [end for pair in self.ends if pair for end in pair]
        return [each for each in (*self.values, *limits) if each is not None]


@attrs.frozen
class TargetLine:
    """A target line, named to the right of the drawing, where no point can lie; `upper` is a second one of its kind."""

    number: Fraction
    text: str
    upper: Fraction | None = None


@attrs.frozen
class Steps:
    """A line that keeps its height within each period and steps between them, named at its end; None for a gap."""

    kind: Literal["centre", "limit", "target"]
    name: str
    values: tuple[Fraction | None, ...]


@attrs.frozen(kw_only=True)
class PanelLines:
    """Values of one or more lines over periods, with what they are held against.

    breaks: the places of the periods before which a series breaks. steps: centre, limits and targets that may step.
    A period that is a text is shown as it is.
    """

    periods: tuple[Period | str, ...]
    lines: tuple[Line, ...]
    unit: Unit
    target: TargetLine | None = None
    steps: tuple[Steps, ...] = ()
    breaks: tuple[int, ...] = ()
    lang: str = "en"


@attrs.frozen
class ValueAxis:
    """The numbers from the bottom of a drawing to its top, and those that have a line."""

    low: Fraction
    high: Fraction
    ticks: tuple[Fraction, ...] = ()

    @classmethod
    def of(cls, chart: PanelLines) -> ValueAxis:
        """Return the axis of a chart: from nought, and for shares to the whole; with limits as high as they need."""
        numbers = [number for line in chart.lines for number in line.numbers]
        if chart.steps:
            numbers += [number for each in chart.steps for number in each.values if number is not None]
            return cls.stepped(min(numbers), max(numbers))
        if chart.target:
            numbers += [chart.target.number, chart.target.upper or chart.target.number]
        top, bottom = max([*numbers, Fraction(0)]) or Fraction(1), min([*numbers, Fraction(0)])
        if chart.unit.en == "%" and top <= 100 and bottom == 0:
            # from nought, or from half where all is above it, as the axis says: else months of 90 % are one flat line
            low = 50 if min([*numbers, Fraction(100)]) >= 50 else 0
            ticks = range(low, 101, 25 if low == 0 else 10)
            return cls(Fraction(low), Fraction(100 + (100 - low) // 25), tuple(map(Fraction, ticks)))
        return cls.stepped(bottom, top)

    @classmethod
    def stepped(cls, low: Fraction, high: Fraction) -> ValueAxis:
        """Return an axis with some four lines at round numbers that holds two."""
        step = _step(float(high - low) / 4)
        first, last = math.floor(low / step), math.ceil(high / step)
        last += first == last
        return cls(first * step, last * step, tuple(step * each for each in range(first, last + 1)))

    @classmethod
    def around(cls, numbers: Sequence[Fraction]) -> ValueAxis:
        """Return an axis that is just high enough for some numbers."""
        low, high = min(numbers), max(numbers)
        return cls(low, high if high > low else low + 1)


def _step(about: float) -> Fraction:
    """Return 1, 2 or 5 times a power of ten, not less than `about`."""
    power = Fraction(10) ** math.floor(math.log10(about)) if about > 0 else Fraction(1)
    return next(times * power for times in (1, 2, 5, 10) if times * power >= Fraction(about))


@attrs.frozen
class Panel:
    """Where on the paper periods and numbers lie; lengths are those of the view box, y grows downwards."""

    chart: PanelLines
    axis: ValueAxis
    left: float
    top: float
    width: float
    height: float
    pens: Mapping[str, str]

    def x(self, place: float) -> str:
        """Return how far to the right the period of a place lies."""
        return _short(self.left + self.width * (place + 0.5) / len(self.chart.periods))

    def y(self, number: Fraction | int) -> str:
        """Return how far down a number lies."""
        share = float((number - self.axis.low) / (self.axis.high - self.axis.low))
        return _short(self.top + self.height * (1 - share))

    def frame(self, line: Line, *, small: bool) -> Iterator[str]:
        """Yield the axes with their numbers and periods, and the unit or, of a small drawing, the line's name."""
        unit, lang = self.chart.unit, self.chart.lang
        right, per_cent = _short(self.left + self.width), unit.en == "%"
        for tick in self.axis.ticks:
            y = self.y(tick)
            pen = self.pens["axis" if tick == self.axis.low else "grid"]
            yield f'<path d="M{_short(self.left)} {y}H{right}"{pen}/>'
            yield self.text(self.left - 6, float(y) + 4, plain_number(tick, lang) + f"{NBSP}%" * per_cent, "tick")
        word = "" if per_cent else unit.da if lang == "da" else unit.en
        title = one_line(line.name) if small else word
        if title:
            # a name of any length: what does not fit in small letters is left to the table beside the drawing
            close = small and len(title) > 28
            shown = textwrap.shorten(title, 34 if small else 60, placeholder=" …")
            yield self.text(self.left - 40, self.top - 13, shown, "small" if close else "word")
        names = [short(period, lang) for period in self.chart.periods]
        every = max(1, math.ceil(len(names) * (max(map(len, names)) * LETTER + 8) / self.width))
        for place, name in enumerate(names):
            # counted from the last one, which is what a reader looks for; months next to each other share their year
            if (len(names) - 1 - place) % every == 0:
                furthest = self.left + self.width + RIGHT - len(name) * LETTER / 2
                x = min(float(self.x(place)), furthest)
                yield self.text(x, self.top + self.height + 18, name, "period")

    def path(self, line: Line) -> Iterator[str]:
        """Yield the line from figure to figure; where there is none, or the series breaks, it has a gap."""
        runs: list[list[str]] = [[]]
        for place, value in enumerate(line.values):
            if place in self.chart.breaks:
                runs.append([])
            if value is None:
                runs.append([])
            else:
                runs[-1].append(f"{self.x(place)} {self.y(value)}")
        for run in runs:
            if len(run) > 1:
                yield f'<path d="M{"L".join(run)}"{self.pens["line"]}/>'

    def ends(self, line: Line) -> Iterator[str]:
        """Yield between what each figure lies, an end without a limit as an arrow to the edge."""
        for place, pair in enumerate(line.ends):
            if pair is None:
                continue
            x, (low, high) = self.x(place), pair
            bottom, top = (
                self.y(edge if end is None else end)
                for end, edge in zip(pair, (self.axis.low, self.axis.high), strict=True)
            )
            marks = f"M{x} {bottom}V{top}"
            marks += "m-4 6l4-6 4 6" if high is None else "m-4 0h8"
            marks += f"M{x} {bottom}" + ("m-4-6l4 6 4-6" if low is None else "m-4 0h8")
            yield f'<path class="between" d="{marks}"{self.pens["between"]}/>'

    def target(self, *, named: bool = False) -> Iterator[str]:
        """Yield the target's line, or the two that a figure shall lie between, and its name to the right."""
        target = self.chart.target
        if target is None:
            return
        right = self.left + self.width
        for number in (target.number, target.upper):
            if number is not None:
                drawn = f"M{_short(self.left)} {self.y(number)}H{_short(right)}"
                yield f'<path class="target" d="{drawn}"{self.pens["target"]}/>'
        if named:
            words = textwrap.wrap(target.text.replace(" %", f"{NBSP}%"), LETTERS)
            middle, lowest = float(self.y(target.number)) + 4 - 7 * (len(words) - 1), self.top + self.height
            first = max(min(middle, lowest + 4 - 15 * (len(words) - 1)), self.top)
            for row, text in enumerate(words):
                yield self.text(right + 8, first + 15 * row, text, "aim")

    def steps(self) -> Iterator[str]:
        """Yield centre, limits and targets, each from edge to edge of its periods, with their names to the right."""
        named: list[tuple[float, str, str]] = []
        for each in self.chart.steps:
            if path := self._stepping(each.values):
                yield f'<path class="{each.kind}" d="{path}"{self.pens[each.kind]}/>'
            if each.values[-1] is not None:
                pen = "small-aim" if each.kind == "target" else "small"
                named.append((float(self.y(each.values[-1])) + 4, each.name, pen))
        lowest = self.top + self.height + 4
        below = lowest + ROW
        placed = []
        for y, name, pen in sorted(named, reverse=True):
            below = min(y, below - ROW)
            placed.append((below, name, pen))
        above = self.top - 4 - ROW
        for y, name, pen in reversed(placed):
            above = max(y, above + ROW)
            yield self.text(self.left + self.width + 8, above, name, pen)

    def _stepping(self, values: Sequence[Fraction | None]) -> str:
        path, before, end = "", None, ""
        for place, value in enumerate(values):
            y = None if value is None else self.y(value)
            begins = before is None or place in self.chart.breaks
            if end and (begins or y != before):
                path, end = f"{path}{end}", ""
            if y is not None:
                path += f"M{self.x(place - 0.5)} {y}" if begins else f"V{y}" if y != before else ""
                end = f"H{self.x(place + 0.5)}"
            before = y
        return path + end

    def breaks(self) -> Iterator[str]:
        """Yield an upright line before each period with which a series breaks."""
        for place in self.chart.breaks:
            x, down = self.x(place - 0.5), _short(self.top + self.height)
            yield f'<path class="break" d="M{x} {_short(self.top)}V{down}"{self.pens["break"]}/>'
            yield self.text(float(x) + 4, self.top - 6, BREAK[self.chart.lang], "small")

    def text(self, x: float, y: float, text: str, pen: str) -> str:
        """Return a text that begins, ends or has its middle at a place."""
        return svg_text(x, y, text, self.pens[pen])


def _short(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")


def svg_text(x: float, y: float, text: str, pen: str) -> str:
    """Return a text at a place; pen: how, as a drawing's `pens` have it."""
    return f'<text x="{_short(x)}" y="{_short(y)}"{pen}>{escape(text)}</text>'


def period_or_text(label: str) -> Period | str:
    """Return the period that a label says, or the label: any text may name a point."""
    try:
        return parse_period(label)
    except CaseQualityError:
        return label


def titled(label: str) -> Words:
    """Return the period that a label says as a reader says it, or the label."""
    period = period_or_text(label)
    return Words(label, label) if isinstance(period, str) else Words(period.title("en"), period.title("da"))


def short(period: Period | str, lang: str) -> str:
    """Return a period as an axis has room for: its part of the year, and the year where one begins."""
    if isinstance(period, str):
        return one_line(period)
    year, month = period.first.year, period.first.month
    match period.kind:
        case "month":
            name = MONTH_NAMES[month - 1][lang][:3]
            return f"{name} {year}" if month == 1 else name
        case "quarter" | "half-year":
            part = (month + 2) // 3 if period.kind == "quarter" else (month + 5) // 6
            return f"{PARTS[period.kind][lang].format(part=part)} {year}"
        case "year":
            return str(year)
    return period.label
