"""The seam by which an evaluation stops a publication: a gate is handed in, and asked between check and switch.

This floor does not know how answers are evaluated. ``kompasbot.cli.gate`` hands one in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an evaluation found: figures of the new and of the serving generation, and whether the new one may serve.

    ``message`` says in Dutch what is worse; it is empty when nothing is.
    """

    passed: bool
    figures: Mapping[str, float] = field(default_factory=dict)
    before: Mapping[str, float] = field(default_factory=dict)
    message: str = ""


Gate = Callable[[Path, Path | None, str | None], Verdict]
"""Gets the folder of the checked draft, that of the serving generation (None when there is none) and the address of the
Chroma server (None when the vectors stand in these folders)."""


def open_gate(_draft: Path, _serving: Path | None, _url: str | None) -> Verdict:
    """The gate that lets everything pass."""
    return Verdict(passed=True)
