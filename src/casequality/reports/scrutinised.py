"""What a careful reader asks of a figure, as tables: signals, units side by side, two ways, why a figure changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from casequality.errors import Words
from casequality.evidence import Finding, decimals_apart, decimals_of_share, named, say
from casequality.evidence.scrutiny import (
    ENDS,
    GRADES,
    LASTED,
    NAMES,
    SAID,
    Apart,
    Comparison,
    Funnel,
    Restatement,
    Signals,
)
from casequality.reports.wording import Cell, ShownAmount, Table

SHARES: Final = ("newest first",)
LEAST: Final = 0.0001
"""Of a smaller chance nobody reads the decimals."""
HEADERS: Final[Mapping[type[Finding], Words]] = {
    Signals: Words(
        "Pattern|Seen|Expected|Times as many|Chance|Cases|Grade",
        "Mønster|Set|Ventet|Gange så mange|Sandsynlighed|Sager|Grad",
    ),
    Funnel: Words(
        "Unit|Yes|Cases|Share|95 %, from|to|99.8 %, from|to|Place",
        "Enhed|Ja|Sager|Andel|95 %, fra|til|99,8 %, fra|til|Placering",
    ),
    Comparison: Words(
        "What|{one}|{other}|Difference|From|to|Without regard to types",
        "Hvad|{one}|{other}|Forskel|Fra|til|Uden hensyn til typer",
    ),
    Restatement: Words(
        "Cause|Cases|Above the line|Below the line|Effect", "Årsag|Sager|Over stregen|Under stregen|Virkning"
    ),
}
CAPTIONS: Final[Mapping[type[Finding], Words]] = {
    Signals: Words("Patterns in how cases are handled", "Mønstre i, hvordan sagerne behandles"),
    Funnel: Words("Units side by side, not ranked", "Enheder side om side, ikke rangordnet"),
    Comparison: Words(
        "Two ways of handling, at the same mix of case types", "To måder at behandle sager på, ved samme sammensætning"
    ),
    Restatement: Words("The change by its causes", "Ændringen fordelt på årsager"),
}
UNTYPED: Final = Words(
    "Two ways of handling, of whatever type the cases are", "To måder at behandle sager på, uanset sagernes type"
)
COMPARED: Final = Words("What|{one}|{other}|Difference|From|to", "Hvad|{one}|{other}|Forskel|Fra|til")
PLACES: Final = {
    "within": Words("within", "inden for"),
    "near": Words("near the outer limits", "nær de ydre grænser"),
    "beyond": Words("beyond the outer limits", "uden for de ydre grænser"),
}

BALANCE: Final = Words("Balance: cases of each type, by way", "Balance: sager af hver type, efter måde")
BALANCED: Final = Words(
    "Case type|{one}|{other}|Counts in the comparison", "Sagstype|{one}|{other}|Tæller i sammenligningen"
)
COUNTS: Final = {
    True: Words("yes", "ja"),
    False: Words("no: too few either way, or followed too short", "nej: for få den ene vej, eller fulgt for kort"),
}
MOVED: Final = Words("Cause|Case", "Årsag|Sag")


def scrutiny_tables(finding: Finding, lang: str) -> Iterator[Table]:
    """Yield the tables of such a finding, its own first; nothing of another."""
    made = ROWS.get(type(finding))
    if made is None:
        return
    caption, headers, called = CAPTIONS[type(finding)], HEADERS[type(finding)], dict[str, str]()
    if isinstance(finding, Comparison):
        called = {
            key: named(finding.names, way)[lang] for key, way in zip(("one", "other"), finding.called, strict=True)
        }
        caption, headers = (caption, headers) if finding.by_type else (UNTYPED, COMPARED)
    yield Table(
        caption=caption[lang],
        headers=_headers(headers, lang, called),
        rows=tuple(made(finding, lang)),
        notes=tuple(each[lang] for each in finding.sentences),
        lang=lang,
    )
    if isinstance(finding, Comparison) and finding.by_type:
        kinds = ((named(finding.names, each.name)[lang], each) for each in finding.strata)
        rows = tuple((kind, each.first, each.second, COUNTS[each.kept][lang]) for kind, each in kinds)
        yield Table(caption=BALANCE[lang], headers=_headers(BALANCED, lang, called), rows=rows, lang=lang)


def moved_cases(finding: Restatement, lang: str) -> Table:
    """Return the keys of the cases that moved, by cause: for whoever looks them up, and for nobody else."""
    rows = tuple((SAID[each.cause][lang], str(key)) for each in finding.parts for key in each.cases)
    return Table(caption=CAPTIONS[Restatement][lang], headers=_headers(MOVED, lang, {}), rows=rows, lang=lang)


def _headers(line: Words, lang: str, called: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(each.format_map(called) for each in line[lang].split("|"))


def _signals(found: Signals, lang: str) -> Iterator[tuple[Cell, ...]]:
    for each in found.found:
        shares = each.kind in SHARES
        seen: Cell = _share(each.observed) if shares else int(each.observed)
        expected = _share(each.expected) if shares else _amount(each.expected)
        times: Cell = None if shares else _amount(each.effect)
        least = _amount(LEAST, 4)
        chance: Cell = f"< {least.text(lang)}" if each.chance < LEAST else _amount(each.chance, 4)
        yield NAMES[each.kind][lang], seen, expected, times, chance, each.cases, GRADES[each.grade][lang]


def _units(found: Funnel, lang: str) -> Iterator[tuple[Cell, ...]]:
    for each in found.units:
        limits = (_share(end) for end in (*each.inner, *each.outer))
        yield (
            named(found.names, each.name)[lang],
            each.yes,
            each.cases,
            _share(each.share),
            *limits,
            PLACES[each.place][lang],
        )


def _ways(found: Comparison, lang: str) -> Iterator[tuple[Cell, ...]]:
    within = {"within": found.within}
    told: list[tuple[Words, Apart, bool]] = [(LASTED, found.days, False)]
    told += [(ENDS[name], each, True) for name, each in found.ends.items()]
    for what, each, shares in told:
        sides = map(_share if shares else _amount, (each.first, each.second))
        apart = (each.difference, each.low, each.high, *((each.crude,) if found.by_type else ()))
        scale, unit = (100, POINTS[lang]) if shares else (1, DAYS[lang])
        differences = (ShownAmount(Fraction(each) * scale, 1, unit, signed=True) for each in apart)
        yield say(what.en, what.da, **within)[lang], *sides, *differences


def _parts(found: Restatement, lang: str) -> Iterator[tuple[Cell, ...]]:
    unit = found.unit
    for each in found.parts:
        effect = each.effect * unit.scale
        told = ShownAmount(
            effect,
            decimals_apart(effect, 0, unit.decimals),
            POINTS[lang] if unit.en == "%" else getattr(unit, lang),
            signed=True,
        )
        yield SAID[each.cause][lang], len(each.cases), each.above, each.below, told


DAYS: Final = Words("days", "dage")
POINTS: Final = Words("percentage points", "procentpoint")
ROWS: Final[Mapping[type[Finding], Callable[[Any, str], Iterator[tuple[Cell, ...]]]]] = {
    Signals: _signals,
    Funnel: _units,
    Comparison: _ways,
    Restatement: _parts,
}


def _share(value: Fraction | float) -> ShownAmount:
    exact = Fraction(value) * 100
    return ShownAmount(exact, decimals_of_share(exact, 1), "%")


def _amount(value: Fraction | float, decimals: int = 1) -> ShownAmount:
    return ShownAmount(Fraction(value), decimals)
