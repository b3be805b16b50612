"""What a check of ``kompasbot doctor`` says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked part: ``state`` is goed, let op or fout; ``hint`` says what to do."""

    part: str
    state: str
    found: str
    hint: str = ""
