"""The gate that ``kompasbot ingest`` hands to the ingestion: is the new generation as good as the one that serves?

Both are opened in a process of their own (``python -m kompasbot.cli.gate DRAFT SERVING URL CORPUS``), because Chroma
opens folders here. What is asked stands in :func:`figures`: the expected questions, and the evaluation sets of the
corpus.
"""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ingest.gate import Gate, Verdict
    from kompasbot.retrieval.index import Index

WORSE: Final = 0.02
"""A figure may fall by this much: a question more or less in a hundred is chance."""
_QUESTIONS: Final = 200
_SECONDS: Final = 600
_FIGURE: Final = "eigen item als eerste"
_PARTS: Final = ("retrieval", "answers", "out_of_scope_right", "dialogue_turns_right", "sound")


def gate_for(corpus: Path) -> "Gate":
    """The gate that knows the evaluation sets of a corpus; see :data:`ingest.gate.Gate`."""
    return partial(_gate, corpus)


def _gate(corpus: Path, draft: Path, serving: Path | None, url: str | None) -> "Verdict":
    """Compare the figures of a draft with those of the serving generation."""
    from ingest.gate import Verdict

    command = [sys.executable, "-m", "kompasbot.cli.gate", str(draft), str(serving or ""), url or "", str(corpus)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
        return Verdict(passed=False, message=f"De nieuwe index kon niet worden beoordeeld: {' '.join(said)}.")
    return judged(found["draft"], found["serving"])


def judged(new: dict[str, float], old: dict[str, float]) -> "Verdict":
    """The verdict on two sets of figures; only what both have is compared."""
    from ingest.gate import Verdict

    worse = [name for name in new if name in old and new[name] < old[name] - WORSE]
    message = "; ".join(f"'{name}' daalt van {old[name]:.3f} naar {new[name]:.3f}" for name in worse)
    return Verdict(not worse, new, old, f"De index is slechter geworden: {message}." if worse else "")


def figures(index: "Index", questions: list[tuple[str, str]], corpus: Path) -> dict[str, float]:
    """What is compared: the share of expected questions that find their own item, and the overall figures of each
    evaluation set that is about a factsheet of this index.
    """
    found = {}
    if questions:
        hits = [(index.search(question, 1), own) for question, own in questions]
        right = sum(bool(best) and best[0].item.id == own for best, own in hits)
        found[_FIGURE] = round(right / len(questions), 4)
    return found | _evaluated(index, corpus)


def _evaluated(index: "Index", corpus: Path) -> dict[str, float]:
    """The overall figures of the evaluation sets, answered without a language model: that would cost money."""
    from kompasbot.answering.assistant import Assistant
    from kompasbot.evaluation import evaluate, load_set
    from kompasbot.prompts import load_texts
    from kompasbot.settings import Settings

    sheets = {sheet.id for sheet in index.knowledge.factsheets}
    assistant = Assistant(Settings(), load_texts())
    found: dict[str, float] = {}
    for folder in sorted(corpus.glob("*/evaluatie")):
        sheet = folder.parent.name
        if sheet in sheets:
            measured = evaluate(index, assistant, load_set(folder), sheet, engine="extractive")
            for part in _PARTS:
                row = measured.tables.get(part, {}).get("ALL", {})
                found |= {f"{sheet} {part} {name}": one for name, one in row.items() if one is not None and name != "n"}
    return found


def questions_of(index: "Index") -> list[tuple[str, str]]:
    """An even sample of the expected questions, each with the id of its item."""
    every = [(question, item.id) for item in index.knowledge.items for question in item.questions]
    step = max(1, len(every) // _QUESTIONS)
    return every[::step]


def main(draft: str, serving: str, url: str, corpus: str) -> None:
    """Print the figures of both generations, asked the same questions, as JSON."""
    new = _open(draft, url)
    old = _open_sound(serving, url) if serving else None
    questions = questions_of(new)
    if old:
        # Questions of items that are new can't be held against the old one.
        questions = [(question, own) for question, own in questions if own in old.items]
    found = {"draft": figures(new, questions, Path(corpus))}
    found["serving"] = figures(old, questions, Path(corpus)) if old else {}
    sys.stdout.write(json.dumps(found))


def _open(folder: str, url: str) -> "Index":
    from kompasbot.embedding import embedder_for
    from kompasbot.retrieval.index import Index
    from kompasbot.settings import load_settings
    from kompasbot.store import Generation

    settings = load_settings()
    embedder = embedder_for(settings)
    generation = Generation.open_folder(Path(folder), url or None, embedder.name, settings.exact_search_up_to)
    return Index(generation, embedder)


def _open_sound(folder: str, url: str) -> "Index | None":
    """The serving generation; None when it is damaged: then there is nothing to be worse than."""
    from kompasbot.errors import IndexFailure

    try:
        return _open(folder, url)
    except IndexFailure:
        return None


if __name__ == "__main__":
    main(*sys.argv[1:5])
