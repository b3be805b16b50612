"""What the notes on linked documents cost the questions about the factsheet: ``python -m tests.proof.notes``."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from ingest.corpus import read_corpus
from ingest.passages import cut
from kompasbot.answering.assistant import Assistant
from kompasbot.embedding import local_embedder
from kompasbot.evaluation import Figures, QuestionSet, evaluate, load_set
from kompasbot.knowledge import Knowledge, Origin, ReviewedAnswer
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index
from kompasbot.settings import Settings
from tests.fullshelf import open_index
from tests.proof.book import ROOT, Figure, run

TITLE: Final = "Scope and retrieval, with and without the notes on linked documents"
SHEET: Final = "regionale-samenwerking"
OWN: Final = ROOT / "corpus" / SHEET / "evaluatie"
BLIND: Final = ROOT / "tests" / "data" / "blind-set"
WORSE: Final = 0.15
"""By so much a figure may be lower with the notes; or by one question, where that is more."""
COMPARED: Final = (
    ("retrieval", "ALL", "r@1"),
    ("retrieval", "ALL", "r@3"),
    ("answers", "ALL", "first_right"),
    ("answers", "ALL", "precision"),
    ("out_of_scope_right", "ALL", "right"),
    ("out_of_scope_right", "offtopic", "right"),
    ("out_of_scope_right", "injection", "right"),
    ("out_of_scope_right", "near", "right"),
    ("out_of_scope_right", "false_premise", "right"),
    ("dialogue_turns_right", "ALL", "right"),
)
"""Part, row and figure."""


def measure() -> list[Figure]:
    return [figure for folder in (OWN, BLIND) for figure in compared(folder)]


def compared(folder: Path) -> Iterator[Figure]:
    """Each figure of a set with the notes, held against that without them."""
    questions = load_set(folder)
    named = "own set" if folder == OWN else "blind set"
    without, with_ = figures(questions, notes=False), figures(questions, notes=True)
    for part, row, figure in COMPARED:
        before, after = without.get(part, figure, row), with_.get(part, figure, row)
        number = with_.get(part, "n", row)
        if before is not None and after is not None and number:
            least = before - max(WORSE, 1 / number + 0.001)
            name = f"{named}: {part}, {row}, {figure}, of {number}"
            yield Figure(name, f"≥ {least:.3f} (without: {before:.3f})", f"{after:.3f}", after >= least)


def figures(questions: QuestionSet, notes: bool) -> Figures:
    """The figures of a set over the shipped corpus, with its notes or without them."""
    knowledge = read_corpus(ROOT / "corpus").knowledge
    return evaluate(_index(knowledge, notes), Assistant(Settings(), load_texts()), questions, SHEET)


def _index(knowledge: Knowledge, notes: bool) -> Index:
    items = tuple(item for item in knowledge.items if notes or item.origin is not Origin.NOTE)
    assert notes == (len(items) == len(knowledge.items)), "there are no notes to leave out"
    held = replace(knowledge, items=items, passages=cut(items))
    return open_index(held if notes else _without_support(held), local_embedder())


def _without_support(knowledge: Knowledge) -> Knowledge:
    """Knowledge without the facets and reviewed answers that rest on an item or document that is not in it."""
    known = {item.id for item in knowledge.items}
    items = tuple(
        replace(item, facets=tuple(facet for facet in item.facets if facet.support.item_id in known))
        for item in knowledge.items
    )
    answers = tuple(answer for answer in knowledge.answers if _sources(answer) <= known)
    return replace(knowledge, items=items, answers=answers)


def _sources(answer: ReviewedAnswer) -> set[str]:
    return {support.item_id for sentence in (*answer.sentences, *answer.steps) for support in sentence.supports}


if __name__ == "__main__":
    sys.exit(run(["notes"]))
