"""How every page for maintainers looks: its frame, and the parts that they share."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from starlette.responses import HTMLResponse, Response

from kompasbot.dutch.dates import day_in_words
from kompasbot.server.markup import Html, Part, join, tag

PARTS: Final = (
    ("/beheer", "Overzicht"),
    ("/beheer/vragen", "Vragen"),
    ("/beheer/reacties", "Reacties"),
    ("/beheer/suggesties", "Suggesties"),
    ("/beheer/items", "Items"),
    ("/beheer/links", "Links"),
    ("/beheer/versies", "Versies"),
    ("/beheer/bijwerken", "Bijwerken"),
)
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
T = TypeVar("T")
PAGE_SIZE: Final = 25


def page(title: str, here: str, key: str | None, *body: Part, status: int = 200) -> Response:
    """A whole page; ``here`` is its address, ``key`` the session's form key, None before signing in."""
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title}: Kompas-assistent, beheer"),
        tag("link", rel="icon", href="/beheer/teken.svg", type="image/svg+xml"),
        tag("link", rel="stylesheet", href="/beheer/beheer.css"),
        tag("script", src="/beheer/beheer.js", type="module"),
    ]
    main = tag("main", tag("h1", title), *body, id="inhoud", tabindex="-1")
    html = tag("html", tag("head", *head), tag("body", _top(here, key), main), lang="nl")
    return HTMLResponse("<!doctype html>" + html, status, HEADERS)


def _top(here: str, key: str | None) -> Html:
    links = [
        tag("li", tag("a", name, href=path, aria_current="page" if path == here else None)) for path, name in PARTS
    ]
    return tag(
        "header",
        tag("a", "Ga naar de inhoud", class_="skip", href="#inhoud"),
        tag("p", tag("img", src="/beheer/teken.svg", alt="", width="32", height="32"), "Beheer", class_="brand"),
        None if key is None else tag("nav", tag("ul", links), aria_label="Onderdelen"),
        None if key is None else form("/beheer/uitloggen", key, tag("button", "Uitloggen"), class_="leave"),
        class_="top",
    )


def form(action: str, key: str, *fields: Part, **attributes: str | bool | None) -> Html:
    """A form that changes something, with the session's key in it."""
    hidden = tag("input", type="hidden", name="sleutel", value=key)
    return tag("form", hidden, *fields, method="post", action=action, **attributes)


def notice(*parts: Part, kind: str = "info", role: str | None = None) -> Html:
    """A message in a frame; ``kind`` is info, goed or fout."""
    return tag("div", *parts, class_=f"notice {kind}", role=role)


def fault(message: str, hint: str = "") -> Html:
    """What went wrong, and what to do."""
    return notice(
        tag("p", tag("strong", "Dit lukte niet. "), lines(message)),
        tag("p", lines(hint)) if hint else None,
        kind="fout",
        role="alert",
    )


def lines(text: str) -> Html:
    """A text of several lines, as it is."""
    return tag("span", text, class_="lines")


def table(caption: str, names: Sequence[str], rows: Iterable[Sequence[Part]]) -> Html:
    """A table that scrolls by itself when it is too wide; the first cell of a row is its heading."""
    body = [
        tag("tr", [_cell(at, name, part) for at, (name, part) in enumerate(zip(names, row, strict=True))])
        for row in rows
    ]
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", [tag("th", name, scope="col") for name in names])),
        tag("tbody", body),
    )


def _cell(at: int, name: str, part: Part) -> Html:
    label = tag("span", f"{name}: ", class_="label", aria_hidden="true")
    return tag("th", part, scope="row") if at == 0 else tag("td", label, part)


def section(heading: str, *parts: Part, id: str | None = None) -> Html:
    """A part of a page under a heading."""
    return tag("section", tag("h2", heading), *parts, id=id)


def number_of(text: str | None) -> int:
    """A page's number as it stands in an address; 1 for whatever is none."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < int(text[:6]) == int(text) else 1


def cut(path: str, every: Sequence[T], wanted: str | None, size: int = PAGE_SIZE) -> tuple[Sequence[T], Html | None]:
    """The part of a list that stands on a page, and links to the other pages; the last page for a number beyond it."""
    last = max(1, -(-len(every) // size))
    number = min(number_of(wanted), last)
    shown = every[(number - 1) * size : number * size]
    if last == 1:
        return shown, None
    before = tag("a", "Vorige", href=f"{path}?pagina={number - 1}", rel="prev") if number > 1 else None
    after = tag("a", "Volgende", href=f"{path}?pagina={number + 1}", rel="next") if number < last else None
    where = tag("span", f"Pagina {number} van {last}")
    return shown, tag("nav", before, where, after, aria_label="Bladeren", class_="pages")


def euros(value: float) -> str:
    """An amount of money as a person writes it; what is less than a cent says so."""
    return "minder dan € 0,01" if 0 < value < 0.005 else f"€ {value:.2f}".replace(".", ",")


def day(moment: date | None) -> str:
    """A date as a person writes it."""
    return day_in_words(moment) if moment else "onbekend"


def day_of(iso: str) -> str:
    """As :func:`day`, with the time, of an ISO time; the text itself when it is none."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso or "onbekend"
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{day(known.astimezone(UTC))}, {known.astimezone(UTC):%H:%M} uur (UTC)"


def amount(number: int, one: str, many: str) -> str:
    """A number with its word."""
    return f"{number} {one if number == 1 else many}"


def joined(parts: Iterable[Part]) -> Html:
    """Parts, each on a line of its own."""
    return join(*(tag("span", part, class_="line") for part in parts))
