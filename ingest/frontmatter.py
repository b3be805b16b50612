"""The front matter of a file: the lines between ``---`` that say what the text is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from ingest.blocks import SourceText
from ingest.findings import Finding
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Origin

_OF_WEBSITES: Final = frozenset(
    "aliases author authors banner categories category classes comments cover date description draft excerpt featured "
    "hero hide hide_title id image images keywords lang language lastmod layout linktitle menu meta nav nav_order "
    "outputs parent pagination_next pagination_prev permalink published redirect_from search series sidebar "
    "sidebar_label sidebar_position slug subtitle summary tag tags template theme thumbnail toc type updated url_slug "
    "weight".split()
)
"""Keys that Jekyll, Hugo, Docusaurus, MkDocs and the like have for themselves."""
_IS_NOT_KNOWN: Final = ("is onbekend en wordt", "zijn onbekend en worden")


def _named(keys: Sequence[str]) -> str:
    names = [f"'{key}:'" for key in keys]
    listed = " en ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{'De regels' if len(keys) > 1 else 'De regel'} {listed}"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Reads single values; every method raises :class:`UnreadableFile` for a value that can't be used."""

    where: str
    values: Mapping[str, object]

    @classmethod
    def of(cls, source: SourceText) -> "FrontMatter":
        """The front matter of a file as read."""
        return cls(source.where, source.meta)

    def text(self, key: str) -> str:
        """A text on one line, empty when it is not there."""
        value = self.values.get(key)
        if value is None:
            return ""
        if isinstance(value, list | dict):
            raise self._wrong(key, value, "Zet er één regel tekst achter.")
        return " ".join(str(value).split())

    def day(self, key: str) -> str | None:
        """An ISO date, or None when it is not there."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date().isoformat()
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise self._wrong(key, value, "Schrijf een datum als 2026-11-23 (jaar, maand, dag).") from None

    def origin(self, allowed: Collection[Origin], default: Origin) -> Origin:
        """Whose words the text is, by the key ``weergave``."""
        value = self.text("weergave") or default.value
        if value not in [one.value for one in allowed]:
            raise self._wrong("weergave", value, f"Kies uit: {', '.join(sorted(one.value for one in allowed))}.")
        return Origin(value)

    def unknown(self, known: Collection[str]) -> list[Finding]:
        """One finding for the keys that nothing reads, such as a misspelt one, and one for those that programs for
        websites write for themselves."""
        others = [key for key in self.values if key not in known]
        strange = [key for key in others if key.lower() not in _OF_WEBSITES]
        found = []
        if strange:
            found.append(
                Finding(
                    "waarschuwing",
                    self.where,
                    f"{_named(strange)} boven in het bestand {_IS_NOT_KNOWN[len(strange) > 1]} niet gebruikt.",
                    f"Bekend zijn: {', '.join(sorted(known))}.",
                )
            )
        if len(others) > len(strange):
            rest = [key for key in others if key not in strange]
            found.append(
                Finding(
                    "info",
                    self.where,
                    f"{_named(rest)} boven in het bestand: die zijn voor een website, kompasbot gebruikt ze niet.",
                )
            )
        return found

    def _wrong(self, key: str, value: object, hint: str) -> UnreadableFile:
        return UnreadableFile(f"{self.where}: de waarde '{value}' bij '{key}:' is niet bekend.", hint)
