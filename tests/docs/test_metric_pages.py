"""The page of each plugin's metrics is what the command writes, and no plugin that offers metrics lacks one."""

from __future__ import annotations

from pathlib import Path

import pytest

from casequality.host import discover
from casequality.metrics.card import card_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs/pages/reference/metrics"
SHIPPED = {folder.parent.name for folder in ROOT.glob("plugins/*/pyproject.toml")}
OFFERS = [offer for offer in discover().metrics.values() if offer.plugin.distribution in SHIPPED]
OFFERING = sorted({offer.plugin.distribution for offer in OFFERS})


def test_every_plugin_that_offers_metrics_has_a_page_in_the_contents() -> None:
    assert sorted(page.stem for page in PAGES.glob("*.md")) == OFFERING
    contents = (ROOT / "docs/mkdocs.yml").read_text(encoding="utf-8")
    assert [plugin for plugin in OFFERING if f"- reference/metrics/{plugin}.md" not in contents] == []


@pytest.mark.parametrize("plugin", OFFERING)
def test_the_page_is_what_the_command_writes(
    plugin: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = pytest.importorskip("casequality.cli.measure").page
    monkeypatch.setenv("CASEQUALITY_PLUGINS", plugin)
    page(plugin)
    written = (PAGES / f"{plugin}.md").read_text(encoding="utf-8")
    assert written == capsys.readouterr().out, f"write it again: casequality metrics page {plugin} > {plugin}.md"


@pytest.mark.parametrize("plugin", OFFERING)
def test_the_page_leaves_nothing_out(plugin: str) -> None:
    text = (PAGES / f"{plugin}.md").read_text(encoding="utf-8").replace("\\", "")
    for of in (card_of(offer.value) for offer in OFFERS if offer.plugin.distribution == plugin):
        metric = of.metric
        facts = [metric.title["en"], f"{metric.id}, result version {metric.version}", of.definition]
        names = [*of.reads, *metric.outcomes, *metric.readings, *metric.parameters()]
        options = [name for choice in metric.readings.values() for name in choice.alternatives]
        why = [choice.why if isinstance(choice.why, str) else choice.why["en"] for choice in metric.readings.values()]
        assert [each for each in (*facts, *names, *options, *why) if str(each) not in text] == []
