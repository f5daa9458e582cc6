"""What a test wants to know of a piece of HTML, found by Python's own parser."""

from __future__ import annotations

from html.parser import HTMLParser

import attrs

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@attrs.define(slots=False)
class Facts(HTMLParser):
    """Elements with their attributes in order, the text, and whether every element is closed in turn."""

    elements: list[tuple[str, dict[str, str]]] = attrs.field(factory=list)
    open: list[str] = attrs.field(factory=list)
    texts: list[str] = attrs.field(factory=list)
    balanced: bool = True

    def __attrs_pre_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.balanced = False

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def scripts(self) -> int:
        """How many things would run."""
        handlers = [name for _, attributes in self.elements for name in attributes if name.startswith("on")]
        return len(self.all("script")) + len(handlers)

    @property
    def text(self) -> str:
        """The text that a reader sees."""
        return "".join(self.texts)


def parse(html: str) -> Facts:
    """Return the facts of a piece of HTML."""
    facts = Facts()
    facts.feed(html)
    facts.close()
    facts.balanced = facts.balanced and not facts.open
    return facts
