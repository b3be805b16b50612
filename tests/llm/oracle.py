"""A strong model that is played: an endpoint that replays answers written beforehand, found by their case.

A case is the question, the conversation before it and the kind of call (answer, rewording, second opinion), never the
prompt itself: prompts may change, the answers stay. In an answer ``[fame]`` cites the item of that slug,
``[document/fame]`` the note or document, ``[redactie/fame]`` the editor's note on the item.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from ingest.corpus import read_corpus
from ingest.passages import cut
from kompasbot.embedding import local_embedder
from kompasbot.knowledge import ItemType
from kompasbot.retrieval.index import Index
from tests.llm.scripted import Call, saying
from tests.shelf import Shelf

_CORPUS: Final = Path(__file__).resolve().parents[2] / "corpus"
_ANSWERS: Final = Path(__file__).parent / "data" / "answers.jsonl"
_NAME: Final = re.compile(r"\[([a-z][\w/-]*)\]")
_BARE: Final = re.compile(r"^(Ja|Nee)\. ")
_PAIR: Final = " || "
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Case:
    """``answer`` is what the model writes to ``question`` after ``history``; of kind ``wrong`` its sentence about what
    the sources lack is false. ``condensed`` is the question as it rewords it.
    """

    question: str
    history: tuple[tuple[str, str], ...]
    status: str
    kind: str
    answer: str
    condensed: str

    @property
    def cited(self) -> tuple[str, ...]:
        """The sentences with a source; a bare yes or no goes with the next."""
        lines = [line for line in self.answer.splitlines() if _NAME.search(line)]
        return tuple(_BARE.sub("", self._plain(line)) for line in lines)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The sentences about what the sources lack."""
        lines = self.answer.splitlines()[1:] if self.status not in ("clarify", "refused") else []
        return tuple(self._plain(line) for line in lines if not _NAME.search(line))

    @staticmethod
    def _plain(line: str) -> str:
        return _NAME.sub("", line.split(_PAIR, maxsplit=1)[0]).removeprefix("- ").strip()


@cache
def cases() -> tuple[Case, ...]:
    """The answers written beforehand."""
    rows = [json.loads(line) for line in _ANSWERS.read_text(encoding="utf-8").splitlines()]
    return tuple(_case(row) for row in rows)


def _case(row: Mapping[str, Any]) -> Case:
    history = tuple((role, text) for role, text in row["history"])
    condensed = row.get("condensed", row["question"])
    return Case(row["question"], history, row["status"], row["kind"], row["answer"], condensed)


@cache
def shipped_index() -> Index:
    """An index over the shipped factsheet, without Chroma."""
    knowledge = read_corpus(_CORPUS).knowledge
    whole = replace(knowledge, passages=cut(knowledge.items))
    return Index(Shelf(whole), local_embedder())  # type: ignore[arg-type]


@cache
def _titles() -> Mapping[str, str]:
    """How a source's first line begins in the prompt, by the name that answers cite it by."""
    items = shipped_index().knowledge.items
    titles = {item.id.rsplit("/", 1)[1]: item.title for item in items if item.type is not ItemType.DOCUMENT}
    notes = {f"redactie/{slug}": f"Opmerking van de redactie bij: {title}" for slug, title in titles.items()}
    documents = {
        f"document/{item.id.rsplit('/', 1)[1]}": item.title for item in items if item.type is ItemType.DOCUMENT
    }
    return titles | notes | documents


@dataclass
class Oracle:
    """The script of the played model; ``unknown`` are the cases it was asked for and has no answer to."""

    unknown: list[Key] = field(default_factory=list)

    async def __call__(self, call: Call) -> None:
        """Answer one call."""
        kind, question, turns = key_of(call.prompt)
        found = [case for case in cases() if case.question == question and len(case.history) == turns]
        if kind == "opinion" or not found:
            self.unknown += [] if found or kind == "opinion" else [(kind, question, turns)]
            await saying("nee" if kind == "opinion" else "Dat weet ik niet.")(call)
            return
        text = found[0].condensed if kind == "rewording" else self._numbered(found[0].answer, call.sources)
        await saying(*re.findall(r"\S+\s*|\s+", text))(call)

    def _numbered(self, answer: str, sources: Mapping[int, str]) -> str:
        def number(match: re.Match[str]) -> str:
            title = _titles()[match[1]]
            return f"[{next(at for at, text in sources.items() if text.startswith(title))}]"

        return _NAME.sub(number, answer)


def key_of(prompt: str) -> Key:
    """The case of a prompt: the kind of call, the question as asked, and the number of turns before it."""
    kind = "rewording" if "<laatste-vraag>" in prompt else "opinion" if "<zin>" in prompt else "answer"
    asked = re.search(r"<(?:laatste-)?vraag>\n(.*?)\n</(?:laatste-)?vraag>", prompt, re.DOTALL)
    talk = re.search(r"<gesprek>\n(.*?)\n</gesprek>", prompt, re.DOTALL)
    return kind, asked[1] if asked else "", len(turns_of(talk[1])) if talk else 0


def turns_of(conversation: str) -> Sequence[str]:
    """The turns of a conversation as it stands in a prompt."""
    return re.findall(r"^(?:Bezoeker|Kompasbot): ", conversation, re.MULTILINE)
