"""Files in a store elsewhere, through fsspec: nothing is fetched but what is named, and no secret is told to anyone.

A Parquet file is read by ranges; any other is fetched once, into a private file of which nothing stays.
"""

from __future__ import annotations

import functools
import importlib.util
import io
import logging
import os
import re
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Collection, Iterator
from fnmatch import fnmatchcase
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Final, TypeVar, cast
from urllib.parse import urlsplit

import attrs

from casequality.errors import InputError, UsageError
from casequality.records.intake.cells import library
from casequality.records.intake.readers.folders import DELTA_LOG, TABLE_FILE, TABLE_LOGS, DeltaFolder, Folder
from casequality.records.intake.readers.spool import room_needed, scratch_file

if sys.platform == "win32":
    from pathlib import WindowsPath as LocalPath
else:
    from pathlib import PosixPath as LocalPath

T = TypeVar("T")

STORES: Final = {"https": "aiohttp", "s3": "s3fs", "abfss": "adlfs", "gs": "gcsfs"}
"""What reads each kind of URL; the last two are not in the extra, and untried."""
TRIED: Final = ("https", "s3")
BUCKETS: Final = ("s3", "abfss", "gs")
"""URLs without a query; in `abfss://container@account/...` what stands before the mark is no user."""
URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
VARIABLE: Final = re.compile(r"\$\{(\w+)\}")
RANGED: Final = (".parquet", ".pq")
PART: Final = 8 << 20
"""So many bytes are fetched at once."""
IDENTITY: Final = {"Accept-Encoding": "identity"}
"""Packed on the way, a file would have another size than the store says."""
NO_ACCESS: Final = {"PermissionError", "NoCredentialsError", "PartialCredentialsError", "ClientAuthenticationError"}
ACCESS: Final = (
    "https takes names and passwords from the file that NETRC names, and a signature from an environment variable, as "
    "in https://host/file?${NAME}; s3 takes AWS_ACCESS_KEY_ID and the like, and AWS's own files"
)
CHANGED: Final = "A file changed after it was opened"
AUTHORITY: Final = "let SSL_CERT_FILE (s3: AWS_CA_BUNDLE) name the file with your own authority's certificate"
_fetching = threading.RLock()


def is_url(data: object) -> bool:
    """Return whether data are the URL of a file elsewhere, and no path."""
    return isinstance(data, str) and URL.match(data) is not None


def without_secrets(data: str) -> str:
    """Return a URL without what may be secret: credentials, query, fragment. A path is returned as it is."""
    if not is_url(data):
        return data
    scheme, _, rest = data.partition("://")
    host, slash, place = (rest if scheme in BUCKETS else re.split(r"[?#]", rest, maxsplit=1)[0]).partition("/")
    return f"{scheme}://{host if scheme == 'abfss' else host.rpartition('@')[2]}{slash}{place}"


def elsewhere(url: str) -> Folder:
    """Return the file, or the files below a folder or of a pattern, that a URL names; no other place is looked at."""
    store = RemoteStore.of(url)
    if store.kind == "https":
        if "*" in store.place or store.place.endswith("/"):
            what, remedy = "A web server does not tell which files it has", "name the files one by one, as a list"
            raise InputError(what, where=without_secrets(url), remedy=remedy)
        return Folder([RemoteFile.of(url, store)], [{}])
    if "*" in store.place or "[" in store.place:
        fixed = re.split(r"[*\[]", store.place, maxsplit=1)[0].rpartition("/")[0]
        found = store.attempt(lambda: store.files.glob(store.place, detail=True))
        names = [name for name, each in found.items() if each["type"] == "file"]
        if not names:
            raise InputError("No file matches a pattern", where=url, remedy="check the pattern and the folder")
        return store.folder(fixed, names, all_of_them=True)
    if store.attempt(lambda: store.files.info(store.place))["type"] != "directory":
        return Folder([RemoteFile.of(url, store)], [{}])
    if store.attempt(lambda: store.files.glob(f"{store.place}/{DELTA_LOG}/*.json")):
        return Folder([], [], table=DeltaFolder(url, {"aws_allow_http": "true"} if store.in_the_open() else {}))
    return store.folder(store.place, store.attempt(lambda: store.files.find(store.place)), all_of_them=False)


@attrs.frozen(eq=False, repr=False)
class RemoteStore:
    """Where a file lies: who is asked, and under which name."""

    url: str = attrs.field(repr=without_secrets)
    kind: str
    place: str = attrs.field(repr=False)
    files: Any = attrs.field(repr=False)

    @classmethod
    def of(cls, url: str) -> RemoteStore:
        """Return the store of a URL; raise `InputError` for one of no known kind, or that is not safe to read."""
        kind, parts = url.partition("://")[0].lower(), urlsplit(url)
        if kind not in STORES:
            raise InputError(
                "A URL is of a kind that is not read",
                where=without_secrets(url),
                got=f"{kind}://",
                allowed=[f"{each}://" for each in STORES],
                remedy="ask for it over https, so that nobody on the way can read or change it"
                if kind == "http"
                else "name one of these, or copy the file here and name its path",
            )
        if kind != "abfss" and "@" in parts.netloc:
            what, remedy = "A URL holds a user's name or password", f"leave it out: {ACCESS}"
            raise InputError(what, where=without_secrets(url), remedy=remedy)
        library("fsspec", "remote")
        if importlib.util.find_spec(STORES[kind]) is None:
            raise InputError(
                f"The library {STORES[kind]} is needed to read {kind}:// and is not installed",
                where=without_secrets(url),
                remedy="pip install 'casequality[remote]'" if kind in TRIED else f"pip install {STORES[kind]}: untried",
            )
        # it writes whole URLs, signatures and all, to the log of a program that asks for every detail
        for name in ("fsspec", "fsspec.http"):
            logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger(name).level))
        if kind == "https":
            return cls(url, kind, VARIABLE.sub(functools.partial(_variable, without_secrets(url)), url), _web())
        store, core = cls(url, kind, "", None), library("fsspec.core", "remote")
        files, place = store.attempt(lambda: core.url_to_fs(url, skip_instance_cache=True, use_listings_cache=False))
        store = attrs.evolve(store, files=files, place=place)
        store.in_the_open()
        return store

    def in_the_open(self) -> bool:
        """Return whether the store is one of this machine, asked without encryption; raise `InputError` for another."""
        if self.kind != "s3":
            return False
        self.attempt(self.files.connect)
        endpoint = urlsplit(str(self.files.s3.meta.endpoint_url))
        if endpoint.scheme == "http" and endpoint.hostname not in ("127.0.0.1", "::1", "localhost"):
            remedy = "set AWS_ENDPOINT_URL to one that begins with https://"
            raise InputError("A store is asked without encryption", where=self.url, got="http://", remedy=remedy)
        return endpoint.scheme == "http"

    def folder(self, base: str, names: Collection[str], *, all_of_them: bool) -> Folder:
        """Return files of the store by their names, all below `base`."""
        start = f"{self.kind}://{urlsplit(self.url).netloc}"
        # a pattern may leave out the log that lies beside what it means
        logs, beside = [name for name in names if TABLE_FILE.search(name)], {f"{base}/{log}" for log in TABLE_LOGS}

        def file(place: str) -> RemoteFile:
            url = f"{start}/{place.partition('/')[2]}"
            return RemoteFile.of(url, attrs.evolve(self, url=url, place=place))

        return Folder.of(
            base.split("/"),
            [name.removeprefix(f"{base}/") for name in names],
            file,
            lambda pattern: (
                any(fnmatchcase(log, pattern) for log in logs)
                or (all_of_them and pattern in beside and bool(self.attempt(lambda: self.files.glob(pattern))))
            ),
            all_of_them=all_of_them,
        )

    def state(self) -> tuple[int, str]:
        """Return the size of the file, -1 where the store does not say, and by what a change of it is known."""
        info = self.attempt(lambda: self.files.info(self.place))
        marks = ("ETag", "etag", "Last-Modified", "LastModified", "last_modified", "updated")
        mark = next((str(info[name]) for name in marks if info.get(name)), "")
        return -1 if info.get("size") is None else int(info["size"]), mark

    def attempt(self, work: Callable[[], T]) -> T:
        """Return what some work gives; raise `InputError` where the store does not do it."""
        try:
            return work()
        except (InputError, UsageError):
            raise
        except Exception as fault:  # noqa: BLE001  each store's library has its own, and their texts hold URLs
            told = _told(fault, without_secrets(self.url))
        raise told  # here, where it carries no other error with it


class RemoteFile(LocalPath):
    """A file elsewhere, which readers take for a path: as text its URL without what may be secret.

    Opened as a path is, it is a private copy. Copy and ranges are of the file as it was first seen.
    """

    store: RemoteStore
    first: tuple[int, str] | None
    copy: str | None
    in_parts: bool | None

    @classmethod
    def of(cls, url: str, store: RemoteStore | None = None, first: tuple[int, str] | None = None) -> RemoteFile:
        """Return the file of a URL."""
        made = cls(without_secrets(url))
        made.store, made.first, made.copy, made.in_parts = store or RemoteStore.of(url), first, None, None
        return made

    def __reduce__(self) -> Any:
        return RemoteFile.of, (self.store.url, None, self.first)

    def __str__(self) -> str:
        return without_secrets(self.store.url)

    def __fspath__(self) -> str:
        with _fetching:
            if self.copy is None:
                self.copy = _copied(self)
            return self.copy

    def absolute(self) -> RemoteFile:
        return self

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return size and state as those of a local file; the store is asked."""
        size, mark = self.seen()
        number = int.from_bytes(blake2b(mark.encode(), digest_size=7).digest(), "little")
        return os.stat_result((0, 0, 0, 0, 0, 0, size, 0, 0, 0), {"st_mtime_ns": 0, "st_ctime_ns": number})

    def seen(self) -> tuple[int, str]:
        """Return size and mark as they are now; raise `InputError` where they are not as they were first."""
        found = self.store.state()
        if self.first is None:
            self.first = found
        if found != self.first:
            raise InputError(CHANGED, where=str(self), remedy="read it again, once nobody writes to it")
        return found

    def open(self, mode: str = "r", *args: Any, **options: Any) -> IO[Any]:  # type: ignore[override]
        """Return the file as `Path.open` does: what is read by ranges by these, any other from its copy."""
        return cast(IO[Any], (mode == "rb" and self.ranges()) or super().open(mode, *args, **options))

    def ranges(self) -> Ranges | None:
        """Return the file to read by ranges; None for one of another kind, or of a store that gives it as a whole."""
        found = Ranges(self) if self.in_parts is not False and self.suffix.lower() in RANGED else None
        return found if self.in_parts else None

    def streamed(self, size: int, mark: str, **options: Any) -> Any:
        """Return the file as fsspec opens it, of which the store gives no byte where it has changed."""
        if self.store.kind == "https":
            kept = "If-Unmodified-Since" if mark.endswith("GMT") else "If-Match"
            pinned = {} if not mark or mark.startswith("W/") else {kept: mark}
            options |= {"headers": {**IDENTITY, **pinned}}
        files, place = self.store.files, self.store.place
        return self.store.attempt(lambda: files.open(place, "rb", size=max(size, 0) or None, **options))


class Ranges(io.RawIOBase):
    """A file elsewhere of which only the bytes that are asked for are fetched."""

    def __init__(self, file: RemoteFile) -> None:
        self._file, self._at = file, 0
        self._size, mark = file.seen()
        self._there = file.streamed(self._size, mark, block_size=PART, cache_type="none")
        if file.in_parts is None:
            file.in_parts = self._given_in_parts()

    def _given_in_parts(self) -> bool:
        if self._file.store.kind != "https" or self._size < 1:
            return self._size > 0
        try:
            self._read(self._size - 1, 1)
        except Exception:  # noqa: BLE001  a server that gives the whole; what else is wrong is told when it is fetched
            return False
        return True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        length = max(0, min(len(buffer), self._size - self._at))
        if length:
            found = self._file.store.attempt(lambda: self._read(self._at, length))
            if len(found) != length:
                raise _broken_off(str(self._file))
            buffer[:length] = found
            self._at += length
        return length

    def _read(self, start: int, length: int) -> bytes:
        self._there.seek(start)
        return bytes(self._there.read(length))


def _copied(file: RemoteFile) -> str:
    """Return the path of a private copy of a file, which nobody else can name where the system allows it."""
    (size, mark), got = file.seen(), 0
    kept = scratch_file(file)
    place = f"/proc/self/fd/{kept.fileno()}"
    if not Path(place).exists():
        number, place = tempfile.mkstemp(suffix=file.suffix)
        kept = os.fdopen(number, "wb")
        weakref.finalize(file, Path(place).unlink, missing_ok=True)
    streaming = {"block_size": 0} if file.store.kind == "https" else {"block_size": PART, "cache_type": "none"}
    with file.streamed(size, mark, **streaming) as there, room_needed():
        while part := file.store.attempt(lambda: there.read(PART)):
            kept.write(part)
            got += len(part)
        kept.flush()
    if size not in (-1, got):
        raise _broken_off(str(file))
    file.seen()
    return place


def _variable(where: str, found: re.Match[str]) -> str:
    if not os.environ.get(found[1]):
        what, remedy = "An environment variable that a URL names is not set", "set it where casequality runs"
        raise UsageError(what, where=where, got=found[1], remedy=remedy)
    return os.environ[found[1]]


class _OtherHost(Exception):
    """A store that sends whoever asks to another one, which nobody has named."""


def _web() -> Any:
    """Return how files are asked for over https: certificates verified, and of no host but the one that is named."""
    aiohttp, http = library("aiohttp", "remote"), library("fsspec.implementations.http", "remote")
    yarl = importlib.import_module("yarl")  # aiohttp's own

    async def same_host(_session: Any, _context: Any, told: Any) -> None:
        there = told.url.join(yarl.URL(told.response.headers.get("Location", "")))
        if there.origin() != told.url.origin():
            raise _OtherHost(there.host)

    async def client(**given: Any) -> Any:
        tracing = aiohttp.TraceConfig()
        tracing.on_request_redirect.append(same_host)
        waits = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=60)  # seconds of silence
        # trust_env: proxies, and names and passwords from the file that NETRC names
        return aiohttp.ClientSession(trust_env=True, trace_configs=[tracing], timeout=waits, **given)

    # a context of its own heeds SSL_CERT_FILE as it is now; `encoded`: a signature is of the URL as it is written
    verified = importlib.import_module("ssl").create_default_context()
    return http.HTTPFileSystem(
        get_client=client, encoded=True, skip_instance_cache=True, headers=dict(IDENTITY), ssl=verified
    )


def _told(fault: BaseException, where: str) -> InputError:
    """Return what to say of an error of a store's library, none of its own words among it."""
    chain = list(_causes(fault))
    kinds = {kind.__name__ for each in chain for kind in type(each).__mro__}
    status = next(filter(None, map(_status, chain)), None)
    if hosts := [each.args[0] for each in chain if isinstance(each, _OtherHost)]:
        what, got, remedy = "A store sends to another host", hosts[0], "name the file at that host, where you trust it"
    elif "SSLError" in kinds:
        what, got, remedy = "The certificate of a store cannot be verified", None, AUTHORITY
    elif status in (401, 403) or kinds & NO_ACCESS:
        what, got, remedy = "A file elsewhere may not be read", status or "no credentials", ACCESS
    elif status == 412 or "FileExpired" in kinds:  # "precondition failed": it is not what was asked for
        what, got, remedy = CHANGED, None, "read it again, once nobody writes to it"
    elif status in (404, 410) or (isinstance(fault, FileNotFoundError) and fault.__cause__ is None):
        what, got, remedy = "A file elsewhere is not there", None, "check the URL"
    else:
        return _broken_off(where, status or type(chain[-1]).__name__)
    return InputError(what, where=where, got=got, remedy=remedy)


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__


def _status(fault: BaseException) -> int | None:
    """Return the status of an answer over HTTP, from the errors of botocore and of aiohttp."""
    told = getattr(fault, "response", None)
    found = told["ResponseMetadata"].get("HTTPStatusCode") if isinstance(told, dict) else getattr(fault, "status", None)
    return found if isinstance(found, int) else None


def _broken_off(where: str, got: object = "fewer bytes than it has") -> InputError:
    return InputError(
        "A file elsewhere cannot be read to its end",
        where=where,
        got=got,
        remedy="try again; where it happens again, ask whoever runs the store, or copy the file here",
    )
