"""The kit's pytest plugin: one line a conformance class, and no class that skips everything passes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.register_assert_rewrite("casequality.testing.conformance")

Checks = dict[tuple[str, str], list[Any]]
CHECKS = pytest.StashKey[Checks]()


def pytest_configure(config: pytest.Config) -> None:
    """Make room for what the checks report."""
    config.stash[CHECKS] = {}
    config.pluginmanager.register(_Collector(config.stash[CHECKS]), "casequality-checks")


class _Collector:
    """Hears of every finished test, also of those that other processes ran."""

    def __init__(self, checks: Checks) -> None:
        self.checks = checks

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties if report.when == "teardown" else ():
            if name == "casequality":
                told: Any = value
                place = report.nodeid.partition("::")[0], told[0]
                self.checks.setdefault(place, []).append(told[1:])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where a class was tried whole and every check of it was skipped."""
    if any(_idle(session.config.stash[CHECKS])):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write what ran, passed and was skipped, with the reasons."""
    checks = terminalreporter.config.stash[CHECKS]
    if not checks:
        return
    terminalreporter.section("casequality conformance")
    for (_, kind), found in checks.items():
        states = [state for _, _, state, _ in found]
        counts = ", ".join(f"{states.count(state)} {state}" for state in ("passed", "failed", "skipped"))
        skipped = "; ".join(f"{law}: {reason}" for _, law, state, reason in found if state == "skipped")
        terminalreporter.write_line(f"{kind}: {len(found)} checks, {counts}{f' ({skipped})' if skipped else ''}")
    for kind in _idle(checks):
        terminalreporter.write_line(f"{kind}: every check is skipped, so nothing was tested", red=True)


def _idle(checks: Checks) -> Iterator[str]:
    for (_, kind), found in checks.items():
        if len(found) == found[0][0] and {state for _, _, state, _ in found} == {"skipped"}:
            yield kind
