"""Whether a sentence denies what its source says, says what the source denies, or says the contrary."""

from kompasbot.answering.faithfulness.held import Held, Line
from kompasbot.answering.faithfulness.reading import Reading, opposites
from kompasbot.answering.faithfulness.wording import Alike, wording


def sign_fault(reading: Reading, held: Held, alike: Alike) -> str | None:
    """Why the sign of a sentence is not the source's, or None."""
    return _new_denial(reading, held, alike) or _lost_denial(reading, held, alike) or _contrary(reading, held)


def _new_denial(reading: Reading, held: Held, alike: Alike) -> str | None:
    """A negation that the source does not have, and that does not turn a contrary into the source's own word."""
    if reading.regardless and not any(line.reading.regardless for line in held.lines):
        return "de zin zegt dat iets niet uitmaakt, de bron niet"
    for denied in reading.denied:
        wide = denied | alike(denied)
        if any(wide & theirs for line in held.lines for theirs in line.reading.denied):
            continue
        if opposites(denied) & held.stems:
            continue
        return "de zin ontkent wat de bron niet ontkent"
    return None


def _lost_denial(reading: Reading, held: Held, alike: Alike) -> str | None:
    """Something that the source denies, said without a denial."""
    mine = frozenset().union(*reading.denied)
    for line in held.lines:
        for denied in line.reading.denied:
            said = (denied | alike(denied)) & frozenset(reading.stems) - mine - wording().neutral
            turned = opposites(denied) & frozenset(reading.stems)
            if said and not turned and not reading.denied and not _said_elsewhere(said, line, held):
                return f"de bron ontkent wat de zin zegt ('{min(said)}')"
    return None


def _said_elsewhere(said: frozenset[str], line: Line, held: Held) -> bool:
    return any(said & other.reading.content for other in held.lines if other is not line)


def _contrary(reading: Reading, held: Held) -> str | None:
    """A word whose opposite, and not itself, stands in the source."""
    denied = frozenset().union(*reading.denied)
    for word, one in zip(reading.words, reading.stems, strict=True):
        if one in held.told or one in denied:
            continue
        contrary = opposites(frozenset((one,)))
        for line in held.lines if contrary else ():
            if contrary & line.reading.content - line.reading.denied_stems:
                return f"'{word}' is het omgekeerde van wat de bron zegt"
    return None
