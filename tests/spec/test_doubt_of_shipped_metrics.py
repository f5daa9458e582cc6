"""Shipped metrics by small files of which one cell is in doubt: each way to fill it in lies within the bounds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import attrs
import pytest

pytest.importorskip("casequality_case_flow")
pytest.importorskip("pyarrow")

import casequality as cq
from casequality.metrics.figures import Figure
from tests.factories.stored_tallies import DEADLINES

CELL = re.compile(r"<([^|>]*)\|([^>]*)>")


@attrs.frozen(kw_only=True)
class Lost:
    """A file with cells such as <?|a,b>: what is read, and what it may have been instead.

    marks: by field, the date by which the source says that it does not know one.
    """

    metric: str
    data: str
    children: dict[str, str] = attrs.field(factory=dict)
    marks: dict[str, dict[str, str]] = attrs.field(factory=dict)
    period: str = "2010-H1"
    facet: str = ""
    readings: dict[str, str] = attrs.field(factory=dict)

    def ways(self) -> list[str | None]:
        """Return what the cell may have been, None first for how it is read."""
        found = CELL.search("\n".join([self.data, *self.children.values()]))
        assert found
        return [None, *found[2].split(",")]

    def figure(self, folder: Path, way: str | None) -> Figure:
        """Return the figure of the files with the cell as read, or filled in."""

        def write(name: str, text: str) -> str:
            lines = [line.strip() for line in text.strip().splitlines()]
            filled = CELL.sub(lambda cell: cell[1] if way is None else way, "\n".join(lines))
            (folder / f"{name}.csv").write_text(filled + "\n", encoding="utf-8")
            return str(folder / f"{name}.csv")

        more: dict[str, Any] = {"marks": self.marks} if self.marks else {}
        more |= {"children": {name: write(name, text) for name, text in self.children.items()}} if self.children else {}
        asked: dict[str, Any] = {"as_of": "2010-08-01", "period": self.period, "readings": self.readings}
        found = cq.measure(self.metric, write("data", self.data), deadlines=DEADLINES, **asked, **more)
        return found.measurement.figure(self.period, **({"facet": self.facet} if self.facet else {}))


UNKNOWN = {"1901-01-01": "unknown"}
CASES = "case,kind,administration,unit,team,caseworker,received_on,closed_on,ending,notified_on,no_notice_because"
STOCKS = ("backlog", "pending-age", "pending-age-median")
FLOWS = ("received", "closed", "received-against-year-before", "clearance-rate", "disposition-time")
TIMES = ("processing-time", "processing-time-median", "net-processing-time", "net-processing-time-median")
NO_ROWS = {
    "notices": "case,sent_on,promised_on,written",
    "waits": "case,since,until,reason",
    "stays": "case,from_on,until,holder",
    "caseworkers": "case,from_on,worker,told",
}
LOST = {
    "checked, nobody knows when": Lost(
        metric="citizen-service.passport-errors",
        data="""case,handled_on,checked_on,centre
                1,2010-03-01,2010-03-05,north
                2,2010-03-01,<1901-01-01|2010-03-05,2010-05-05>,north""",
        children={"errors": "case,found_on,error_class\n1,2010-03-05,control"},
        marks={"checked_on": UNKNOWN},
    ),
    "decided, nobody knows when, and withdrawn in time": Lost(
        metric="housing-benefit.notified",
        data="""case,kind,received_on,decided_on,withdrawn_on
                1,housing_benefit,2010-01-04,2010-06-01,
                2,housing_benefit,2010-01-04,<1901-01-01|2010-01-11,2010-06-01>,2010-01-12""",
        children={"notices": "case,sent_on,promised_on,written\n1,2010-01-11,2010-08-01,"},
        marks={"decided_on": UNKNOWN},
    ),
    "closed, nobody knows when": Lost(
        metric="case-flow.notified",
        data=f"""{CASES}
                1,north,a,a,a,a,2010-01-04,2010-06-01,decided,,
                2,north,a,a,a,a,2010-07-15,<1901-01-01|2010-07-16,2010-07-20>,decided,,""",
        children={**NO_ROWS, "notices": "case,sent_on,promised_on,written\n1,2010-01-11,2010-08-01,"},
        marks={"closed_on": UNKNOWN},
        period="2010",
    ),
    "a message without its day": Lost(
        metric="correspondence.kept-informed",
        data="case,administration,kind,received_on,ended_on\n1,a,a,2010-01-04,2010-05-04",
        children={"messages": "case,sent_on\n1,<|2010-02-01,2010-09-01>"},
        readings={"informed": "at_all"},
    ),
    "a notice without its day": Lost(
        metric="correspondence.access-notices",
        data="""request,administration,act,tier,received_on,decided_on,withdrawn_on
                1,a,environment,simple,2010-02-01,,""",
        children={"notices": "request,sent_on,states_reason,promised_on\n1,<|2010-02-10,2010-09-01>,yes,"},
    ),
    "an event without its day": Lost(
        metric="case-flow.dead-time-share",
        data="""case,kind,received_at,decided_at
                1,north,2010-02-01T10:00Z,2010-06-01T10:00Z
                2,north,2010-02-01T10:00Z,2010-06-01T10:00Z""",
        children={
            "events": """case,at,holder,cause
                         1,2010-02-20T10:00Z,internal,
                         2,2010-02-20T10:00Z,internal,
                         2,<|2010-02-21T10:00Z,2010-05-20T10:00Z>,active,"""
        },
    ),
    "an event without its day, in a count": Lost(
        metric="case-flow.dead-periods",
        data="case,kind,received_at,decided_at\n1,north,2010-01-01T10:00Z,2010-06-01T10:00Z",
        children={
            "events": """case,at,holder,cause
                         1,2010-01-02T10:00Z,internal,
                         1,<|2010-03-20T10:00Z,2010-09-20T10:00Z>,internal,"""
        },
        facet="internal_idle",
    ),
    "a type of case that is not stated": Lost(
        metric="case-flow.kept-without-dead-time",
        data="""case,kind,received_at,decided_at
                1,north,2010-01-01T10:00Z,2010-06-01T10:00Z
                2,<|north,south>,2010-01-01T10:00Z,2010-06-01T10:00Z""",
        children={"events": "case,at,holder,cause\n1,2010-01-02T10:00Z,active,\n2,2010-01-02T10:00Z,internal,"},
    ),
    "a point of a subject that cannot be read": Lost(
        metric="complaints.points",
        data="complaint,administration,received_on\n1,south,2010-01-04",
        children={
            "points": """complaint,raised_on,subject,signal
                         1,2010-01-05,statutory_follow_up,
                         1,2010-01-06,<?|statutory_follow_up,other>,"""
        },
        facet="statutory_follow_up",
    ),
    "more examined than there are": Lost(
        metric="citizen-service.sample-share",
        data="""sample,drawn_on,subject,centre,population,examined
                1,2010-03-01,survey,north,100,95
                2,2010-03-01,survey,north,<100|101,500000>,101""",
    ),
    "an answer that weighs nobody knows how much": Lost(
        metric="citizen-service.satisfaction",
        data="""row,asked_on,answered_on,answer,side,centre,target_group,parameter,channel,weight
                1,2010-03-01,2010-03-02,satisfied,,a,disabled,,written,1
                2,2010-03-01,2010-03-02,dissatisfied,,a,disabled,,written,<|0.1,90>""",
        readings={"weights": "weighted"},
    ),
    **{
        f"closed {name}, nobody knows how, {next(iter(readings))} is left out": Lost(
            metric="rent-tribunal.closed-in-time",
            data=f"""case,received_on,closed_on,ending
                    1,2010-01-04,2010-02-04,decided
                    2,2010-01-04,2010-06-24,decided
                    3,2010-01-04,{closed},<|decided,settled,withdrawn,dismissed>""",
            readings=readings,
        )
        for name, closed in (("in time", "2010-02-04"), ("late", "2010-06-24"))
        for readings in ({"settled": "left_out"}, {"withdrawn": "left_out"}, {"dismissed": "left_out"})
    },
    "answered, nobody knows how": Lost(
        metric="citizens-adviser.upheld",
        data="""enquiry,received_on,kind,answered_on,upheld
                1,2010-01-04,intervention,2010-02-04,wholly
                2,2010-01-04,intervention,2010-02-04,<|wholly,no>""",
        readings={"series": "joined"},
    ),
    "a point of a subject that is not registered": Lost(
        metric="complaints.points",
        data="complaint,administration,received_on\n1,south,2010-01-04\n2,south,2010-01-05",
        children={
            "points": """complaint,raised_on,subject,signal
                         1,2010-01-05,statutory_follow_up,
                         2,2010-01-06,<|statutory_follow_up,other>,"""
        },
        facet="statutory_follow_up",
    ),
    "a change of caseworker in a case that nobody knows": Lost(
        metric="case-flow.told-of-caseworker-changes",
        data=f"""{CASES}
                1,north,a,a,a,a,2010-01-04,2010-06-01,decided,,
                2,north,a,a,a,a,2010-01-04,2010-06-01,decided,,""",
        children={
            **NO_ROWS,
            "caseworkers": """case,from_on,worker,told
                              1,2010-01-04,a,
                              2,2010-01-04,a,
                              <9|2>,2010-02-10,b,no""",
        },
    ),
    "a promise in a request that nobody knows": Lost(
        metric="correspondence.access-promises-kept",
        data="""request,administration,act,tier,received_on,decided_on,withdrawn_on
                1,a,environment,simple,2010-02-01,2010-03-01,
                2,a,environment,simple,2010-02-01,,""",
        children={"notices": "request,sent_on,states_reason,promised_on\n<9|1,2>,2010-02-10,yes,2010-02-20"},
    ),
    "a caseworker of a case that nobody knows": Lost(
        metric="case-flow.caseworker-changes",
        data=f"""{CASES}
                1,north,a,a,a,a,2010-01-04,2010-06-01,decided,,
                2,north,a,a,a,a,2010-01-04,2010-06-01,decided,,""",
        children={
            **NO_ROWS,
            "caseworkers": "case,from_on,worker,told\n<9|2>,2010-02-10,b,no",
        },
    ),
    "dismissed, nobody knows when it came": Lost(
        metric="case-flow.decided-in-time",
        data=f"""{CASES}
                1,north,a,a,a,a,2010-01-04,2010-01-11,decided,,
                2,north,a,a,a,a,<|2009-01-05,2010-02-26>,2010-03-01,dismissed,,""",
        children=NO_ROWS,
        readings={"cohort": "closed", "undecided": "as_closed"},
    ),
    "closed, nobody knows how or when it came": Lost(
        metric="case-flow.decided-in-time-net",
        data=f"""{CASES}
                1,north,a,a,a,a,2010-01-04,2010-01-11,decided,,
                2,north,a,a,a,a,<|2009-01-05,2010-02-26>,2010-03-01,,,""",
        children=NO_ROWS,
        readings={"cohort": "closed", "undecided": "as_closed"},
    ),
    "withdrawn, nobody knows when it came": Lost(
        metric="housing-benefit.decided-in-time",
        data="""case,kind,received_on,decided_on,withdrawn_on
                1,housing_benefit,2010-01-04,2010-01-11,
                2,housing_benefit,<|2009-01-05,2010-01-05,2010-02-26>,,2010-03-01""",
        children={"notices": "case,sent_on,promised_on,written"},
        readings={"cohort": "received", "withdrawn": "late_counted"},
    ),
    **{
        f"closed, nobody knows when, {name}": Lost(
            metric=f"case-flow.{name}",
            data=f"""{CASES}
                    1,north,a,a,a,a,2010-01-04,2010-01-11,decided,,
                    2,north,a,a,a,a,2010-02-04,,,,
                    3,north,a,a,a,a,2010-03-04,<1901-01-01|2010-03-11,2010-07-11>,dismissed,,
                    4,north,a,a,a,a,2009-02-04,2009-03-04,decided,,""",
            children=NO_ROWS,
            marks={"closed_on": UNKNOWN},
            readings={"dealt_with": "decided"},
        )
        for name in (*FLOWS, *STOCKS)
    },
    **{
        f"closed, {closed}, how is not stated, {name}": Lost(
            metric=f"case-flow.{name}",
            data=f"""{CASES}
                    1,north,a,a,a,a,2010-01-04,2010-01-11,decided,,
                    2,north,a,a,a,a,2010-02-04,,,,
                    3,north,a,a,a,a,2010-03-04,{closed},<|decided,dismissed>,,
                    4,north,a,a,a,a,2009-02-04,2009-03-04,decided,,""",
            children=NO_ROWS,
            readings={"dealt_with": "decided"},
        )
        for closed, names in (("2010-05-11", (*FLOWS, *TIMES)), ("2010-07-11", STOCKS))
        for name in names
    },
}


@pytest.mark.parametrize("name", LOST)
def test_no_way_to_fill_in_a_cell_leaves_the_bounds(name: str, tmp_path: Path) -> None:
    lost = LOST[name]
    doubtful, *settled = (lost.figure(tmp_path, way) for way in lost.ways())
    values = [each.value.exact for each in settled if each.value.exact is not None]
    assert values
    assert doubtful.value.possible
    assert doubtful.doubt
    for value in values:
        assert doubtful.low is None or doubtful.low <= value
        assert doubtful.high is None or value <= doubtful.high
