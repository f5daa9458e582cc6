"""A manifest as it stands in a page: what goals have in common once, and of many goals packed; and whole again."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

MANIFEST: Final = "urn:casequality:manifest:2"
PACKED: Final = "urn:casequality:manifest:3"
"""A manifest in which what is said of each goal is packed as zlib does."""
MANY: Final = 100
"""Of so many goals it is packed."""
PARTS: Final = ("common", "goals", "told")
"""What of it is packed."""
MOST: Final = 64 << 20
"""So many bytes may be packed."""
NO_DIGEST: Final = "0" * 64
"""What stands in place of the digest while the digest is reckoned."""


def embedded(manifest: Mapping[str, Any]) -> str:
    """Return a manifest as it stands in a page, where nothing in it can end the element, with room for the digest.

    What most goals have in common is said once, as "common"; a goal has what is its own. Of many goals that is packed.
    """
    goals = manifest["goals"]
    common = _common(list(goals.values()))
    own = {name: _own(goal, common) for name, goal in goals.items()}
    whole = {**manifest, "common": common, "goals": own, "digest": NO_DIGEST}
    if len(goals) >= MANY:
        each = json.dumps({name: whole.pop(name) for name in PARTS}, ensure_ascii=False, separators=(",", ":"))
        whole |= {"$schema": PACKED, "packed": b64encode(zlib.compress(each.encode(), 9)).decode()}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ": "))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def with_page_digest(text: str) -> str:
    """Return a page with its digest in the place that `embedded` left for it."""
    return text.replace(f'"digest": "{NO_DIGEST}"', f'"digest": "{digest_of(text)}"', 1)


def digest_of(text: str) -> str:
    """Return the digest of a page that has none yet, whatever lines are blank at its end."""
    return sha256(text.rstrip("\n").encode()).hexdigest()


def made_whole(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest with all that is its own of each goal; raise an error of what is broken or too large."""
    whole = dict(manifest)
    if whole["$schema"] == PACKED:
        reader = zlib.decompressobj()
        each = json.loads(reader.decompress(b64decode(whole.pop("packed"), validate=True), MOST))
        if not reader.eof:
            raise ValueError
        whole |= {name: each[name] for name in PARTS}
    common = whole.pop("common", {})
    whole["goals"] = {name: _whole(own, common) for name, own in whole["goals"].items()}
    return whole


def _common(given: list[Any]) -> Any:
    """Return what most of several tables hold under the names that all of them have."""
    found = {}
    for name in given[0] if given else ():
        values = [each[name] for each in given if name in each]
        if len(values) < len(given):
            continue
        if all(isinstance(each, dict) for each in values):
            found[name] = _common(values)
        elif not any(isinstance(each, dict) for each in values):
            [(text, times)] = Counter(map(json.dumps, values)).most_common(1)
            if times > 1:
                found[name] = json.loads(text)
    return found


def _own(given: Any, common: Any) -> Any:
    """Return what a table holds beyond, or other than, what is common; `_whole` makes it whole again."""
    found = {}
    for name, each in given.items():
        if isinstance(common.get(name), dict):
            if own := _own(each, common[name]):
                found[name] = own
        elif name not in common or json.dumps(common[name]) != json.dumps(each):
            found[name] = each
    return found


def _whole(own: Any, common: Any) -> Any:
    merged = {
        name: _whole(own.get(name, {}), each) if isinstance(each, dict) else each for name, each in common.items()
    }
    return {**merged, **{name: each for name, each in own.items() if not isinstance(common.get(name), dict)}}
