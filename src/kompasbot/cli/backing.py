"""What ``kompasbot doctor`` says of the servers behind it: the database, Redis, Chroma."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kompasbot.cli.finding import Finding
from kompasbot.validators import without_secrets

if TYPE_CHECKING:
    from kompasbot.records.connecting import Database
    from kompasbot.settings import Settings

_SECONDS: Final = 2
_BRIEFLY: Final[dict[str, Any]] = {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS}


def database(settings: "Settings") -> Finding:
    """Whether the records can be kept."""
    from kompasbot.records.connecting import database_of

    url = settings.database_url.get_secret_value() if settings.database_url else None
    found = database_of(url, settings.data)
    if found.kind == "sqlite" and not Path(found.address).exists():
        return _new_file(Path(found.address))
    try:
        return _examined(found)
    except found.errors as error:
        hint = (
            "Controleer KOMPASBOT_DATABASE_URL en of de database draait. Zolang komen reacties niet binnen, en blijven "
            "tellingen in het geheugen."
            if found.kind == "postgresql"
            else "Controleer de rechten op dit bestand en of het heel is; zet zo nodig een reservekopie terug."
        )
        return Finding("database", "fout", f"{found.shown}: {_told(error)}", hint)


def _new_file(path: Path) -> Finding:
    parent = next(one for one in path.absolute().parents if one.exists())
    if parent.is_dir() and os.access(parent, os.W_OK):
        return Finding("database", "goed", f"{path} wordt gemaakt zodra er iets te bewaren is")
    return Finding("database", "fout", f"{path} kan niet worden gemaakt", f"Geef kompasbot schrijfrechten op {parent}.")


def _examined(found: "Database") -> Finding:
    from kompasbot.records.connecting import VERSION

    version = found.version()
    told = f"{found.shown}: {found.product()}, tabellen van versie {version or 'nog geen'}"
    if version and version > VERSION:
        return Finding("database", "fout", told, "De database is van een nieuwere kompasbot. Werk deze kompasbot bij.")
    if not found.is_writable():
        return Finding("database", "fout", f"{told}, niet te beschrijven", "Geef kompasbot schrijfrechten.")
    if version != VERSION:
        return Finding("database", "goed", f"{told}; kompasbot maakt daar zelf {VERSION} van zodra het iets bewaart")
    return Finding("database", "goed", told)


def _told(error: Exception) -> str:
    """What went wrong in a few words; a driver's own message can name users and addresses."""
    return f"niet te gebruiken ({type(error).__name__})"


def kept(settings: "Settings") -> Finding:
    """What is kept of visitors."""
    counts = "antwoorden worden geteld" if settings.statistics else "antwoorden worden niet geteld"
    if not settings.keep_questions:
        return Finding("bewaren", "goed", f"{counts}; vragen worden niet bewaard")
    days = f"vragen worden {settings.keep_questions_days} dagen bewaard, gemaskeerd"
    hint = "Vertel bezoekers dat vragen bewaard worden, en waarvoor. Namen in een vraag worden niet allemaal herkend."
    return Finding("bewaren", "let op", f"{counts}; {days}", hint)


def redis(settings: "Settings") -> Finding:
    """Whether the machines can share their counters."""
    if not settings.redis_url:
        return Finding("Redis", "goed", "niet ingesteld: het ene proces telt zelf")
    from redis import Redis
    from redis.exceptions import RedisError

    hint = "Controleer KOMPASBOT_REDIS_URL en of Redis draait. Zolang telt elke machine zelf."
    try:
        with Redis.from_url(settings.redis_url.get_secret_value(), **_BRIEFLY) as client:
            version = str(client.info("server").get("redis_version", "?"))
            client.set("kompasbot:doctor", "1", ex=_SECONDS)
    except (RedisError, ValueError, OSError) as error:
        return Finding("Redis", "let op", f"antwoordt niet ({type(error).__name__})", hint)
    return Finding("Redis", "goed", f"versie {version}")


def chroma(settings: "Settings") -> Finding:
    """Whether the server of the index answers."""
    url = settings.chroma_url
    if not url:
        return Finding("Chroma", "goed", "niet ingesteld: de index staat in de map met gegevens")
    import httpx

    shown = without_secrets(url)
    try:
        reply = httpx.get(f"{url.rstrip('/')}/api/v2/version", timeout=_SECONDS)
        reply.raise_for_status()
        return Finding("Chroma", "goed", f"{shown}: versie {str(reply.json())[:20]}")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        hint = "Controleer CHROMA_URL en of de Chroma-server draait. Zolang blijft de index zoals hij hier staat."
        return Finding("Chroma", "fout", f"{shown} antwoordt niet ({type(error).__name__})", hint)


def traces(settings: "Settings") -> Finding:
    """Whether the collector of traces takes them in."""
    if not settings.otlp_endpoint:
        return Finding("traces", "goed", "niet ingesteld: er gaan geen traces naar een collector")
    import httpx

    from kompasbot.tracing import traces_address

    address = traces_address(settings.otlp_endpoint)
    shown = without_secrets(address)
    try:
        # An export of nothing: every collector takes that in.
        reply = httpx.post(address, content=b"", headers={"Content-Type": "application/x-protobuf"}, timeout=_SECONDS)
        reply.raise_for_status()
        return Finding("traces", "goed", f"{shown} neemt traces aan")
    except httpx.HTTPStatusError as error:
        found = f"{shown} geeft code {error.response.status_code}"
        hint = "Controleer het adres (de poort voor OTLP over HTTP is meestal 4318) en OTEL_EXPORTER_OTLP_HEADERS."
        return Finding("traces", "let op", found, hint)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        hint = "Controleer OTEL_EXPORTER_OTLP_ENDPOINT en of de collector draait. Kompasbot antwoordt ook zonder."
        return Finding("traces", "let op", f"{shown} antwoordt niet ({type(error).__name__})", hint)
