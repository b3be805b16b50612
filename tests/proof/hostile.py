"""Files that mean harm, with bombs beyond all limits: ``python -m tests.proof.hostile``."""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, TypedDict

from tests.ingest.hostile import heavy_texts, hostile
from tests.ingest.test_hostile import outcome
from tests.proof.book import Figure, run

TITLE: Final = "Hostile files: what reading them costs"
_SIZE: Final = 200_000_000
_HEAVY: Final = 2_000_000
_SECONDS: Final = 20.0
_MEMORY: Final = 1000.0
_READ: Final = "read"
_TEXT: Final = "zwaar-"


class Read(TypedDict):
    """What came of a file: its text or complaint, seconds of the processor, the largest reading process so far (MB)."""

    name: str
    text: str
    complaint: str
    seconds: float
    peak: float


def measure() -> list[Figure]:
    """All files are read from one process, whose children are nothing but the readers."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tests.proof.hostile", _READ, name]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: list[Read] = json.loads(done.stdout)
    slowest = max(found, key=lambda one: one["seconds"])
    peak = max(one["peak"] for one in found)
    largest = next(one["name"] for one in found if one["peak"] == peak)
    harmful = [one for one in found if not one["name"].startswith(_TEXT)]
    told = [one["name"] for one in harmful if one["text"] or not one["complaint"]]
    refused = f"{len(harmful) - len(told)} of {len(harmful)}" + (f", not {', '.join(told)}" if told else "")
    return [
        Figure(
            "files refused with a complaint that names them", "all of ≥ 40", refused, not told and len(harmful) >= 40
        ),
        Figure(
            f"slowest of them and of {len(found) - len(harmful)} texts that are heavy for their size",
            f"≤ {_SECONDS:.0f} s",
            f"{slowest['seconds']:.1f} s ({slowest['name']})",
            slowest["seconds"] <= _SECONDS,
        ),
        Figure("most memory of a reader", "≤ 1 GB", f"{peak:.0f} MB ({largest})", peak <= _MEMORY),
        Figure("seconds for all, one by one", "(not set)", f"{sum(one['seconds'] for one in found):.0f} s", True),
    ]


def read_all(folder: Path) -> list[Read]:
    """Make and read the files one by one."""
    found: list[Read] = []
    heavy = {f"{_TEXT}{name}.md": make for name, make in heavy_texts(_HEAVY)}
    for name, make in (hostile(_SIZE) | heavy).items():
        path = folder / name
        path.write_bytes(make())
        one = outcome(path)
        path.unlink()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
        found.append({"name": name, "text": one.text, "complaint": one.complaint, "seconds": one.seconds, "peak": peak})
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == [_READ]:
        print(json.dumps(read_all(Path(sys.argv[2]))))
    else:
        sys.exit(run(["hostile"]))
