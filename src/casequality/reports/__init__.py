"""Figures and judgements for people: text, Markdown, HTML, CSV, and plain data."""

from casequality.reports.measurement import measurement_table
from casequality.reports.tables import Table

__all__ = ["Table", "measurement_table"]
