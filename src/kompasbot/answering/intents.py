"""What kind of message it is, decided before anything is looked up: small talk, or something that is always
refused.

The patterns are content (``prompts/bedoelingen.yaml``). They choose a fitting text; they are not what keeps an
answer safe: that is that every sentence comes from a source or from the table of own texts.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from kompasbot.dutch import fold
from kompasbot.errors import KompasbotError, reason_of
from kompasbot.shipped import shipped

_PUNCTUATION: Final = re.compile(r"[^\w\s']+")
_LONGEST_SMALLTALK: Final = 14
"""Words; a longer message is never only small talk."""


@dataclass(frozen=True, slots=True)
class Intents:
    """The compiled patterns: names of small talk and of refusals, each with its patterns; ``filler`` goes with
    small talk.
    """

    smalltalk: tuple[tuple[str, re.Pattern[str]], ...]
    refusals: tuple[tuple[str, re.Pattern[str]], ...]
    filler: re.Pattern[str]

    def refusal(self, message: str) -> str | None:
        """The name of the refusal that a message calls for (``sturing``, ``schade``, ``nood``, …), or None."""
        folded = " ".join(fold(message).split())
        return next((name for name, pattern in self.refusals if pattern.search(folded)), None)

    def small_talk(self, message: str) -> str | None:
        """The name of the small talk that a message consists of (``groet``, ``dank``, …), or None when it holds
        more.
        """
        text = " ".join(_PUNCTUATION.sub(" ", fold(message)).split())
        if not text or len(text.split()) > _LONGEST_SMALLTALK:
            return None
        found: list[str] = []
        while text:
            for name, pattern in self.smalltalk:
                match = pattern.match(text)
                if match and match.end():
                    found.append(name)
                    text = text[match.end() :].strip()
                    break
            else:
                filler = self.filler.match(text)
                if not filler:
                    return None
                text = text[filler.end() :].strip()
        return _weightiest(found)


_WEIGHT: Final = (
    "akkoord",
    "groet",
    "compliment",
    "afscheid",
    "klacht",
    "dank",
    "hoe_gaat_het",
    "kunnen",
    "zoeken",
    "bewaren",
    "wie",
)


def _weightiest(found: list[str]) -> str | None:
    """Of several kinds in one message the one to react to: ``oké, dankjewel!`` is thanks, ``hoi, wie ben jij?`` a
    question.
    """
    return max(found, key=lambda name: _WEIGHT.index(name) if name in _WEIGHT else -1) if found else None


def _compiled(patterns: list[str], whole_word: bool) -> re.Pattern[str]:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"(?:{joined})(?!\w)" if whole_word else joined)


@lru_cache(maxsize=4)
def load_intents(folder: Path | None = None) -> Intents:
    """Load ``bedoelingen.yaml`` from ``folder``, by default the shipped ``prompts``; raises on a broken pattern."""
    path = (folder or shipped("prompts")) / "bedoelingen.yaml"
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Intents(
            tuple((name, _compiled(found, True)) for name, found in table["praatje"].items()),
            tuple((name, _compiled(found, False)) for name, found in table["weigering"].items()),
            _compiled([table["praatje_vulling"]], True),
        )
    except (OSError, ValueError, yaml.YAMLError, re.error, KeyError, AttributeError, TypeError) as error:
        raise KompasbotError(
            f"Het bestand {path} is niet bruikbaar: {reason_of(error)}.", "Herstel het bestand."
        ) from error
