"""Counts what a reader leaves out, and says so in one finding."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from ingest.findings import Finding

_LONGEST: Final = 60
_MOST_EXAMPLES: Final = 3


@dataclass
class Skipped:
    """What was left out: how many of each kind (a Dutch noun, singular and plural), and texts that nobody sees."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    hidden: list[str] = field(default_factory=list)

    left: list[str] = field(default_factory=list)
    """All texts that were left out on purpose."""

    def add(self, singular: str, plural: str, number: int = 1) -> None:
        """Count something that was left out."""
        if number:
            self.counts[singular, plural] += number

    def leave(self, text: str) -> None:
        """Keep a text that was left out on purpose, so that nobody misses it."""
        self.left.append(text)

    def hide(self, text: str) -> None:
        """Keep a text that is hidden in the file, to tell of it."""
        text = " ".join(text.split())
        if text:
            self.hidden.append(text)
            self.leave(text)

    def findings(self, where: str) -> list[Finding]:
        """What to say of it: the kinds with their counts; of hidden texts how long they are and how they begin."""
        found = []
        if self.counts:
            kinds = [f"{number} {names[number != 1]}" for names, number in self.counts.most_common()]
            found.append(Finding("info", where, f"Niet gelezen: {', '.join(kinds)}."))
        if self.hidden:
            begins = ", ".join(f"'{_start(text)}'" for text in self.hidden[:_MOST_EXAMPLES])
            size = sum(map(len, self.hidden))
            found.append(
                Finding(
                    "waarschuwing",
                    where,
                    f"Verborgen tekst is niet gelezen ({size} tekens): {begins}.",
                    "Hoort de tekst er wel bij? Maak hem dan zichtbaar. Hoort hij er niet bij? Haal hem dan weg.",
                )
            )
        return found


def _start(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"
