"""Case flow: processing time, inflow and backlog, caseworker changes, and the dead periods of a case."""

from __future__ import annotations

from pathlib import Path

import casequality as cq
from casequality_case_flow.cases import Caseworker, FlowCase, Stay, Wait
from casequality_case_flow.caseworkers import CaseworkerChanges, ToldOfChanges
from casequality_case_flow.causes import IdleTimeByCause, TimeByCause
from casequality_case_flow.dead_periods import DeadPeriods, DeadTimeShare, TimeByHolder, WithDeadPeriod
from casequality_case_flow.deadlines import DecidedInTime, Notified, NotNotified
from casequality_case_flow.event_tables import read_events
from casequality_case_flow.flow import (
    Backlog,
    ClearanceRate,
    Closed,
    DispositionTime,
    PendingAge,
    PendingAgeMedian,
    ProcessingTime,
    ProcessingTimeMedian,
    Received,
    ReceivedAgainstYearBefore,
)
from casequality_case_flow.hand_overs import HandOvers, SeveralHolders, TimeBetweenHands
from casequality_case_flow.kept_without import KeptWithoutDeadTime
from casequality_case_flow.log_times import (
    GrossTimeMedian,
    IdleHours,
    IdleMinutes,
    LongestGap,
    LongestGapOfAll,
    NetTimeMedian,
)
from casequality_case_flow.logs import Event, LoggedCase
from casequality_case_flow.net import DecidedInTimeNet, NetProcessingTime, NetProcessingTimeMedian
from casequality_case_flow.notices import DUTY, PLACED_BY, Notice, NoticeShare, notices_that_count
from casequality_case_flow.organisation import Change, Organisation, Placed, Unit
from casequality_case_flow.prepared import prepared
from casequality_case_flow.reopened import Reopened, reopened
from casequality_case_flow.steps import Step, Steps, StepTime, StepTimeMedian, read_steps
from casequality_case_flow.stock_and_flow import (
    Clearance,
    Disposition,
    Duration,
    DurationMedian,
    Flow,
    Inflow,
    InflowAgainstYearBefore,
    Outflow,
    Stock,
    StockAge,
    StockAgeMedian,
)
from casequality_case_flow.xes import Log, read_xes

__all__ = [
    "DUTY",
    "PLACED_BY",
    "Caseworker",
    "Change",
    "Clearance",
    "Disposition",
    "Duration",
    "DurationMedian",
    "Event",
    "Flow",
    "FlowCase",
    "Inflow",
    "InflowAgainstYearBefore",
    "Log",
    "LoggedCase",
    "Notice",
    "NoticeShare",
    "Organisation",
    "Outflow",
    "Placed",
    "Reopened",
    "Stay",
    "Step",
    "Stock",
    "StockAge",
    "StockAgeMedian",
    "Unit",
    "Wait",
    "casequality_goals",
    "casequality_metrics",
    "notices_that_count",
    "prepared",
    "read_events",
    "read_steps",
    "read_xes",
    "reopened",
]


@cq.hookimpl
def casequality_metrics() -> list[type[cq.Metric]]:
    """Return the metrics of case flow."""
    return [
        Backlog,
        CaseworkerChanges,
        ClearanceRate,
        Closed,
        DeadPeriods,
        DeadTimeShare,
        DecidedInTime,
        DecidedInTimeNet,
        DispositionTime,
        GrossTimeMedian,
        HandOvers,
        IdleHours,
        IdleMinutes,
        IdleTimeByCause,
        KeptWithoutDeadTime,
        LongestGap,
        LongestGapOfAll,
        NetProcessingTime,
        NetProcessingTimeMedian,
        NetTimeMedian,
        NotNotified,
        Notified,
        PendingAge,
        PendingAgeMedian,
        ProcessingTime,
        ProcessingTimeMedian,
        Received,
        ReceivedAgainstYearBefore,
        SeveralHolders,
        StepTime,
        StepTimeMedian,
        Steps,
        TimeBetweenHands,
        TimeByCause,
        TimeByHolder,
        ToldOfChanges,
        WithDeadPeriod,
    ]


@cq.hookimpl
def casequality_goals() -> list[Path]:
    """Return the standard report on dead periods and their causes: figures without targets."""
    return [Path(__file__).with_name("dead-periods.toml")]
