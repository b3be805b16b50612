"""The embedding model of an OpenAI-compatible endpoint, by LangChain's ``OpenAIEmbeddings``.

Building an index may take its time: batches, new attempts, long deadlines. A visitor's question may not: one short
attempt, none at all while the endpoint keeps failing, and the vectors of recent questions are remembered.
"""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np
from langchain_core.embeddings import Embeddings

from kompasbot.embedding.local import Matrix, Vector
from kompasbot.embedding.remembered import Remembered
from kompasbot.endpoint import EMBEDDINGS, EndpointFailure, embedding_key_of, failure_of
from kompasbot.errors import EngineUnavailable
from kompasbot.personal import mask
from kompasbot.settings import Settings
from kompasbot.tracing import stretch

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings

_BUILD_SECONDS: Final = 60.0
_BUILD_RETRIES: Final = 4
_PAUSE_SECONDS: Final = 20.0
"""How long questions go without vectors after the endpoint failed on one."""
_PROBE: Final = "technologieonderwijs in de regio"


class EndpointEmbedder(Embeddings):
    """Vectors from an endpoint. ``dimension`` is asked of the endpoint once when the settings do not give it; ``query``
    and ``passage`` are put before each question and passage.
    """

    remote = True

    def __init__(
        self,
        building: "OpenAIEmbeddings",
        asking: "OpenAIEmbeddings",
        dimension: int | None,
        query: str = "",
        passage: str = "",
    ) -> None:
        self._building = building
        self._asking = asking
        self._dimension = dimension
        self._query = query
        self._passage = passage
        suffix = f"-{dimension}" if dimension else ""
        suffix += f"-{crc32(passage.encode()):08x}" if passage else ""
        self.name = f"endpoint:{building.model}{suffix}"
        self._remembered = Remembered()
        self._silent_until = 0.0
        self._tells: Callable[[str], bool] = lambda _value: False

    @classmethod
    def of(cls, settings: Settings) -> "EndpointEmbedder":
        """The embedder of the settings; raises :class:`EngineUnavailable` without an endpoint."""
        if not (settings.has_endpoint or settings.embedding_base_url or settings.embedding_api_key):
            raise EngineUnavailable(
                "KOMPASBOT_EMBEDDING_MODEL is ingesteld, maar er is geen endpoint.",
                "Stel KOMPASBOT_EMBEDDING_BASE_URL, OPENAI_API_KEY of OPENAI_BASE_URL in, of haal "
                "KOMPASBOT_EMBEDDING_MODEL weg.",
            )
        building = _client(settings, _BUILD_SECONDS, _BUILD_RETRIES)
        asking = _client(settings, settings.embedding_seconds, 0)
        query, passage = settings.embedding_query_prefix, settings.embedding_passage_prefix
        return cls(building, asking, settings.embedding_dimension, query, passage)

    @property
    def dimension(self) -> int:
        """The length of a vector; asks the endpoint when it is not known yet."""
        if self._dimension is None:
            self._dimension = len(_call(self._building.embed_documents, [_PROBE])[0])
        return self._dimension

    def expect(self, dimension: int, tells: Callable[[str], bool]) -> None:
        """Take the length of the index's vectors as the right one, and send what its sources tell."""
        self._dimension = dimension
        self._tells = tells

    def embed_matrix(self, texts: Sequence[str]) -> Matrix:
        """Vectors of length 1, a row a text; raises :class:`EndpointFailure`, also for vectors of a wrong length."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        rows = _call(self._building.embed_documents, [self._passage + text for text in texts])
        return self._checked(rows, len(texts))

    def embed_question(self, text: str) -> Vector:
        """The vector of a visitor's question within the deadline, without its personal data; raises
        :class:`EndpointFailure`.
        """
        text = mask(text, self._tells)
        known = self._remembered.get(text)
        if known is not None:
            return known
        if time.monotonic() < self._silent_until:
            raise EndpointFailure("overgeslagen", "Het embeddingmodel gaf een fout en wordt nu even overgeslagen.")
        about = {"gen_ai.operation.name": "embeddings", "gen_ai.request.model": self._asking.model}
        try:
            with stretch(f"embeddings {self._asking.model}", "CLIENT", about):
                vector: Vector = self._checked(_call(self._asking.embed_documents, [self._query + text]), 1)[0]
        except EndpointFailure:
            self._silent_until = time.monotonic() + _PAUSE_SECONDS
            raise
        self._remembered.add(text, vector)
        return vector

    def at_once(self, text: str) -> Vector | None:
        """The same for a question that was asked lately, else None."""
        return self._remembered.get(mask(text, self._tells))

    def _checked(self, rows: Sequence[Sequence[float]], count: int) -> Matrix:
        lengths = {len(row) for row in rows}
        if len(rows) != count:
            raise EndpointFailure("aantal", f"Het embeddingmodel gaf {len(rows)} vectoren bij {count} teksten.")
        if lengths != {self.dimension}:
            raise EndpointFailure(
                "dimensie",
                f"Het embeddingmodel gaf vectoren van een andere lengte ({_listed(lengths)}) dan die van de index "
                f"({self.dimension}).",
                "Controleer KOMPASBOT_EMBEDDING_MODEL en KOMPASBOT_EMBEDDING_DIMENSION, en bouw de index opnieuw: "
                "kompasbot ingest.",
            )
        matrix = np.asarray(rows, np.float32)
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)
        if not np.isfinite(matrix).all() or not (norms > 0).all():
            raise EndpointFailure("onleesbaar", "Het embeddingmodel gaf vectoren die geen getallen of leeg zijn.")
        return np.asarray(matrix / norms, np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """As LangChain asks for them: a list of floats a text."""
        return [[float(value) for value in row] for row in self.embed_matrix(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question."""
        return [float(value) for value in self.embed_question(text)]


def _listed(lengths: set[int]) -> str:
    return ", ".join(str(one) for one in sorted(lengths)) or "geen"


def _call(embed: Callable[[list[str]], list[list[float]]], texts: list[str]) -> list[list[float]]:
    try:
        return embed(texts)
    except Exception as error:
        raise failure_of(error, EMBEDDINGS) from error


def _client(settings: Settings, seconds: float, retries: int) -> "OpenAIEmbeddings":
    import openai
    from langchain_openai import OpenAIEmbeddings
    from pydantic import SecretStr

    connect = min(seconds, settings.chat_connect_seconds)
    return OpenAIEmbeddings(
        model=settings.embedding_model or "",
        dimensions=settings.embedding_dimension,
        openai_api_key=SecretStr(embedding_key_of(settings)),
        openai_api_base=settings.embedding_base_url or settings.openai_base_url,
        request_timeout=openai.Timeout(seconds, connect=connect),
        max_retries=retries,
        chunk_size=settings.embedding_batch,
        # Else texts are cut by tiktoken, which downloads its ranks.
        check_embedding_ctx_length=False,
    )
