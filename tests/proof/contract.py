"""What schemathesis sends to a running server: ``python -m tests.proof.contract``."""

import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.contract.examining import examine
from tests.proof.book import Figure, run
from tests.proof.running import serving

TITLE: Final = "Contract: what schemathesis sends"


def measure(examples: int = 250) -> list[Figure]:
    """Valid and invalid requests to every operation; a reply that is not as the document says raises."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as running:
        told = examine(running.address, examples)
        logged = running.log.read_text().count("unexpected error")
    statuses = sorted({key.rsplit(" ", 1)[1] for key in told})
    count = sum(told.values())
    return [
        Figure("replies of 5xx or undocumented", "0 of ≥ 2,000", f"0 of {count}: {' '.join(statuses)}", count >= 2000),
        Figure("unexpected errors in the log", "0", str(logged), not logged),
    ]


if __name__ == "__main__":
    sys.exit(run(["contract"]))
