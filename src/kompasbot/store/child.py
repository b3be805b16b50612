"""Builds or checks a generation's vectors in Chroma in a process of its own:
``python -m kompasbot.store.child build FOLDER``.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.errors import KompasbotError, PublicationStopped
from kompasbot.store import chroma

Matrix = NDArray[np.float32]

_ADDRESS: Final = "KOMPASBOT_CHILD_CHROMA"
BUILD: Final = "build"
CHECK: Final = "check"
_SAME: Final = 1e-3
"""What a number of a vector, or the likeness of a text to itself, may be off by."""
_SOUGHT: Final = 200
_REACHED: Final = 0.95
"""The share of texts that a search for themselves must find; 0.98 for random words, the hardest case, else 1."""
_PROBES: Final = 24
_NEIGHBOURS: Final = 10
_ENOUGH: Final = 0.95
"""How alike the neighbours that Chroma finds must be, as a share of those by exact search."""
_OF_ANEW: Final = 0.5
"""What a graph must reach of what one made anew does: of vectors that are hard, two graphs may differ by a third."""
_SECONDS: Final = 120
_PER_SECOND: Final = 100
"""Passages that even a slow machine builds in a second; the time-out grows with them."""


def run(step: str, folder: Path, passages: int, url: str | None = None) -> None:
    """Run a step in a child; raises :class:`PublicationStopped` when it fails, crashes or takes too long.

    The child ends by itself when this process dies: its standard input is then closed.
    """
    command = [sys.executable, "-m", "kompasbot.store.child", step, str(folder)]
    # Not as an argument: who is on this machine reads those, and an address may have a password in it.
    environment = {**os.environ, _ADDRESS: url or ""}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        try:
            said = _read(child, _SECONDS + passages / _PER_SECOND)
        except subprocess.TimeoutExpired as error:
            child.kill()
            raise PublicationStopped(
                f"De stap '{step}' van de nieuwe index duurde te lang.",
                "Probeer het opnieuw; de oude index blijft in gebruik.",
            ) from error
        except BaseException:
            child.kill()
            raise
    if child.returncode:
        last = (said.strip() or f"afgebroken met code {child.returncode}").splitlines()[-1]
        raise PublicationStopped(
            f"De stap '{step}' van de nieuwe index mislukte: {last}",
            "De oude index blijft in gebruik. Controleer of er genoeg schijfruimte is en probeer het opnieuw.",
        )


def _read(child: "subprocess.Popen[str]", seconds: float) -> str:
    """Wait for a child, and give what it said on standard error; its standard input stays open meanwhile."""
    assert child.stderr
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.extend(child.stderr or ()), daemon=True)
    reader.start()
    child.wait(timeout=seconds)
    reader.join(timeout=_SECONDS)
    return "".join(said[-20:])


def build(folder: Path, url: str | None) -> None:
    """Fill Chroma from the folder's ``vectors.npy``."""
    chroma.fill(folder, url, np.load(folder / "vectors.npy", mmap_mode="r"))


def check(folder: Path, url: str | None) -> None:
    """Reopen it and look: Chroma must hold every vector as it was given, and its graph must lead to them."""
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    collection = chroma.Collection(folder, url)
    if collection.count() != len(vectors):
        raise SystemExit(f"Chroma heeft {collection.count()} van de {len(vectors)} passages")
    _check_vectors(collection, vectors)
    _check_graph(collection, vectors)
    collection.close()


def _check_vectors(collection: chroma.Collection, vectors: Matrix) -> None:
    batch = chroma.at_once(vectors)
    for start in range(0, len(vectors), batch):
        given = vectors[start : start + batch]
        kept = collection.vectors(range(start, start + len(given)))
        wrong = np.flatnonzero(np.abs(kept - given).max(axis=1) > _SAME) if kept.shape == given.shape else [0]
        if len(wrong):
            raise SystemExit(f"Chroma geeft bij passage {start + int(wrong[0])} een andere vector dan die is bewaard")


def _check_graph(collection: chroma.Collection, vectors: Matrix) -> None:
    """Vectors that are there can still be unfindable: then a search for one gives another, or worse neighbours.

    That may also be the nature of the vectors, as of hundreds of titles that differ by a number: a graph that is made
    anew of them tells.
    """
    reached = _reached(collection, vectors)
    alike = _alike(collection, vectors)
    if reached >= _REACHED and alike >= _ENOUGH:
        return
    with TemporaryDirectory() as name:
        chroma.fill(Path(name), None, vectors)
        anew = chroma.Collection(Path(name))
        best_reached, best_alike = _reached(anew, vectors), _alike(anew, vectors)
        anew.close()
    if reached < min(_REACHED, _OF_ANEW * best_reached):
        raise SystemExit(f"Chroma vindt maar {reached:.0%} van de passages terug")
    if alike < min(_ENOUGH, _OF_ANEW * best_alike):
        raise SystemExit(f"Chroma vindt buren die minder lijken dan die er zijn ({alike:.0%})")


def _reached(collection: chroma.Collection, vectors: Matrix) -> float:
    """The share of passages that a search for their vector finds, itself or an equal one."""
    rows = _spread(len(vectors), _SOUGHT)
    return sum(collection.nearest(vectors[row], 1)[0][1] > 1 - _SAME for row in rows) / len(rows)


def _alike(collection: chroma.Collection, vectors: Matrix) -> float:
    """How alike the neighbours are that Chroma finds, as a share of those by exact search.

    By likeness and not by row: texts that are nearly the same may stand for one another.
    """
    number = min(_NEIGHBOURS, len(vectors))
    wanted = found = 0.0
    for row in _spread(len(vectors), _PROBES):
        wanted += float(np.sort(vectors @ vectors[row])[-number:].sum())
        found += sum(likeness for _, likeness in collection.nearest(vectors[row], number))
    return found / wanted


def _spread(size: int, most: int) -> list[int]:
    """At most so many rows, evenly spread."""
    return [int(row) for row in np.linspace(0, size - 1, min(most, size))]


def _end_with_parent() -> None:
    """End this process as soon as the one that started it is gone."""

    def wait() -> None:
        # Not through sys.stdin: its lock would be held when the interpreter shuts down.
        while os.read(0, 1024):
            continue
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def main(step: str, folder: str) -> None:
    """Run one step."""
    url = os.environ.get(_ADDRESS) or None
    _end_with_parent()
    try:
        {BUILD: build, CHECK: check}[step](Path(folder), url)
    except KompasbotError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main(*sys.argv[1:])
