"""``/beheer``: how the assistant does, at a glance."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from kompasbot import __version__
from kompasbot.errors import KompasbotError
from kompasbot.records.values import AnswerCount
from kompasbot.server.manage.figures import DAYS, MISSED, by_status, percentage, totals, whole, window
from kompasbot.server.manage.guard import PageRoute, SignedIn
from kompasbot.server.manage.layout import HEADERS, amount, day, day_of, euros, lines, notice, page, section, table
from kompasbot.server.manage.plots import bars, share
from kompasbot.server.markup import Html, Part, tag
from kompasbot.server.state import State

router = APIRouter(prefix="/beheer", include_in_schema=False, route_class=PageRoute)
HERE: Final = "/beheer"
_MOST_REASONS: Final = 20
STATISTICS_OFF: Final = "Er wordt niet geteld. Zet KOMPASBOT_STATISTICS op true om te zien hoe het gaat."
NO_ANSWERS: Final = f"In de laatste {DAYS} dagen zijn er geen antwoorden geteld."


@router.get("")
def show(visited: SignedIn) -> Response:
    """The first page after signing in."""
    state, today = visited.state, datetime.now(UTC).date()
    days = window(today)
    counts = state.records.answer_counts(days[0])
    lead = tag("p", f"Hoe het gaat met de assistent, over de laatste {DAYS} dagen.", class_="lead")
    parts: list[Part] = [_condition(state), _answers(state, counts)]
    if counts:
        parts += [bars("Antwoorden per dag", days, by_status(counts)), _engines(counts), *_fallbacks(counts)]
    parts += _costs(state.records.costs(days[0]))
    return page("Overzicht", HERE, visited.key, lead, *parts, _voices(state))


@router.get("/")
def with_a_slash(_visited: SignedIn) -> Response:
    """As people type it."""
    return RedirectResponse(HERE, 303, HEADERS)


def _condition(state: State) -> Html:
    """What serves now."""
    settings = state.settings
    model = settings.chat_model if settings.has_endpoint else "geen; antwoorden komen uit de teksten zelf"
    facts: list[tuple[str, Part]] = [*_index(state), ("Taalmodel", model), ("Kompasbot", f"versie {__version__}")]
    rows = [[tag("dt", name), tag("dd", value)] for name, value in facts]
    trouble = notice(tag("p", lines(str(state.live.failure))), kind="fout") if state.live.failure else None
    return section("Nu", trouble, tag("dl", [tag("div", row) for row in rows], class_="facts"))


def _index(state: State) -> Iterator[tuple[str, Part]]:
    try:
        with state.live.borrow() as index:
            documents = sum(item.type == "document" for item in index.knowledge.items)
            yield "Versie", [tag("code", index.id), f", gemaakt op {day_of(index.created)}"]
            items = amount(len(index.items) - documents, "item", "items")
            sheets = amount(len(index.knowledge.factsheets), "factsheet", "factsheets")
            yield "Inhoud", f"{sheets}, {items}, {amount(documents, 'document', 'documenten')}"
    except KompasbotError as error:
        yield "Versie", f"{error} Publiceer er een bij Bijwerken."


def _answers(state: State, counts: Sequence[AnswerCount]) -> Html:
    """The figures that matter most, or why there are none."""
    if not counts:
        return section("Antwoorden", notice(tag("p", NO_ANSWERS if state.settings.statistics else STATISTICS_OFF)))
    found, total = totals(counts, "status"), whole(counts)
    asked = total - found["smalltalk"]
    missed = sum(found[status] for status in MISSED)
    cards = [
        ("antwoorden", str(total), None),
        ("van de vragen beantwoord", percentage(found["answered"], asked), None),
        ("deels beantwoord", percentage(found["partial"], asked), None),
        ("niet beantwoord", percentage(found["refused"], asked), None),
        ("kreeg een vraag terug", percentage(found["clarify"], asked), None),
    ]
    shown = tag("ul", [tag("li", tag("strong", value), tag("span", name)) for name, value, _ in cards], class_="cards")
    more = tag("p", tag("a", "Bekijk welke vragen dat zijn", href="/beheer/vragen")) if missed else None
    off = None if state.settings.statistics else notice(tag("p", STATISTICS_OFF))
    return section("Antwoorden", off, shown, more)


def _engines(counts: Sequence[AnswerCount]) -> Html:
    """Which engine answered, and how often it had to stand in."""
    found, total = totals(counts, "engine"), whole(counts)
    instead = sum(one.count for one in counts if one.fallback_reason)
    parts = [
        ("met taalmodel", "llm", found["llm"]),
        ("zonder taalmodel", "extractive", found["extractive"] - instead),
        ("zonder, omdat het taalmodel niet kon", "fallback", instead),
    ]
    rows = [(name, str(number), percentage(number, total)) for name, _, number in parts]
    legend = tag("ul", [tag("li", tag("i", class_=f"key {look}"), name) for name, look, _ in parts], class_="legend")
    shown = table("Met of zonder taalmodel", ["Hoe", "Antwoorden", "Deel"], rows)
    return section("Wie er antwoordt", legend, share(parts), shown)


def _fallbacks(counts: Sequence[AnswerCount]) -> Iterator[Html]:
    """Why the language model did not answer."""
    found: Counter[str] = totals(counts, "fallback_reason")
    if found:
        rows = [(reason[:200], str(number)) for reason, number in found.most_common(_MOST_REASONS)]
        yield section("Waarom het taalmodel niet antwoordde", table("Redenen", ["Reden", "Antwoorden"], rows))


def _costs(costs: Mapping[date, float]) -> Iterator[Html]:
    """What the language model cost by the prices that are set, the newest day first."""
    if costs:
        rows = [(day(at), euros(cost)) for at, cost in sorted(costs.items(), reverse=True)]
        told = tag(
            "p",
            f"Samen {euros(sum(costs.values()))} in de laatste {DAYS} dagen, ook voor antwoorden die niet afkwamen.",
        )
        yield section("Wat het taalmodel kost", told, table("Kosten per dag", ["Dag", "Kosten"], rows))


def _voices(state: State) -> Html:
    """What visitors left behind."""
    judged, ideas = state.records.judgements(), len(state.records.suggestions())
    helped = sum(one.rating == "up" for one in judged)
    remarks = sum(bool(one.remark) for one in judged)
    said = f"{helped} van de {len(judged)} beoordeelde antwoorden hielpen. "
    text = said if judged else "Er zijn nog geen antwoorden beoordeeld. "
    return section(
        "Bezoekers",
        tag(
            "p",
            text,
            tag("a", f"Lees {amount(remarks, 'opmerking', 'opmerkingen')}", href="/beheer/reacties")
            if judged
            else None,
        ),
        tag("p", tag("a", amount(ideas, "suggestie", "suggesties"), href="/beheer/suggesties")),
    )
