"""An ingestion that kills itself at a step: ``python -m tests.proof.victim STEP DELAY``, with -9 and no clean-up.

It is the real pipeline with the real gate; only its listener is ours.
"""

import os
import signal
import sys
import threading
from contextlib import suppress

from ingest.pipeline import ingest
from kompasbot.cli.gate import gate_for
from kompasbot.embedding import local_embedder
from kompasbot.settings import Settings


def main(step: str, delay: float) -> None:
    """Ingest, and die ``delay`` seconds after ``step`` began; with the step ``-`` print all steps instead."""
    seen: list[str] = []

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def told(name: str, _done: int, _total: int) -> None:
        if name not in seen:
            seen.append(name)
            if name == step:
                die() if delay == 0 else threading.Timer(delay, die).start()

    settings = Settings()
    ingest(settings, settings.corpus, local_embedder(), gate=gate_for(settings.corpus), progress=told)
    with suppress(BrokenPipeError):
        print("\n".join(seen))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
