"""Figures and judgements for people: text, Markdown, HTML, CSV, and plain data."""

from casequality.reports.annex import AskedFor
from casequality.reports.answer import absent_word
from casequality.reports.assessment import (
    StoreEdition,
    assessment_json,
    assessment_table,
    assessment_text,
    card_json,
    history_table,
    measurement_json,
    side_by_side_table,
)
from casequality.reports.cards import ShownCard, card
from casequality.reports.development import figures_chart
from casequality.reports.formats import ENDINGS, check_ending, files_of, written
from casequality.reports.formats.html_page import FORMS, contributions_page, own_deadlines_page, page, report_page
from casequality.reports.formats.manifest import MANIFEST, PageDifference, ReadPage, differences, read_page, reasons
from casequality.reports.formats.seals import BESIDE, read_report
from casequality.reports.formats.workbook import workbook
from casequality.reports.measurement import measurement_table, set_aside_text
from casequality.reports.published import (
    Published,
    PublishedReport,
    PublishedSideBySide,
    as_policy,
    check_form,
    file_of,
    frame,
    publish,
    publish_measurements,
)
from casequality.reports.scrutinised import moved_cases, scrutiny_tables
from casequality.reports.sections import Report, report_of
from casequality.reports.wording import AIMS, RHYTHMS, Cell, Table, consequence, moment, outcome_word, said, say

__all__ = [
    "AIMS",
    "BESIDE",
    "ENDINGS",
    "FORMS",
    "MANIFEST",
    "RHYTHMS",
    "AskedFor",
    "Cell",
    "PageDifference",
    "Published",
    "PublishedReport",
    "PublishedSideBySide",
    "ReadPage",
    "Report",
    "ShownCard",
    "StoreEdition",
    "Table",
    "absent_word",
    "as_policy",
    "assessment_json",
    "assessment_table",
    "assessment_text",
    "card",
    "card_json",
    "check_ending",
    "check_form",
    "consequence",
    "contributions_page",
    "differences",
    "figures_chart",
    "file_of",
    "files_of",
    "frame",
    "history_table",
    "measurement_json",
    "measurement_table",
    "moment",
    "moved_cases",
    "outcome_word",
    "own_deadlines_page",
    "page",
    "publish",
    "publish_measurements",
    "read_page",
    "read_report",
    "reasons",
    "report_of",
    "report_page",
    "said",
    "say",
    "scrutiny_tables",
    "set_aside_text",
    "side_by_side_table",
    "workbook",
    "written",
]
