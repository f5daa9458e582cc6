"""Commands that are killed, run out of room, run beside each other, or read a file that changes: what they leave.

Whatever happens, a file that a command writes is whole or as it was, a second run gives the figures of an undisturbed
one, and what is told is one error and never a traceback.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

from tests.factories.projects import PLUGIN, PROJECT, goal_file

CODES = {0, 1, 2, 3, 4, 6, -signal.SIGKILL, 128 + signal.SIGKILL, 128 + signal.SIGXFSZ}
SUFFIXES = (".partial", ".own")
"""What may lie about of a process that was killed; nothing ever reads it."""
MEASURE = ("measure", "letters.answered-in-time", "letters.csv", "--as-of", "2010-08-01", "--format", "json")
REPORT = ("report", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-08-01")
WORKLIST = ("worklist", "casequality.toml", "--as-of", "2010-06-10")
WRITING: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "report": ((*REPORT, "--out", "r.html", "--findings", "f.csv"), ("r.html", "f.csv")),
    "measure": ((*MEASURE, "--findings", "m.csv", "--keep", "keep"), ("m.csv",)),
    "worklist": ((*WORKLIST, *(f"--out=w.{each}" for each in ("csv", "json", "ics"))), ("w.csv", "w.json", "w.ics")),
    "comments": (("comments", "casequality.toml", "--period", "2010-H1", "--as-of", "2010-08-01"), ("why.toml",)),
    "store": (
        *(("store", "put", "store", "one.tally", "--who", "101", "--period", "2010-06", "--extract", "x"),),
        ("store/log/0000000001.json",),
    ),
}
"""The commands that write, and the files whose content is theirs."""


@attrs.frozen
class Town:
    """A project in a folder, with the plugin that it needs beside it."""

    folder: Path
    site: Path

    @classmethod
    def built(cls, above: Path, letters: int = 400) -> Town:
        """Return a new one."""
        folder, site = above / "project", above / "site"
        folder.mkdir(parents=True)
        site.mkdir()
        (site / "letters_plugin.py").write_text(PLUGIN, encoding="utf-8")
        metadata = site / "letters_plugin-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: letters-plugin\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text("[casequality]\nmain = letters_plugin\n")
        (folder / "letters.csv").write_text(letters_csv(letters), encoding="utf-8")
        (folder / "goals.toml").write_text(goal_file("at least 30 %", "at least 99 %"), encoding="utf-8")
        named = PROJECT.replace("goals =", 'comments = "why.toml"\ngoals =')
        (folder / "casequality.toml").write_text(named, encoding="utf-8")
        (folder / "why.toml").write_text("", encoding="utf-8")
        from tests.fuzz.flips import tallied

        tallied().save(folder / "one.tally")
        return cls(folder, site)

    def copy(self, above: Path) -> Town:
        """Return the same one elsewhere."""
        shutil.copytree(self.folder, above / "project")
        return attrs.evolve(self, folder=above / "project")

    def start(self, words: tuple[str, ...], *, most: int | None = None) -> subprocess.Popen[bytes]:
        """Start a command in a group of processes of its own. most: bytes that a file may have."""
        found = [str(self.site), *filter(None, sys.path)]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(found), "CASEQUALITY_PLUGINS": "letters-plugin"}
        if most is not None:  # where there is no room Python 3.11 keeps half of a compiled module, and reads it later
            environ["PYTHONDONTWRITEBYTECODE"] = "1"

        def limited() -> None:
            if most is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        return subprocess.Popen(
            [sys.executable, "-m", "casequality", *words],
            cwd=self.folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=limited,  # noqa: PLW1509  this process has one thread
        )

    def run(self, words: tuple[str, ...], *, most: int | None = None) -> tuple[int, bytes, bytes]:
        """Return the exit code of a command, and what it printed."""
        with self.start(words, most=most) as started:
            out, err = started.communicate()
        return started.returncode, out, err

    def files(self, names: tuple[str, ...]) -> dict[str, bytes | None]:
        """Return what is in some files, None for one that is not there."""
        return {name: path.read_bytes() if (path := self.folder / name).is_file() else None for name in names}


def letters_csv(many: int, late: int = 3) -> str:
    """Return a file of letters, every so-manieth of them answered late."""
    rows = [
        f"{number},2010-0{1 + number % 6}-04,2010-0{1 + number % 6 + (number % late == 0)}-09,north"
        for number in range(1, many + 1)
    ]
    return "\n".join(["letter,received_on,answered_on,office", *rows, "0,2010-03-40,,south", ""])


def sound(code: int, err: bytes, what: str) -> None:
    """Raise where a command ended in a way that no user can understand."""
    assert code in CODES, f"{what}: exit code {code}, {err.decode(errors='replace')}"
    assert b"Traceback" not in err, f"{what}: {err.decode(errors='replace')}"


def killed(name: str, times: int, chance: random.Random) -> Iterator[str]:
    """Kill a command, and its parent, at random points; yield what each time came to."""
    words, names = WRITING[name]
    with TemporaryDirectory() as above:
        town = Town.built(Path(above, "well"))
        well = town.copy(Path(above, "first"))
        began = time.monotonic()
        code, out, err = well.run(words)
        took = time.monotonic() - began
        assert code == 0, err
        before, after = town.files(names), _shown(well, names)
        for number in range(times):
            mine = town.copy(Path(above, str(number)))
            started = mine.start(words)
            time.sleep(chance.uniform(0.3, 1.02) * took)
            os.killpg(started.pid, signal.SIGKILL)
            started.communicate()
            left = _shown(mine, names)
            for each, content in left.items():
                assert content in (before[each], after[each]), f"{name}: a half of {each} was left"
            code, again, err = mine.run(words)
            # a store says when it took something in, which is another minute
            assert (code, name == "store" or again == out, _shown(mine, names)) == (0, True, after), f"{name}: {err!r}"
            yield "whole before it was killed" if left == after else "as it was"
            shutil.rmtree(mine.folder)


def _shown(town: Town, names: tuple[str, ...]) -> dict[str, bytes | None]:
    """Return files without what differs from one run to the next: when a store took something in."""
    found = town.files(names)
    if (log := found.get("store/log/0000000001.json")) is not None:
        import json

        kept = {name: value for name, value in json.loads(log).items() if name not in ("at", "seal")}
        found["store/log/0000000001.json"] = json.dumps(kept).encode()
    return found


def without_room(name: str, times: int, chance: random.Random) -> Iterator[str]:
    """Run a command that may write files of so many bytes only; yield how it ended."""
    words, names = WRITING[name]
    with TemporaryDirectory() as above:
        town = Town.built(Path(above, "well"))
        for number in range(times):
            mine = town.copy(Path(above, str(number)))
            before = mine.files(names)
            code, _, err = mine.run(words, most=int(2 ** chance.uniform(0, 14)))
            sound(code, err, name)
            if code:
                assert mine.files(names) == before, f"{name}: something was left where it failed"
                assert b"remedy:" in err or b"udvej:" in err, err  # in the language of the result
            assert not [path for path in mine.folder.rglob("*") if path.name.endswith(SUFFIXES)]
            again, _, err = mine.run(words)
            assert again == 0, err
            yield f"exit code {code}"
            shutil.rmtree(mine.folder)


def changed(times: int, chance: random.Random) -> Iterator[str]:
    """Write another version of a file while it is read; yield whether one of the two was counted, or an error told."""
    with TemporaryDirectory() as above:
        town = Town.built(Path(above, "well"), letters=60_000)
        other = letters_csv(60_000, late=2)
        sums, took = [], 0.0
        for text in (None, other):
            if text is not None:
                (town.folder / "letters.csv").write_text(text, encoding="utf-8")
            began = time.monotonic()
            code, out, err = town.run(MEASURE)
            took = time.monotonic() - began
            assert code == 0, err
            sums.append(out)
        first = letters_csv(60_000)
        for _ in range(times):
            (town.folder / "letters.csv").write_text(first, encoding="utf-8")
            started = town.start((*MEASURE, "--keep", "keep"))
            time.sleep(chance.uniform(0.4, 1.0) * took)
            (town.folder / "letters.csv").write_text(other, encoding="utf-8")
            out, err = started.communicate()
            sound(started.returncode, err, "a changed file")
            if started.returncode == 0:
                assert out in sums, "figures of neither version"
            code, again, err = town.run((*MEASURE, "--keep", "keep"))
            assert (code, again) == (0, sums[1]), err
            yield "one of the two versions" if started.returncode == 0 else f"exit code {started.returncode}"


def beside(name: str, times: int) -> Iterator[str]:
    """Run a command twice at once in one folder; yield how both ended."""
    words, names = WRITING[name]
    with TemporaryDirectory() as above:
        town = Town.built(Path(above, "well"))
        well = town.copy(Path(above, "first"))
        assert well.run(words)[0] == 0
        after = _shown(well, names)
        for number in range(times):
            mine = town.copy(Path(above, str(number)))
            both = [mine.start(words), mine.start(words)]
            codes = []
            for each in both:
                _, err = each.communicate()
                sound(each.returncode, err, name)
                codes.append(each.returncode)
            assert sorted(codes) in ([0, 0], [0, 3]), (name, codes)
            assert _shown(mine, names) == after, f"{name}: other files than one process writes"
            yield "both done" if codes == [0, 0] else "one done, one told that the file was changed"


def faults(times: int, seed: int) -> Counter[str]:
    """Return how often each fault was tried, by what it was and what it came to."""
    chance, found = random.Random(seed), Counter[str]()
    for name in WRITING:
        found.update(f"killed, {name}: {each}" for each in killed(name, times, chance))
        found.update(f"no room, {name}: {each}" for each in without_room(name, times, chance))
        found.update(f"two at once, {name}: {each}" for each in beside(name, times))
    found.update(f"a file changed while it was read: {each}" for each in changed(times, chance))
    return found
