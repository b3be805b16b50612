"""Recognises sentences of a source that are not knowledge but a command to the reader's machine.

Such a sentence is never shown to the model and never quoted. That is the outer fence only: what keeps an answer safe is
that every sentence is checked against what is left of its source.
"""

import re
from functools import lru_cache
from typing import Final

from kompasbot.dutch import fold

_MACHINE: Final = (
    r"(ai|llm|gpt|chatgpt|copilot|bot|chatbot|kompasbot|taalmodel\w*|language model|model|assistent|assistant|agent"
    r"|systeem|system|computerprogramma)"
)
_SAY: Final = (
    r"(zeg|antwoord|schrijf|vermeld|noem|herhaal|toon|print|reageer|geef|voeg|begin|eindig|sluit|vertel|verwijs"
    r"|stuur|raad|adviseer|beweer|plaats|zet|gebruik|neem|open"
    r"|say|reply|respond|answer|write|output|repeat|mention|tell|append|include|add|end|start|begin|insert|send)"
)
_READER: Final = r"(de|elke|iedere|alle|the|every|all) (gebruiker|bezoeker|lezer|user|visitor|reader)s?"
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Setting earlier rules aside.
        r"\b(negeer|vergeet|ignore|disregard|forget|override|overrule|overschrijf|omzeil|bypass)\b.{0,60}"
        r"\b(instructie\w*|opdracht\w*|regels?|aanwijzing\w*|prompt\w*|bronnen|instructions?|rules?|guidelines?|above"
        r"|previous|prior|everything|alles|hierboven|bovenstaande|voorgaande|eerdere?|vorige)\b",
        r"\b(nieuwe|volgende|new|following|updated|aangepaste|geheime|verborgen|hidden|secret) (instructie\w*"
        r"|opdracht\w*|instructions?|system prompt|systeemprompt|regels voor)\b",
        r"\b(system ?prompt|systeemprompt|systeembericht|system message|jailbreak|developer mode|dan[- ]modus"
        r"|prompt ?injecti\w+)\b",
        # Speaking to a machine.
        r"^\W*(system|systeem|assistant|assistent|user|developer|instructie|instruction|opdracht|prompt)\s*[:>\]]",
        rf"\b(aan|voor|to|for|beste|dear|hey|hallo|let op|attention|notice)\b[\s:,]{{1,3}}(de |het |alle |elke? |the "
        rf"|all |any )?{_MACHINE}\b.{{0,12}}[:,!]",
        rf"^\W*{_MACHINE}\w*\b[,:!]",
        rf"\b(als|as) (een |an? |de |het )?{_MACHINE}\b.{{0,40}}\b(moet|must|dien|zul|should|antwoord|zeg|say)\b",
        rf"\b(jij|je|you) (bent|are|moet|must|zult|dient|shall)\b.{{0,40}}\b{_MACHINE}\b",
        r"\b(vanaf nu|from now on|voortaan)\b.{0,40}\b(ben je|antwoord|zeg|praat|schrijf|you|are|say|reply|speel|doe)",
        r"\b(doe (je voor|alsof je)|gedraag je als|pretend|act as|speel de rol|role ?play)\b",
        # Dictating what the answer says.
        rf"\b{_SAY}\b.{{0,60}}\b(elk|elke|ieder|iedere|je|jouw|het|alle|every|each|your|the|any|all)\b.{{0,12}}"
        r"\b(antwoord(en)?|reactie\w*|answers?|repl(y|ies)|responses?|output)\b",
        r"\b(zeg|antwoord|reageer|herhaal|print|say|reply|respond|answer|output|repeat)"
        r" (alleen|altijd|uitsluitend|exact|precies|letterlijk|only|always|exactly|literally|verbatim)\b",
        rf"\b{_SAY} (dan |nu |maar |ook |steeds |eerst |then |now |just |first )?(de (tekst|zin|woorden):?|het woord"
        r"|the (text|words?|sentence|phrase))\b",
        r"\b(zeg|antwoord|herhaal|beweer|vermeld|say|reply|respond|repeat|claim) (dan |nu |maar |ook |steeds |then )?"
        r"(dat|that)\b",
        rf"^\W*{_SAY}( (dan|nu|then|now|just|only))?\s*[:\"'“‘«]",
        rf"\b(zeg|antwoord|vertel|meld|raad|adviseer|vraag|stuur|tell|ask|say|send|advise)\b.{{0,12}}\b{_READER}\b",
        r"\b(het|je|jouw|the|your) (enige |juiste |correcte? |only |right )?(antwoord|answer|reply|response) (is|moet"
        r"|must|luidt|should|begint|starts)\b",
        # Sending people or their secrets somewhere.
        r"\b(klik|ga|bezoek|surf|download|click|visit|go)\b.{0,40}(https?:|www\.|hxxp)",
        r"\b(wachtwoord|password|api[- ]?key|api[- ]?sleutel|pincode|creditcard\w*|credit card)\b",
        r"!\[[^\]]*\]\(|<\s*(script|img|iframe|a|svg|object|style|meta|form|input)\b|javascript:|data:text/",
        r"\[/?(inst|sys|system)\]|<\|?(im_start|im_end|system|assistant|endoftext)\|?>|<<sys>>|###\s*(instruction|system)",
    )
)
_TOLD: Final = (
    r"(zeg|meld|vermeld|noem|herhaal|antwoord|beantwoord|reageer|print|toon|schrijf|vertaal|adviseer|verwijs|stuur"
    r"|say|reply|respond|answer|repeat|mention|print|output|write|include|append|recommend|translate|insert)"
)
_META: Final = (
    r"(antwoord\w*|reacties?|gebruikers?|instructies?|(nieuwe|echte|deze|volgende) (opdracht|taak)"
    r"|(elke|iedere) (vraag|zin)|prompts?|assistent|assistant|chatbot|bot|taalmodel|ai|samenvat\w*|bronnen"
    r"|answers?|responses?|repl(y|ies)|users?|(new|real|next|every) (task|question)|instructions?|system)"
)
_FORCE: Final = (
    r"(moet\w*|dien\w*|altijd|elke?|iedere?|voortaan|alleen|uitsluitend|nieuwe?|echte|einde|voorrang|vervallen|stop\w*"
    r"|niet|let op|belangrijk|automatische|onderaan|bovenaan|must|shall|should|always|every|only|new|real|end|never"
    r"|stop|override|priority|important)"
)
_WARY: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(^|[:;,.!?#>\])\"'“‘-]\s*|\b(en|maar|dan|and|but|then|to|om|je) ){_TOLD}\b",
        rf"\b{_META}\b.{{0,80}}\b{_FORCE}\b|\b{_FORCE}\b.{{0,80}}\b{_META}\b",
        rf"^\W*(voeg|neem|plaats|zet|gebruik|geef|add|put|use|give)\b.{{0,80}}(:|\b{_META}\b|\b(toe|op|terug)\W*$)",
        r"\b(je bent|jij bent|you are|u bent) (nu|now|een|a|an|voortaan)\b|\bdoe alsof\b|\b(override|chatgpt)\b",
        rf"\b{_MACHINE}\b.{{0,60}}\b(moet|dient|must|should|shall|altijd|always|zeg|noem|geef|leest)\b",
        r"[a-z][a-z0-9+.-]+://|\bwww\.|\S@\S+\.\w|\b[\w-]+\.(example|com|net|io|xyz|site|online|info|click|link)\b",
    )
)
"""For documents, which nobody reviewed: these cost some advice that is worded like this, and stop much more."""
_ZERO_WIDTH: Final = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


@lru_cache(maxsize=20_000)
def planted(sentence: str, wary: bool = False) -> bool:
    """Whether a sentence of a source looks like a command to a machine rather than like knowledge; ``wary`` for a
    source that nobody reviewed.
    """
    if _ZERO_WIDTH.search(sentence):
        return True
    folded = " ".join(fold(sentence).split())
    return any(pattern.search(folded) for pattern in (*_PATTERNS, *(_WARY if wary else ())))
