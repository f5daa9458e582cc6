"""Writes the figures of the golden corpus from the walks: python -m tests.golden.write."""

from __future__ import annotations

from tests.golden.corpus import SETS, TROUBLED, as_text

if __name__ == "__main__":
    for each in (*SETS, *TROUBLED):
        each.path.mkdir(parents=True, exist_ok=True)
        for name, content in each.scene.tables().items() if each.scene else ():
            (each.path / name).write_text(content, encoding="utf-8")
        (each.path / "figures.json").write_text(as_text(each.walked()), encoding="utf-8")
