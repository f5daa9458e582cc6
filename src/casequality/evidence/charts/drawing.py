"""Figures over time as a drawing: SVG that stands alone in a notebook and follows the colours of a page."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Final

import attrs

from casequality.errors import Words
from casequality.evidence.charts.panel import NAMED, PENS, RIGHT, Line, Panel, PanelLines, ValueAxis, svg_text
from casequality.showing import one_line

PLAIN: Final = {"ink": "#222222", "grid": "#c8c8c8", "series": "#0b4a7f", "target": "#a03000", "paper": "#ffffff"}
"""The colours of a drawing that stands alone; in a page each is the page's own of that name."""
MARKS: Final = {
    "good": '<circle cx="{x}" cy="{y}" r="4.5" fill="{series}"/>',
    "bad": '<path d="M{x} {y}m-5-5l10 10m0-10l-10 10" fill="none" stroke="{series}" stroke-width="3"/>',
    "open": '<path d="M{x} {y}m0-6l6 6-6 6-6-6z" fill="{paper}" stroke="{series}" stroke-width="1.8"/>',
    "none": '<path d="M{x} {y}m-4.5-4.5h9v9h-9z" fill="{paper}" stroke="{series}" stroke-width="1.8"/>',
    "": '<circle cx="{x}" cy="{y}" r="3.2" fill="{series}"/>',
}
"""A point by what it was judged to be, so that no verdict is told by colour alone."""
OUTLINES: Final = {
    "good": "h0",
    "bad": "m-5-5l10 10m0-10l-10 10",
    "open": "m0-6l6 6-6 6-6-6z",
    "none": "m-4.5-4.5h9v9h-9z",
    "": "h0",
}
"""The same where a page says once what they are drawn with; a dot is a line of no length with a round, wide end."""


def _pens(colours: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes of each pen in some colours, for a drawing that says all of it itself."""
    return {name: f" {drawn.format_map(colours)}" for name, drawn in PENS.items()}


OF_PAGE: Final = {name: f"var(--{name})" for name in PLAIN}
IN_CLASSES: Final = {name: "" if name in {"word", *NAMED} else f' class="{name}"' for name in PENS}


def page_style() -> str:
    """Return what a page says once of the drawings in it whose pens are classes."""
    rules = {name: re.sub(r'([\w-]+)="([^"]*)" ?', r"\1:\2;", drawn) for name, drawn in PENS.items()}
    selected = {**{name: f"svg .{name}" for name in PENS}, "word": ".chart text"}
    drawn = [f"{selected[name]}{{{{{rule[:-1]}}}}}" for name, rule in sorted(rules.items(), reverse=True)]
    text = "\n".join(drawn).format_map(OF_PAGE).replace("font-size:11", "font-size:11px")
    return f"{text}\n.chart svg{{font:13px sans-serif}}.spark circle{{fill:{OF_PAGE['series']}}}"


ALONE: Final = ' xmlns="http://www.w3.org/2000/svg"'
NOTHING: Final = Words("There are no figures to draw", "Der er ingen tal at vise")
WIDTH, HEIGHT, SMALL = 640, 230, 150
LEFT, TOP, BOTTOM = 62, 30, 30
BESIDE: Final = 116
"""The room to the right for the target's name, where no point can lie."""
ACROSS: Final = 3
"""How many small drawings stand beside each other."""


@attrs.frozen(kw_only=True)
class Drawing(PanelLines):
    """Figures over periods as a drawing, one panel a line, with a title and a description for who does not see it."""

    title: str
    description: str

    def svg(self) -> str:
        """Return the drawing as SVG that stands alone."""
        return _drawn(self, "", PLAIN, ALONE)

    def apart(self, prefix: str) -> str:
        """Return the same with ids that no other drawing of a page has: `prefix` keeps them apart."""
        return _drawn(self, prefix, PLAIN, ALONE)

    def inline(self, prefix: str, once: Callable[[str], str] | None = None) -> str:
        """Return the drawing for an HTML page, in the page's colours; `prefix` keeps its ids apart from others.

        once: is given the frame of each panel, which many drawings of a page share, and returns what stands for it; the
        page then has `page_style`. Without it the drawing says all of it itself.
        """
        return _drawn(self, prefix, OF_PAGE, "", once)

    def spark(self, *, styled: bool = False) -> str:
        """Return the first line as a drawing of a word's size for an HTML page, named by what it says.

        styled: whether the page has `page_style`.
        """
        [line, *_] = self.lines
        axis = ValueAxis.around([*line.numbers, *([self.target.number] if self.target else [])])
        panel = Panel(self, axis, 3, 3, 114, 22, IN_CLASSES if styled else _pens(OF_PAGE))
        last = max(place for place, each in enumerate(line.values) if each is not None)
        filled = "" if styled else f' fill="{OF_PAGE["series"]}"'
        point = f'<circle cx="{panel.x(last)}" cy="{panel.y(line.values[last] or 0)}" r="2.6"{filled}/>'
        drawn = "".join([*panel.target(), *panel.path(line), point])
        return (
            f'<svg class="spark" viewBox="0 0 120 28" role="img" aria-label="{escape(self.description)}">{drawn}</svg>'
        )

    def _repr_svg_(self) -> str:
        return self.svg()


def _drawn(
    chart: Drawing,
    prefix: str,
    colours: Mapping[str, str],
    opening: str,
    once: Callable[[str], str] | None = None,
) -> str:
    axis = ValueAxis.of(chart)
    many = len(chart.lines) > 1
    across = min(len(chart.lines), ACROSS) or 1
    width, high = WIDTH / across, SMALL if many else HEIGHT
    down = math.ceil(len(chart.lines) / across)
    beside = BESIDE if (chart.target or chart.steps) and not many else 0
    pens = IN_CLASSES if once else _pens(colours)
    parts = []
    for place, line in enumerate(chart.lines):
        x, y = width * (place % across) + LEFT, high * (place // across) + TOP
        panel = Panel(chart, axis, x, y, width - LEFT - RIGHT - beside, high - TOP - BOTTOM, pens)
        frame = "\n".join(panel.frame(line, small=many))
        parts += [
            once(frame) if once else frame,
            *panel.target(named=not many),
            *panel.breaks(),
            *panel.steps(),
        ]
        parts += [*panel.ends(line), *panel.path(line)]
        parts += _outlines(panel, line) if once else _points(panel, line, colours)
    if not any(line.numbers for line in chart.lines):
        parts = [svg_text(LEFT, HEIGHT / 2, NOTHING[chart.lang], pens["word"])]
    line_end = "\n"  # so that no text stands at the next one
    named = f'role="img" aria-labelledby="{prefix}title {prefix}desc"'
    lettered = "" if once else ' font-family="sans-serif" font-size="13"'
    return (
        f'<svg{opening} viewBox="0 0 {WIDTH} {high * max(down, 1)}" {named}{lettered}>'
        f'<title id="{prefix}title">{escape(one_line(chart.title))}</title>'
        f'<desc id="{prefix}desc">{escape(one_line(chart.description))}</desc>{line_end.join(parts)}</svg>'
    )


def _points(panel: Panel, line: Line, colours: Mapping[str, str]) -> Iterator[str]:
    """Yield a shape for each figure."""
    for place, value in enumerate(line.values):
        if value is not None:
            tone = line.tones[place] if line.tones else ""
            yield MARKS[tone].format(x=panel.x(place), y=panel.y(value), **colours)


def _outlines(panel: Panel, line: Line) -> Iterator[str]:
    """Yield the same as a path for each tone."""
    found: dict[str, str] = {}
    for place, value in enumerate(line.values):
        if value is not None:
            tone = line.tones[place] if line.tones else ""
            found[tone] = f"{found.get(tone, '')}M{panel.x(place)} {panel.y(value)}{OUTLINES[tone]}"
    for tone, outlines in found.items():
        yield f'<path d="{outlines}"{IN_CLASSES[f"is-{tone}"]}/>'
