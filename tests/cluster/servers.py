"""The parts that are other people's programs: Chroma, PostgreSQL, Redis and nginx."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.bench import ROOT, free_port
from tests.cluster.part import Part

NGINX: Final = [ROOT / "docs" / "draaien" / name for name in ("nginx-machines.conf", "nginx.conf")]
_OF_A_CLUSTER: Final = {"nginx": "nginx", "redis-server": "redis-server", "postgresql": "postgres"}
"""The program of each package."""


def missing(*programs: str) -> str | None:
    """Why a cluster, or what else needs these programs, can't be started here, or None."""
    wanted = {name: name for name in programs} or _OF_A_CLUSTER
    absent = [package for package, name in wanted.items() if program(name) is None]
    return f"apt-get install {' '.join(absent)} (or: make browser, as root on Debian)" if absent else None


def need(*programs: str) -> None:
    """Skip a test where these programs (by default a cluster's) are missing; where everything is checked, fail."""
    lacking = missing(*programs)
    if lacking and os.environ.get("CI"):
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)


def program(name: str) -> str | None:
    """Where a program is; Debian keeps those of PostgreSQL aside, and nginx where only root looks."""
    postgres = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    aside = str(postgres[-1]) if postgres else None
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin") or aside


def http(port: int, path: str) -> Callable[[], bool]:
    """Whether a page answers with 200."""

    def ready() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    return ready


def chroma(folder: Path) -> Part:
    """A Chroma server."""
    port = free_port()
    run = str(Path(sys.executable).with_name("chroma"))
    command = [run, "run", "--path", str(folder / "chroma"), "--host", "127.0.0.1", "--port", str(port)]
    return Part("chroma", port, command, folder / "chroma.log", http(port, "/api/v2/heartbeat"))


def redis(folder: Path) -> Part:
    """A Redis that keeps nothing on disk, as in compose.yaml."""
    port = free_port()
    command = [str(program("redis-server")), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir"]

    def ready() -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as asking:
                asking.sendall(b"PING\r\n")
                return asking.recv(7) == b"+PONG\r\n"
        except OSError:
            return False

    return Part("redis", port, [*command, str(folder)], folder / "redis.log", ready)


def postgres(folder: Path) -> Part:
    """A PostgreSQL with an empty database, without a password for who is on this machine; it refuses to run as root."""
    port, data = free_port(), folder / "postgres"
    user = "postgres" if os.getuid() == 0 else None
    data.mkdir()
    if user:
        os.chown(data, pwd.getpwnam(user).pw_uid, -1)
    _as(user, [str(program("initdb")), "-D", str(data), "-U", "kompas", "-A", "trust", "-E", "UTF8", "--no-sync"])
    options = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    command = [str(program("postgres")), "-D", str(data), *options]

    def ready() -> bool:
        import psycopg

        try:
            psycopg.connect(database_url(port), connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    return Part("postgres", port, command, folder / "postgres.log", ready, user=user)


def database_url(port: int) -> str:
    """The address of the database."""
    return f"postgresql://kompas@127.0.0.1:{port}/postgres"


def _as(user: str | None, command: Sequence[str]) -> None:
    subprocess.run(
        command, check=True, capture_output=True, user=user, group=user, extra_groups=[] if user else None, cwd="/"
    )


def nginx(folder: Path, replicas: Sequence[int], silence: int | None = None) -> Part:
    """nginx with the shipped configuration, in which only the addresses are others; ``silence`` is how many seconds it
    waits for a replica that hangs, where that is not what is shipped.
    """
    port = free_port()
    text = re.sub(r"^\s*ssl_.*\n", "", shipped(port, replicas), flags=re.MULTILINE).replace(f"{port} ssl;", f"{port};")
    if silence:
        text = re.sub(r"proxy_read_timeout \d+s", f"proxy_read_timeout {silence}s", text)
    return nginx_with(folder, port, text, http(port, "/healthz"))


def nginx_with(folder: Path, port: int, text: str, ready: Callable[[], bool]) -> Part:
    """nginx with the given configuration of upstreams and servers."""
    (folder / "nginx").mkdir()
    (folder / "nginx" / "server.conf").write_text(text, encoding="utf-8")
    paths = "".join(
        f"{kind}_temp_path {folder}/nginx/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx" / "nginx.conf").write_text(
        f"pid {folder}/nginx/pid;\nerror_log stderr;\nworker_processes 1;\nevents {{ worker_connections 1024; }}\n"
        f"http {{\naccess_log off;\n{paths}include {folder}/nginx/server.conf;\n}}\n",
        encoding="utf-8",
    )
    command = [str(program("nginx")), "-c", str(folder / "nginx" / "nginx.conf"), "-g", "daemon off;"]
    return Part("nginx", port, command, folder / "nginx.log", ready)


def shipped(port: int, replicas: Sequence[int]) -> str:
    """The shipped configuration for other ports."""
    text = "".join(path.read_text(encoding="utf-8") for path in NGINX)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;")
    for line in re.findall(r"^ *server 127\.0\.0\.1:8000 max_.*;\n", text, re.MULTILINE):
        text = text.replace(line, "".join(line.replace(":8000", f":{one}") for one in replicas))
    return text.replace("127.0.0.1:8000", f"127.0.0.1:{replicas[0]}")
