"""Every hook has a page that says its signature, when it is called, an example, and which plugins use it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from casequality.host import hooks

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs/pages/reference/hooks"
HOOKS = [
    name for name, value in vars(hooks).items() if name.startswith(f"{hooks.PROJECT}_") and inspect.isfunction(value)
]


def page(hook: str) -> str:
    return (PAGES / f"{hook}.md").read_text(encoding="utf-8")


def sections(hook: str) -> dict[str, str]:
    head, *rest = re.split(r"^## ", page(hook), flags=re.MULTILINE)
    return {"": head} | {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in rest}


def test_every_hook_has_a_page_in_the_contents_and_every_page_a_hook() -> None:
    assert HOOKS
    assert sorted(path.stem for path in PAGES.glob("*.md")) == sorted(HOOKS)
    contents = (ROOT / "docs/mkdocs.yml").read_text(encoding="utf-8")
    assert [hook for hook in HOOKS if f"- reference/hooks/{hook}.md\n" not in contents] == []


@pytest.mark.parametrize("hook", HOOKS)
def test_the_page_says_the_signature_that_the_hook_has(hook: str) -> None:
    signature = str(inspect.signature(getattr(hooks, hook))).replace("'", "")
    assert f"def {hook}{signature}: ...\n" in sections(hook)[""]


@pytest.mark.parametrize("hook", HOOKS)
def test_the_page_says_when_it_is_called_what_it_returns_and_what_goes_wrong(hook: str) -> None:
    for asked in ("When it is called", "What it returns", "What goes wrong"):
        assert re.search(rf"^\*\*{asked}\.\*\* \S", sections(hook)[""], re.MULTILINE), asked


@pytest.mark.parametrize("hook", HOOKS)
def test_the_example_implements_the_hook(hook: str) -> None:
    assert f"@cq.hookimpl\ndef {hook}(" in sections(hook)["Example"]


@pytest.mark.parametrize("hook", HOOKS)
def test_the_plugins_that_use_it_are_those_of_the_repository(hook: str) -> None:
    modules = ROOT.glob("plugins/*/src/*/__init__.py")
    using = {path.parents[2].name for path in modules if f"def {hook}(" in path.read_text(encoding="utf-8")}
    listed = re.findall(r"^- `(casequality-[a-z-]+)`", sections(hook)["Plugins that use it"], re.MULTILINE)
    assert listed == sorted(using), f"list them in docs/pages/reference/hooks/{hook}.md"
