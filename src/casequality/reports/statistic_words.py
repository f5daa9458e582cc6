"""How counts make a figure, said in a sentence for each statistic."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from casequality.goals.spoken import plain_number
from casequality.metrics.statistics import Statistic
from casequality.reports.words import Said
from casequality.words import Words

NAMED: Final[Mapping[str, Words]] = {
    "share": Words(
        "the share of the rows that count as yes, among those that count as yes or no",
        "andelen af de rækker, der tæller som ja, blandt dem, der tæller som ja eller nej",
    ),
    "count": Words("the number of rows that count as yes", "antallet af rækker, der tæller som ja"),
    "sum": Words("the sum over the rows that count as yes", "summen for de rækker, der tæller som ja"),
    "mean": Words(
        "the mean of the rows that count as yes, all of a period together",
        "gennemsnittet for de rækker, der tæller som ja, alle periodens rækker under ét",
    ),
    "ratio": Words("what counts as yes, for each that counts as no", "det, der tæller som ja, for hvert nej"),
    "pending age": Words(
        "the mean age in days of the cases pending at the period's end",
        "gennemsnitsalderen i dage for de sager, der verserede ved periodens slutning",
    ),
    "inflow": Words("the number of cases that began in the period", "antallet af sager, der begyndte i perioden"),
    "outflow": Words(
        "the number of cases that ended in the period and count as yes",
        "antallet af sager, der sluttede i perioden og tæller som ja",
    ),
    "stock": Words(
        "the number of cases pending at the period's end", "antallet af sager, der verserede ved periodens slutning"
    ),
    "clearance": Words(
        "the cases that ended in the period and count as yes, for each case that began in it",
        "de sager, der sluttede i perioden og tæller som ja, for hver sag, der begyndte i den",
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
        "det mindste tal, som {share} % af de rækker, der tæller som ja, ikke overstiger",
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


def figure_sentence(statistic: Statistic, lang: str) -> Said:
    """Return how counts make a figure; of a statistic that is not the library's, what its own docstring says.

    >>> from casequality.metrics.statistics import Quantile
    >>> figure_sentence(Quantile(Fraction(9, 10)), "en").text
    'the least number that 90 % of the rows that count as yes do not exceed'
    """
    name, p = statistic.named
    words = NAMED.get(name) if p is None else QUANTILES.get(name)
    if words is None or type(statistic).__module__.rpartition(".")[0] != Statistic.__module__.rpartition(".")[0]:
        return Said((inspect.getdoc(statistic) or type(statistic).__name__).partition("\n")[0], "en")
    return Said(words[lang].format(share=plain_number(100 * (p or Fraction(0)), lang)), lang)
