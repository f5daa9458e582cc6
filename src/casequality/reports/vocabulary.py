"""Words that metrics, intake and readings bring: said in Danish where they are known, else as they are, in English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from casequality.metrics.metric import Metric, Reading
from casequality.metrics.outcomes import Role
from casequality.metrics.readings import COHORTS, Alternative
from casequality.records.rules import Rule
from casequality.reports.words import Said, said, say
from casequality.words import Words

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
REASONS: Final[Mapping[str, Words]] = {
    "no data": Words("no data", "ingen data"),
    "nothing settled yet": Words("nothing settled yet", "intet afgjort endnu"),
    "only records in doubt": Words("only records in doubt", "kun tvivlsomme registreringer"),
    "not defined: divided by none": Words("not defined: divided by none", "ikke defineret: nævneren er nul"),
    "not due yet": Words("not due yet", "endnu ikke til opgørelse"),
    "not reached: too few have ended": Words("not reached: too few have ended", "ikke nået: for få er afsluttet"),
    "the year before was not tallied": Words("the year before was not tallied", "året før er ikke talt med"),
}
FAULTS: Final[Mapping[str, Words]] = {
    "wrong number of columns": Words("wrong number of columns", "forkert antal kolonner"),
    "unreadable value": Words("unreadable value", "ulæselig værdi"),
    "missing value": Words("missing value", "manglende værdi"),
    "unknown code": Words("unknown code", "ukendt kode"),
    "below zero": Words("below zero", "under nul"),
    "before 1900": Words("before 1900", "før 1900"),
    "after the horizon": Words("after the horizon", "efter kalenderens slutning"),
    "skipped by the clock": Words("skipped by the clock", "sprunget over ved sommertid"),
    "ended before it began": Words("ended before it began", "afsluttet før den begyndte"),
    "began before its parent": Words("began before its parent", "begyndt før sin sag"),
    "conflicting key": Words("conflicting key", "modstridende nøgle"),
    "repeated row": Words("repeated row", "gentaget række"),
    "child without a parent": Words("child without a parent", "underordnet række uden sag"),
    "outside the calendar": Words("outside the calendar", "uden for kalenderen"),
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
    "day": Words("every day", "hver dag"),
    "working day": Words("every working day", "hver arbejdsdag"),
}
AGGREGATES: Final[Mapping[str, Words]] = {
    "pooled": Words("all records of the period together", "alle periodens sager under ét"),
    "each": Words("each part must meet the target", "hver del skal opfylde måltallet"),
    "mean": Words("the mean of the parts' figures", "gennemsnittet af delenes tal"),
}
COHORT_WORDS: Final[Mapping[str, Words]] = {
    COHORTS["received"]: Words(
        COHORTS["received"], "hver sag tælles i den periode, hvor den begyndte, også åbne sager"
    ),
    COHORTS["closed"]: Words(
        COHORTS["closed"], "hver sag tælles i den periode, hvor den sluttede; åbne sager tæller ikke med"
    ),
    COHORTS["matured"]: Words(
        COHORTS["matured"], "hver sag tælles i den periode, hvor den begyndte, når dens frist er udløbet"
    ),
}


def title_of(metric: Metric, lang: str) -> Said:
    """Return what a metric is called."""
    return said(metric.title, lang)


def outcome_word(name: str, metric: Metric, lang: str) -> Said:
    """Return what an outcome is called: in the metric's own `words`, else in common ones, else by its name."""
    return said(metric.words.get(name) or OUTCOMES.get(name) or name.replace("_", " "), lang)


def reason_word(reason: str, lang: str) -> Said:
    """Return why there is no figure."""
    return said(REASONS.get(reason, reason), lang)


def finding_words(finding: str, lang: str, rules: Iterable[Rule] = ()) -> tuple[str, Said]:
    """Return the column and the fault of a finding that is kept as "column: fault".

    rules: those of the records, whose faults are kept by their English sentences.

    >>> finding_words("closed_on: unknown code", "da")[1].text
    'ukendt kode'
    """
    column, _, fault = finding.rpartition(": ")
    told: dict[str, str | Words] = {**{rule.says.en: rule.says for rule in rules}, **FAULTS}
    return column, said(told.get(fault, fault), lang)


def reading_sentences(reading: Reading, lang: str) -> Iterator[Said]:
    """Yield, for each choice, what was chosen, what that means, and whether it is the literal reading."""
    for name, chosen in reading.chosen.items():
        choice = reading.metric.readings[name]
        means = consequence(choice.alternatives[chosen], lang)
        marks = [standing(reading, name, lang), *([say("assumed", lang)] if name in reading.assumed else [])]
        yield Said(f"{name} = {chosen} ({', '.join(marks)}): {means}", means.lang)


def consequence(alternative: Alternative, lang: str) -> Said:
    """Return what it means to read a goal in one way."""
    says = alternative.says
    return said(COHORT_WORDS.get(says, says) if isinstance(says, str) else says, lang)


def standing(reading: Reading, name: str, lang: str, *, spelled_out: bool = False) -> str:
    """Return whether what was chosen is the literal reading, another, or a choice that the source leaves open.

    spelled_out: the literal reading is said by what it means, else by its name.
    """
    choice = reading.metric.readings[name]
    if not choice.literal:
        return say("silent", lang)
    if choice.default == reading.chosen[name]:
        return say("literal", lang)
    other = f"»{consequence(choice.alternatives[choice.default], lang)}«" if spelled_out else choice.default
    return say("not literal", lang, other=other)
