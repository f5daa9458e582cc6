"""The options that several commands share, and how they print.

Every command loads this room, `casequality deadline` too: what one of them alone needs is loaded where it is used.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from casequality.cli import hosting
from casequality.errors import NO_ROOM, CaseQualityError, NotWritten, UsageError, Words
from casequality.privacy import masked

if TYPE_CHECKING:
    from casequality.goals import SourceNote
    from casequality.reports import Table

WIDEST = 60

RowsCounted = Callable[[int, int | None], None]


class Lang(StrEnum):
    """The language of what is printed."""

    DA = "da"
    EN = "en"


class Format(StrEnum):
    """The form of what is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "md"
    HTML = "html"


AsOfOption = Annotated[
    str, typer.Option("--as-of", help="What was known when: a date (its start) or a time with its offset.")
]
PERIODS = "2010-06, 2010-Q2, 2010-H1, 2010 or 2010-04-01..2010-12-31."
LangOption = Annotated[Lang, typer.Option("--lang", help="Danish or English.")]
FormatOption = Annotated[Format, typer.Option("--format", help="text, json, csv, md or html.")]
ToOption = Annotated[
    str | None, typer.Option("--to", help="Only the goals reported to this recipient, spelled as in the goals.")
]
ThreadsOption = Annotated[int | None, typer.Option("--threads", help="How many parts are read side by side.")]
EngineOption = Annotated[
    str | None, typer.Option("--engine", help="Who reads and counts: in-process (unless told) or spark.")
]
MasterOption = Annotated[
    str | None, typer.Option("--master", help="Where Spark runs: spark://host:7077; else as Spark itself is told.")
]
KeepOption = Annotated[
    Path | None,
    typer.Option("--keep", help="Keep the counts of files in this folder, and read only what has changed since."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]


def group(line: str) -> typer.Typer:
    """Return an empty group of commands; line: what it is for, as the list of commands says it."""
    return typer.Typer(help=line, no_args_is_help=True, add_completion=False, rich_markup_mode=None)


def print_table(table: Table, form: Format, *, widest: int = WIDEST) -> None:
    """Print a table on standard output in the form asked for; as text, with longer cells than `widest` wrapped."""
    shapes: Mapping[Format, Callable[[], str]] = {
        Format.TEXT: lambda: table.text(widest=widest, columns=columns()),
        Format.CSV: table.csv,
        Format.MARKDOWN: table.markdown,
        Format.HTML: table.html,
    }
    if form is Format.JSON:
        print_json(table.to_dict())
    else:
        print_text(shapes[form]())


def columns() -> int | None:
    """Return how many places a line has: as `COLUMNS` says, else as the terminal does, None where there is neither."""
    return shutil.get_terminal_size().columns if os.environ.get("COLUMNS") or hosting.out().isatty() else None


def print_json(plain: Any) -> None:
    """Print plain data as JSON on standard output; where that cannot show every letter, as JSON spells it in ASCII."""
    shows_all = (hosting.out().encoding or "utf-8").lower().replace("-", "").startswith("utf")
    print_text(json.dumps(plain, ensure_ascii=not shows_all, indent=2))


def print_text(text: str) -> None:
    """Print text on standard output, with one line end."""
    hosting.put(text.rstrip("\n") + "\n")


def tell(message: str) -> None:
    """Say something that is no result, on standard error; what looks like a citizen's number is masked."""
    hosting.say(masked(message).rstrip("\n") + "\n")


WRITTEN: Final = Words("written", "skrevet")


def tell_written(file: Path, lang: Lang) -> None:
    """Say on standard error that a file was written."""
    tell(f"{file} {WRITTEN[lang.value]}")


def tell_set_aside(note: SourceNote, *, lang: Lang, written: bool) -> None:
    """Say on standard error that rows were set aside; written: whether a file names them. Nothing where none was."""
    if note.set_aside:
        from casequality.reports import say, set_aside_text

        told = set_aside_text(note, lang.value)
        tell(told if written else f"{told}. {say('name them', lang.value)}")


def write_whole(files: Mapping[Path, Callable[[Path], object]]) -> None:
    """Write files, each with its own writer; all of them once all are whole, or none.

    Raises `UsageError` for one that cannot be written there; an older file of that name is then left as it was.
    """
    partial_files = {path: _until_whole(path) for path in files}
    path = Path()
    try:
        for path, write in files.items():
            write(partial_files[path])
        for path, whole in partial_files.items():
            whole.replace(path)
    except (OSError, UsageError) as fault:
        lost = isinstance(fault, NotWritten) or (isinstance(fault, OSError) and fault.errno in NO_ROOM)
        raise (NotWritten if lost else UsageError)(
            "A file cannot be written",
            where=str(path),
            got=fault.strerror if isinstance(fault, OSError) else fault.got,
            remedy="name one in a folder that exists, on a disk with room",
        ) from None
    finally:
        for whole in partial_files.values():
            whole.unlink(missing_ok=True)


def _until_whole(path: Path) -> Path:
    if path.exists() and not path.is_file():
        raise UsageError(
            "A file cannot be written",
            where=str(path),
            got="no plain file",
            remedy="name a file that is or is not there",
        )
    return path.with_name(f"{path.name}.{os.getpid()}.partial")


def known_period(label: str | None) -> str | None:
    """Return the label of a period; refuse one that cannot be read, as Typer refuses words."""
    if label is None:
        return None
    from casequality.days import period

    try:
        period(label)
    except CaseQualityError as fault:
        raise typer.BadParameter(fault.told(hosting.asked_for(sys.argv))) from None
    return label


def known_periods(labels: list[str]) -> list[str]:
    """Return the labels of periods; refuse one that cannot be read."""
    return [label for label in labels if known_period(label)]


def in_colour() -> bool:
    """Return whether standard output is a terminal that wants colour; `NO_COLOR` is kept."""
    return hosting.out().isatty() and not os.environ.get("NO_COLOR")


@contextmanager
def progress(quiet: bool) -> Iterator[RowsCounted | None]:
    """Give a function that shows the rows read on a terminal's standard error; None where there is none."""
    shown = hosting.err()
    if quiet or shown is None or not shown.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=shown), transient=True) as bar:
        task = bar.add_task("rows", total=None)
        yield lambda done, rows: bar.update(task, completed=done, total=rows)


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """Return `name=value` words as a mapping; raise `UsageError` for a word of another form."""
    found = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(
                "An option takes a name and a value", where=option, got=word, allowed=Words("name=value", "navn=værdi")
            )
        found[name] = value
    return found


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file; in the order in which `write_whole` asks for it."""
    path.write_bytes(content)
