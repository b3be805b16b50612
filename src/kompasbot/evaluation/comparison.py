"""What changed between two runs, and what is below the gate."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kompasbot.evaluation.conversations import FOLLOW_UP, LOWER_IS_BETTER, OUT_OF_SCOPE, SINGLE
from kompasbot.evaluation.figures import ALL, Figures

FLOORS: Final[tuple[tuple[str, str, str, float], ...]] = (
    ("retrieval", ALL, "r@1", 0.90),
    ("retrieval", ALL, "r@3", 0.97),
    ("answers", ALL, "answered", 0.97),
    ("answers", ALL, "confident", 0.88),
    ("answers", ALL, "first_right", 0.93),
    ("answers", ALL, "precision", 0.90),
    ("answers", ALL, "quotes_verbatim", 1.0),
    ("out_of_scope_right", "offtopic", "right", 0.95),
    ("out_of_scope_right", "injection", "right", 0.95),
    ("out_of_scope_right", "near", "right", 0.55),
    ("out_of_scope_right", "false_premise", "right", 0.70),
    ("dialogue_turns_right", "follow-up", "right", 0.84),
    ("conversations", SINGLE, "good", 0.64),
    ("conversations", FOLLOW_UP, "good", 0.70),
    ("conversations", OUT_OF_SCOPE, "good", 0.95),
    ("sound", ALL, "share", 1.0),
)
"""What a release has to reach on the shipped set: part, row, figure, at least; a little below what is reached now."""

_COMPARED: Final = ("retrieval", "answers", "out_of_scope_right", "dialogue_turns_right", "conversations", "sound")
_TOLD_ONLY: Final = frozenset({"words", "asks", "n"})
"""Figures of which more or less is neither better nor worse."""
_SLACK: Final = 0.02


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs between two runs."""

    part: str
    row: str
    figure: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        """After minus before."""
        return round(self.after - self.before, 3)

    @property
    def fall(self) -> float:
        """By how much it is worse; 0 or less when it is not."""
        if self.figure in _TOLD_ONLY:
            return 0.0
        return self.difference if self.figure in LOWER_IS_BETTER else -self.difference


def compare(before: Figures, after: Figures) -> tuple[Change, ...]:
    """The figures that both runs have and that differ, in the order of the tables."""
    return tuple(change for change in _changes(before, after) if change.difference)


def _changes(before: Figures, after: Figures) -> Iterator[Change]:
    for part in _COMPARED:
        for row, figures in after.tables.get(part, {}).items():
            for figure, now in figures.items():
                then = before.get(part, figure, row)
                if figure != "n" and now is not None and then is not None:
                    yield Change(part, row, figure, then, now)


def shortcomings(figures: Figures, earlier: Figures | None = None, slack: float = _SLACK) -> tuple[str, ...]:
    """Why figures don't pass the gate, in Dutch; nothing when they do.

    Against an ``earlier`` run, no overall figure may be lower by more than ``slack``; without one, the fixed
    :data:`FLOORS` count. Replies have to be sound and quotes verbatim in either case. A figure that was not measured
    does not count.
    """
    found = list(_below(figures, hard_only=earlier is not None))
    if earlier is not None:
        found += [
            f"{name_of(c.part, c.row, c.figure)}: {c.after:.3f}, eerder {c.before:.3f}"
            for c in compare(earlier, figures)
            if c.row == ALL and c.fall > slack
        ]
    return tuple(dict.fromkeys(found))


def _below(figures: Figures, hard_only: bool) -> Iterator[str]:
    for part, row, figure, least in FLOORS:
        value = figures.get(part, figure, row)
        if value is not None and value < least and (least == 1.0 or not hard_only):
            yield f"{name_of(part, row, figure)}: {value:.3f}, minstens {least:.3f}"


def name_of(part: str, row: str, figure: str) -> str:
    """A figure's name as messages use it."""
    return f"{part}/{figure}" if row == ALL else f"{part}/{row}/{figure}"
