"""Where the goals for correspondence come from, and what their sources leave open."""

from __future__ import annotations

import datetime as dt

import casequality as cq

GUARANTEE = cq.Citation(
    title="Mål for sagsbehandling og service til borgerne",
    document="2009-151170",
    section="tilbagemeldingsgarantien; decided as BR 337/06 of 1 June 2006",
    adopted=dt.date(2009, 11, 24),
    certain=False,
    question="footnote 2 of the source has no text, and the decision of 2006 itself was not read",
)
ACCESS = cq.Citation(
    title="Mål for sagsbehandling og service til borgerne",
    document="2009-151170",
    section="tidsfristen for besvarelse af indsigt/aktindsigt",
    adopted=dt.date(2009, 11, 24),
)
DELAY = cq.Citation(
    title="Offentlighedsloven, and forvaltningsloven as amended",
    document="lov nr. 606 og nr. 638 af 12. juni 2013",
    section="§ 36, stk. 2; § 16, stk. 2",
    adopted=dt.date(2013, 6, 12),
)
PROMISES = cq.Citation(
    title="The ombudsman on notices with dates that were not realistic",
    document="FOB 2021-31",
    certain=False,
    question="not in the seed documents; the ombudsman's statement sets no measure, so the figure is casequality's own",
)
MEMO = "Kvalitets- og tilsynskontorets notat om temaer for kvalitetsudvikling, 2006"
INFORMED = cq.Citation(
    title=MEMO,
    section="temaområde 1, om løbende orientering af parten",
    adopted="not in the source",
    certain=False,
    question="the source does not say how often a citizen is to be told how the case stands",
)
REACTION = cq.Citation(
    title=MEMO,
    section="5.5, hurtigere reaktionstid i forhold til oplysninger og underretninger",
    adopted="not in the source",
    certain=False,
    question="the source asks for a faster reaction and sets no deadline",
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
