"""The guard: what is masked, what is not, and that no error, text or file of a project goes round it."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

from casequality import errors
from casequality.errors import CaseQualityError, InputError, MissingColumn, UnknownName, UsageError, Words
from casequality.privacy import columns_told, hashed, masked, masked_plain, personal
from casequality.records import Records, day, key, source
from casequality.toml import parse_toml

ROOT = Path(__file__).resolve().parents[2]
# all of them impossible: there is no day 32, 33 or 99
NUMBERS = [
    *("320199-0000", "3201990000", "320199 0000", "320199  -  0000", "320199\u00a00000", "320199\u20110000"),
    *("32.01.99-0000", "32 01 99 0000", "32-01-99-0000", "320199_0000", "320199/0000", "32019\u200b90000"),
    *("320199<b>-</b>0000", "**320199**-0000", "320199&nbsp;0000", "320199&#8209;0000", "<td>320199</td><td>0000</td>"),
    *(
        "32019<i>9-0</i>000",
        "brev_3201990000.csv",
        "cpr3201990000",
        "sag 12-320199-0000",
        "920199-0000",
        "nr.320199-0000.",
    ),
    *("(320199-0000)", "320199-\n0000", "\u0663\u0662\u0660\u0661\u0669\u0669-0000"),
]
ADDRESSES = [
    "hans@kk.dk",
    "hans.h+x@a.b.dk",
    "<b>hans</b>@kk.dk",
    "hans (at) kk.dk",
    "HANS[snabel-a]KK.DK",
    "hans&#64;kk.dk",
]
CALLS = [
    "+45 12345678",
    "+4512345678",
    "0045 12 34 56 78",
    "12 34 56 78",
    "12-34-56-78",
    "tlf.: 12 34 56 78.",
    "+45 12 34 56 78",
]
NONE = [
    *("2009-151170", "2010-03-01", "2010-03-01 2010-12-31", "2010-04-01..2010-12-31", "20100301120000"),
    *("2010-03-01T12:00:00.123456+02:00", "1,234,567,890", "1.234.567.890", "0000000017.json", "a" * 64, "12:34:56"),
    *("1234567", "12345678", "copenhagen-2010", "LBK 1023 af 24/10 2012", "12 34 56", "10.50 11.20", "user@host"),
    *(
        "2026-11-29 20:11:55",
        "lov nr. 214 af 6. marts 2023",
        "40,7743123456",
        "9007199254.740993",
        "f7" * 8 + "1234567890ab",
    ),
    *("12 34 56 78 90 12", "2010-06-30 23:59", "08:00-12:00, 12:30-17:00", "§ 36, stk. 2"),
]


@pytest.mark.parametrize("text", [*NUMBERS, *ADDRESSES, *CALLS])
def test_what_looks_like_a_citizens_is_masked_wherever_it_stands(text: str) -> None:
    for whole in (text, f"before {text} after", f"({text})", f"»{text}«"):
        assert masked(whole) != whole
        assert not any(part in masked(whole) for part in ("0000", "320199", "kk.dk", "34", "hans"))
        assert masked(masked(whole)) == masked(whole)
        assert personal(whole) is not None


@pytest.mark.parametrize("text", NONE)
def test_what_is_another_number_is_left(text: str) -> None:
    assert masked(text) == text
    assert personal(text) is None


def test_what_it_is_called() -> None:
    assert [personal(text)[0] for text in ("320199-0000", "a@b.dk", "+45 12345678")] == [  # type: ignore[index]
        "a number like a CPR number",
        "an e-mail address",
        "a telephone number",
    ]


def test_long_texts_take_no_longer_than_they_are() -> None:
    """Each would take hours where a pattern went back over what it has seen."""
    for piece in ("12 ", "1-", "a.", "123456<", "<", "&#4", "320199-", "*", "a@"):
        assert isinstance(masked(piece * 20_000 + "@"), str)


def test_plain_data_are_masked_with_their_names() -> None:
    plain = {"320199-0000": ["a@b.dk", 3201990000, None], "x": {"y": ("320199-0000", True)}}
    assert masked_plain(plain) == {"******-****": ["***@***", 3201990000, None], "x": {"y": ("******-****", True)}}


KINDS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, CaseQualityError)]


@pytest.mark.parametrize("kind", [each for each in KINDS if each is not errors.SeveralErrors])
@pytest.mark.parametrize("secret", ["320199-0000", "hans@kk.dk", "+45 12 34 56 78"])
def test_no_error_holds_one_in_any_of_its_parts(kind: Any, secret: str) -> None:
    class Odd:
        def __str__(self) -> str:
            return secret

    both = Words(f"x {secret}", f"y {secret}")
    for given in (secret, both):
        made = kind(given, where=given, got=given, allowed=given, remedy=given)
        made.where = made.got = f"later {secret}"
        for shown in (str(made), repr(made), made.told("da"), repr(vars(made)), repr(made.args)):
            assert secret not in shown
    for got in (Odd(), [secret], (secret, 1), ValueError(secret), {secret: 1}):
        made = kind("what", got=got, allowed=[secret, Odd()])
        assert secret not in f"{made}{vars(made)!r}"
    assert kind("what", got=12, allowed=["a", 1]).got == 12
    assert kind("what", allowed=["a", 1]).allowed == ("a", 1)


def test_an_error_names_none_that_a_name_resembles() -> None:
    assert "0000" not in str(UnknownName("no", got="320199-0001", allowed=["320199-0000", "x"]))


def test_a_text_in_two_languages_is_masked_when_it_is_made() -> None:
    assert Words("call 12 34 56 78", "ring 12 34 56 78") == Words("call ** ** ** **", "ring ** ** ** **")


@pytest.mark.parametrize("secret", ["320199-0000", "hans@kk.dk", "+45 12 34 56 78"])
@pytest.mark.parametrize(
    "content",
    [
        'title = "{}"',
        '[[comment]]\ncauses = "see {}"',
        '[a."{}"]\nb = 1',
        'labels = ["a", "{}"]',
        'x = {{ y = ["{}"] }}',
    ],
)
def test_a_projects_text_is_refused_with_its_place(content: str, secret: str) -> None:
    with pytest.raises(InputError, match="would be published") as caught:
        parse_toml(content.format(secret), "A project file", "casequality.toml")
    assert secret not in str(caught.value)
    assert "casequality.toml, " in str(caught.value.where)
    assert caught.value.remedy


def test_where_data_lie_may_hold_one() -> None:
    assert parse_toml('[s]\npath = "320199-0000.csv"\ndatabase = "postgresql://a@b.dk/x"', "A project file", "x")


def test_tables_too_deep_within_each_other_are_refused() -> None:
    with pytest.raises(InputError, match="too deep"):
        parse_toml(f"a = {'[' * 5000}{']' * 5000}", "A project file", "x")


def test_what_the_library_and_its_plugins_ship_is_left_as_it_is() -> None:
    texts = [
        node.value
        for path in [*ROOT.glob("src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]
        if path.name not in ("privacy.py", "workbook.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    shipped = [*ROOT.glob("src/**/*.toml"), *ROOT.glob("plugins/*/src/**/*.toml")]
    texts += [str(tomllib.loads(path.read_text("utf-8"))) for path in shipped]
    assert [text for text in texts if masked(text) != text] == []


class Letter(Records, name="letters of the guard"):
    """One letter."""

    letter = key()
    received_on = day()


def test_a_file_without_a_header_shows_no_citizen(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.write_text("Zebedeus Qvist,Storegade 1,received_on\n1,2,3\n", "utf-8")
    with pytest.raises(MissingColumn) as caught:
        source(path, Letter).reading(["letter"])
    assert "Zebedeus" not in str(caught.value)
    assert "Storegade" not in str(caught.value)
    assert caught.value.allowed == ("received_on", "and 2 others, at the places 1, 2")


def test_headers_that_differ_are_told_by_their_places(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("letter,received_on\n", "utf-8")
    (tmp_path / "b.csv").write_text("letter,Zebedeus,received_on\n", "utf-8")
    with pytest.raises(InputError) as caught:
        source(tmp_path / "*.csv", Letter)
    assert caught.value.got == "only in the other: at the place 2"


def test_columns_are_told() -> None:
    assert columns_told(["a", "b"], {"a", "b"}) == ("a", "b")
    assert columns_told(["x", "b"], {"b"}) == ("b", "and 1 other, at the place 1")
    assert columns_told(["x", "y"], ()) == ("none that is known: 2, at the places 1, 2",)
    assert columns_told(map(str, range(30)), ())[0].endswith("19, 20 ...")


def test_a_digest_is_the_same_for_the_same_label_and_no_other() -> None:
    labels = ["Nord", "nord", "", "320199-0000", "\udfff"]
    assert len({hashed(label) for label in labels}) == len(labels)
    assert hashed("Nord") == hashed("Nord")
    assert all(masked(hashed(label)) == hashed(label) for label in labels)


def test_usage_errors_stay_what_they_are() -> None:
    fault = UsageError("Unknown language", got="xx", allowed=("en", "da"))
    assert str(fault) == "Unknown language\n  got:     xx\n  allowed: en, da"
