"""Reads one file in a process of its own, within limits: ``python -m ingest.readers.child FORMAT PATH WHERE SECONDS
LONGEST BYTES OUTPUT [ADDRESS]``. Prints one JSON document: the file as read, or what is wrong with the file.
"""

import json
import logging
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from ingest.blocks import SourceText
from ingest.files import text_of
from kompasbot.errors import UnreadableFile

_HINT: Final = "Open het bestand en sla het opnieuw op, of lever de tekst als Markdown."


def limit(seconds: int, longest: int, memory: int, output: int) -> None:
    """Bound what this process may use; on a system without these limits only the parent's time-out holds.

    A reader may raise the seconds up to the longest: see :func:`~ingest.readers.allowance.allow_page`.
    """
    try:
        import resource
    except ImportError:
        return
    for kind, most, ever in (
        (resource.RLIMIT_CPU, seconds, longest),
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_FSIZE, output, output),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        least, highest = (one if hard < 0 else min(one, hard) for one in (most, ever))
        resource.setrlimit(kind, (least, highest))


def read(kind: str, path: Path, where: str, address: str | None) -> dict[str, Any]:
    """The file as read, as plain data, or ``error`` with a message and a hint."""
    try:
        return _parse(kind, path.read_bytes(), where, address).to_data()
    except UnreadableFile as error:
        return {"error": [str(error), error.hint]}
    except MemoryError:
        return {"error": [f"{where}: dit bestand is te zwaar: het lezen ervan kost te veel geheugen.", _HINT]}
    except Exception as error:
        # Whatever a damaged file does to a parser: it costs one finding, with the name of what went wrong.
        return {"error": [f"{where}: dit bestand is beschadigd of klopt niet ({type(error).__name__}).", _HINT]}


def _parse(kind: str, data: bytes, where: str, address: str | None) -> SourceText:
    if kind == "pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf(data, where)
    if kind == "docx":
        from ingest.readers.docx import read_docx

        return read_docx(data, where)
    if kind == "txt":
        from ingest.plaintext import read_text

        return read_text(text_of(data, where), where, address)
    if kind == "md":
        from ingest.markdown import read_markdown

        return read_markdown(text_of(data, where), where, address)
    from ingest.readers.html import read_html

    return read_html(data, where, address)


def _day(value: object) -> str:
    """A date in front matter, in the form that it has as a text too."""
    return (
        (value.date() if isinstance(value, datetime) else value).isoformat() if isinstance(value, date) else str(value)
    )


def main(arguments: list[str]) -> None:
    """Read the file that the arguments name."""
    kind, path, where, *figures = arguments[:7]
    limit(*map(int, figures))
    sys.setrecursionlimit(2_000)
    logging.disable(logging.CRITICAL)
    found = read(kind, Path(path), where, arguments[7] if arguments[7:] else None)
    print(json.dumps(found, ensure_ascii=False, default=_day))


if __name__ == "__main__":
    main(sys.argv[1:])
