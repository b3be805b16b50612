"""What speaks against taking new content for a copy: a page that says there is none, a wall in front of the page, or
far less text than there was."""

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
_LONGEST_TITLE: Final = 160
_LONGEST_HEADING: Final = 60


_APOSTROPHES: Final = re.compile("['’‘`]")
_PARTS: Final = re.compile(r"\s[-–—·]\s|[|:•\n]")
"""What stands between the name of a page and that of its website."""
_SENTENCES: Final = re.compile(r"[.!?\n]")
_WHAT: Final = r"(?:webpagina|pagina|page|url|link|adres|bestand|file|document|artikel|article|content|inhoud|bericht)"
_CODE: Final = re.compile(
    r"(?:(?:http|fout|foutmelding|foutcode|error|status|code|oeps|sorry) )*(?:404|410)(?: (?:error|fout|not found))?"
    r"|(?:(?:oeps|sorry|helaas) )*(?:niet gevonden|not found|onvindbaar)"
)
_GONE: Final = re.compile(
    rf"\b{_WHAT} .*\b(?:niet (?:\w+ ){{0,3}}?(?:gevonden|vinden|beschikbaar)|bestaat (?:\w+ )?niet|onvindbaar|verdwenen"
    r"|(?:not|cannot) (?:be )?(?:found|available|exist)|doesnt (?:seem to )?exist|couldnt be found|cant be found"
    r"|no longer (?:exists?|available|here)|(?:is|was) (?:helaas )?verwijderd|been (?:re)?moved)\b"
    rf"|\b(?:geen {_WHAT} gevonden|no {_WHAT} found|niet gevonden {_WHAT})\b"
    rf"|\b(?:cannot|cant|can not|could not|couldnt|unable to) find (?:the|that|this|your) (?:\w+ )?{_WHAT}\b"
)
_THIS: Final = re.compile(rf"\b(?:deze|de|die|this|the|that|gevraagde|opgevraagde|requested) (?:\w+ )?{_WHAT}\b")


def not_found(text: str) -> str | None:
    """Why a text (the page's title first) is no page but says that there is none, in Dutch, or None.

    A title may say so in any way, the text of a short page in a sentence about this very page.
    """
    title, _, rest = text.partition("\n")
    below = rest.strip().partition("\n")[0]
    heads = (title[:_LONGEST_TITLE], below if len(below) <= _LONGEST_HEADING else "")
    says_so = any(
        _CODE.fullmatch(part) or _GONE.search(part) for head in heads for part in map(_words, _PARTS.split(head))
    )
    if not says_so and len(text) <= _WALL_LENGTH:
        sentences = list(map(_words, _SENTENCES.split(rest)))
        says_so = any(
            _CODE.fullmatch(one) or (len(one) <= _LONGEST_TITLE and _THIS.search(one) and _GONE.search(one))
            for one in sentences
        )
    return "de website zegt op deze plek dat de pagina niet gevonden is" if says_so else None


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", _APOSTROPHES.sub("", text.lower())))


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
