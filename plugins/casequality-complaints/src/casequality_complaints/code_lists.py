"""What complaints are registered as: lists of kinds that hold for a period, and the subjects of single points."""

from __future__ import annotations

import datetime as dt
from typing import Final

import attrs

import casequality as cq

Words = dict[str, dict[str, str]]


@attrs.frozen(kw_only=True)
class CodeList:
    """The kinds that a complaint can be registered as from `since` on.

    until: the last day that the source states, None where it states none: the kinds hold until a list replaces them.
    """

    kinds: Words = attrs.field(hash=False)
    since: dt.date
    until: dt.date | None
    source: cq.Citation


MEMO: Final = CodeList(
    kinds={
        "conduct": {"en": "case handling or caseworker", "da": "sagsbehandlingen eller sagsbehandleren"},
        "processing_time": {"en": "processing time", "da": "sagsbehandlingstiden"},
        "legal_requirements": {"en": "requirements of law", "da": "lovfastsatte forvaltningsretlige forhold"},
        "substance_of_decision": {"en": "substance of a decision", "da": "indholdet i afgørelser (realitetsklager)"},
    },
    since=dt.date(2005, 1, 1),
    until=None,
    source=cq.Citation(
        title="Kvalitets- og tilsynskontorets notat om temaer for kvalitetsudvikling, 2006",
        section="5.2, klager til borgmesteren og til borgerrådgiveren",
        adopted="not in the source",
        certain=False,
        question={
            "en": "the memo counts 2005 and the first quarter of 2006; the list's own first and last day are not in it",
            "da": "notatet opgør 2005 og 1. kvartal 2006; listens egen første og sidste dag fremgår ikke af det",
        },
    ),
)
REGISTRATION: Final = CodeList(
    kinds={
        "formal": {"en": "formal", "da": "formelle forhold"},
        "substantive": {"en": "substantive", "da": "materielle forhold"},
        "both": {"en": "formal and substantive", "da": "både formelle og materielle forhold"},
        "procurement": {"en": "procurement", "da": "udbudssager"},
    },
    since=dt.date(2013, 1, 1),
    until=None,
    source=cq.Citation(
        title="Klagesagsregistrering i Københavns Kommune, årsopgørelsen for 2013",
        adopted="not in the source",
        certain=False,
        question={
            "en": "from outside the seed documents, which say only that complaints are registered since the council's "
            "decision of 2012; the list's first day is not in them, and later years may use fewer kinds",
            "da": "uden for grunddokumenterne, som kun siger, at klager er registreret siden Borgerrepræsentationens "
            "beslutning i 2012; listens første dag fremgår ikke af dem, og senere år kan bruge færre typer",
        },
    ),
)
LISTS: Final = (MEMO, REGISTRATION)
"""In order of their first day; a list without a last day of its own ends where the next one begins."""
SUBJECTS: Final[Words] = {
    "processing_time_and_notice": {
        "en": "processing time, notice of delay, telephone",
        "da": "sagsbehandlingstid, underretning og telefonisk betjening",
    },
    "statutory_follow_up": {"en": "statutory follow-up", "da": "lovpligtig opfølgning"},
    "legal_guarantees": {"en": "basic legal guarantees", "da": "grundlæggende retssikkerhedsgarantier"},
    "contact_with_caseworkers": {"en": "contact with caseworkers", "da": "kontakten til sagsbehandlere"},
    "uneven_treatment": {"en": "uneven treatment", "da": "uensartet behandling"},
    "file_keeping": {"en": "file keeping and notes", "da": "journalisering og notatføring"},
    "access_to_documents": {"en": "requests for access", "da": "aktindsigtsbegæringer"},
    "restructuring": {"en": "word of the restructuring", "da": "kommunikation om omstruktureringen"},
    "other": {"en": "other", "da": "andet"},
}
"""The eight problem areas of the Citizens' Adviser's report for 2005 (5.3 of the memo of 2006), and what is left."""
SIGNALS: Final[Words] = {
    "long_processing_time": {"en": "long processing time", "da": "lange sagsbehandlingstider"},
    "how_service_is_given": {"en": "how citizens are served", "da": "den måde borgerbetjeningen leveres på"},
    "legal_guarantees": SUBJECTS["legal_guarantees"],
    "contact_with_caseworkers": SUBJECTS["contact_with_caseworkers"],
    "file_keeping": SUBJECTS["file_keeping"],
}
"""The five signals that the memo of 2006 takes from complaints and inquiries (section 5)."""
