"""A report in the formats that people ask for: each walks the same `Report`, so all hold the same figures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import attrs

from casequality.errors import InputError, UsageError
from casequality.goals import Assessment
from casequality.reports.annex import AskedFor
from casequality.reports.assessment import PUBLISHED, assessment_json
from casequality.reports.formats.html_page import any_report, manifest_with, report_page
from casequality.reports.formats.workbook import workbook
from casequality.reports.sections import Beside, GoalSection, Report
from casequality.reports.wording import SYMBOLS, Cell, Phrase, Table, capital, say, shown

if TYPE_CHECKING:
    from casequality.goals import PublishedAssessment

SAID: Final = (
    (re.compile(r"(<title[^>]*>)([^<]*)(</title>)<desc[^>]*>([^<]*)</desc>"), r"\1\2. \4\3"),
    (re.compile(r'(<svg class="spark"[^>]* aria-label="([^"]*)"[^>]*>)'), r"\1<title>\2</title>"),
)
"""What a page says of its drawings, and how it is said where a PDF takes the alternative text from: in their titles."""
TONED: Final = re.compile(r'<span(?: class="verdict (\w+)")?><svg class="shape".*?</svg>', re.DOTALL)
"""A shape beside a word: in the colour of its verdict, in a legend in that of the text."""
SHAPES_ON_PAPER: Final = (
    ".verdict,.legend span{display:inline}.verdict svg,.legend svg{position:static;margin-right:.4em}"
)
"""WeasyPrint lays a shape out at the bottom of a flexible box, over the line below it."""
FIXED: Final = b"casequality"
"""What a PDF is told to be identified by, so that the same report has the same bytes."""


def written(
    assessment: Assessment | PublishedAssessment,
    path: str | PurePath,
    lang: str = "da",
    *,
    beside: Beside | None = None,
    further: AskedFor | None = None,
    form: str = "full",
    manifest: Mapping[str, Any] | None = None,
) -> bytes:
    """Return a report in the format that the ending of a file's name says; raise `UsageError` for one not known."""
    return files_of(assessment, path, lang, beside=beside, further=further, form=form, manifest=manifest)[""]


def files_of(
    assessment: Assessment | PublishedAssessment,
    path: str | PurePath,
    lang: str = "da",
    *,
    beside: Beside | None = None,
    further: AskedFor | None = None,
    form: str = "full",
    manifest: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """Return a report in the format that the ending of a file's name says, by "", and what stands beside it.

    That is the manifest of a CSV file, by what is added to the name. Data and CSV have a manifest under a policy only.

    assessment: or what may be told of it under a policy, whose edition the caller records before it writes a file.
    lang, beside, further, form, manifest: as for `page`; data (.json) are the same in every language, and whole.
    """
    ending, public = check_ending(path), not isinstance(assessment, Assessment)
    if isinstance(assessment, Assessment) and ending == ".json":
        return {"": _json(assessment_json(assessment))}
    report = attrs.evolve(any_report(assessment, lang, beside, further), manifest=manifest)
    if ending == ".json":
        content = _json({"$schema": PUBLISHED, **assessment.to_dict()})
    else:
        content = FORMATS[ending](report, form)
    if not manifest or ending == ".html" or (ending == ".csv" and not public):
        return {"": content}
    from casequality.reports.formats.seals import BESIDE, sealed  # with all that reads sealed reports

    whole, more = sealed(content, ending, manifest_with(report, form))
    return {"": whole, **({BESIDE: more} if more else {})}


def _json(plain: Mapping[str, Any]) -> bytes:
    return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()


def check_ending(path: str | PurePath) -> str:
    """Return the ending of a file's name if a report can be written in that format."""
    ending = PurePath(path).suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(
            "A report is not written in that format",
            where="--out",
            got=PurePath(path).name,
            allowed=ENDINGS,
            remedy="let the file's name end in one of these",
        )
    return ending


def report_markdown(report: Report, form: str = "full") -> str:
    """Return a report in Markdown, for a template of one's own; nothing in it is read as markup."""
    lines = [f"# {report.name}", "", *(f"- {label}: {text}" for label, text in (*report.addressed,))]
    lines += [f"- {say('as of', report.lang)}: {report.as_of}", f"- {report.audience}", ""]
    lines += [text for text in (report.introduction, report.general_work) if text]
    lines += [report.answer.markdown(), ""]
    if form == "summary":
        return "\n".join(lines)
    for goal in report.goals:
        lines += _goal_markdown(goal, report.lang)
    for chapter in report.annex:
        lines += [f"## {chapter.title}", "", *(f"{table.markdown()}\n" for table in chapter.tables)]
    return "\n".join(lines)


def _goal_markdown(goal: GoalSection, lang: str) -> Iterator[str]:
    yield from (f"## {goal.title}", "", f"**{SYMBOLS[goal.tone]} {capital(goal.word)}.** {goal.meaning}", "")
    yield from (f"- {label}: {text}" for label, text in _beside(goal, lang))
    yield from (f"- {reason}" for reason in goal.reasons)
    yield from (f"- {_flip(*each)}" for each in goal.flips)
    yield from (f"- {label}: {text}" for label, text in goal.remarks)
    if goal.read_as:
        yield from ("", goal.read_as)
    yield ""
    yield from (f"{table.markdown()}\n" for table in goal.tables)


def _beside(goal: GoalSection, lang: str) -> Iterator[tuple[str, str]]:
    """Yield what stands beside a verdict and not in the answer: the target whole, how many of how many, how far off."""
    if goal.target and goal.target != goal.short_target:
        yield say("target", lang), goal.target
    if goal.counted:
        yield say("result", lang), goal.counted
    if goal.margin is not None:
        yield say("margin", lang), shown(goal.margin, lang)


def _flip(reason: str, way: str) -> str:
    return f"{reason} \N{EN DASH} {way}" if way else reason


def report_workbook(report: Report, form: str = "full") -> bytes:
    """Return a report as a workbook: the answer, what is said of goals, and a sheet for each goal and chapter."""
    sheets: dict[str, list[Table]] = {say("answer", report.lang): [report.answer]}
    if form == "full":
        sheets[say("goals", report.lang)] = [_said_of_goals(report)]
        for place, goal in enumerate(report.goals, 1):
            sheets[f"{place} {goal.title}"] = list(goal.tables)
        for chapter in report.annex:
            sheets[chapter.title] = list(chapter.tables)
    return workbook({name: tables for name, tables in sheets.items() if tables}, audience=report.audience)


def _said_of_goals(report: Report) -> Table:
    """Return a row a statement: the goal, what it is about, and what is said."""
    rows: list[tuple[Cell, ...]] = []
    for goal in report.goals:
        rows.append((goal.title, say("verdict", report.lang), f"{capital(goal.word)}. {goal.meaning}"))
        rows += [(goal.title, label, text) for label, text in _beside(goal, report.lang)]
        said = [("why", reason) for reason in goal.reasons]
        said += [("could flip", _flip(*each)) for each in goal.flips]
        rows += [(goal.title, say(about, report.lang), text) for about, text in said]
        rows += [(goal.title, label, text) for label, text in goal.remarks]
        if goal.read_as:
            rows.append((goal.title, say("reading", report.lang), goal.read_as))
    headers: tuple[str | Phrase, ...] = tuple(say(each, report.lang) for each in ("goal", "about", "said"))
    return Table(caption=report.name, headers=headers, rows=tuple(rows), lang=report.lang)


def report_pdf(report: Report, form: str = "full") -> bytes:
    """Return a report as a tagged PDF with title and language, made of the HTML page without a browser.

    It asks for PDF/UA-1, and whether it is that is for a checker to say. Needs WeasyPrint:
    `pip install 'casequality[pdf]'`.
    """
    try:
        import weasyprint
    except (ImportError, OSError):  # it is there and the libraries that it draws with are not
        raise InputError(
            "A PDF needs WeasyPrint and the Pango library, which are not both here",
            remedy="install them: pip install 'casequality[pdf]', and Pango as WeasyPrint's own pages say; or write "
            ".html and print that",
        ) from None
    text = _on_paper(report_page(attrs.evolve(report, manifest=None), form=form, shapes_named=True))
    for pattern, said in SAID:
        text = pattern.sub(said, text)
    page = weasyprint.HTML(string=text, url_fetcher=_nothing_fetched)
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=FIXED)
    return made


def _on_paper(text: str) -> str:
    """Return a page with the colours of print written out in its drawings, where WeasyPrint looks no names up."""
    colours = dict(re.findall(r"--(\w+):(#\w+)", text.split("@media print{:root{")[1].split("}", maxsplit=1)[0]))
    text = TONED.sub(lambda found: found[0].replace("currentColor", colours[found[1] or "muted"]), text)
    text = re.sub(r'"var\(--(\w+)\)"', lambda found: f'"{colours[found[1]]}"', text)
    return text.replace("</style>", f"{SHAPES_ON_PAPER}</style>", 1)


def _nothing_fetched(*_: Any, **__: Any) -> Any:
    raise InputError("A report fetches nothing", got="an address in the page", remedy="report this as a defect")


FORMATS: Final[Mapping[str, Callable[[Report, str], bytes]]] = {
    ".html": lambda report, form: report_page(report, form=form).encode(),
    ".pdf": report_pdf,
    ".xlsx": report_workbook,
    ".md": lambda report, form: report_markdown(report, form).encode(),
    ".csv": lambda report, _: report.answer.csv().encode("utf-8-sig" if report.lang == "da" else "utf-8"),
}
"""By the ending of a file's name, how a report is written; beside these there is .json."""

ENDINGS: Final = (*FORMATS, ".json")
