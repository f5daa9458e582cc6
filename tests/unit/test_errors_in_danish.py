"""Every sentence of an error has its Danish: in the code, as `Words`, or in the table of Danish errors."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs
import pytest

from casequality.errors import in_danish

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
PARTS = ("what", "where", "got", "allowed", "remedy")
DEPTH = 4
"""How many hands a sentence may pass through between who says it and the error that is raised."""

STAYS_ENGLISH = {
    "src/casequality/testing": "the kit speaks to the author of a plugin, inside a run of pytest, which is English",
    "src/casequality/__init__.py": "what Python says of a name that is not there",
}


class Sentences:
    """The English sentences that the errors of a set of modules are made of; `{}` stands for what is put in.

    A sentence is followed through variables, constants, loops over a constant and parameters, back to who writes it.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.trees = {name: ast.parse(text) for name, text in sources.items()}
        self.above: dict[ast.AST, ast.AST] = {}
        self.calls: dict[str, list[tuple[str, ast.Call]]] = {}
        self.taken = {name: taken(tree) for name, tree in self.trees.items()}
        self.raising = {"CaseQualityError", "Gap", "unknown", "raise_together"}
        self.classes: Counter[str] = Counter()
        bases: dict[str, set[str]] = {}
        for name, tree in self.trees.items():
            for node in ast.walk(tree):
                self.above.update(dict.fromkeys(ast.iter_child_nodes(node), node))
                if isinstance(node, ast.Call):
                    self.calls.setdefault(called(node), []).append((name, node))
                elif isinstance(node, ast.ClassDef):
                    self.classes[node.name] += 1
                    bases.setdefault(node.name, set()).update(ast.unparse(each) for each in node.bases)
        for _ in bases:
            self.raising |= {name for name, of in bases.items() if of & self.raising}
        self.raising |= {name for tree in self.trees.values() for name in self.passing_on(tree)}

    def passing_on(self, tree: ast.AST) -> Iterator[str]:
        """Yield the functions that raise an error with whatever keywords they are given."""
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (rest := node.args.kwarg):
                calls = [each for each in ast.walk(node) if isinstance(each, ast.Call) and called(each) in self.raising]
                if any(
                    each.arg is None and ast.unparse(each.value) == rest.arg for call in calls for each in call.keywords
                ):
                    yield node.name

    def found(self) -> Iterator[tuple[str, Said]]:
        """Yield the part of an error that each is, and where it is said."""
        for module, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and self.raises(node):
                    given = [("what", each) for each in node.args[:1]]
                    given += [(each.arg, each.value) for each in node.keywords if each.arg in PARTS]
                    for part, value in given:
                        yield from ((part, said) for said in self.said(value, module, DEPTH))

    def raises(self, node: ast.Call) -> bool:
        """Return whether a call makes an error, or one of two kinds of errors."""
        each = [node.func.body, node.func.orelse] if isinstance(node.func, ast.IfExp) else [node.func]
        return any(getattr(one, "id", getattr(one, "attr", "")) in self.raising for one in each)

    def said(self, node: ast.AST | None, module: str, deep: int) -> Iterator[Said]:
        """Yield the sentences that an expression can be."""
        match node:
            case ast.Constant(value=str(text)):
                yield Said(text, module, node.lineno)
            case ast.JoinedStr(values=values):
                parts = [each.value if isinstance(each, ast.Constant) else "{}" for each in values]
                yield Said("".join(map(str, parts)), module, node.lineno)
                for each in values:
                    if isinstance(each, ast.FormattedValue):
                        yield from (attrs.evolve(said, put_in=True) for said in self.said(each.value, module, deep))
            case ast.Name() if deep:
                yield from self.named(node, module, deep - 1)
            case ast.Call(func=ast.Name(id=name)) if deep and name != "meant":
                yield from self.answered(node, module, deep - 1)
            case ast.Attribute(value=ast.Name(id="self")) if deep:
                yield from self.field(node, module, deep - 1)
            case _:
                for each in ways(node):
                    yield from self.said(each, module, deep)

    def named(self, node: ast.Name, module: str, deep: int) -> Iterator[Said]:
        """Yield the sentences that a name can stand for."""
        scope: ast.AST | None = self.above.get(node)
        while scope is not None:
            if isinstance(scope, ast.FunctionDef):
                yield from self.assigned(ast.walk(scope), node.id, module, deep)
                if node.id in [
                    each.arg for each in [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
                ]:
                    yield from self.said(default(scope, node.id), module, deep)
                    for where, call in self.calls.get(scope.name, []):
                        near = (
                            where == module or scope.name in self.taken[where] or isinstance(call.func, ast.Attribute)
                        )
                        if near and not ast.unparse(call.func).startswith("sys."):
                            yield from self.said(argument(call, scope, node.id), where, deep)
                    return
            scope = self.above.get(scope)
        yield from self.assigned(ast.iter_child_nodes(self.trees[module]), node.id, module, deep)
        if node.id.isupper() and node.id in self.taken[module]:
            for other, tree in self.trees.items():
                yield from self.assigned(ast.iter_child_nodes(tree), node.id, other, 0) if other != module else ()

    def answered(self, node: ast.Call, module: str, deep: int) -> Iterator[Said]:
        """Yield the sentences that a function can answer with."""
        for other, tree in self.trees.items():
            if other == module or called(node) in self.taken[module]:
                for function in ast.iter_child_nodes(tree):
                    if isinstance(function, ast.FunctionDef) and function.name == called(node):
                        for each in ast.walk(function):
                            if isinstance(each, ast.Return):
                                yield from self.said(each.value, other, deep)

    def field(self, node: ast.Attribute, module: str, deep: int) -> Iterator[Said]:
        """Yield the sentences that a field of an attrs class can be."""
        scope: ast.AST = node
        while not isinstance(scope, ast.ClassDef):
            if isinstance(scope, ast.Module):  # of another's field, in a function
                return
            scope = self.above[scope]
        fields = [ast.unparse(each.target) for each in scope.body if isinstance(each, ast.AnnAssign)]
        for where, call in self.calls.get(scope.name, []):
            if where != module and (self.classes[scope.name] > 1 or scope.name not in self.taken[where]):
                continue
            named = {each.arg: each.value for each in call.keywords if each.arg}
            given = dict(zip(fields, call.args, strict=False)) | named
            yield from self.said(given.get(node.attr), where, deep)

    def assigned(self, nodes: Iterable[ast.AST], name: str, module: str, deep: int) -> Iterator[Said]:
        """Yield the sentences that a name is assigned."""
        for node in nodes:
            pairs: list[tuple[ast.expr, ast.expr | None]] = []
            if isinstance(node, ast.Assign):
                pairs = [(target, node.value) for target in node.targets]
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr):
                pairs = [(node.target, node.value)]
            elif isinstance(node, ast.For):
                pairs = [(node.target, each) for each in self.items(node.iter, module)]
            for target, value in pairs:
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    inner: list[tuple[ast.expr, ast.expr | None]] = [*zip(target.elts, value.elts, strict=False)]
                else:
                    inner = [(target, value)]
                for to, what in inner:
                    if isinstance(to, ast.Name) and to.id == name:
                        yield from self.said(what, module, deep)

    def items(self, node: ast.expr, module: str) -> list[ast.expr]:
        """Return what a loop goes through: the entries of a tuple, itself or as a constant of the module."""
        if isinstance(node, ast.Name):
            constants = [
                each
                for each in ast.iter_child_nodes(self.trees[module])
                if isinstance(each, ast.Assign | ast.AnnAssign)
            ]
            targets = [
                (each.targets[0] if isinstance(each, ast.Assign) else each.target, each.value) for each in constants
            ]
            node = next((value for to, value in targets if value and ast.unparse(to) == node.id), node)
        return node.elts if isinstance(node, ast.Tuple | ast.List) else []


@attrs.frozen
class Said:
    """A sentence, and the module and line where it is written."""

    text: str
    module: str
    line: int
    put_in: bool = False


def ways(node: ast.AST | None) -> list[ast.expr]:
    """Return what an expression chooses between, or begins with."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BoolOp(values=values):
            return values
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return elements
        case ast.BinOp(left=left):
            return [left]
        case ast.Call(func=ast.Name(id="meant"), args=[_, otherwise]):
            return [otherwise]
    return []


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def taken(tree: ast.AST) -> set[str]:
    return {each.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for each in node.names}


def default(function: ast.FunctionDef, name: str) -> ast.expr | None:
    """Return what a parameter is where a call says nothing."""
    args = function.args
    placed = [*args.posonlyargs, *args.args]
    last = placed[len(placed) - len(args.defaults) :]
    found = [*zip(last, args.defaults, strict=True), *zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return next((value for parameter, value in found if parameter.arg == name), None)


def argument(call: ast.Call, function: ast.FunctionDef, name: str) -> ast.expr | None:
    """Return what a call gives for a parameter."""
    for each in call.keywords:
        if each.arg == name:
            return each.value
    places = [each.arg for each in [*function.args.posonlyargs, *function.args.args] if each.arg not in ("self", "cls")]
    return dict(zip(places, call.args, strict=False)).get(name)


CODE = re.compile(r"""`[^`]*`|"[^"]*"|'[^']*'|\{\}|\S*[=_./<>\[\](){}*:\\]\S*|--\S+""")
PLACE = re.compile(
    r"\b(row|column|line|entry|goal|sheet|day|group|calendar|connection|reading|case|output|table|source)\b"
)
KEYS = {"entry {}, {}", "entry {}: {}, {}", "source, {}", "each = {}, aggregate = {}", "prepare = {}", "{}, under {}"}
"""What is of keys of a file, but for what is put in."""

ALIKE = {
    *("{} bytes", "dtype {}", "Arrow table", "SQLSTATE {}", "id, title, records, outcomes", "1 calendar day"),
    *("SELECT ..., WITH ... SELECT ...", "in writing", "new case", "working day", "goal set"),
}
"""What a reader of Danish meets in English as well: names that others gave, and what is written so in a file."""


BOTH = "src/casequality/privacy.py"
"""Where what a citizen is known by is called stands in a tuple of both languages."""


def speaks(part: str, said: Said) -> bool:
    """Return whether a sentence has English words that a reader of Danish needs: not keys, code or values alone."""
    bare = CODE.sub(" ", said.text)
    if (
        " " not in said.text.strip()
        or said.text in KEYS | ALIKE
        or said.module == BOTH
        or said.text.startswith(("pip install", "rules = "))
    ):
        return False
    if said.put_in:
        return part in ("what", "remedy") and re.search(r"^[A-Z][a-z]", bare) is not None
    if part == "where":
        return PLACE.search(bare) is not None
    return re.search(r"(?<![\w-])([A-Za-z]{4,}|or|and|of|from|the|its|see|use|add|one)(?!\w)", bare) is not None


@pytest.fixture(scope="module", name="said")
def every_sentence() -> list[tuple[str, Said]]:
    sources = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in SHIPPED}
    return list(Sentences(sources).found())


@pytest.fixture(scope="module", name="table")
def danish_table() -> Mapping[str, Mapping[str, str]]:
    file = ROOT / "src" / "casequality" / "errors.da.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def test_every_sentence_of_an_error_has_its_danish(
    said: list[tuple[str, Said]], table: Mapping[str, Mapping[str, str]]
) -> None:
    known = table["sentences"].keys() | table["inserted"].keys() | table["kinds"].keys()
    lacking = {
        f"{one.module}:{one.line}: {one.text}"
        for part, one in said
        if speaks(part, one) and one.text not in known and not one.module.startswith(tuple(STAYS_ENGLISH))
    }
    assert sorted(lacking) == []


def test_what_stays_english_is_there() -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in SHIPPED}
    assert [each for each in STAYS_ENGLISH if not any(module.startswith(each) for module in modules)] == []


def test_the_table_has_no_sentence_that_no_error_says(
    said: list[tuple[str, Said]], table: Mapping[str, Mapping[str, str]]
) -> None:
    assert sorted(table["sentences"].keys() - {one.text for _, one in said}) == []


def test_what_is_put_in_stands_in_the_danish(table: Mapping[str, Mapping[str, str]]) -> None:
    """Each sentence is found again with values in it, also where another one is like it, and keeps all of them."""
    values = [f"værdi{place}" for place in range(9)]
    for english, danish in table["sentences"].items():
        given, wanted = english, danish
        for value in values:
            given, wanted = given.replace("{}", value, 1), wanted.replace("{}", value, 1)
        assert in_danish(given) == wanted
        assert [each for each in values if each in given] == [each for each in values if each in in_danish(given)]


ENGLISH = {"the", "of", "is", "are", "was", "and", "or", "which", "that", "with", "without", "not", "from", "its", "it"}


def test_the_danish_has_no_english_words(table: Mapping[str, Mapping[str, str]]) -> None:
    for danish in (*table["sentences"].values(), *table["inserted"].values()):
        assert set(re.findall(r"\w+", CODE.sub(" ", danish))) & ENGLISH == set(), danish


@pytest.mark.parametrize(
    "source",
    [
        'raise UsageError("No such thing", got=1)',
        'raise UsageError(W, got=1)\nW = "No such thing"',
        'def f(x):\n    text = "No such thing" if x else WORDS\n    raise UsageError(text)',
        'def f(what):\n    raise UsageError(what)\ndef g():\n    f("No such thing")',
        'def f(what="No such thing"):\n    raise UsageError(what)',
        'def f(what):\n    return g(what)\ndef g(said):\n    return UsageError(said)\nf(what="No such thing")',
        'ROWS = (("a", "No such thing"),)\ndef f():\n    for name, told in ROWS:\n        raise UsageError(told)',
        'class Odd(UsageError): ...\nraise Odd("No such thing")',
        'def f(**rest):\n    raise UsageError(W, **rest)\nf(remedy="No such thing")',
        'class A:\n    a: int\n    b: str\n    def f(self):\n        raise UsageError(self.b)\nA(1, "No such thing")',
        'raise UsageError(W, remedy=meant([], "No such thing"))',
        'raise UsageError(f"{what} it is")\nwhat = "No such thing"',
    ],
)
def test_a_sentence_is_followed_to_who_says_it(source: str) -> None:
    errors = "class CaseQualityError: ...\nclass UsageError(CaseQualityError): ..."
    assert "No such thing" in {one.text for _, one in Sentences({"errors": errors, "here": source}).found()}


def test_words_in_both_languages_are_none_of_them() -> None:
    source = 'raise CaseQualityError(Words("No such thing", "Det er der ikke"), got=f"{1}", where="a.toml")'
    found = Sentences({"here": source}).found()
    assert [one.text for part, one in found if speaks(part, one)] == []
