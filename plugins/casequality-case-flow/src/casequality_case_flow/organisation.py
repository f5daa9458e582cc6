"""Units that are moved and merged: under whom a unit stood on a day, and which unit has its cases later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

import attrs

import casequality as cq

KINDS: Final = ("move", "merge")
FIRST: Final = dt.date.min


@attrs.frozen(kw_only=True)
class Unit:
    """One unit: what it stands under (None for an administration), and its first and last day (None for none)."""

    name: str
    under: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None


@attrs.frozen(kw_only=True)
class Change:
    """A unit that comes to stand under another one ("move"), or units that become one ("merge"), from a day on."""

    on: dt.date
    kind: Literal["move", "merge"]
    units: tuple[str, ...] = attrs.field(converter=tuple)
    to: str


@attrs.frozen(kw_only=True)
class Placed:
    """Rows with the administration, unit and team that had each; unknown: how many rows name a unit that is none."""

    rows: tuple[Mapping[str, Any], ...]
    unknown: Mapping[str, int]


Table: TypeAlias = Mapping[str, Any]


@attrs.frozen
class Organisation:
    """Units with their dated moves and merges; made by `Organisation.of`, which refuses what contradicts itself."""

    units: tuple[Unit, ...]
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, units: Iterable[Table], changes: Iterable[Table] = ()) -> Organisation:
        """Return the organisation of plain tables, such as those of a TOML file.

        units: `name`, `under`, `since`, `until`. changes: `on`, `kind` (move, merge), `units` and `to`.
        Raises `InputError` for a move or merge of a unit that is not there that day, a unit under one that is none, a
        unit named twice, or one that comes to stand under itself.
        """
        found = cls(
            tuple(Unit(**_checked(Unit, each)) for each in units),
            tuple(sorted((Change(**_checked(Change, each)) for each in changes), key=lambda each: each.on)),
        )
        for fault in found._faults():
            raise fault
        return found

    def above(self, name: str, day: dt.date) -> tuple[str, ...]:
        """Return a unit and all that it stood under on a day, the administration last; none for a unit that is none."""
        chain: list[str] = []
        step: str | None = name
        while step is not None and step in self._known and step not in chain:
            chain.append(step)
            step = self._under(step, day)
        return tuple(chain)

    def later(self, name: str, day: dt.date) -> str:
        """Return the unit that has the cases of a unit on a later day, through every merge up to then."""
        for change in self.changes:
            if change.kind == "merge" and change.on <= day and name in change.units:
                name = change.to
        return name

    def placed(self, rows: Iterable[Table], *, on: str = "received_on", as_of: dt.date | None = None) -> Placed:
        """Return rows of cases with `administration`, `unit` and `team` of the unit that each names as `unit`.

        on: the field whose day decides under whom the unit stood. as_of: place all as the units stand on this day,
        each case with the unit that its own was merged into; each as it stood on its own day where it is left out.
        team is what stands lowest where three levels are known, and else None. A unit that is none has no
        administration, and is counted. A row without a unit is placed by its `caseworker`, where the organisation says
        under whom that one stood: name caseworkers as units, and their moves as those of units.
        """
        made: list[Mapping[str, Any]] = []
        unknown: dict[str, int] = {}
        for row in rows:
            named, day = row.get("unit"), as_of or row[on]
            if not named and (standing := self.above(row.get("caseworker") or "", day or FIRST)[1:]):
                named = self.later(standing[0], day or FIRST)
            found = self.above(self.later(named, as_of) if as_of else named, day or FIRST) if named else ()
            if named and not found:
                unknown[named] = unknown.get(named, 0) + 1
            middle, team = (found[-2], found[0]) if len(found) > 2 else (found[0] if found else None, None)
            made.append({**row, "administration": found[-1] if found else None, "unit": middle, "team": team})
        return Placed(rows=tuple(made), unknown=unknown)

    @property
    def _known(self) -> Mapping[str, Unit]:
        return {each.name: each for each in self.units}

    def _under(self, name: str, day: dt.date) -> str | None:
        moves = [each for each in self.changes if each.kind == "move" and each.on <= day and name in each.units]
        return moves[-1].to if moves else self._known[name].under

    def _there(self, name: str, day: dt.date) -> bool:
        unit = self._known[name]
        return (unit.since is None or unit.since <= day) and (unit.until is None or day <= unit.until)

    def _faults(self) -> Iterator[cq.errors.InputError]:
        names = [each.name for each in self.units]
        for twice in {name for name in names if names.count(name) > 1}:
            yield _fault(
                cq.errors.Words("A unit is named twice", "En enhed er nævnt to gange"),
                twice,
                cq.errors.Words("give each unit a name of its own", "giv hver enhed sit eget navn"),
            )
        for unit in self.units:
            if unit.under is not None and unit.under not in self._known:
                yield _fault(
                    cq.errors.Words(
                        "A unit stands under one that is none", "En enhed ligger under en, der ikke findes"
                    ),
                    f"{unit.name}, under {unit.under}",
                    known=names,
                )
            if unit.since and unit.until and unit.until < unit.since:
                yield _fault(
                    cq.errors.Words("A unit ends before it begins", "En enhed slutter, før den begynder"),
                    unit.name,
                    cq.errors.Words("correct since and until", "ret since og until"),
                )
        for change in self.changes:
            yield from self._faults_of(change)
        for day in (FIRST, *(each.on for each in self.changes)):
            for name in names:
                top = self.above(name, day)[-1]
                if self._under(top, day) is not None:
                    yield _fault(
                        cq.errors.Words(
                            "A unit comes to stand under itself", "En enhed kommer til at ligge under sig selv"
                        ),
                        f"{name}, {day}",
                        cq.errors.Words("correct the moves", "ret flytningerne"),
                    )

    def _faults_of(self, change: Change) -> Iterator[cq.errors.InputError]:
        what, danish = f"{change.kind} of {change.on}", f"Ændringen ({change.kind}, {change.on})"
        if change.kind not in KINDS:
            yield _fault(
                cq.errors.Words("The kind of a change is not known", "Ændringens slags kendes ikke"),
                change.kind,
                known=KINDS,
            )
        for name in (*change.units, change.to):
            if name not in self._known:
                yield _fault(
                    cq.errors.Words(
                        f"The {what} names a unit that never existed",
                        f"{danish} nævner en enhed, der aldrig har eksisteret",
                    ),
                    name,
                    known=tuple(self._known),
                )
        before = change.on - dt.timedelta(days=1)
        for name in change.units:
            if name in self._known and not self._there(name, before):
                yield _fault(
                    cq.errors.Words(
                        f"The {what} names a unit that was not there on the day before",
                        f"{danish} nævner en enhed, der ikke fandtes dagen før",
                    ),
                    name,
                    cq.errors.Words("correct its days", "ret dens dage"),
                )
        if change.to in self._known and not self._there(change.to, change.on):
            yield _fault(
                cq.errors.Words(
                    f"The {what} is to a unit that is not there that day",
                    f"{danish} er til en enhed, der ikke findes den dag",
                ),
                change.to,
                cq.errors.Words("correct its days", "ret dens dage"),
            )


def _checked(kind: type[Any], table: Table) -> Table:
    fields = {each.name: each for each in attrs.fields(kind)}
    for key in table:
        if key not in fields:
            raise _fault(
                cq.errors.Words("A key of the organisation is not known", "Organisationen har en ukendt nøgle"),
                key,
                known=fields,
            )
    for name, field in fields.items():
        if field.default is attrs.NOTHING and name not in table:
            raise _fault(
                cq.errors.Words(
                    f"A {kind.__name__.lower()} lacks a key", f"Der mangler en nøgle: {kind.__name__.lower()}"
                ),
                name,
                cq.errors.Words(f"write {name}", f"skriv {name}"),
            )
    return table


ADD_IT: Final = cq.errors.Words("use one of these, or add the unit", "brug en af disse, eller tilføj enheden")


def _fault(
    what: cq.errors.Text, got: str, remedy: cq.errors.Text = ADD_IT, known: Iterable[str] = ()
) -> cq.errors.InputError:
    return cq.errors.InputError(what, where="organisation", got=got, allowed=tuple(known) or None, remedy=remedy)
