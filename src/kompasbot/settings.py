"""One settings object, read once from the environment and a file, passed in, never a global.

Names carry the prefix ``KOMPASBOT_``, save ``OPENAI_*``, ``OTEL_*`` and ``CHROMA_URL``, which others use by these names
too. In the file, ``kompasbot.toml`` in the working folder or what ``KOMPASBOT_CONFIG`` names, they are in small letters
without the prefix. The environment wins over the file.
"""

import os
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from kompasbot import errors
from kompasbot.errors import KompasbotError
from kompasbot.shipped import default_corpus, default_data
from kompasbot.validators import CHECKS, plain_origin, reason_of, shown

EXACT_SEARCH_UP_TO: Final = 10_000
"""Passages up to which comparing a question with each takes less time than asking Chroma (measured; see ADR 12)."""

_NOT_SHOWN: Final = frozenset(
    "openai_api_key admin_token database_url redis_url chroma_url openai_base_url otlp_endpoint embedding_base_url "
    "embedding_api_key".split()
)
"""Settings whose refused value no message repeats: keys, and addresses that may have a password in them."""
Seconds = Annotated[float, Field(gt=0, le=600)]


class Settings(BaseSettings):
    """What can be set from outside; the README's table is checked against this class."""

    model_config = SettingsConfigDict(env_prefix="KOMPASBOT_", extra="ignore", populate_by_name=True)

    data: Path = Field(default_factory=default_data, description="Map voor de index en andere gegevens.")
    corpus: Path = Field(default_factory=default_corpus, description="Map met de factsheets.")
    host: str = Field("127.0.0.1", description="Adres waarop de server luistert.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8000, description="Poort van de server.")
    max_question: Annotated[int, Field(ge=1)] = Field(2000, description="Langste vraag, in tekens.")
    max_messages: Annotated[int, Field(ge=1)] = Field(40, description="Meeste berichten in een gesprek.")
    max_body: Annotated[int, Field(ge=1024)] = Field(65536, description="Grootste verzoek, in bytes.")
    keep_generations: Annotated[int, Field(ge=1)] = Field(3, description="Aantal generaties van de index dat blijft.")
    # Storage of the index.
    chroma_url: str | None = Field(
        None,
        repr=False,
        validation_alias=AliasChoices("CHROMA_URL", "chroma_url"),
        description="Adres van een Chroma-server waar de index staat; zonder dit in de map met gegevens.",
    )
    exact_search_up_to: Annotated[int, Field(ge=0)] = Field(
        EXACT_SEARCH_UP_TO,
        description="Tot zoveel passages vergelijkt de server een vraag met elke passage; daarboven zoekt Chroma.",
    )
    embedding_price: Annotated[float, Field(ge=0)] | None = Field(
        None, description="Prijs in euro van een miljoen tokens bij het embeddingmodel, voor het verslag."
    )
    # Running it: processes, limits, access, what is seen inside.
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="Aantal processen; meer dan een alleen met Redis, waarin zij samen tellen."
    )
    drain_seconds: Annotated[int, Field(ge=0, le=3600)] = Field(
        20, description="Zoveel seconden krijgen lopende antwoorden om af te lopen als de server stopt."
    )
    trusted_proxies: str | None = Field(
        None, description="Adressen of netwerken van proxy's waarvan X-Forwarded-For geldt, met komma's ertussen."
    )
    base_path: str = Field("", description="Pad waaronder een proxy kompasbot aanbiedt, bijvoorbeeld /kompas.")
    limit_visitor: str | None = Field(None, description="Verzoeken per bezoeker, zoals 60/minute; uit zet het uit.")
    limit_total: str | None = Field(None, description="Verzoeken van alle bezoekers samen; uit zet het uit.")
    max_concurrent: Annotated[int, Field(ge=1)] = Field(200, description="Meeste verzoeken tegelijk per proces.")
    tokens_per_day: Annotated[int, Field(ge=0)] | None = Field(
        None, description="Tokens die het taalmodel per dag mag verbruiken; daarna antwoordt kompasbot zonder."
    )
    redis_url: SecretStr | None = Field(None, description="Redis die de tellers van alle machines deelt.")
    admin_token: SecretStr | None = Field(None, description="Sleutel voor beheer, minstens 16 tekens; anders uit.")
    # The page for maintainers, /beheer.
    max_upload: Annotated[int, Field(ge=1024, le=20 * 1024 * 1024)] = Field(
        20 * 1024 * 1024, description="Grootste bestand dat een beheerder op /beheer mag versturen, in bytes."
    )
    ingest_seconds: Annotated[int, Field(ge=10, le=86_400)] = Field(
        3600, description="Langste duur van een ingestie die op /beheer begint."
    )
    web: bool = Field(True, description="Of de pagina's en het chatvenster aan staan.")
    api: bool = Field(True, description="Of de koppeling (alles onder /v1/) aan staat.")
    trace: bool = Field(
        False, description="Of ?trace=1 bij /v1/chat laat zien waarom een antwoord zo is; voor wie de bot beheert."
    )
    contact: str | None = Field(None, description="E-mailadres of webadres van de beheerder, voor wie de API gebruikt.")
    log: Literal["tekst", "json"] = Field("tekst", description="Vorm van de regels in het logboek.")
    otlp_endpoint: str | None = Field(
        None,
        repr=False,
        validation_alias=AliasChoices("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp_endpoint"),
        description="Adres van een OpenTelemetry-collector (OTLP over HTTP) die traces krijgt, zonder teksten.",
    )
    openai_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"),
        description="Sleutel voor een taalmodel (OpenAI of een dienst die hetzelfde protocol spreekt).",
    )
    openai_base_url: str | None = Field(
        None,
        repr=False,
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
    chat_first_seconds: Seconds = Field(20.0, description="Wachttijd op het eerste woord.")
    chat_floor_seconds: Seconds = Field(
        8.0, description="Staat er zo lang na het eerste woord nog geen bruikbare zin, dan antwoordt kompasbot zelf."
    )
    chat_floor_sentences: Annotated[int, Field(ge=1)] = Field(
        3, description="Na zoveel zinnen zonder een bruikbare antwoordt kompasbot zelf."
    )
    chat_next_seconds: Seconds = Field(8.0, description="Langste stilte tussen twee woorden.")
    chat_total_seconds: Seconds = Field(60.0, description="Langste duur van een antwoord.")
    chat_condense_seconds: Seconds = Field(
        1.5, description="Wachttijd op het herschrijven van een vervolgvraag, en op een tweede mening."
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
    embedder: Literal["auto", "e5", "hashed"] = Field(
        "auto", description="De ingebouwde embedder, zonder embeddingmodel; auto: e5 als dat hier kan, anders hashed."
    )
    embedding_model: str | None = Field(
        None, min_length=1, description="Embeddingmodel van het endpoint; leeg: de ingebouwde embedder."
    )
    embedding_dimension: Annotated[int, Field(ge=2, le=8192)] | None = Field(
        None, description="Lengte van de vectoren van het embeddingmodel; leeg: wat het model geeft."
    )
    embedding_seconds: Seconds = Field(2.0, description="Wachttijd op de vector van een vraag.")
    embedding_base_url: str | None = Field(
        None, description="Adres van het embeddingmodel; leeg: dat van het taalmodel (OPENAI_BASE_URL)."
    )
    embedding_api_key: SecretStr | None = Field(
        None, description="Sleutel van het embeddingmodel; zonder eigen adres is OPENAI_API_KEY genoeg."
    )
    embedding_batch: Annotated[int, Field(ge=1, le=2048)] = Field(
        32, description="Hoogstens zoveel teksten in een verzoek aan het embeddingmodel."
    )
    embedding_query_prefix: str = Field("", description="Wat het embeddingmodel voor een vraag wil, zoals 'query: '.")
    embedding_passage_prefix: str = Field(
        "", description="Wat het embeddingmodel voor een passage wil, zoals 'passage: '."
    )

    @property
    def has_endpoint(self) -> bool:
        """Whether an OpenAI-compatible endpoint is configured."""
        return bool(self.openai_base_url or (self.openai_api_key and self.openai_api_key.get_secret_value()))

    @property
    def embeds_by_endpoint(self) -> bool:
        """Whether vectors come from the embedding model of an endpoint."""
        return bool(self.embedding_model)

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
    keep_records_days: Annotated[int, Field(ge=1)] = Field(
        365, description="Hoeveel dagen die bewaard blijven, en de tellingen van antwoorden."
    )
    statistics: bool = Field(True, description="Of antwoorden geteld worden, zonder iets van bezoekers te bewaren.")
    keep_questions: bool = Field(
        False, description="Of vragen bewaard worden, zonder BSN, rekeningnummers, adressen en telefoonnummers."
    )
    keep_questions_days: Annotated[int, Field(ge=1)] = Field(90, description="Hoeveel dagen vragen bewaard blijven.")
    max_questions_a_day: Annotated[int, Field(ge=1)] = Field(5000, description="Meeste vragen die een dag bewaart.")

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

    @field_validator(*CHECKS)
    @classmethod
    def _checked(cls, value: str | SecretStr | None, info: ValidationInfo) -> str | SecretStr | None:
        """The value as it is used; an empty one is as good as none."""
        assert info.field_name
        given = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not given:
            return cls.model_fields[info.field_name].default  # type: ignore[no-any-return]
        checked = CHECKS[info.field_name](given)
        return SecretStr(checked) if isinstance(value, SecretStr) else checked

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before the environment before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file())

    @cached_property
    def behind_loopback(self) -> bool:
        """Whether only this machine can reach the server, without a proxy before it."""
        return self.host in ("127.0.0.1", "::1", "localhost") and not self.trusted_proxies

    @cached_property
    def index_dir(self) -> Path:
        """Where the generations of the index stand."""
        return self.data / "index"

    @cached_property
    def vectors_dir(self) -> Path:
        """Where vectors are kept by the digest of their text, outside the generations."""
        return self.data / "vectors"

    @cached_property
    def readings_dir(self) -> Path:
        """Where is kept what was read of PDFs, Word files and pages, by the digest of their content."""
        return self.data / "readings"


def config_file() -> Path | None:
    """The settings file, if there is one. Raises :class:`KompasbotError` when the named one can't be used."""
    named = os.environ.get("KOMPASBOT_CONFIG")
    path = Path(named or "kompasbot.toml")
    if not named and not path.is_file():
        return None
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KompasbotError(
            f"Het instellingenbestand {path} is niet te lezen: {errors.reason_of(error)}.",
            "Herstel het bestand of KOMPASBOT_CONFIG.",
        ) from error
    unknown = sorted(set(found) - set(Settings.model_fields))
    if unknown:
        raise KompasbotError(
            f"Het instellingenbestand {path} kent deze namen niet: {', '.join(unknown)}.",
            "Kijk in de README welke instellingen er zijn; in het bestand staan ze klein, zonder KOMPASBOT_.",
        )
    return path


def load_settings(**overrides: object) -> Settings:
    """Read the settings; ``overrides`` that are not None win. Raises :class:`KompasbotError` naming the bad
    variable.
    """
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        problem = error.errors()[0]
        name = _field_of(str(problem["loc"][0]))
        given = "" if name in _NOT_SHOWN else f" ({shown(problem['input'])})"
        raise KompasbotError(
            f"De instelling {variable_of(name)} heeft geen geldige waarde{given}: {reason_of(problem)}.",
            "Kijk in de README welke waarden mogen, en pas de omgevingsvariabele of het instellingenbestand aan.",
        ) from error
    except SettingsError as error:  # the only settings that are written as JSON
        raise KompasbotError(
            "De instelling KOMPASBOT_SITES is geen geldige JSON.",
            'Schrijf bijvoorbeeld: {"school": ["https://www.school.example"]}.',
        ) from error


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    alias = Settings.model_fields[name].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"KOMPASBOT_{name.upper()}"


def _field_of(place: str) -> str:
    """The setting that pydantic means by the place of an error: its own name, or that of its variable."""
    return next(name for name in Settings.model_fields if place in (name, variable_of(name)))
