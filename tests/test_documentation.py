"""What the documents say is what the program does."""

import re
from pathlib import Path

import pytest
from pydantic import AliasChoices

from kompasbot.errors import KompasbotError
from kompasbot.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def subclasses(kind: type[KompasbotError]) -> list[type[KompasbotError]]:
    return [kind, *(deeper for sub in kind.__subclasses__() for deeper in subclasses(sub))]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_readme(name: str) -> None:
    alias = Settings.model_fields[name].validation_alias
    variable = str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"KOMPASBOT_{name.upper()}"
    assert f"| `{variable}` |" in README


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(r"`KOMPASBOT_(\w+)`", README))
    assert named - {"CONFIG"} <= {name.upper() for name in Settings.model_fields}


def test_the_readme_gives_the_defaults_that_hold() -> None:
    rows = dict(re.findall(r"^\| `KOMPASBOT_(\w+)` \| (.+?) \|", README, re.MULTILINE))
    for name, known in Settings.model_fields.items():
        default = known.get_default(call_default_factory=False)
        if name.upper() in rows and default is not None and not callable(known.default_factory):
            plain = f"{default:g}" if isinstance(default, float) else str(default)
            said = plain.lower() if isinstance(default, bool) else plain or "none"
            assert rows[name.upper()].strip("`") == said, name


def test_every_exit_code_stands_in_the_readme() -> None:
    rows = set(re.findall(r"^\| (\d+) \|", README, re.MULTILINE))
    assert {str(kind.exit_code) for kind in subclasses(KompasbotError)} <= rows


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in (README, (ROOT / "CONTRIBUTING.md").read_text()):
        assert set(re.findall(r"`make (\w+)`", document)) <= targets


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"\]\((?!http|#)([^)]+)\)", text) + re.findall(r"`((?:src|ingest|prompts|docs)/[\w/.]+)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_no_document_or_lock_file_names_a_registry() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "requirements").glob("*.lock")]
    assert not [line for text in texts for line in text.splitlines() if re.search(r"index-url|https?://", line)]
