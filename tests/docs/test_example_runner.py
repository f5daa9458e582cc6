"""The runner of the documentation's examples notices an example that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import examples

PYTHON = "```python\n{}\n```\n"
INSTALLED = """\
```toml title="some/pyproject.toml"
[project]
name = "some-thing"
version = "1.0"
entry-points = { group = { entry = "some_thing" } }
[tool.hatch.build.targets.wheel]
packages = ["src/some_thing"]
```
```python title="some/src/some_thing/__init__.py"
number = 7
```
```console
$ python -m pip install -e 'some[extra]'
...Successfully installed some-thing-1.0
$ python -c "from importlib.metadata import entry_points as found; print(found(group='group')['entry'].load().number)"
7
```
"""
CONSOLE = "```console\n{}\n```\n"


def run(text: str) -> None:
    page = Path("page.md")
    page.write_text(text, encoding="utf-8")
    for example in examples(page):
        example.evaluate()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        PYTHON.format("days = 10") + PYTHON.format("assert days == 10"),
        PYTHON.format("days = 10") + PYTHON.format(">>> days + 1\n11"),
        CONSOLE.format("$ python -c 'print(1); print(2)'\n1\n2\n$ python -c 'print(3)'\n3"),
        CONSOLE.format("$ python -c 'print(1234)'\n1..."),
        CONSOLE.format("$ python -c 'raise SystemExit(3)'\n$ echo $?\n3"),
        '```toml title="goals/local.toml"\nx = 1\n```\n'
        + PYTHON.format("from pathlib import Path\nassert Path('goals/local.toml').read_text() == 'x = 1\\n'"),
        "```sh\nfalse\n```\n",
        INSTALLED,
    ],
)
def test_a_right_example_passes(text: str) -> None:
    run(text)


@pytest.mark.parametrize(
    "text",
    [
        PYTHON.format("assert 1 == 2"),
        PYTHON.format(">>> 1 + 1\n3"),
        CONSOLE.format("$ python -c 'print(1)'\n2"),
        CONSOLE.format("$ python -c 'print(1)'"),
        CONSOLE.format("$ python -c 'raise SystemExit(3)'"),
        CONSOLE.format("$ python -c 'raise SystemExit(3)'\n$ python -c ''"),
        CONSOLE.format("$ python -c 'raise SystemExit(3)'\n$ echo $?\n0"),
        CONSOLE.format("$ rm page.md"),
        INSTALLED.replace("number = 7", "number = 8"),
        '```python hl_lines="1"\nassert 1 == 2\n```\n',
    ],
)
def test_a_wrong_example_fails(text: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  what is raised is sybil's business, that it is raised is ours
        run(text)
