"""Classes to subclass in a plugin's tests: one test a law; and a catalogue made by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest

from casequality.deadlines import Deadline, Schedule, load_deadlines
from casequality.host import Catalogue, Loaded, Offer, Plugin, catalogue_of, discover
from casequality.metrics import Metric, Rule
from casequality.records import Records
from casequality.reports import consequence, outcome_word, said
from casequality.testing.invented import Law, Row, Subject
from casequality.testing.law_book import RecordsSubject
from casequality.testing.law_book.record_laws import record_laws
from casequality.testing.report import GoalFile, Rules, deadline_laws, goal_set_laws, laws, refuse_unknown, tried


class DanishReading:
    """Tests the words of metrics: `class TestInDanish(kit.DanishReading): metrics = casequality_metrics()`."""

    metrics: ClassVar[Sequence[type[Metric]]] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Try each metric by itself, named by its id."""
        metafunc.parametrize("kind", self.metrics, ids=lambda kind: kind.id)

    def test_a_danish_reader_meets_no_english_words_of_a_metric(self, kind: type[Metric]) -> None:
        """Outcomes, limits and readings with their reasons and consequences are there in Danish."""
        metric = kind()
        texts = {f"outcome {name}": outcome_word(name, metric, "da") for name in metric.outcomes}
        if metric.limits:
            texts["limits"] = said(metric.limits, "da")
        for reading, choice in metric.readings.items():
            texts[f"{reading}, why"] = said(choice.why, "da")
            for name, alternative in choice.alternatives.items():
                texts[f"{reading}, {name}"] = consequence(alternative, "da")
        assert [where for where, text in texts.items() if text.lang != "da"] == []

    def test_no_two_outcomes_of_a_metric_are_called_the_same(self, kind: type[Metric]) -> None:
        """A reader can tell any two outcomes apart, in English and in Danish."""
        metric = kind()
        for lang in ("en", "da"):
            called = [outcome_word(name, metric, lang).text for name in metric.outcomes]
            assert len(set(called)) == len(called)

    def test_every_setting_of_a_metric_is_called_something_in_danish(self, kind: type[Metric]) -> None:
        """Each field of a metric that a reader meets has a Danish name in its `words`."""
        metric = kind()
        assert all(metric.words[name]["da"] for name in metric.parameters())


UNDER_TEST: Final = Plugin("under-test", "0", "under_test")


def catalogue(
    *,
    metrics: Iterable[type[Metric]] = (),
    goals: Iterable[Path] = (),
    deadlines: Iterable[Deadline | Schedule | Path] = (),
) -> Catalogue:
    """Return what would be found if one plugin, and no other, offered these; give it as `plugins=`.

    goals: the paths of goal sets. deadlines: themselves, or the paths of the files that say them.
    What is offered twice is in the catalogue's `clashes`, as with installed plugins.
    """
    rules = [rule for each in deadlines for rule in (load_deadlines(each) if isinstance(each, Path) else (each,))]
    offered = Loaded(
        UNDER_TEST,
        tuple(Offer(metric.id, metric, UNDER_TEST) for metric in metrics),
        tuple(Offer(path.stem, path, UNDER_TEST) for path in goals),
        tuple(Offer(rule.id, rule, UNDER_TEST) for rule in rules),
    )
    return catalogue_of([offered])


class Conformance:
    """What conformance classes have in common: laws to skip with a reason, and how many invented tables each tries."""

    skips: ClassVar[Mapping[str, str]] = {}
    examples: ClassVar[int] = 50
    laws: ClassVar[Sequence[Law[Any]]] = ()
    _subject: ClassVar[Any]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        refuse_unknown(tuple(cls.skips), cls.laws)

    def subject(self) -> Any:
        """Return what the laws are tried on."""
        raise NotImplementedError


class MetricConformance(Conformance):
    """Tests a metric against every law: `class TestMine(kit.MetricConformance): metric = Mine`.

    metric: the class, or an instance. deadlines: further deadlines and schedules that it names. skips: by law, why it
    is not tried. others: by field of the metric, another value that has an effect, where the kit finds none.
    Override `oracle` to have every answer compared with your own.
    """

    metric: ClassVar[Metric | type[Metric]]
    deadlines: ClassVar[Sequence[Rule]] = ()
    as_of: ClassVar[str] = "2010-08-01"
    zone: ClassVar[str] = "Europe/Copenhagen"
    others: ClassVar[Mapping[str, Any]] = {}
    laws = laws

    def oracle(self, case: Row, as_of: dt.date) -> Any:
        """Return what becomes of one record, slowly and plainly: an outcome's name, or all that the metric contributes.

        case: a record by field as it was known at the as-of: days as dates, instants as times in UTC, None for none,
        child rows as lists. Return a name; a name and a number (the amount, else what goes in bins); a `kit.Answer`
        with `on`, `until`, `amount`, `bins` and `times`, of which what is left out is not compared; or a mapping from
        facets to these. Numbers are whole, in the ticks that the metric contributes; None for none.
        """
        raise NotImplementedError

    def subject(self) -> Subject:
        """Return the metric with everything that it is tested under."""
        given = type(self).oracle is not MetricConformance.oracle
        return Subject(
            self.metric,
            deadlines=self.deadlines,
            as_of=self.as_of,
            zone=self.zone,
            examples=self.examples,
            oracle=self.oracle if given else None,
            others=self.others,
        )


class RecordsConformance(Conformance):
    """Tests a record type against its laws: `class TestCase(kit.RecordsConformance): records = Case`."""

    records: ClassVar[type[Records]]
    laws = record_laws

    def subject(self) -> RecordsSubject:
        """Return the record type with everything that it is tested under."""
        return RecordsSubject(self.records, self.examples)


class GoalSetConformance(Conformance):
    """Tests a goal set against its laws: `class TestGoals(kit.GoalSetConformance): path = ...`.

    path: its file. plugins: what offers the metrics that its goals name, what is installed unless told; see
    `catalogue`.
    """

    path: ClassVar[Path]
    plugins: ClassVar[Catalogue | None] = None
    laws = goal_set_laws

    def subject(self) -> GoalFile:
        """Return the goal set and what finds its metrics."""
        return GoalFile(self.path, (self.plugins or _installed()).metric)


class DeadlineConformance(Conformance):
    """Tests deadlines against their laws: `class TestRules(kit.DeadlineConformance): file = ...`, or `deadline = ...`.

    file: a TOML file, all that it says is tested. deadline: a deadline or a schedule.
    """

    file: ClassVar[Path | None] = None
    deadline: ClassVar[Rule | None] = None
    laws = deadline_laws

    def subject(self) -> Rules:
        """Return the deadlines, each kind of a schedule as one of its own."""
        given = () if self.deadline is None else (self.deadline,)
        return Rules.of((*given, *(load_deadlines(self.file) if self.file else ())))


@cache
def _installed() -> Catalogue:
    return discover()


def _subject_of(conformance: Conformance) -> Any:
    """Return what the laws of a class are tried on, the same for all of them: what one invents the next one uses."""
    kind = type(conformance)
    if "_subject" not in vars(kind):
        kind._subject = conformance.subject()
    return kind._subject


def _test(law: Law[Any]) -> Callable[..., None]:
    def test(self: Conformance, record_property: Callable[[str, object], None]) -> None:
        __tracebackhide__ = True
        check = tried(law, _subject_of(self), self.skips.get(law.name))
        record_property("casequality", (type(self).__qualname__, len(self.laws), check.law, check.state, check.reason))
        if check.state == "skipped":
            pytest.skip(f"{law.name}: {check.reason}")
        if check.state == "failed":
            pytest.fail(f"law {check.law}: {check.reason}", pytrace=False)

    test.__name__ = f"test_{law.name.replace('-', '_')}"
    test.__doc__ = law.says
    return test


for _conformance in (MetricConformance, RecordsConformance, GoalSetConformance, DeadlineConformance):
    for _law in _conformance.laws:
        setattr(_conformance, f"test_{_law.name.replace('-', '_')}", _test(_law))
