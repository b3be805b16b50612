"""Question sets on disk, and the one that is shipped."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.corpus import read_corpus
from ingest.passages import cut
from kompasbot.answering.assistant import Assistant
from kompasbot.embedding.e5 import e5_embedder
from kompasbot.errors import KompasbotError, UnreadableFile
from kompasbot.evaluation import evaluate, find_set, load_set, shortcomings
from kompasbot.knowledge import Knowledge
from kompasbot.prompts import load_texts
from kompasbot.settings import Settings
from kompasbot.shipped import CHECKOUT
from tests.fullshelf import open_index

CORPUS = CHECKOUT / "corpus"
SHEET = "regionale-samenwerking"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    found = read_corpus(CORPUS).knowledge
    return replace(found, passages=cut(found.items))


def test_the_shipped_set_is_large_and_varied() -> None:
    found = load_set(find_set(CORPUS, SHEET))
    assert len(found.questions) >= 140
    assert len(found.out_of_scope) >= 110
    assert len(found.dialogues) >= 20
    assert len(Counter(row.style for row in found.questions)) == 10
    ids = [row.id for part in (found.questions, found.out_of_scope, found.dialogues) for row in part]
    assert len(ids) == len(set(ids))


def test_the_shipped_set_names_only_items_that_exist(knowledge: Knowledge) -> None:
    items = {one.id for one in knowledge.items}
    found = load_set(find_set(CORPUS, SHEET))
    turns = [turn for talk in found.dialogues for turn in talk.turns]
    named = {gold for row in (*found.questions, *turns) for gold in (*row.gold, *row.any_of)}
    assert sorted(named - items - {"G"}) == []


def test_hardly_any_shipped_question_is_an_expected_one(knowledge: Knowledge) -> None:
    """A question that the index holds word for word measures little; the shortest ones coincide."""

    def plain(text: str) -> str:
        return " ".join(re.findall(r"\w+", text.lower()))

    expected = {plain(question) for item in knowledge.items for question in item.questions}
    asked = {plain(row.question) for row in load_set(find_set(CORPUS, SHEET)).questions}
    assert len(asked & expected) <= len(asked) * 0.05


@pytest.mark.slow
@pytest.mark.timeout(600)  # the model embeds the whole corpus
def test_the_shipped_corpus_passes_its_own_gate(knowledge: Knowledge) -> None:
    """Measured with the embedder that a fresh machine has."""
    figures = evaluate(
        open_index(knowledge, e5_embedder()),
        Assistant(Settings(), load_texts()),
        load_set(find_set(CORPUS, SHEET)),
        SHEET,
    )
    assert shortcomings(figures) == ()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{nee", "geen geldige JSON"),
        ('{"id": "a", "question": "Wat?", "style": "plain"}', "'gold'"),
        ('{"id": "a", "question": "Wat?", "style": "plain", "gold": ["X1"]}', "'gold.0'"),
        ('{"id": "a", "question": "", "style": "plain", "gold": ["I1"]}', "'question'"),
        ('{"id": "a", "question": "Wat?", "style": "plain", "gold": []}', "'gold'"),
        ('{"id": "b", "question": "Wat?", "style": "plain", "gold": ["I1"]}', "het id 'b' staat ook op regel 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    good = '{"id": "b", "question": "Hoe?", "style": "plain", "gold": ["I1"]}'
    (tmp_path / "questions.jsonl").write_text(f"{good}\n\n{line}\n")
    with pytest.raises(UnreadableFile, match=r"questions\.jsonl, regel 3") as caught:
        load_set(tmp_path)
    assert says in str(caught.value)


def test_parts_may_be_missing_but_not_all(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="geen vragen"):
        load_set(tmp_path)
    (tmp_path / "outofscope.jsonl").write_text('{"id": "a", "question": "Wat?", "kind": "near"}\n')
    assert len(load_set(tmp_path).out_of_scope) == 1


def test_a_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_bytes(b"\xff")
    with pytest.raises(UnreadableFile, match="niet te lezen"):
        load_set(tmp_path)


def test_the_set_of_a_corpus_is_found_by_its_factsheet(tmp_path: Path) -> None:
    with pytest.raises(KompasbotError, match="geen vragen"):
        find_set(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name / "evaluatie").mkdir(parents=True)
    with pytest.raises(KompasbotError, match="meer factsheets: a, b"):
        find_set(tmp_path)
    assert find_set(tmp_path, "b") == tmp_path / "b" / "evaluatie"
