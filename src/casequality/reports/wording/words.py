"""Every fixed text of a report, in English and in Danish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from casequality.errors import Words


@attrs.frozen
class Phrase:
    """A text with the language that it is written in; `code` marks a name that only programs use."""

    text: str
    lang: str
    code: bool = False

    def __str__(self) -> str:
        return self.text


def said(text: str | Words | Mapping[str, str], lang: str) -> Phrase:
    """Return a text in a language if it is given in it, else in English; a plain text is English.

    >>> said("all calls", "da").lang
    'en'
    """
    if isinstance(text, str):
        return Phrase(text, "en")
    if isinstance(text, Words):
        return Phrase(text[lang], lang)
    spoken = lang if lang in text else "en"
    return Phrase(text[spoken], spoken)


def say(key: str, lang: str, **values: object) -> str:
    """Return one of `MESSAGES` with its values filled in.

    >>> say("unit of", "da", column="Værdi")
    'Værdi, enhed'
    """
    return MESSAGES[key][lang].format(**values)


MESSAGES: Final[Mapping[str, Words]] = {
    # a table of figures
    "period": Words("Period", "Periode"),
    "facet": Words("Part", "Del"),
    "all": Words("all", "alle"),
    "no group": Words("not stated", "ikke oplyst"),
    "value": Words("Value", "Værdi"),
    "value read as": Words("Value, {reading}", "Værdi, {reading}"),
    "numerator": Words("Numerator", "Tæller"),
    "denominator": Words("Denominator", "Nævner"),
    "edition": Words("Edition", "Udgave"),
    "known": Words("As known", "Som kendt"),
    "sensitive": Words("Calendar-sensitive", "Kalenderfølsomme"),
    "partial": Words("not ended", "ikke afsluttet"),
    "unit of": Words("{column}, unit", "{column}, enhed"),
    # what figures rest on
    "reading": Words("Reading", "Læsning"),
    "literal": Words("the literal reading", "den ordrette læsning"),
    "not literal": Words("not the literal reading, which is {other}", "ikke den ordrette læsning, som er {other}"),
    "silent": Words("the source does not say", "kilden siger det ikke"),
    "assumed": Words("nobody chose", "ikke valgt af nogen"),
    "calendar": Words("Working days", "Arbejdsdage"),
    "no working days": Words("none are counted", "der tælles ingen arbejdsdage"),
    "as of": Words("As of", "Opgjort pr."),
    "rows went": Words("Reconciliation of rows", "Afstemning af rækker"),
    "read": Words("read", "læst"),
    "in the periods": Words("in the periods", "i perioderne"),
    "outside the periods": Words("outside the periods", "uden for perioderne"),
    "undated": Words("undated", "uden dato"),
    "not yet begun": Words("not yet begun", "endnu ikke begyndt"),
    "elsewhere": Words("deselected", "fravalgt"),
    "set aside": Words("set aside", "lagt til side"),
    "finding": Words("Finding", "Fund"),
    "doubts not kept": Words(
        "Tallied by an older version, which did not keep what was in doubt: the figures' bounds are not known",
        "Optalt af en ældre version, som ikke gemte, hvad der var tvivl om: tallenes grænser kendes ikke",
    ),
    "some set aside": Words(
        "{source}: {rows} of {read} rows were set aside. {faults}",
        "{source}: {rows} af {read} rækker er lagt til side. {faults}",
    ),
    "all set aside": Words(
        "{source}: EVERY row was set aside, {read} of {read}: no figure can rest on any of them. {faults}",
        "{source}: ALLE rækker er lagt til side, {read} af {read}: intet tal kan bygge på dem. {faults}",
    ),
    "name them": Words("--findings FILE writes which rows", "--findings FIL skriver, hvilke rækker"),
    "suspected mark": Words("May stand for no date", "Kan betyde ingen dato"),
    # what the figures show and what they do not
    "proportion": Words("What the figure shows, and what it does not", "Hvad tallet viser, og hvad det ikke viser"),
    "variations": Words("Change or variation", "Ændring eller tilfældighed"),
    "about open": Words("Open cases", "Åbne sager"),
    "about variation": Words("Over time", "Over tid"),
    "about readings": Words("How the words are read", "Hvordan ordene læses"),
    "about signals": Words("How cases are handled", "Hvordan sagerne behandles"),
    "about units": Words("Units side by side", "Enheder side om side"),
    "about ways": Words("Two ways side by side", "To måder side om side"),
    "about restated": Words("Why an earlier figure is another one today", "Hvorfor et tidligere tal er et andet i dag"),
    "changing": Words("Is it changing?", "Ændrer det sig?"),
    "hitting": Words("Is the target hit?", "Bliver måltallet opfyldt?"),
    "not drawn": Words("Goals without a chart: {goals}", "Mål uden diagram: {goals}"),
    # a chart
    "chart of": Words("{title}, {first} to {last}", "{title}, {first} til {last}"),
    "chart low and high": Words(
        "Lowest {low} ({low_period}), highest {high} ({high_period})",
        "Lavest {low} ({low_period}), højest {high} ({high_period})",
    ),
    "chart met": Words("{met} of {points} meet the target, {target}", "{met} af {points} opfylder måltallet, {target}"),
    "chart break": Words("The series breaks on {day}", "Databrud {day}"),
    "chart table": Words("The numbers are in the annex", "Tallene står i bilaget"),
    "trend": Words("from {first} ({begun}) to {last} ({now})", "fra {first} ({begun}) til {last} ({now})"),
    "chart target": Words("Target: {target}", "Måltal: {target}"),
    # goals and verdicts
    "goal": Words("Goal", "Mål"),
    "target": Words("Target", "Måltal"),
    "verdict": Words("Verdict", "Vurdering"),
    "margin": Words("Margin", "Afstand"),
    "how sure": Words("How sure", "Sikkerhed"),
    "could flip": Words("What could flip it", "Hvad kan ændre vurderingen"),
    "no target": Words("none yet: first measurement", "intet endnu: første måling"),
    "settled": Words("no record in doubt", "ingen tvivlsomme sager"),
    "can become": Words("Can become", "Kan blive"),
    "interval": Words("95 % interval", "95 %-interval"),
    "sample of": Words("sample of {size}: {interval}", "stikprøve på {size}: {interval}"),
    "between": Words("between {low} and {high}", "mellem {low} og {high}"),
    "at least": Words("{bound} or more, no upper limit", "{bound} eller mere, ingen øvre grænse"),
    "at most": Words("{bound} or less, no lower limit", "{bound} eller mindre, ingen nedre grænse"),
    "any": Words("not bounded", "ingen grænser"),
    "lowest": Words("{column}, lowest", "{column}, lavest"),
    "highest": Words("{column}, highest", "{column}, højest"),
    "no limit": Words("no limit", "ingen grænse"),
    "chart intervals": Words(
        "An upright line shows between what a figure lies once the records in doubt are settled; an arrow at its end "
        "that there is no limit",
        "En lodret streg viser, hvad et tal ligger imellem, når de tvivlsomme sager er afklaret; en pil for enden, at "
        "der ingen grænse er",
    ),
    "worked out": Words("{target}, that is {number}", "{target}, dvs. {number}"),
    "general work": Words(
        "General work on the quality of case handling", "Det generelle arbejde med den juridiske kvalitet"
    ),
    "no general work": Words(
        "missing: nothing is written on this edition", "mangler: der er intet skrevet til denne udgave"
    ),
    "contributions": Words(
        "Contributions of the administrations, {period}", "Forvaltningernes indberetninger, {period}"
    ),
    "not handed in": Words("Not delivered", "Ikke indberettet"),
    "all handed in": Words("Everything is delivered.", "Alt er indberettet."),
    "all together": Words("all together", "alle under ét"),
    "published together": Words("Figures that are published together", "Tal, der offentliggøres sammen"),
    "side by side": Words("Side by side, {period}", "Side om side, {period}"),
    "not ranked": Words(
        "In the order in which they are given; the figures are not ranked",
        "I den rækkefølge, de er indberettet; tallene er ikke rangordnet",
    ),
    "goals counted": Words("Goals: {counts}", "Mål: {counts}"),
    # what a goal rests on
    "no aim": Words("Other goals", "Øvrige mål"),
    "figures": Words("Figures", "Tal"),
    "basis": Words("Decided in", "Grundlag"),
    "no basis": Words("not stated with the goal", "ikke angivet ved målet"),
    "not rendered": Words("not in the source", "gengives ikke i kilden"),
    "in months": Words("in {months}", "i {months}"),
    "and": Words("and", "og"),
    "and also": Words("and", "samt"),
    "on the target": Words("On the target", "Lige på måltallet"),
    "better by": Words("{margin} better", "{margin} bedre"),
    "short by": Words("{margin} short of the target", "Mangler {margin}"),
    "one may turn it": Words("1 record in doubt", "1 tvivlsom registrering"),
    "some may turn it": Words("{rows} records in doubt", "{rows} tvivlsomme registreringer"),
    "small sample": Words("The sample is too small", "Stikprøven er for lille"),
    "comment missing": Words("Comment missing", "Kommentar mangler"),
    "not over": Words("not due yet", "perioden er ikke slut"),
    "due with the year": Words("judged for the whole year", "bedømmes først for hele året"),
    "due with the half-year": Words("judged for the whole half-year", "bedømmes først for hele halvåret"),
    "due with the quarter": Words("judged for the whole quarter", "bedømmes først for hele kvartalet"),
    "due with the month": Words("judged for the whole month", "bedømmes først for hele måneden"),
    "adopted": Words("adopted: {day}", "jf. beslutning {day}"),
    "not adopted": Words("adopted: not in the source", "beslutningens dato fremgår ikke af kilden"),
    "uncertain": Words("uncertain: {question}", "usikkert: {question}"),
    "standing": Words("Before this decision", "Før denne beslutning"),
    "focus area": Words("Focus area", "Fokusområde"),
    "owner": Words("Owner", "Ansvarlig"),
    "reported": Words("Reported to", "Rapporteres til"),
    "method": Words("Method", "Målemetode"),
    "measure": Words("Measure", "Måling"),
    "result version": Words("result version {version}", "resultatversion {version}"),
    "limits": Words("Limits", "Begrænsninger"),
    "data source": Words("Data source", "Datakilde"),
    "only": Words("Only", "Kun"),
    "judged for": Words("Judged on", "Bedømmes på"),
    "setting": Words("Setting", "Indstilling"),
    "of so many": Words("{numerator} of {denominator}", "{numerator} af {denominator}"),
    "mean of so many": Words("mean of {denominator}", "gennemsnit af {denominator}"),
    "none": Words("none", "ingen"),
    "True": Words("yes", "ja"),
    "False": Words("no", "nej"),
    "named": Words("In the goal file", "I målfilen"),
    # a page
    "to content": Words("Go to the content", "Gå til indholdet"),
    "no targets": Words(
        "The source sets no target for these figures: they are shown and not judged.",
        "Kilden angiver intet måltal for disse tal: de vises, men bedømmes ikke.",
    ),
    "result": Words("Result", "Resultat"),
    "why": Words("Why this verdict", "Begrundelse"),
    "nothing flips": Words("Nothing in the data could turn the verdict.", "Intet i data kan ændre vurderingen."),
    "development": Words("Development", "Udvikling"),
    "before break": Words("before a series break", "før databrud"),
    "editions": Words("Held against earlier periods", "Sammenholdt med tidligere perioder"),
    "parts": Words("Parts", "Delresultater"),
    "part": Words("Part", "Del"),
    "outcomes": Words("What became of every row, {period}", "Udfald for hver række, {period}"),
    "outcomes begun": Words("What became of the rows begun in {period}", "Udfald for rækker begyndt i {period}"),
    "other rows": Words(
        "The result is of other rows than these: {figure}.", "Resultatet er af andre rækker end disse: {figure}."
    ),
    "result is": Words("The result is {figure}.", "Resultatet er {figure}."),
    "rows weigh": Words(
        "Each row is counted once here; in the result it counts with the number that it stands for.",
        "Hver række er her talt én gang; i resultatet tæller den med det antal, den står for.",
    ),
    "rows lack": Words(
        "The result is of {counted} of the rows that are in: the others lack what is measured, or stand for none.",
        "Resultatet er af {counted} af de rækker, der indgår: Resten mangler det, der måles på, eller står for ingen.",
    ),
    "outcome": Words("Outcome", "Udfald"),
    "role": Words("Counts as", "Tæller som"),
    "used in": Words("In the figure", "I tallet"),
    "rows": Words("Rows", "Rækker"),
    "total": Words("Total", "I alt"),
    "sensitive rows": Words(
        "Rows with another outcome on the other Danish calendar: {rows}",
        "Rækker med et andet udfald efter den anden danske kalender: {rows}",
    ),
    "readings": Words("Ways to read the goal's words", "Læsninger af målets ordlyd"),
    "read as": Words("Read so: {readings}.", "Læst sådan: {readings}."),
    "used here": Words("Used", "Anvendt"),
    "asked because": Words("Why it is a choice", "Hvorfor der er et valg"),
    "option": Words("Reading", "Læsning"),
    "used": Words("used", "anvendt"),
    "not worked out": Words("not worked out", "ikke beregnet"),
    "grounds": Words("What it rests on", "Grundlag for tallet"),
    "data": Words("The data", "Datagrundlag"),
    "rows add up": Words(
        "In each line, rows read is the sum of the others.", "I hver linje er læste rækker summen af de øvrige."
    ),
    "measures": Words("Measures", "Målinger"),
    "term": Words("Term", "Begreb"),
    "fact": Words("Fact", "Oplysning"),
    "content": Words("Content", "Indhold"),
    "break on": Words("Break in series on {day}", "Databrud {day}"),
    "edition before": Words("The edition before", "Forrige udgave"),
    "introduction": Words("Introduction", "Indledning"),
    "goals": Words("Goals", "Mål"),
    "about": Words("Subject", "Emne"),
    "said": Words("Text", "Tekst"),
    "answer": Words("Overview", "Overblik"),
    "goal pages": Words("Goals missed or not decided", "Mål, der kræver opmærksomhed"),
    "other goals": Words("Other goals", "Øvrige mål"),
    "annex": Words("Annex", "Bilag"),
    "annex of": Words("Its tables in the annex", "Tabeller i bilaget"),
    "to goal": Words("To the goal", "Til målet"),
    "goals beside": Words("{measure}: {goals} goals side by side", "{measure}: {goals} mål side om side"),
    "not measured": Words("Not measured", "Ikke målt"),
    "note": Words("Note", "Bemærkning"),
    "brief": Words(
        "This report has {goals} goals, so what their figures consist of stands side by side in the annex, and a goal "
        "has a part of its own only where there is more to say of it. A report of fewer goals has larger charts.",
        "Denne rapport har {goals} mål. Det, som tallene består af, står derfor side om side i bilaget, og et mål har "
        "kun et afsnit for sig, hvis der er mere at sige om det. En rapport med færre mål har større diagrammer.",
    ),
    "brief settled": Words(
        "Where a goal has no part of its own, nothing in the data can change its verdict.",
        "Har et mål intet afsnit for sig, kan intet i data ændre vurderingen af det.",
    ),
    "common to": Words("{caption}, common to {goals} goals", "{caption}, fælles for {goals} mål"),
    "figures of goals": Words("The goals' figures", "Tallene bag målene"),
    "left out": Words("{many} more goals are not rendered in the source", "{many} mål mangler i kilden"),
    "measured by nothing": Words("{many} more goals are measured by nothing", "{many} mål måles ikke"),
    "tone good": Words("meets the target", "opfylder måltallet"),
    "tone bad": Words("does not meet the target", "opfylder ikke måltallet"),
    "tone open": Words("not decided", "kan ikke vurderes"),
    "tone none": Words("not judged", "ikke vurderet"),
    "sources caption": Words("Sources read", "Læste datakilder"),
    "records": Words("Records", "Posttype"),
    "coverage": Words("Coverage", "Dækning"),
    "promised": Words(
        "data {rhythm}; {days} with data, {first} to {last}",
        "data {rhythm}; {days} med data, {first} til {last}",
    ),
    "promised none": Words("data {rhythm}; no day with data", "data {rhythm}; ingen dage med data"),
    "not promised": Words("no rhythm promised", "ingen leveringsrytme aftalt"),
    "not delivered": Words("not delivered: {why}", "ikke leveret: {why}"),
    "findings caption": Words("Findings by source, column and fault", "Fund efter datakilde, kolonne og fejl"),
    "column": Words("Column", "Kolonne"),
    "fault": Words("Fault", "Fejl"),
    "no findings": Words("No findings.", "Ingen fund."),
    "rows only": Words(
        "Findings are counted; no content of a row is shown here.",
        "Fund er optalt; indholdet af en række vises ikke her.",
    ),
    "not judged": Words("Goals that cannot be judged", "Mål, der ikke kan bedømmes"),
    "who": Words("Who", "Hvem"),
    "what": Words("What", "Hvad"),
    "comments": Words("Comment and measure", "Kommentar og tiltag"),
    "comment": Words("Comment", "Kommentar"),
    "action": Words("Measure taken", "Tiltag"),
    "no comment": Words(
        "missing: the goal is missed, and nobody has written why",
        "mangler: målet er ikke opfyldt, og der er ikke skrevet hvorfor",
    ),
    "no action": Words(
        "missing: nobody has written what is done about it", "mangler: der er ikke skrevet, hvad der gøres"
    ),
    "written by": Words("Written by", "Skrevet af"),
    "period before": Words("The period before", "Forrige periode"),
    "earlier comment": Words("Comment then", "Kommentar dengang"),
    "earlier action": Words("Measure then", "Tiltag dengang"),
    "project": Words("Project", "Projekt"),
    "other rhythm": Words(
        "{to} gets these figures {rhythms}; this report is on {period}",
        "{to} får disse tal {rhythms}; denne rapport dækker {period}",
    ),
    "notes": Words("Notes", "Bemærkninger"),
    "definitions": Words("Definitions", "Begreber"),
    "made with": Words("Made with", "Beregnet med"),
    "term numerator": Words("Numerator and denominator", "Tæller og nævner"),
    "means numerator": Words(
        "The figure is the numerator divided by the denominator, both counted exactly; only what is shown is rounded.",
        "Tallet er tælleren delt med nævneren, begge talt nøjagtigt; kun det viste er afrundet.",
    ),
    "means margin": Words(
        "How much better (+) or worse (\N{MINUS SIGN}) than the target the figure is.",
        "Hvor meget bedre (+) eller dårligere (\N{MINUS SIGN}) end måltallet tallet er.",
    ),
    "means how sure": Words(
        "The least and the greatest that the figure can become once records in doubt are settled: open cases, unknown "
        "outcomes, rows with a fault that may belong to it, and records that lack a date or what is asked for.",
        "Det mindste og det største, tallet kan blive, når tvivlsomme sager er afklaret: åbne sager, ukendte udfald, "
        "rækker med en fejl, der kan høre til, og registreringer, der mangler en dato eller det, der spørges om.",
    ),
    "means interval": Words(
        "Between what the figure of the whole population lies, as far as chance in drawing the sample is concerned: "
        "such intervals miss it at most one time in twenty (Clopper and Pearson). It says nothing of those who gave no "
        "answer, nor of a sample that was not drawn by chance.",
        "Hvad tallet for hele populationen ligger imellem, for så vidt angår tilfældet i udtrækningen: sådanne "
        "intervaller rammer ved siden af højst én gang ud af tyve (Clopper og Pearson). Det siger intet om dem, der "
        "ikke har svaret, eller om en stikprøve, der ikke er tilfældigt udtrukket.",
    ),
    "means reading": Words(
        "A goal's words can leave choices open. Each choice is named here with what it means.",
        "Et måls ordlyd kan lade valg stå åbne. Hvert valg er nævnt her med sin betydning.",
    ),
    "means as of": Words(
        "What had happened before the start of that day is known; what happened later is not looked at.",
        "Det, der var sket før dagens begyndelse, er kendt; det, der skete senere, er ikke med.",
    ),
    "time zone": Words("Time zone: {zone}.", "Tidszone: {zone}."),
    "means set aside": Words(
        "A row with a fault is counted here and in no figure that needs what is at fault; where it may belong to one, "
        "it widens how sure that is. A repeated row is left out and in doubt nowhere.",
        "En række med en fejl tælles her og ikke med i et tal, der bygger på det fejlagtige; kan den høre til tallet, "
        "indgår den i sikkerheden. En gentaget række udelades uden at gøre noget usikkert.",
    ),
    "term set aside": Words("Set aside", "Lagt til side"),
    # a metric card
    "metric": Words("Metric", "Måling"),
    "definition": Words("Definition", "Definition (engelsk)"),
    "figure": Words("The figure is", "Tallet er"),
    "unit": Words("Unit", "Enhed"),
    "direction": Words("Direction", "Retning"),
    "higher": Words("higher is better", "højere er bedre"),
    "lower": Words("lower is better", "lavere er bedre"),
    "neither": Words("neither is better by itself", "hverken højere eller lavere er i sig selv bedre"),
    "fields": Words("Fields read", "Læste felter"),
    "field": Words("Field", "Felt"),
    "kind": Words("Kind", "Type"),
    "blank": Words("A blank means", "En tom celle betyder"),
    "labels": Words("Codes", "Koder"),
    "any label": Words("any", "alle"),
    "name": Words("Name", "Navn"),
    "reading of": Words("Reading {name}: {why}", "Læsning {name}: {why}"),
    "means": Words("Means", "Betyder"),
    "literal default": Words("{option} (the literal reading)", "{option} (den ordrette læsning)"),
    "usual default": Words("{option} (where nobody chooses)", "{option} (hvor ingen vælger)"),
    "settings": Words("Settings", "Indstillinger"),
    "set to": Words("Set to", "Sat til"),
    "cited": Words("Source", "Kilde"),
    "no source": Words("none stated", "ingen angivet"),
}
