"""Text to vectors: by multilingual-e5-small where it is installed, by hashed Dutch words, or by the embedding model of
an OpenAI-compatible endpoint.
"""

from typing import TYPE_CHECKING

from kompasbot.embedding.local import (
    DIMENSION,
    Embedder,
    LocalEmbedder,
    Matrix,
    QuestionEmbedder,
    Vector,
    local_embedder,
    rarity,
)
from kompasbot.embedding.queue import EmbeddingQueue, Outcome

if TYPE_CHECKING:
    from kompasbot.settings import Settings

__all__ = [
    "DIMENSION",
    "Embedder",
    "EmbeddingQueue",
    "LocalEmbedder",
    "Matrix",
    "Outcome",
    "QuestionEmbedder",
    "Vector",
    "embedder_for",
    "local_embedder",
    "rarity",
]


def embedder_for(settings: "Settings") -> QuestionEmbedder:
    """The embedder that the settings ask for.

    Raises :class:`EngineUnavailable` when its endpoint is not configured, or e5 can't be used here.
    """
    kind = settings.embedder
    if settings.embeds_by_endpoint:
        from kompasbot.embedding.endpoint import EndpointEmbedder

        return EndpointEmbedder.of(settings)
    from kompasbot.embedding.e5 import e5_embedder, why_not

    return e5_embedder() if kind == "e5" or (kind == "auto" and why_not() is None) else local_embedder()
