"""Adds entries to a YAML file that people write by hand; every line that stands there stays as it is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ingest.files import replace_text
from kompasbot.errors import CorpusError, reason_of

DEPTH = "    "
"""Where the lines of an entry begin: below the item and the name of the list."""


def added(text: str, item: str, lists: Mapping[str, Sequence[str]], has_item: bool) -> str:
    """The text with entries added to the lists of an item, by the lists' names.

    An entry is one or more whole lines. Text that has the item in another form than lines is given back with too little
    added: what comes out has to be compared with what was meant.
    """
    if not has_item:
        head = f"{text.rstrip()}\n\n" if text.strip() else ""
        return f"{head}{item}:\n" + "".join(_list(name, entries) for name, entries in lists.items())
    lines = text.splitlines(keepends=True)
    # Lists that are new come behind the item's last line, so the last of them first.
    for name, entries in reversed(list(lists.items())):
        if entries:
            _insert(lines, item, name, entries)
    return "".join(lines)


def _list(name: str, entries: Sequence[str]) -> str:
    return f"  {name}:\n{''.join(entries)}"


def _insert(lines: list[str], item: str, name: str, entries: Sequence[str]) -> None:
    """Put entries at the end of a list of an item's block."""
    start = next(
        (at for at, line in enumerate(lines) if line.split(":")[0].strip("\"' ") == item and line[0] not in " #"), None
    )
    if start is None:
        return
    end = next((at for at in range(start + 1, len(lines)) if lines[at][0] not in " #\n"), len(lines))
    last = max(at for at in range(start, end) if lines[at].strip())
    if not lines[last].endswith("\n"):
        lines[last] += "\n"
    listed = next((at for at in range(start + 1, end) if lines[at].strip() == f"{name}:"), None)
    if listed is None:
        lines.insert(last + 1, _list(name, entries))
        return
    place = listed
    while place + 1 < end and _belongs(lines[place + 1], lines[listed]):
        place += 1
    lines.insert(place + 1, "".join(entries))


def _belongs(line: str, head: str) -> bool:
    """Whether a line is part of the list under ``head``."""
    start = line.lstrip()
    return start.startswith(("- ", "#")) or (bool(start) and len(line) - len(start) > len(head) - len(head.lstrip()))


def quoted(value: str) -> str:
    """A text as a value of YAML, on one line."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write(path: Path, text: str) -> None:
    """Write a file of the corpus at once; raises :class:`CorpusError` when that fails."""
    try:
        replace_text(path, text)
    except OSError as error:
        raise CorpusError(
            f"{path} is niet te schrijven: {reason_of(error)}.", "Controleer de rechten van de map."
        ) from error
