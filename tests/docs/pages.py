"""Reads the examples of a page: python is run, console is run and compared, a block with a title becomes that file."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer
from sybil.typing import Parser

from tests.docs.console import run_console

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

_FENCE = re.compile(r"^ *```(?P<info>\S.*)$", re.MULTILINE)
_UNDERSTOOD = re.compile(r'\w+( title="[^"]+")?')
_TITLED = RawFencedCodeBlockLexer(re.compile(r' *\w+ title="(?P<name>[^"]+)"$\n', re.MULTILINE))


def examples(page: Path) -> list[Example]:
    """Return the examples of the page in order, to be evaluated in a folder of their own."""
    odd = [info for info in _FENCE.findall(page.read_text(encoding="utf-8")) if not _UNDERSTOOD.fullmatch(info)]
    assert not odd, f'a fence is a language, or a language and title="file": {odd}'
    parsers: list[Parser] = [
        _files,
        PythonCodeBlockParser(doctest_optionflags=FLAGS),
        CodeBlockParser("console", run_console),
    ]
    return list(Sybil(parsers).parse(page).examples())


def _files(document: Document) -> Iterator[Region]:
    for region in _TITLED(document):
        region.parsed, region.evaluator = (region.lexemes["name"], region.lexemes["source"]), _write
        yield region


def _write(example: Example) -> None:
    name, source = example.parsed
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
