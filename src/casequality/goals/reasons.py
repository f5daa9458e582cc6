"""Why a verdict is what it is, in sentences: one table of texts, each in English and Danish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from casequality.deadlines import Words
from casequality.goals.spoken import spoken


@attrs.frozen
class Reason:
    """One sentence in both languages; `code` names it for a program."""

    code: str
    en: str
    da: str

    def __getitem__(self, lang: str) -> str:
        return Words(self.en, self.da)[lang]

    def __str__(self) -> str:
        return self.en

    def to_dict(self) -> dict[str, str]:
        """Return the reason as plain data."""
        return {"code": self.code, "en": self.en, "da": self.da}


def say(code: str, **values: Any) -> Reason:
    """Return the reason of that code with its values filled in, each as the language writes it.

    >>> say("set aside", rows=1234).da
    'Rækker, der er lagt til side på grund af fejl: 1.234'
    """
    words = TEXTS[code]
    filled = {
        lang: words[lang].format_map({name: spoken(value, lang) for name, value in values.items()})
        for lang in ("en", "da")
    }
    return Reason(code, filled["en"], filled["da"])


TEXTS: Final[Mapping[str, Words]] = {
    "not over": Words(
        "The period ends on {last} and was not over when the records were looked at",
        "Perioden slutter {last} og var ikke slut, da sagerne blev opgjort",
    ),
    "not whole": Words(
        "The goal is judged by whole periods ({each}); {period} is not made of them",
        "Målet bedømmes for hele perioder ({each}); det udgør {period} ikke",
    ),
    "no records": Words("There are no records in {period}", "Der er ingen sager i {period}"),
    "nothing counts": Words(
        "Of the {rows} records in {period} none enters the figure",
        "Af de {rows} sager i {period} indgår ingen i tallet",
    ),
    "divided by none": Words(
        "The figure is not defined: it divides by a number that is 0 in {period}",
        "Tallet er ikke defineret: der divideres med et antal, som er 0 i {period}",
    ),
    "nothing settled": Words(
        "None of the {rows} records in {period} is settled yet", "Ingen af de {rows} sager i {period} er afklaret endnu"
    ),
    "missing days": Words(
        "Days without the records that the source promises: {count} ({days})",
        "Dage uden de data, som kilden skal levere: {count} ({days})",
    ),
    "first measurement": Words(
        "The goal has no target yet: this figure is its baseline",
        "Målet har endnu ikke et måltal: tallet er udgangspunktet (baseline)",
    ),
    "break between": Words(
        "The series breaks on {day}, between {baseline} and the end of {period}: {note}",
        "Databrud {day}, mellem {baseline} og udgangen af {period}: {note}",
    ),
    "break inside": Words(
        "The series breaks on {day}, inside {period}: {note}", "Databrud {day}, inde i {period}: {note}"
    ),
    "baseline unusable": Words(
        "The baseline {baseline} has no figure to compare with: {why}",
        "Udgangspunktet (baseline) {baseline} har intet tal at sammenligne med: {why}",
    ),
    "other length": Words(
        "A number of cases in {period} cannot be held against that of {baseline}, which is of another length",
        "Et antal sager i {period} kan ikke holdes op mod antallet i {baseline}, som har en anden længde",
    ),
    "as counted": Words(
        "Counted as they are, the records give {value}: {verdict}",
        "Opgjort som de foreligger, giver sagerne {value}: {verdict}",
    ),
    "open": Words("Cases still open: {rows}", "Sager, der stadig er åbne: {rows}"),
    "unknown": Words("Cases with an unknown outcome: {rows}", "Sager med ukendt udfald: {rows}"),
    "set aside": Words(
        "Rows set aside because of faults: {rows}", "Rækker, der er lagt til side på grund af fejl: {rows}"
    ),
    "undated": Words("Records without a date: {rows}", "Sager uden dato: {rows}"),
    "unlabelled": Words("Records without a label for {fields}: {rows}", "Sager uden angivelse af {fields}: {rows}"),
    "marks": Words(
        "Dates that may stand for 'no date' and are not declared: {rows} ({marks})",
        "Datoer, der kan betyde 'ingen dato' og ikke er erklæret: {rows} ({marks})",
    ),
    "stands": Words(
        "Records in doubt: {rows}; whatever became of them, the verdict stands",
        "Tvivlsomme sager: {rows}; uanset deres udfald står afgørelsen fast",
    ),
    "turns at": Words(
        "The verdict turns only if the {rows} records in doubt are {tipping} on average",
        "Afgørelsen vender kun, hvis de {rows} tvivlsomme sager i gennemsnit er {tipping}",
    ),
    "calendar": Words(
        "Cases with another outcome on the other Danish calendar: {rows}; together they could turn the verdict",
        "Sager med et andet udfald efter den anden danske kalender: {rows}; tilsammen kan de vende afgørelsen",
    ),
    "rounding": Words(
        "The exact figure is {value}; rounded it looks like the target",
        "Det nøjagtige tal er {value}; afrundet ligner det måltallet",
    ),
    "parts met": Words("{met} of {parts} parts meet the target", "{met} af {parts} dele opfylder målet"),
    "parts without": Words("Not met in: {parts}", "Ikke opfyldt i: {parts}"),
    "parts lacking": Words("No verdict for: {parts}", "Ingen afgørelse for: {parts}"),
    "worst part": Words(
        "The figure shown is that of {part}, the part with the least margin",
        "Det viste tal er det for {part}, den del med den mindste margen",
    ),
    "label absent": Words(
        "There are no records with {field} {label} in {period}", "Der er ingen sager med {field} {label} i {period}"
    ),
    "not supplied": Words(
        "The source names the goals of {who} and leaves out what they are",
        "Kilden nævner målene for {who}, men gengiver dem ikke",
    ),
}
