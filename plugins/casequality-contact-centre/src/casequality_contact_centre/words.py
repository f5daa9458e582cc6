"""What several metrics of calls say, in English and Danish."""

from __future__ import annotations

from typing import Final

ENDINGS: Final = {
    "never_queued": {"en": "ended in the voice menu", "da": "afsluttet i telefonmenuen"},
    "abandoned_untimed": {"en": "abandoned, wait not known", "da": "opgivet, ventetid ukendt"},
    "abandoned_short": {"en": "abandoned at once", "da": "opgivet straks"},
    "abandoned": {"en": "abandoned later", "da": "opgivet senere"},
    "waiting": {"en": "still waiting", "da": "venter stadig"},
}
"""What a call is called that was not answered, by outcome."""

SETTINGS: Final = {
    "ends_recorded": {
        "en": "the telephone system records when a call ends",
        "da": "telefonsystemet registrerer, hvornår et opkald slutter",
    },
    "short_seconds": {
        "en": "seconds within which giving up is giving up at once",
        "da": "sekunder, inden for hvilke et opgivet opkald er opgivet straks",
    },
    "wait_from": {"en": "the wait begins", "da": "ventetiden begynder"},
    "queue": {"en": "in the queue", "da": "i køen"},
    "arrival": {"en": "on arrival at the number", "da": "ved ankomsten til nummeret"},
}
"""What can be set of how calls are counted, and to what."""

NO_CALL: Final = {"no_call": {"en": "the row stands for no call", "da": "rækken står for intet opkald"}}
SHORT_ABANDONS: Final = {
    "counted": {
        "en": "a caller who gives up at once counts as not answered",
        "da": "et opkald, der opgives straks, tæller som ikke besvaret",
    },
    "dropped": {
        "en": "a caller who gives up within short_seconds is left out",
        "da": "et opkald, der opgives straks, holdes ude",
    },
}
MENU_LEFT_OUT: Final = {
    "en": "a call that ends before it is queued is left out",
    "da": "et opkald, der slutter, før det kommer i kø, holdes ude",
}
VOICE_MENU: Final = {
    "left_out": MENU_LEFT_OUT,
    "counted": {
        "en": "a call that ends before it is queued counts as not answered",
        "da": "et opkald, der slutter, før det kommer i kø, tæller som ikke besvaret",
    },
}
NOT_IN_THE_RECORDS: Final = {
    "en": "Blocked and busy calls are not in the records.",
    "da": "Afviste opkald og opkald, der fik optagettone, er ikke med i data.",
}
