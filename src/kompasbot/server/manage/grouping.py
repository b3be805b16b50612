"""Groups questions that are alike, so that a maintainer sees what many people miss, not each way of asking it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from kompasbot.embedding import local_embedder

MOST: Final = 500
_ALIKE: Final = 0.4
_LONGEST: Final = 500


class HasText(Protocol):
    """Whatever has a text."""

    @property
    def text(self) -> str:
        """What was asked."""
        ...


T = TypeVar("T", bound=HasText)


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """Questions that are alike, in the order in which they were given; the first stands for all."""

    members: tuple[T, ...]

    @property
    def first(self) -> T:
        """The one that the others are like."""
        return self.members[0]


def grouped(questions: Sequence[T]) -> list[Group[T]]:
    """Groups by likeness, the largest first; looks at the first :data:`MOST` questions only.

    A question joins the group whose first member it is most like, when it is like that enough.
    """
    chosen = questions[:MOST]
    if not chosen:
        return []
    vectors = local_embedder().embed_matrix([one.text[:_LONGEST] for one in chosen])
    likeness = vectors @ vectors.T
    leaders: list[int] = []
    members: dict[int, list[T]] = {}
    for at, one in enumerate(chosen):
        best = max(leaders, key=lambda leader: likeness[at, leader], default=None)
        if best is not None and likeness[at, best] >= _ALIKE:
            members[best].append(one)
        else:
            leaders.append(at)
            members[at] = [one]
    return sorted((Group(tuple(found)) for found in members.values()), key=lambda group: -len(group.members))
