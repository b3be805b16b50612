"""Disk full, read-only folder, two ingestions at once, a corrupted newest: ``python -m tests.proof.faults``."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kompasbot.store.place import local_generations
from tests.proof.book import Figure, run
from tests.proof.rig import Home

TITLE: Final = "What can go wrong around an ingestion"
DAMAGES: Final = ("manifest.json", "knowledge.json", "arrays/items.units.npy", "vectors.npy", "chroma/chroma.sqlite3")


def limited(home: Home, kilobytes: int) -> "subprocess.CompletedProcess[str]":
    """An ingestion that may write no file larger than this: what a full disk does to it, without one."""
    script = f'ulimit -f {kilobytes}; exec "$0" -m kompasbot ingest'
    return subprocess.run(
        ["bash", "-c", script, sys.executable], env=home.environment(), capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip


def small_disk(home: Home) -> "subprocess.CompletedProcess[str] | None":
    """An ingestion on a file system of its own that is too small; None where none can be mounted (needs root)."""
    mount = home.path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(mount)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        return None
    try:
        return Home(home.path, {"KOMPASBOT_DATA": str(mount / "data")}).run("ingest")
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def clear(done: "subprocess.CompletedProcess[str]") -> bool:
    """Whether a failure is a message in Dutch with what to do, and no stack trace."""
    return (
        done.returncode > 0
        and "Fout:" in done.stderr
        and "Wat je kunt doen:" in done.stderr
        and "Traceback" not in done.stderr
    )


def said(home: Home, done: "subprocess.CompletedProcess[str]") -> str:
    """The message of a failure, without the place where it was measured."""
    return done.stderr.strip().splitlines()[-2].replace(str(home.path), "…")[:160]


def measure() -> list[Figure]:
    return [*_full(), *_read_only(), *_two_at_once(), *_corrupted()]


def _started() -> Iterator[Home]:
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        home.edit(0)
        home.must("ingest")
        yield home


def _full() -> Iterator[Figure]:
    for home in _started():
        before = home.current()
        home.edit(1)
        for name, done in (("a disk that fills up", small_disk(home)), ("files that may not grow", limited(home, 8))):
            if done is None:
                yield Figure(name, "a clear error", "not measured: nothing can be mounted here", True)
                continue
            good = clear(done) and home.current() == before
            yield Figure(name, "a clear error, the index serves on", said(home, done), good)
        good = home.run("ingest").returncode == 0
        yield Figure("the next run with room", "succeeds", "succeeds" if good else "fails", good)


def _read_only() -> Iterator[Figure]:
    for home in _started():
        before = home.current()
        home.edit(1)
        if os.geteuid() == 0:
            # Root may write anywhere: take the place of the data folder by a file system that says no.
            done = Home(home.path, {"KOMPASBOT_DATA": "/proc/kompasbot"}).run("ingest")
        else:
            home.index.chmod(0o500)
            done = home.run("ingest")
            home.index.chmod(0o700)
        good = clear(done) and home.current() == before
        yield Figure("a folder that can't be written", "a clear error", said(home, done), good)


def _two_at_once() -> Iterator[Figure]:
    for home in _started():
        home.edit(1)
        command = [sys.executable, "-m", "kompasbot", "ingest"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, "env": home.environment()}
        pair = [subprocess.Popen(command, **quiet) for _ in range(2)]  # type: ignore[call-overload]
        said = [one.communicate(timeout=300)[1] for one in pair]
        codes = sorted(one.returncode for one in pair)
        good = codes == [0, 7] and not any("Traceback" in one for one in said)
        yield Figure("two ingestions at once", "one publishes, one says it is busy", f"exit codes {codes}", good)


def _corrupted() -> Iterator[Figure]:
    for damage in DAMAGES:
        for home in _started():
            home.edit(1)
            home.must("ingest")
            older, newest = local_generations(home.index)[-2:]
            (home.index / newest / damage).write_bytes(b"kapot")
            # A small index is searched exactly unless told otherwise: then a damaged Chroma would go unnoticed.
            with home.serving(KOMPASBOT_EXACT_SEARCH_UP_TO="0" if "chroma" in damage else "10000") as served:
                fell_back = served.index() == older and served.ask("Wat liet Jansen zien?")["status"] == "answered"
                home.must("ingest", "--rebuild")
                served.follows(home.current(), 90)
            found = "the previous one answers; a rebuild mends it" if fell_back else "no answer"
            yield Figure(
                f"newest generation with a damaged {damage}", "fall back to the previous one", found, fell_back
            )


if __name__ == "__main__":
    sys.exit(run(["faults"]))
