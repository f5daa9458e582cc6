"""The shipped catalogue: complete, cited, and honest about what no source says."""

from __future__ import annotations

import datetime as dt

import pytest

from casequality.citation import NOT_IN_SOURCE
from casequality.days import calendar
from casequality.deadlines import Deadline, Pause, deadline, obligations, shipped
from casequality.errors import OutsideCalendar, UnknownName

CHECKED = tuple(dt.date(2026, 11, day) for day in (21, 29, 30))
IDS = [rule.id for rule in shipped()]


@pytest.mark.parametrize("rule", shipped(), ids=IDS)
def test_each_deadline_says_what_it_is_and_where_it_stands(rule: Deadline) -> None:
    assert calendar(str(rule.calendar)).name == rule.calendar
    assert str(rule.starts) != NOT_IN_SOURCE
    assert str(rule.satisfied_by) != NOT_IN_SOURCE
    for entry in rule.terms:
        if entry.value is None:
            continue
        cited = entry.citation
        assert cited is not None
        assert cited.checked_on in (None, *CHECKED)
        assert cited.certain or cited.question
        assert cited.checked_on or not cited.certain  # what nobody read in the source is not certain


def test_a_deadline_that_counts_working_days_is_not_certain() -> None:
    for rule in shipped():
        for entry in rule.terms:
            if entry.value is not None and entry.value.unit == "working days":
                assert entry.citation is not None
                assert not entry.citation.certain


def test_what_extends_a_deadline() -> None:
    extended = {rule.id: str(rule.extension.term) for rule in shipped() if rule.extension}
    assert extended == {
        "access/appeal-decided": "None",
        "access/decide": "None",
        "access/decide-transitional": "None",
        "access/delay-complaint-decided": "None",
        "children/examined": "None",
        "data-protection/rights-answered": "3 months, roll forward",
        "environment/decide": "2 months",
        "party-access/decide": "None",
        "personal-data/answer": "3 months, roll forward",
        "rent-tribunal/reply": "None",
        "tenants-board/answers": "None",
        "tenants-board/reply": "None",
    }


def test_who_moves_off_a_closed_day() -> None:
    """A citizen's or party's period does, an authority's own does not; a month of the Regulation does by its text."""
    rolled = {rule.id for rule in shipped() for held in rule.terms if held.value and held.value.roll != "none"}
    citizens = {rule.id for rule in shipped() if rule.kind in ("appeal", "reply")}
    assert rolled == citizens | {"personal-data/answer", "data-protection/rights-answered"}


def test_ids_are_unique_sorted_and_named_by_area() -> None:
    assert sorted(set(IDS)) == IDS
    assert {name.split("/")[0] for name in IDS} == {
        *("access", "appeals", "building", "children", "copenhagen", "data-protection", "environment", "party-access"),
        *("permits", "personal-data", "planning", "rent-tribunal", "tenants-board"),
    }


def test_an_unknown_deadline_names_those_it_resembles() -> None:
    with pytest.raises(UnknownName) as refused:
        deadline("copenhagen/reply-garantee")
    assert refused.value.remedy == "did you mean copenhagen/reply-guarantee?"
    with pytest.raises(UnknownName) as refused:
        deadline("zzz")
    assert "access/decide" in str(refused.value)
    mine = deadline("copenhagen/reply-guarantee")
    assert deadline("mine", {"mine": mine}) is mine
    with pytest.raises(UnknownName):
        deadline("copenhagen/reply-guarantee", {"mine": mine})


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("access/notify-or-decide", "1987-01-01", "2013-12-31"),
        ("access/decide", "2014-01-01", None),
        ("access/decide-transitional", None, "2013-12-31"),
        ("party-access/notify-or-decide", None, "2013-12-31"),
        ("party-access/decide", "2014-01-01", None),
        ("personal-data/notify-or-answer", "2000-07-01", "2018-05-24"),
        ("personal-data/answer", "2018-05-25", None),
        ("appeals/letter-arrival", "2016-07-01", None),
        ("children/assessed", "2013-10-01", None),
        ("children/examined", None, None),
        ("data-protection/breach-notified", "2018-05-25", None),
        ("building/simple-construction-goal", "2016-01-01", None),
        ("copenhagen/reply-guarantee", "2006-06-01", None),
        ("copenhagen/rent-tribunal-goal", None, None),
    ],
)
def test_a_deadline_is_in_force_from_its_first_to_its_last_day(name: str, first: str | None, last: str | None) -> None:
    rule, one_day = deadline(name), dt.timedelta(days=1)
    if first:
        assert rule.in_force_on(dt.date.fromisoformat(first)).since == dt.date.fromisoformat(first)
        with pytest.raises(OutsideCalendar, match="not in force"):
            rule.in_force_on(dt.date.fromisoformat(first) - one_day)
    if last:
        assert rule.in_force_on(dt.date.fromisoformat(last)).until == dt.date.fromisoformat(last)
        with pytest.raises(OutsideCalendar, match="not in force"):
            rule.in_force_on(dt.date.fromisoformat(last) + one_day)
    if first is None:
        assert rule.in_force_on(dt.date(1990, 1, 1)).since is None


def test_a_rule_that_was_not_in_force_says_when_it_was() -> None:
    with pytest.raises(OutsideCalendar) as refused:
        deadline("access/notify-or-decide").due(dt.date(2014, 1, 1))
    assert str(refused.value) == (
        "The deadline was not in force on that day\n"
        "  where:   access/notify-or-decide\n"
        "  got:     2014-01-01\n"
        "  allowed: from 1987-01-01 to 2013-12-31\n"
        "  remedy:  use the deadline that was in force; casequality.deadlines.shipped() lists them all"
    )


@pytest.mark.parametrize(
    ("name", "received", "due"),
    [
        # counted on paper calendars
        ("access/decide-simple", "2024-03-27", "2024-04-03"),  # Wednesday before Easter; 2 and 3 April count
        ("access/decide-special", "2024-03-18", "2024-04-10"),  # as the worked example E25 counts fourteen
        ("access/decide-very-special", "2014-02-03", "2014-03-31"),  # eight weeks without a holiday
        (
            "access/decide-very-special",
            "2014-04-11",
            "2014-06-16",
        ),  # six holidays: Easter, Great Prayer, Ascension, Whit
        ("access/appeal-forwarded", "2014-04-11", "2014-04-25"),  # as E16
        ("access/appeal-decided", "2014-02-03", "2014-03-03"),
        ("access/delay-complaint-forwarded", "2014-04-11", "2014-04-25"),
        ("access/delay-complaint-decided", "2014-02-03", "2014-03-03"),
        ("appeals/letter-arrival", "2018-06-26", "2018-07-04"),  # 27 to 29 June and 2 to 4 July
        ("appeals/letter-arrival", "2018-06-25", "2018-06-30"),  # a Monday under the rule by weekday
        ("appeals/letter-arrival", "2017-06-07", "2017-06-14"),  # a Wednesday, whatever is closed: seven days
        ("appeals/letter-arrival", "2017-06-08", "2017-06-14"),
        ("appeals/letter-arrival", "2017-06-09", "2017-06-14"),
        ("appeals/letter-arrival", "2016-07-01", "2016-07-06"),
        ("children/assessed", "2023-12-31", "2024-01-01"),
        ("children/examined", "2023-10-31", "2024-02-29"),  # four months, clamped
        ("children/examined", "2024-10-31", "2025-02-28"),
        ("children/receipt-confirmed", "2024-03-27", "2024-04-09"),  # Tuesday 2 April is the first day after Easter
        ("building/simple-construction-goal", "2024-03-01", "2024-04-10"),  # 30 days of March and ten of April
        ("building/single-family-house-goal", "2024-03-01", "2024-04-10"),
        ("building/industry-and-storage-goal", "2024-03-01", "2024-04-20"),  # on a Saturday: nothing moves
        ("building/multi-storey-business-goal", "2024-03-01", "2024-04-25"),
        ("building/multi-storey-housing-goal", "2024-03-01", "2024-04-30"),
        ("permits/less-polluting-business-goal", "2024-01-01", "2024-05-10"),
        ("permits/large-business-goal", "2024-01-01", "2024-07-19"),
        ("data-protection/rights-answered", "2024-02-29", "2024-04-02"),  # as E44
        ("data-protection/breach-notified", "2024-03-28", "2024-03-31"),  # Easter Sunday: hours run on
        ("planning/neighbours-heard", "2024-03-15", "2024-04-02"),  # Good Friday moves to Tuesday
        ("planning/plan-objections", "2024-03-01", "2024-04-26"),  # once Great Prayer Day
        ("planning/local-plan-objections", "2024-03-01", "2024-04-02"),
        ("appeals/environmental-protection", "2024-03-01", "2024-04-02"),
        ("appeals/livestock", "2024-03-02", "2024-04-02"),  # a Saturday
        ("appeals/environmental-assessment", "2023-04-07", "2023-05-08"),  # Great Prayer Day of 2023 moves to Monday
        ("tenants-board/notify-other-party", "2024-03-22", "2024-03-29"),
        ("tenants-board/reply", "2024-03-15", "2024-04-02"),
        ("tenants-board/decide", "2024-03-01", "2024-03-29"),  # an authority's own term does not move
        ("tenants-board/appeal", "2024-06-20", "2024-08-19"),  # ten days of June and 18 of August end on a Sunday
        ("environment/notify-or-decide", "2010-03-25", "2010-04-04"),  # as E28, and so after 2013
        ("environment/notify-or-decide", "2020-04-02", "2020-04-12"),
        ("environment/decide", "2019-01-31", "2019-02-28"),
        ("rent-tribunal/notify-other-party", "2010-03-25", "2010-04-01"),
        ("rent-tribunal/reply", "2010-03-18", "2010-04-06"),  # 1 April is Maundy Thursday
        ("rent-tribunal/answers", "2022-07-01", "2022-07-15"),
        ("rent-tribunal/decide", "2010-03-04", "2010-04-01"),  # an authority's own term does not move
        ("rent-tribunal/appeal", "2010-03-04", "2010-04-06"),
    ],
)
def test_steps_that_no_worked_example_has(name: str, received: str, due: str) -> None:
    assert str(deadline(name).due(dt.date.fromisoformat(received))) == due


def test_one_month_and_two_are_the_longest_for_environmental_information() -> None:
    extension = deadline("environment/decide").extension
    assert extension is not None
    assert extension.term is not None
    assert extension.term.due(dt.date(2019, 12, 31), "dk-statutory") == dt.date(2020, 2, 29)


def test_nothing_that_is_certain_is_asked_and_what_is_read_nowhere_is_not_certain() -> None:
    cited = [held.citation for rule in shipped() for held in rule.terms if held.citation]
    for source in cited:
        assert source.certain == (source.question is None)
        assert source.checked_on or not source.certain


def test_no_statutory_deadline_lets_the_clock_stand_still() -> None:
    """The service goals that are averages net of the applicant's time are no deadlines."""
    stopped = {rule.id: [pause.reason for pause in rule.pauses] for rule in shipped() if rule.pauses}
    assert {name.split("/")[0] for name in stopped} == {"building"}
    assert all(deadline(name).kind == "goal" and reasons == ["applicant"] for name, reasons in stopped.items())


def test_the_two_months_of_personal_data_are_counted_from_receipt() -> None:
    extension = deadline("personal-data/answer").extension
    assert extension is not None
    assert extension.term is not None
    received = dt.date(
        2018, 11, 30
    )  # two months after 30 December would be 28 February too, but one month chained is not
    assert extension.term.due(received, "dk-statutory") == dt.date(2019, 2, 28)
    assert extension.term.due(dt.date(2019, 1, 31), "dk-statutory") == dt.date(2019, 4, 30)


def test_the_law_of_the_rent_tribunal_changed_without_a_day_between() -> None:
    rule = deadline("rent-tribunal/notify-other-party")
    before, after = (rule.in_force_on(day).citation for day in (dt.date(2022, 6, 30), dt.date(2022, 7, 1)))
    assert before is not None
    assert after is not None
    assert (before.section, after.section) == ("§ 39, stk. 3", "§ 82, stk. 3")


def test_a_building_case_is_counted_net_of_the_applicant_s_time() -> None:
    """Asked on 11 March and answered on the 21st: nine whole days between do not count, so 40 days end on 19 April."""
    rule, received = deadline("building/simple-construction-goal"), dt.date(2024, 3, 1)
    asked = Pause(dt.date(2024, 3, 11), dt.date(2024, 3, 21), "applicant")
    assert rule.due(received, pauses=[asked]) == dt.date(2024, 4, 19)
    for word in ("legalisation", "another authority"):
        assert word in rule.excluded.en
    assert "average" in rule.title.en


def test_what_is_said_of_children_is_of_the_act_of_the_day() -> None:
    for name, before, after in (
        ("children/assessed", "§ 155", "§ 136"),
        ("children/examined", "§ 50, stk. 7", "§ 20, stk. 3"),
    ):
        acts = [deadline(name).in_force_on(day).citation for day in (dt.date(2023, 12, 31), dt.date(2024, 1, 1))]
        assert [cited and (str(cited.title), cited.section) for cited in acts] == [
            ("Serviceloven", before),
            ("Barnets lov", after),
        ]


def test_the_examination_of_a_child_is_certain_from_the_day_of_the_text_that_was_read() -> None:
    rule = deadline("children/examined")
    acts = [rule.in_force_on(day).citation for day in (dt.date(2025, 3, 16), dt.date(2025, 3, 17))]
    assert [cited and (cited.certain, str(cited.document)) for cited in acts] == [
        (False, "LBK nr. 282 af 17. marts 2025"),
        (True, "LBK nr. 282 af 17. marts 2025"),
    ]


def test_a_notification_on_christmas_eve_is_assessed_on_christmas_day() -> None:
    received = dt.datetime.fromisoformat("2024-12-24T22:30:00+01:00")
    [late] = obligations(
        {"received_on": received, "decided_on": "2024-12-25T22:31:00+01:00"}, ["children/assessed"], as_of="2025-01-02"
    )
    assert (late["state"], late["due_at"]) == ("kept late", "2024-12-25T22:30:00+01:00")
