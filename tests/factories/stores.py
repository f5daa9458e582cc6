"""Stores of files on this machine: a web server with a certificate of its own, and an S3 server."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path, host: str = "127.0.0.1") -> tuple[Path, Path]:
    """Write a self-signed certificate of this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a store made in a test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    place, secret = folder / "store.pem", folder / "store.key"
    place.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return place, secret


@attrs.define
class Web:
    """A web server: its files by their places, how it behaves, and what it was asked for.

    ranges: whether it gives parts. head: whether it answers HEAD. dies_after: so many bytes of one answer, after which
    it closes the connection. status: what it answers whatever is asked. elsewhere: where it sends whoever asks for
    /moved.csv. token: the query without which it gives nothing. given: how many bytes it gave.
    """

    url: str = ""
    files: dict[str, bytes] = attrs.field(factory=dict)
    asked: list[tuple[str, str, str]] = attrs.field(factory=list)
    given: int = 0
    ranges: bool = True
    marks: bool = True
    head: bool = True
    dies_after: int | None = None
    status: int | None = None
    elsewhere: str | None = None
    token: str | None = None

    def refusal(self, command: str, query: str) -> int | None:
        if self.status is not None:
            return self.status
        refused = (command == "HEAD" and not self.head) or (self.token is not None and self.token != query)
        return 403 if refused else None


class Handler(BaseHTTPRequestHandler):
    """Answers for a `Web`, which a class of its own names."""

    web: ClassVar[Web]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, body: bool) -> None:
        place, _, query = self.path.partition("?")
        self.web.asked.append((self.command, self.path, self.headers.get("Range", "")))
        content = self.web.files.get(place)
        refused = self.web.refusal(self.command, query)
        if self.web.elsewhere is not None and place == "/moved.csv":
            self.told(302, {"Location": self.web.elsewhere})
        elif refused or content is None:
            self.told(refused or 404)
        else:
            self.give(content, body)

    def give(self, content: bytes, body: bool) -> None:
        tag = f'"{md5(content).hexdigest()}"'
        if self.headers.get("If-Match", tag) != tag:
            self.told(412)
            return
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")) if self.web.ranges else None
        first, last = (int(found[1]), min(int(found[2]), len(content) - 1)) if found else (0, len(content) - 1)
        part = memoryview(content)[first : last + 1]
        said = {"Content-Range": f"bytes {first}-{last}/{len(content)}"} if found else {}
        self.told(206 if found else 200, said | ({"ETag": tag} if self.web.marks else {}), len(part))
        if body:
            self.web.given += len(part)
            dies = self.web.dies_after is not None and len(part) > self.web.dies_after
            self.wfile.write(part[: self.web.dies_after] if dies else part)
            if dies:
                self.close_connection = True

    def told(self, status: int, headers: Mapping[str, str] | None = None, length: int = 0) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()


@contextmanager
def web_server(made: tuple[Path, Path], *, tls: bool = True) -> Iterator[Web]:
    """Run a web server on a thread."""
    web = Web()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (Handler,), {"web": web}))
    server.daemon_threads = True
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*made)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    web.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@attrs.frozen
class S3:
    """An S3 server in a process of its own, with a bucket `letters`, and the environment by which it is found."""

    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    files: Any
    log: Path

    def die(self) -> None:
        self.process.kill()
        self.process.wait()

    def asked(self) -> list[str]:
        """Return what it was asked for so far, as `GET /letters?prefix=...`."""
        return re.findall(r'"([A-Z]+ \S+) HTTP', unquote(self.log.read_text("utf-8")))


@contextmanager
def s3_server(folder: Path) -> Iterator[S3]:
    """Run moto's S3 server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    access = {
        "AWS_ACCESS_KEY_ID": "someone",
        "AWS_SECRET_ACCESS_KEY": "so-secret-that-no-message-has-it",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    log = folder / "s3.log"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            env={**os.environ, **access},
            stdout=told,
            stderr=told,
        )
    try:
        while True:
            assert process.poll() is None, log.read_text("utf-8")
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.05)
        import s3fs

        files = s3fs.S3FileSystem(
            key=access["AWS_ACCESS_KEY_ID"],
            secret=access["AWS_SECRET_ACCESS_KEY"],
            endpoint_url=access["AWS_ENDPOINT_URL"],
            skip_instance_cache=True,
            use_listings_cache=False,
        )
        files.mkdir("letters")
        yield S3(process, access, files, log)
    finally:
        process.kill()
        process.wait()
