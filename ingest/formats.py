"""Which formats can be read, and how: one reader per ending, each from a file to blocks."""

from collections.abc import Callable, Mapping
from typing import Final

from ingest.blocks import SourceText
from ingest.files import CorpusFile, check_file, read_bytes, text_of
from ingest.findings import Finding
from ingest.markdown import read_markdown
from ingest.plaintext import read_text
from ingest.readings import Readings

_LIGHT: Final = 16 * 1024
"""Up to this many bytes a text is read in a second or so, whatever it holds: no process has to be started for it."""


def _text(kind: str, read: Callable[[str, str], SourceText]) -> Callable[[CorpusFile, Readings], SourceText]:
    def read_file(file: CorpusFile, readings: Readings) -> SourceText:
        data = read_bytes(file)
        return (
            readings.read(kind, file.path, file.where)
            if len(data) > _LIGHT
            else read(text_of(data, file.where), file.where)
        )

    return read_file


def _apart(kind: str) -> Callable[[CorpusFile, Readings], SourceText]:
    return lambda file, readings: readings.read(kind, file.path, file.where)


READERS: Final[Mapping[str, Callable[[CorpusFile, Readings], SourceText]]] = {
    ".md": _text("md", read_markdown),
    ".txt": _text("txt", read_text),
    ".docx": _apart("docx"),
    ".pdf": _apart("pdf"),
    ".html": _apart("html"),
    ".htm": _apart("html"),
    ".docm": _apart("docx"),
    ".dotx": _apart("docx"),
}
"""Reader by ending. Another format joins by a function that yields its blocks."""


def can_read(file: CorpusFile) -> bool:
    """Whether there is a reader for the file's ending."""
    return file.suffix in READERS


def read_source(file: CorpusFile, readings: Readings) -> SourceText:
    """Read a file with the reader of its ending, or take it from the ``readings``.

    Raises :class:`~kompasbot.errors.UnreadableFile`.
    """
    check_file(file)
    return READERS[file.suffix](file, readings)


def not_read(file: CorpusFile) -> Finding:
    """The finding for a file that no reader takes."""
    ending = f"het formaat {file.suffix}" if file.suffix else "een bestand zonder extensie"
    return Finding(
        "waarschuwing",
        file.where,
        f"Dit bestand is overgeslagen: kompasbot leest {ending} nog niet.",
        f"Zet de tekst om naar een van deze formaten: {', '.join(READERS)}.",
    )
