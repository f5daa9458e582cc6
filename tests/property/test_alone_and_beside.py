"""Every installed metric counted alone and beside the others of its record type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import casequality as cq
from casequality.records import Records
from tests.factories.stored_tallies import AS_OF, DEADLINES, FOUND, KINDS, metrics_of, write_files
from tests.factories.tallies import ZONE


def asked_of(kind: type[Records]) -> list[dict[str, Any]]:
    """Return ways to ask: of all records, told apart by a code, and of those with one of its labels."""
    codes = [name for name, field in kind.fields.items() if field.kind == "code" and field.labels]
    labels = {name: tuple(kind.fields[name].labels)[:1] for name in codes[:2]}
    return [{}, *({"by": name} for name in labels), *({"where": {name: label}} for name, label in labels.items())]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_metric_is_counted_the_same_alone_and_beside_others(kind: type[Records], tmp_path: Path) -> None:
    """Also where another metric of the same origin takes other outcomes as not settled yet."""
    given = {**write_files(tmp_path, kind), "as_of": AS_OF, "zone": ZONE, "deadlines": DEADLINES, "plugins": FOUND}
    metrics = metrics_of(kind)
    for asked in asked_of(kind):
        together = cq.tally(metrics, **given, **asked)
        for metric in metrics:
            alone, beside = cq.tally([metric], **given, **asked).parts[metric.id], together.parts[metric.id]
            assert alone.assumed == beside.assumed
            assert alone.assumed.metric == metric.id
            for name in ("cells", "values", "numbers", "doubts"):
                assert getattr(alone, name).tolist() == getattr(beside, name).tolist(), (metric.id, asked, name)
