"""What stands on a page of a PDF, and where: runs of text, marks that are drawn instead of written, and links."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text on one line: from ``left`` to ``right`` on the baseline ``y`` (points, upwards)."""

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool
    widths: tuple[float, ...]
    """How wide each character is, as measured by the font."""
    part: int
    """The number of the text object that it is drawn in: a change of colour begins another."""
    artifact: bool = False
    """Whether the file calls it a header, a footer or decoration."""
    typed: bool = False
    """Whether it is what somebody filled in on a form."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A part of a page."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]]) -> "Rect":
        """The smallest one with these points in it."""
        across, up = zip(*points, strict=True)
        return cls(min(across), min(up), max(across), max(up))

    @property
    def corners(self) -> Iterator[tuple[float, float]]:
        """Its four corners."""
        return ((x, y) for x in (self.left, self.right) for y in (self.bottom, self.top))

    @property
    def area(self) -> float:
        """In square points."""
        return (self.right - self.left) * (self.top - self.bottom)

    def turned(self, turn: int) -> "Rect":
        """The same part, after the page is turned back by so many degrees."""
        return Rect.around(turned(corner, turn) for corner in self.corners)

    def seen_from(self, corner: "Rect") -> "Rect":
        """The same part, counted from the lower left of another."""
        x, y = corner.left, corner.bottom
        return Rect(self.left - x, self.bottom - y, self.right - x, self.top - y)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it, or a point next to it."""
        return self.left - 1 <= x <= self.right + 1 and self.bottom - 1 <= y <= self.top + 1


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link on a page; ``url`` is None when it leads to nowhere outside the file."""

    rect: Rect
    url: str | None


@dataclass(frozen=True, slots=True)
class PageContent:
    """The text of a page that runs in one direction, as if it were upright: its runs in the order of the file, the
    small drawn marks, the drawn lines, and the links. ``turn`` is by how many degrees it was turned.
    """

    number: int
    turn: int
    height: float
    runs: tuple[Run, ...]
    marks: tuple[Rect, ...]
    rules: tuple[Rect, ...]
    links: tuple[PageLink, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read: its text, that of the direction that most of it runs in first, and what was not taken from it.

    ``unseen`` are texts that nobody sees, by why not; ``unknown`` counts codes without a letter, ``typed`` what was
    filled in, ``remarks`` the annotations by kind that are no part of the text, ``shapes`` what is drawn, and ``image``
    is the part of the page that its largest image takes.
    """

    number: int
    contents: tuple[PageContent, ...]
    unseen: Mapping[str, str]
    unknown: int
    typed: int
    remarks: Counter[str]
    shapes: int
    image: float
    is_overfull: bool


def turned(point: tuple[float, float], turn: int) -> tuple[float, float]:
    """A place, after the page is turned back by so many degrees: a text that was turned is upright then."""
    if turn == 0:
        return point
    angle = math.radians(turn)
    x, y = point
    return x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
