"""Which files the corpus holds, and their content as text; keeps the limits on number and size."""

import hashlib
import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from kompasbot.errors import CorpusError, UnreadableFile, reason_of
from kompasbot.fetching.shelf import Shelf
from kompasbot.shipped import shipped

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_FILES: Final = 10_000
SYNONYMS_FILE: Final = "begrippen.yaml"
EVALUATION_FOLDER: Final = "evaluatie"
_IGNORED_STEMS: Final = frozenset({"readme", "leesmij"})
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff\x00-\x08\x0b-\x1f]+")
"""What nobody sees: soft hyphens, joiners, marks of the byte order, and controls but newline and tab."""


@dataclass(frozen=True, slots=True, order=True)
class CorpusFile:
    """A file of the corpus; ``where`` is its path inside the corpus, with ``/``, as messages name it: composed, however
    the system spells it."""

    where: str
    path: Path

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders inside the corpus and the file's name."""
        return tuple(self.where.split("/"))

    @property
    def root(self) -> Path:
        """The folder of the corpus."""
        return self.path.parents[len(self.parts) - 1]

    @property
    def suffix(self) -> str:
        """The ending, in lower case, with its dot."""
        return self.path.suffix.lower()


def _is_ours(name: str) -> bool:
    return not name.startswith((".", "~$")) and not name.endswith("~")


def list_files(corpus: Path) -> tuple[CorpusFile, ...]:
    """All files of the corpus in a fixed order, without what is no knowledge.

    That is: hidden files, a README at the root, and a factsheet's ``evaluatie`` folder, which holds test questions.

    Raises :class:`CorpusError` when the folder is missing, empty or holds too many files. What a file is, and how
    large, is looked at when it is read: one that can't be read is no reason to leave the others unread.
    """
    if not corpus.is_dir():
        raise CorpusError(
            f"De map {corpus} met de factsheets is er niet.",
            "Maak de map aan, of geef met --corpus of KOMPASBOT_CORPUS de goede map op.",
        )
    files = []
    for folder, subfolders, names in os.walk(corpus):
        subfolders[:] = sorted(filter(_is_ours, subfolders))
        for name in filter(_is_ours, names):
            path = Path(folder, name)
            where = unicodedata.normalize("NFC", path.relative_to(corpus).as_posix())
            files.append(CorpusFile(where, path))
        _check_number(len(files))
    kept = sorted(one for one in files if not (_is_readme(one) or _is_evaluation(one)))
    if not kept:
        raise CorpusError(
            f"De map {corpus} is leeg.", "Zet er een map in met een factsheet, bijvoorbeeld factsheet.md."
        )
    return tuple(kept)


def with_synonyms(files: tuple[CorpusFile, ...]) -> tuple[CorpusFile, ...]:
    """The files of a corpus; one without synonyms of its own gets those that come with the program."""
    if any(file.where == SYNONYMS_FILE for file in files):
        return files
    return (*files, CorpusFile(SYNONYMS_FILE, shipped("corpus") / SYNONYMS_FILE))


def _is_readme(file: CorpusFile) -> bool:
    return len(file.parts) == 1 and file.path.stem.lower() in _IGNORED_STEMS


def _is_evaluation(file: CorpusFile) -> bool:
    return len(file.parts) > 2 and file.parts[1].lower() == EVALUATION_FOLDER


def _check_number(number: int) -> None:
    if number > MAX_FILES:
        raise CorpusError(
            f"De map met factsheets heeft meer dan {MAX_FILES} bestanden.",
            "Is dit wel de goede map? Haal weg wat er niet in hoort.",
        )


def check_file(file: CorpusFile) -> None:
    """Raise :class:`UnreadableFile` for what can't be read: no file, one from outside the corpus, one too large."""
    size = _stat(file).st_size
    if size > MAX_BYTES:
        raise UnreadableFile(
            f"{file.where}: dit bestand is te groot: {size >> 20} MB. Een bestand mag {MAX_BYTES >> 20} MB zijn.",
            "Splits het bestand, of haal het weg.",
        )


def _stat(file: CorpusFile) -> os.stat_result:
    """What the system knows of a file that may be opened.

    A pipe or device could keep a reader waiting for ever; a link could let in what was never meant to be published.
    """
    try:
        place, found = file.path.resolve(strict=True), file.path.stat()
    except (OSError, RuntimeError) as error:  # the latter for links that lead to one another
        raise _unreadable(file, error) from error
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableFile(f"{file.where}: dit is geen gewoon bestand.", "Haal het weg uit de map.")
    if not place.is_relative_to(file.root.resolve()):
        raise UnreadableFile(
            f"{file.where}: dit is een verwijzing naar een bestand buiten de map met factsheets.",
            "Zet het bestand zelf in de map, in plaats van een verwijzing.",
        )
    return found


def _unreadable(file: CorpusFile, error: OSError | RuntimeError) -> UnreadableFile:
    reason = reason_of(error) if isinstance(error, OSError) else "de verwijzing loopt rond"
    return UnreadableFile(
        f"{file.where}: dit bestand is niet te openen: {reason}.",
        "Kijk of het bestand er nog is en of je het mag lezen.",
    )


def read_bytes(file: CorpusFile) -> bytes:
    """The content of a file; raises :class:`UnreadableFile`, also when it is too large."""
    check_file(file)
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error


def read_text(file: CorpusFile) -> str:
    """The text of a file, as :func:`text_of` gives it; raises :class:`UnreadableFile`, also when it is too large."""
    return text_of(read_bytes(file), file.where)


def text_of(data: bytes, where: str) -> str:
    """The text of a file's content: composed characters, newlines as ``\\n``, nothing invisible.

    Raises :class:`UnreadableFile` with the line when it is no text in UTF-8.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"{where}, regel {line}: dit is geen tekst in UTF-8.", "Sla het bestand opnieuw op als tekst in UTF-8."
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableFile(
            f"{where}, regel {line}: dit is geen tekstbestand.", "Haal het weg, of sla het op als tekst in UTF-8."
        )
    return clean(text)


def replace_text(path: Path, text: str) -> None:
    """Write a file so that a crash leaves the old or the new one, never half of it; raises :class:`OSError`."""
    draft = path.with_name(f".{path.name}.nieuw")
    try:
        with draft.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def clean(text: str) -> str:
    """Text with composed characters and plain spaces and newlines, without characters that nobody sees."""
    lines = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").splitlines())
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", lines))
    return plain.replace("\u00a0", " ").replace("\u202f", " ")


def changed_on(file: CorpusFile) -> str:
    """The ISO date on which the file last changed, for a text that does not say so itself."""
    return date.fromtimestamp(_stat(file).st_mtime).isoformat()


def corpus_digest(corpus: Path, links: Path | None = None) -> str:
    """32 hex digits over the names and content of all files: the same digest, nothing changed. Reads, parses nothing.

    ``links`` is the folder with the checked links, whose health and copies count too. Raises the errors of
    :func:`list_files`.
    """
    digest = hashlib.blake2b(digest_size=16)
    for file in with_synonyms(list_files(corpus)):
        digest.update(f"{file.where}\0{_content_digest(file)}\n".encode("utf-8", "surrogateescape"))
    fetched = Shelf(links).digest() if links else ""
    if fetched:
        digest.update(f"links\0{fetched}\n".encode())
    return digest.hexdigest()


def _content_digest(file: CorpusFile) -> str:
    """What tells one content from another; of a file that can't be read, why not."""
    try:
        _stat(file)
    except UnreadableFile as error:
        return str(error)
    try:
        with file.path.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError as error:
        return str(_unreadable(file, error))
