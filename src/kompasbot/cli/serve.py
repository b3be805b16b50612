"""``kompasbot serve``: run the server."""

import errno
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from kompasbot.settings import Settings
    from kompasbot.store import Place

_MOST_CONNECTIONS: Final = 1024
_WORKER_SECONDS: Final = 60


def serve(
    host: Annotated[str | None, typer.Option(help="Adres om op te luisteren (anders KOMPASBOT_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Poort (anders KOMPASBOT_PORT).")] = None,
    workers: Annotated[int | None, typer.Option(help="Aantal processen (anders KOMPASBOT_WORKERS).")] = None,
) -> None:
    """Serve the assistant until it is stopped; starts without an index too, and says so."""
    from kompasbot.settings import load_settings
    from kompasbot.store import place_of

    settings = load_settings(host=host, port=port, workers=workers)
    listening = listen(settings.host, settings.port)
    where = f"http://{settings.host}:{listening.getsockname()[1]}{settings.base_path}"
    missing = _missing(place_of(settings))
    if missing:
        typer.echo(missing, err=True)
    typer.echo(f"Kompasbot is te vinden op {where}", err=True)
    if settings.worker_count == 1:
        _serve_alone(settings, listening)
    else:
        _serve_together(settings, listening)


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
    """Run worker processes, which are started again when they die; they share counters and figures in a folder."""
    from tempfile import TemporaryDirectory

    from kompasbot.cli.workers import SharedPort, WorkerConfig, Workers

    with TemporaryDirectory(prefix="kompasbot-") as folder:
        os.environ.update(worker_environment(settings, Path(folder)))
        config = WorkerConfig(
            "kompasbot.server.app:create_app",
            factory=True,
            workers=settings.worker_count,
            timeout_worker_healthcheck=_WORKER_SECONDS,
            **options(settings),
        )
        config.form = settings.log
        config.configure_logging()
        Workers(config, [SharedPort.of(listening)]).run()


def worker_environment(settings: "Settings", folder: Path) -> dict[str, str]:
    """What a worker has to know: settings that were given as options, and where the shared files are."""
    from kompasbot.server.shared import COUNTERS, FIGURES

    (folder / "figures").mkdir()
    return {
        "KOMPASBOT_HOST": settings.host,
        "KOMPASBOT_WORKERS": str(settings.worker_count),
        COUNTERS: str(folder / "counters"),
        FIGURES: str(folder / "figures"),
    }


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
