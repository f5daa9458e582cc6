"""Classes to subclass in a plugin's tests, one test a law; one call for a whole plugin; a catalogue made by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest

from casequality.deadlines import Deadline, Schedule, load_deadlines
from casequality.host import Catalogue, Loaded, Offer, Plugin, catalogue_of, discover, returned
from casequality.metrics import Metric, Rule, as_metric
from casequality.records import Records
from casequality.reports import consequence, outcome_word, said
from casequality.testing.goals_and_deadlines import GoalFile, Rules, deadline_laws, goal_set_laws
from casequality.testing.invented import Law, Row, Subject
from casequality.testing.record_types import RecordsSubject, record_laws
from casequality.testing.report import laws, refuse_unknown, tried


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
        assert [name for name in metric.parameters() if not metric.words.get(name, {}).get("da")] == []


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


def _try(law: Law[Any], conformance: Conformance, name: str, record_property: Callable[[str, object], None]) -> None:
    __tracebackhide__ = True
    check = tried(law, _subject_of(conformance), conformance.skips.get(law.name))
    record_property("casequality", (name, len(conformance.laws), check.law, check.state, check.reason))
    if check.state == "skipped":
        pytest.skip(f"{law.name}: {check.reason}")
    if check.state == "failed":
        pytest.fail(f"law {check.law}: {check.reason}", pytrace=False)


def _test(law: Law[Any]) -> Callable[..., None]:
    def test(self: Conformance, record_property: Callable[[str, object], None]) -> None:
        __tracebackhide__ = True
        _try(law, self, type(self).__qualname__, record_property)

    test.__name__ = f"test_{law.name.replace('-', '_')}"
    test.__doc__ = law.says
    return test


KINDS: Final = (MetricConformance, RecordsConformance, GoalSetConformance, DeadlineConformance)
for _conformance in KINDS:
    for _law in _conformance.laws:
        setattr(_conformance, f"test_{_law.name.replace('-', '_')}", _test(_law))


class WholePlugin:
    """Tests all that a plugin offers; made by `every_law`. `tried` says by name what tests each thing."""

    tried: ClassVar[Mapping[str, type[Conformance]]] = {}
    metrics: ClassVar[Sequence[type[Metric]]] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Try every law on each thing, and the Danish of each metric."""
        if "law" in metafunc.fixturenames:
            pairs = [(name, law) for name, kind in self.tried.items() for law in kind.laws]
            metafunc.parametrize(("name", "law"), pairs, ids=[f"{name}-{law.name}" for name, law in pairs])
        else:
            metafunc.parametrize("kind", self.metrics, ids=lambda kind: kind.id)

    def test_law(self, name: str, law: Law[Any], record_property: Callable[[str, object], None]) -> None:
        """What the plugin offers by this name keeps this law."""
        __tracebackhide__ = True
        _try(law, self.tried[name](), name, record_property)


def every_law(
    plugin: object,
    *own: type[Conformance],
    skips: Mapping[str, str] | None = None,
    deadlines: Iterable[Rule] = (),
    others: Mapping[str, Any] | None = None,
    danish: bool = True,
    **settings: Any,
) -> type[WholePlugin]:
    """Return the tests of all that a plugin offers, for its test module: `TestPlugin = kit.every_law(plugin)`.

    plugin: what its entry point names. Each metric, goal set and deadline that its hooks return is tried, and each
    record type that a metric reads or the plugin names in public; so nothing is left out that is added later.
    own: classes for what needs settings of its own, such as an oracle; each takes the place of the class that would be
    made for the same thing, and what it does not set itself is set as for the others. Do not name them `Test...`, or
    pytest runs them twice.
    skips: by law, or by `METRIC:LAW`, why it is not tried on metrics. deadlines: further ones that the metrics name,
    beside those that the plugin offers. others: by field, another value, for the metrics that have the field.
    danish: whether the words of the metrics are tested too, as `DanishReading` does.
    settings: those of the classes, such as examples, as_of, zone; plugins, for goals on metrics not installed.
    Raises `ValueError` for a setting that no class has, and for own classes and skips of what the plugin does not
    offer.
    """
    offered = returned(plugin)
    metrics: list[Any] = offered["casequality_metrics"]
    rules = [rule for path in offered["casequality_deadlines"] for rule in load_deadlines(Path(str(path)))]
    made: list[type[Conformance]] = [
        *(_class(MetricConformance, kind.id, metric=kind) for kind in metrics),
        *(_class(RecordsConformance, kind.name, records=kind) for kind in _record_types(plugin, metrics)),
        *(_class(GoalSetConformance, Path(str(path)).stem, path=path) for path in offered["casequality_goals"]),
        *(_class(DeadlineConformance, rule.id, deadline=rule) for rule in rules),
    ]
    tried = {name: kind for kind in made for name in _names(kind)}
    _refuse_unknown("class", (name for kind in own for name in _names(kind)), tried)
    _refuse_unknown("skip", (key.rpartition(":")[0] for key in skips or {} if ":" in key), (m.id for m in metrics))
    _refuse_unknown("setting", settings, {key for kind in KINDS for key in dir(kind) if not key.startswith("_")})
    tried |= {name: kind for kind in own for name in _names(kind)}
    common = {**settings, "deadlines": tuple(deadlines)}
    chosen = {name: _set(kind, name, common, skips or {}, others or {}, rules) for name, kind in tried.items()}
    words = (DanishReading,) if danish and metrics else ()
    return type("WholePlugin", (WholePlugin, *words), {"tried": chosen, "metrics": metrics})


def _class(kind: type[Conformance], name: str, **settings: Any) -> type[Conformance]:
    return type(name, (kind,), settings)


def _record_types(plugin: object, metrics: Iterable[type[Metric]]) -> list[type[Records]]:
    """Return the record types of the metrics, and those that the plugin names in public; no child tables' rows."""
    names = {name: thing for name, thing in vars(plugin).items() if not name.startswith("_")}
    public = [each for each in names.values() if isinstance(each, type) and issubclass(each, Records) and each.name]
    found = dict.fromkeys([*(kind.records for kind in metrics), *public])
    rows = {field.records for kind in found for field in kind.fields.values()}
    return [kind for kind in found if kind not in rows]


def _names(kind: type[Conformance]) -> list[str]:
    """Return what a class tests, by the names that a plugin's offers have."""
    if issubclass(kind, MetricConformance):
        return [as_metric(kind.metric).id]
    if issubclass(kind, RecordsConformance):
        return [kind.records.name]
    if issubclass(kind, GoalSetConformance):
        return [kind.path.stem]
    assert issubclass(kind, DeadlineConformance), "a class of the kit"
    given = () if kind.deadline is None else (kind.deadline,)
    return [rule.id for rule in (*given, *(load_deadlines(kind.file) if kind.file else ()))]


def _set(
    kind: type[Conformance],
    name: str,
    common: Mapping[str, Any],
    skips: Mapping[str, str],
    others: Mapping[str, Any],
    rules: Sequence[Rule],
) -> type[Conformance]:
    """Return the class with every common setting that it knows and does not say itself."""
    own = {attribute for each in kind.__mro__ if each.__module__ != __name__ for attribute in vars(each)}
    settings = {key: value for key, value in common.items() if hasattr(kind, key) and key not in own}
    if issubclass(kind, MetricConformance):
        fields = as_metric(kind.metric).parameters()
        named = {key.rpartition(":")[2]: why for key, why in skips.items() if key.rpartition(":")[0] in ("", name)}
        settings |= {
            "deadlines": (*rules, *settings.get("deadlines", kind.deadlines)),
            "others": {**{key: value for key, value in others.items() if key in fields}, **kind.others},
            "skips": {**named, **kind.skips},
        }
    return type(kind.__name__, (kind,), settings)


def _refuse_unknown(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    allowed = sorted(known)
    if unknown := sorted(set(names).difference(allowed)):
        raise ValueError(f"a {what} is for what is not offered: {', '.join(unknown)}; there is {', '.join(allowed)}")
