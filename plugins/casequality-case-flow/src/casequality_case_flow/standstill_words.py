"""What the metrics of standstill have in common: words, and the choices that the memo leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import casequality as cq

STATES: Final = {
    "decided": {"en": "decided", "da": "afgjort"},
    "undated": {"en": "a date is missing", "da": "en dato mangler"},
    "open": {"en": "not decided", "da": "ikke afgjort"},
    "threshold": {"en": "standstill longer than", "da": "stilstand længere end"},
}
HOLDERS: Final = {
    "active": {"en": "active", "da": "under behandling"},
    "citizen": {"en": "with the citizen", "da": "hos borgeren"},
    "third_party": {"en": "with a third party", "da": "hos tredjepart"},
    "statutory_step": {"en": "in a statutory step", "da": "i et lovbestemt skridt"},
    "internal_idle": {"en": "idle with the administration", "da": "stilstand i forvaltningen"},
    "unexplained": {"en": "unexplained standstill", "da": "uforklaret stilstand"},
}
WITHOUT: Final = {
    "without": {"en": "decided without a standstill", "da": "afgjort uden stilstand"},
    "open_without": {"en": "open, none so far", "da": "åben, ingen indtil nu"},
}
STATED_CAUSES: Final = {
    "legal_requirements": {"en": "requirements of the law", "da": "lovgivningens krav"},
    "internal_rules": {"en": "own rules, control and IT", "da": "egne retningslinjer, kontrol og it"},
    "missing_guidance": {"en": "missing or unclear guidance", "da": "manglende eller uklare retningslinjer"},
    "citizen": {"en": "the citizen", "da": "borgerens egne forhold"},
    "third_party": {"en": "a third party", "da": "tredjeparts forhold"},
    "organisation": {"en": "organisation and decision process", "da": "organisation og beslutningsproces"},
    "planning": {"en": "unsuitable planning of the case", "da": "uhensigtsmæssig tilrettelæggelse"},
    "other": {"en": "other", "da": "andre forhold"},
    "contradicted": {"en": "stated cause contradicts the log", "da": "den angivne årsag modsiges af loggen"},
    "not_stated": {"en": "cause not stated", "da": "årsag ikke angivet"},
}
OPEN_CASES: Final = cq.choose(
    usual="left_out",
    why={
        "en": "the memo looks at the course of cases and does not say whether they must have ended",
        "da": "notatet ser på sagernes forløb og siger ikke, om de skal være afsluttet",
    },
    says={
        "left_out": {
            "en": "a case counts when it is decided and its whole time is known",
            "da": "en sag tæller med, når den er afgjort, og hele forløbet er kendt",
        },
        "so_far": {
            "en": "an open case counts with its time so far",
            "da": "en åben sag indgår med tiden indtil nu",
        },
    },
    left_out={},
    so_far={"open": cq.YES},
)
UNEXPLAINED: Final = {
    "unsettled": {
        "en": "a standstill that nobody is recorded as causing is unknown: it may be dead time or not",
        "da": "en stilstand, som loggen ikke forklarer, er ukendt: den kan være død tid eller ej",
    },
    "dead": {
        "en": "a standstill that nobody is recorded as causing is dead time",
        "da": "en stilstand, som loggen ikke forklarer, er død tid",
    },
    "not_dead": {
        "en": "only a standstill that is recorded as lying with the administration is dead time",
        "da": "kun en stilstand, der er registreret som forvaltningens egen, er død tid",
    },
}


def unexplained_time(alternatives: Mapping[str, Mapping[str, Any]]) -> cq.Choice:
    """Return the choice of what a standstill is that the log does not explain; the first alternative is the usual."""
    declared: Any = alternatives
    return cq.choose(
        usual=next(iter(alternatives)),
        why={
            "en": "the memo calls a standstill dead that is not due to outside causes, and says nothing of logs that "
            "do not tell",
            "da": "notatet kalder en stilstand død, når den ikke skyldes udefra kommende årsager, og siger intet om "
            "forløb, der ikke er oplyst",
        },
        says={name: UNEXPLAINED[name] for name in alternatives},
        **declared,
    )
