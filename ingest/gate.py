"""The seams by which an evaluation has its say: a gate is handed in, and asked between check and switch; before that, a
check of the reviewed answers.

This floor does not know how answers are evaluated. ``kompasbot.cli`` hands both in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.findings import Finding
from kompasbot.knowledge import Knowledge, ReviewedAnswer
from kompasbot.store.notes import Measured, Notes


@dataclass(frozen=True, slots=True)
class Worse:
    """A question that does worse than before: what should come, and what comes now, in words for an editor."""

    question: str
    wanted: str
    got: str


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact that an answer should tell, and that its items no longer hold; ``where`` is the file and line that says
    so. ``before`` and ``after`` are the answers.
    """

    question: str
    fact: str
    before: str
    after: str
    where: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an evaluation found.

    ``figures`` are those of the new generation and ``before`` the baseline that they are compared with, by the Dutch
    name of what was measured. ``message`` says in Dutch what is worse, ``worse`` for which questions; both are empty
    when nothing is. ``facts`` changed, which may be meant. ``uncompared`` are the sets of questions for which there was
    nothing to compare with. ``measured``, ``best`` and ``allowed`` are for :class:`~kompasbot.store.notes.Notes`;
    ``fell`` are the sets that are worse.
    """

    figures: Mapping[str, float] = field(default_factory=dict)
    before: Mapping[str, float] = field(default_factory=dict)
    message: str = ""
    worse: tuple[Worse, ...] = ()
    facts: tuple[ChangedFact, ...] = ()
    findings: tuple[Finding, ...] = ()
    uncompared: tuple[str, ...] = ()
    measured: Mapping[str, Measured] = field(default_factory=dict)
    best: Mapping[str, Measured] = field(default_factory=dict)
    allowed: Mapping[str, Measured] = field(default_factory=dict)
    fell: tuple[str, ...] = ()

    def notes(self, findings: tuple[Mapping[str, str], ...]) -> Notes:
        """What is kept with a generation that is published, where sets fell by a person's will: the baseline stays."""
        let_pass = {name: self.measured[name] for name in self.fell if name in self.measured}
        return Notes(self.measured, self.best, {**self.allowed, **let_pass}, findings)


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
    return Verdict()
