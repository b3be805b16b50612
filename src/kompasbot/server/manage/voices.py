"""What visitors asked and did not get, thought of answers, and suggest."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from kompasbot.records import Judgement, Suggestion
from kompasbot.records.values import KeptQuestion
from kompasbot.server.manage.figures import MISSED, STATUSES
from kompasbot.server.manage.grouping import MOST, Group, grouped
from kompasbot.server.manage.guard import PageRoute, SignedIn
from kompasbot.server.manage.layout import amount, cut, day, notice, page
from kompasbot.server.markup import Html, Part, tag

router = APIRouter(prefix="/beheer", include_in_schema=False, route_class=PageRoute)
_MOST_OF_A_GROUP: Final = 20


@router.get("/vragen")
def questions(visited: SignedIn, pagina: str = "1") -> Response:
    """Questions that got no answer or half of one, the most asked first."""
    here, settings = "/beheer/vragen", visited.state.settings
    found = visited.state.records.questions(None, MISSED, MOST)
    groups = grouped(found)
    shown, more = cut(here, groups, pagina)
    off = (
        "Vragen worden niet bewaard. Zet KOMPASBOT_KEEP_QUESTIONS op true om te zien wat mensen missen. Een "
        "telefoonnummer en andere persoonlijke gegevens worden dan eerst weggehaald, en na "
        f"{amount(settings.keep_questions_days, 'dag', 'dagen')} gaat een vraag weg."
    )
    none = "Er zijn geen vragen bewaard die niet of maar deels zijn beantwoord."
    lead = (
        "Vragen die niet of maar deels zijn beantwoord. Wat op elkaar lijkt, staat bij elkaar. Alleen de laatste "
        f"{MOST} vragen tellen mee."
    )
    return page(
        "Vragen zonder antwoord",
        here,
        visited.key,
        tag("p", lead, class_="lead"),
        None if settings.keep_questions else notice(tag("p", off)),
        notice(tag("p", none)) if settings.keep_questions and not groups else None,
        tag("ol", [_group(one) for one in shown], class_="entries") if groups else None,
        more,
    )


def _group(group: Group[KeptQuestion]) -> Html:
    others = group.members[1 : _MOST_OF_A_GROUP + 1]
    left = len(group.members) - 1 - len(others)
    listed = [tag("li", one.text, tag("span", f" ({_facts(one)})", class_="small"), dir="auto") for one in others]
    rest = tag("li", f"En nog {left} andere.") if left else None
    number = len(group.members) - 1
    summary = tag("summary", "En 1 vraag die erop lijkt" if number == 1 else f"En {number} vragen die erop lijken")
    return tag(
        "li",
        tag("p", tag("strong", group.first.text), dir="auto"),
        tag("p", _facts(group.first), class_="small"),
        tag("details", summary, tag("ul", listed, rest, class_="list")) if others else None,
    )


def _facts(one: KeptQuestion) -> str:
    parts = [STATUSES.get(one.status, one.status), day(one.created), one.factsheet, one.site]
    return " · ".join(part for part in parts if part)


@router.get("/reacties")
def reactions(visited: SignedIn, pagina: str = "1") -> Response:
    """What visitors thought of answers, the newest first."""
    here = "/beheer/reacties"
    every = visited.state.records.judgements()[::-1]
    told = [one for one in every if one.remark or one.question]
    helped = sum(one.rating == "up" for one in every)
    shown, more = cut(here, told, pagina)
    lead = f"Van de {len(every)} beoordeelde antwoorden hielpen er {helped}."
    none = "Er zijn nog geen opmerkingen. Bezoekers kunnen onder elk antwoord zeggen of het hielp."
    return page(
        "Reacties",
        here,
        visited.key,
        tag("p", lead, class_="lead") if every else None,
        tag("ol", [_judgement(one) for one in shown], class_="entries") if told else notice(tag("p", none)),
        more,
    )


def _judgement(one: Judgement) -> Html:
    helped = one.rating == "up"
    facts = [day(one.created), f"site {one.site}" if one.site else None]
    return tag(
        "li",
        tag("p", tag("strong", "Hielp" if helped else "Hielp niet", class_="up" if helped else "down")),
        _said("Opmerking", one.remark),
        _said("Vraag", one.question),
        tag("p", " · ".join(part for part in facts if part), class_="small"),
    )


@router.get("/suggesties")
def suggestions(visited: SignedIn, pagina: str = "1") -> Response:
    """What visitors would add, the newest first."""
    here = "/beheer/suggesties"
    every = visited.state.records.suggestions()[::-1]
    shown, more = cut(here, every, pagina)
    none = "Er zijn nog geen suggesties. Bezoekers kunnen er een doen onder het gesprek."
    return page(
        "Suggesties",
        here,
        visited.key,
        tag("p", "Wat volgens bezoekers in de factsheets mist of niet klopt.", class_="lead"),
        tag("ol", [_suggestion(one) for one in shown], class_="entries") if every else notice(tag("p", none)),
        more,
    )


def _suggestion(one: Suggestion) -> Html:
    about = [("factsheet", one.factsheet), ("site", one.site)]
    facts = [day(one.created), *(f"{name} {value}" for name, value in about if value)]
    return tag(
        "li",
        _said("Suggestie", one.text),
        _said("Bereikbaar via", one.contact),
        tag("p", " · ".join(facts), class_="small"),
    )


def _said(name: str, text: str | None) -> Part:
    return (
        tag("p", tag("span", f"{name}: ", class_="small"), tag("span", text, dir="auto", class_="lines"))
        if text
        else None
    )
