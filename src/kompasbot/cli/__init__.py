"""The command line; ``kompasbot --help`` lists its commands.

The commands' modules import typer only; what a command needs is imported when it runs, so that ``--help`` is quick.
"""

import os
import sys
from typing import Annotated, Final

import typer

from kompasbot import __version__
from kompasbot.cli import ask, check, doctor, enrich, eval, feedback, index, ingest, links, mcp, questions, serve
from kompasbot.cli.usage import explain
from kompasbot.errors import KompasbotError

INTERRUPTED: Final = 130

app = typer.Typer(
    help="Kompasbot: antwoorden met bronnen, uit de factsheets van het Interventiekompas technologieonderwijs.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("ingest", help="Lees de factsheets en werk de index bij.")(ingest.ingest)
app.command("serve", help="Start de server.")(serve.serve)
app.command("ask", help="Stel een vraag.")(ask.ask)
app.command("eval", help=eval.HELP)(eval.evaluate)
app.command("check", help="Controleer of een zin door een item wordt gedragen.")(check.check)
app.command("feedback", help="Toon wat bezoekers van antwoorden vonden en voorstellen.")(feedback.feedback)
app.add_typer(questions.app, name="questions")
app.command("enrich", help="Zoek waar verwachte vragen of kenmerken ontbreken en maak er concepten voor.")(
    enrich.enrich
)
app.add_typer(index.app, name="index")
app.command("links", help="Controleer alle links en bewaar een kopie van de documenten.")(links.links)
app.command("doctor", help="Controleer wat is ingesteld en wat werkt.")(doctor.doctor)
app.command("mcp", help="Laat andere assistenten zoeken in de factsheets (Model Context Protocol).")(mcp.mcp)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kompasbot {__version__}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", help="Toon de versie.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """The options of the program itself."""
    # Numpy's own threads mostly wait for one another: here they double the time of an ingestion. Read at its import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Run the command line; errors of our own become a Dutch message, a hint and an exit code (see ``errors.py``)."""
    try:
        code = app(standalone_mode=False)
    except KompasbotError as error:
        typer.echo(f"Fout: {error}", err=True)
        if error.hint:
            typer.echo(f"Wat je kunt doen: {error.hint}", err=True)
        sys.exit(error.exit_code)
    except typer.Abort:
        typer.echo("Afgebroken.", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader went away (`kompasbot ask … | head`); keep Python from complaining when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if not hasattr(error, "format_message"):  # typer's own; which class that is depends on its version
            raise
        sys.exit(explain(error))
    sys.exit(code if isinstance(code, int) else 0)
