"""The gate that ``kompasbot ingest`` hands to the ingestion: is the new generation as good as those before it?

What is measured stands in :mod:`kompasbot.cli.gauge`, which runs in a process of its own because Chroma opens folders
there. The figures of every generation are kept with it, so that they can be compared with also when it is damaged or
was built with another embedder; only where none are kept is an earlier generation asked again.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ingest.gate import Gate, Verdict, Worse
    from kompasbot.knowledge import Knowledge, ReviewedAnswer
    from kompasbot.store.notes import Measured

WORSE: Final = 0.02
"""A figure may fall by this much below the best before it: a question more or less in a hundred is chance."""
EXPECTED: Final = "verwachte vragen"
"""The set of expected questions. They change with every edit, so only those that both generations know are compared."""
OWN_FIRST: Final = "het eigen item staat bovenaan"
_SECONDS: Final = 600
_SHOWN: Final = 10
_ENOUGH: Final = 0.5
"""Of the smaller set of expected questions this share must be known to both, else they say nothing of one another."""

Sets = Mapping[str, "Measured"]


def gate_for(corpus: Path) -> "Gate":
    """The gate that knows the evaluation sets of a corpus; see :data:`ingest.gate.Gate`."""
    return partial(_gate, corpus)


def answer_faults(knowledge: "Knowledge") -> "Mapping[ReviewedAnswer, str]":
    """The reviewed answers that do not hold; see :data:`ingest.gate.AnswerCheck`."""
    if not knowledge.answers:
        return {}
    from kompasbot.evaluation.reviewed import faults

    return faults(knowledge)


def _gate(corpus: Path, draft: Path, earlier: Sequence[Path], url: str | None) -> "Verdict":
    """Compare the figures of a draft with those of the generations before it."""
    from ingest.gate import Verdict

    command = [sys.executable, "-m", "kompasbot.cli.gauge", str(draft), url or "", str(corpus), *map(str, earlier)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return Verdict(passed=False, message=f"De nieuwe index is niet beoordeeld: dat duurde langer dan {_SECONDS} s.")
    except (subprocess.SubprocessError, ValueError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
        return Verdict(passed=False, message=f"De nieuwe index kon niet worden beoordeeld: {' '.join(said)}.")
    return judged(_sets(found["new"]), [_sets(one) for one in found["earlier"]], found["rows"])


def _sets(found: Mapping[str, Any]) -> Sets:
    from kompasbot.store.notes import Measured

    return {name: Measured(**one) for name, one in found.items()}


def judged(
    new: Sets, earlier: Sequence[Sets], rows: Mapping[str, Mapping[str, Sequence[str]]] | None = None
) -> "Verdict":
    """The verdict on the figures of a draft; each is held against the best of the ``earlier`` ones.

    ``rows`` tell of each set's questions what was asked, what should come and what came.
    """
    from ingest.gate import Verdict
    from ingest.report import percentage

    figures: dict[str, float] = {}
    before: dict[str, float] = {}
    # A set that is gone measures nothing any more, and that must be seen.
    uncompared = [name for name in (earlier[0] if earlier else {}) if name not in new]
    worse: list[tuple[float, Worse]] = []
    for name, mine in new.items():
        theirs = [one[name] for one in earlier if name in one and comparable(name, mine, one[name])]
        figures |= {f"{name}: {figure}": value for figure, value in figures_of(name, mine).items()}
        if not theirs:
            uncompared.append(name)
            continue
        fallen = False
        for figure, (now, then) in _held_against(name, mine, theirs):
            figures[f"{name}: {figure}"], before[f"{name}: {figure}"] = now, then
            fallen |= now < then - WORSE
        worse += _worse(mine, theirs, (rows or {}).get(name, {})) if fallen else []
    fell = [name for name, then in before.items() if figures[name] < then - WORSE]
    told = "; ".join(f"{name}: van {percentage(before[name])} naar {percentage(figures[name])}" for name in fell)
    message = f"De antwoorden zijn slechter geworden. {told}." if fell else ""
    return Verdict(not fell, figures, before, message, _shown(worse), tuple(uncompared), new)


def comparable(name: str, mine: "Measured", theirs: "Measured") -> bool:
    """Whether two generations were asked the same."""
    if name != EXPECTED:
        return mine.asked == theirs.asked
    least = _ENOUGH * min(len(mine.scores), len(theirs.scores))
    return len(mine.scores.keys() & theirs.scores.keys()) >= max(1, least)


def figures_of(name: str, measured: "Measured", only: "Measured | None" = None) -> Mapping[str, float]:
    """The figures of a set by their Dutch names; of the expected questions those that ``only`` was asked too."""
    from kompasbot.evaluation.wording import figure_name

    if name == EXPECTED:
        known = [score for key, score in measured.scores.items() if only is None or key in only.scores]
        return {OWN_FIRST: round(sum(known) / len(known), 4)} if known else {}
    return {figure_name(*figure.split(" ", maxsplit=1)): value for figure, value in measured.figures.items()}


def _held_against(
    name: str, mine: "Measured", theirs: Sequence["Measured"]
) -> Iterator[tuple[str, tuple[float, float]]]:
    """Each figure now, with the earlier one that it falls most short of."""
    pairs: dict[str, list[tuple[float, float]]] = {}
    for one in theirs:
        old = figures_of(name, one, mine)
        for figure, now in figures_of(name, mine, one).items():
            if figure in old:
                pairs.setdefault(figure, []).append((now, old[figure]))
    for figure, found in pairs.items():
        yield figure, max(found, key=lambda pair: pair[1] - pair[0])


def _worse(
    mine: "Measured", theirs: Sequence["Measured"], rows: Mapping[str, Sequence[str]]
) -> Iterator[tuple[float, "Worse"]]:
    """The questions of a set that score lower than the best before, with by how much."""
    from ingest.gate import Worse

    for key, now in mine.scores.items():
        fall = max((one.scores[key] for one in theirs if key in one.scores), default=now) - now
        if fall > 0 and key in rows:
            yield fall, Worse(*rows[key])


def _shown(worse: Sequence[tuple[float, "Worse"]]) -> tuple["Worse", ...]:
    """Those that fell most, each question once."""
    found = {one.question: one for _, one in sorted(worse, key=lambda pair: pair[0])}
    return tuple(reversed(found.values()))[:_SHOWN]
