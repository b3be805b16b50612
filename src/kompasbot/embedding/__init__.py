"""Text to vectors: the local Dutch embedder, or the embedding model of an OpenAI-compatible endpoint."""

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

if TYPE_CHECKING:
    from kompasbot.settings import Settings

__all__ = [
    "DIMENSION",
    "Embedder",
    "LocalEmbedder",
    "Matrix",
    "QuestionEmbedder",
    "Vector",
    "embedder_for",
    "local_embedder",
    "rarity",
]


def embedder_for(settings: "Settings") -> QuestionEmbedder:
    """The embedder that the settings ask for; raises :class:`EngineUnavailable` when its endpoint is not configured."""
    if not settings.embedding_model:
        return local_embedder()
    from kompasbot.embedding.endpoint import EndpointEmbedder

    return EndpointEmbedder.of(settings)
