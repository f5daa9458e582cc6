"""Databases: where one is, without its secrets; one query of it, run once and kept; what its errors may say.

A driver's own words never pass on: they may quote a password, or a citizen's value.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import attrs

from casequality.errors import CaseQualityError, InputError, UsageError
from casequality.records.intake.cells import Dialect, Origin, arrow, library
from casequality.records.intake.readers.databases.values import (
    as_told,
    empty,
    fetched_as,
    of_values,
    readable,
    types_told,
)
from casequality.records.intake.readers.spool import QueryTable

ROWS: Final = 16_384
"""Rows of Python values held at a time."""
KINDS: Final = ("sqlite:FILE", "postgresql://USER@HOST/DATABASE", "odbc:Driver={...};Server=...;Database=...")
ADDRESSES: Final = (*KINDS, "env:NAME", "keyring:SERVICE/USER")
SECRET = re.compile(r"\$\{(?:keyring:(?P<service>[^/{}]+)/(?P<user>[^{}]+)|(?P<name>\w+))\}")
WAY_OUT: Final = 'write ${NAME} in its place and set that environment variable, or database = "env:NAME" for all of it'
CONNECTS: Final = ("cursor", "read_arrow_batches")
Batches = Generator[Any, None, None]
"""Record batches of pyarrow, the first without rows to name the columns."""


@attrs.frozen
class Database:
    """Where a database is, as it is written: secrets are named and not there. A file lies in `folder`.

    query: what it is asked, where that is said with it.
    """

    written: str
    folder: Path = Path()
    query: str | None = None

    @classmethod
    def of(cls, written: str, folder: Path = Path(), query: str | None = None) -> Database:
        """Return the database of an address; raise `UsageError` where it holds a password, or the query may write."""
        if not written.startswith(("env:", "keyring:")) and _password(SECRET.sub("", written)):
            raise UsageError(
                "A password is written where others can read it",
                allowed="addresses without a password",
                remedy=WAY_OUT,
            )
        if not is_address(written):
            raise UsageError("An address of a database is of no known kind", allowed=ADDRESSES, remedy="check it")
        if query is not None:
            statement(query)
        return cls(written, folder, query)

    def address(self) -> str:
        """Return the address with its secrets, for the driver alone."""
        kind, _, rest = self.written.partition(":")
        if kind == "env":
            return _variable(rest)
        if kind == "keyring":
            return _keyring(*rest.partition("/")[::2])
        enclosed = _braced if kind == "odbc" else lambda secret: quote(secret, safe="")
        return SECRET.sub(lambda found: enclosed(_secret(found)), self.written)


def is_address(data: object) -> bool:
    """Return whether it is the address of a database, and no path."""
    return isinstance(data, str) and data.startswith(
        ("env:", "keyring:", "sqlite:", "postgresql://", "postgres://", "odbc:")
    )


def is_database(data: object) -> bool:
    """Return whether it is a database, its address, or a connection to one."""
    # asked of the type, since a frame has its columns as attributes
    return is_address(data) or isinstance(data, Database) or any(hasattr(type(data), each) for each in CONNECTS)


def _password(address: str) -> bool:
    """Return whether an address without what stands for secrets still has a password."""
    if address.startswith("odbc:"):
        written = r"[:;]\s*[\w ]*(pwd|password|secret|token)[\w ]*=\s*[^;\s]"
    else:  # a password may have any sign unquoted in it, so that no parser of addresses would find its end
        written = r"//[^@]*:(?!@)[^@]*@|//[^?]*@[^?]*@|[?&]\w*(pass(word|wd)?|pwd|secret|token)=[^&]"
    return re.search(written, address, re.IGNORECASE) is not None


def _secret(found: re.Match[str]) -> str:
    return _variable(found["name"]) if found["name"] else _keyring(found["service"], found["user"])


def _variable(name: str) -> str:
    if not os.environ.get(name):
        raise UsageError(
            "An environment variable that an address of a database names is not set",
            where="database",
            got=name,
            remedy="set it where casequality runs",
        )
    return os.environ[name]


def _keyring(service: str, user: str) -> str:
    found = library("keyring", "keyring").get_password(service, user)
    if not found:
        raise UsageError(
            "The keyring has no entry that an address of a database names", where="database", got=f"{service}/{user}"
        )
    return str(found)


def _braced(secret: str) -> str:
    return "{" + secret.replace("}", "}}") + "}"


_ASIDE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/""", re.DOTALL)
_WRITES = re.compile(r"\b(insert|update|delete|merge|into)\b", re.IGNORECASE)


def statement(query: str) -> str:
    """Return a query that is one statement which reads, without its last semicolon; raise `UsageError` for another."""
    bare = _ASIDE.sub(" ", query).strip().rstrip("; \n\t")
    fault = None
    if not re.match(r"[\s(]*(select|with)\b", bare, re.IGNORECASE):
        fault = "a statement that does not begin with SELECT or WITH"
    elif ";" in bare:
        fault = "several statements"
    elif found := _WRITES.search(bare):
        fault = f"the word {found[0].upper()}"
    if fault:
        raise UsageError(
            "A query is one statement that reads",
            got=fault,
            allowed="SELECT ..., WITH ... SELECT ...",
            remedy="quote a column of such a name; make a view of what cannot be said so",
        )
    # the end of a line, since drivers put the query in brackets and its last line may be a comment
    return re.sub(r"[\s;]+\Z", "", query) + "\n"


def queried(data: Any, query: str | None, dialect: Dialect) -> QueryTable:
    """Return what a query of a database gives, read to its end; raise `UsageError` for data that are no database."""
    if is_address(data):
        data = Database.of(data)
    if not is_database(data):
        raise UsageError(
            "A query is given for data that are no database",
            got=type(data).__name__,
            allowed=("a connection", *ADDRESSES),
            remedy="leave query= out, or write sqlite: before the path of a SQLite file",
        )
    query = getattr(data, "query", None) if query is None else query
    if not isinstance(query, str):
        raise UsageError("A database is read by a query", got=type(query).__name__, remedy='add query="select ..."')
    text = statement(query)
    name = data.written if isinstance(data, Database) else f"{type(data).__module__.partition('.')[0]} connection"
    arrow()
    try:
        run = _of_address if isinstance(data, Database) else _of_connection
        with closing(run(data, text, dialect.decimal)) as batches:
            return _spooled(batches, name, text, dialect)
    except CaseQualityError as fault:
        told = fault.with_traceback(None)
    except Exception as fault:  # noqa: BLE001  whatever a driver raises, its text may quote a secret or a citizen's value
        told = _told(fault, name, text)
    told.where = told.where or name
    raise told  # here, where what the driver raised and the frames that knew the secret are no longer part of it


def _spooled(batches: Batches, name: str, query: str, dialect: Dialect) -> QueryTable:
    columns = next(batches).schema.names
    if doubled := [column for column in dict.fromkeys(columns) if columns.count(column) > 1]:
        raise InputError(
            "A query gives two columns of one name",
            where=name,
            got=_named(doubled, columns, query),
            remedy="name one of them otherwise in the query: select a.id as case_id",
        )
    if not columns:
        raise InputError("A query gives no columns", where=name, remedy="write a query that selects some")
    table = QueryTable(name, columns, dialect)
    for batch in batches:
        if batch.num_rows:
            table.add(readable(batch, table.refused))
    identity = blake2b(f"{name}\n{query}".encode(), digest_size=8).hexdigest()
    table.close(Origin(Path(f"query-{identity}"), dialect, None, (0, 0, 0)))
    return table


def _named(some: Iterable[str], columns: Sequence[str], query: str) -> str:
    """Return what columns are called: those that the query names so, others by their places."""
    return ", ".join(name if name in query else f"the column at the place {columns.index(name) + 1}" for name in some)


def _of_address(database: Database, query: str, mark: str) -> Batches:
    """Yield the record batches of a query, the first without rows to name the columns; nothing can be written."""
    address = database.address()
    kind, _, rest = address.partition(":")
    if kind == "sqlite" and not rest.startswith("//"):
        path = database.folder / rest
        if not path.is_file():
            raise InputError("A file is not there", where=str(path), remedy="check the path")
        import sqlite3

        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            yield from _of_connection(connection, query, mark)
    elif kind in ("postgresql", "postgres"):
        driver = library("adbc_driver_postgresql.dbapi", "database")
        with closing(driver.connect(address)) as connection:
            with closing(connection.cursor()) as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            yield from _of_connection(connection, query, mark)
    elif kind == "odbc":
        connection = library("arrow_odbc", "odbc").connect(rest)
        yield from _of_odbc(connection, query)
    else:
        raise UsageError(
            "An address of a database is of no known kind", where=database.written, allowed=KINDS, remedy="check it"
        )


def _of_connection(connection: Any, query: str, mark: str) -> Batches:
    if hasattr(connection, "read_arrow_batches"):
        yield from _of_odbc(connection, query)
        return
    with closing(connection.cursor()) as cursor:
        if hasattr(cursor, "fetch_record_batch"):
            vendor = connection.adbc_get_info().get("vendor_name") if hasattr(connection, "adbc_get_info") else None
            if vendor == "SQLite":
                _refuse_mixed(cursor, query)
            cursor.execute(query)
            reader = cursor.fetch_record_batch()
            if vendor == "PostgreSQL" and not types_told(reader.schema):
                raise InputError(
                    "This release of the driver for PostgreSQL does not tell the types of columns",
                    remedy="pip install --upgrade 'casequality[database]'",
                )
            yield arrow().RecordBatch.from_pylist([], schema=reader.schema)
            yield from reader
        else:
            cursor.execute(query)
            yield from _of_rows(cursor, mark)


def _refuse_mixed(cursor: Any, query: str) -> None:
    """Raise `InputError` where a column of SQLite holds values of several kinds.

    Its driver for ADBC takes the kind of a column from its first rows, and gives numbers beside texts in seven digits.
    """
    cursor.execute(f"SELECT * FROM ({query}) LIMIT 0")  # noqa: S608 - the user's own query
    names = cursor.fetch_record_batch().schema.names
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    kinds = ", ".join(f"count(DISTINCT nullif(typeof({name}), 'null'))" for name in quoted)
    cursor.execute(f"SELECT {kinds} FROM ({query})")  # noqa: S608
    [counts] = cursor.fetchall()
    if mixed := [name for name, count in zip(names, counts, strict=True) if count > 1]:
        raise InputError(
            "A column holds several kinds of values, of which this driver for SQLite keeps one",
            where="ADBC connection",
            got=_named(mixed, names, query),
            remedy='pass sqlite3.connect(...) or "sqlite:FILE", which give each as it is, or CAST it in the query',
        )


LONGEST_TEXT: Final = 4_096
TRANSIT_BYTES: Final = 1 << 24


def _of_odbc(connection: Any, query: str) -> Batches:
    """Yield what ODBC gives: numbers of the machine as they are, all else as the text that the driver makes of it.

    Drivers lose too much otherwise: of a numeric the digits, of an infinite date that it is one.
    """
    kinds: list[Any] = []

    def as_fetched(schema: Any) -> Any:
        kinds.extend(schema)
        return arrow().schema([arrow().field(field.name, fetched_as(field.type)) for field in schema])

    reader = connection.read_arrow_batches(
        query,
        map_schema=as_fetched,
        max_text_size=LONGEST_TEXT,
        max_binary_size=LONGEST_TEXT,
        max_bytes_per_batch=TRANSIT_BYTES,
    )
    yield empty([field.name for field in kinds])
    for batch in reader:
        yield as_told(batch, kinds)


def _of_rows(cursor: Any, mark: str) -> Batches:
    """Yield the rows of a cursor that knows no Arrow."""
    names = [column[0] for column in cursor.description or ()]
    yield empty(names)
    while rows := cursor.fetchmany(ROWS):
        if isinstance(rows[0], Mapping):
            rows = [[row[name] for name in names] for row in rows]
        yield of_values(names, rows, mark)


STATES: Final = (
    ("28", "A database refused the user or the password", "check both, and whom the database lets in from here"),
    ("08", "A database cannot be reached", "check host and port, and that the database runs"),
    ("3D", "A database server has no database of that name", "check its name"),
    ("IM", "The ODBC driver that is named is not installed", "install it, and name it as odbcinst -q -d does"),
    ("42501", "The user of a database may not read what a query asks for", "have the right to read it granted"),
    ("42", "A database does not understand a query", "try the query in the database's own tool"),
    ("25", "A query writes, which is not allowed here", "write a query that only reads"),
    ("22", "A value in a database is not what a query takes it for", "try the query in the database's own tool"),
    ("57", "A database broke off a query", "ask whoever runs the database, or ask for less at a time"),
)
"""What a state of SQL that begins so means, and the way out."""
WORDS: Final = (
    (r"authentication failed|no password supplied|role .* does not exist|pg_hba", "28"),
    (r"database .* does not exist", "3D"),
    (r"could not translate host|could not connect|Connection refused|connection to server|timeout expired", "08"),
    (r"libodbc", "manager"),
    (r"Can't open lib|Data source name not found", "IM"),
    (r"too large to be written|sensible upper bound", "long"),
    (r"closed|AdbcConnectionInit", "closed"),
    (r"Type mismatch in column", "mixed"),
    (r"not a database|malformed", "file"),
    (r"no such (table|column|function)|syntax error", "42"),
    (r"Could not decode|invalid input syntax|out of range|division by zero", "22"),
    (r"read-only transaction", "25"),
    (r"permission denied", "42501"),
)
"""What is told of a fault without a state of SQL, by its driver's words, which are shown to nobody."""
OTHERS: Final = (
    ("manager", "unixODBC is not installed, which arrow-odbc needs", "install it: Debian's package unixodbc"),
    ("long", "A query gives a text of more than 4,096 bytes", "leave the column out, or shorten it in the query"),
    ("closed", "The connection to a database is closed", "open it again, and make the source before it is closed"),
    ("mixed", "A column holds other values further down", 'pass sqlite3.connect(...) or "sqlite:FILE", or CAST it'),
    ("file", "A file is no SQLite database, or is damaged", "check the path, or restore the file"),
    ("", "A database could not give what a query asks for", "try the query in the database's own tool"),
)


def _told(fault: Exception, where: str, query: str) -> CaseQualityError:
    """Return what may be told of a driver's error: its kind, and names that stand in the query."""
    words = str(fault)
    found = getattr(fault, "sqlstate", None) or re.search(r"(?:State|SQLSTATE): (\w{5})", words)
    state = found[1] if isinstance(found, re.Match) else found
    kind = next((kind for pattern, kind in WORDS if re.search(pattern, words, re.IGNORECASE)), "")
    kind = kind if state is None or state.startswith(("01", "08", "HY")) else state
    got = f"SQLSTATE {state}" if state else getattr(fault, "sqlite_errorname", type(fault).__name__)
    if kind.startswith("42"):  # seen before any row is read; of names, those that the query itself has
        named = re.findall(r'"(\w[\w.]*)"|no such \w+: (\w[\w.]*)', words)
        own = [name for name in map("".join, named) if name in query]
        got = f"{got}: {own[0]}" if own else got
    what, remedy = next((what, remedy) for start, what, remedy in (*STATES, *OTHERS) if kind.startswith(start))
    return InputError(what, where=where, got=got, remedy=remedy)
