"""What the kit found: one check a law, and the report of all of them; the laws of a metric, the plainest first.

The laws stand in rooms of their own, a room for each kind.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, TypeVar

import attrs

from casequality.errors import CaseQualityError
from casequality.metrics import Metric
from casequality.testing import behaviour, counting, declared, doubtful, numbers, oracle
from casequality.testing.invented import Broken, Inapplicable, Law, Subject, time_laws

laws: Final[tuple[Law[Subject], ...]] = (
    Law("empty", "no records give no data, and no failure", counting.empty, conclusive=True),
    Law("declared-columns", "only declared columns are read, the same for any records", declared.declared_columns),
    Law("row-order", "the order of the records makes no difference", counting.row_order),
    Law("splitting", "read in parts or as a whole, the counts are the same", counting.splitting),
    Law("duplication", "every record twice gives the same share and twice the count", counting.duplication),
    Law("adds-up", "every row that is read has one outcome or is set aside", counting.adds_up),
    Law("monotone", "one more met case never makes a share worse", counting.monotone),
    Law("bounds", "whatever records in doubt turn out to be, figures stay within their bounds", doubtful.bounds),
    Law("exact", "a statistic of one's own does not round", doubtful.exact),
    Law("numbers", "numbers are taken whole, up to what the type holds", numbers.numbers),
    Law("whole-weeks", "all dates moved by the same whole weeks change nothing", time_laws.whole_weeks),
    Law("later-as-of", "time alone does not change a yes or a no", time_laws.later_as_of),
    Law("hidden-future", "nothing after the as-of is seen", time_laws.hidden_future),
    Law("naive-times", "days are those of the zone, and naive times are refused", time_laws.naive_times),
    Law("reachable", "every declared outcome occurs", declared.reachable, conclusive=True),
    Law("readings-matter", "every reading changes some figure", declared.readings_matter, conclusive=True),
    Law("parameters-matter", "every field changes something", declared.parameters_matter, conclusive=True),
    Law("unknown-codes", "labels are declared, and unknown ones refused", numbers.unknown_codes, conclusive=True),
    Law("unit-and-range", "figures lie within what their unit allows", declared.unit_and_range),
    Law("titles", "texts are there in English and Danish", declared.titles, conclusive=True),
    Law("citation", "the source is named", declared.citation, conclusive=True),
    Law("unchanged-input", "the columns are left as they were", behaviour.unchanged_input),
    Law("determinism", "the same records give the same answer", behaviour.determinism),
    Law("round-trip", "metric, tally and figures survive pickle and JSON", behaviour.round_trip, conclusive=True),
    Law("purity", "no clock, network, file, environment or chance is reached for", behaviour.purity),
    Law("oracle", "the author's own slow answer is the same", oracle.oracle),
)
"""All laws of a metric, the plainest first."""


State: TypeAlias = Literal["passed", "failed", "skipped"]
S = TypeVar("S")


@attrs.frozen
class Check:
    """One law tried on one thing; `reason` says what broke, or why it was skipped."""

    law: str
    state: State
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.law}: {self.state}" + (f", {self.reason}" if self.reason else "")


@attrs.frozen
class Report:
    """Every check of one metric or record type; `str()` says how many there were, and each that did not pass."""

    name: str
    checks: tuple[Check, ...]

    @property
    def conforms(self) -> bool:
        """Whether none failed and some passed."""
        states = {check.state for check in self.checks}
        return "passed" in states and "failed" not in states

    def count(self, state: State) -> int:
        """Return how many checks ended so."""
        return sum(check.state == state for check in self.checks)

    def __str__(self) -> str:
        counts = ", ".join(f"{self.count(state)} {state}" for state in ("passed", "failed", "skipped"))
        lines = [f"{self.name}: {len(self.checks)} checks, {counts}"]
        lines += [f"  {check}".replace("\n", "\n    ") for check in self.checks if check.state != "passed"]
        return "\n".join(lines)


def check(
    metric: Metric | type[Metric], *, skips: Mapping[str, str] | None = None, only: Sequence[str] = (), **settings: Any
) -> Report:
    """Return what every law finds of a metric, without pytest.

    skips: by law, the reason why it is not tried. only: the laws to try, all unless told.
    settings: those of `Subject`: deadlines, as_of, zone, examples, oracle, others.
    """
    subject = Subject(metric, **settings)
    skips = skips or {}
    refuse_unknown((*skips, *only), laws)
    chosen = [law for law in laws if not only or law.name in only]
    return Report(subject.metric.id, tuple(tried(law, subject, skips.get(law.name)) for law in chosen))


def tried(law: Law[S], subject: S, skip: str | None = None) -> Check:
    """Return how a law ends on a subject; a skip without a reason, or of a law that surely holds, is a failure."""
    if skip is not None and not skip.strip():
        return Check(law.name, "failed", "it is skipped without a reason; say why")
    if skip is not None and not law.conclusive:
        return Check(law.name, "skipped", skip)
    try:
        law.holds(subject)
    except Inapplicable as fault:
        return Check(law.name, "skipped", skip or str(fault))
    except Broken as fault:
        reason = f"{law.says}.\n{fault}"
    except Exception as fault:  # noqa: BLE001  what a metric or its statistic raises is its breach
        reason = f"{law.says}.\n{_failure(fault)}"
    else:
        if skip is None:
            return Check(law.name, "passed")
        return Check(law.name, "failed", f"it is skipped ({skip}), and it holds; leave the skip out")
    return Check(law.name, "skipped", skip) if skip is not None else Check(law.name, "failed", reason)


def _failure(fault: Exception) -> str:
    """Return what was raised, and where in whose code."""
    cause = fault.__cause__ or fault
    place = traceback.extract_tb(cause.__traceback__)[-1]
    told = f"{fault}\n" if isinstance(fault, CaseQualityError) else ""
    raised = f"{type(cause).__name__}: {cause}" if not isinstance(cause, CaseQualityError) else type(cause).__name__
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return f"{told}  raised   {raised}, in {where}\n  way out  mend what raises it"


def refuse_unknown(names: Sequence[str], known: Sequence[Law[Any]]) -> None:
    """Raise `ValueError` where a law is named that there is not."""
    if unknown := sorted(set(names) - {law.name for law in known}):
        raise ValueError(f"there is no law {', '.join(unknown)}; the laws are {', '.join(law.name for law in known)}")
