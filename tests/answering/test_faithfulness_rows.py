"""The figures of the check over rows about the shipped factsheet, by kind of fault.

Each set was written from the factsheet alone, without looking at the rules, and measured once before it was used
to improve them; docs/adr/0003 gives those first figures.
"""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from ingest.corpus import read_corpus
from kompasbot.answering.faithfulness import Checker
from kompasbot.retrieval.query import Synonyms

DATA = Path(__file__).parent / "data"
CORPUS = Path(__file__).resolve().parents[2] / "corpus"
FACTSHEET = "regionale-samenwerking"
KINDS = ("number", "name", "negation", "invented", "swap", "overclaim")
Row = dict[str, str | bool]


@cache
def rows() -> tuple[Row, ...]:
    files = sorted(DATA.glob("faithfulness-*.jsonl"))
    return tuple(json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines())


@cache
def right() -> Counter[tuple[str, bool]]:
    """How many rows of each kind got the verdict that they should, and how many did not."""
    knowledge = read_corpus(CORPUS).knowledge
    places = {f"{item.factsheet}/{item.type}/{item.position}": item for item in knowledge.items}
    checker = Checker(knowledge.items, Synonyms(knowledge.synonyms))
    return Counter(
        (
            str(row["kind"]),
            checker.check(str(row["sentence"]), [places[str(row["item"])]]).supported == row["supported"],
        )
        for row in rows()
    )


def share(*kinds: str) -> float:
    good = sum(right()[kind, True] for kind in kinds)
    return good / (good + sum(right()[kind, False] for kind in kinds))


def test_the_rows_are_many_half_of_them_supported_and_about_every_item() -> None:
    kinds = Counter(str(row["kind"]) for row in rows())
    assert all(kinds[kind] >= 25 for kind in KINDS)
    assert 0.35 < kinds["supported"] / len(rows()) < 0.6
    assert len({row["item"] for row in rows()}) == 16
    assert len({row["sentence"] for row in rows()}) == len(rows())


def test_supported_sentences_are_kept() -> None:
    assert share("supported") >= 0.93


def test_unsupported_sentences_are_stopped() -> None:
    assert share(*KINDS) >= 0.95


@pytest.mark.parametrize(
    ("kind", "least"),
    [("number", 0.98), ("name", 0.98), ("negation", 0.97), ("invented", 0.88), ("swap", 0.9), ("overclaim", 0.95)],
)
def test_each_kind_of_fault_is_stopped(kind: str, least: float) -> None:
    assert share(kind) >= least
