"""Makes distributions as an installer leaves them: importable code beside a folder of metadata."""

from __future__ import annotations

import importlib
import sys
import sysconfig
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

import casequality.deadlines  # noqa: F401  before the libraries that it needs are hidden


class Install(Protocol):
    def __call__(
        self,
        distribution: str,
        code: str,
        *,
        version: str = ...,
        target: str | None = ...,
        requires: Sequence[str] = ...,
    ) -> None: ...


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs a plugin of one module; plugins that are really installed are not seen."""
    installed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    monkeypatch.setattr(sys, "path", [str(tmp_path), *(folder for folder in sys.path if folder not in installed)])
    modules = []

    def install(
        distribution: str,
        code: str,
        *,
        version: str = "1.0",
        target: str | None = None,
        requires: Sequence[str] = (),
    ) -> None:
        module = distribution.replace("-", "_")
        modules.append(module)
        code = "from pathlib import Path\nfrom casequality.host import hookimpl\n" + textwrap.dedent(code)
        (tmp_path / f"{module}.py").write_text(code, encoding="utf-8")
        metadata = tmp_path / f"{module}-{version}.dist-info"
        metadata.mkdir()
        told = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        told += "".join(f"Requires-Dist: {each}\n" for each in requires)
        metadata.joinpath("METADATA").write_text(told)
        metadata.joinpath("entry_points.txt").write_text(f"[casequality]\nmain = {target or module}\n")
        importlib.invalidate_caches()

    yield install
    for module in modules:
        sys.modules.pop(module, None)


def deadline_toml(*ids: str, terms: str = "10 working days") -> str:
    """Return a deadline file with a deadline for each id."""
    return "".join(
        f"""
[deadlines."{each}"]
title    = {{ en = "Reply", da = "Svar" }}
calendar = "dk-statutory"
kind     = "reply"
terms    = "{terms}"
source   = "invented for this test"
"""
        for each in ids
    )
