"""Where the goals for correspondence come from, and what their sources leave open."""

from __future__ import annotations

import datetime as dt

import casequality as cq

GUARANTEE = cq.Citation(
    title="Mål for sagsbehandling og service til borgerne",
    document="2009-151170",
    section={
        "en": "tilbagemeldingsgarantien; decided as BR 337/06 of 1 June 2006",
        "da": "tilbagemeldingsgarantien; vedtaget som BR 337/06 af 1. juni 2006",
    },
    adopted=dt.date(2009, 11, 24),
    certain=False,
    question={
        "en": "footnote 2 of the source has no text, and the decision of 2006 itself was not read",
        "da": "kildens fodnote 2 er uden tekst, og selve beslutningen fra 2006 er ikke læst",
    },
)
ACCESS = cq.Citation(
    title="Mål for sagsbehandling og service til borgerne",
    document="2009-151170",
    section="tidsfristen for besvarelse af indsigt/aktindsigt",
    adopted=dt.date(2009, 11, 24),
)
DELAY = cq.Citation(
    title={
        "en": "Offentlighedsloven, and forvaltningsloven as amended",
        "da": "Offentlighedsloven og den ændrede forvaltningslov",
    },
    document="lov nr. 606 og nr. 638 af 12. juni 2013",
    section="§ 36, stk. 2; § 16, stk. 2",
    adopted=dt.date(2013, 6, 12),
)
PROMISES = cq.Citation(
    title={
        "en": "The ombudsman on notices with dates that were not realistic",
        "da": "Ombudsmanden om underretninger med datoer, der ikke var realistiske",
    },
    document="FOB 2021-31",
    certain=False,
    question={
        "en": "not in the seed documents; the ombudsman's statement sets no measure, so the figure is casequality's "
        "own",
        "da": "ikke i grunddokumenterne; ombudsmandens udtalelse opstiller intet mål, så tallet er casequalitys eget",
    },
)
MEMO = "Kvalitets- og tilsynskontorets notat om temaer for kvalitetsudvikling, 2006"
INFORMED = cq.Citation(
    title=MEMO,
    section="temaområde 1, om løbende orientering af parten",
    adopted="not in the source",
    certain=False,
    question={
        "en": "the source does not say how often a citizen is to be told how the case stands",
        "da": "kilden siger ikke, hvor ofte borgeren skal have besked om, hvor sagen står",
    },
)
REACTION = cq.Citation(
    title=MEMO,
    section="5.5, hurtigere reaktionstid i forhold til oplysninger og underretninger",
    adopted="not in the source",
    certain=False,
    question={
        "en": "the source asks for a faster reaction and sets no deadline",
        "da": "kilden efterspørger en hurtigere reaktion og fastsætter ingen frist",
    },
)
WORDS = {
    "public_access": {"en": "public access", "da": "offentlighedsloven"},
    "party_access": {"en": "a party's access", "da": "forvaltningsloven"},
    "personal_data": {"en": "own personal data", "da": "egne personoplysninger"},
    "environment": {"en": "environmental information", "da": "miljøoplysninger"},
    "simple": {"en": "few documents, clearly identified", "da": "få, klart identificerede dokumenter"},
    "ordinary": {"en": "ordinary", "da": "almindelig"},
    "special": {"en": "special", "da": "særligt tilfælde"},
    "very_special": {"en": "very special", "da": "helt særligt tilfælde"},
    "not_in_force": {"en": "no such deadline was in force", "da": "ingen sådan frist gjaldt"},
    "pending": {"en": "pending", "da": "endnu ikke udløbet"},
    "missed": {"en": "missed", "da": "ikke overholdt"},
    "withdrawn": {"en": "withdrawn in time", "da": "trukket tilbage inden fristen"},
}
"""What codes and outcomes are called that several metrics of this plugin have."""
