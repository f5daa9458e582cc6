"""`casequality new-plugin`: a distribution to start from, whose tests are green at once."""

from __future__ import annotations

import keyword
import re
import shlex
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from casequality.cli.words import print_text, tell
from casequality.errors import UsageError

WRITTEN_FROM = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "README.md.txt",
    "LICENSE": "license.txt",
    "CHANGELOG.md": "changelog.md.txt",
    ".github/workflows/tests.yml": "continuous.yml.txt",
    "docs/answered-in-time.md": "metric_page.md.txt",
    "src/casequality_$module/__init__.py": "package.py.txt",
    "src/casequality_$module/py.typed": "py.typed",
    "tests/test_${module}_conformance.py": "test_conformance.py.txt",
    "tests/test_${module}_figures.py": "test_figures.py.txt",
    "tests/test_${module}_installed.py": "test_installed.py.txt",
}
"""The files of a new plugin, and what each is written from; `plugins/casequality-example` is written so."""

PREFIX = "casequality-"
LETTERS = "letters"


def new_plugin(
    name: Annotated[str, typer.Argument(help="The unit or area, such as housing-allocation.")],
    records: Annotated[str, typer.Option("--records", help="What its records are, in the plural.")] = LETTERS,
    into: Annotated[Path, typer.Option("--into", help="The folder in which the plugin's own folder is made.")] = Path(),
) -> None:
    """Write a plugin with one metric, its records, tests and documentation, and say how to install and test it."""
    folder = write_plugin(name, into, records)
    tell(f"{folder} written; install and test it with")
    place = shlex.quote(str(folder))
    print_text(f"python -m pip install -e {shlex.quote(f'{folder}[testing]')}\npython -m pytest {place}")


def write_plugin(name: str, into: Path, records: str = LETTERS) -> Path:
    """Write the plugin's folder into another one and return it; a folder that is there already is left as it is.

    records: what its records are, an English noun in the plural.
    """
    name = name.removeprefix(PREFIX)
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise UsageError(
            "A plugin's name cannot be used",
            got=name,
            allowed="small letters a to z, digits and single hyphens, a letter first",
            remedy="name it for its unit or area, such as housing-allocation",
        )
    folder = into / f"{PREFIX}{name}"
    words = {"name": name, "module": name.replace("-", "_"), **_nouns(records)}
    template = files("casequality.cli").joinpath("plugin_template")
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise UsageError(
            "The plugin's folder is there already", got=folder, remedy="choose another name or --into"
        ) from None
    for place, source in WRITTEN_FROM.items():
        path = folder / Template(place).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = template.joinpath(source).read_text(encoding="utf-8")
        path.write_text(Template(text).substitute(words), encoding="utf-8", newline="\n")
    return folder


def _nouns(records: str) -> dict[str, str]:
    """Return what the templates call one record; only of letters does the command know the Danish word."""
    record = records.removesuffix("s")
    if not re.fullmatch(r"[a-z]{2,}s", records) or keyword.iskeyword(record):
        raise UsageError(
            "The records cannot be called so",
            got=records,
            allowed="an English noun in the plural, small letters a to z with an s at the end, such as enrolments",
            remedy="take another noun; every name can be changed in what is written",
        )
    return {"record": record, "Record": record.capitalize(), "danish": "Breve" if records == LETTERS else "Sager"}
