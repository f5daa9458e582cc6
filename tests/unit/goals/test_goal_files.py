from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from casequality.citation import Citation
from casequality.deadlines import Words
from casequality.errors import GoalError, InputError, SeveralErrors
from casequality.goals import Baseline, Goal, NotSupplied, ReportTo, SeriesBreak, Target, parse_goals

FRONT_DOOR = """
[[goal]]
id        = "okf.contact-centre.wait"
metric    = "contact-centre.mean-wait"
source    = "calls_contact_centre"
target    = "at most 25 s"
each      = "month"                       # judged each month ...
aggregate = "pooled"                      # ... and over a longer period on the pooled calls
readings  = { callers = "answered" }
aim       = "time"
basis     = { title = "Mål for god sagsbehandling", document = "2010-24342", adopted = "not in the source" }
report    = { to = "Økonomiudvalget", every = "half-year" }
"""

LEAST = """
id = "a"
metric = "m"
source = "s"
target = "at least 80 %"
"""


def one(further: str = "", least: str = LEAST) -> Goal:
    """Return the one goal of a text."""
    [goal] = parse_goals(f"[[goal]]\n{least}\n{further}").goals
    return goal


def fault(further: str = "", least: str = LEAST, before: str = "") -> GoalError:
    """Return the one fault of a text."""
    with pytest.raises(GoalError) as caught:
        parse_goals(f"{before}\n[[goal]]\n{least}\n{further}")
    return caught.value


def test_the_goal_of_the_front_door_loads() -> None:
    [goal] = parse_goals(FRONT_DOOR).goals
    assert goal == Goal(
        id="okf.contact-centre.wait",
        metric="contact-centre.mean-wait",
        source="calls_contact_centre",
        target=Target("at most", Fraction(25), "s"),
        each=("month",),
        aggregate="pooled",
        readings={"callers": "answered"},
        aim="time",
        basis=Citation(title="Mål for god sagsbehandling", document="2010-24342", adopted="not in the source"),
        report=ReportTo("Økonomiudvalget", "half-year"),
    )


def test_a_goal_needs_no_more_than_what_it_is_judged_by() -> None:
    goal = one()
    assert (goal.id, goal.metric, goal.source, goal.target) == ("a", "m", "s", Target("at least", Fraction(80), "%"))
    assert (goal.title, goal.each, goal.aggregate, goal.basis) == (None, (), "pooled", None)
    assert (goal.readings, goal.parameters, goal.where, goal.series_breaks) == ({}, {}, {}, ())


def test_the_limits_of_what_nobody_can_read_are_kept() -> None:
    limited = one('at_most = "730 days"\nheaviest = 500')
    assert (limited.at_most, limited.heaviest) == ("730 days", 500)
    assert one("at_most = 20").at_most == 20
    assert (one().at_most, one().heaviest) == (None, None)


def test_everything_that_a_goal_may_say_is_kept() -> None:
    goal = one(
        """
        title = { en = "Answered", da = "Besvarede opkald" }
        each = ["month", "queue"]
        aggregate = "each"
        parameters = { seconds = 20, since = 2010-01-01, shares = [1, 2] }
        where = { queue = ["main", "benefits"], office = "north" }
        facet = "class A"
        standing = "kept"
        focus_area = "Kontaktcentret"
        owner = "Borgerservice"
        method = "all calls of the telephone system"
        basis = { title = "T", section = "s. 3", checked_on = 2026-01-01, certain = false, question = "who?" }
        series_breaks = [{ on = 2010-06-01, note = "18 enheder fusioneres" }]
        """
    )
    assert goal.title == Words("Answered", "Besvarede opkald")
    assert (goal.each, goal.grain, goal.groups, goal.aggregate) == (("month", "queue"), "month", ("queue",), "each")
    assert goal.parameters == {"seconds": 20, "since": dt.date(2010, 1, 1), "shares": (1, 2)}
    assert goal.where == {"queue": ("main", "benefits"), "office": ("north",)}
    assert (goal.facet, goal.focus_area, goal.owner) == ("class A", "Kontaktcentret", "Borgerservice")
    assert goal.standing == "kept"
    assert goal.method == Words("all calls of the telephone system", "all calls of the telephone system")
    assert goal.basis == Citation(
        title="T", section="s. 3", checked_on=dt.date(2026, 1, 1), certain=False, question="who?"
    )
    note = Words("18 enheder fusioneres", "18 enheder fusioneres")
    assert goal.series_breaks == (SeriesBreak(dt.date(2010, 6, 1), note),)


def test_a_basis_and_a_method_may_be_said_in_both_languages() -> None:
    goal = one(
        """
        method = { en = "all calls", da = "alle kald" }
        basis = { title = "T", certain = false, question = { en = "who?", da = "hvem?" } }
        """
    )
    assert goal.method == Words("all calls", "alle kald")
    assert goal.basis == Citation(title="T", certain=False, question={"en": "who?", "da": "hvem?"})
    assert goal.basis.in_language("da") == "T (usikkert: hvem?)"


@pytest.mark.parametrize("aggregate", ["pooled", "each", "mean"])
def test_a_goal_says_how_its_parts_make_one_figure(aggregate: str) -> None:
    assert one(f'each = "month"\naggregate = "{aggregate}"').aggregate == aggregate


def test_a_reduction_and_a_first_measurement_are_targets() -> None:
    assert one(least=LEAST.replace("at least 80 %", "at most 90 % of 2009")).target == Baseline(
        "at most", Fraction(90), "2009"
    )
    assert one(least=LEAST.replace("at least 80 %", "baseline")).target is None


def test_a_goal_has_the_basis_and_the_breaks_of_its_set_unless_it_states_its_own() -> None:
    goals = parse_goals(
        f"""
        id = "copenhagen-2010"
        title = "Mål for god sagsbehandling"
        basis = {{ title = "set" }}
        series_breaks = [{{ on = 2010-06-01, note = {{ en = "merged", da = "fusioneret" }} }}]
        [[goal]]
        {LEAST}
        [[goal]]
        {LEAST.replace('"a"', '"b"')}
        basis = {{ title = "own", adopted = 2010-03-02 }}
        series_breaks = [{{ on = 2010-09-01, note = "more" }}]
        [[not_supplied]]
        who = "Socialudvalget"
        what = "bilag 4"
        """
    )
    first, second = goals.goals
    assert (goals.id, goals.title) == (
        "copenhagen-2010",
        Words("Mål for god sagsbehandling", "Mål for god sagsbehandling"),
    )
    assert first.basis == goals.basis == Citation(title="set")
    assert second.basis == Citation(title="own", adopted=dt.date(2010, 3, 2))
    assert [each.on for each in first.series_breaks] == [dt.date(2010, 6, 1)]
    assert [each.on for each in second.series_breaks] == [dt.date(2010, 6, 1), dt.date(2010, 9, 1)]
    assert goals.not_supplied == (NotSupplied(who="Socialudvalget", what="bilag 4", basis=goals.basis),)


CHANGES = """
[[change]]
id = "merger-2010"
kind = "merge"
on = 2010-06-01
note = { en = "18 units merged", da = "18 enheder fusioneres" }
where = { administration = ["OKF", "KFF"] }
"""


def test_series_breaks_may_be_named_from_a_file_of_changes_beside_the_goals(tmp_path: Path) -> None:
    (tmp_path / "units.toml").write_text(CHANGES, encoding="utf-8")
    file = tmp_path / "own.toml"
    more = '{ on = 2010-09-01, note = "more" }'
    text = f'changes = "units.toml"\n[[goal]]{LEAST}series_breaks = ["merger-2010", {more}]\n'
    file.write_text(text, encoding="utf-8")
    [goal] = parse_goals(file).goals
    merged, further = goal.series_breaks
    note = Words("18 units merged", "18 enheder fusioneres")
    assert merged == SeriesBreak(dt.date(2010, 6, 1), note, {"administration": ("OKF", "KFF")})
    assert further.on == dt.date(2010, 9, 1)
    file.write_text(text.replace('["merger-2010"', '["merger"'), encoding="utf-8")
    with pytest.raises(GoalError, match="The name is not known") as caught:
        parse_goals(file)
    assert caught.value.allowed == ("merger-2010",)
    (tmp_path / "units.toml").unlink()
    with pytest.raises(InputError, match="cannot be opened"):
        parse_goals(file)


def test_a_named_break_needs_the_file_that_says_it() -> None:
    found = fault('series_breaks = ["merger-2010"]')
    assert (found.what, found.remedy) == ("The name is not known", 'name the file that says it: changes = "units.toml"')


@pytest.mark.parametrize(
    ("wrong", "what"), [("id = 1", "Text is needed"), ("on = 2010", "A day is needed"), ("note = 1", "A text")]
)
def test_a_faulty_change_is_a_fault_of_the_goals_that_use_its_file(tmp_path: Path, wrong: str, what: str) -> None:
    key = wrong.split(" =", maxsplit=1)[0]
    lines = [wrong if line.startswith(f"{key} =") else line for line in CHANGES.splitlines()]
    (tmp_path / "units.toml").write_text("\n".join(lines), encoding="utf-8")
    file = tmp_path / "own.toml"
    file.write_text(f'changes = "units.toml"\n[[goal]]{LEAST}', encoding="utf-8")
    with pytest.raises(GoalError, match=what):
        parse_goals(file)


def test_goals_that_a_source_leaves_out_make_a_set() -> None:
    goals = parse_goals('[[not_supplied]]\nwho = "w"\nwhat = "x"\nbasis = { title = "t" }')
    assert (goals.goals, goals.not_supplied[0].basis) == ((), Citation(title="t"))


@pytest.mark.parametrize(
    ("stated", "verdict", "en", "da"),
    [
        (
            "false",
            "not in the source",
            "The source names x and leaves out what it says",
            "Kilden nævner x, men gengiver dem ikke",
        ),
        (
            "true",
            "no data",
            "The source states the goal, and no installed metric measures it",
            "Kilden opstiller målet, men ingen installeret måling opgør det",
        ),
    ],
)
def test_goals_that_nobody_can_judge_say_why(stated: str, verdict: str, en: str, da: str) -> None:
    [missing] = parse_goals(f'[[not_supplied]]\nwho = "w"\nwhat = "x"\nstated = {stated}').not_supplied
    assert (str(missing.verdict), missing.reason.en, missing.reason.da) == (verdict, en, da)
    assert missing.to_dict()["verdict"] == verdict


@pytest.mark.parametrize("as_text", [True, False])
def test_a_file_gives_its_set_its_name(tmp_path: Path, as_text: bool) -> None:
    path = tmp_path / "local-goals.toml"
    path.write_text(FRONT_DOOR, encoding="utf-8")
    goals = parse_goals(str(path) if as_text else path)
    assert (goals.id, len(goals.goals)) == ("local-goals", 1)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="A goal file cannot be opened") as caught:
        parse_goals(tmp_path / "none.toml")
    assert (caught.value.got, caught.value.remedy) == ("No such file or directory", "check the path")


@pytest.mark.parametrize("content", [b"[[goal]\n", b'id = "\xe6"\n'])
def test_a_file_that_is_not_toml_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match="A goal file is not TOML") as caught:
        parse_goals(path)
    assert caught.value.where == str(path)
    assert caught.value.remedy == "correct the place named"


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("id", 'name the goal: id = "unit.subject"'),
        ("metric", 'name a metric: metric = "contact-centre.mean-wait"'),
        ("source", "name the source of the project that the goal is measured on"),
        ("target", 'write one of "at most 25 s", "at least 80 %", "at most 90 % of 2009", '),
    ],
)
def test_what_a_goal_cannot_do_without_is_asked_for(key: str, remedy: str) -> None:
    least = "\n".join(line for line in LEAST.splitlines() if not line.startswith(key))
    found = fault(least=least)
    assert found.what == f"{key} is missing"
    assert found.where == ("goals, goal 1" if key == "id" else "goals, goal a")
    assert (found.remedy or "").startswith(remedy)


@pytest.mark.parametrize(
    ("further", "what", "where", "got", "remedy"),
    [
        ("aims = 'time'", "The key is not known", "", "aims", "did you mean aim?"),
        ("xyzzy = 1", "The key is not known", "", "xyzzy", "remove it"),
        ("aim = 'speed'", "The word is not known", ", aim", "speed", "use one of these"),
        ("each = 'month'\naggregate = 'sum'", "The word is not known", ", aggregate", "sum", "use one of these"),
        ("owner = 3", "Text is needed", ", owner", "a whole number", 'write it in quotes: "..."'),
        ("owner = ' '", "Text is needed", ", owner", "nothing", 'write it in quotes: "..."'),
        ("readings = 'all'", "A table is needed", ", readings", "a text", "write { name = value }"),
        (
            "readings = { callers = 1 }",
            "Text is needed",
            ", readings, callers",
            "a whole number",
            'write it in quotes: "..."',
        ),
        ("where = { queue = [1] }", "Text is needed", ", where, queue", "a whole number", 'write it in quotes: "..."'),
        ("title = { en = 'x' }", "A text, or a text in both languages, is needed", ", title", "en", 'write "..." or'),
        ("title = 1", "A text, or a text in both languages, is needed", ", title", "a whole number", 'write "..." or'),
        ("title = { en = 'x', da = '' }", "Text is needed", ", title", "nothing", "write it in quotes"),
        ("basis = 'ØU'", "A table is needed", ", basis", "a text", "write it as [name] or { key = value }"),
        (
            "basis = { title = { en = 'x' } }",
            "A text, or a text in both languages, is needed",
            ", basis, title",
            "en",
            'write "..." or { en = "...", da = "..." }',
        ),
        (
            "method = { da = 'x' }",
            "A text, or a text in both languages, is needed",
            ", method",
            "da",
            'write "..." or { en = "...", da = "..." }',
        ),
        ("basis = { document = '1' }", "title is missing", ", basis", None, 'name the decision: title = "..."'),
        ("basis = { title = 't', adoptd = 1 }", "The key is not known", ", basis", "adoptd", "did you mean adopted?"),
        (
            "basis = { title = 't', adopted = '2010-03-02' }",
            "A day is needed",
            ", basis, adopted",
            "2010-03-02",
            "write the day without quotes",
        ),
        (
            "basis = { title = 't', checked_on = 2010-01-01T00:00:00 }",
            "A day is needed",
            ", basis, checked_on",
            "a date",
            "write 2010-06-01, without quotes",
        ),
        (
            "basis = { title = 't', certain = 'no' }",
            "The word is not known",
            ", basis, certain",
            "no",
            "use one of these",
        ),
        (
            "report = { every = 'year' }",
            "to is missing",
            ", report",
            None,
            'name the committee: to = "Økonomiudvalget"',
        ),
        (
            "report = { to = 'ØU' }",
            "every is missing",
            ", report",
            None,
            "write one of month, quarter, half-year, year,",
        ),
        (
            "report = { to = 'ØU', every = 'week' }",
            "The word is not known",
            ", report, every",
            "week",
            "use one of these",
        ),
        ("report = { to = 'ØU', every = 'year', of = 1 }", "The key is not known", ", report", "of", "remove it"),
        ("series_breaks = 'x'", "A list of tables is needed", "", "series_breaks", "write [[series_breaks]]"),
        ("series_breaks = [1]", "A table is needed", ", series_breaks 1", "a whole number", "write it as [name] or"),
        (
            "series_breaks = [{ note = 'x' }]",
            "on is missing",
            ", series_breaks 1",
            None,
            "give the first day of the new",
        ),
        (
            "series_breaks = [{ on = 2017-04-01 }]",
            "note is missing",
            ", series_breaks 1",
            None,
            "say what changed: note =",
        ),
        (
            "aggregate = 'each'",
            "A goal says how parts make a verdict, and not which parts",
            "",
            "aggregate = 'each' without each",
            'add each = "month", say',
        ),
        (
            "each = ['month', 'year']\naggregate = 'each'",
            "A goal is judged for one grain of time",
            "",
            "month, year",
            "keep one of them",
        ),
    ],
)
def test_each_fault_names_its_place_and_the_way_out(
    further: str, what: str, where: str, got: str | None, remedy: str
) -> None:
    found = fault(further)
    assert (found.what, found.where, found.got) == (what, f"goals, goal a{where}", got)
    assert (found.remedy or "").startswith(remedy)


def test_a_target_that_cannot_be_read_is_named_with_its_goal() -> None:
    found = fault(least=LEAST.replace("at least 80 %", "80 percent"))
    assert (found.what, found.where, found.got) == ("The target cannot be read", "goals, goal a, target", "80 percent")
    assert '"at least 80 %"' in str(found)


def test_parts_without_a_way_to_a_verdict_are_refused_with_the_ways() -> None:
    found = fault("each = 'month'")
    assert found.what == "The goal does not say how its parts make a verdict over a longer period"
    assert str(found.allowed) == (
        "pooled: the records of all parts are judged together, so that a part weighs as many records as it has; "
        "each: every part must meet the target, so that the worst decides; "
        "mean: the mean of the parts' figures is judged, so that every part weighs the same"
    )
    assert found.remedy == 'add aggregate = "..." with one of these'


def test_what_the_decision_leaves_open_is_said_where_nobody_chose_how_parts_make_a_verdict() -> None:
    found = fault("each = 'kind'\nbasis = { title = 'T', certain = false, question = { en = 'each?', da = 'hver?' } }")
    assert found.remedy == 'add aggregate = "..." with one of these; its source is open: each?'


def test_a_set_without_a_goal_or_with_unknown_keys_is_refused() -> None:
    with pytest.raises(GoalError, match="There is no goal") as caught:
        parse_goals("title = 'x'")
    assert caught.value.remedy == "write one as [[goal]]"
    assert fault(before="titel = 'x'").remedy == "did you mean title?"
    with pytest.raises(SeveralErrors, match="A list of tables is needed"):
        parse_goals("goal = 1\nx = 1")
    with pytest.raises(GoalError, match="what is missing") as caught:
        parse_goals("[[not_supplied]]\nwho = 'w'")
    assert "w" in str(caught.value.where).split()


def test_a_set_lists_the_goals_that_it_ends_and_says_which_it_keeps() -> None:
    goals = parse_goals(
        f"""
        basis = {{ title = "set" }}
        [[goal]]
        {LEAST}
        [[goal]]
        {LEAST.replace('"a"', '"b"')}
        standing = "new"
        [[dropped]]
        who = "Socialforvaltningen"
        what = "svar inden 14 dage"
        [[dropped]]
        who = "Kultur- og Fritidsforvaltningen"
        what = "ventetid"
        basis = {{ title = "own" }}
        """
    )
    assert [goal.standing for goal in goals.goals] == [None, "new"]
    assert [(each.who, each.what, each.basis) for each in goals.dropped] == [
        ("Socialforvaltningen", "svar inden 14 dage", Citation(title="set")),
        ("Kultur- og Fritidsforvaltningen", "ventetid", Citation(title="own")),
    ]
    assert goals.text_table("da").rows[-1][:3] == (
        "Kultur- og Fritidsforvaltningen",
        "ventetid",
        "fandtes før, ikke videreført",
    )


def test_a_standing_that_is_none_and_a_dropped_goal_of_nobody_are_faults() -> None:
    with pytest.raises(GoalError) as caught:
        one('standing = "dropped"')
    assert "kept" in str(caught.value)
    assert "new" in str(caught.value)
    with pytest.raises(GoalError, match="what is missing") as caught:
        parse_goals(f"[[goal]]\n{LEAST}\n[[dropped]]\nwho = 'w'")
    assert "w" in str(caught.value.where).split()


def test_an_id_that_is_used_twice_is_refused() -> None:
    with pytest.raises(GoalError, match="A goal's id is used twice") as caught:
        parse_goals(f"[[goal]]\n{LEAST}\n[[goal]]\n{LEAST}")
    assert (caught.value.got, caught.value.remedy) == ("a", "give each goal an id of its own")


def test_all_faults_of_a_file_are_raised_together() -> None:
    with pytest.raises(SeveralErrors) as caught:
        parse_goals(
            """
            titel = "x"
            [[goal]]
            id = "a"
            target = "80"
            each = "month"
            [[goal]]
            metric = "m"
            source = "s"
            target = "baseline"
            report = { to = "ØU", every = "week" }
            """
        )
    assert [(error.where, error.what) for error in caught.value.errors] == [
        ("goals, goal a", "metric is missing"),
        ("goals, goal a", "source is missing"),
        ("goals, goal a, target", "The target cannot be read"),
        ("goals, goal a", "The goal does not say how its parts make a verdict over a longer period"),
        ("goals, goal 2", "id is missing"),
        ("goals, goal 2, report, every", "The word is not known"),
        ("goals", "The key is not known"),
    ]
    assert str(caught.value).startswith("The goals of goals do not load\n\nmetric is missing")
