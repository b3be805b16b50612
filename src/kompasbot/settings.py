"""One settings object, read from the environment once, passed in, never a global.

Names carry the prefix ``KOMPASBOT_``, save ``OPENAI_*`` and ``CHROMA_URL``, which others use by these names too.
"""

import os
import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from kompasbot.errors import KompasbotError
from kompasbot.shipped import CHECKOUT, in_checkout

_PORTS: Final = {"http": 80, "https": 443}


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


Seconds = Annotated[float, Field(gt=0, le=600)]


def plain_origin(text: str) -> str:
    """The origin of an address as browsers write it, "https://school.example"; ValueError for anything else."""
    parts = urlsplit(text.strip().lower())
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.query or "@" in text:
        raise ValueError(f"geen adres van een website: {text}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in {None, _PORTS[parts.scheme]} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


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
    # The language model and the embeddings of an endpoint; without an endpoint nothing of this counts.
    chat_model: str = Field("gpt-4.1-mini", min_length=1, description="Taalmodel dat antwoorden schrijft.")
    chat_temperature: Annotated[float, Field(ge=0, le=2)] | None = Field(
        None, description="Temperatuur van het taalmodel; leeg: de standaard van het model."
    )
    chat_source_tokens: Annotated[int, Field(ge=200)] = Field(
        12000, description="Meeste tokens aan bronnen in een vraag aan het taalmodel."
    )
    chat_history_tokens: Annotated[int, Field(ge=0)] = Field(
        1500, description="Meeste tokens van het gesprek die het taalmodel ziet."
    )
    chat_answer_tokens: Annotated[int, Field(ge=16)] = Field(900, description="Langste antwoord, in tokens.")
    chat_connect_seconds: Seconds = Field(3.0, description="Wachttijd op een verbinding met het taalmodel.")
    chat_first_seconds: Seconds = Field(15.0, description="Wachttijd op het eerste woord.")
    chat_next_seconds: Seconds = Field(8.0, description="Langste stilte tussen twee woorden.")
    chat_total_seconds: Seconds = Field(60.0, description="Langste duur van een antwoord.")
    chat_condense_seconds: Seconds = Field(
        4.0, description="Wachttijd op het herschrijven van een vervolgvraag, en op een tweede mening."
    )
    chat_retries: Annotated[int, Field(ge=0, le=5)] = Field(
        2, description="Nieuwe pogingen na een fout, zolang de lezer nog niets ziet."
    )
    chat_breaker_failures: Annotated[int, Field(ge=1)] = Field(
        5, description="Na zoveel fouten op rij wordt het taalmodel even overgeslagen."
    )
    chat_breaker_seconds: Seconds = Field(30.0, description="Zo lang wordt het taalmodel dan overgeslagen.")
    chat_second_opinion: bool = Field(
        False, description="Laat het taalmodel oordelen over zinnen waar de controle over twijfelt."
    )
    chat_price_in: Annotated[float, Field(ge=0)] | None = Field(
        None, description="Prijs in euro van een miljoen tokens in de vraag."
    )
    chat_price_out: Annotated[float, Field(ge=0)] | None = Field(
        None, description="Prijs in euro van een miljoen tokens in het antwoord."
    )
    embedding_model: str | None = Field(
        None, min_length=1, description="Embeddingmodel van het endpoint; leeg: de ingebouwde embedder."
    )
    embedding_dimension: Annotated[int, Field(ge=2, le=8192)] | None = Field(
        None, description="Lengte van de vectoren van het embeddingmodel; leeg: wat het model geeft."
    )
    embedding_seconds: Seconds = Field(2.0, description="Wachttijd op de vector van een vraag.")

    @property
    def has_endpoint(self) -> bool:
        """Whether an OpenAI-compatible endpoint is configured."""
        return bool(self.openai_base_url or (self.openai_api_key and self.openai_api_key.get_secret_value()))

    # The widget on other websites, and what visitors send.
    sites: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Websites waarop de assistent mag staan, als JSON: naam van de site en zijn adressen.",
    )
    database_url: SecretStr | None = Field(
        None, description="Database voor reacties en suggesties; anders een bestand in KOMPASBOT_DATA."
    )
    max_records_a_day: Annotated[int, Field(ge=1)] = Field(
        1000, description="Meeste reacties, en meeste suggesties, van een dag."
    )
    keep_records_days: Annotated[int, Field(ge=1)] = Field(365, description="Hoeveel dagen die bewaard blijven.")

    @field_validator("sites")
    @classmethod
    def _plain_origins(cls, sites: dict[str, list[str]]) -> dict[str, list[str]]:
        return {name: [plain_origin(one) for one in origins] for name, origins in sites.items()}

    # Linked documents.
    fetch: bool = Field(False, description="Controleer de links bij elke ingestie en haal de documenten op.")

    @cached_property
    def links_dir(self) -> Path:
        """Where the checked links and the copies of what they point at stand."""
        return self.data / "links"

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
    except SettingsError as error:  # the only settings that are written as JSON
        raise KompasbotError(
            "De instelling KOMPASBOT_SITES is geen geldige JSON.",
            'Schrijf bijvoorbeeld: {"school": ["https://www.school.example"]}.',
        ) from error
