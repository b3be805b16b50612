"""Answers, streams and items in the shape of the HTTP contract, for the mock server."""

from collections.abc import Sequence
from typing import Any

from tests.web.mockserver import Json, Reply, sse

FACTSHEET = "regionale-samenwerking"


def citation(number: int, kind: str, slug: str, title: str, quote: str, **more: Any) -> Json:
    """A citation; ``more`` overrides any field."""
    return {
        "number": number,
        "item_id": f"{FACTSHEET}/{kind}/{slug}",
        "factsheet": FACTSHEET,
        "type": kind,
        "position": number,
        "title": title,
        "quote": quote,
        "url": None,
        "known": "onbekend",
        "origin": "samenvatting",
        "updated": "2026-11-23",
        "linked_from": [],
        "document": None,
        **more,
    }


def sentence(text: str, *numbers: int, origin: str | None = None) -> Json:
    """A sentence whose text holds its markers already."""
    return {"text": text, "citations": list(numbers), "origin": origin or ("item" if numbers else "own")}


def block(kind: str, *sentences: Json, heading: str | None = None, as_list: bool = False) -> Json:
    """A block of an answer."""
    return {"kind": kind, "heading": heading, "list": as_list, "sentences": list(sentences)}


def answer(blocks: Sequence[Json], citations: Sequence[Json] = (), **more: Any) -> Json:
    """A complete answer."""
    return {
        "id": "antwoord-1",
        "status": "answered",
        "answer": "\n\n".join(_text(one) for one in blocks),
        "blocks": list(blocks),
        "citations": list(citations),
        "suggestions": [],
        "complete": True,
        "engine": {"name": "extractive", "model": None, "prompt": None, "fallback_reason": None},
        "index": "20261123-1",
        "usage": None,
        **more,
    }


def _text(one: Json) -> str:
    texts = [s["text"] for s in one["sentences"]]
    lines = [f"- {text}" for text in texts] if one["list"] else [" ".join(texts)]
    return "\n".join([one["heading"], *lines] if one["heading"] else lines)


def events(whole: Json) -> list[bytes]:
    """The stream of an answer: status, citations before their first sentence, sentences, done."""
    found = [sse("status", {"id": whole["id"], "status": whole["status"]})]
    sent: set[int] = set()
    for at, one in enumerate(whole["blocks"]):
        head = {"block": at, "kind": one["kind"], "heading": one["heading"], "list": one["list"]}
        for said in one["sentences"]:
            new = [c for c in whole["citations"] if c["number"] in said["citations"] and c["number"] not in sent]
            found += [sse("citation", c) for c in new]
            sent |= {c["number"] for c in new}
            found.append(sse("sentence", {**head, **said}))
    return [*found, sse("done", whole)]


def stream(whole: Json) -> Reply:
    """The whole answer at once."""
    return Reply(tuple(events(whole)))


START = answer(
    [
        block("intro", sentence("Hier is wat de factsheet zegt over het starten van een regionale samenwerking.")),
        block(
            "section",
            sentence(
                "Betrokkenen kunnen op verschillende manieren aan elkaar verbonden zijn, en zo'n constructie kan "
                "volgens Provan & Kenis (2005) invloed hebben op de effectiviteit van de samenwerking [1].",
                1,
            ),
            sentence(
                "Wil een regionale samenwerking ook de ondervertegenwoordigde mensen in de regio goed "
                "vertegenwoordigen, dan moeten die mensen zelf mee aan tafel zitten [2].",
                2,
            ),
            heading="Wat onderzoek laat zien",
        ),
        block(
            "section",
            sentence(
                "Om de samenwerking toekomstbestendig te maken, kiest STEAM Limburg voor drie dingen: voortbouwen op "
                "bestaande structuren, inzetten op eigenaarschap, en communicatie en beeldvorming [3].",
                3,
            ),
            heading="Wie het al doet",
        ),
        block(
            "section",
            sentence("Houd het gedeeld belang steeds voor ogen [4].", 4),
            sentence("Werk aan onderlinge relaties, zodat er vertrouwen ontstaat [5].", 5),
            sentence("Met de samenwerkingstools kan een netwerk reflecteren op de huidige situatie [6][7].", 6, 7),
            heading="Wat je kunt gebruiken",
            as_list=True,
        ),
    ],
    [
        citation(
            1,
            "inzicht",
            "provan-kenis",
            "Provan & Kenis: de opbouw van een netwerk telt mee",
            "Betrokkenen kunnen op verschillende manieren aan elkaar verbonden zijn, en zo'n constructie kan volgens "
            "Provan & Kenis (2005) invloed hebben op de effectiviteit van de samenwerking.",
            url="https://doi.org/10.1093/jopart/mum015",
            known="vermoedelijk",
        ),
        citation(
            2,
            "inzicht",
            "diverse-teams",
            "Diverse teams: creatiever en beter geïnformeerd",
            "Wil een regionale samenwerking ook de ondervertegenwoordigde mensen in de regio goed vertegenwoordigen, "
            "dan moeten die mensen zelf mee aan tafel zitten.",
            url="https://doi.org/10.1073/pnas.2200841119",
            known="bekend",
        ),
        citation(
            3,
            "praktijkvoorbeeld",
            "steam-limburg",
            "STEAM Limburg",
            "Om de samenwerking toekomstbestendig te maken, kiest STEAM Limburg voor drie dingen.",
            url="https://steamlimburg.nl",
            known="onbekend",
        ),
        citation(
            4,
            "tool",
            "radboud-adviezen",
            "Radboud Universiteit: vijf adviezen voor regionale samenwerking",
            "Houd het gedeeld belang steeds voor ogen.",
            url="https://hdl.handle.net/2066/179702",
            known="bekend",
            origin="factsheet",
        ),
        citation(
            5,
            "tool",
            "radboud-adviezen",
            "Radboud Universiteit: vijf adviezen voor regionale samenwerking",
            "Werk aan onderlinge relaties, zodat er vertrouwen ontstaat.",
            url="https://hdl.handle.net/2066/179702",
            known="bekend",
            origin="factsheet",
        ),
        citation(
            6,
            "document",
            "samenwerkingstools",
            "Samenwerkingstools van Sterk Techniekonderwijs",
            "Deze tools helpen een netwerk om te reflecteren op de huidige situatie.",
            url="https://www.sterktechniekonderwijs.nl/tools",
            known="bekend",
            origin="document",
            linked_from=["regionale-samenwerking/tool/radboud-adviezen", "weg/tool/weg"],
            document={"title": "Samenwerkingstools", "page": 3, "heading": "Reflecteren"},
        ),
        citation(
            7,
            "algemeen",
            "over-deze-factsheet",
            "Over deze factsheet",
            "De kennis wordt regelmatig aangevuld.",
            origin="notitie",
        ),
    ],
    suggestions=[
        "Welke voorbeelden zijn er met basisscholen?",
        "Hoe bouw je aan vertrouwen tussen partners?",
        "Welke adviezen geeft de Radboud Universiteit?",
    ],
)

PARTIAL = answer(
    [
        block("notice", sentence("Over de kosten van een Techhub zeggen de bronnen niets. Dit zeggen ze wel:")),
        block("section", sentence("In Apeldoorn, Deventer, Zutphen en Epe/Vaassen is er een Techhub [1].", 1)),
        block("outro", sentence("Staat je antwoord er niet bij? Stel je vraag dan anders.")),
    ],
    [
        citation(
            1,
            "praktijkvoorbeeld",
            "techhubs-stedendriehoek",
            "Techhubs in de Stedendriehoek",
            "In Apeldoorn, Deventer, Zutphen en Epe/Vaassen is er een Techhub.",
        )
    ],
    status="partial",
    suggestions=["Wat is een Techhub?"],
)


CLARIFY = answer(
    [block("intro", sentence("Welke Techhub bedoel je? Kies een vraag, of typ je eigen vraag."))],
    status="clarify",
    suggestions=[
        "Wat doet de Techhub in Apeldoorn?",
        "Wat doet de Techhub in Deventer?",
        "Wat doet de Techhub in Zutphen?",
        "Wat doet de Techhub in Epe?",
    ],
)

OURS = answer(
    [
        block("section", sentence("Ja [1].", 1, origin="composed"), sentence("Er is een Techhub in Epe [1].", 1)),
        block("notice", sentence("Over de kosten zeggen de bronnen niets.", origin="absence")),
        block("section", sentence("Begin met een gesprek [1].", 1, origin="reviewed"), heading="Zo begin je"),
        block(
            "section",
            sentence("Zoek een plek [1].", 1, origin="reviewed"),
            sentence("Zoek een school [1].", 1, origin="reviewed"),
            as_list=True,
        ),
        block("outro", sentence("Wil je meer weten?")),
    ],
    PARTIAL["citations"],
    status="partial",
)


def item(kind: str, slug: str, title: str, text: str, *links: Json) -> Json:
    """An item of ``GET /v1/items``."""
    return {
        "id": f"{FACTSHEET}/{kind}/{slug}",
        "factsheet": FACTSHEET,
        "type": kind,
        "position": 1,
        "title": title,
        "text": text,
        "editor_note": None,
        "links": list(links),
        "linked_from": [],
        "origin": "samenvatting",
        "updated": "2026-11-23",
    }


def link(label: str, url: str | None, known: str) -> Json:
    """A link of an item."""
    return {"label": label, "url": url, "known": known, "health": "unchecked"}


ITEMS = [
    item(
        "inzicht",
        "provan-kenis",
        "Provan & Kenis: de opbouw van een netwerk telt mee",
        "Betrokkenen kunnen op verschillende manieren aan elkaar verbonden zijn, en zo'n constructie kan volgens "
        "Provan & Kenis (2005) invloed hebben op de effectiviteit van de samenwerking.",
        link("Provan & Kenis (2005)", "https://doi.org/10.1093/jopart/mum015", "vermoedelijk"),
    ),
    item(
        "inzicht",
        "diverse-teams",
        "Diverse teams: creatiever en beter geïnformeerd",
        "Volgens Ellemers et al. (2018) zijn diverse teams creatiever en kunnen zij beter geïnformeerde "
        "besluiten nemen.",
        link("Yang et al., 2022", "https://doi.org/10.1073/pnas.2200841119", "bekend"),
    ),
    item(
        "praktijkvoorbeeld",
        "next-education",
        "Next Education (Groningen en Westerkwartier)",
        "Next Education is een project dat onderzoeksvaardigheden in het basisonderwijs ontwikkelt.",
        link("Next Education", "https://nergens.example/", "onbekend"),
    ),
    item(
        "praktijkvoorbeeld",
        "steam-limburg",
        "STEAM Limburg",
        "STEAM Limburg is een regionaal netwerk waarin alle basisscholen in Limburg de handen ineenslaan.",
        link("STEAM Limburg", "https://steamlimburg.nl", "vermoedelijk"),
    ),
    item(
        "tool",
        "radboud-adviezen",
        "Radboud Universiteit: vijf adviezen voor regionale samenwerking",
        "Bij haar onderzoek geeft de Radboud Universiteit Nijmegen vijf adviezen om regionale samenwerking te "
        "verbeteren:",
    ),
    item(
        "algemeen",
        "nieuws-en-suggesties",
        "Nieuws en suggesties",
        "Het programma Techkwadraat brengt kennis, tools en voorbeelden samen op een centrale plek.",
    ),
]
