"""What a new generation is held against: the serving one, or the newest before it that can be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ingest.findings import Finding
from kompasbot.errors import IndexFailure, PublicationStopped
from kompasbot.knowledge import Knowledge
from kompasbot.store import Place, current, generations, read_manifest
from kompasbot.store.place import earlier, fetched
from kompasbot.store.written import read_knowledge

SHRINKAGE: Final = 0.2
"""A loss of more than this share of the items or passages must be meant."""


@dataclass(frozen=True, slots=True)
class Before:
    """``folders`` are the generations, the ``serving`` one first, then the newest before it.

    ``knowledge`` is of the first that can be read, which is the one ``compared`` with; None when none can. ``counts``
    are its numbers of items and passages, from a manifest where the knowledge itself is damaged.
    """

    serving: str = ""
    folders: tuple[Path, ...] = ()
    compared: str = ""
    knowledge: Knowledge | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def doubts(self) -> list[Finding]:
        """What a person should know about the comparison; nothing at a first ingestion."""
        if not self.folders or self.compared == self.serving:
            return []
        if self.compared:
            message = f"De index die in gebruik was, is niet te lezen. Er is vergeleken met de index {self.compared}."
        else:
            message = "Niet vergeleken: geen van de bewaarde indexen is te lezen. Daarom heet alles hier nieuw."
        return [Finding("waarschuwing", "index", message, "Kijk zelf of er niets mist.")]

    def refuse_shrinkage(self, knowledge: Knowledge) -> None:
        """Raise :class:`PublicationStopped` when much is gone that was there: more often a damaged file than an
        editor's wish.
        """
        for what, new in _counts(knowledge).items():
            old = self.counts.get(what, 0)
            if new < (1 - SHRINKAGE) * old:
                raise PublicationStopped(
                    f"Het aantal {what} daalt van {old} naar {new}. De oude index blijft in gebruik.",
                    "Controleer of er geen bestand ontbreekt of leeg is. Klopt het zo? Gebruik dan --force.",
                )


def before_now(place: Place) -> Before:
    """What is there; a damaged generation gives what can still be read of it."""
    serving = current(place) or ""
    # Without the pointer it is not known which one served: the newest is the likeliest.
    names = [serving, *earlier(place, serving)] if serving else [*reversed(generations(place))]
    folders: list[Path] = []
    compared, knowledge = "", None
    counts: Mapping[str, int] = {}
    for name in names:
        folder = _folder(place, name, fetch=knowledge is None)
        if folder is None:
            continue
        folders.append(folder)
        counts = counts or _noted_counts(folder)
        if knowledge is None:
            knowledge = _knowledge(folder)
            compared = name if knowledge else ""
    return Before(serving, tuple(folders), compared, knowledge, counts or (_counts(knowledge) if knowledge else {}))


def _folder(place: Place, name: str, fetch: bool) -> Path | None:
    """The folder of a generation; None when it is on a server, and not fetched or not whole."""
    try:
        return fetched(place, name) if fetch or (place.folder / name).is_dir() else None
    except (IndexFailure, OSError, ValueError):
        return None


def _knowledge(folder: Path) -> Knowledge | None:
    try:
        return read_knowledge(folder)
    except (OSError, ValueError):
        return None


def _noted_counts(folder: Path) -> dict[str, int]:
    try:
        manifest = read_manifest(folder)
    except IndexFailure:
        return {}
    return {"items": manifest.items + manifest.documents, "passages": manifest.passages}


def _counts(knowledge: Knowledge) -> dict[str, int]:
    return {"items": len(knowledge.items), "passages": len(knowledge.passages)}
