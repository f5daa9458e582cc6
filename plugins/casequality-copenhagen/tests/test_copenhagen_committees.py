"""The reports to three committees: counted again fact by fact, and no number in them that nobody measured."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
from collections.abc import Iterator
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import attrs
import pytest

import casequality as cq
from casequality.desk import Assessed, assess_project
from casequality.reports.proportion import proportion
from casequality_copenhagen.demo import COMMITTEES
from casequality_copenhagen.example import Example, write
from casequality_copenhagen.example.truth import Truth
from casequality_copenhagen.example.truth.committees import adviser_truths, complaint_truths

DAY = dt.date
REPORTS = {to: (project, period, as_of) for project, to, period, as_of in COMMITTEES}
QUARTERS = {
    "2017-Q2": (DAY(2017, 4, 1), DAY(2017, 7, 1)),
    "2017-Q3": (DAY(2017, 7, 1), DAY(2017, 10, 1)),
    "2017-Q4": (DAY(2017, 10, 1), DAY(2018, 1, 1)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("committees")


@pytest.fixture(scope="module")
def example(folder: Path) -> Example:
    return write(folder)


@pytest.fixture(scope="module")
def made(example: Example, folder: Path) -> dict[str, Assessed]:
    assert example.other_files
    return {
        name: assess_project(folder / file, period=period, as_of=as_of, to=name, threads=1)
        for name, (file, period, as_of) in REPORTS.items()
    }


@pytest.fixture(scope="module")
def pages(made: dict[str, Assessed]) -> dict[str, str]:
    return {name: assessed.page() for name, assessed in made.items()}


def assert_same(said: Any, true: Truth) -> None:
    figure = true.figure
    assert (said.value, said.numerator, said.denominator) == (figure.value, figure.numerator, figure.denominator)
    assert (said.low, said.high, str(said.verdict)) == (figure.low, figure.high, true.verdict)


def test_every_figure_for_the_social_committee_is_true(made: dict[str, Assessed], example: Example) -> None:
    quarter, year_before = (DAY(2007, 4, 1), DAY(2007, 7, 1)), (DAY(2006, 4, 1), DAY(2006, 7, 1))
    true = complaint_truths(example.complaints, quarter, year_before)
    assert {judgement.goal.id for judgement in made["Socialudvalget"]} == true.keys()
    for judgement in made["Socialudvalget"]:
        assert_same(judgement, true[judgement.goal.id])
        parts = {part.groups["kind"]: part for part in judgement.parts if part.groups}
        assert parts.keys() == true[judgement.goal.id].parts.keys()
        for kind, part in parts.items():
            assert_same(part, true[judgement.goal.id].parts[str(kind)])


def test_every_figure_for_the_advisers_committee_is_true(made: dict[str, Assessed], example: Example) -> None:
    true = adviser_truths(example.enquiries, QUARTERS, DAY(2018, 1, 15))
    assert {judgement.goal.id for judgement in made["Borgerrådgiverudvalget"]} == true.keys()
    for judgement in made["Borgerrådgiverudvalget"]:
        assert_same(judgement, true[judgement.goal.id])
        parts = {" ".join([part.period.label, *map(str, part.groups.values())]): part for part in judgement.parts}
        assert parts.keys() == true[judgement.goal.id].parts.keys()
        for label, part in parts.items():
            assert_same(part, true[judgement.goal.id].parts[label])


def test_each_committee_gets_its_own_goals_and_needs_only_their_sources(made: dict[str, Assessed]) -> None:
    for name, assessed in made.items():
        assert {judgement.goal.report.to for judgement in assessed if judgement.goal.report} == {name}
    assert set(made["Socialudvalget"].assessment.sources) == {"complaints"}
    assert not [each for each in made["Økonomiudvalget"] if each.goal.id.startswith("local.")]


def test_quarters_of_the_year_stand_beside_those_before_and_the_first_of_the_data_is_left_out(
    example: Example, pages: dict[str, str]
) -> None:
    page = pages["Socialudvalget"]
    [anchor] = re.findall(r'<article id="([^"]*)" class="\w+" data-goal="sof.complaints"', page)
    annex = page[page.index(f'<details id="{anchor}-tables">') :]
    table = annex[annex.index("<caption>Sammenholdt med tidligere perioder") : annex.index("<caption>Udvikling<")]
    shown = re.findall(r'<th scope="row">([^<]*)</th>\s*<td><data value="(\d+)">', table)
    starts = [DAY(2006, 4, 1), DAY(2006, 7, 1), DAY(2006, 10, 1), DAY(2007, 1, 1), DAY(2007, 4, 1), DAY(2007, 7, 1)]
    counts = [
        sum(first <= each.received < end for each in example.complaints) for first, end in itertools.pairwise(starts)
    ]
    assert [int(count) for _, count in shown] == counts
    assert shown[0][0] == "2. kvartal 2006"
    assert "Sammenholdt" not in pages["Borgerrådgiverudvalget"]


def test_a_missed_goal_has_its_comment_and_that_of_the_period_before_or_says_that_it_is_missing(
    folder: Path, pages: dict[str, str]
) -> None:
    social, finance = pages["Socialudvalget"], pages["Økonomiudvalget"]
    project, period, as_of = REPORTS["Økonomiudvalget"]
    assert "<dt>Kommentar</dt><dd>Opdigtet: Flere borgere kender klageadgangen" in social
    assert "<dt>Forrige periode</dt><dd>1. kvartal 2007</dd>" in social
    assert "<dt>Tiltag dengang</dt><dd>Opdigtet: Begrundelser" in social
    assert "<dt>Skrevet af</dt><dd>Kontaktcentrets chef, 5. august 2010</dd>" in finance
    lacking = "<dd>mangler: målet er ikke opfyldt, og der er ikke skrevet hvorfor</dd>"
    assert lacking not in finance
    everything = assess_project(folder / project, period=period, as_of=as_of).page()  # the local goals too
    assert everything.count(lacking) == 1


def test_a_yearly_goal_is_shown_so_far_in_the_report_on_half_a_year(made: dict[str, Assessed]) -> None:
    finance = made["Økonomiudvalget"]
    yearly = [each for each in finance if each.goal.grain == "year"]
    assert {each.goal.id for each in yearly} >= {"okf.benefits.decided-in-time", "okf.benefits.notified"}
    said = "Målet bedømmes for hele år; tallet er foreløbigt og dækker 1. halvår 2010"
    assert {(str(each.verdict), each.reasons[0].da) for each in yearly} == {("not due yet", said)}
    assert all(each.value is not None for each in yearly)
    tribunal = finance["okf.rent-tribunal.closed-in-time"].reasons[-1].da
    assert "det seneste halvår, hvor alle sagers frist er udløbet, er 2. halvår 2009" in tribunal


def test_title_and_rhythm_are_the_calendars_and_another_period_is_said(
    example: Example, folder: Path, pages: dict[str, str]
) -> None:
    assert example.other_files
    assert (
        "<h1>Statistik over klagesager og de signaler, der kan udledes af dem, 2. kvartal 2007</h1>"
        in (pages["Socialudvalget"])
    )
    assert "<dd>Socialudvalget, hvert kvartal samt hvert år</dd>" in pages["Socialudvalget"]
    # three quarters are what the source says of the report of January 2018
    assert "<h1>Statistiske oplysninger om Borgerrådgiverens arbejde, 1. april 2017" in pages["Borgerrådgiverudvalget"]
    assert all("får disse tal" not in page for page in pages.values())
    assessed = assess_project(folder / "socialudvalget.toml", period="2007-H1", as_of="2007-08-01", to="Socialudvalget")
    said = "Socialudvalget får disse tal hvert kvartal samt hvert år; denne rapport dækker 1. halvår 2007"
    assert said in assessed.page()


def test_each_administration_gets_the_advisers_figures_of_its_own_and_no_other(example: Example, folder: Path) -> None:
    project, period, as_of = REPORTS["Borgerrådgiverudvalget"]
    name = "Socialforvaltningen"
    own = assess_project(folder / project, period=period, as_of=as_of, to=name)
    whole = assess_project(folder / project, period=period, as_of=as_of)
    assert {judgement.goal.id for judgement in own} == {judgement.goal.id for judgement in whole}
    mine = [
        each
        for each in example.enquiries
        if each.administration == name and DAY(2017, 4, 1) <= each.received < DAY(2018, 1, 1)
    ]
    assert own["adviser.administrations"].value == len(mine) > 0
    assert own["adviser.administrations"].value < whole["adviser.administrations"].value  # type: ignore[operator]
    assert {part.groups["administration"] for part in own["adviser.administrations"].parts} == {name}
    assert "<h1>Borgerrådgiverens statistik, hver forvaltnings egen, 1. april 2017" in own.page()


def test_a_share_says_how_many_of_how_many(made: dict[str, Assessed], pages: dict[str, str]) -> None:
    """Kept as 43,900 points of 464 answers: those who said that they are satisfied, or very, are 439 of them."""
    figure = made["Økonomiudvalget"]["okf.citizen-service.satisfaction"].figure
    assert figure is not None
    assert figure.outcomes["very_satisfied"] + figure.outcomes["satisfied"] == 439
    assert "<dd>439 af 464</dd>" in pages["Økonomiudvalget"]
    assert "43.900" not in pages["Økonomiudvalget"]
    assert "procentpoint</dd>" in pages["Økonomiudvalget"].split('data-goal="okf.citizen-service.satisfaction"')[1]


def test_the_outcomes_of_a_figure_add_up_to_it_or_are_said_to_be_of_other_rows(pages: dict[str, str]) -> None:
    """99 cases pending over a table in which 41 are; 237 of 246 over 153 decided: other rows, and said to be so."""
    page = pages["Økonomiudvalget"]
    for goal, shown in {"backlog": "99", "decided-against-received": "237 af 246"}.items():
        found = re.search(
            rf'<article id="([^"]*)" class="\w+" data-goal="okf.rent-tribunal.{goal}".*?</article>', page, re.DOTALL
        )
        assert found
        assert shown in found[0]
        annex = page.split(f'<details id="{found[1]}-tables">')[1].split("</details>")[0]
        assert "Udfald for rækker begyndt i 1. halvår 2010" in annex
        assert "Resultatet er af andre rækker end disse: " in annex
        assert "tæller og nævner" not in annex


PROGRAM_TEXT = {
    "a name with a line below": re.compile(r"\w*[a-zæøå]_[a-zæøå]\w*"),
    "a dotted id": re.compile(r"\b(?!m\.v)[a-z][\w-]*\.[a-z][\w.-]+"),
    "the id of a deadline": re.compile(r"\b[a-z]+(?:-[a-z]+)*/[a-z]+-[a-z-]+"),
    "a tuple": re.compile(r"\(['\")]"),
    "a calendar": re.compile(r"\bdk-\w+"),
    "a date of a machine": re.compile(r"\d{4}-\d\d-\d\d|\d{4}-[HQ]\d"),
    "an empty text or a truth value": re.compile(r"\b(?:None|True|False|nan)\b"),
    "an option of the command line": re.compile(r"--[a-z]"),
}
ENGLISH = (
    "the of and are with which from number share rows records count cases closed late received decided day days yet"
)
"""Words that no Danish text has; those that both languages have, such as data and median, are not among them."""


def danish_text(page: str) -> str:
    """Return what a reader sees or hears of a page, without what is marked as a program's own: `<code>`."""
    plain = re.sub(r"<style>.*?</style>|<script.*?</script>|<code>.*?</code>", " ", page, flags=re.DOTALL)
    heard = " ".join(re.findall(r'aria-label="([^"]*)"', plain))
    return html.unescape(re.sub(r"<[^>]+>", " ", plain) + heard)


@pytest.mark.parametrize("name", REPORTS)
def test_no_program_text_and_no_english_word_reaches_a_danish_page(name: str, pages: dict[str, str]) -> None:
    text = danish_text(pages[name])
    assert {kind: found[:3] for kind, sign in PROGRAM_TEXT.items() if (found := sign.findall(text))} == {}
    assert set(ENGLISH.split()) & set(re.findall(r"\w+", text)) == set()
    assert 'lang="en"' not in pages[name]


@pytest.mark.parametrize("name", REPORTS)
def test_what_is_a_programs_own_stands_in_the_annex_alone(name: str, pages: dict[str, str]) -> None:
    before = pages[name].split('id="annex"')[0]
    assert "<code>" not in before


def test_program_text_would_be_seen() -> None:
    for text, kind in {
        "closed_on": "a name with a line below",
        "sof.complaints": "a dotted id",
        "copenhagen/rent-tribunal-goal": "the id of a deadline",
        "('control', 'x')": "a tuple",
        "()": "a tuple",
        "dk-statutory": "a calendar",
        "2017-04-01": "a date of a machine",
    }.items():
        assert PROGRAM_TEXT[kind].search(danish_text(f"<p>{text}</p>"))
        assert not PROGRAM_TEXT[kind].search(danish_text(f"<p><code>{text}</code></p>"))


BEFORE = 300
ALONE = 150


def words(text: str) -> int:
    """Return how many words a reader sees; the texts of drawings that are only heard are none."""
    # what is only heard, or shown while it has the focus; and the stamp at the head that says for whom the page is
    hidden = r'<a class="skip".*?</a>|<caption>.*?</caption>|<p class="audience">.*?</p>'
    seen = re.sub(hidden, " ", text)
    seen = re.sub(r"<desc.*?</desc>|<svg[^>]*>\s*<title.*?</title>", " ", seen, flags=re.DOTALL)
    return sum(bool(re.search(r"\w", word)) for word in html.unescape(re.sub(r"<[^>]+>", " ", seen)).split())


def test_a_committee_has_read_the_answer_in_three_hundred_words(folder: Path, pages: dict[str, str]) -> None:
    project, period, as_of = REPORTS["Økonomiudvalget"]
    every = assess_project(folder / project, period=period, as_of=as_of).page()  # the local goals too
    for page in (*pages.values(), every):
        body = page.split("<body>")[1]
        assert words(body.split('<section class="pages"')[0]) <= BEFORE
        alone = re.findall(r'<article id="[^"]*" class="alone".*?</article>', body, re.DOTALL)
        assert [each for each in map(words, alone) if each > ALONE] == []
    assert len(re.findall('class="alone"', every)) == 6


def test_a_figure_of_a_half_year_is_called_that_and_not_by_its_first_and_last_day(pages: dict[str, str]) -> None:
    assert "1. januar 2010 til 30. juni 2010" not in pages["Økonomiudvalget"]
    assert "1. halvår 2010" in pages["Økonomiudvalget"]


def test_a_target_without_a_share_is_no_target_of_all_of_them() -> None:
    """The common foundation sets no share for access and the reply guarantee: they are shown beside the baseline."""
    goals = cq.load_goals("copenhagen-common")
    by_id = {goal.id: goal for goal in goals.goals}
    for id in ("common.access", "common.reply-guarantee"):
        assert "100" not in str(by_id[id].target)
        assert str(by_id[id].target).startswith("not in the source")


def test_what_has_no_target_is_shown_and_not_judged(made: dict[str, Assessed], pages: dict[str, str]) -> None:
    assert {str(each.verdict) for each in made["Borgerrådgiverudvalget"]} == {"not in the source"}
    assert "Kilden angiver intet måltal for disse tal: de vises, men bedømmes ikke." in pages["Borgerrådgiverudvalget"]
    assert "første måling" not in pages["Borgerrådgiverudvalget"]


def test_every_report_says_that_its_data_are_invented_and_every_break_is_named(pages: dict[str, str]) -> None:
    assert all("opdigtede data" in page for page in pages.values())
    for name, broken in {
        "Økonomiudvalget": "Databrud 1. juni 2010, i løbet af 1. halvår 2010: 18 enheder fusioneres",
        "Socialudvalget": "Databrud 1. januar 2006</th><td>ny struktur",
        "Borgerrådgiverudvalget": "Databrud 1. april 2017</th><td>nyt statistiksystem",
    }.items():
        assert broken in pages[name]


SKIPPED = {"h1", "h2", "h3", "h4", "h5", "svg", "style", "script", "title", "code", "caption", "header", "footer"}
PROSE = ("facts", "prose", "note", "introduction")
NUMBER = re.compile(r"\N{MINUS SIGN}?\d[\d.]*(?:,\d+)?")
DATES = re.compile(
    r"\d{1,2}\. (?:kvartal|halvår|januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)"
    r" \d{4}|før 1900|(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december) \d{4}"
)


@attrs.define(slots=False)
class Reader(HTMLParser):
    """The text of a page by goal ("" for what is of none), without headings, drawings and the prose of facts."""

    goal: str = ""
    anchors: dict[str, str] = attrs.field(factory=dict)
    open: list[tuple[str, bool]] = attrs.field(factory=list)
    said: dict[str, list[str]] = attrs.field(factory=dict)

    def __attrs_pre_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if tag == "article":
            self.goal = known["data-goal"] or ""
            self.anchors[f"{known['id']}-tables"] = self.goal
        if tag == "details":
            self.goal = self.anchors.get(known["id"] or "", "")
        classes = (known.get("class") or "").split()
        if tag not in ("meta", "br"):
            self.open.append((tag, tag in SKIPPED or any(each in PROSE for each in classes)))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in ("article", "details"):
            self.goal = ""

    def handle_data(self, data: str) -> None:
        if not any(skipped for _, skipped in self.open):
            self.said.setdefault(self.goal, []).append(data)


def measured_numbers(assessed: Assessed, goal: str) -> Iterator[Any]:
    """Yield every number that the judgement on a goal holds, and every figure that goes with it."""
    judgement = assessed[goal]
    for each in (judgement, *judgement.parts):
        yield from (each.value, each.low, each.high, each.margin, each.numerator, each.denominator)
        yield None if each.margin is None else abs(each.margin)  # "1,0 procentpoint bedre"
        yield sum(each.doubt.values())
        yield from (each.interval.low, each.interval.high) if each.interval else ()
        yield each.target.number if each.target else None
        yield from each.figure.outcomes.values() if each.figure else ()
        yield each.figure.rows if each.figure else None
    stated = judgement.goal.target
    yield getattr(stated, "number", None)
    yield getattr(stated, "share", None)
    assessment = assessed.assessment
    for measured in (assessment.measurements[goal], assessment.earlier.get(goal, ())):
        for figure in measured:
            value = figure.value
            yield from (value.numerator, value.denominator)
            for end in (value.low, value.high):
                yield None if end is None else assessment.measurements[goal].in_unit(end)
            yield None if value.exact is None else assessment.measurements[goal].in_unit(value.exact)
            scaled = value.numerator
            yield None if scaled is None else Fraction(scaled, assessment.measurements[goal].reading.metric.unit.scale)
            yield None if scaled is None else Fraction(scaled, 1_000_000)  # microseconds, shown in seconds
            yield (
                None if scaled is None else Fraction(scaled, 100)
            )  # a share kept in per cent, shown as so many of them


def of_the_whole(assessed: Assessed) -> Iterator[int]:
    """Yield the counts of an assessment: goals by verdict, rows by source and fault, days with data."""
    assessment = assessed.assessment
    yield from assessment.counts.values()
    settled = ("met", "missed", "undecided", "not shown")
    yield sum(str(judgement.verdict) not in settled for judgement in assessment)
    yield len(assessment.not_supplied)
    for measured in assessment.measurements.values():
        yield from measured.accounts.values()
    for note in assessment.sources.values():
        yield from (note.read, note.set_aside, len(note.covered), *note.findings.values(), *note.marks.values())


def sentences(assessed: Assessed) -> Iterator[str]:
    """Yield the texts with numbers in them that come whole from a judgement, a goal or a source."""
    for judgement in assessed:
        for each in (judgement, *judgement.parts):
            yield from (reason.da for reason in (*each.reasons, *each.could_flip))
        yield from (each.note.da for each in judgement.goal.series_breaks)
        yield judgement.goal.title.da if judgement.goal.title else ""
        for said in filter(None, assessed.assessment.said_of(judgement)):
            yield from (said.comment, said.measure, (said.measure or said.comment).rstrip("."))
    for missing in assessed.assessment.not_supplied:
        yield from (missing.what, missing.reason.da)
        if missing.basis:
            yield from (
                str(part) for part in (missing.basis.title, missing.basis.document, missing.basis.section) if part
            )


def numbers_in(plain: Any) -> Iterator[float]:
    """Yield every number of plain data."""
    if isinstance(plain, dict | list | tuple):
        for each in plain.values() if isinstance(plain, dict) else plain:
            yield from numbers_in(each)
    elif isinstance(plain, int | float) and not isinstance(plain, bool):
        yield plain


@pytest.mark.parametrize("name", REPORTS)
def test_every_number_in_a_report_is_a_measurements_a_targets_or_a_count(
    name: str, made: dict[str, Assessed], pages: dict[str, str]
) -> None:
    reader = Reader()
    reader.feed(pages[name])
    assessed, checked = made[name], 0
    own: dict[str, set[Any]] = {
        goal.goal.id: set(filter(None, measured_numbers(assessed, goal.goal.id))) for goal in assessed
    }
    told = set(sentences(assessed))
    for judged in assessed:
        # of what is found beside, each sentence has its own test; its drawing says the limits again
        for _, finding in proportion(judged, assessed.assessment).told:
            told |= {sentence.da for sentence in finding.sentences}
            found = {Fraction(each) for each in numbers_in(finding.to_dict())}
            own[judged.goal.id] |= {each * scale for each in found for scale in (1, 100, judged.unit.scale)}
    own[""] = set().union(*own.values(), of_the_whole(assessed))
    for goal, texts in reader.said.items():
        text = " ".join(texts)
        for sentence in sorted(told, key=len, reverse=True):
            text = text.replace(sentence, " ") if sentence else text
        for shown in NUMBER.findall(DATES.sub(" ", text)):
            plain = shown.rstrip(".").replace(".", "").replace(",", ".").replace("\N{MINUS SIGN}", "-")
            half = Fraction(1, 2 * 10 ** len(plain.partition(".")[2]))
            near = [known for known in (0, *own[goal]) if abs(Fraction(plain) - known) <= half]
            assert near, (goal, shown)
            checked += 1
    assert checked > 90


WRITTEN = re.compile(r"(?<![\w.,])-?\d+(?:\.\d{3})*(?:,\d+)?")


def written_numbers(text: str) -> set[str]:
    """Return every number of a text in Danish, as it is written."""
    return set(
        WRITTEN.findall(text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-").replace("\\", ""))
    )


@pytest.mark.parametrize("name", REPORTS)
def test_the_other_formats_have_the_numbers_of_the_page_and_no_others(
    name: str, made: dict[str, Assessed], pages: dict[str, str]
) -> None:
    seen = re.sub(r"<(style|script|title|svg)\b.*?</\1>", " ", pages[name], flags=re.DOTALL)
    of_the_page = written_numbers(html.unescape(re.sub(r"<[^>]+>", " ", seen)))
    assert len(of_the_page) > 50
    assert written_numbers(made[name].written("report.md").decode()) == of_the_page
    answer = made[name].written("report.csv").decode("utf-8-sig").replace(";", " ")
    assert written_numbers(answer) <= of_the_page
    told = {goal["goal"]: goal["exact"]["value"] for goal in made[name].assessment.to_dict()["goals"]}
    for goal, exact in told.items():
        [article] = re.findall(rf'<article [^>]*data-goal="{goal}".*?</article>', pages[name], re.DOTALL)
        shown = re.search(r'<data value="([^"]+)">', article)
        assert (shown and shown[1]) == exact
