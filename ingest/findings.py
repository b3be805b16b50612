"""What an ingestion notices about the corpus, for the person who keeps it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["fout", "waarschuwing", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark in Dutch: ``where`` is a file (with line) or an item id, ``hint`` says what to do about it.

    ``fout``: something was left out; ``waarschuwing``: a person should look; ``info``: nothing is wrong.
    """

    severity: Severity
    where: str
    message: str
    hint: str = ""
