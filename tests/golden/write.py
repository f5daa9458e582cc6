"""Writes the figures of the golden corpus from the walks: python -m tests.golden.write."""

from __future__ import annotations

from tests.golden.corpus import CORPUS, SETS, as_text

if __name__ == "__main__":
    for each in SETS:
        (CORPUS / each.folder / "figures.json").write_text(as_text(each.walked()), encoding="utf-8")
