"""The front matter of a file: the lines between ``---`` that say what the text is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ingest.blocks import SourceText
from ingest.findings import Finding
from kompasbot.errors import UnreadableFile
from kompasbot.knowledge import Origin


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
        """A finding for every key that nothing reads, such as a misspelt one."""
        return [
            Finding(
                "waarschuwing",
                self.where,
                f"De regel '{key}:' boven in het bestand is onbekend en wordt niet gebruikt.",
                f"Bekend zijn: {', '.join(sorted(known))}.",
            )
            for key in self.values
            if key not in known
        ]

    def _wrong(self, key: str, value: object, hint: str) -> UnreadableFile:
        return UnreadableFile(f"{self.where}: de waarde '{value}' bij '{key}:' is niet bekend.", hint)
