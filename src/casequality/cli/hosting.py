"""A command under a small parent, and what it prints on: no plugin can end it unseen or spoil its output.

The parent is forked off before anything is loaded, waits, and leaves with the exit code that the command told it. What
plugins and libraries print goes into a temporary file instead of the command's output: it may hold a citizen, and a
reader of JSON cannot use it. Where a system cannot fork, and where the library is called in process, neither is done.
"""

from __future__ import annotations

import codecs
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, Final, TextIO

import attrs

from casequality.errors import LANGUAGES, NotWritten, PluginError, UsageError, Words, in_danish

READABLE: Final = "casequality.readable"
LETTERS: Final = {"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "é": "e", "ü": "ue", "ö": "oe"}
MARKS: Final = {
    "-": (0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212, 0x2500),
    "'": (0x2018, 0x2019, 0x2032),
    '"': (0xAB, 0xBB, 0x201C, 0x201D, 0x201E),
    " ": (0xA0, 0x2007, 0x2009, 0x202F),
    "x": (0xD7, 0x2717, 0x2718),
    "v": (0x2713, 0x2714, 0x25BC),
    "o": (0x25A1, 0x25C7, 0x25CB, 0x25CF, 0x25D0, 0x25E6),
    "*": (0x2022,),
    "|": (0x2502,),
    ".": (0xB7,),
    "~": (0x2248,),
    "^": (0x25B2,),
    "...": (0x2026,),
    ">=": (0x2265,),
    "<=": (0x2264,),
    "->": (0x2192,),
    "+/-": (0xB1,),
    "1/2": (0xBD,),
    "par. ": (0xA7,),
}
SPELLED: Final = {**LETTERS, **{chr(number): text for text, numbers in MARKS.items() for number in numbers}}
"""What is written for a letter or mark that an output cannot show; "?" for any other."""


def _readable(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return "".join(SPELLED.get(each, "?") for each in fault.object[fault.start : fault.end]), fault.end


codecs.register_error(READABLE, _readable)


@attrs.define
class Streams:
    """The command's own standard output and error; None where they are those of the process."""

    out: TextIO | None = None
    err: TextIO | None = None
    sink: IO[bytes] | None = None


OWN: Final = Streams()


def out() -> TextIO:
    """Return what results are printed on; raise `NotWritten` where the command was started without an output."""
    found: TextIO | None = OWN.out or sys.stdout
    if found is None:
        raise _not_written("it is closed")
    return found


def err() -> TextIO | None:
    """Return what messages are printed on; None where there is nothing."""
    return OWN.err or sys.stderr


def put(text: str) -> None:
    """Print a result, all of it at once; raise `NotWritten` where it cannot be written, as on a full disk."""
    stream = out()
    with suppress(AttributeError, ValueError):
        if stream.errors == "strict":
            stream.reconfigure(errors=READABLE)  # type: ignore[attr-defined]
    try:
        stream.write(text)
        stream.flush()
    except (OSError, ValueError) as fault:  # a stream that was closed raises `ValueError`
        raise _not_written(getattr(fault, "strerror", None) or "it is closed") from None


def say(message: str) -> None:
    """Print a message; one that cannot be written is lost, the exit code is not."""
    stream = err()
    with suppress(OSError, ValueError, AttributeError):
        if stream is not None:
            stream.write(message.encode(stream.encoding or "utf-8", READABLE).decode(stream.encoding or "utf-8"))
            stream.flush()


def _not_written(got: str) -> NotWritten:
    return NotWritten(
        Words("What was to be printed cannot be written", "Det, der skulle udskrives, kan ikke skrives"),
        where="standard output",
        got=got,
        remedy=Words(
            "print onto a disk with room, and let the reader of a pipe read to its end",
            "udskriv til et drev med plads, og lad modtageren læse til ende",
        ),
    )


IN_DANISH: Final = frozenset({"report", "comments", "due", "worklist", "goals", "deadlines"})
"""The commands whose results are Danish unless another language is asked for; but for `goals check`."""


def asked_for(words: list[str]) -> str:
    """Return the language that `--lang` asks for, or else that of the command's result; `words` as in `sys.argv`."""
    said = [after for word, after in zip(words, [*words[1:], ""], strict=True) if word == "--lang"]
    said += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    usual = "da" if words[1:2] and words[1] in IN_DANISH and words[1:3] != ["goals", "check"] else "en"
    return said[-1] if said and said[-1] in LANGUAGES else usual


def refuse_in_danish(fault: Any) -> None:
    """Raise what Typer says of the words of a command as an error of casequality, where Danish is asked for."""
    if asked_for(sys.argv) == "da":
        place, told = fault.ctx.command_path if fault.ctx else "casequality", in_danish(fault.format_message())
        way_out = None if "\n" in told else Words(f"see {place} --help", f"se {place} --help")
        raise UsageError(Words(fault.message, told), remedy=way_out) from None


TOLD: Final = "CASEQUALITY_TRACEBACK"


def sunk(run: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command that keeps apart what others print while it runs; as it is where no parent is there."""

    def apart(*words: Any, **given: Any) -> Any:
        if OWN.out is None:
            return run(*words, **given)
        gc.freeze()  # what a command has loaded stays to its end, when Python would look at all of it several times
        with _apart():
            return run(*words, **given)

    return apart


@contextmanager
def _apart() -> Iterator[None]:
    """Let whoever prints on the process's output print into a file, also where it is no Python that prints."""
    import tempfile

    if OWN.sink is None:
        OWN.sink = tempfile.TemporaryFile()  # noqa: SIM115  it is there as long as the process
    for end in (1, 2):
        os.dup2(OWN.sink.fileno(), end)
    own = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (open(end, "w", encoding="utf-8", errors="replace", closefd=False) for end in (1, 2))  # noqa: SIM115
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        sys.stdout, sys.stderr = own


def _tell_printed() -> None:
    """Say how much plugins and libraries printed; show it on request."""
    if OWN.sink is None or not (size := os.fstat(OWN.sink.fileno()).st_size):
        return
    if os.environ.get(TOLD) == "1":
        OWN.sink.seek(0)
        say(OWN.sink.read().decode("utf-8", "replace"))
    else:
        say(
            f"plugins or libraries printed {size} bytes, which are not shown: they may hold data; {TOLD}=1 shows them\n"
        )


COLLECTED: Final = (10_000, 20, 20)
"""So seldom are cycles looked for: what a command loads stays to its end, and most of what it makes is in none.

Python's own thresholds have it look a few hundred times at the same modules while these are loaded.
"""


def hosted(command: Callable[[], None]) -> None:
    """Run a command, which leaves by `SystemExit`, in a process of its own; leave with its exit code."""
    gc.set_threshold(*COLLECTED)
    if not hasattr(os, "fork") or not _loads_plugins(sys.argv[1:]):
        sys.exit(_left(command))
    ends = os.pipe()
    gc.freeze()
    child = os.fork()
    if child:
        os.close(ends[1])
        os._exit(_waited(child, ends[0]))
    os.close(ends[0])
    OWN.out, OWN.err = _own(1, sys.stdout), _own(2, sys.stderr)
    if OWN.out is not None:
        sys.stdout = OWN.out
    if OWN.err is not None:
        sys.stderr = OWN.err
        for name in ("write", "flush", "close"):
            setattr(OWN.err, name, _leniently(getattr(OWN.err, name)))
    code = _left(command)
    os.write(ends[1], b"%d" % code)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123  what is printed on the way out is nobody's result
    sys.exit(code)


def _loads_plugins(words: list[str]) -> bool:
    """Return whether a plugin may be loaded: neither for help, nor to say which version it is."""
    return bool(words) and not {"--help", "--version"} & {*words} and "_CASEQUALITY_COMPLETE" not in os.environ


def _own(end: int, stream: TextIO | None) -> TextIO | None:
    if stream is None:
        return None
    with suppress(OSError):
        # line by line on a terminal, as Python has it
        return os.fdopen(os.dup(end), "w", 1 if stream.isatty() else -1, stream.encoding, READABLE)
    return None


def _left(command: Callable[[], None]) -> int:
    """Return the exit code with which a command leaves, once all that it printed is written."""
    code: Any = 0
    told = False
    try:
        command()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
        told = code == NotWritten.exit_code
        if code == 1 and isinstance(left.__cause__ or left.__context__, OSError):
            # what prints the help takes a closed pipe for an exit with 1, which here says that a goal was missed
            code = NotWritten.exit_code
    _tell_printed()
    if not _flushed() or code == NotWritten.exit_code:
        code = NotWritten.exit_code
        # what is still to be printed would fail again when Python ends, with a message of its own: from 3.13 on also
        # where the stream has been put out of sight
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), (OWN.out or sys.stdout).fileno())
        sys.stdout = OWN.out = open(os.devnull, "w")  # noqa: SIM115, PTH123
        if not told:
            say(f"{_not_written('it is full, or nobody reads it').told(asked_for(sys.argv))}\n")
    return int(code)


def _flushed() -> bool:
    stream = OWN.out or sys.stdout
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        return False
    return True


def _leniently(write: Callable[..., Any]) -> Callable[..., Any]:
    """Return how a message is written: where it cannot be, it is lost, and the exit code says what happened."""

    def written(*given: Any) -> Any:
        with suppress(OSError):
            return write(*given)

    return written


def _waited(child: int, told: int) -> int:
    """Return the exit code of a command, as it told it; say where it ended without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells both, and the command answers
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda number, _: os.kill(child, number))
    _, status = os.waitpid(child, 0)
    os.set_blocking(told, False)  # a process that a plugin left behind may keep the other end open for ever
    with suppress(BlockingIOError):
        if code := os.read(told, 16):
            return int(code)
    if os.WIFSIGNALED(status):
        say(f"The command was ended by signal {os.WTERMSIG(status)}, before it was done\n")
        return 128 + os.WTERMSIG(status)
    ended = PluginError(
        Words("A plugin or a library ended the command before it was done", "Et plugin afbrød kommandoen"),
        got=f"exit code {os.waitstatus_to_exitcode(status)} without a result",
        remedy=Words(
            "name the plugins one by one in CASEQUALITY_PLUGINS to find which; its author mends it",
            "nævn pluginnene ét ad gangen i CASEQUALITY_PLUGINS for at finde det",
        ),
    )
    say(f"{ended.told(asked_for(sys.argv))}\n")
    return PluginError.exit_code
