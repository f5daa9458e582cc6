"""The report as a reader has it: on a telephone, enlarged, in the dark, on paper, and by the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import attrs
import pytest

pytest.importorskip("jinja2")

from casequality.days import period
from casequality.desk import assess_project
from casequality.goals import Assessment, Comment, Comments, EditionText
from casequality.reports import page
from casequality.reports.formats.html_tables import BRIEF
from tests.factories.assessments import assessment, unlike
from tests.system.chromium import CHROMIUM, Browser, browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on the path")

AXE = find_spec("axe_core_python")


def commented(made: Assessment) -> Assessment:
    """Return an assessment with an introduction, a text on the general work, and comments."""
    half, by = period("2010-H1"), "controller"
    long = "Sagsbehandlingstidsovervågningsredegørelsesbestemmelserne er gennemgået. " * 3
    comments = Comments(
        "kommentarer.toml",
        (Comment(goal="kontakt.besvaret", comment=long, measure="Vagtplanen lægges om.", period=half, by=by),),
        (EditionText(text=long, period=half, by=by),),
        (EditionText(text=long, period=half, by=by),),
    )
    return attrs.evolve(made, comments=comments)


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page(commented(assessment())), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("many") / "many.html"
    file.write_text(page(unlike(BRIEF)), encoding="utf-8")
    return file


OF_THE_EXAMPLE = ["alle", "Økonomiudvalget", "Socialudvalget", "Borgerrådgiverudvalget"]
"""The reports of the example project: on all goals, and to each of three committees."""


@pytest.fixture(scope="module")
def of_the_example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    example = pytest.importorskip("casequality_copenhagen.example")
    demo = pytest.importorskip("casequality_copenhagen.demo")
    folder = tmp_path_factory.mktemp("example")
    example.write(folder)
    first, *_ = asked = [(to, *rest) for project, to, *rest in demo.COMMITTEES for rest in ([folder / project, *rest],)]
    made = {}
    for name, (to, project, period_, as_of) in zip(OF_THE_EXAMPLE, [(None, *first[1:]), *asked], strict=True):
        made[name] = folder / f"{name}.html"
        found = assess_project(project, period=period_, as_of=as_of, to=to, threads=1)
        made[name].write_text(found.page(), encoding="utf-8")
    return made


@pytest.fixture(scope="module", params=["invented", "many", *OF_THE_EXAMPLE])
def each_report(request: pytest.FixtureRequest) -> Path:
    """A small report, one of many goals, and those of the example project as a committee gets them."""
    if request.param in ("invented", "many"):
        small: Path = request.getfixturevalue({"invented": "report", "many": "many"}[request.param])
        return small
    found: Path = request.getfixturevalue("of_the_example")[request.param]
    return found


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("summary") / "summary.html"
    file.write_text(page(commented(assessment()), form="summary"), encoding="utf-8")
    return file


OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
WIDER = """
[...document.querySelectorAll('body *')]
  .filter(each => !each.closest('.scroll') && each.getBoundingClientRect().right > innerWidth + 0.5)
  .filter(each => getComputedStyle(each).position != 'absolute')
  .map(each => each.tagName + '.' + each.className)
"""


@pytest.mark.parametrize("width", [1300, 640, 390, 320])
def test_the_page_is_never_wider_than_the_screen(opened: Browser, each_report: Path, width: int) -> None:
    """Tables scroll within their own frames; 320 is also a screen of 1,280 at four times the size."""
    opened.open(each_report, width=width)
    for _ in range(2):
        assert opened.ask("document.documentElement.scrollWidth") == width
        assert opened.ask(WIDER) == []
        opened.ask(OPEN_ALL)


def test_the_answer_needs_no_scrolling_aside_on_a_telephone(opened: Browser, each_report: Path) -> None:
    opened.open(each_report, width=320)
    # that of many goals scrolls within its frame, as other tables do
    frames = "[...document.querySelectorAll('.answer:not(.many)')].map(each => each.closest('.scroll'))"
    assert opened.ask(f"{frames}.every(each => each.scrollWidth <= each.clientWidth)")


def test_text_can_be_twice_the_size(opened: Browser, each_report: Path) -> None:
    opened.open(each_report, width=640)
    opened.ask("document.documentElement.style.fontSize = '200%'")
    assert opened.ask("document.documentElement.scrollWidth") == 640
    clipped = """[...document.querySelectorAll('p,li,dd,dt,h1,h2,h3,h4,td,th')]
        .filter(each => !each.closest('.scroll') && each.scrollWidth > each.clientWidth + 1 && each.clientWidth)
        .map(each => each.textContent)"""
    assert opened.ask(clipped) == []


def test_in_the_dark_the_ground_is_dark_and_every_text_stands_out(opened: Browser, each_report: Path) -> None:
    light = """(each => { const [r, g, b] = each.match(/[\\d.]+/g).map(one => { const c = one / 255;
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b })"""
    least = f"""(() => {{ const light = {light};
        const ground = each => {{ while (each) {{ const c = getComputedStyle(each).backgroundColor;
            if (!c.startsWith('rgba(0, 0, 0, 0')) return c; each = each.parentElement }} return 'rgb(255,255,255)' }};
        return Math.min(...[...document.querySelectorAll('h1,h2,h3,h4,p,li,dd,dt,td,th,a,summary,.verdict,svg text')]
            .filter(each => each.textContent.trim()).map(each => {{
                const own = getComputedStyle(each), colour = each.tagName == 'text' ? own.fill : own.color;
                const [a, b] = [light(colour), light(ground(each))].sort((x, y) => y - x);
                return (a + 0.05) / (b + 0.05) }})) }})()"""
    for dark in (False, True):
        opened.open(each_report, dark=dark)
        opened.ask(OPEN_ALL)
        assert (opened.ask(f"{light}(getComputedStyle(document.body).backgroundColor)") < 0.1) is dark
        assert opened.ask(least) >= 4.5


def test_on_paper_folded_parts_are_printed_and_tables_repeat_their_headers(opened: Browser, each_report: Path) -> None:
    opened.open(each_report, width=794, media="print")
    heights = "[...document.querySelectorAll('details table')].map(each => each.getBoundingClientRect().height)"
    assert min(opened.ask(heights)) > 10
    heads = "[...new Set([...document.querySelectorAll('thead')].map(each => getComputedStyle(each).display))]"
    assert opened.ask(heads) == ["table-header-group"]
    assert opened.ask("getComputedStyle(document.querySelector('.skip')).display") == "none"
    for missed in ("h2", "h3"):
        assert opened.ask(f"getComputedStyle(document.querySelector('{missed}')).breakAfter") == "avoid"


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_the_short_form_is_one_page(opened: Browser, report: Path, summary: Path, tmp_path: Path) -> None:
    """Of twenty goals, too, as a committee has them."""
    made = assessment()
    again = [
        attrs.evolve(each, goal=attrs.evolve(each.goal, id=f"{each.goal.id}{n}")) for n in range(4) for each in made
    ]
    many = tmp_path / "many.html"
    many.write_text(page(attrs.evolve(made, judgements=tuple(again)), form="summary"), encoding="utf-8")
    for each in (summary, many):
        opened.open(each)
        assert pages(opened.pdf()) == 1
    opened.open(report)
    assert pages(opened.pdf()) > 3


def test_every_link_and_every_folded_part_is_reached_with_the_keyboard_alone(
    opened: Browser, each_report: Path
) -> None:
    """In the order of the page; what has the focus shows it; a folded part opens with a key."""
    opened.open(each_report)
    wanted = opened.ask(
        "[...document.querySelectorAll('a[href],summary')].filter(e => !e.closest('details > :not(summary)')).length"
    )
    active = "document.activeElement"
    reached, places = 0, []
    opened.ask("window.walked = new Set(); 0")
    for _ in range(900):
        opened.press("Tab")
        if opened.ask(f"{active} === document.body || walked.has({active}) || !walked.add({active})"):
            break  # past the last one, or at the first again
        if opened.ask(f"{active}.matches('a[href],summary')"):
            reached += 1
            places.append(opened.ask(f"{active}.getBoundingClientRect().top + scrollY"))
        assert opened.ask(f"getComputedStyle({active}).outlineStyle") != "none"
    assert reached == wanted
    assert places[1:] == sorted(places[1:])
    opened.open(each_report)
    opened.press("Tab")
    assert opened.ask(f"{active}.className") == "skip"
    opened.press("Enter")
    assert opened.ask("location.hash") == "#content"
    opened.ask("document.querySelector('summary').focus()")
    opened.press("Enter")
    assert opened.ask("document.querySelector('details').open")


def test_a_link_into_a_folded_part_opens_it(opened: Browser, report: Path) -> None:
    opened.open(report)
    opened.ask("document.querySelector('a[href=\"#goal-1-tables\"]').focus()")
    opened.press("Enter")
    assert opened.ask("location.hash") == "#goal-1-tables"
    top = opened.ask("document.getElementById('goal-1-tables').getBoundingClientRect().top")
    assert -5 <= top <= 900


def test_names_and_roles_are_those_that_are_read_aloud(opened: Browser, each_report: Path) -> None:
    """As the browser itself tells them to a screen reader."""
    opened.open(each_report)
    opened.ask(OPEN_ALL)
    nodes = opened.call("Accessibility.getFullAXTree")["nodes"]
    told = [
        (each.get("role", {}).get("value"), each.get("name", {}).get("value")) for each in nodes if not each["ignored"]
    ]
    roles = {role for role, _ in told}
    assert {"main", "banner", "heading", "table", "row", "columnheader", "rowheader", "cell", "link"} <= roles
    images = [name for role, name in told if role == "image"]
    assert len(images) >= 9
    assert all(images)
    assert all(name for role, name in told if role in ("link", "table", "heading"))


def test_no_text_of_a_drawing_is_cut_off(opened: Browser, each_report: Path) -> None:
    opened.open(each_report)
    opened.ask(OPEN_ALL)
    cut = """[...document.querySelectorAll('svg:not(.shape):not(.spark) text')].filter(each => {
        const box = each.getBBox(), [, , wide, high] = each.ownerSVGElement.getAttribute('viewBox').split(' ');
        return box.x < -1 || box.y < -1 || box.x + box.width > +wide + 1 || box.y + box.height > +high + 1
    }).map(each => each.textContent)"""
    assert opened.ask(cut) == []


MODES = [(1300, False), (320, False), (1300, True)]
AXED = [("invented", *mode) for mode in MODES] + [("many", 1300, False)]
AXED += [(name, *MODES[place % 3]) for place, name in enumerate(OF_THE_EXAMPLE)]  # a long page takes seconds


@pytest.mark.skipif(AXE is None, reason="axe_core_python is not installed: pip install axe-core-python")
@pytest.mark.parametrize(("each_report", "width", "dark"), AXED, indirect=["each_report"])
def test_axe_finds_nothing(opened: Browser, each_report: Path, width: int, dark: bool) -> None:
    assert AXE is not None
    assert AXE.origin is not None
    opened.open(each_report, width=width, dark=dark)
    opened.ask(OPEN_ALL)
    opened.ask((Path(AXE.origin).parent / "axe.min.js").read_text("utf-8") + ";0")
    # on a long page most of its time goes into what it found right, and into how each place is selected
    violations = "axe.run({resultTypes: ['violations'], selectors: false}).then(all => all.violations)"
    found = opened.ask(f"{violations}.then(all => all.map(each => [each.id, each.nodes.map(one => one.html)]))")
    assert found == []
