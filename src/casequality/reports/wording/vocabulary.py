"""Words that metrics, intake, statistics and verdicts bring, said in Danish where they are known, else in English."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from casequality.errors import NOT_SAID, Words
from casequality.goals import plain_number
from casequality.metrics import Alternative, Metric, Reading, Role, Statistic
from casequality.records import KNOWN_FAULTS, Rule
from casequality.reports.wording.words import Phrase, said, say

OUTCOMES: Final[Mapping[str, Words]] = {
    "in_time": Words("in time", "rettidig"),
    "in_time_early": Words("in time, not yet due", "rettidig, frist ikke udløbet"),
    "late": Words("late", "for sent"),
    "open_overdue": Words("open and overdue", "åben, frist overskredet"),
    "pending": Words("pending", "åben, frist ikke udløbet"),
    "undated": Words("undated", "uden dato"),
    "unknown": Words("unknown", "ukendt"),
    "answered": Words("answered", "besvaret"),
    "abandoned": Words("abandoned", "opgivet"),
    "withdrawn": Words("withdrawn", "trukket tilbage"),
}
ROLES: Final[Mapping[Role, Words]] = {
    Role.YES: Words("yes", "ja"),
    Role.NO: Words("no", "nej"),
    Role.OPEN: Words("not yet known", "endnu ikke kendt"),
    Role.OUT: Words("left out", "holdt ude"),
    Role.UNKNOWN: Words("unknown", "ukendt"),
}
USES: Final[Mapping[str, Mapping[Role, Words]]] = {
    "share": {
        Role.YES: Words("numerator and denominator", "tæller og nævner"),
        Role.NO: Words("denominator only", "kun nævner"),
        Role.OPEN: Words("not yet: may become either", "endnu ikke afklaret"),
        Role.OUT: Words("left out", "holdt ude"),
        Role.UNKNOWN: Words("unknown", "ukendt"),
    },
    "whole": {
        Role.YES: Words("in", "indgår"),
        Role.NO: Words("not in", "indgår ikke"),
        Role.OPEN: Words("not yet known", "endnu ikke afklaret"),
        Role.OUT: Words("left out", "holdt ude"),
        Role.UNKNOWN: Words("unknown", "ukendt"),
    },
}
"""What a statistic does with the rows of a role, of a share and of whatever takes the rows that count as yes."""
REASONS: Final[Mapping[str, Words]] = {
    "no data": Words("no data", "ingen data"),
    "nothing settled yet": Words("nothing settled yet", "endnu ikke afklaret"),
    "only records in doubt": Words("only records in doubt", "kun tvivlsomme registreringer"),
    "not defined: divided by none": Words("not defined: divided by none", "ikke defineret: nævneren er nul"),
    "not due yet": Words("not due yet", "endnu ikke til opgørelse"),
    "not reached: too few have ended": Words("not reached: too few have ended", "ikke nået: for få er afsluttet"),
    "not comparable: before the series begins": Words(
        "not comparable: before the series begins", "ikke sammenlignelig: ligger før seriens begyndelse"
    ),
    "the year before was not tallied": Words("the year before was not tallied", "året før er ikke talt med"),
}
AIMS: Final[Mapping[str, Words]] = {
    "complaints": Words("Fewer complaints", "Reduktion af klager"),
    "errors": Words("Fewer errors in case handling", "Reduktion af fejl i sagsbehandlingen"),
    "time": Words("Shorter case handling", "Reduktion af sagsbehandlingstiden"),
}
RHYTHMS: Final[Mapping[str, Words]] = {
    "month": Words("every month", "hver måned"),
    "quarter": Words("every quarter", "hvert kvartal"),
    "half-year": Words("every half-year", "hvert halve år"),
    "year": Words("every year", "hvert år"),
    "continuous": Words("all the time", "løbende"),
    "not in the source": NOT_SAID,
    "day": Words("every day", "hver dag"),
    "working day": Words("every working day", "hver arbejdsdag"),
}
AGGREGATES: Final[Mapping[str, Words]] = {
    "pooled": Words("all records of the period together", "hele perioden under ét"),
    "each": Words("each part must meet the target", "hver del skal opfylde måltallet"),
    "mean": Words("the mean of the parts' figures", "gennemsnittet af delenes tal"),
}


def title_of(metric: Metric, lang: str) -> Phrase:
    """Return what a metric is called."""
    return said(metric.title, lang)


def outcome_word(name: str, metric: Metric, lang: str) -> Phrase:
    """Return what an outcome is called: in the metric's own `words`, else in common ones, else by its name."""
    return said(metric.words.get(name) or OUTCOMES.get(name) or name.replace("_", " "), lang)


def reason_word(reason: str, lang: str) -> Phrase:
    """Return why there is no figure."""
    return said(REASONS.get(reason, reason), lang)


def finding_words(finding: str, lang: str, rules: Iterable[Rule] = ()) -> tuple[str, Phrase]:
    """Return the column and the fault of a finding that is kept as "column: fault".

    rules: those of the records, whose faults are kept by their English sentences.

    >>> finding_words("closed_on: unknown code", "da")[1].text
    'ukendt kode'
    """
    column, _, fault = finding.rpartition(": ")
    told: dict[str, str | Words] = {rule.says.en: rule.says for rule in rules}
    if fault in KNOWN_FAULTS:
        told[fault] = Words(fault, KNOWN_FAULTS[fault].da)
    return column, said(told.get(fault, fault), lang)


def reading_sentences(reading: Reading, lang: str) -> Iterator[Phrase]:
    """Yield, for each choice, what was chosen, what that means, and whether it is the literal reading."""
    for name, chosen in reading.chosen.items():
        choice = reading.metric.readings[name]
        means = consequence(choice.alternatives[chosen], lang)
        marks = [standing(reading, name, lang), *([say("assumed", lang)] if name in reading.assumed else [])]
        yield Phrase(f"{name} = {chosen} ({', '.join(marks)}): {means}", means.lang)


def consequence(alternative: Alternative, lang: str) -> Phrase:
    """Return what it means to read a goal in one way."""
    says = alternative.says
    return said(says, lang)


def standing(reading: Reading, name: str, lang: str) -> str:
    """Return whether what was chosen is the literal reading, another, or a choice that the source leaves open."""
    choice = reading.metric.readings[name]
    if not choice.literal:
        return say("silent", lang)
    if choice.default == reading.chosen[name]:
        return say("literal", lang)
    return say("not literal", lang, other=choice.default)


NAMED: Final[Mapping[str, Words]] = {
    "share": Words(
        "the share of the rows that count as yes, among those that count as yes or no",
        "andelen af de rækker, der tæller som ja, blandt dem, der tæller som ja eller nej",
    ),
    "count": Words("the number of rows that count as yes", "antallet af rækker, der tæller med"),
    "sum": Words("the sum over the rows that count as yes", "summen for de rækker, der tæller med"),
    "mean": Words(
        "the mean of the rows that count as yes, all of a period together",
        "gennemsnittet for de rækker, der tæller med, hele perioden under ét",
    ),
    "ratio": Words("what counts as yes, for each that counts as no", "det, der tæller som ja, for hvert nej"),
    "pending age": Words(
        "the mean age in days of the cases pending at the period's end",
        "gennemsnitsalderen i dage for de sager, der verserede ved periodens slutning",
    ),
    "inflow": Words("the number of cases that began in the period", "antallet af sager, der begyndte i perioden"),
    "outflow": Words(
        "the number of cases that ended in the period and count as yes",
        "antallet af sager, der sluttede i perioden og tæller med",
    ),
    "stock": Words(
        "the number of cases pending at the period's end", "antallet af sager, der verserede ved periodens slutning"
    ),
    "clearance": Words(
        "the cases that ended in the period and count as yes, for each case that began in it",
        "de sager, der sluttede i perioden og tæller med, for hver sag, der begyndte i den",
    ),
    "disposition time": Words(
        "the days that the cases pending at the period's end would last, at the rate at which cases ended in it",
        "de dage, som de verserende sager ved periodens slutning ville række i periodens tempo",
    ),
    "against year before": Words(
        "the cases that began in the period, for each case that began in the same period of the year before",
        "de sager, der begyndte i perioden, for hver sag, der begyndte i samme periode året før",
    ),
}
QUANTILES: Final[Mapping[str, Words]] = {
    "quantile": Words(
        "the least number that {share} % of the rows that count as yes do not exceed",
        "det mindste tal, som {share} % af de rækker, der tæller med, ikke overstiger",
    ),
    "pending age": Words(
        "the age in days that {share} % of the cases pending at the period's end do not exceed",
        "den alder i dage, som {share} % af de sager, der verserede ved periodens slutning, ikke overstiger",
    ),
    "time to end": Words(
        "the time by which {share} % of those that began had ended, by Kaplan and Meier: what is open counts as "
        "waiting for as long as it has lasted",
        "den tid, inden for hvilken {share} % af de påbegyndte var afsluttet, efter Kaplan og Meier: det åbne tæller "
        "som ventende, så længe det har varet",
    ),
}


def figure_sentence(statistic: Statistic, lang: str) -> Phrase:
    """Return how counts make a figure; of a statistic that is not the library's, what its own docstring says.

    >>> from casequality.metrics.declaring.statistics import Quantile
    >>> figure_sentence(Quantile(Fraction(9, 10)), "en").text
    'the least number that 90 % of the rows that count as yes do not exceed'
    """
    name, p = statistic.named
    words = NAMED.get(name) if p is None else QUANTILES.get(name)
    if words is None or type(statistic).__module__.rpartition(".")[0] != Statistic.__module__.rpartition(".")[0]:
        return Phrase((inspect.getdoc(statistic) or type(statistic).__name__).partition("\n")[0], "en")
    return Phrase(words[lang].format(share=plain_number(100 * (p or Fraction(0)), lang)), lang)
