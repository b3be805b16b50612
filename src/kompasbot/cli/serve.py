"""``kompasbot serve``: run the server."""

import errno
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from kompasbot.settings import Settings
    from kompasbot.store import Place

_MOST_CONNECTIONS: Final = 1024
_MOST_HEAD: Final = 65_536
"""Bytes of a request's head. uvicorn has this limit with h11 only, and none for the time that a head takes."""


def serve(
    host: Annotated[str | None, typer.Option(help="Adres om op te luisteren (anders KOMPASBOT_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Poort (anders KOMPASBOT_PORT).")] = None,
    workers: Annotated[int | None, typer.Option(help="Aantal processen (anders KOMPASBOT_WORKERS).")] = None,
) -> None:
    """Serve the assistant until it is stopped; starts without an index too, and says so."""
    from kompasbot.settings import load_settings
    from kompasbot.store import place_of

    settings = load_settings(host=host, port=port, workers=workers)
    _check_workers(settings)
    listening = listen(settings.host, settings.port)
    where = f"http://{settings.host}:{listening.getsockname()[1]}{settings.base_path}"
    missing = _missing(place_of(settings))
    for line in (missing, unprotected(settings)):
        if line:
            typer.echo(line, err=True)
    typer.echo(f"Kompasbot is te vinden op {where}", err=True)
    if settings.workers == 1:
        _serve_alone(settings, listening)
    else:
        _serve_together(settings, listening)


def _check_workers(settings: "Settings") -> None:
    from kompasbot.errors import KompasbotError

    if settings.workers > 1 and not settings.redis_url:
        raise KompasbotError(
            f"KOMPASBOT_WORKERS is {settings.workers}, maar er is geen Redis waarin de processen samen tellen.",
            "Stel KOMPASBOT_REDIS_URL in, of laat KOMPASBOT_WORKERS weg: dan antwoordt één proces.",
        )
    if settings.workers > 1 and sys.platform != "linux":
        raise KompasbotError("Meer dan één proces kan alleen op Linux.", "Laat KOMPASBOT_WORKERS weg.")


def unprotected(settings: "Settings") -> str | None:
    """What to put before a server that others reach directly, or None."""
    if settings.trusted_proxies or settings.behind_loopback:
        return None
    return (
        f"Let op: anderen bereiken deze server rechtstreeks ({settings.host}), zonder proxy ervoor. Wie verbindingen "
        "openhoudt, kan hem dan stilleggen. Zet er nginx voor (docs/draaien/nginx.conf) en noem het adres daarvan in "
        "KOMPASBOT_TRUSTED_PROXIES."
    )


def _missing(place: "Place") -> str | None:
    """What is missing to answer at once, and what happens then."""
    from kompasbot.errors import UpstreamError
    from kompasbot.store import current
    from kompasbot.store.place import remembered

    try:
        found = current(place)
    except UpstreamError as error:
        last = remembered(place)
        meanwhile = (
            f"Zolang antwoordt kompasbot uit de index die hier nog staat ({last})."
            if last
            else "Er staat hier nog geen index; zodra de server antwoordt, haalt kompasbot hem op."
        )
        return f"{error} {error.hint} {meanwhile}"
    return (
        None if found else "Er is nog geen index. Voer uit: kompasbot ingest. De server neemt hem daarna vanzelf over."
    )


def options(settings: "Settings") -> dict[str, Any]:
    """How uvicorn is to run the app."""
    return {
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "http": "h11",
        "h11_max_incomplete_event_size": _MOST_HEAD,
        "ws": "none",
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": settings.trusted_proxies or "",
        "timeout_keep_alive": 15,
        "timeout_graceful_shutdown": settings.drain_seconds,
        "limit_concurrency": _MOST_CONNECTIONS,
    }


def _serve_alone(settings: "Settings", listening: socket.socket) -> None:
    import uvicorn

    from kompasbot.server.app import create_app
    from kompasbot.server.logs import start_logging

    start_logging(settings.log)
    uvicorn.Server(uvicorn.Config(create_app(settings), **options(settings))).run(sockets=[listening])


def _serve_together(settings: "Settings", listening: socket.socket) -> None:
    """Run worker processes; they share counts in Redis, and figures in a folder."""
    from tempfile import TemporaryDirectory

    from kompasbot.cli.workers import Supervisor, shared
    from kompasbot.server.logs import start_logging

    start_logging(settings.log)
    with TemporaryDirectory(prefix="kompasbot-") as folder:
        address = listening.getsockname()
        listening.close()  # it was for this program alone
        with shared(listening.family, address) as kept:
            Supervisor(settings, kept, Path(folder)).run()


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; raises :class:`~kompasbot.errors.Busy` when the port is taken or the address is not ours."""
    from kompasbot.errors import Busy, reason_of

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise Busy(f"Poort {port} op {host} is al in gebruik.", "Kies een andere poort: --port 8001.") from error
        raise Busy(
            f"Luisteren op {host}:{port} lukt niet: {reason_of(error)}.",
            "Kies een ander adres of een andere poort.",
        ) from error
    return listening
