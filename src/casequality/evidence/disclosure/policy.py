"""What a municipality declares before it publishes: which counts are small, and what is done with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs
import numpy as np

from casequality.days import Integers
from casequality.errors import UsageError, Words, kind_of, unknown
from casequality.files import read_bytes
from casequality.metrics import GRAINS

Method: TypeAlias = Literal["suppress", "round"]
Protected: TypeAlias = Literal["public", "protected"]

INTERNAL: Final = Words("For internal use", "Til intern brug")
"""What an output without a policy says of itself."""
BASES: Final = "bases"
NEVER: Final = -1
"""What stands for the count of a figure that was never told."""
LEAST: Final = 3
LONG: Final = 16
KEYS: Final = ("threshold", "method", "base", "key", "zeros", "revisions", "identifying", "public", "nested", "ledger")
WHAT_IS_MISSING: Final = Words(
    "How small a count may be is no number that protects", "Grænsen for små tal beskytter ikke"
)


def _names(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _pairs(given: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(inner), str(outer)) for inner, outer in given)


@attrs.frozen(kw_only=True)
class Policy:
    """Under which conditions figures leave the house.

    threshold: counts from 1 up to one below it are not published, nor anything that gives them away.
    method: "suppress" withholds figures, "round" rounds the counts of which all figures are sums to multiples of `base`
    (the threshold where it is left out), up or down by chance that `key` draws, a secret of the municipality.
    zeros: "public" where that nothing happened may be told, "protected" where it says something of a person; 100 % is
    the zero of what is left. revisions: whether that a published count rose or fell by fewer than the threshold may be
    told by the next edition.
    identifying: codes whose labels point out persons, such as a caseworker; no figure is told apart by them.
    public: what everybody knows from elsewhere and is never withheld: "bases", the numbers that shares are of, where
    they reach the threshold; and the totals, told apart by nothing, of a "month", "quarter", "half-year" or "year".
    nested: pairs of goals on the same records of which every yes of the first is one of the second: answered in 10 and
    in 20 days. ledger: the file that keeps what was published before.
    """

    threshold: int = 5
    method: Method = "suppress"
    base: int | None = None
    key: str | None = attrs.field(default=None, repr=False)
    zeros: Protected = "public"
    revisions: Protected = "protected"
    identifying: tuple[str, ...] = attrs.field(default=(), converter=_names)
    public: tuple[str, ...] = attrs.field(default=(), converter=_names)
    nested: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_pairs)
    ledger: Path | None = attrs.field(default=None, converter=attrs.converters.optional(Path))

    def __attrs_post_init__(self) -> None:
        _refuse_other_words(self.method, "method", get_args(Method))
        for name in ("zeros", "revisions"):
            _refuse_other_words(getattr(self, name), name, get_args(Protected))
        for each in self.public:
            _refuse_other_words(each, "public", (BASES, *GRAINS))
        if type(self.threshold) is not int or self.threshold < LEAST:
            raise UsageError(
                WHAT_IS_MISSING,
                where="threshold",
                got=self.threshold,
                allowed=Words(f"a whole number from {LEAST} on", f"et helt tal fra {LEAST} og op"),
                remedy=Words(
                    "write 5, or 3 where your office has decided so", "skriv 5, eller 3 hvis I har besluttet det"
                ),
            )
        if self.method == "round":
            self._check_rounding()
        elif self.base is not None or self.key is not None:
            raise UsageError(
                "Only what is rounded has a base and a key",
                got="base" if self.base is not None else "key",
                remedy='write method = "round", or leave it out',
            )

    def _check_rounding(self) -> None:
        if type(self.rounds_to) is not int or self.rounds_to < self.threshold:
            raise UsageError(
                "Counts are rounded to less than the threshold, which tells small ones apart",
                where="base",
                got=self.rounds_to,
                allowed=f"a whole number from the threshold, {self.threshold}, on",
                remedy="leave it out, or raise it",
            )
        if self.key is None or len(self.key) < LONG:
            raise UsageError(
                "Rounding by chance needs a secret: whoever can repeat the chance can undo it",
                where="key",
                got="none" if self.key is None else f"{len(self.key)} characters",
                allowed=f"at least {LONG} characters, the same for every edition, published nowhere",
                remedy='name a file that holds it, in a project file key = "rounding.key"',
            )

    @property
    def rounds_to(self) -> int:
        """What counts are rounded to a multiple of."""
        return self.threshold if self.base is None else self.base

    def between(self, counts: Integers, before: Integers | None) -> tuple[Integers, Integers]:
        """Return between what every value must stay possible, least > most where a count needs no protection.

        counts, before: (figures, parts), the whole last.
        """
        limit = self.threshold
        bottom = np.where((self.zeros == "protected") & (counts[:, -1:] > 0), 0, 1)
        small = (bottom <= counts) & (counts < limit)
        least, most = np.where(small, bottom, 1), np.where(small, limit - 1, 0)
        if before is None or self.revisions == "public":
            return least, most
        by = counts - before
        moved = (before != NEVER) & (by != 0) & (np.abs(by) < limit)
        low = np.where(by > 0, before + 1, np.maximum(before - limit + 1, 0))
        high = np.where(by > 0, before + limit - 1, before - 1)
        least = np.where(moved, np.where(small, np.minimum(least, low), low), least)
        return least, np.where(moved, np.where(small, np.maximum(most, high), high), most)

    def to_dict(self) -> dict[str, Any]:
        """Return what may be told with the figures: everything but the key and the places of files."""
        plain: dict[str, Any] = {"method": self.method, "threshold": self.threshold, "zeros": self.zeros}
        if self.method == "round":
            plain["base"] = self.rounds_to
        return {**plain, "revisions": self.revisions, "public": list(self.public)}

    def said(self) -> Words:
        """Return what a page says of the policy."""
        if self.method == "round":
            return Words(
                f"For publication: counts are rounded to multiples of {self.rounds_to}, by chance up or down",
                f"Til offentliggørelse: antal er afrundet til multipla af {self.rounds_to}, tilfældigt op eller ned",
            )
        return Words(
            f"For publication: counts under {self.threshold} are withheld, and others so that they cannot be found out",
            f"Til offentliggørelse: antal under {self.threshold} er skjult, og andre, så de ikke kan regnes ud",
        )


Publish: TypeAlias = "Policy | bool | None"
"""Under which policy something is given: True for the usual one, None or False for none, which is for internal use."""


def policy_of(given: Mapping[str, Any], folder: Path) -> Policy:
    """Return the policy of a table of TOML; files that it names lie in `folder`."""
    for name in given:
        if name not in KEYS:
            raise unknown("A policy of publication has no such key", name, KEYS)
    told = dict(given)
    if isinstance(told.get("key"), str):
        told["key"] = read_bytes(folder / told["key"], "A key for rounding").decode("utf-8", "replace").strip()
    if isinstance(told.get("ledger"), str):
        told["ledger"] = folder / told["ledger"]
    try:
        return Policy(**told)
    except (TypeError, ValueError) as fault:
        if isinstance(fault, UsageError):
            raise
        raise UsageError(
            "A value of a policy of publication is of another kind",
            got=", ".join(f"{name}: {kind_of(value)}" for name, value in sorted(given.items())),
            allowed="threshold and base whole numbers; identifying, public lists; nested a list of pairs; others text",
        ) from None


def _refuse_other_words(given: object, where: str, allowed: Collection[str]) -> None:
    if given not in allowed:
        raise unknown("A policy of publication does not know this word", str(given), allowed, where)
