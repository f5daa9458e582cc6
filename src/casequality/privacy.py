"""What a text may not carry of a citizen: numbers like a CPR number, e-mail addresses, telephone numbers.

It is the lowest floor: every error, text in two languages, finding, label of a code and printed line passes `masked`.
A name cannot be told from another word. So what a source writes is not shown at all, unless somebody declared it:
`columns_told` and `hashed` are how it is spoken of instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

GAP: Final = r"[\s\u00a0\u2010-\u2015\u2212\u202f_/-]{0,12}"
"""What may stand between the parts of a number: spaces and hyphens of every kind."""

CPR: Final = re.compile(
    # a running number with zeros before it (the entries of a store's log) is none: no month is the 00th
    rf"(?<!\d)(?<!\d[.,])(?!0{{6}}\d{{4}}(?!\d))\d{{6}}{GAP}\d{{4}}(?!\d)(?![.,]\d)"
    rf"|(?<!\d)(?<!\d[-. /])\d\d(?P<mark>[-. /])\d\d(?P=mark)\d\d{GAP}\d{{4}}(?![-.]?\d)"
)
"""Six digits and four that are part of no longer run, whatever the day: it may be invented or raised by 60."""
EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]+(?:@|\s?[\[(](?:at|snabel-?a)[\])]\s?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
PHONE: Final = re.compile(
    rf"(?:\+|\b00){GAP}45{GAP}\d\d(?:{GAP}\d\d){{3}}(?!\d)"
    r"|(?<!\d)(?<!\d[-,. ])\d\d(?P<by>[ \u00a0\u202f-])\d\d(?P=by)\d\d(?P=by)\d\d(?![-,.]?\d)(?! \d)"
)
DIGEST: Final = re.compile(r"(?<![0-9a-f])(?=[0-9]*[a-f])[0-9a-f]{16,128}(?![0-9a-f])|(?<=\(code )[0-9a-f]{12}(?=\))")
"""Ten digits in a row are not rare in a digest of something else."""
MARKUP: Final = re.compile(r"<[^<>]{0,80}>|&#?\w{1,8};|[*~`\u00ad\u200b-\u200d\u2060\ufeff]")
"""What a page or a text does not show: it may stand anywhere in a number."""
DIGITS: Final = re.compile(r"\d")
FEWEST: Final = 8
"""No number that is looked for has fewer digits."""
AT: Final = re.compile(r"@|&#|\((?:at|snabel)|\[(?:at|snabel)", re.IGNORECASE)

KINDS: Final = (
    (CPR, "a number like a CPR number", "et nummer, der ligner et CPR-nummer", "******-****"),
    (EMAIL, "an e-mail address", "en e-mailadresse", "***@***"),
    (PHONE, "a telephone number", "et telefonnummer", "** ** ** **"),
)
"""Each pattern, what it is called in both languages, and what stands in its place where a text must go on."""


def masked(text: str) -> str:
    """Return a text in which nothing is left that looks like a number or an address of a citizen.

    >>> masked("from 320199-0000, hans@example.dk, +45 12 34 56 78; see 2009-151170")
    'from ******-****, ***@***, ** ** ** **; see 2009-151170'
    """
    if not _may_hold(text):
        return text
    out, end = [], 0
    for first, last, kind in sorted(_spans(text)):
        if first >= end:
            out += [text[end:first], KINDS[kind][3]]
        end = max(end, last)
    return "".join([*out, text[end:]])


def personal(text: str) -> tuple[str, str] | None:
    """Return what of a citizen a text may hold, in English and Danish; None for nothing."""
    kind = min((kind for _, _, kind in _spans(text)), default=None) if _may_hold(text) else None
    return None if kind is None else KINDS[kind][1:3]


def _may_hold(text: str) -> bool:
    return len(DIGITS.findall(text)) >= FEWEST or AT.search(text) is not None


def _spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield where a text holds something, and which of `KINDS`; with what is not seen left out, and as a space."""
    digests = [found.span() for found in DIGEST.finditer(text)]
    views = [(text, range(len(text) + 1))] if not MARKUP.search(text) else [_without(text, mark) for mark in ("", " ")]
    for view, places in views:
        for kind, (pattern, *_) in enumerate(KINDS):
            for found in pattern.finditer(view):
                first, last = places[found.start()], places[found.end() - 1] + 1
                if not any(begun <= first and last <= end for begun, end in digests):
                    yield first, last, kind


def _without(text: str, mark: str) -> tuple[str, list[int]]:
    """Return a text as it is read, tags replaced, and the place that each of its characters had."""
    import html  # neither this nor a digest is needed by most commands

    out: list[str] = []
    places: list[int] = []
    end = 0
    for found in MARKUP.finditer(text):
        read = html.unescape(found[0]) if found[0][0] == "&" else mark if found[0][0] == "<" else ""
        out += [text[end : found.start()], read]
        places += [*range(end, found.start()), *[found.start()] * len(read)]
        end = found.end()
    return "".join([*out, text[end:]]), [*places, *range(end, len(text) + 1)]


def masked_plain(value: Any) -> Any:
    """Return plain data in which every text is masked, names of keys too."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {masked_plain(key): masked_plain(each) for key, each in value.items()}
    return type(value)(map(masked_plain, value)) if type(value) in (list, tuple) else value


HASHED: Final = "#"
"""With what a digest begins that stands for a label."""


def hashed(label: str) -> str:
    """Return what is shown of a label that nobody declared: the same for the same label, and not the label.

    Whoever guesses a label can find out that it is this one: it is no secret, it is not read by accident.
    """
    from hashlib import blake2b

    return f"{HASHED}{blake2b(label.encode(errors='surrogatepass'), digest_size=4).hexdigest()}"


def columns_told(found: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Return how the columns of a source may be spoken of: those that are known by name, the others by their places.

    known: what record types and mappings call columns. A file without a header has a citizen where names should be.

    >>> columns_told(["case", "Hans Hansen", "32 Long Street", "closed_on"], {"case", "closed_on"})
    ('case', 'closed_on', 'and 2 others, at the places 2, 3')
    """
    names: list[str] = []
    others: list[int] = []
    for place, name in enumerate(found, start=1):
        if name in known:
            names.append(masked(name))
        else:
            others.append(place)
    if not others:
        return tuple(names)
    many, shown = len(others), ", ".join(map(str, others[:MOST])) + (" ..." if len(others) > MOST else "")
    if not names:
        found = f"none that is known: {many}, at the places {shown}"
        return (found if many > 1 else f"none that is known: 1, at the place {shown}",)
    return (*names, f"and {many} others, at the places {shown}" if many > 1 else f"and 1 other, at the place {shown}")


MOST: Final = 20
