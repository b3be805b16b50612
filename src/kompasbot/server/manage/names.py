"""Names of files and folders that come from a browser: only harmless ones get into the corpus."""

import re
from typing import Final

from kompasbot.errors import BadRequest

TEXTS: Final = (".md", ".txt", ".docx", ".pdf", ".html", ".htm")
"""Endings of factsheets and documents; a test compares them with the ingestion's."""
TABLES: Final = ("vragen.yaml", "links.yaml", "items.yaml")
SYNONYMS: Final = "begrippen.yaml"
_LONGEST: Final = 60
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|readme|leesmij|factsheet|evaluatie|documenten)")


def ending_of(given: str) -> str:
    """The ending of a file's name, in small letters; raises :class:`BadRequest` when it can't be read."""
    ending = re.search(r"\.[A-Za-z0-9]{1,5}$", given.strip())
    found = ending[0].lower() if ending else ""
    if found not in (*TEXTS, ".yaml"):
        kinds = ", ".join(TEXTS)
        raise BadRequest(
            f"Dit soort bestand kan kompasbot niet lezen{f': {found}' if found else ''}.",
            f"Kies een bestand dat eindigt op een van deze: {kinds}.",
        )
    return found


def plain_name(given: str, instead: str) -> str:
    """Small letters, digits and hyphens; ``instead`` when nothing is left or the name means something to us."""
    from ingest.naming import full_slug

    last = re.split(r"[/\\]", given)[-1]
    name = full_slug(last)[:_LONGEST].strip("-")
    if not name:
        return instead
    return f"{instead}-{name}" if _RESERVED.fullmatch(name) else name


def document_name(given: str) -> str:
    """The name in the corpus of a new document."""
    ending = ending_of(given)
    if ending not in TEXTS:
        raise BadRequest("Een document kan geen .yaml-bestand zijn.", "Kies bij zo'n bestand voor vervangen.")
    return plain_name(given.strip()[: -len(ending)], "document") + ending
