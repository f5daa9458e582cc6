"""A source that is said in one text, or in English and Danish."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from casequality import Citation
from casequality.errors import UsageError, Words

TITLE = {"en": "Limitation Act", "da": "Forældelsesloven"}
QUESTION = {"en": "who?", "da": "hvem?"}
BOTH = Citation(title=TITLE, section="§ 27", certain=False, question=QUESTION)


def test_each_language_has_its_own_text_and_a_plain_text_stands_in_both() -> None:
    assert str(BOTH) == BOTH.in_language("en") == "Limitation Act, § 27 (uncertain: who?)"
    assert BOTH.in_language("da") == "Forældelsesloven, § 27 (usikkert: hvem?)"
    one = Citation(title="BR 337/06", certain=False)
    assert (str(one), one.in_language("da")) == (
        "BR 337/06 (uncertain: see the source)",
        "BR 337/06 (usikkert: se kilden)",
    )
    assert (one.title, one.to_dict()) == ("BR 337/06", {"title": "BR 337/06", "certain": False})


def test_a_citation_comes_back_from_plain_data_equal_and_with_the_same_hash() -> None:
    plain = json.loads(json.dumps(BOTH.to_dict()))
    assert plain == {"title": TITLE, "section": "§ 27", "certain": False, "question": QUESTION}
    again = Citation(**plain)
    assert again == BOTH
    assert len({again, BOTH, Citation(title=Words(**TITLE)), Citation(title="Limitation Act")}) == 3
    assert Citation(title="t", adopted=dt.date(2010, 3, 2)).to_dict()["adopted"] == "2010-03-02"


@pytest.mark.parametrize("field", ["title", "document", "section", "question"])
@pytest.mark.parametrize(
    ("text", "got"),
    [({"en": "x"}, "en"), ({"en": "x", "da": " "}, "en, da"), ({"en": "x", "sv": "y"}, "en, sv"), (3, "int")],
)
def test_a_language_that_is_missing_is_asked_for(field: str, text: Any, got: str) -> None:
    with pytest.raises(UsageError, match="A text is needed in both languages") as caught:
        Citation(**{"title": "t", field: text})
    assert caught.value.got == got
    assert caught.value.remedy == 'write { en = "...", da = "..." }'


def test_a_language_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(UsageError, match="Unknown language") as caught:
        BOTH.in_language("sv")
    assert caught.value.allowed == ("en", "da")
