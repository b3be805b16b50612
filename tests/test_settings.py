"""Settings from the environment and a file."""

from pathlib import Path

import pytest

from kompasbot.errors import KompasbotError
from kompasbot.settings import Settings, load_settings, variable_of


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "kompasbot.toml"
    monkeypatch.setenv("KOMPASBOT_CONFIG", str(path))
    monkeypatch.delenv("KOMPASBOT_EMBEDDER")  # as all tests have it; it would win over the file
    return path


def test_a_file_sets_what_the_environment_does_not(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('port = 8123\nhost = "0.0.0.0"\nlimit_visitor = "5/minute"\n')
    monkeypatch.setenv("KOMPASBOT_PORT", "9000")
    found = load_settings()
    assert (found.port, found.host, found.limit_visitor) == (9000, "0.0.0.0", "5/minute")


def test_a_file_in_the_working_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOMPASBOT_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kompasbot.toml").write_text("workers = 3\n")
    assert load_settings().workers == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [("poort = 1", "poort"), ("port = [", "niet te lezen"), ("port = 70000", "KOMPASBOT_PORT")],
)
def test_a_file_with_a_mistake_is_named(file: Path, text: str, says: str) -> None:
    file.write_text(text)
    with pytest.raises(KompasbotError, match=says):
        load_settings()


def test_a_named_file_that_is_missing_is_an_error(file: Path) -> None:
    with pytest.raises(KompasbotError, match="niet te lezen"):
        load_settings()


REFUSED = {
    "limit_visitor": {"veel": "zoals 60/minute", "60/minuut": "zoals 60/minute", "60/minute;0/day": "niemand binnen"},
    "limit_total": {"0/minute": "met uit is er geen grens", ";": "zoals 60/minute"},
    "base_path": {"/a b": "zoals /kompas", "/../x": "zoals /kompas"},
    "contact": {"geen adres": "een e-mailadres of een webadres"},
    "workers": {"0": "minstens 1", "65": "hoogstens 64", "1.5": "een heel getal", "": "een heel getal"},
    "chat_next_seconds": {"0": "meer dan 0", "nan": "hoogstens 600 ", "lang": "een getal"},
    "chat_temperature": {"9" * 400: "hoogstens 2"},
    "statistics": {"misschien": "true of false"},
    "log": {"xml": "'tekst' of 'json'"},
    "chat_model": {"": "niet leeg"},
    "trusted_proxies": {
        "garbage": "geen IP-adres",
        "proxy.example": "geen IP-adres",
        "10.0.0.5, 10.0.0.1/8": "10.0.0.1/8 is geen IP-adres of netwerk",
        "10.0.0.5 10.0.0.6": "geen IP-adres",
        "*,10.0.0.5": "geen IP-adres",
    },
    "redis_url": {"foo": "redis://", "http://a": "redis://", "redis://": "redis://", "redis://a:x": "redis://"},
    "chroma_url": {"foo": "http://", "a.example:8000": "http://", "http://": "http://", "http://a:99999": "http://"},
    "openai_base_url": {"niks": "http://", "http://a b": "http://", "http://[::1": "http://"},
    "otlp_endpoint": {"collector:4318": "http://", "4318": "http://", "ftp://collector": "http://"},
    "database_url": {"mysql://a": "postgresql://", "sqlite://": "postgresql://"},
    "admin_token": {"te-kort": "minstens 16 tekens"},
    "sites": {
        '{"a": ["school"]}': "school is geen adres",
        '{"a": ["http://a:99999"]}': "geen adres",
        "[]": "een lijst",
    },
}
VARIABLES = {
    "chroma_url": "CHROMA_URL",
    "openai_base_url": "OPENAI_BASE_URL",
    "otlp_endpoint": "OTEL_EXPORTER_OTLP_ENDPOINT",
}


@pytest.mark.parametrize(
    ("name", "value", "reason"), [(name, *one) for name, values in REFUSED.items() for one in values.items()]
)
def test_a_value_that_can_not_be_used_is_refused_with_its_name_and_the_reason(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = VARIABLES.get(name, f"KOMPASBOT_{name.upper()}")
    monkeypatch.setenv(variable, value)
    with pytest.raises(KompasbotError) as caught:
        load_settings()
    told = str(caught.value)
    assert told.startswith(f"De instelling {variable} heeft geen geldige waarde")
    assert reason in told
    assert len(told) < 300


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_value_of_another_kind_in_the_file_is_refused_in_dutch(name: str, file: Path) -> None:
    for value in ("[[1]]", "2026-01-01", "{ a = 1 }"):
        file.write_text(f"{name} = {value}\n")
        with pytest.raises(KompasbotError) as caught:
            load_settings()
        variable, _, reason = str(caught.value).partition(" heeft geen geldige waarde")
        assert variable == f"De instelling {variable_of(name)}"
        assert ": het m" in reason


@pytest.mark.parametrize(
    ("name", "value", "used"),
    [
        ("trusted_proxies", "*", "*"),
        ("trusted_proxies", "10.0.0.5, fd00::/8 ,::1", "10.0.0.5,fd00::/8,::1"),
        ("trusted_proxies", "", None),
        ("limit_visitor", "60/minute;2000/day", "60/minute;2000/day"),
        ("limit_total", "Uit", "Uit"),
        ("limit_total", "", None),
        ("chroma_url", "http://[::1]:8000", "http://[::1]:8000"),
        ("chroma_url", "", None),
        ("openai_base_url", "https://model.example/v1", "https://model.example/v1"),
        ("openai_base_url", "", None),
        ("otlp_endpoint", "http://collector:4318", "http://collector:4318"),
        ("contact", "beheer@school.example", "beheer@school.example"),
    ],
)
def test_a_value_that_can_be_used_is_used(
    name: str, value: str, used: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable_of(name), value)
    assert getattr(load_settings(), name) == used


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KOMPASBOT_ADMIN_TOKEN", "geheim"),
        ("KOMPASBOT_REDIS_URL", "//:geheim@redis.example"),
        ("KOMPASBOT_DATABASE_URL", "mysql://kompas:geheim@db.example/kompas"),
        ("KOMPASBOT_DATABASE_URL", "geheim"),
        ("CHROMA_URL", "chroma:geheim@chroma.example"),
        ("OPENAI_BASE_URL", "sk-geheim"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://otel:geheim@collector"),
    ],
)
def test_a_secret_is_told_to_nobody(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(KompasbotError, match=variable) as caught:
        load_settings()
    assert "geheim" not in str(caught.value)
    assert "geheim" not in caught.value.hint


def test_a_key_is_not_shown_with_the_other_settings() -> None:
    assert "lange-sleutel" not in repr(Settings(admin_token="een-lange-sleutel"))


@pytest.mark.parametrize(("given", "used"), [("kompas/", "/kompas"), ("/", ""), ("/a/b", "/a/b")])
def test_a_base_path_is_written_one_way(given: str, used: str) -> None:
    assert Settings(base_path=given).base_path == used
