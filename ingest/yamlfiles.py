"""Reads YAML with errors that name the file and the line, and refuses a key that stands there twice."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

import yaml

from ingest.files import CorpusFile, read_text
from kompasbot.errors import UnreadableFile

LINE: Final = "__line__"
"""The key under which each mapping in a list carries the number of its line (from 1)."""

_DEEPEST: Final = 50
_HINT: Final = (
    "Let op inspringen, aanhalingstekens en dubbele punten; zet bij twijfel de tekst tussen aanhalingstekens."
)


class _DoubleKey(yaml.constructor.ConstructorError):
    """A mapping has the same key twice, of which YAML would silently keep the last."""


class _Loader(yaml.CSafeLoader):
    """The safe loader, with line numbers in the mappings of a list and an error for a double key."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise _DoubleKey(None, None, f"'{name}' staat er twee keer", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)

    def construct_sequence(self, node: yaml.SequenceNode, deep: bool = False) -> list[Any]:  # noqa: ARG002
        found = super().construct_sequence(node, deep=True)
        for value, child in zip(found, node.value, strict=True):
            if isinstance(value, dict):
                value[LINE] = child.start_mark.line + 1
        return found


def parse_yaml(text: str, where: str, first_line: int = 1) -> Any:
    """The value of a YAML text that begins on ``first_line`` of the file ``where``; raises :class:`UnreadableFile`."""
    try:
        _refuse_what_grows(text, where)
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = _line(error, text)
        raise UnreadableFile(f"{where}, regel {line + first_line}: {_complaint(error, text, line)}.", _HINT) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UnreadableFile(f"{where}: dit is geen geldige YAML.", _HINT) from error


def _refuse_what_grows(text: str, where: str) -> None:
    """Refuse a value that stands for another, of which a few lines can grow to gigabytes, and values so deep in one
    another that the loader, which calls itself for each, would overrun the stack and end the process."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableFile(f"{where}: verwijzingen met & en * zijn hier niet toegestaan.", _HINT)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise UnreadableFile(f"{where}: hier staan te veel lijsten in elkaar.", _HINT)


def _line(error: yaml.MarkedYAMLError, text: str) -> int:
    """The line (from 0) that the YAML reader stumbled over; what is missing at the end counts for the last line."""
    mark = error.problem_mark or error.context_mark
    return min(mark.line if mark else 0, text.rstrip().count("\n"))


def _complaint(error: yaml.MarkedYAMLError, text: str, line: int) -> str:
    """What is wrong, in Dutch: our own complaint, else the line itself."""
    if isinstance(error, _DoubleKey):
        return str(error.problem)
    return f"de YAML klopt niet bij '{text.split(chr(10))[line].strip()[:60]}'"


def load_yaml(file: CorpusFile) -> Any:
    """The value of a YAML file; None when it is empty. Raises :class:`UnreadableFile` with file and line."""
    return parse_yaml(read_text(file), file.where)


def load_entries(file: CorpusFile) -> list[Mapping[str, Any]]:
    """The entries of a YAML file that is a list of mappings, each with its line under :data:`LINE`."""
    value = load_yaml(file)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise UnreadableFile(f"{file.where}: hier hoort een lijst te staan; elk deel begint met '- '.", _HINT)
    return value


def load_mapping(file: CorpusFile) -> Mapping[str, Any]:
    """The content of a YAML file that is one mapping."""
    value = load_yaml(file)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise UnreadableFile(f"{file.where}: hier horen regels te staan als 'naam: …'.", _HINT)
    return {str(key): content for key, content in value.items()}


def texts(value: Any, where: str) -> tuple[str, ...]:
    """A list of texts (or numbers) from YAML, each on one line, empty ones and doubles left out.

    Raises :class:`UnreadableFile` for anything else, such as a question that YAML took apart at its colon.
    """
    if value is None:
        return ()
    if not isinstance(value, list):
        raise UnreadableFile(f"{where}: hier hoort een lijst te staan; elk deel begint met '- '.", _HINT)
    found = []
    for one in value:
        if isinstance(one, bool) or not isinstance(one, str | int | float):
            raise UnreadableFile(f"{where}: '{_first_words(one)}' is geen gewone tekst.", _HINT)
        found.append(" ".join(str(one).split()))
    return tuple(dict.fromkeys(text for text in found if text))


def _first_words(value: object) -> str:
    if isinstance(value, dict):
        value = next((key for key in value if key != LINE), "")
    return str(value)[:60]
