"""The seams by which an evaluation has its say: a gate is handed in, and asked between check and switch; before that, a
check of the reviewed answers.

This floor does not know how answers are evaluated. ``kompasbot.cli`` hands both in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kompasbot.knowledge import Knowledge, ReviewedAnswer
from kompasbot.store.notes import Measured


@dataclass(frozen=True, slots=True)
class Worse:
    """A question that does worse than before: what should come, and what comes now, in words for an editor."""

    question: str
    wanted: str
    got: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an evaluation found, and whether the new generation may serve.

    ``figures`` are those of the new generation and ``before`` the best of those that it is compared with, by the Dutch
    name of what was measured. ``message`` says in Dutch what is worse, ``worse`` for which questions; both are empty
    when nothing is. ``uncompared`` are the sets of questions for which there was nothing to compare with, ``measured``
    is what a next comparison needs.
    """

    passed: bool
    figures: Mapping[str, float] = field(default_factory=dict)
    before: Mapping[str, float] = field(default_factory=dict)
    message: str = ""
    worse: tuple[Worse, ...] = ()
    uncompared: tuple[str, ...] = ()
    measured: Mapping[str, Measured] = field(default_factory=dict)


Gate = Callable[[Path, Sequence[Path], str | None], Verdict]
"""Gets the folder of the checked draft, those of the generations that were published before it (the serving one first)
and the address of the Chroma server (None when the vectors stand in these folders). A draft of a rehearsal has no
Chroma.
"""


AnswerCheck = Callable[[Knowledge], Mapping[ReviewedAnswer, str]]
"""Gets the knowledge that was read; gives the reviewed answers that do not hold, each with the reason in Dutch."""


def unchecked(_knowledge: Knowledge) -> Mapping[ReviewedAnswer, str]:
    """The check that every answer passes."""
    return {}


def open_gate(_draft: Path, _earlier: Sequence[Path], _url: str | None) -> Verdict:
    """The gate that lets everything pass."""
    return Verdict(passed=True)
