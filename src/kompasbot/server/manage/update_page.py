"""The page of ``/beheer/bijwerken``: the task and its report, what stands ready, and the form for a file."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kompasbot.errors import FactsChanged, PublicationStopped, UncertainMatch
from kompasbot.server.manage.copies import Copy, copies
from kompasbot.server.manage.job import Job, Kind, is_running, last_job
from kompasbot.server.manage.layout import amount, day_of, form, lines, notice, section, table
from kompasbot.server.manage.names import TEXTS
from kompasbot.server.manage.room import Room
from kompasbot.server.manage.staging import Staged, corpus_files, folders, staged
from kompasbot.server.markup import Html, Part, tag
from kompasbot.settings import Settings

NAMES: Final = {
    Kind.TRY: "Proef",
    Kind.PUBLISH: "Publiceren",
    Kind.BACK: "Teruggaan naar de vorige versie",
    Kind.ACTIVATE: "Een andere versie in gebruik nemen",
}
UNCERTAIN: Final = UncertainMatch.exit_code
STOPPED: Final = PublicationStopped.exit_code
FACTS: Final = FactsChanged.exit_code
_MAIN: Final = re.compile(r"<main>(.*)</main>", re.DOTALL)
_ADVICE: Final = re.compile(r'<p class="advies">.*?</p>', re.DOTALL)
"""Names options of the command; the page has buttons for them."""
_HEADING: Final = re.compile(r"(</?h)([1-5])(?=[\s>])")


def body(settings: Settings, room: Room, key: str) -> Iterator[Part]:
    """The page, top to bottom."""
    job, running, files = last_job(room), is_running(room), staged(room)
    yield tag(
        "p",
        "Zet hier een nieuwe factsheet of een nieuw document klaar. Met een proef zie je wat er verandert. Pas als je "
        "publiceert, gaat de assistent het gebruiken.",
        class_="lead",
    )
    if not room.can_write():
        yield notice(
            tag("p", "De map met factsheets is alleen te lezen: ", tag("code", str(room.corpus)), "."),
            tag(
                "p",
                "Je kunt wel een proef doen. Een nieuw bestand publiceren kan pas als kompasbot daar mag schrijven.",
            ),
        )
    if running and job:
        yield _busy(job)
        return
    if job:
        yield _ended(room, job, key)
    yield _ready(files, key)
    yield _upload(settings, room, key)
    yield _copies(room, key)


def _busy(job: Job) -> Html:
    step = job.steps[-1] if job.steps else "beginnen"
    return section(
        f"{NAMES[job.kind]}: bezig",
        tag("p", "Dit duurt meestal minder dan een minuut. Je kunt deze pagina sluiten; de taak gaat door."),
        tag("p", "Stap: ", tag("strong", step, id="stap"), role="status"),
        tag("p", f"Begonnen op {day_of(job.began)}."),
        tag("p", tag("a", "Kijk of het klaar is", href="/beheer/bijwerken", class_="button")),
        id="taak",
    )


def _ended(room: Room, job: Job, key: str) -> Html:
    report = _report(room)
    return section(
        f"{NAMES[job.kind]}: {_outcome(job)}",
        tag("p", f"Begonnen op {day_of(job.began)}."),
        _said(job),
        _choices(job, key),
        tag("details", tag("summary", "Het verslag"), report, class_="report", open=True) if report else None,
    )


def _outcome(job: Job) -> str:
    if job.is_open:
        return "afgebroken"
    if job.code in (STOPPED, FACTS):
        return "tegengehouden"
    return "niet gelukt" if job.code else "klaar"


def _said(job: Job) -> Html:
    if job.is_open:
        return notice(
            tag("p", "De taak is halverwege gestopt, bijvoorbeeld omdat de server opnieuw is gestart."),
            tag("p", "Er is niets kwijt: wat klaarstond, staat nog klaar. Begin opnieuw."),
            kind="fout",
        )
    if job.code and job.published:
        return notice(tag("p", lines(job.message)), tag("p", lines(job.hint)), kind="fout")
    if job.code:
        hint = None if job.code in (UNCERTAIN, STOPPED, FACTS) else job.hint
        parts = [tag("p", lines(job.message)), tag("p", lines(hint)) if hint else None]
        kept = tag("p", "De versie die in gebruik was, blijft in gebruik. Wat klaarstond, staat nog klaar.")
        return notice(*parts, kept, kind="fout")
    return _done(job)


def _done(job: Job) -> Html:
    """What a task that went well has done."""
    if job.kind is Kind.TRY:
        return notice(tag("p", "Er is niets veranderd. Hieronder staat wat er zou gebeuren."))
    if job.kind is Kind.PUBLISH:
        said = "De nieuwe versie is in gebruik." if job.published else job.message
        placed = amount(len(job.files), "bestand staat", "bestanden staan") + " nu in de map met factsheets."
        return notice(tag("p", said, f" {placed}" if job.placed else ""), kind="goed")
    files = "De bestanden zelf zijn niet veranderd. Verbeter ze en publiceer opnieuw."
    return notice(tag("p", "Deze versie is nu in gebruik. ", files), kind="goed")


def _choices(job: Job, key: str) -> Part:
    """What can be decided about a task that stopped to ask."""
    if job.kind not in (Kind.TRY, Kind.PUBLISH):
        return None
    if job.code == UNCERTAIN:
        return [
            tag(
                "p",
                "Klopt bij elk item het eerste id? Neem ze dan over. Klopt het niet? Vervang dan items.yaml. "
                "Zet daarin bij het goede id een naam uit de tekst.",
            ),
            tag(
                "div",
                form("/beheer/proef", key, _hidden("overnemen"), tag("button", "Proef met deze ids")),
                form("/beheer/publiceren", key, _hidden("overnemen"), tag("button", "Publiceer met deze ids")),
                class_="actions",
            ),
        ]
    if job.code == FACTS:
        return _facts(job, key)
    return _force(job, key) if job.code == STOPPED else None


def _facts(job: Job, key: str) -> Html:
    return form(
        "/beheer/publiceren",
        key,
        _hidden("overnemen") if job.accept else None,
        _hidden("feiten"),
        tag(
            "p",
            "Klopt de nieuwe tekst? Publiceer dan. De oude feiten tellen niet meer mee, en het verslag noemt ze tot "
            "iemand ze verbetert in de map 'evaluatie'. Klopt hij niet? Zet dan een verbeterd bestand klaar.",
        ),
        tag("button", "De nieuwe tekst klopt: publiceer"),
        class_="card",
    )


def _force(job: Job, key: str) -> Html:
    return form(
        "/beheer/publiceren",
        key,
        _hidden("overnemen") if job.accept else None,
        tag("p", "Is dit de bedoeling? Dan kun je toch publiceren. Teruggaan kan daarna altijd, bij Versies."),
        _tick("toch", "Ja, ik heb het bekeken en wil toch publiceren"),
        tag("button", "Publiceer toch"),
        class_="card",
    )


def _hidden(name: str) -> Html:
    return tag("input", type="hidden", name=name, value="ja")


def _tick(name: str, label: str) -> Html:
    box = tag("input", type="checkbox", name=name, value="ja", required=True, id=f"vink-{name}")
    return tag("p", box, tag("label", label, for_=f"vink-{name}"), class_="tick")


def _ready(files: Sequence[Staged], key: str) -> Html:
    shown = table(
        "Bestanden die klaarstaan", ["Bestand", "Wat er gebeurt", "Grootte", "Klaargezet", "Actie"], _rows(files, key)
    )
    empty = tag(
        "p", "Er staan geen bestanden klaar. Je kunt wel kijken of er in de map met factsheets zelf iets is veranderd."
    )
    return section(
        "Wat klaarstaat",
        shown if files else empty,
        tag(
            "div",
            form("/beheer/proef", key, tag("button", "Doe een proef", class_="main")),
            form("/beheer/publiceren", key, tag("button", "Publiceer")),
            class_="actions",
        ),
    )


def _rows(files: Sequence[Staged], key: str) -> Iterator[Sequence[Part]]:
    for one in files:
        what = f"Komt in de plaats van {one.replaces}" if one.replaces else "Is nieuw"
        hidden = tag("input", type="hidden", name="bestand", value=one.id)
        button = tag("button", "Haal weg", tag("span", f": {one.target}", class_="vh"))
        yield (
            [tag("code", one.target), tag("span", f"van: {one.given}", class_="line small")],
            what,
            size(one.size),
            day_of(one.added),
            form("/beheer/intrekken", key, hidden, button),
        )


def _copies(room: Room, key: str) -> Html | None:
    rows = [(tag("code", one.path), day_of(_moment(one.job)), size(one.size), _again(one, key)) for one in copies(room)]
    if not rows:
        return None
    return section(
        "Bewaarde bestanden",
        tag("p", "Bestanden die door een publicatie zijn vervangen. Zet er een klaar om hem terug te zetten."),
        table("Bewaarde bestanden, de nieuwste eerst", ["Bestand", "Vervangen op", "Grootte", "Actie"], rows),
    )


def _again(one: Copy, key: str) -> Html:
    hidden = tag("input", type="hidden", name="kopie", value=one.name)
    return form("/beheer/kopie", key, hidden, tag("button", "Zet klaar", tag("span", f": {one.path}", class_="vh")))


def _moment(job: str) -> str:
    """The moment in a task's id, as an ISO time."""
    return re.sub(r"^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-\d+$", r"\1-\2-\3T\4:\5:\6", job)


def size(count: int) -> str:
    """A number of bytes as a person reads it; never nothing."""
    # In units of 1,024, as the limit is set and file managers count; with a comma, as Dutch writes it.
    large = count >= 1024 * 1024
    amount = f"{max(count / (1024 * 1024 if large else 1024), 0.1):.1f}".removesuffix(".0").replace(".", ",")
    return f"{amount} {'MB' if large else 'kB'}"


def _upload(settings: Settings, room: Room, key: str) -> Html:
    files, places = corpus_files(room), folders(room)
    return section(
        "Een bestand klaarzetten",
        form(
            "/beheer/bestand",
            key,
            tag("label", "Bestand", for_="bestand"),
            tag("p", f"Een van deze soorten: {', '.join(TEXTS)}. Hoogstens {size(settings.max_upload)}.", id="soorten"),
            tag(
                "input",
                type="file",
                id="bestand",
                name="bestand",
                required=True,
                accept=f"{','.join(TEXTS)},.yaml",
                aria_describedby="soorten",
            ),
            tag(
                "fieldset",
                tag("legend", "Wat doe je met dit bestand?"),
                _choice(
                    "vervangen",
                    "Het komt in de plaats van",
                    _select("vervangt", "Het oude bestand", files),
                    bool(files),
                ),
                _choice("document", "Het is een nieuw document bij", _select("map", "De factsheet", places), False),
                _choice(
                    "factsheet",
                    "Het is een nieuwe factsheet, met deze naam",
                    tag("input", type="text", name="naam", maxlength="60", aria_label="Naam van de nieuwe factsheet"),
                    not files,
                ),
            ),
            tag("p", "Het oude bestand wordt bewaard. Er verandert nog niets tot je publiceert.", class_="small"),
            tag("p", tag("button", "Zet klaar", class_="main")),
            enctype="multipart/form-data",
            class_="card",
        ),
    )


def _choice(value: str, label: str, field: Html | None, chosen: bool) -> Html | None:
    if field is None:
        return None
    radio = tag("input", type="radio", name="wat", value=value, id=f"wat-{value}", required=True, checked=chosen)
    return tag("div", radio, tag("label", label, for_=f"wat-{value}"), field, class_="choice")


def _select(name: str, label: str, values: Sequence[str]) -> Html | None:
    if not values:
        return None
    return tag("select", [tag("option", one, value=one) for one in values], name=name, aria_label=label)


def _report(room: Room) -> Html | None:
    """The report of the last task, in the page's own style: the command wrote it, with all texts escaped."""
    try:
        found = _MAIN.search(room.report.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    if not found:
        return None
    return Html(_HEADING.sub(lambda match: f"{match[1]}{int(match[2]) + 2}", _ADVICE.sub("", found[1])))
