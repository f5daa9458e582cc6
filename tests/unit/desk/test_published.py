"""A municipality's own deadlines: read from its table, refused by row, kept, published and compared."""

from __future__ import annotations

import datetime as dt
import json
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from casequality.citation import Citation
from casequality.desk import OwnDeadlines, kept_deadlines, read_own_deadlines, touched
from casequality.desk.published import term_of
from casequality.errors import InputError, MissingColumn, UsageError

NEEDS_JINJA = pytest.mark.skipif(find_spec("jinja2") is None, reason="a page needs casequality[report]")

DECISION = Citation(title="Byrådets beslutning", document="sag 25/1234", adopted=dt.date(2018, 6, 25))
TABLE = """\
Område;Sagstype;Lov;Paragraf;Frist;Gælder fra
Børn og familie;Merudgiftsydelse;Barnets lov;§ 86;8 uger;01-01-2024
Ældre;Personlig pleje;Serviceloven;§ 83;12 arbejdsdage;01-07-2018
Ældre;Personlig pleje;Serviceloven;§ 83;10 arbejdsdage;01-01-2027
Pension;Førtidspension;Lov om social pension;§ 18;3 mdr.;01-07-2018
"""


def own(
    folder: Path, text: str = TABLE, *, encoding: str = "utf-8", name: str = "frister.csv", **how: Any
) -> OwnDeadlines:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_own_deadlines(path, municipality="Opdigtet Kommune", decision=DECISION, **how)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_a_table_is_read_in_the_letters_it_is_written_in(tmp_path: Path, encoding: str) -> None:
    found = own(tmp_path, encoding=encoding)
    assert [each.subject for each in found.deadlines] == ["Merudgiftsydelse", "Personlig pleje", "Førtidspension"]
    care = found.deadlines[1]
    assert (care.area, care.law, care.section) == ("Ældre", "Serviceloven", "§ 83")
    assert [(str(since), until and str(until), str(term)) for since, until, term in care.stretches()] == [
        ("2018-07-01", "2026-12-31", "12 working days"),
        ("2027-01-01", None, "10 working days"),
    ]


def test_the_same_table_as_a_workbook_and_with_commas_says_the_same(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for number, line in enumerate(TABLE.splitlines()):
        *cells, since = line.split(";")
        book.active.append([*cells, since if number == 0 else dt.datetime.strptime(since, "%d-%m-%Y")])  # noqa: DTZ007
    book.save(tmp_path / "frister.xlsx")
    given: dict[str, Any] = {"municipality": "Opdigtet Kommune", "decision": DECISION}
    assert read_own_deadlines(tmp_path / "frister.xlsx", **given) == own(tmp_path)
    english = TABLE.replace(";", ",").replace(
        "Område,Sagstype,Lov,Paragraf,Frist,Gælder fra", "area,subject,law,section,term,since"
    )
    assert own(tmp_path, english).deadlines == own(tmp_path).deadlines


def test_deadlines_count_from_receipt_and_owe_the_notice_of_section_3(tmp_path: Path) -> None:
    schedule = own(tmp_path).schedule()
    care = schedule.deadline("Personlig pleje")
    # Friday 11 December 2026: 14-18, 21-24 December are nine, 28-30 make twelve
    assert care.due(dt.date(2026, 12, 11)) == dt.date(2026, 12, 30)
    # Friday 1 January 2027 is closed; ten working days from Monday 4 January end on Friday the 15th
    assert care.due(dt.date(2027, 1, 1)) == dt.date(2027, 1, 15)
    assert schedule.deadline("Førtidspension").due(dt.date(2026, 11, 30)) == dt.date(2027, 2, 28)
    notice = care.duty.delay_notice
    assert notice is not None
    assert (notice.written, notice.before_expiry) == (True, True)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("A;B;C;§ 1;14 dage;01-01-2024", "frist: A term in bare days"),
        ("A;B;C;§ 1;to uger;01-01-2024", "frist: A term that cannot be read"),
        ("A;B;C;§ 1;2-4 uger;01-01-2024", "frist: A term that cannot be read"),
        ("A;B;C;§ 1;2 uger;31-02-2024", "gælder fra: unreadable value"),
        ("A;B;C;§ 1;2 uger;", "gælder fra: missing value"),
        (";B;C;§ 1;2 uger;01-01-2024", "område: missing value"),
        ("A;;C;§ 1;2 uger;01-01-2024", "sagstype: missing value"),
        ("A;B;C;§ 1;;01-01-2024", "frist: missing value"),
        ("Ældre;Personlig pleje;Serviceloven;§ 83;2 uger;01-07-2018", "gælder fra: another row"),
        ("Børn;Personlig pleje;Serviceloven;§ 83;2 uger;01-07-2030", "sagstype: the same type of case"),
        ("A;Sag 310200-0000;C;§ 1;2 uger;01-01-2024", "sagstype: it holds a number like a CPR number"),
    ],
)
def test_a_row_that_cannot_be_published_is_named_by_its_number_and_column(
    tmp_path: Path, line: str, place: str
) -> None:
    with pytest.raises(InputError, match="cannot be published") as refused:
        own(tmp_path, TABLE + line + "\n")
    assert f"row 5, {place}" in str(refused.value)
    assert "310200" not in str(refused.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    faulty = "A;B;C;§ 1;14 dage;01-01-2024\n;E;C;§ 1;2 uger;01-01-2024\n"
    with pytest.raises(InputError) as refused:
        own(tmp_path, TABLE + faulty)
    assert [row in str(refused.value) for row in ("row 5, frist", "row 6, område")] == [True, True]


def test_an_end_before_the_beginning_is_refused_and_one_after_it_ends_the_deadline(tmp_path: Path) -> None:
    head = TABLE.splitlines()[0] + ";Gælder til\n"
    with pytest.raises(InputError, match="row 1, gælder til: it ends before it begins"):
        own(tmp_path, head + "A;B;C;§ 1;2 uger;01-01-2024;31-12-2023\n")
    ended = own(tmp_path, head + "A;B;C;§ 1;2 uger;01-01-2024;31-12-2024\n")
    assert [(str(since), str(until)) for since, until, _ in ended.deadlines[0].stretches()] == [
        ("2024-01-01", "2024-12-31")
    ]
    assert list(ended.in_force(dt.date(2025, 1, 1))) == []


def test_a_column_that_lacks_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(MissingColumn) as refused:
        own(tmp_path, TABLE.replace("Frist;", "Ventetid;"))
    assert refused.value.allowed == ("frist",)
    assert own(tmp_path, TABLE.replace("Frist;", "Ventetid;"), columns={"term": "Ventetid"}) == own(tmp_path)


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ("4 uger", "4 weeks"),
        ("1 uge", "1 week"),
        ("10 arbejdsdage", "10 working days"),
        ("30 kalenderdage", "30 calendar days"),
        ("3 mdr.", "3 months"),
        ("1 måned", "1 month"),
        ("24 timer", "24 hours"),
        ("1 år", "1 year"),
        ("4 weeks, roll forward", "4 weeks, roll forward"),
    ],
)
def test_terms_as_municipalities_write_them(said: str, term: str) -> None:
    assert str(term_of(said)) == term


def test_bare_days_are_no_term() -> None:
    with pytest.raises(UsageError, match="bare days"):
        term_of("14 dage")


def test_what_is_kept_and_what_is_written_reads_back_as_the_same(tmp_path: Path) -> None:
    found = own(tmp_path)
    (tmp_path / "list.json").write_text(found.to_json(), encoding="utf-8")
    assert kept_deadlines(tmp_path / "list.json") == found
    assert own(tmp_path, found.to_csv(), name="again.csv") == found
    plain = json.loads(found.to_json())
    assert plain["decision"]["adopted"] == "2018-06-25"
    assert plain["deadlines"][1]["said"] == {"en": "12 working days", "da": "12 arbejdsdage"}


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "casequality/own-deadlines/2"}', "[1]"])
def test_another_file_is_no_kept_list(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no list of deadlines that was kept"):
        kept_deadlines(tmp_path / "list.json")


class Page(HTMLParser):
    """What a reader who sees nothing is told of: the language, headings, and each table with caption and scopes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@NEEDS_JINJA
def test_the_page_is_danish_accessible_and_needs_nothing_beside_it(tmp_path: Path) -> None:
    page = Page(own(tmp_path).to_html(dt.date(2026, 11, 29)))
    assert page.of("html") == [{"lang": "da"}]
    assert (len(page.of("h1")), len(page.of("h2")), len(page.of("main"))) == (1, 3, 1)
    assert len(page.of("table")) == len(page.of("caption")) == 3
    assert {cell["scope"] for cell in page.of("th")} == {"col", "row"}
    assert not [tag for tag, _ in page.found if tag in ("script", "link", "img", "iframe")]
    text = " ".join(" ".join(page.text).split())
    for said in (
        "12 arbejdsdage",
        "; fra 1. januar 2027 : 10 arbejdsdage",
        "§ 3, stk. 2",
        "sag 25/1234",
        "25. juni 2018",
    ):
        assert said in text
    assert "skriftlig besked" in text


@NEEDS_JINJA
def test_the_page_shows_what_holds_on_its_day(tmp_path: Path) -> None:
    after = own(tmp_path).to_html(dt.date(2027, 1, 1))
    assert "10 arbejdsdage" in after
    assert "12 arbejdsdage" not in after
    assert "Merudgiftsydelse" not in own(tmp_path).to_html(dt.date(2023, 12, 31))


@NEEDS_JINJA
def test_markup_in_a_table_is_text_on_the_page(tmp_path: Path) -> None:
    page = own(tmp_path, TABLE.replace("Merudgiftsydelse", "<script>x</script> & mere")).to_html(dt.date(2026, 11, 29))
    assert "&lt;script&gt;x&lt;/script&gt; &amp; mere" in page
    assert not Page(page).of("script")


def case(key: int, subject: str | None, received: str, decided: str | None = None) -> dict[str, Any]:
    return {"case": key, "subject": subject, "received_on": received, "decided_on": decided}


def test_a_change_touches_the_open_cases_whose_last_day_moves(tmp_path: Path) -> None:
    """Six weeks instead of eight from 1 October 2026: what came before it, or is decided, keeps its day."""
    before = own(tmp_path)
    more = "Børn og familie;Merudgiftsydelse;Barnets lov;§ 86;6 uger;01-10-2026\n"
    after = own(tmp_path, TABLE + more + "Ældre;Madservice;Serviceloven;§ 83;2 uger;01-10-2026\n", name="ny.csv")
    cases = [
        case(1, "Merudgiftsydelse", "2026-11-02"),  # 28 December becomes 14 December
        case(2, "Merudgiftsydelse", "2026-09-30"),
        case(3, "Merudgiftsydelse", "2026-10-05", "2026-10-20"),
        case(4, "Merudgiftsydelse", "2026-10-05", "2026-11-29"),  # decided on the as-of's day, which is not known yet
        case(5, "Førtidspension", "2026-11-02"),
        case(6, "Madservice", "2026-11-23"),  # no deadline before
        case(7, None, "2026-11-02"),
        case(8, "Merudgiftsydelse", "2026-11-29"),  # not received yet
    ]
    found = touched(before, after, cases, as_of="2026-11-29")
    assert [(each.case, str(each.due_before), str(each.due_after)) for each in found] == [
        (4, "2026-11-30", "2026-11-16"),
        (6, "None", "2026-12-07"),
        (1, "2026-12-28", "2026-12-14"),
    ]
    assert found[2].to_dict() == {
        "case": 1,
        "subject": "Merudgiftsydelse",
        "due_before": "2026-12-28",
        "due_after": "2026-12-14",
    }
    assert touched(after, after, cases, as_of="2026-11-29") == []


def test_a_case_that_cannot_be_read_is_not_left_out_in_silence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Some cases cannot be read"):
        touched(own(tmp_path), own(tmp_path), [case(1, "Merudgiftsydelse", "2026-13-02")], as_of="2026-11-29")
