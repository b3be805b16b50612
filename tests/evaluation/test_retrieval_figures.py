"""What retrieval promises over the shipped corpus, and how little of it hangs on any one part of the corpus.

Measured with the shipped question set, and with the development set where that is at hand. The limits are those that
a held-out set has to reach; the sets here read a little higher.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest

from ingest.corpus import read_corpus
from ingest.passages import cut
from kompasbot.answering.assistant import Assistant
from kompasbot.embedding import local_embedder
from kompasbot.evaluation import QuestionSet, evaluate, find_set, load_set
from kompasbot.knowledge import Item, Knowledge
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.settings import Settings
from kompasbot.shipped import CHECKOUT
from tests.shelf import Shelf

pytestmark = pytest.mark.slow

CORPUS = CHECKOUT / "corpus"
SHEET = "regionale-samenwerking"
EXPORT = CHECKOUT.parent / "shared" / "factsheets" / f"{SHEET}.md"
DEVELOPMENT = CHECKOUT.parent / "shared" / "eval" / "dev"


@cache
def questions() -> QuestionSet:
    """The answerable questions at hand."""
    found = load_set(find_set(CORPUS, SHEET)).questions
    more = load_set(DEVELOPMENT).questions if DEVELOPMENT.is_dir() else ()
    return QuestionSet(name="zoeken", questions=(*found, *more))


def recall(items: tuple[Item, ...], knowledge: Knowledge) -> tuple[float, float]:
    """Recall at 1 and at 3 of an index over these items."""
    held = replace(knowledge, items=items, passages=cut(items))
    index = Index(Shelf(held), local_embedder())  # type: ignore[arg-type]
    figures = evaluate(index, Assistant(Settings(), load_texts()), questions(), SHEET)
    found = [figures.get("retrieval", name) for name in ("r@1", "r@3")]
    assert found[0] is not None
    assert found[1] is not None
    return found[0], found[1]


@cache
def shipped() -> Knowledge:
    return read_corpus(CORPUS).knowledge


@cache
def of_shipped() -> tuple[float, float]:
    return recall(shipped().items, shipped())


def test_questions_in_other_words_find_their_item() -> None:
    first, third = of_shipped()
    assert first >= 0.92
    assert third >= 0.97


def without(quarter: int) -> Callable[[Item], Item]:
    return lambda item: replace(item, questions=tuple(q for at, q in enumerate(item.questions) if at % 4 != quarter))


@pytest.mark.parametrize("quarter", range(4))
def test_no_quarter_of_the_expected_questions_is_indispensable(quarter: int) -> None:
    items = tuple(map(without(quarter), shipped().items))
    assert recall(items, shipped())[0] >= of_shipped()[0] - 0.03


@pytest.fixture
def export() -> str:
    if not EXPORT.is_file():
        pytest.skip(f"the publisher's export is not here ({EXPORT.name})")
    return EXPORT.read_text(encoding="utf-8")


def test_the_publishers_export_in_place_of_our_text_is_found_as_well(tmp_path: Path, export: str) -> None:
    copytree(CORPUS, tmp_path / "corpus")
    (tmp_path / "corpus" / SHEET / "factsheet.md").write_text(export, encoding="utf-8")
    found = read_corpus(tmp_path / "corpus").knowledge
    assert [item.id for item in found.items] == [item.id for item in shipped().items]
    first, third = recall(found.items, found)
    assert first >= of_shipped()[0] - 0.03
    assert third >= of_shipped()[1] - 0.03


def test_the_export_alone_is_useful_before_anyone_wrote_questions(tmp_path: Path, export: str) -> None:
    (tmp_path / SHEET).mkdir()
    (tmp_path / SHEET / "factsheet.md").write_text(export, encoding="utf-8")
    found = read_corpus(tmp_path).knowledge
    assert recall(found.items, found)[1] >= 0.8
