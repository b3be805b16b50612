"""``kompasbot mcp``: let other assistants search and read the items, by the Model Context Protocol."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kompasbot.retrieval.index import Index
    from kompasbot.settings import Settings
    from kompasbot.store.live import Live


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Luister op een poort, in plaats van op stdin.")] = False,
    host: Annotated[str | None, typer.Option(help="Adres om op te luisteren (anders KOMPASBOT_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Poort (anders KOMPASBOT_PORT).")] = None,
) -> None:
    """Serve the tools ``search`` and ``fetch`` over standard input and output, or over streamable HTTP."""
    import asyncio

    from kompasbot.server.app import follow
    from kompasbot.server.logs import start_logging
    from kompasbot.server.model_context import serve_stdio
    from kompasbot.settings import load_settings

    settings = load_settings(host=host, port=port)
    start_logging(settings.log)
    live = follow(settings)
    live.start()
    try:
        if http:
            _over_http(settings, live)
        else:
            asyncio.run(serve_stdio(settings, live))
    finally:
        live.stop()


def _over_http(settings: "Settings", live: "Live[Index]") -> None:
    import uvicorn

    from kompasbot.cli.serve import listen, options, unprotected
    from kompasbot.server.model_context import PATH, make_http_app

    listening = listen(settings.host, settings.port)
    where = f"http://{settings.host}:{listening.getsockname()[1]}{settings.base_path}{PATH}"
    warning = unprotected(settings)
    if warning:
        typer.echo(warning, err=True)
    typer.echo(f"De MCP-server van kompasbot is te vinden op {where}", err=True)
    uvicorn.Server(uvicorn.Config(make_http_app(settings, live), **options(settings))).run(sockets=[listening])
