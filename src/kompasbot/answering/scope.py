"""Decides, before anything is composed, what kind of reply a question gets, and says why.

Two measures decide. *Field* says whether a question is about what the sources are about at all; below its threshold
it is refused. *Trust* says whether the best item answers it; below its threshold the answer first names what the
sources do not say. The weights are of a logistic regression over two sets of questions, rounded; docs/adr/0004 has
the figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kompasbot.answering.answer import Status
from kompasbot.answering.asked import Asked
from kompasbot.answering.conversation import Resolved, Turn
from kompasbot.answering.evidence import Evidence, gather, names_said
from kompasbot.answering.selection import Selection, Shape
from kompasbot.answering.wants import FACTS
from kompasbot.dutch import zipf
from kompasbot.retrieval.index import Index
from kompasbot.retrieval.query import Concept

_FIELD: Final = 0.37
_NAMES: Final = 2
"""So many names of the best item's title make a question one of the field, whatever else it says."""
_TRUST: Final = 0.0
_MISSED: Final = 0.6
"""A word of this weight that the item which is called by name does not hold is something else than it tells."""
_UNTOLD: Final = 0.45
"""The same for a word that only the expected questions hold, when a fact about the named item is asked for."""
_JUST_A_NAME: Final = 0.17
"""The length of a question of at most two weighty words: ``wat is FAME?``"""
_MISSED_SHARE: Final = 0.5
_SAYABLE: Final = 2.0
"""Only a word that is this common in general Dutch (Zipf) is repeated in a notice."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of a reply with the reasons for it; ``text`` is the key of the refusal or notice, with its fields."""

    status: Status
    reasons: tuple[str, ...]
    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def suggests(self) -> bool:
        """Whether questions are suggested; not after a request for harm, nor to a person in distress."""
        return self.text not in {"weigering.nood", "weigering.onveilig", "weigering.schade"}


def judge(index: Index, asked: Asked, resolved: Resolved, concepts: Sequence[Concept], selection: Selection) -> Verdict:
    """Decide the status of a question that is no small talk and not refused by its wording."""
    if not selection.chosen:
        return Verdict(Status.REFUSED, ("no item fits",), "weigering.buiten")
    if selection.shape is Shape.SECTION or resolved.turn in (Turn.MORE, Turn.SHORTER):
        return Verdict(Status.ANSWERED, (f"{selection.shape}, {resolved.turn}",))
    evidence = gather(index, asked, concepts, selection.chosen)
    if resolved.turn is Turn.FOLLOW_UP:
        return _of_follow_up(asked, evidence)
    called = names_said(selection.chosen[0].item, asked.text) >= _NAMES or evidence.placed
    if field_measure(evidence) < _FIELD and not called:
        return Verdict(Status.REFUSED, (f"field {field_measure(evidence):.2f}",), "weigering.buiten")
    return _of_question(asked, evidence)


def field_measure(evidence: Evidence) -> float:
    """How far a question is about what the sources are about; questions from elsewhere stay low."""
    strange = 0.15 if evidence.strange else 0.0
    return evidence.field + 0.4 * evidence.item - 0.48 * evidence.unknown - strange


def trust_measure(evidence: Evidence) -> float:
    """How far the best item answers a question; above 0 it does so rather than not."""
    return (
        4.5 * evidence.passages
        - 4.0 * evidence.missing
        + 7.5 * evidence.length
        - 4.0 * evidence.focus
        - (3.0 if evidence.strange else 0.0)
        - 2.0
    )


def _of_question(asked: Asked, evidence: Evidence) -> Verdict:
    if evidence.expected:
        return Verdict(Status.ANSWERED, ("an expected question",))
    called = evidence.titled or (evidence.named and not evidence.missed)
    if called and evidence.length <= _JUST_A_NAME and asked.wants not in FACTS:
        return Verdict(Status.ANSWERED, ("the item is called by its name, and nothing else is asked",))
    if evidence.placed and not evidence.missed and asked.wants not in FACTS:
        return Verdict(Status.ANSWERED, ("only names are said, and the item holds them",))
    if evidence.denied:
        return Verdict(Status.PARTIAL, (f"the editor's note denies it: {evidence.denied}",), "melding.soort.welke")
    trust = trust_measure(evidence)
    doubt = _doubt(asked, evidence) or (f"trust {trust:.2f}" if trust < _TRUST else "")
    return _partial(asked, evidence, doubt) if doubt else Verdict(Status.ANSWERED, (f"trust {trust:.2f}",))


def _doubt(asked: Asked, evidence: Evidence) -> str:
    """What the item surely does not hold of what is asked for, or nothing."""
    if evidence.lacking:
        return f"the kind of answer is not held: {asked.wants}"
    if evidence.named and max(evidence.missed.values(), default=0.0) >= _MISSED:
        return "the item is named, but does not hold what is asked about it"
    if evidence.named and asked.wants in FACTS and evidence.untold >= _UNTOLD:
        return "a fact about the named item is asked for that its text does not tell"
    return ""


def _of_follow_up(asked: Asked, evidence: Evidence) -> Verdict:
    """A follow-up says little itself: only what it asks for and the item lacks counts."""
    heavy = max(evidence.missed.values(), default=0.0)
    if evidence.lacking:
        return _partial(asked, evidence, f"the kind of answer is not held: {asked.wants}")
    if asked.wants in FACTS and evidence.untold >= _UNTOLD:
        return _partial(asked, evidence, "a fact is asked for that the item's text does not tell")
    if evidence.strange or (evidence.missing >= _MISSED_SHARE and heavy >= _UNTOLD):
        return _partial(asked, evidence, f"a follow-up about something that is not held: {evidence.missing:.2f}")
    return Verdict(Status.ANSWERED, ("follow-up",))


def _partial(asked: Asked, evidence: Evidence, reason: str) -> Verdict:
    missed = sorted(evidence.missed, key=lambda word: -evidence.missed[word])
    reasons = (reason, *(f"missed: {word}" for word in missed[:3]))
    if evidence.lacking and asked.wants:
        return Verdict(Status.PARTIAL, reasons, f"melding.soort.{asked.wants}")
    if evidence.about in evidence.missed and evidence.about.isalpha() and zipf(evidence.about) >= _SAYABLE:
        return Verdict(Status.PARTIAL, reasons, "melding.niet_gevonden_over", {"onderwerp": evidence.about})
    return Verdict(Status.PARTIAL, reasons, "melding.niet_gevonden")
