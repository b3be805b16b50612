"""Asks every expected question of the knowledge that was read, and notes which do not find their own item."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.findings import Finding
from kompasbot.knowledge import Item, Knowledge, PassageKind
from kompasbot.retrieval.ranking import Ranker

_WORK: Final = 1_500_000
_LEAST: Final = 100
_MOST: Final = 20

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Findability:
    """``found`` of the ``asked`` questions put their own item first; the others are findings."""

    asked: int
    found: int
    findings: tuple[Finding, ...]


class _Known:
    """The vectors of texts that were embedded already, as an embedder: asking costs no endpoint."""

    remote = False

    def __init__(self, name: str, vectors: Mapping[str, Matrix], dimension: int) -> None:
        self.name = name
        self.dimension = dimension
        self._vectors = vectors

    def embed_question(self, text: str) -> Matrix:
        """The vector of a text that is known."""
        return self._vectors[text]

    def at_once(self, text: str) -> Matrix:
        """The same."""
        return self._vectors[text]

    def embed_matrix(self, texts: Sequence[str]) -> Matrix:
        """The vectors of texts that are known."""
        return np.stack([self._vectors[text] for text in texts])

    def expect(self, dimension: int, tells: Callable[[str], bool]) -> None:
        """Nothing to do: the vectors are there."""


def try_questions(
    knowledge: Knowledge, vectors: Matrix, arrays: Mapping[str, NDArray[np.generic]], embedder: str
) -> Findability:
    """Ask the expected questions; of a large corpus an even sample, so that this takes seconds."""
    # What is asked of a certain sentence may lean on a conversation (``En hoeveel scholen?``), and finds no item alone.
    asked_of_items = (passage.kind is PassageKind.QUESTION and passage.answer is None for passage in knowledge.passages)
    at = [row for row, of_item in enumerate(asked_of_items) if of_item]
    most = max(_LEAST, _WORK // max(1, len(knowledge.passages)))
    rows = [at[int(place)] for place in np.linspace(0, len(at) - 1, min(most, len(at)))] if at else []
    if not rows:
        return Findability(0, 0, ())
    texts = {knowledge.passages[row].text: vectors[row] for row in rows}
    ranker = Ranker(knowledge, arrays, _Known(embedder, texts, vectors.shape[1]), _Exact(vectors))
    items = {item.id: item for item in knowledge.items}
    missed = [finding for row in rows if (finding := _miss(ranker, knowledge, items, row))]
    return Findability(len(rows), len(rows) - len(missed), tuple(_short(missed)))


class _Exact:
    """Exact search in place of Chroma, which need not be imported for this."""

    def __init__(self, vectors: Matrix) -> None:
        self._vectors = vectors

    def __call__(self, vector: Matrix, k: int) -> list[tuple[int, float]]:
        likeness = self._vectors @ vector
        best = np.argpartition(-likeness, k - 1)[:k] if k < len(likeness) else np.arange(len(likeness))
        return [(int(row), float(likeness[row])) for row in best[np.argsort(-likeness[best], kind="stable")]]


def _miss(ranker: Ranker, knowledge: Knowledge, items: Mapping[str, Item], row: int) -> Finding | None:
    passage = knowledge.passages[row]
    scored = ranker.rank(passage.text).scored
    if scored and scored[0].item.id == passage.item_id:
        return None
    other = f"vindt eerst '{scored[0].item.title}'" if scored else "vindt niets"
    return Finding(
        "waarschuwing",
        passage.item_id,
        f"De vraag '{passage.text}' {other}, en niet '{items[passage.item_id].title}'.",
        "Maak de vraag duidelijker, of zet hem bij het item waar hij beter past.",
    )


def _short(findings: Sequence[Finding]) -> list[Finding]:
    rest = len(findings) - _MOST
    more = [Finding("info", "vragen", f"Nog {rest} andere vragen vinden hun item niet als eerste.")] if rest > 0 else []
    return [*findings[:_MOST], *more]
