"""The memo's requirements, each by the word it is registered under, with what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FORMAL: Final[Mapping[str, Mapping[str, str]]] = {
    "citizen_takes_part": {"en": "the citizen takes part", "da": "borgerens medvirken ved sagsbehandlingen"},
    "whole_view": {"en": "the case seen as a whole", "da": "helhedsorienteret sagsbehandling"},
    "party_heard": {"en": "the party heard before a decision", "da": "partshøring før afgørelse"},
    "reasons": {
        "en": "reasons where a decision is not in the citizen's favour",
        "da": "begrundelse i afgørelser, der ikke giver medhold",
    },
    "consent": {"en": "consent to obtain and pass on information", "da": "samtykke til indhentelse og videregivelse"},
    "representation": {"en": "representation of the party", "da": "partsrepræsentation"},
    "complaint_guidance": {"en": "guidance on complaint", "da": "klagevejledning"},
    "access": {"en": "access to documents", "da": "aktindsigt"},
    "confidentiality": {"en": "confidentiality", "da": "tavshedspligt"},
    "impartiality": {"en": "impartiality", "da": "habilitet"},
    "advice_and_guidance": {"en": "advice and guidance", "da": "rådgivning og vejledning"},
    "equal_treatment": {"en": "equal treatment", "da": "ligebehandling"},
    "fully_informed": {"en": "case fully informed before a decision", "da": "officialprincippet"},
    "notes_and_filing": {"en": "notes taken and documents filed", "da": "notatpligt og journalisering"},
    "documentation": {"en": "documentation", "da": "dokumentation"},
    "in_writing_by_law": {"en": "in writing in certain cases", "da": "skriftlighed i visse tilfælde"},
    "deadlines_and_notice": {
        "en": "deadlines in application cases, and written notice",
        "da": "sagsbehandlingsfrister i ansøgningssager og skriftlig besked",
    },
}
"""Seventeen formal requirements of how a case is conducted and decided; the memo says 'blandt andet'."""

SERVICE: Final[Mapping[str, Mapping[str, str]]] = {
    "quick_and_smooth": {"en": "quick and smooth handling", "da": "hurtig og smidig sagsbehandling"},
    "processing_time": {
        "en": "time taken by decisions and by answers to enquiries",
        "da": "sagsbehandlingstid for afgørelser og henvendelser",
    },
    "no_feedback": {
        "en": "feedback lacking on enquiries by telephone, in person or in writing",
        "da": "manglende tilbagemelding på henvendelser",
    },
    "status_not_told": {"en": "not told of the status of the case", "da": "manglende orientering om sagens status"},
    "conduct": {"en": "conduct of the staff, polite and considerate", "da": "personalets optræden"},
    "telephone_service": {"en": "telephone service", "da": "telefonbetjeningen"},
    "letters": {"en": "how letters to citizens are written", "da": "hvordan der skrives til borgerne"},
    "forms_and_material": {
        "en": "what forms and written material tell citizens",
        "da": "oplysninger i skemaer og skriftligt materiale",
    },
    "in_writing_otherwise": {
        "en": "in writing where no law says so",
        "da": "skriftlighed i andre sager end de lovregulerede",
    },
}
"""Nine requirements of service; the memo says 'blandt andet'."""

FAILURES: Final = ("no_feedback", "status_not_told")
"""The requirements that the memo words as failures: what they say must not be so."""
