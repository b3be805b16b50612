"""Names of files and folders that come from a browser: only harmless ones get into the corpus."""

import re
from typing import Final

from kompasbot.errors import BadRequest

TEXTS: Final = (".md", ".txt", ".docx", ".pdf", ".html", ".htm", ".docm", ".dotx")
"""Endings of factsheets and documents; a test compares them with the ingestion's."""
TABLES: Final = ("vragen.yaml", "links.yaml", "items.yaml", "kenmerken.yaml", "antwoorden.yaml")
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


def folder_name(given: str) -> str:
    """The name in the corpus of a new factsheet's folder; raises :class:`BadRequest` for one that can't be it."""
    from ingest.naming import full_slug

    if not given.strip():
        raise BadRequest("De nieuwe factsheet heeft nog geen naam.", "Geef een naam van letters en cijfers.")
    name = full_slug(given)[:_LONGEST].strip("-")
    if not name:
        raise BadRequest(
            "In de naam van de nieuwe factsheet staat geen letter of cijfer dat in een mapnaam kan.",
            "Geef een naam van letters (a tot en met z) en cijfers.",
        )
    if _RESERVED.fullmatch(name):
        raise BadRequest(
            f"Een factsheet kan niet {name} heten: die naam is al voor iets anders in gebruik.",
            "Noem de factsheet naar zijn onderwerp.",
        )
    return name


def document_name(given: str) -> str:
    """The name in the corpus of a new document: small letters, digits and hyphens, never one with a meaning."""
    from ingest.naming import full_slug

    ending = ending_of(given)
    if ending not in TEXTS:
        raise BadRequest("Een document kan geen .yaml-bestand zijn.", "Kies bij zo'n bestand voor vervangen.")
    last = re.split(r"[/\\]", given.strip()[: -len(ending)])[-1]
    name = full_slug(last)[:_LONGEST].strip("-")
    if not name:
        return f"document{ending}"
    return f"document-{name}{ending}" if _RESERVED.fullmatch(name) else f"{name}{ending}"
