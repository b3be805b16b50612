"""Fits the weights of :mod:`kompasbot.answering.trust` to questions of which is known whether they are answered:
``python -m tests.fitting``, over the index of the settings in force (``KOMPASBOT_EMBEDDER=hashed`` for the other one).

A question counts as answered when the sentences that would be told for it hold what its set wants; what is told without
a verdict (lists, reviewed answers, turns of conversation) is left out. It prints a line for ``prompts/gewichten.yaml``,
how well the measures tell the two apart on sets that were left out of the fit, and what each threshold costs.

The method is a logistic regression with a ridge penalty, by iteratively reweighted least squares (Hastie, Tibshirani
and Friedman, The Elements of Statistical Learning, 4.4).
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompasbot.answering.answer import Message, Question
from kompasbot.answering.evidence import Asking
from kompasbot.answering.intents import load_intents
from kompasbot.answering.replying import Replier, Reply
from kompasbot.answering.trust import TrustMeasures
from kompasbot.answering.understanding.vocabulary import load_vocabulary
from kompasbot.evaluation.gold import Key
from kompasbot.evaluation.questions import find_set, load_set
from kompasbot.evaluation.strings import any_in, plain
from kompasbot.prompts import load_texts
from kompasbot.retrieval.index import Index, open_index
from kompasbot.retrieval.weights import weights_for
from kompasbot.settings import load_settings

_BLIND: Final = Path(__file__).parent / "data" / "blind-set"
_ALWAYS: Final = -1e9
_RIDGE: Final = 1.0
_NAMES: Final = [each.name for each in fields(TrustMeasures) if each.name != "bare"]
"""Of one index all items have expected questions or none has: that weight is chosen by comparing two indexes."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A question of a set; ``wanted`` are ids of which one must be told first, ``facts`` strings that must be said.
    Without either the sources do not answer it.
    """

    set: str
    question: str
    wanted: frozenset[str] = frozenset()
    facts: tuple[tuple[str, ...], ...] = ()

    def answered_by(self, reply: Reply, key: Key) -> bool:
        """Whether a reply tells what is wanted."""
        text = plain("\n".join(each.text for paragraph in reply.paragraphs for each in paragraph.statements))
        if self.facts:
            return all(any_in(text, fact) for fact in self.facts)
        return bool(reply.told) and bool(key.gold(reply.told[0]) & self.wanted)


def cases(folder: Path, key: Key) -> Iterator[Case]:
    """The single questions of a set of the evaluation."""
    found = load_set(folder)
    name = folder.parent.name
    for question in found.questions:
        yield Case(f"{name} questions", question.question, key.wanted(question, {}).fitting)
    for outside in found.out_of_scope:
        if outside.kind in {"near", "offtopic", "false_premise"}:
            yield Case(f"{name} questions", outside.question)
    for turn in found.conversations:
        if len(turn.messages) == 1:
            answers = "answered" in turn.status and turn.says
            yield Case(f"{name} conversations", turn.question, facts=turn.says if answers else ())


def measured(index: Index, asked: Sequence[Case], key: Key) -> list[tuple[str, Numbers, bool]]:
    """Of each question its set, its measures, and whether the sentences that would be told answer it."""
    weights = weights_for(index.embedder.name)
    trust = replace(weights.trust, answers=_ALWAYS, outside=_ALWAYS)
    replier = Replier(index, load_texts(), load_vocabulary(), load_intents(), replace(weights, trust=trust))
    found = []
    for case in asked:
        understood = replier.understander.understand(Question((Message("user", case.question),)))
        if understood.reply:
            continue
        vectors = {text: index.embedder.embed_question(text) for text in replier.texts(understood)}
        reply = replier.reply(understood, Asking(None, vectors))
        measures = next((part.measures for part in reply.parts if part.measures), None)
        if measures is not None:
            row = np.asarray([float(getattr(measures, name)) for name in _NAMES])
            found.append((case.set, row, bool(case.wanted or case.facts) and case.answered_by(reply, key)))
    return found


def fit(rows: Numbers, answered: Numbers) -> Numbers:
    """The weights of a logistic regression, that of the bias last."""
    inputs = np.c_[rows, np.ones(len(rows))]
    weights = np.zeros(inputs.shape[1])
    ridge = np.diag([_RIDGE] * rows.shape[1] + [1e-6])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (answered - likely) - ridge @ weights
        curve = (inputs * (likely * (1 - likely))[:, None]).T @ inputs + ridge
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def area(scores: Numbers, answered: Numbers) -> float:
    """The chance that an answered question scores above one that is not: the area under the ROC curve."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores)] = np.arange(len(scores))
    some, others = answered.sum(), len(answered) - answered.sum()
    return float((ranks[answered == 1].sum() - some * (some - 1) / 2) / (some * others))


def main(folders: Sequence[Path]) -> None:
    """Print the weights and what they are worth."""
    settings = load_settings()
    index = open_index(settings)
    shipped = find_set(settings.corpus)
    key = Key(index, shipped.parent.name)
    asked = [case for folder in (shipped, _BLIND, *folders) for case in cases(folder, key)]
    found = measured(index, asked, key)
    sets = np.asarray([name for name, _, _ in found])
    rows = np.stack([row for _, row, _ in found])
    answered = np.asarray([float(right) for _, _, right in found])
    scores = np.zeros(len(found))
    for name in dict.fromkeys(sets):
        left_out = sets == name
        weights = fit(rows[~left_out], answered[~left_out])
        scores[left_out] = rows[left_out] @ weights[:-1] + weights[-1]
    weights = fit(rows, answered)
    line = ", ".join(f"{name}: {weight:.2f}" for name, weight in zip([*_NAMES, "bias"], weights, strict=True))
    print(f"trust: {{{line}}}\n")
    print(f"{len(found)} questions, area under the curve of sets left out: {area(scores, answered):.3f}\n")
    print("threshold  answered questions below it  others below it")
    for threshold in np.arange(-1.5, 1.01, 0.25):
        lost, kept = (scores[answered == which] < threshold for which in (1, 0))
        print(f"{threshold:9.2f}  {lost.mean():27.2f}  {kept.mean():15.2f}")
    index.close()


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
