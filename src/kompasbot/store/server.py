"""Generations on a Chroma server: vectors in a collection, everything else packed in another, the pointer in a third.

Any number of replicas follow: each fetches the package of a generation once and asks the server for neighbours. The
server has no authentication of its own: it belongs on loopback or a private network.
"""

import base64
import io
import os
import shutil
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kompasbot.errors import Busy, IndexFailure, UpstreamError, reason_of
from kompasbot.store import notes
from kompasbot.store.place import DRAFT, VECTORS
from kompasbot.validators import without_secrets

_VECTORS: Final = "kompasbot.vectors."
_PACKAGE: Final = "kompasbot.package."
_POINTER: Final = "kompasbot.pointer"
_LOCK: Final = "kompasbot.lock"
_CHUNK: Final = 192 * 1024
_AT_ONCE: Final = 20
_SECONDS: Final = 30.0
_POINTER_SECONDS: Final = 2.0
_NEIGHBOUR_SECONDS: Final = 0.5
"""A visitor waits so long for the server's neighbours, once; see :mod:`kompasbot.store.neighbours`."""
_OWN_COPY_BYTES: Final = 128_000_000
"""Vectors up to so many bytes go along in the package, so that a replica can do without the server."""
_BEAT: Final = 10.0
_STALE: Final = 60.0
"""A lock whose holder gave no sign for so many seconds belongs to nobody any more."""


class ChromaServer:
    """One server, with clients that wait no longer than half a minute, or less where somebody waits for them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._lock = threading.Lock()
        self._connected: dict[float, Any] = {}

    @classmethod
    def at(cls, url: str) -> "ChromaServer":
        """The server at an address, always the same object."""
        return _server(url)

    def client(self, seconds: float = _SECONDS) -> Any:
        """The connected client; raises :class:`UpstreamError` when the server does not answer."""
        with self._lock, self._speaking():
            if seconds not in self._connected:
                self._connected[seconds] = _connect(self.url, seconds)
            return self._connected[seconds]

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, httpx.HTTPError, ValueError, OSError) as error:
            raise UpstreamError(
                without_secrets(f"De Chroma-server op {self.url} antwoordt niet goed: {reason_of(error)[:200]}."),
                "Controleer of de server draait en of CHROMA_URL klopt.",
            ) from error

    def collection(self, generation: str, brisk: bool = False) -> Any:
        """The collection with the vectors of a generation; ``brisk`` where somebody waits for its answers."""
        client = self.client(_NEIGHBOUR_SECONDS if brisk else _SECONDS)
        with self._speaking():
            return client.get_collection(_VECTORS + generation, embedding_function=None)

    def create(self, generation: str, configuration: Any) -> Any:
        """A new collection for the vectors of a generation."""
        client = self.client()
        with self._speaking():
            return client.create_collection(_VECTORS + generation, embedding_function=None, configuration=configuration)

    def pointer(self) -> dict[str, str]:
        """What the pointer says: ``current`` and ``withdrawn``, as far as they are there."""
        return {key: str(value) for key, value in self._metadata(_POINTER, _POINTER_SECONDS).items() if value}

    def point(self, pointer: dict[str, str]) -> None:
        """Change what the pointer says: one change of one record."""
        client = self.client()
        with self._speaking():
            client.get_or_create_collection(_POINTER, embedding_function=None).modify(metadata=pointer)

    def generations(self) -> list[str]:
        """The ids of the generations that are complete, oldest first."""
        return sorted(name for name, complete in self._packages().items() if complete)

    def _packages(self) -> dict[str, bool]:
        client = self.client()
        with self._speaking():
            found = {one.name: one.metadata or {} for one in client.list_collections()}
        names = {name.removeprefix(kind) for kind in (_PACKAGE, _VECTORS) for name in found if name.startswith(kind)}
        return {name: bool(found.get(_PACKAGE + name, {}).get("complete")) for name in names}

    def sweep(self) -> None:
        """Remove what an ingestion that died left behind; only under the lock."""
        for name, complete in self._packages().items():
            if not complete:
                self.drop(name)

    def drop(self, generation: str) -> None:
        """Remove a generation; its package first, so that what is half gone does not look complete."""
        from chromadb.errors import NotFoundError

        client = self.client()
        for name in (_PACKAGE + generation, _VECTORS + generation):
            with self._speaking():
                try:
                    client.delete_collection(name)
                except NotFoundError:
                    continue

    def upload(self, generation: str, folder: Path) -> None:
        """Pack a generation's folder into a collection; it counts as complete when all of it is there."""
        text = base64.b64encode(_packed(folder)).decode()
        parts = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
        client = self.client()
        with self._speaking():
            # As metadata and not as documents: Chroma would index those for full-text search.
            package = client.create_collection(_PACKAGE + generation, embedding_function=None)
            for at in range(0, len(parts), _AT_ONCE):
                some = parts[at : at + _AT_ONCE]
                package.add(
                    ids=[str(at + number) for number in range(len(some))],
                    embeddings=[[1.0]] * len(some),
                    metadatas=[{"data": part} for part in some],
                )
            package.modify(metadata={"complete": len(parts)})

    def download(self, generation: str, folder: Path) -> None:
        """Unpack a generation into a folder; raises :class:`IndexFailure` when the package is not whole."""
        number = int(self._metadata(_PACKAGE + generation).get("complete") or 0)
        client = self.client()
        parts: list[str] = []
        with self._speaking():
            for at in range(0, number, _AT_ONCE):
                package = client.get_collection(_PACKAGE + generation, embedding_function=None)
                ids = [str(one) for one in range(at, min(at + _AT_ONCE, number))]
                found = package.get(ids=ids, include=["metadatas"])
                by_id = dict(zip(found["ids"], found["metadatas"], strict=True))
                parts += [str(by_id[one]["data"]) for one in ids if one in by_id]
        if not number or len(parts) != number:
            raise IndexFailure(
                f"De generatie '{generation}' staat niet (helemaal) op de Chroma-server.",
                "Bouw de index opnieuw: kompasbot ingest --rebuild.",
            )
        _unpack(base64.b64decode("".join(parts)), folder)

    def _metadata(self, name: str, seconds: float = _SECONDS) -> dict[str, Any]:
        from chromadb.errors import NotFoundError

        client = self.client(seconds)
        with self._speaking():
            try:
                return dict(client.get_collection(name, embedding_function=None).metadata or {})
            except NotFoundError:
                return {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of the server; raises :class:`Busy` when another ingestion, on any machine, has it."""
        holder = f"{socket.gethostname()}-{os.getpid()}-{time.time_ns()}"
        if not self._take(holder):
            since = float(self._metadata(_LOCK).get("seen") or 0)
            if time.time() - since < _STALE:
                raise Busy("Er loopt al een ingestie.", "Wacht tot die klaar is en probeer het opnieuw.")
            self._drop_lock()
            if not self._take(holder):
                raise Busy("Er loopt al een ingestie.", "Wacht tot die klaar is en probeer het opnieuw.")
        stop = threading.Event()
        beating = threading.Thread(target=self._beat, args=(holder, stop.wait), daemon=True)
        beating.start()
        try:
            yield
        finally:
            stop.set()
            beating.join(timeout=_SECONDS)
            self._drop_lock()

    def _take(self, holder: str) -> bool:
        from chromadb.errors import ChromaError

        client = self.client()
        with self._speaking():
            try:
                client.create_collection(
                    _LOCK, embedding_function=None, metadata={"holder": holder, "seen": time.time()}
                )
            except ChromaError as error:
                if "exist" in str(error):
                    return False
                raise
        return True

    def _beat(self, holder: str, wait: Callable[[float], bool]) -> None:
        while not wait(_BEAT):
            try:
                kept = self.client().get_collection(_LOCK, embedding_function=None)
                kept.modify(metadata={"holder": holder, "seen": time.time()})
            except Exception:  # the ingestion itself will meet the same trouble, and say so
                continue

    def _drop_lock(self) -> None:
        from chromadb.errors import NotFoundError

        client = self.client()
        with self._speaking():
            try:
                client.delete_collection(_LOCK)
            except NotFoundError:
                return


@lru_cache(maxsize=8)
def _server(url: str) -> ChromaServer:
    return ChromaServer(url)


def _connect(url: str, seconds: float) -> Any:
    import chromadb
    import httpx
    from chromadb.config import Settings

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("dit is geen adres van een server (http://…)")
    # Chroma's client waits for ever by default, also while it is made, and offers no setting for it.
    httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=seconds).raise_for_status()
    client = chromadb.HttpClient(
        parts.hostname,
        parts.port or (443 if parts.scheme == "https" else 80),
        ssl=parts.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )
    client._server._session.timeout = httpx.Timeout(seconds)  # type: ignore[attr-defined]
    return client


def _packed(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in _parts(folder):
            archive.write(path, path.relative_to(folder))
    return packed.getvalue()


def _parts(folder: Path) -> Iterator[Path]:
    yield from (folder / "manifest.json", folder / "knowledge.json", *sorted((folder / "arrays").glob("*.npy")))
    if (folder / notes.NAME).is_file():
        yield folder / notes.NAME
    if (folder / VECTORS).stat().st_size <= _OWN_COPY_BYTES:
        yield folder / VECTORS


def _unpack(packed: bytes, folder: Path) -> None:
    draft = folder.with_name(f"{folder.name}.{os.getpid()}{DRAFT}")
    shutil.rmtree(draft, ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(draft)
    try:
        os.rename(draft, folder)
    except OSError:  # another process on this machine was first
        shutil.rmtree(draft, ignore_errors=True)
