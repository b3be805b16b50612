"""Ordinary edits and harm to the shipped corpus, all of the table: ``python -m tests.proof.edits``."""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.edits import HARMFUL, ORDINARY, Bench, Edit, fault_of
from tests.proof.book import Figure, run

TITLE: Final = "Edits of the corpus: ordinary ones published without --force, harm stopped with its reason"


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), thin=True)
        return [
            _figure("ordinary edits published without --force, with a true report", bench, ORDINARY, harmful=False),
            _figure("harmful ones stopped with the true reason", bench, HARMFUL, harmful=True),
        ]


def _figure(name: str, bench: Bench, edits: Sequence[Edit], *, harmful: bool) -> Figure:
    faults = [fault for edit in edits if (fault := fault_of(edit, bench.rehearse(edit), harmful))]
    for fault in faults:
        print(f"    {fault}", flush=True)
    right = len(edits) - len(faults)
    return Figure(name, f"{len(edits)} of {len(edits)}", f"{right} of {len(edits)}", not faults)


if __name__ == "__main__":
    sys.exit(run(["edits"]))
