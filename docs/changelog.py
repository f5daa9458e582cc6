"""The changelog, joined from the change notes of each release: `nox -s changelog -- 0.2.0` takes in the new ones."""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHANGES = Path(__file__).parent / "changes"
PAGE = Path(__file__).parent / "pages" / "changelog.md"
HEAD = """# Changelog

<!-- Written by `nox -s changelog`; change docs/changes instead. -->

What users of each release can notice. A note says first whether a published figure can change. Notes of what is not
released yet lie in `docs/changes`.
"""


def released(changes: Path = CHANGES) -> list[Path]:
    """Return the folders of the releases, the newest first."""
    folders = [path for path in changes.iterdir() if re.fullmatch(r"\d+(\.\d+)+", path.name)]
    return sorted(folders, key=lambda path: [int(part) for part in path.name.split(".")], reverse=True)


def page(changes: Path = CHANGES) -> str:
    """Return the page; a note's headings go two levels down, so that each release is one chapter."""
    parts = [HEAD]
    for folder in released(changes):
        parts.append(f"## {folder.name}\n")
        notes = [path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("*.md"))]
        parts += [re.sub(r"^#+ ", r"##\g<0>", note, flags=re.MULTILINE) + "\n" for note in notes]
    return "\n".join(parts)


def release(version: str, changes: Path = CHANGES) -> None:
    """Move the notes that belong to no release yet into the folder of this one; none are made up."""
    notes = [path for path in sorted(changes.glob("*.md")) if path.name != "README.md"]
    if not re.fullmatch(r"\d+(\.\d+)+", version) or not notes:
        raise SystemExit(f"{version!r} is no version, or {changes} has no new notes")
    (changes / version).mkdir(exist_ok=True)
    for note in notes:
        note.rename(changes / version / note.name)


if __name__ == "__main__":
    for number in sys.argv[1:2]:
        release(number)
    PAGE.write_text(page(), encoding="utf-8")
