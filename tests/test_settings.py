"""Settings from the environment and a file."""

from pathlib import Path

import pytest

from kompasbot.errors import KompasbotError
from kompasbot.settings import Settings, load_settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "kompasbot.toml"
    monkeypatch.setenv("KOMPASBOT_CONFIG", str(path))
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
    assert load_settings().worker_count == 3


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


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit_visitor": "veel"},
        {"base_path": "/a b"},
        {"base_path": "/../x"},
        {"contact": "geen adres"},
        {"workers": -1},
    ],
)
def test_a_value_that_can_not_be_used_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(KompasbotError, match="geen geldige waarde"):
        load_settings(**wrong)


def test_a_secret_is_told_to_nobody() -> None:
    with pytest.raises(KompasbotError) as caught:
        load_settings(admin_token="te-kort")
    assert "te-kort" not in str(caught.value)
    assert "lange-sleutel" not in repr(Settings(admin_token="een-lange-sleutel"))


@pytest.mark.parametrize(("given", "used"), [("kompas/", "/kompas"), ("/", ""), ("/a/b", "/a/b")])
def test_a_base_path_is_written_one_way(given: str, used: str) -> None:
    assert Settings(base_path=given).base_path == used


@pytest.mark.parametrize("url", ["mysql://kompas:geheim@db.example/kompas", "sqlite://", "geheim"])
def test_a_database_of_another_kind_is_refused_without_its_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPASBOT_DATABASE_URL", url)
    with pytest.raises(KompasbotError, match="KOMPASBOT_DATABASE_URL") as caught:
        load_settings()
    assert "geheim" not in str(caught.value)
