"""A ledger is as it was written, or is refused; and it only grows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import attrs
import pytest

from casequality.errors import InputError, UsageError
from casequality.evidence.disclosure import Edition, Ledger, PublishedCount


def told(value: int, month: int = 1) -> PublishedCount:
    return PublishedCount(
        table="t",
        facet="",
        first=dt.date(2010, month, 1),
        end=dt.date(2010, month + 1, 1),
        groups=(("office", "øst"), ("kind", None)),
        part="yes",
        value=value,
    )


def edition(*values: int) -> Edition:
    withheld = attrs.evolve(told(0, 11), part="")
    counts = tuple(told(value, month) for month, value in enumerate(values, 1))
    return Edition(as_of="2010-07-01", policy={"threshold": 5}, told=counts, withheld=(withheld,))


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    kept = Ledger().with_edition(edition(10, 20)).with_edition(edition(10, 20, 30))
    kept.save(tmp_path / "ledger")
    assert Ledger.load(tmp_path / "ledger") == kept
    assert len(kept.editions) == 2
    assert kept.latest()[told(30, 3).place] == 30


def test_a_file_that_is_not_there_has_no_edition(tmp_path: Path) -> None:
    assert Ledger.load(tmp_path / "ledger") == Ledger()


def test_the_same_edition_in_another_format_is_not_another() -> None:
    kept = Ledger().with_edition(edition(10, 20))
    assert kept.with_edition(edition(10)) == kept
    assert kept.with_edition(edition(11)) != kept


def test_every_turned_bit_and_every_cut_is_one_clear_error() -> None:
    whole = Ledger().with_edition(edition(10, 20)).to_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            turned = bytearray(whole)
            turned[place] ^= 1 << bit
            with pytest.raises(InputError):
                Ledger.from_bytes(bytes(turned), "ledger")
        with pytest.raises(InputError):
            Ledger.from_bytes(whole[:place], "ledger")


def test_an_edition_is_neither_lost_nor_changed(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    first = Ledger().with_edition(edition(10))
    first.save(path)
    before = path.read_bytes()
    for other in (Ledger(), Ledger().with_edition(edition(11))):
        with pytest.raises(UsageError, match="only added to"):
            other.save(path)
    assert path.read_bytes() == before
    first.with_edition(edition(11)).save(path)
    assert len(Ledger.load(path).editions) == 2
