"""How the items are used, and how their links are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from kompasbot.fetching.shelf import Record, Shelf
from kompasbot.knowledge import Health, Item, Known, Link
from kompasbot.server.manage.figures import cited, window
from kompasbot.server.manage.guard import PageRoute, SignedIn
from kompasbot.server.manage.layout import amount, cut, day_of, notice, page, section, table
from kompasbot.server.manage.overview import STATISTICS_OFF
from kompasbot.server.markup import Part, safe_url, tag
from kompasbot.server.state import State

router = APIRouter(prefix="/beheer", include_in_schema=False, route_class=PageRoute)
_DAYS: Final = 90
_OFTEN: Final = 20
_WORST_FIRST: Final = (Health.DEAD, Health.BLOCKED, Health.MOVED, Health.UNCHECKED, Health.OK)
_HEALTH: Final = {
    Health.OK: "werkt",
    Health.MOVED: "verhuisd",
    Health.DEAD: "werkt niet",
    Health.BLOCKED: "mag niet worden nagekeken",
    Health.UNCHECKED: "niet nagekeken",
}
_NOT_CHECKED: Final = (
    "De links zijn nog niet nagekeken. Zet KOMPASBOT_FETCH op true; dan gebeurt dat elke keer dat je publiceert. Wie "
    "bij de server kan, kan ook de opdracht 'kompasbot links' geven."
)


@router.get("/items")
def items(visited: SignedIn, pagina: str = "1") -> Response:
    """Items that are often and never cited."""
    here, state = "/beheer/items", visited.state
    counts = cited(state.records.item_counts(window(datetime.now(UTC).date(), _DAYS)[0]))
    with state.live.borrow() as index:
        every = index.items
    often = [(every[id], number) for id, number in counts.most_common() if id in every][:_OFTEN]
    never = [one for id, one in every.items() if not counts[id]]
    shown, more = cut(here, never, pagina)
    total = amount(len(every), "item of document", "items en documenten")
    lead = f"Hoe vaak een antwoord een item noemt, over de laatste {_DAYS} dagen. Er zijn {total}."
    names = ["Item", "Soort", "Factsheet"]
    used = table("Vaak genoemd", [*names, "Antwoorden"], ((*_cells(one), str(number)) for one, number in often))
    unused = table("Nooit genoemd", names, map(_cells, shown))
    why = (
        "Een item dat nooit wordt genoemd, is misschien niet te vinden. Kijk of er in vragen.yaml vragen bij staan die "
        "mensen echt stellen."
    )
    return page(
        "Items",
        here,
        visited.key,
        tag("p", lead, class_="lead"),
        None if state.settings.statistics else notice(tag("p", STATISTICS_OFF)),
        section("Vaak genoemd", used if often else tag("p", "Er is nog niets genoemd.")),
        section(
            f"Nooit genoemd: {len(never)}",
            *([tag("p", why), unused, more] if never else [tag("p", "Alles is genoemd.")]),
        ),
    )


def _cells(one: Item) -> tuple[Part, str, str]:
    return [one.title, " ", tag("code", one.id)], one.type.value, one.factsheet


@dataclass(frozen=True, slots=True)
class _Found:
    """A link with its item and what the last check said of it."""

    item: Item
    link: Link
    health: Health
    record: Record | None


@router.get("/links")
def links(visited: SignedIn, pagina: str = "1") -> Response:
    """All links, those that do not work first."""
    here, state = "/beheer/links", visited.state
    every = _links(state)
    counts = {kind: sum(one.health is kind and one.link.url is not None for one in every) for kind in _WORST_FIRST}
    unknown = sum(one.link.url is None for one in every)
    rows = [(_HEALTH[kind], str(number)) for kind, number in counts.items() if number]
    rows += [("adres onbekend", str(unknown))] if unknown else []
    checked = any(one.record for one in every)
    shown, more = cut(here, every, pagina)
    names = ["Link", "Toestand", "Adres", "Item", "Nagekeken"]
    return page(
        "Links",
        here,
        visited.key,
        tag("p", "De links in de factsheets. Links die niet werken, staan bovenaan.", class_="lead"),
        None if checked or not every else notice(tag("p", _NOT_CHECKED)),
        table("Hoeveel links", ["Toestand", "Aantal"], rows) if every else notice(tag("p", "Er zijn geen links.")),
        section("Alle links", table("Links", names, map(_row, shown)), more) if every else None,
    )


def _links(state: State) -> Sequence[_Found]:
    """Every link; the last check may be newer than what serves."""
    records = Shelf(state.settings.links_dir).load()
    with state.live.borrow() as index:
        found = list(_each(index.items.values(), records))
    return sorted(found, key=lambda one: (_WORST_FIRST.index(one.health), one.link.url is not None))


def _each(every: Iterable[Item], records: dict[str, Record]) -> Iterator[_Found]:
    for item in every:
        for link in item.links:
            record = records.get(link.url or "")
            yield _Found(item, link, record.health if record else link.health, record)


def _row(one: _Found) -> Sequence[Part]:
    url, record = safe_url(one.link.url), one.record
    probable = " (vermoedelijk)" if one.link.known is Known.PROBABLE else ""
    address: Part = tag("a", url, href=url, rel="noopener noreferrer") if url else "onbekend"
    moved = [tag("span", f"nu: {record.moved_to}", class_="line small")] if record and record.moved_to else []
    why = [tag("span", record.reason, class_="line small")] if record and record.reason else []
    state = _HEALTH[one.health] if one.link.url else "adres onbekend"
    when = day_of(record.checked) if record else "nog niet"
    return (
        one.link.label,
        [state, why],
        [address, probable, moved],
        [one.item.title, " ", tag("code", one.item.factsheet)],
        when,
    )
