"""A PostgreSQL server of the tests' own: made, started and stopped from its own files, reached on this machine alone.

It refuses to run as root; as root the tests start it as the user `postgres`, or `nobody`, in a folder of that user's.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

USER, OTHER = "measured", "reader"


@attrs.frozen
class Server:
    """A running server. `reader` may read the tables that it is granted, and nothing else."""

    port: int
    folder: Path
    password: str = attrs.field(repr=False)

    @property
    def uri(self) -> str:
        """The address of its owner, who needs no password on the socket."""
        return f"postgresql:///postgres?host={self.folder}&port={self.port}&user={USER}"

    @property
    def odbc(self) -> str:
        """The same for ODBC."""
        return f"odbc:Driver={{PostgreSQL Unicode}};Server={self.folder};Port={self.port};Database=postgres;UID={USER};"

    def execute(self, *statements: str) -> None:
        """Run statements as its owner."""
        import adbc_driver_postgresql.dbapi as driver

        with driver.connect(self.uri, autocommit=True) as connection, connection.cursor() as cursor:
            for each in statements:
                cursor.execute(each)


def _program(name: str) -> str | None:
    found = shutil.which(name)
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return found or (str(installed[-1]) if installed else None)


def _may_run() -> dict[str, Any]:
    """Return how a process is started that may not be root's."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL refuses to run as root, and there is no other user here")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server of this session."""
    pytest.importorskip("adbc_driver_postgresql", reason="the extra database is not installed")
    control = _program("pg_ctl")
    if control is None or _program("initdb") is None:
        pytest.skip("PostgreSQL is not installed here: no initdb, no pg_ctl")
    as_other = _may_run()
    folder = Path(tempfile.mkdtemp(prefix="cq-pg-"))
    if as_other:
        os.chown(folder, as_other["user"], as_other["group"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    password = secrets.token_hex(8) + "@/:%"
    written = folder / "password"
    written.write_text(password, encoding="utf-8")
    written.chmod(0o644)
    data, log = folder / "data", folder / "log"

    def run(*command: str) -> None:
        given: dict[str, Any] = {"cwd": folder, "env": {"LC_ALL": "C"}, **as_other}
        done = subprocess.run(command, check=False, capture_output=True, text=True, **given)
        assert done.returncode == 0, done.stderr

    initial = ("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={written}", "--no-sync", "--encoding=UTF8")
    run(str(_program("initdb")), f"--pgdata={data}", f"--username={USER}", "--locale=C", *initial)
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    # where it writes its log it keeps no pipe of ours open
    run(control, f"--pgdata={data}", f"--log={log}", f"--options={settings}", "--wait", "start")
    try:
        yield Server(port, folder, password)
    finally:
        run(control, f"--pgdata={data}", "--mode=immediate", "--wait", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def by_odbc(server: Server) -> str:
    """The address of the server for ODBC."""
    try:
        odbc = pytest.importorskip("arrow_odbc", reason="the extra odbc is not installed")
    except OSError:
        pytest.skip("unixODBC is not installed here: Debian's package unixodbc")
    try:
        odbc.connect(server.odbc.removeprefix("odbc:"))
    except odbc.Error:
        pytest.skip("PostgreSQL's ODBC driver is not installed here: Debian's packages unixodbc and odbc-postgresql")
    return server.odbc
