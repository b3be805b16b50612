"""Whether all text of a file was read, held against what a plain second reader finds in it."""

from collections.abc import Iterable, Sequence
from typing import Final

from ingest.findings import Finding
from ingest.readers.completeness import gaps, incomplete

_LONGEST: Final = 50


def missing(where: str, read: Iterable[str], left: Iterable[str], plain: Sequence[str]) -> list[Finding]:
    """The finding that part of the ``plain`` texts was neither ``read`` nor ``left`` out on purpose, with the first
    text that is not there; none when all is there but for a little."""
    have = " ".join((*read, *left))
    places, share = gaps([("", have, " ".join(plain))])
    if not places:
        return []
    known = _bare(have)
    lost = next((text for text in plain if _bare(text) and _bare(text) not in known), "")
    start = " ".join(lost.split())
    start = start if len(start) <= _LONGEST else f"{start[:_LONGEST].rpartition(' ')[0]} …"
    return incomplete(where, [f"de tekst (kijk bij '{start}')" if start else "de tekst"], share)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
