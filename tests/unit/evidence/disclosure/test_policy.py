"""A policy says what it needs to protect, or is refused with the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from casequality.errors import CaseQualityError, InputError, UnknownName, UsageError
from casequality.evidence.disclosure import Policy, policy_of


def test_a_policy_left_to_itself_withholds_counts_under_five() -> None:
    policy = Policy()
    assert (policy.threshold, policy.method, policy.zeros, policy.revisions) == (5, "suppress", "public", "protected")
    assert "5" in policy.said().en
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        policy.threshold = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"threshold": 1}, "threshold"),
        ({"threshold": True}, "threshold"),
        ({"threshold": "5"}, "threshold"),
        ({"method": "blur"}, "method"),
        ({"zeros": "hidden"}, "zeros"),
        ({"revisions": "none"}, "revisions"),
        ({"public": ["week"]}, "public"),
        ({"method": "round"}, "key"),
        ({"method": "round", "key": "short"}, "key"),
        ({"method": "round", "key": "k" * 16, "base": 4}, "base"),
        ({"base": 5}, None),
        ({"key": "k" * 16}, None),
    ],
)
def test_nonsense_is_refused_at_its_place(given: dict[str, Any], where: str | None) -> None:
    with pytest.raises((UsageError, UnknownName)) as caught:
        Policy(**given)
    assert caught.value.where == where
    assert caught.value.remedy


def test_a_key_is_shown_nowhere() -> None:
    policy = Policy(method="round", key="a secret of the municipality")
    assert "secret" not in repr(policy)
    assert "secret" not in str(policy.to_dict())


def test_a_table_of_toml_names_its_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "rounding.key").write_text("0123456789abcdef\n", encoding="utf-8")
    policy = policy_of({"method": "round", "key": "rounding.key", "ledger": "told.ledger"}, tmp_path)
    assert (policy.key, policy.ledger) == ("0123456789abcdef", tmp_path / "told.ledger")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"treshold": 5}, UnknownName),
        ({"nested": ["one"]}, UsageError),
        ({"identifying": 5}, UsageError),
        ({"method": "round", "key": "absent.key"}, InputError),
    ],
)
def test_a_table_of_toml_that_says_something_else_is_refused(
    given: dict[str, Any], kind: type[CaseQualityError], tmp_path: Path
) -> None:
    with pytest.raises(kind):
        policy_of(given, tmp_path)
