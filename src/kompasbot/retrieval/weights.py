"""The fitted numbers of the verdicts, by embedder: content (``prompts/gewichten.yaml``), checked when loaded."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as pydantic_dataclass

from kompasbot.errors import KompasbotError, reason_of
from kompasbot.shipped import shipped

_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)


@pydantic_dataclass(frozen=True, slots=True, config=_STRICT)
class Range:
    """A cosine of ``floor`` or less counts 0, one of ``ceiling`` or more 1."""

    floor: float
    ceiling: float

    def __post_init__(self) -> None:
        if not self.floor < self.ceiling:
            raise ValueError(f"floor ({self.floor}) moet lager zijn dan ceiling ({self.ceiling})")

    def stretched(self, cosine: float) -> float:
        """A cosine on the same scale, without its ends: what is nearer counts more, however near."""
        return (cosine - self.floor) / (self.ceiling - self.floor)

    def scaled(self, cosine: float) -> float:
        """A cosine as a number from 0 to 1."""
        return min(1.0, max(0.0, (cosine - self.floor) / (self.ceiling - self.floor)))


@pydantic_dataclass(frozen=True, slots=True, config=_STRICT)
class PassageWeights:
    """What meaning, words, the words of its heading, and holding the kind asked for count in a passage's score;
    ``asked`` and ``asked_coverage`` are of the nearest question that it is known to answer.
    """

    likeness: float
    asked: float
    coverage: float
    asked_coverage: float
    heading: float
    kind: float


@pydantic_dataclass(frozen=True, slots=True, config=_STRICT)
class UnitWeights:
    """What counts in the score of a unit: its rank, how near its nearest passage is in meaning, or the nearest question
    that one is known to answer (``asked``), and how much of the question all its texts hold.
    """

    rank: float
    likeness: float
    asked: float
    coverage: float


@pydantic_dataclass(frozen=True, slots=True, config=_STRICT)
class TrustWeights:
    """The weights of :class:`~kompasbot.answering.trust.TrustMeasures`, of a logistic regression. From ``answers`` on a
    unit answers a question; below ``outside`` the question is not of the field.
    """

    field: float
    unknown: float
    fact: float
    strange: float
    length: float
    nearest: float
    beside: float
    rank: float
    coverage: float
    ranked_likeness: float
    named: float
    missing: float
    noun: float
    likeness: float
    asked: float
    holds: float
    bare: float
    bias: float
    answers: float
    outside: float


@pydantic_dataclass(frozen=True, slots=True, config=_STRICT)
class ReviewedWeights:
    """From ``sure`` on (cosine) a question is one of a reviewed answer; from ``likely`` on when nothing else is nearer;
    one that asks how from ``how`` on, when nothing else is nearer by more than ``behind``.
    """

    sure: float
    likely: float
    how: float
    behind: float


@pydantic_dataclass(frozen=True, slots=True, config=_STRICT)
class Weights:
    """The fitted numbers for one embedder."""

    likeness: Range
    passage: PassageWeights
    unit: UnitWeights
    trust: TrustWeights
    reviewed: ReviewedWeights


_ADAPTER = TypeAdapter(dict[str, Weights])
_NEEDED = frozenset({"e5", "hashed", "other"})
_FAMILIES = (("e5", "e5"), ("lokaal", "hashed"))
"""What stands in an embedder's name, and the family that its numbers are kept under; else ``other``."""


def weights_for(embedder: str, folder: Path | None = None) -> Weights:
    """The fitted numbers for an embedder, by its name."""
    family = next((family for part, family in _FAMILIES if part in embedder), "other")
    return load_weights(folder)[family]


@lru_cache(maxsize=4)
def load_weights(folder: Path | None = None) -> dict[str, Weights]:
    """Load ``gewichten.yaml`` from ``folder``, by default the shipped ``prompts``; by the embedder's family."""
    path = (folder or shipped("prompts")) / "gewichten.yaml"
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        weights = _ADAPTER.validate_python(table)
        if weights.keys() != _NEEDED:
            raise ValueError(f"er horen precies deze soorten in: {', '.join(sorted(_NEEDED))}")
        return weights
    except (OSError, yaml.YAMLError, ValidationError, ValueError) as error:
        raise KompasbotError(
            f"Het bestand {path} is niet bruikbaar: {reason_of(error)}.", "Herstel het bestand."
        ) from error
