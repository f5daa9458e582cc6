"""Figures and judgements for people: text, Markdown, HTML, CSV, and plain data."""

from casequality.reports.assessment import (
    assessment_json,
    assessment_table,
    assessment_text,
    card_json,
    measurement_json,
    side_by_side_table,
)
from casequality.reports.cards import ShownCard, card
from casequality.reports.development import figures_chart
from casequality.reports.html_page import contributions_page, own_deadlines_page, page
from casequality.reports.measurement import measurement_table, set_aside_text
from casequality.reports.published import Published, PublishedReport, publish, publish_measurements
from casequality.reports.wording import AIMS, RHYTHMS, Table, consequence, outcome_word, said, say

__all__ = [
    "AIMS",
    "RHYTHMS",
    "Published",
    "PublishedReport",
    "ShownCard",
    "Table",
    "assessment_json",
    "assessment_table",
    "assessment_text",
    "card",
    "card_json",
    "consequence",
    "contributions_page",
    "figures_chart",
    "measurement_json",
    "measurement_table",
    "outcome_word",
    "own_deadlines_page",
    "page",
    "publish",
    "publish_measurements",
    "said",
    "say",
    "set_aside_text",
    "side_by_side_table",
]
