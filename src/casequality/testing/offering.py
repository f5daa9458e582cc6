"""A catalogue made by hand, so that goals, reports and worklists can be tested without installing anything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from casequality.deadlines import Deadline, Schedule, load_deadlines
from casequality.host import Catalogue, Offer, Plugin
from casequality.host.discovery import catalogue_of
from casequality.host.loading import Loaded
from casequality.metrics import Metric

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
