"""Decides, before anything is composed, what kind of reply a question gets, and says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kompasbot.answering.answer import Status
from kompasbot.answering.selection import Selection, Shape
from kompasbot.retrieval.ranking import Ranking

_REFUSED: Final = 0.2


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
        return self.text not in {"weigering.nood", "weigering.schade"}


def judge(ranking: Ranking, selection: Selection) -> Verdict:
    """Decide the status of a question that is no small talk and not refused by its wording."""
    if selection.shape is Shape.SECTION and selection.chosen:
        return Verdict(Status.ANSWERED, ("section",))
    best = ranking.scored[0].score if ranking.scored else 0.0
    if best < _REFUSED or not selection.chosen:
        return Verdict(Status.REFUSED, (f"best score {best:.2f}",), "weigering.buiten")
    return Verdict(Status.ANSWERED, (f"best score {best:.2f}",))
