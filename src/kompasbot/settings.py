"""One settings object, read from the environment once, passed in, never a global.

Names carry the prefix ``KOMPASBOT_``, save ``OPENAI_*`` and ``CHROMA_URL``, which others use by these names too.
"""

import os
import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kompasbot.errors import KompasbotError
from kompasbot.shipped import CHECKOUT, in_checkout


def _user_data() -> Path:
    """The user's data folder by the platform's custom (XDG on Linux)."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _default_data() -> Path:
    return CHECKOUT / "data" if in_checkout() else _user_data() / "kompasbot"


def _default_corpus() -> Path:
    return CHECKOUT / "corpus" if in_checkout() else Path("corpus")


class Settings(BaseSettings):
    """What can be set from outside; the README's table is checked against this class."""

    model_config = SettingsConfigDict(env_prefix="KOMPASBOT_", extra="ignore", populate_by_name=True)

    data: Path = Field(default_factory=_default_data, description="Map voor de index en andere gegevens.")
    corpus: Path = Field(default_factory=_default_corpus, description="Map met de factsheets.")
    host: str = Field("127.0.0.1", description="Adres waarop de server luistert.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8000, description="Poort van de server.")
    max_question: Annotated[int, Field(ge=1)] = Field(2000, description="Langste vraag, in tekens.")
    max_messages: Annotated[int, Field(ge=1)] = Field(40, description="Meeste berichten in een gesprek.")
    max_body: Annotated[int, Field(ge=1024)] = Field(65536, description="Grootste verzoek, in bytes.")
    keep_generations: Annotated[int, Field(ge=1)] = Field(3, description="Aantal generaties van de index dat blijft.")
    # Storage of the index.
    chroma_url: str | None = Field(
        None,
        validation_alias=AliasChoices("CHROMA_URL", "chroma_url"),
        description="Adres van een Chroma-server waar de index staat; zonder dit in de map met gegevens.",
    )
    embedding_price: Annotated[float, Field(ge=0)] | None = Field(
        None, description="Prijs in euro van een miljoen tokens bij het embeddingmodel, voor het verslag."
    )
    openai_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"),
        description="Sleutel voor een taalmodel (OpenAI of een dienst die hetzelfde protocol spreekt).",
    )
    openai_base_url: str | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url"),
        description="Adres van het taalmodel, als dat niet OpenAI zelf is.",
    )

    @cached_property
    def index_dir(self) -> Path:
        """Where the generations of the index stand."""
        return self.data / "index"

    @cached_property
    def vectors_dir(self) -> Path:
        """Where vectors are kept by the digest of their text, outside the generations."""
        return self.data / "vectors"


def load_settings(**overrides: object) -> Settings:
    """Read the settings; ``overrides`` that are not None win. Raises :class:`KompasbotError` naming the bad
    variable.
    """
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0]) if problem["loc"] else "?"
        variable = name if name.isupper() else f"KOMPASBOT_{name.upper()}"
        raise KompasbotError(
            f"De instelling {variable} heeft geen geldige waarde: {problem['input']!r}.",
            "Kijk in de README welke waarden mogen, en pas de omgevingsvariabele aan.",
        ) from error
