"""Stored files of every kind under turned bits and missing bytes: the same content, or one `InputError`."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import openpyxl
from openpyxl.utils.exceptions import IllegalCharacterError

import casequality as cq
from casequality.citation import Citation
from casequality.deadlines.checker import check
from casequality.desk import Store, Tallies, kept_deadlines, read_own_deadlines
from casequality.engines import checkpoint
from casequality.engines.counting import PartialResult
from casequality.errors import CaseQualityError, InputError
from casequality.evidence.disclosure import Edition, Ledger, PublishedCount
from casequality.metrics import stored
from casequality.reports import MANIFEST, Table, read_report, workbook
from casequality.reports.formats.embedding import embedded
from casequality.reports.formats.manifest import with_page_digest
from casequality.reports.formats.seals import sealed
from tests.factories import kept_letters
from tests.factories.pdfs import drawn
from tests.factories.tallies import Told, entry

GOAL = """
[[goal]]
id       = "all"
metric   = "test.told"
source   = "entries"
target   = "at least 10 %"
readings = { cohort = "received" }
"""


@attrs.frozen
class Stored:
    """One stored file: where it lies, and what returns its content."""

    kind: str
    path: Path
    read: Callable[[], Any]


def tallied(month: str = "2010-06") -> Tallies:
    """Return the tally of five entries."""
    rows = [dict(entry(f"{month}-{day:02}", what="yes" if day % 2 else "no", kind="a")) for day in range(1, 6)]
    return cq.tally([Told], rows, as_of="2012-01-01", by="kind")


def stored_files(folder: Path) -> Iterator[Stored]:
    """Write one file of every kind that is stored, and yield each."""
    one = folder / "one.tally"
    tallied().save(one)
    yield Stored("a saved tally", one, lambda: stored.all_to_bytes(cq.load_tally(one).parts))
    yield from _store(folder / "store")
    yield from _kept(folder)
    ledger = folder / "ledger.json"
    made = cq.deadline("copenhagen/reply-guarantee").explain(dt.date(2010, 4, 22))
    ledger.write_text(made.to_json(), encoding="utf-8")
    yield Stored("the ledger of a due date", ledger, lambda: _checked(ledger))
    (folder / "own.csv").write_text(
        "Område;Sagstype;Lov;Paragraf;Frist;Gælder fra\n"
        "Ældre;Personlig pleje;Serviceloven;§ 83;12 arbejdsdage;01-07-2018\n",
        encoding="utf-8",
    )
    decision = Citation(title="Byrådets beslutning", document="sag 25/1234", adopted=dt.date(2018, 6, 25))
    own = read_own_deadlines(folder / "own.csv", municipality="Opdigtet Kommune", decision=decision)
    kept = folder / "own.json"
    kept.write_text(own.to_json(), encoding="utf-8")
    yield Stored("a list of a municipality's deadlines", kept, lambda: kept_deadlines(kept).to_dict())
    yield from _published(folder)


def _published(folder: Path) -> Iterator[Stored]:
    """Yield what is published, of which a reader must be told where it is not as it was written."""
    count = PublishedCount(
        table="t", facet="", first=dt.date(2010, 1, 1), end=dt.date(2010, 2, 1), groups=(), part="yes", value=40
    )
    withheld = attrs.evolve(count, groups=(("office", "north"),), part="", value=0)
    kept, first = Ledger(), Edition(as_of="2010-07-01", policy={"threshold": 5}, told=(count,))
    for name, edition in {
        "the ledger of publication": first,
        "a ledger of two editions": attrs.evolve(first, told=(attrs.evolve(count, value=46),), withheld=(withheld,)),
    }.items():
        kept = kept.with_edition(edition)
        ledger = folder / f"{len(kept.editions)}.ledger"
        kept.save(ledger)
        yield Stored(name, ledger, partial(_editions, ledger))
    empty: dict[str, Any] = {name: {} for name in ("goals", "told", "versions", "calendars", "deadlines", "sources")}
    manifest = {"$schema": MANIFEST, **empty, "period": "2010", "as_of": "2010-07-01", "lang": "en", "form": "full"}
    table = Table(caption="Answered", headers=("period", "value"), rows=(("2010-01", 40), ("2010-02", 41)))
    written = {
        ".html": f'<html><body>{table.html(style="")}<script type="application/json" id="manifest">MANIFEST</script>',
        ".csv": table.csv(),
        ".json": json.dumps(table.to_dict()),
    }
    contents = {ending: text.encode() for ending, text in written.items()}
    contents |= {".xlsx": workbook({"Answered": [table]}), ".pdf": drawn("40 of 52")}
    for ending, content in contents.items():
        page = folder / f"page{ending}"
        whole, beside = sealed(content, ending, manifest)
        if ending == ".html":
            whole = with_page_digest(content.decode().replace("MANIFEST", embedded(manifest))).encode()
        page.write_bytes(whole)
        yield Stored(f"a report, {ending}", page, partial(_as_written, page, beside))
        if ending in WITHIN:
            alone = folder / f"manifest within {ending}"
            text = WITHIN[ending](whole, None)
            alone.write_bytes(text)
            yield Stored(f"the manifest within a report, {ending}", alone, partial(_put_back, alone, whole, ending))
        if beside is not None:
            other = folder / "page.csv.manifest.json"
            other.write_bytes(beside)
            yield Stored("the manifest beside a report", other, partial(_beside, page, other))


def _in_html(page: bytes, text: bytes | None) -> bytes:
    begin = page.index(b'id="manifest">') + len(b'id="manifest">')
    end = page.index(b"</script>", begin)
    return page[begin:end] if text is None else page[:begin] + text + page[end:]


def _in_json(page: bytes, text: bytes | None) -> bytes:
    begin = page.index(b'"manifest": ') + len(b'"manifest": ')
    return page[begin:-3] if text is None else page[:begin] + text + page[-3:]


def _in_pdf(page: bytes, text: bytes | None) -> bytes:
    begin, end = page.index(b"%casequality "), page.rindex(b"startxref") - 1
    return page[begin:end] if text is None else page[:begin] + text + page[end:]


def _in_workbook(page: bytes, text: bytes | None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(page))
    place = book["Manifest"]["A1"]
    if text is None:
        return str(place.value).encode()
    try:
        place.value = text.decode()
    except (UnicodeDecodeError, IllegalCharacterError):
        raise InputError("A workbook has no room for this") from None  # so that nobody can write it there
    place.data_type = "s"
    book.save(out := io.BytesIO())
    return out.getvalue()


WITHIN: dict[str, Callable[[bytes, bytes | None], bytes]] = {
    ".html": _in_html,
    ".json": _in_json,
    ".pdf": _in_pdf,
    ".xlsx": _in_workbook,
}
"""Gives the manifest within a report, or the report with another one."""


def _put_back(alone: Path, page: bytes, ending: str) -> Any:
    found = read_report(WITHIN[ending](page, alone.read_bytes()), f"page{ending}", None)
    if not found.whole:
        raise InputError("not as it was written")
    return found.manifest, found.said


def _editions(ledger: Path) -> Any:
    return Ledger.load(ledger).editions


def _as_written(page: Path, beside: bytes | None) -> Any:
    found = read_report(page.read_bytes(), page.name, beside)
    if not found.whole:
        raise InputError("not as it was written")
    return found.manifest, found.said


def _beside(page: Path, kept: Path) -> Any:
    return _as_written(page, kept.read_bytes())


def _store(folder: Path) -> Iterator[Stored]:
    store = cq.store(folder)
    months = ("2010-06", "2010-07")
    for month in months:
        store.put(tallied(month), who="101", period=month, extract="2012-01-01")
    before = stored.all_to_bytes(store.tallies().parts)
    assert before

    def held() -> Any:
        opened = cq.store(folder)
        # each by itself, since a sum that is there already is not summed again
        found = [opened.tallies(), *(opened.tallies(period=month) for month in months)]
        return [each.to_dict() for each in opened.log()], [stored.all_to_bytes(each.parts) for each in found]

    kinds = {"log/*.json": "an entry of a store's log", "tallies/*": "a store's tally", "joined/*": "a store's sum"}
    for pattern, kind in kinds.items():
        yield Stored(kind, max(folder.glob(pattern)), held)
    yield from _released(store, folder, held)


def _released(store: Store, folder: Path, held: Callable[[], Any]) -> Iterator[Stored]:
    """Yield what a store has of releases, and what goals are judged by in it."""
    store.release("Half-yearly report", b"<html>")
    yield Stored("a release in a store's log", max(folder.glob("log/*.json")), held)
    packed = folder / "log" / "0000000003.packed"
    packed.write_bytes(b"".join(path.read_bytes() for path in sorted(folder.glob("log/*.json"))))
    yield Stored("the packed log of a store", packed, held)

    def judged() -> Any:
        for sums in folder.glob("joined/*"):  # a sum that is there already would be read in place of the tally
            sums.unlink()
        opened = cq.store(folder)
        found = cq.assess(GOAL, {}, period="2010-06", as_of="2012-01-01", metrics=[Told], store=opened)
        return found.to_dict()["goals"], [each.to_dict() for each in opened.log() if each.kind == "released"]

    assert judged()[0][0]["verdict"] == "met"
    [june, _] = store.deliveries()
    yield Stored("what a goal is judged by in a store", next(folder.glob(f"tallies/{june.tallies}*")), judged)


def _kept(folder: Path) -> Iterator[Stored]:
    """Yield what is kept of counted files; what is refused there is counted again, as `test_checkpoint.py` tries."""
    kept_letters.write(folder / "letters.parquet", kept_letters.rows(0, 60))
    keep = folder / "keep"
    kept_letters.counted(str(folder / "letters.parquet"), keep)
    [job] = keep.iterdir()
    count = next(path for path in sorted(job.iterdir()) if not path.suffix and path.name != "keys")
    yield Stored("a kept count", count, lambda: _opened(count))
    yield Stored("the keys of kept counts", job / "keys", lambda: _opened(job / "keys"))
    inner = folder / "count"
    inner.write_bytes(checkpoint.SEAL.open(count.read_bytes(), "kept").body)
    yield Stored(
        "a count that an executor sends", inner, lambda: PartialResult.from_bytes(inner.read_bytes()).to_bytes()
    )


def _opened(path: Path) -> Any:
    opened = checkpoint.SEAL.open(path.read_bytes(), str(path))
    return opened.head, opened.body


def _checked(path: Path) -> Any:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise InputError("not read") from fault
    if faults := check(plain):
        raise InputError(faults[0])
    return plain


def damaged(content: bytes, random: np.random.Generator) -> bytes:
    """Return bytes of which one bit is turned, or, one time in ten, some are missing or too many."""
    place, kind = int(random.integers(len(content))), int(random.integers(30))
    if kind == 0:
        return content[:place]
    if kind == 1:
        return content[:place] + content[place + 1 :]
    if kind == 2:
        return content[:place] + bytes([int(random.integers(256))]) + content[place:]
    turned = bytearray(content)
    turned[place] ^= 1 << int(random.integers(8))
    return bytes(turned)


def flipped(kind: Stored, times: int, random: np.random.Generator) -> dict[str, int]:
    """Damage a file so often; return how often it was refused and how often read as it was; raise for all else."""
    content, found = kind.path.read_bytes(), {"refused": 0, "the same": 0}
    well = kind.read()
    for _ in range(times):
        spoilt = damaged(content, random)
        kind.path.write_bytes(spoilt)
        try:
            read = kind.read()
        except InputError:
            found["refused"] += 1
        except CaseQualityError as fault:
            raise AssertionError(f"{kind.kind}: {type(fault).__name__}") from fault
        else:
            assert read == well, f"{kind.kind}: read as something else, {spoilt[:80]!r}"
            found["the same"] += 1
        kind.path.write_bytes(content)
    return found
