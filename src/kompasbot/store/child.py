"""Builds or checks a generation's Chroma folder in a process of its own: ``python -m kompasbot.store.child build
FOLDER``.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np

from kompasbot.errors import PublicationStopped
from kompasbot.store import chroma

BUILD: Final = "build"
CHECK: Final = "check"
_PROBES: Final = 12
_SECONDS: Final = 120
_PER_SECOND: Final = 100
"""Passages that even a slow machine builds in a second; the time-out grows with them."""


def run(step: str, folder: Path, passages: int) -> None:
    """Run a step in a child; raises :class:`PublicationStopped` when it fails, crashes or takes too long."""
    command = [sys.executable, "-m", "kompasbot.store.child", step, str(folder)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS + passages / _PER_SECOND, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PublicationStopped(
            f"De stap '{step}' van de nieuwe index duurde te lang.",
            "Probeer het opnieuw; de oude index blijft in gebruik.",
        ) from error
    if done.returncode:
        last = (done.stderr.strip() or f"afgebroken met code {done.returncode}").splitlines()[-1]
        raise PublicationStopped(
            f"De stap '{step}' van de nieuwe index mislukte: {last}",
            "De oude index blijft in gebruik. Controleer of er genoeg schijfruimte is en probeer het opnieuw.",
        )


def build(folder: Path) -> None:
    """Fill the folder's ``chroma`` from its ``vectors.npy`` and ``knowledge.json``."""
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    knowledge = json.loads((folder / "knowledge.json").read_text(encoding="utf-8"))
    items = {item["id"]: item for item in knowledge["items"]}
    owners = [items[passage["item_id"]] for passage in knowledge["passages"]]
    metadata = [{"item": item["id"], "factsheet": item["factsheet"], "type": item["type"]} for item in owners]
    chroma.fill(folder / "chroma", vectors, metadata)


def check(folder: Path) -> None:
    """Reopen the folder: Chroma must hold every vector, and find each of some probes as exact search does."""
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    collection = chroma.Collection(folder / "chroma")
    if collection.count() != len(vectors):
        raise SystemExit(f"Chroma heeft {collection.count()} van de {len(vectors)} passages")
    for row in np.linspace(0, len(vectors) - 1, min(_PROBES, len(vectors))).astype(int):
        found = collection.nearest(vectors[row], 1)
        if not found or found[0][1] < float((vectors @ vectors[row]).max()) - 0.01:
            raise SystemExit(f"Chroma vindt passage {row} niet terug")
    collection.close()


if __name__ == "__main__":
    {BUILD: build, CHECK: check}[sys.argv[1]](Path(sys.argv[2]))
