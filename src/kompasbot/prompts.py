"""Reads ``prompts/``: the texts that the product itself says (``teksten.yaml``) and the prompts for the language model
(``*.md``), checked when they are loaded.
"""

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from kompasbot.errors import KompasbotError, reason_of
from kompasbot.shipped import shipped

_FIELD = re.compile(r"\{(\w+)\}")


class Texts:
    """The table of own texts: a dotted key to one text, or to a list of equal variants.

    A text's ``{fields}`` must be given exactly; anything else is an error when the text is asked for.
    """

    def __init__(self, table: Mapping[str, tuple[str, ...]]) -> None:
        self._table = dict(table)

    def get(self, key: str, seed: str = "", **fields: str) -> str:
        """Return the text of ``key`` with its fields filled in; ``seed`` picks a variant, always the same one."""
        variants = self.variants(key)
        text = variants[0] if len(variants) == 1 else random.Random(seed).choice(variants)
        if set(_FIELD.findall(text)) != set(fields):
            raise KeyError(f"{key}: the text has the fields {_FIELD.findall(text)}, given were {sorted(fields)}")
        return _FIELD.sub(lambda match: fields[match[1]], text)

    def variants(self, key: str) -> tuple[str, ...]:
        """All variants of a text; KeyError for an unknown key."""
        return self._table[key]

    def keys(self) -> list[str]:
        """All dotted keys."""
        return sorted(self._table)


def _flatten(prefix: str, node: object, table: dict[str, tuple[str, ...]]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            _flatten(f"{prefix}.{key}" if prefix else str(key), value, table)
    elif isinstance(node, list) and node and all(isinstance(one, str) for one in node):
        table[prefix] = tuple(" ".join(one.split()) for one in node)
    elif isinstance(node, str) and node.strip():
        table[prefix] = (" ".join(node.split()),)
    else:
        raise KompasbotError(f"prompts/teksten.yaml: bij '{prefix}' staat geen tekst of lijst van teksten.")


@lru_cache(maxsize=4)
def load_texts(folder: Path | None = None) -> Texts:
    """Load ``teksten.yaml`` from ``folder``, by default the shipped ``prompts``."""
    path = (folder or shipped("prompts")) / "teksten.yaml"
    try:
        node = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KompasbotError(
            f"Het bestand {path} is niet te lezen: {reason_of(error)}.", "Herstel het bestand."
        ) from error
    table: dict[str, tuple[str, ...]] = {}
    _flatten("", node, table)
    return Texts(table)


_PARTS = "\n=====\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt in two parts, what the model is told and what it is given; ``digest`` names this version of the file."""

    told: str
    given: str
    digest: str

    def fill(self, **fields: str) -> tuple[str, str]:
        """Both parts with their fields filled in. What is filled in is not looked at again: it may hold braces."""
        return tuple(_FIELD.sub(lambda match: fields[match[1]], part) for part in (self.told, self.given))  # type: ignore[return-value]


@lru_cache(maxsize=16)
def load_prompt(name: str, fields: frozenset[str], folder: Path | None = None) -> Prompt:
    """Load ``<name>.md``; raises :class:`KompasbotError` when it lacks one of ``fields`` or asks for another."""
    path = (folder or shipped("prompts")) / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KompasbotError(
            f"De prompt {path} is niet te lezen: {reason_of(error)}.", "Herstel het bestand."
        ) from error
    told, found, given = text.partition(_PARTS)
    if not found:
        raise KompasbotError(f"In de prompt {path} ontbreekt de regel '====='.", "Zet die tussen de twee delen.")
    named = set(_FIELD.findall(text))
    if named != fields:
        wrong = ", ".join(sorted(named ^ fields))
        raise KompasbotError(
            f"De velden van de prompt {path} kloppen niet: {wrong}.",
            f"Gebruik precies deze velden: {', '.join(sorted(fields))}.",
        )
    return Prompt(told.strip(), given.strip(), hashlib.sha256(text.encode()).hexdigest()[:12])
