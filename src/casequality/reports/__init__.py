"""Figures and judgements for people: text, Markdown, HTML, CSV, and plain data."""

from casequality.reports.assessment import (
    assessment_json,
    assessment_table,
    assessment_text,
    card_json,
    measurement_json,
)
from casequality.reports.cards import ShownCard, card
from casequality.reports.measurement import measurement_table, set_aside_text
from casequality.reports.page import page
from casequality.reports.wording.tables import Table

__all__ = [
    "ShownCard",
    "Table",
    "assessment_json",
    "assessment_table",
    "assessment_text",
    "card",
    "card_json",
    "measurement_json",
    "measurement_table",
    "page",
    "set_aside_text",
]
