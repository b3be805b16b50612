"""Whether reviewed answers still hold: each sentence is checked against the items that it rests on."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from kompasbot.answering.faithfulness.check import Checker, Support
from kompasbot.dutch import fold, sentences, words
from kompasbot.knowledge import Item, Knowledge, ReviewedAnswer
from kompasbot.retrieval.query import Synonyms

_TABLE: Final = Path(__file__).with_name("engels.yaml")
_DIGITS: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")


def faults(knowledge: Knowledge) -> dict[ReviewedAnswer, str]:
    """The answers that no longer hold, each with the reason in Dutch: the sentences that their sources don't carry.

    An English sentence can't be checked by Dutch words: of it the numbers and names are looked up.
    """
    checker = Checker(knowledge.items, Synonyms(knowledge.synonyms))
    items = {item.id: item for item in knowledge.items}
    found = {answer: ". ".join(_faults(checker, items, answer)) for answer in knowledge.answers}
    return {answer: reason for answer, reason in found.items() if reason}


def _faults(checker: Checker, items: Mapping[str, Item], answer: ReviewedAnswer) -> Iterator[str]:
    for sentence in (*answer.sentences, *answer.steps):
        sources = tuple(items[item_id] for item_id in dict.fromkeys(one.item_id for one in sentence.supports))
        reason = (
            _english_fault(checker, sentence.text, sources)
            if answer.english
            else _dutch_fault(checker, sentence.text, sources)
        )
        if reason:
            yield f"'{sentence.text}' klopt niet met de bron: {reason}"


def _dutch_fault(checker: Checker, text: str, sources: tuple[Item, ...]) -> str:
    """What speaks against a sentence; advice and transitions that a person reviewed may say more than the source."""
    checked = checker.check(text, sources)
    return "" if checked.verdict is Support.EMPTY else "; ".join(checked.reasons)


def _english_fault(checker: Checker, text: str, sources: tuple[Item, ...]) -> str:
    """The number or name of an English sentence that its sources do not hold; empty when there is none."""
    held = checker.held(sources)
    values = {one.value for one in held.numbers} | {value for one in held.numbers for value in one.value.split()}
    for value, said in _numbers(text):
        if value not in values and fold(said) not in held.words:
            return f"het getal '{said}' staat niet in de bron"
    for name in _names(text):
        meant = [name, *_table()["names"].get(name, ())]
        if not any(one in held.words or one in held.acronyms or one in held.stems for one in meant):
            return f"de naam '{name}' staat niet in de bron"
    return ""


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    """The numbers of an English text, as the Dutch check writes them, each with how it was said."""
    for match in _DIGITS.finditer(text):
        whole = re.fullmatch(r"\d{1,3}([.,]\d{3})+", match[0])
        yield (re.sub("[.,]", "", match[0]) if whole else match[0].replace(",", ".")), match[0]
    table = _table()["numbers"]
    for word in words(text):
        if word in table:
            yield table[word], word


def _names(text: str) -> Iterator[str]:
    """The words with a capital, other than only because a sentence begins."""
    for sentence in sentences(text):
        for at, match in enumerate(_TOKEN.finditer(sentence)):
            for part in re.split(r"['’&-]", match[0]):
                capital = part[:1].isupper() and (at > 0 or any(char.isupper() for char in part[1:]))
                if capital and len(part) > 1 and fold(part) not in _table()["ordinary"]:
                    yield fold(part)


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return found
