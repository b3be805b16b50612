"""An ingestion that kills itself with -9 at a step: ``python -m tests.proof.victim STEP DELAY KILLED``.

It is the real check of the links and the real pipeline with the real gate; only its listener is ours, and a guard that
lets it fetch from the website on loopback whose port ``WEBSITE`` says.
"""

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Final

from ingest.linkcheck import check_links
from ingest.linked import read_copy
from ingest.pipeline import ingest
from kompasbot.cli.gate import gate_for
from kompasbot.embedding import local_embedder
from kompasbot.fetching.checking import Checker
from kompasbot.fetching.fetching import Limits
from kompasbot.fetching.shelf import Shelf
from kompasbot.settings import Settings
from tests.fetching.website import guard_for

FETCH: Final = "ophalen"
ALL: Final = "alles"
"""Kill the processes that it started as well, as a machine that goes down does."""


def main(step: str, delay: float, killed: str) -> None:
    """Ingest, and die ``delay`` seconds after ``step`` began; with the step ``-`` print all steps instead."""
    seen: list[str] = []

    def die() -> None:
        if killed == ALL:
            os.killpg(0, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    def told(name: str, _done: int, _total: int) -> None:
        if name not in seen:
            seen.append(name)
            if name == step:
                die() if delay == 0 else threading.Timer(delay, die).start()

    settings = Settings()
    if port := os.environ.get("WEBSITE"):
        told(FETCH, 0, 0)
        shelf = Shelf(settings.links_dir)
        check_links(settings.corpus, shelf, Checker(shelf, read_copy, guard_for(int(port)), Limits(pause=0.1)).check)
    ingest(settings, settings.corpus, local_embedder(), gate=gate_for(settings.corpus), progress=told)
    with suppress(BrokenPipeError):
        print("\n".join(seen))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3])
