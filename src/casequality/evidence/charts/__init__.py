"""Figures over time: control charts, and the one writer of SVG that draws every chart."""

from casequality.evidence.charts.control_limits import Kind
from casequality.evidence.charts.drawing import MARKS, Drawing, page_style
from casequality.evidence.charts.panel import Line, TargetLine
from casequality.evidence.charts.variation import KINDS, RULES, Chart, FalseAlarms, Point, chart, false_alarms

__all__ = [
    "KINDS",
    "MARKS",
    "RULES",
    "Chart",
    "Drawing",
    "FalseAlarms",
    "Kind",
    "Line",
    "Point",
    "TargetLine",
    "chart",
    "false_alarms",
    "page_style",
]
