"""The gate that ``kompasbot ingest`` hands to the ingestion: is the new generation as good as the one that serves?

Both are opened in a process of their own (``python -m kompasbot.cli.gate DRAFT SERVING URL``), because Chroma opens
folders here. What is asked stands in :func:`figures`: an evaluation with more to say takes its place there.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ingest.gate import Verdict
    from kompasbot.retrieval.index import Index

WORSE: Final = 0.02
"""A figure may fall by this much: a question more or less in a hundred is chance."""
_QUESTIONS: Final = 200
_SECONDS: Final = 600
_FIGURE: Final = "eigen item als eerste"


def gate(draft: Path, serving: Path | None, url: str | None) -> "Verdict":
    """Compare the figures of a draft with those of the serving generation; see :data:`ingest.gate.Gate`."""
    from ingest.gate import Verdict

    command = [sys.executable, "-m", "kompasbot.cli.gate", str(draft), str(serving or ""), url or ""]
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


def figures(index: "Index", questions: list[tuple[str, str]]) -> dict[str, float]:
    """What is compared: the share of questions that put the item first that they belong to."""
    if not questions:
        return {}
    found = [index.search(question, 1) for question, _ in questions]
    right = sum(bool(hits) and hits[0].item.id == own for hits, (_, own) in zip(found, questions, strict=True))
    return {_FIGURE: round(right / len(questions), 4)}


def questions_of(index: "Index") -> list[tuple[str, str]]:
    """An even sample of the expected questions, each with the id of its item."""
    every = [(question, item.id) for item in index.knowledge.items for question in item.questions]
    step = max(1, len(every) // _QUESTIONS)
    return every[::step]


def main(draft: str, serving: str, url: str) -> None:
    """Print the figures of both generations, asked the same questions, as JSON."""
    new = _open(draft, url)
    old = _open_sound(serving, url) if serving else None
    questions = questions_of(new)
    found = {"draft": figures(new, questions)}
    # Questions that came with the new generation can't be held against it or the old one.
    asked = set(old.items) if old else set()
    shared = [(question, own) for question, own in questions if own in asked]
    found["serving"] = figures(old, shared) if old else {}
    if old:
        found["draft"] = figures(new, shared) or found["draft"]
    sys.stdout.write(json.dumps(found))


def _open(folder: str, url: str) -> "Index":
    from kompasbot.embedding import local_embedder
    from kompasbot.retrieval.index import Index
    from kompasbot.store import Generation

    embedder = local_embedder()
    return Index(Generation.open_folder(Path(folder), url or None, embedder.name), embedder)


def _open_sound(folder: str, url: str) -> "Index | None":
    """The serving generation; None when it is damaged: then there is nothing to be worse than."""
    from kompasbot.errors import IndexFailure

    try:
        return _open(folder, url)
    except IndexFailure:
        return None


if __name__ == "__main__":
    main(*sys.argv[1:4])
