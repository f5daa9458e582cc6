"""Figures over time as a drawing: SVG that stands alone in a notebook and follows the colours of a page."""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections.abc import Mapping
from fractions import Fraction
from html import escape
from typing import Any, Final, TypeAlias

import attrs

from casequality.days import Period
from casequality.errors import InputError
from casequality.goals import plain_number
from casequality.metrics import SHARE, Unit
from casequality.reports.wording import NBSP, one_line, short

# colours that nothing else has: they are found again in the finished drawing, and become those of the page
COLOURS: Final = {"#010101": "ink", "#010102": "grid", "#010103": "series", "#010104": "target", "#010105": "paper"}
INK, GRID, SERIES, LIMIT, PAPER = COLOURS
PLAIN: Final = {"ink": "#222222", "grid": "#c8c8c8", "series": "#0b4a7f", "target": "#a03000", "paper": "#ffffff"}
DASHES: Final = ("solid", (0, (5, 2)), (0, (1, 2)), (0, (5, 2, 1, 2)), (0, (9, 3)))
SHAPES: Final = {"good": "o", "bad": "X", "open": "D", "none": "s", "": "."}
SIZES: Final = {"good": 7, "bad": 9, "open": 7, "none": 7, "": 7}
TARGET_WIDTH: Final = 18
"""How many letters of the target's name stand beside each other."""
NO_METADATA: Final = dict.fromkeys(("Date", "Creator", "Format", "Type"))
SETTINGS: Final = {
    "svg.fonttype": "none",
    # else ids are drawn by chance, and the same figures are other bytes each time
    "svg.hashsalt": "casequality",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.parse_math": False,
}


Ends: TypeAlias = tuple[Fraction | None, Fraction | None]


@attrs.frozen
class Line:
    """Values by period, None where there is none; `tones` are what each was judged to be, "" for not judged.

    ends: between what each lies, None for no limit; None for one that is certain.
    """

    name: str
    values: tuple[Fraction | None, ...]
    tones: tuple[str, ...] = ()
    ends: tuple[Ends | None, ...] = ()


@attrs.frozen
class TargetLine:
    """A target line, named to the right of the drawing, where no point can lie; `upper` is a second one of its kind."""

    number: Fraction
    text: str
    upper: Fraction | None = None


@attrs.frozen(kw_only=True)
class Chart:
    """A drawing of lines over periods, with a title and a description for those who do not see it."""

    title: str
    description: str
    periods: tuple[Period, ...]
    lines: tuple[Line, ...]
    unit: Unit
    target: TargetLine | None = None
    lang: str = "en"

    def svg(self) -> str:
        """Return the drawing as SVG that stands alone."""
        return _coloured(_named(_drawn(self), self, ""), PLAIN)

    def inline(self, prefix: str) -> str:
        """Return the drawing for an HTML page, in the page's colours; `prefix` keeps its ids apart from others."""
        drawn = _named(_drawn(self), self, prefix)
        drawn = re.sub(r' xmlns(:xlink)?="[^"]*"', "", drawn).replace("xlink:href", "href")
        return _coloured(drawn, {name: f"var(--{name})" for name in PLAIN})

    def _repr_svg_(self) -> str:
        return self.svg()


def _drawn(chart: Chart) -> str:
    matplotlib = _matplotlib()
    with matplotlib.rc_context(SETTINGS):
        figure = matplotlib.figure.Figure(figsize=(7.2, 2.7))
        width, height = 0.875 if chart.target is None else 0.69, 0.76 if len(chart.lines) < 4 else 0.68
        axes = figure.add_axes((0.105, 0.14, width, height))
        _frame(axes, chart)
        for index, line in enumerate(chart.lines):
            _draw(axes, line, DASHES[index % len(DASHES)])
            _draw_ends(axes, line, index)
        if chart.target is not None:
            _draw_target(axes, chart.target)
        if len(chart.lines) > 1:
            axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False, labelcolor=INK)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata=NO_METADATA)
    return out.getvalue()


def _frame(axes: Any, chart: Chart) -> None:
    ends = [end for line in chart.lines for pair in line.ends if pair for end in pair]
    values = [value for value in (*ends, *(each for line in chart.lines for each in line.values)) if value is not None]
    top = float(max([*values, (chart.target.upper or chart.target.number) if chart.target else 0, 0])) or 1.0
    full = chart.unit.name == SHARE.name and top <= 100
    axes.set_ylim(0, 104 if full else top * 1.15)
    if full:
        axes.set_yticks([0, 25, 50, 75, 100])
    axes.set_xlim(-0.5, len(chart.periods) - 0.5)
    axes.set_xticks(range(len(chart.periods)), [short(each, chart.lang) for each in chart.periods])
    sign = f"{NBSP}%" if chart.unit.name == SHARE.name else ""
    if not sign:
        axes.set_title(chart.unit.da if chart.lang == "da" else chart.unit.en, loc="left", color=INK, fontsize=9)
    axes.yaxis.set_major_formatter(lambda value, _: plain_number(Fraction(f"{value:.6f}"), chart.lang) + sign)
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    axes.tick_params(axis="x", pad=6)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(INK)


def _draw(axes: Any, line: Line, dash: object) -> None:
    heights = [math.nan if value is None else float(value) for value in line.values]
    # matplotlib leaves a label out of the legend that begins with an underscore; this one begins with a space
    axes.plot(heights, color=SERIES, linewidth=1.6, linestyle=dash, label=f" {one_line(line.name)}", zorder=3)
    for place, height in enumerate(heights):
        tone = line.tones[place] if line.tones else ""
        if not math.isnan(height):
            face = PAPER if tone in ("open", "none") else SERIES
            axes.plot(
                [place], [height], SHAPES[tone], color=SERIES, markerfacecolor=face, markersize=SIZES[tone], zorder=4
            )


def _draw_ends(axes: Any, line: Line, index: int) -> None:
    """Draw between what each point lies; an end without a limit as an arrow to the edge."""
    bottom, top = axes.get_ylim()
    for place, pair in enumerate(line.ends):
        if pair is None:
            continue
        low, high = (edge if end is None else float(end) for end, edge in zip(pair, (bottom, top), strict=True))
        style = {None: "-", "high": "->", "low": "<-", "both": "<->"}[_endless(pair)]
        drawn = axes.annotate(
            "",
            xy=(place, high),
            xytext=(place, low),
            arrowprops={"arrowstyle": style, "color": SERIES, "linewidth": 1, "shrinkA": 0, "shrinkB": 0},
            zorder=3,
        )
        drawn.arrow_patch.set_gid(f"between-{index}-{place}")


def _endless(pair: Ends) -> str | None:
    low, high = (end is None for end in pair)
    return "both" if low and high else "low" if low else "high" if high else None


def _draw_target(axes: Any, target: TargetLine) -> None:
    for number in (target.number, target.upper):
        if number is not None:
            axes.axhline(float(number), color=LIMIT, linewidth=1.4, linestyle=(0, (6, 3)), zorder=2)
    axes.annotate(
        textwrap.fill(target.text.replace(" %", f"{NBSP}%"), TARGET_WIDTH),
        (1, float(target.number)),
        (5, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        verticalalignment="center",
        color=LIMIT,
    )


def _named(drawn: str, chart: Chart, prefix: str) -> str:
    """Return the drawing with a title and a description, its ids its own, and no size of its own."""
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>|<defs>\s*<style.*?</defs>\s*", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'id="', f'id="{prefix}', drawn)
    drawn = re.sub(r'(href="|url\()#', rf"\1#{prefix}", drawn)
    opening, rest = drawn.split(">", 1)
    opening = re.sub(r' (width|height)="[^"]*"', "", opening)
    named = f'style="stroke-linejoin:round" role="img" aria-labelledby="{prefix}title {prefix}desc"'
    title = f'<title id="{prefix}title">{escape(chart.title)}</title>'
    return f'{opening} {named}>{title}<desc id="{prefix}desc">{escape(chart.description)}</desc>{rest}'


def _coloured(drawn: str, colours: Mapping[str, str]) -> str:
    for sentinel, name in COLOURS.items():
        drawn = drawn.replace(sentinel, colours[name])
    return drawn


def _matplotlib() -> Any:
    try:
        import matplotlib as mpl
        import matplotlib.figure
    except ImportError:
        raise InputError(
            "A chart needs matplotlib, which is not installed",
            remedy="install it: pip install 'casequality[report]'; tables, Markdown, CSV and JSON need nothing more",
        ) from None
    return mpl
