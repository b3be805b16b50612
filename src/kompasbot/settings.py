"""One settings object, read once from the environment and a file, passed in, never a global.

Names carry the prefix ``KOMPASBOT_``, save ``OPENAI_*`` and ``CHROMA_URL``, which others use by these names too. In the
file, ``kompasbot.toml`` in the working folder or what ``KOMPASBOT_CONFIG`` names, they are in small letters without the
prefix. The environment wins over the file.
"""

import os
import re
import sys
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

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


OFF: Final = "uit"
_SHORTEST_TOKEN: Final = 16
_MOST_WORKERS: Final = 4
_SECRET: Final = frozenset(("openai_api_key", "redis_url", "admin_token"))


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
    # Running it: processes, limits, access, what is seen inside.
    workers: Annotated[int, Field(ge=0, le=64)] = Field(0, description="Aantal processen; 0: een per kern, hooguit 4.")
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
    web: bool = Field(True, description="Of de pagina's en het chatvenster aan staan.")
    api: bool = Field(True, description="Of de koppeling (alles onder /v1/) aan staat.")
    contact: str | None = Field(None, description="E-mailadres of webadres van de beheerder, voor wie de API gebruikt.")
    log: Literal["tekst", "json"] = Field("tekst", description="Vorm van de regels in het logboek.")
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

    @field_validator("base_path")
    @classmethod
    def _plain_path(cls, value: str) -> str:
        path = value.strip("/")
        if not all(part and part.replace("-", "").replace("_", "").isalnum() for part in path.split("/") if path):
            raise ValueError("not a path of plain names")
        return f"/{path}" if path else ""

    @field_validator("limit_visitor", "limit_total")
    @classmethod
    def _readable_limit(cls, value: str | None) -> str | None:
        if value and value.lower() != OFF:
            from limits import parse_many

            parse_many(value)
        return value or None

    @field_validator("contact")
    @classmethod
    def _usable_contact(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"https?://[^\s/]+\S*|[^\s@/]+@[^\s@/]+\.[^\s@/]+", value):
            raise ValueError("not an address")
        return value or None

    @field_validator("admin_token")
    @classmethod
    def _long_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < _SHORTEST_TOKEN:
            raise ValueError("too short")
        return value or None

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
    def worker_count(self) -> int:
        """How many processes answer."""
        if self.workers:
            return self.workers
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return min(cores, _MOST_WORKERS)

    @cached_property
    def behind_loopback(self) -> bool:
        """Whether only this machine can reach the server, without a proxy before it."""
        return self.host in ("127.0.0.1", "::1", "localhost") and not self.trusted_proxies

    @cached_property
    def index_dir(self) -> Path:
        """Where the generations of the index stand."""
        return self.data / "index"


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
            f"Het instellingenbestand {path} is niet te lezen: {error}.", "Herstel het bestand of KOMPASBOT_CONFIG."
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
        name = str(problem["loc"][0]) if problem["loc"] else "?"
        variable = name if name.isupper() else f"KOMPASBOT_{name.upper()}"
        given = "" if name.lower() in _SECRET else f": {problem['input']!r}"
        raise KompasbotError(
            f"De instelling {variable} heeft geen geldige waarde{given}.",
            "Kijk in de README welke waarden mogen, en pas de omgevingsvariabele of het instellingenbestand aan.",
        ) from error
