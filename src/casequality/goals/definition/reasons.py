"""Why a verdict is what it is, in sentences: one table of texts in English and Danish, and how they say numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

import attrs

from casequality.days import MONTH_NAMES, Period
from casequality.errors import Words
from casequality.evidence import decimals_apart, decimals_of_share, number
from casequality.metrics import Metric, Unit


@attrs.frozen
class Quantity:
    """An exact figure with its unit, shown with as many decimals as keep it apart from another figure.

    >>> Quantity(Fraction(7496, 100), Unit("share", "%", "%"), apart_from=Fraction(75))["da"]
    '74,96 %'
    """

    exact: Fraction
    unit: Unit
    apart_from: Fraction | None = None

    def __getitem__(self, lang: str) -> str:
        least = self.unit.decimals
        if self.unit.en == "%":
            least = decimals_of_share(self.exact, least)
        decimals = decimals_apart(self.exact, self.apart_from, max(least, decimals_of(self.apart_from)))
        return self.unit.counted(number(self.exact, lang, decimals), lang)


def called(name: str, metric: Metric, lang: str) -> str:
    """Return what a label of the records or a field is called: in the metric's own `words`, else by its name."""
    return metric.words.get(name, {}).get(lang, name)


ASKED_FOR: Final = "den oplysning, der spørges om"


def fields_called(names: Iterable[str], metric: Metric) -> tuple[Words, ...]:
    """Return what fields are called; in Danish, of one that the metric has no words for, that it is asked for."""
    found = (Words(called(name, metric, "en"), metric.words.get(name, {}).get("da", ASKED_FOR)) for name in names)
    return tuple(dict.fromkeys(found))


def marks_called(marks: Iterable[str]) -> tuple[Words, ...]:
    """Return the days that may stand for "none", in English with the field that holds them."""
    held = [(name, dt.date.fromisoformat(day)) for name, _, day in (mark.partition(": ") for mark in marks)]
    return tuple(dict.fromkeys(Words(f"{name}: {spoken(day, 'en')}", spoken(day, "da")) for name, day in held))


TARGETS_DECIMALS: Final = 4
"""With how many decimals targets are stated at most; one that is worked out may have any number."""


def decimals_of(target: Fraction | None) -> int:
    """Return with how many decimals a target is stated, 0 for one that is worked out: a figure shows as many.

    >>> decimals_of(Fraction(7525, 100)), decimals_of(Fraction(1, 3))
    (2, 0)
    """
    exact = (
        places
        for places in range(TARGETS_DECIMALS + 1)
        if target is not None and (target * 10**places).denominator == 1
    )
    return next(exact, 0)


def spoken(value: Any, lang: str) -> str:
    """Return a value as text in one language: counts, days, periods, words in both languages, lists of them."""
    if isinstance(value, int):
        return number(value, lang)
    if isinstance(value, dt.date):
        stop = "." if lang == "da" else ""
        return f"{value.day}{stop} {MONTH_NAMES[value.month - 1][lang]} {value.year}"
    if isinstance(value, Period):
        return value.title(lang)
    if isinstance(value, tuple):
        return ", ".join(spoken(each, lang) for each in value)
    return value if isinstance(value, str) else str(value[lang])


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
    'Rækker lagt til side på grund af fejl: 1.234'
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
        "Perioden slutter {last} og var ikke slut på opgørelsestidspunktet",
    ),
    "not whole": Words(
        "The goal is judged by whole {each}, and {period} is not made of whole {each}",
        "Målet bedømmes for hele {each}, og {period} består ikke af hele {each}",
    ),
    "so far": Words(
        "The goal is judged by whole {each}; the figure is that so far, of {period}",
        "Målet bedømmes for hele {each}; tallet er foreløbigt og dækker {period}",
    ),
    "judged whole": Words(
        "The goal is judged for the whole of {whole}, which {asked} ends",
        "Målet bedømmes for hele {whole}, som {asked} afslutter",
    ),
    "all due": Words(
        "Some cases have not fallen due yet; the latest half-year of which all have is {period}: {value}",
        "Nogle sagers frist er ikke udløbet endnu; det seneste halvår, hvor alle sagers frist er udløbet, er "
        "{period}: {value}",
    ),
    "no records": Words("There are no records in {period}", "Der er ingen registreringer i {period}"),
    "label absent": Words(
        "There are no records with {field} {label} in {period}",
        "Der er ingen registreringer med {field} {label} i {period}",
    ),
    "nothing counts": Words(
        "Records in {period}: {rows}, none of which enters the figure",
        "Registreringer i {period}: {rows}, hvoraf ingen indgår i tallet",
    ),
    "divided by none": Words(
        "The figure is not defined in {period}: it would be divided by 0",
        "Tallet er ikke defineret i {period}: der skulle divideres med 0",
    ),
    "nothing settled": Words(
        "Records in {period}: {rows}, none of which is settled yet",
        "Registreringer i {period}: {rows}, hvoraf ingen er afklaret endnu",
    ),
    "nothing certain": Words(
        "Records in {period}: {rows}, none of which enters the figure for certain; in doubt: {doubtful}",
        "Registreringer i {period}: {rows}, hvoraf ingen med sikkerhed indgår i tallet; tvivlsomme: {doubtful}",
    ),
    "only doubt": Words(
        "No record is known to belong to {period}; records in doubt that may: {rows}",
        "Ingen registrering hører med sikkerhed til {period}; tvivlsomme registreringer, der kan høre til: {rows}",
    ),
    "doubts not kept": Words(
        "The tally is of an older version, which did not keep what was in doubt: count the records again",
        "Optællingen er af en ældre version, som ikke gemte, hvad der var tvivl om: tæl registreringerne igen",
    ),
    "orphans": Words(
        "Rows of a child table belong to no known record and may belong to any; records that they may touch: {rows}",
        "Rækker i en undertabel hører ikke til nogen kendt sag og kan tilhøre enhver; sager, de kan vedrøre: {rows}",
    ),
    "no limit": Words(
        "Neither the metric nor the goal says how great the amount of a record in doubt may be",
        "Intet siger, hvor stort tallet for en tvivlsom registrering højst kan være",
    ),
    "may be undefined": Words(
        "Some ways of settling the records in doubt leave nothing to divide by, and so no figure",
        "Nogle udfald af de tvivlsomme registreringer giver intet at dividere med og derfor intet tal",
    ),
    "missing days": Words(
        "Days without the records that the source promises: {count} ({days})",
        "Dage uden de registreringer, som kilden skal levere: {count} ({days})",
    ),
    "missing units": Words(
        "Units without the records that the source promises in {period}: {units}",
        "Enheder uden de registreringer, som kilden skal levere i {period}: {units}",
    ),
    "not delivered": Words("The source {source} is not delivered: {why}", "Datakilden {source} er ikke leveret: {why}"),
    "not in the store": Words(
        "The store does not give this figure, {source}: {why}", "Lageret giver ikke dette tal, {source}: {why}"
    ),
    "nothing handed in": Words("{who} has handed nothing in: {why}", "{who} har intet indberettet: {why}"),
    "no tally": Words(
        "{who} has handed in no tally of {metric}", "{who} har ikke indberettet en optælling af {metric}"
    ),
    "not told apart": Words(
        "The goal is judged for {fields}, which the tally of {who} does not tell apart",
        "Målet bedømmes for {fields}, som optællingen fra {who} ikke skelner mellem",
    ),
    "counted otherwise": Words(
        "{who} has counted otherwise than its goal says; {what}: {got}, the goal: {wanted}",
        "{who} har talt op på en anden måde, end målet siger; {what}: {got}, målet: {wanted}",
    ),
    "methods differ": Words(
        "No figure for all together, since the methods differ; {what}: {ways}",
        "Intet samlet tal, da metoderne er forskellige; {what}: {ways}",
    ),
    "some lacking": Words(
        "No figure for all together, since some is missing: {who}",
        "Intet samlet tal, da der mangler bidrag: {who}",
    ),
    "first measurement": Words(
        "The goal has no target yet: this figure is its baseline",
        "Målet har endnu intet måltal: dette er den første måling, som senere holdes op imod",
    ),
    "target unstated": Words(
        "The source states no target for this figure, so it is shown and not judged",
        "Kilden angiver intet måltal for dette tal: det vises, men bedømmes ikke",
    ),
    "beside first": Words("The first measurement, {earlier}, was {was}", "Den første måling, {earlier}, var {was}"),
    "break between": Words(
        "The series breaks on {day}, between {earlier} and the end of {period}: {note}",
        "Databrud {day}, mellem {earlier} og udgangen af {period}: {note}",
    ),
    "break inside": Words(
        "The series breaks on {day}, inside {period}: {note}", "Databrud {day}, i løbet af {period}: {note}"
    ),
    "before the series": Words(
        "The series begins on {first}: what belongs to {period} was registered in another way",
        "Serien begynder {first}: det, der hører til {period}, er registreret på en anden måde",
    ),
    "part of the series": Words(
        "The series begins inside {period}: the figure holds {first} to {last}",
        "Serien begynder i løbet af {period}: tallet omfatter {first} til {last}",
    ),
    "earlier unusable": Words(
        "The figure of {earlier} cannot be compared with: {why}", "Tallet for {earlier} kan ikke bruges: {why}"
    ),
    "other length": Words(
        "A number of records in {period} cannot be held against that in {earlier}, which is of another length",
        "Et antal i {period} kan ikke holdes op mod antallet i {earlier}, som har en anden længde",
    ),
    "as counted": Words(
        "Counted as they are, the records give {value}: {verdict}",
        "Opgjort som de foreligger, giver registreringerne {value}: {verdict}",
    ),
    "open": Words("Records still open: {rows}", "Registreringer, der stadig er åbne: {rows}"),
    "unknown": Words(
        "Records of which the outcome or the amount is unknown: {rows}",
        "Registreringer, hvis udfald eller tal er ukendt: {rows}",
    ),
    "set aside": Words("Rows set aside because of faults: {rows}", "Rækker lagt til side på grund af fejl: {rows}"),
    "undated": Words("Records that lack a date: {rows}", "Registreringer, der mangler en dato: {rows}"),
    "unlabelled": Words("Records that do not state {fields}: {rows}", "Registreringer uden {fields}: {rows}"),
    "marks": Words(
        "Dates that may stand for 'no date' and are not declared: {rows} ({marks})",
        "Datoer, der kan betyde »ingen dato« og ikke er erklæret: {rows} ({marks})",
    ),
    "earlier in doubt": Words(
        "Records in doubt in {earlier}, with which it is compared: {rows}",
        "Tvivlsomme registreringer i {earlier}, som der sammenlignes med: {rows}",
    ),
    "stands": Words(
        "Records in doubt: {rows}; whatever they turn out to be, the verdict stands",
        "Tvivlsomme registreringer: {rows}; vurderingen er den samme, uanset hvordan de afklares",
    ),
    "turns at": Words(
        "The verdict changes only if the {rows} records in doubt are on average {side} {tipping}",
        "Vurderingen ændres kun, hvis de {rows} tvivlsomme registreringer i gennemsnit er {side} {tipping}",
    ),
    "turns at one": Words(
        "The verdict changes only if the one record in doubt is {side} {tipping}",
        "Vurderingen ændres kun, hvis den ene tvivlsomme registrering er {side} {tipping}",
    ),
    "calendar": Words(
        "Records with another outcome on the other Danish calendar: {rows}; together they could turn the verdict",
        "Registreringer med andet udfald efter den anden danske kalender: {rows}; tilsammen kan de ændre vurderingen",
    ),
    "rounding": Words(
        "The exact figure is {value}; rounded it looks like the target",
        "Det nøjagtige tal er {value}; afrundet ligner det måltallet",
    ),
    "sample": Words(
        "A sample of {size}: the figure of the whole population lies between {low} and {high}, at 95 % confidence "
        "(Clopper and Pearson)",
        "Stikprøve på {size}: tallet for hele populationen ligger mellem {low} og {high} med 95 % sikkerhed "
        "(Clopper og Pearson)",
    ),
    "sample of population": Words(
        "A sample of {size} out of {population}: the figure of all of them lies between {low} and {high}, at 95 % "
        "confidence (Clopper and Pearson, for a population of that size)",
        "Stikprøve på {size} ud af {population}: tallet for dem alle ligger mellem {low} og {high} med 95 % sikkerhed "
        "(Clopper og Pearson, for en population af den størrelse)",
    ),
    "weighted sample": Words(
        "A sample whose rows carry weights: how much chance leaves open is not computed",
        "Stikprøve, hvis rækker er vægtet: hvor meget tilfældet lader stå åbent, er ikke beregnet",
    ),
    "left out": Words(
        "Rows that are not in the figure, and of which the interval says nothing: {rows} ({which})",
        "Rækker, der ikke indgår i tallet, og som intervallet intet siger om: {rows} ({which})",
    ),
    "not shown": Words(
        "The sample itself gives {value}: {verdict}. The population may lie on either side of the target",
        "Stikprøven selv giver {value}: {verdict}. Populationen kan ligge på begge sider af måltallet",
    ),
    "would show": Words(
        "With the same figure, a sample of about {size} would show it",
        "Med samme tal ville en stikprøve på omkring {size} vise det",
    ),
    "would not show": Words(
        "The figure is so near to the target that hardly any sample short of every case would show it",
        "Tallet ligger så tæt på måltallet, at næppe nogen stikprøve ud over en fuld optælling ville vise det",
    ),
    "change shown": Words(
        "Since {earlier}, when it was {was}, the figure has changed by {change}, between {low} and {high} at 95 % "
        "confidence (Newcombe): more than chance explains",
        "Siden {earlier}, hvor det var {was}, har tallet ændret sig {change}, mellem {low} og {high} med 95 % "
        "sikkerhed (Newcombe): mere, end tilfældet forklarer",
    ),
    "change not shown": Words(
        "Since {earlier}, when it was {was}, the figure has changed by {change}, between {low} and {high} at 95 % "
        "confidence (Newcombe): no more than chance can explain",
        "Siden {earlier}, hvor det var {was}, har tallet ændret sig {change}, mellem {low} og {high} med 95 % "
        "sikkerhed (Newcombe): ikke mere, end tilfældet kan forklare",
    ),
    "next fall": Words(
        "A next sample of {size} would probably show a fall to {number} or less (power 80 %)",
        "En næste stikprøve på {size} ville sandsynligvis vise et fald til {number} eller derunder (styrke 80 %)",
    ),
    "next rise": Words(
        "A next sample of {size} would probably show a rise to {number} or more (power 80 %)",
        "En næste stikprøve på {size} ville sandsynligvis vise en stigning til {number} eller derover (styrke 80 %)",
    ),
    "next no fall": Words(
        "A next sample of {size} would be too small to show any fall (power 80 %)",
        "En næste stikprøve på {size} ville være for lille til at vise noget fald (styrke 80 %)",
    ),
    "next no rise": Words(
        "A next sample of {size} would be too small to show any rise (power 80 %)",
        "En næste stikprøve på {size} ville være for lille til at vise nogen stigning (styrke 80 %)",
    ),
    "parts met": Words("{met} of {parts} parts meet the target", "{met} af {parts} dele opfylder målet"),
    "parts missed": Words("Not met in: {parts}", "Ikke opfyldt i: {parts}"),
    "parts lacking": Words("Neither met nor missed: {parts}", "Hverken opfyldt eller ikke opfyldt: {parts}"),
    "worst part": Words(
        "The figure shown is that of {part}, the part with the least margin",
        "Det viste tal er det for {part}, den del med den mindste margen",
    ),
    "not measured": Words(
        "The source states the goal, and no installed metric measures it",
        "Kilden opstiller målet, men ingen installeret måling opgør det",
    ),
    "not supplied": Words(
        "The source names {what} and leaves out what it says",
        "Kilden nævner {what}, men gengiver dem ikke",
    ),
}
