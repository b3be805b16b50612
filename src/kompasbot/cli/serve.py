"""``kompasbot serve``: run the server."""

import errno
import logging
import socket
from typing import Annotated, Final

import typer

_SHUTDOWN_SECONDS: Final = 10
_MOST_CONNECTIONS: Final = 512


def serve(
    host: Annotated[str | None, typer.Option(help="Adres om op te luisteren (anders KOMPASBOT_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Poort (anders KOMPASBOT_PORT).")] = None,
) -> None:
    """Serve the assistant until it is stopped; starts without an index too, and says so."""
    import uvicorn

    from kompasbot.server.app import create_app
    from kompasbot.settings import load_settings
    from kompasbot.store import current, place_of

    settings = load_settings(host=host, port=port)
    listening = listen(settings.host, settings.port)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    where = f"http://{settings.host}:{listening.getsockname()[1]}"
    if current(place_of(settings)) is None:
        typer.echo(
            "Er is nog geen index. Voer uit: kompasbot ingest. De server neemt hem daarna vanzelf over.", err=True
        )
    typer.echo(f"Kompasbot is te vinden op {where}", err=True)
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        limit_concurrency=_MOST_CONNECTIONS,
    )
    uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; raises :class:`~kompasbot.errors.Busy` when the port is taken or the address is not ours."""
    from kompasbot.errors import Busy

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
            f"Luisteren op {host}:{port} lukt niet: {error.strerror or error}.",
            "Kies een ander adres of een andere poort.",
        ) from error
    return listening
