"""Each reason for doubt under each statistic in each output: the interval that docs/doubt.toml says, and one record."""

from __future__ import annotations

import json
import runpy
from fractions import Fraction
from pathlib import Path

import pytest

import casequality as cq
from casequality.evidence import number
from tests.spec.test_every_completion import AS_OF, CLEAN, DOUBTFUL, LOOSE, STATISTICS, goals, metric, write

pytest.importorskip("pyarrow")
PAGE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "docs/doubt_page.py"))
SAID_LOOSE = {("sum", "no label, by")}
"""Said to be loose, though these few rows reach both ends."""
LIES: dict[str, dict[str, str]] = PAGE["lies"]()


def test_the_table_has_every_statistic_and_every_reason() -> None:
    assert {statistic: set(cells) for statistic, cells in LIES.items()} == {each: set(DOUBTFUL) for each in STATISTICS}


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("reason", DOUBTFUL)
def test_every_output_says_the_same_interval(reason: str, statistic: str, tmp_path: Path) -> None:
    doubtful, kind = DOUBTFUL[reason], metric(statistic)
    low, high = (Fraction(each) for each in LIES[statistic][reason].split(" to "))
    data = write(tmp_path / "doubtful.csv", [*CLEAN, doubtful.row])
    where = {"office": "A"} if doubtful.where else None
    by = "office" if doubtful.by else ()
    result = cq.measure(kind, data, as_of=AS_OF, period="2010", by=by, where=where)
    place = next(at for at, each in enumerate(result) if not by or each.groups == {"office": "A"})
    figure = list(result)[place]
    loose = (statistic, reason) in LOOSE
    if loose:
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= low <= high <= figure.high
        low, high = figure.low, figure.high
    assert (figure.low, figure.high) == (low, high)
    concluded = cq.tally([kind], data, as_of=AS_OF, by=by, where=where).conclude(period="2010", by=by, metrics=[kind])[
        kind.id
    ]
    assert list(concluded)[place] == figure
    said = {
        "low": pytest.approx(float(low)),
        "high": pytest.approx(float(high)),
        "bounds": "loose" if loose or (statistic, reason) in SAID_LOOSE else "exact",
    }
    for plain in (result.to_dict()["figures"][place], json.loads(json.dumps(result.to_dict()))["figures"][place]):
        assert {key: plain[key] for key in said} == said
    row = result.to_frame("pyarrow").to_pylist()[place]
    assert {key: row[key] for key in said} == said
    found = cq.assess(goals(kind, "at least 1", doubtful), {"s": data}, period="2010", as_of=AS_OF, metrics=[kind])
    [judgement] = found.assessment
    if loose:  # a goal on office A asks for it by `where`, which can be closer than by groups
        assert judgement.low is not None
        assert judgement.high is not None
        assert low <= judgement.low <= judgement.high <= high
        return
    assert (judgement.low, judgement.high) == (low, high)
    assert judgement.to_dict()["exact"]["low"] == str(low)
    if low == high:
        return
    assert figure.doubt == judgement.doubt == {doubtful.why: 1}
    for lang in ("en", "da"):
        ends = [number(end, lang, kind.unit.decimals) for end in (low, high)]
        word = {"en": f"between {ends[0]} and {ends[1]}", "da": f"mellem {ends[0]} og {ends[1]}"}[lang]
        assert word in result.table(lang).text()
        assert all(end in result.table(lang).csv() for end in ends)
        assert word in found.table(lang).text()
        assert word in " ".join(found.page(lang).replace("\N{NO-BREAK SPACE}", " ").split())
    assert f"between {number(low, 'en', kind.unit.decimals)}" in repr(result)
    assert 'class="between"' in result.plot().svg()
