"""The ledger of publication: what every edition told, kept so that the next one does not give away what it withheld."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import attrs

from casequality.errors import UsageError
from casequality.files import Seal, read_bytes, write_whole

SEAL: Final = Seal(
    line=b"casequality ledger of publication 1\n",
    what="ledger of publication",
    remedy="give the file as it was written, from a backup where it was changed; nothing is published without it",
)
PARTS: Final = ("yes", "no", "whole", "")
FIRST: Final = "0" * 64


@attrs.frozen(kw_only=True)
class PublishedCount:
    """One count that was published, or one figure that was withheld: of which table, facet, days and group.

    part: which count of the figure, "" for all of one that was withheld, which has no value.
    """

    table: str
    facet: str
    first: dt.date
    end: dt.date
    groups: tuple[tuple[str, str | None], ...]
    part: str = ""
    value: int = 0

    @property
    def place(self) -> tuple[object, ...]:
        """What it is the count of."""
        return self.table, self.facet, self.first, self.end, frozenset(self.groups), self.part

    def to_list(self) -> list[Any]:
        """Return it as plain data."""
        days = self.first.isoformat(), self.end.isoformat()
        return [self.table, self.facet, *days, [list(each) for each in self.groups], self.part, self.value]

    @classmethod
    def of(cls, plain: Any) -> PublishedCount:
        """Return what `to_list` gave; raise `ValueError` or `TypeError` for anything else."""
        table, facet, first, end, groups, part, value = plain
        named = [table, facet, part, *(field for field, _ in groups), *(label or "" for _, label in groups)]
        if not all(type(each) is str for each in named) or part not in PARTS or type(value) is not int or value < 0:
            raise ValueError
        days = dt.date.fromisoformat(first), dt.date.fromisoformat(end)
        return cls(
            table=table,
            facet=facet,
            first=days[0],
            end=days[1],
            groups=tuple((field, label) for field, label in groups),
            part=part,
            value=value,
        )


@attrs.frozen(kw_only=True, slots=False)
class Edition:
    """What one edition told, as of when and under which policy; of what it withheld only that it did.

    withheld: what later editions must not give away either.
    """

    as_of: str
    policy: Mapping[str, Any]
    told: tuple[PublishedCount, ...]
    withheld: tuple[PublishedCount, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        told, withheld = ([each.to_list() for each in several] for several in (self.told, self.withheld))
        return {"as_of": self.as_of, "policy": dict(self.policy), "told": told, "withheld": withheld}

    @cached_property
    def text(self) -> str:
        """It as one line of JSON, as it is kept and as its digest is of."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))

    def digest(self, before: str) -> str:
        """Return the digest of the edition and of all before it."""
        return sha256(f"{before}\n{self.text}".encode()).hexdigest()


@attrs.frozen
class Ledger:
    """All editions, the oldest first."""

    editions: tuple[Edition, ...] = ()

    def digests(self) -> tuple[str, ...]:
        """Return the digest of each edition, which rests on those before it."""
        found, before = [], FIRST
        for each in self.editions:
            before = each.digest(before)
            found.append(before)
        return tuple(found)

    def latest(self) -> dict[tuple[object, ...], int]:
        """Return the count that was told last, by what it is the count of."""
        return {each.place: each.value for edition in self.editions for each in edition.told}

    def with_edition(self, edition: Edition) -> Ledger:
        """Return the ledger with one edition more; what tells nothing new is the same edition in another format."""
        latest, kept = self.latest(), {each.place for earlier in self.editions for each in earlier.withheld}
        new = any(latest.get(each.place) != each.value for each in edition.told)
        new = new or any(each.place not in kept for each in edition.withheld)
        return Ledger((*self.editions, edition)) if new else self

    def to_bytes(self) -> bytes:
        """Return the file."""
        head = {"editions": len(self.editions), "digests": list(self.digests())}
        return SEAL.close(head, f"[{','.join(each.text for each in self.editions)}]".encode())

    @classmethod
    def from_bytes(cls, whole: bytes, where: str) -> Ledger:
        """Return what a file holds; raise `InputError` for one that is not as it was written."""
        sealed = SEAL.open(whole, where)
        try:
            plain = json.loads(sealed.body)
            made = [
                Edition(
                    as_of=str(each["as_of"]),
                    policy=dict(each["policy"]),
                    told=tuple(map(PublishedCount.of, each["told"])),
                    withheld=tuple(map(PublishedCount.of, each["withheld"])),
                )
                for each in plain
            ]
            found = cls(tuple(made))
            if sealed.head["digests"] != list(found.digests()):
                raise ValueError
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as fault:
            SEAL.refuse(where, type(fault).__name__)
        return found

    @classmethod
    def load(cls, path: Path | str) -> Ledger:
        """Return the ledger of a file; one that is not there has no edition."""
        if not Path(path).exists():
            return cls()
        return cls.from_bytes(read_bytes(path, SEAL.what), str(path))

    def save(self, path: Path | str) -> None:
        """Write the file, which only ever grows: what it holds must be the beginning of what is written."""
        kept = Ledger.load(path)
        if kept.editions != self.editions[: len(kept.editions)]:
            raise UsageError(
                "A ledger of publication is only added to, and this one would lose or change an edition",
                where=str(path),
                got=f"{len(self.editions)} editions, of which the first differ from those in the file",
                allowed=f"the {len(kept.editions)} editions of the file, and more",
                remedy="load the ledger again, and publish once more: somebody else published in between",
            )
        if kept != self or not Path(path).exists():
            write_whole(path, self.to_bytes())
