"""What speaks against taking new content for a copy: a wall in front of the page, or far less text than there was."""

import re
from typing import Final

_WALL_LENGTH: Final = 1_500
"""Characters up to which a page can be a wall; one that says more has something to say of its own."""
_WALL: Final = re.compile(
    r"just a moment(?:\.{3}|…)|checking (?:if the site|your browser)|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|are you (?:a )?(?:human|robot)\?|\bcaptcha|(?:enable|zet|schakel) javascript|unusual traffic|attention required"
    r"|access (?:to this page )?(?:is |has been )?denied|pardon our interruption|i am not a robot"
    r"|(?:ik ben|je bent|u bent|je|u) geen robot|(?:je|u) een mens bent|toegang (?:is )?geweigerd"
    r"|even geduld(?: a\.?u\.?b| alstublieft| alsjeblieft|…|\.{3})"
    r"|(?:sign|log) in to continue|log(?: eerst)? in om (?:verder|door)|inloggen om (?:verder|door)",
    re.IGNORECASE,
)
_COOKIE: Final = re.compile(r"\bcookies?\b|cookie(?=\w)", re.IGNORECASE)
_CONSENT: Final = re.compile(r"accepte|akkoord|toestemming|toestaan|accept|agree|consent", re.IGNORECASE)
_COOKIE_EVERY: Final = 150
"""A cookie wall speaks of cookies once in so many characters or more often."""
_FAR_SHORTER: Final = 4


def doubt(text: str, before: int | None) -> str | None:
    """Why a text (the page's title first) does not replace a copy of ``before`` characters, in Dutch, or None."""
    if len(text) <= _WALL_LENGTH:
        if _WALL.search(text):
            return "de website laat een controle of melding zien in plaats van de pagina"
        cookies = len(_COOKIE.findall(text))
        if cookies > 1 and cookies * _COOKIE_EVERY >= len(text) and _CONSENT.search(text):
            return "de website vraagt eerst om toestemming voor cookies"
    if before and len(text) * _FAR_SHORTER < before:
        return f"de pagina heeft nu veel minder tekst dan de kopie ({len(text)} tekens in plaats van {before})"
    return None
