"""The files for running it: they name what exists, and a backup comes back whole."""

import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from kompasbot.settings import Settings, load_settings, variable_of
from tests.cli.test_cli import SHEET, environment, run
from tests.cluster.part import Part
from tests.cluster.whole import Cluster

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "draaien"
COMPOSED = ["compose.yaml", "compose.meer.yaml"]
MACHINES = ["nginx-machines.conf", "nginx-machines.meer.conf"]
BACKUP = str(FOLDER / "reservekopie.py")


@pytest.mark.parametrize("name", ["Containerfile", *COMPOSED, "kompasbot.service", "README.md"])
def test_every_setting_that_is_named_exists(name: str) -> None:
    named = set(re.findall(r"KOMPASBOT_([A-Z_]+)", (FOLDER / name).read_text(encoding="utf-8")))
    assert named
    assert named - {"CONFIG"} <= {field.upper() for field in Settings.model_fields}


PLACES = {"data", "corpus", "host"}
"""Settings that the image has, for where things are in a container."""
PARTS = {
    "compose.yaml": {"redis_url", "trusted_proxies"},
    "compose.meer.yaml": {"redis_url", "trusted_proxies", "chroma_url", "database_url"},
}
"""Settings that say how the containers find one another."""


def documented() -> set[str]:
    """The variables of the README's tables."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))


def another(name: str) -> Any:
    """A value that a setting may have and does not have by default."""
    texts = {
        "data": "/elders",
        "corpus": "/elders",
        "host": "127.0.0.2",
        "trusted_proxies": "10.0.0.9",
        "base_path": "/kompas",
        "limit_visitor": "7/minute",
        "limit_total": "8/minute",
        "contact": "mailto@school.example",
        "log": "json",
        "embedder": "e5",
        "sites": {"school": ["https://www.school.example"]},
        "redis_url": "redis://elders:6379/0",
        "database_url": "postgresql://elders/kompasbot",
        "admin_token": "een-lange-sleutel-voor-beheer",
        "max_upload": 2048,
        "tokens_per_day": 7,
        "embedding_dimension": 7,
        "embedding_price": 1.5,
        "chat_temperature": 1.5,
        "chat_price_in": 1.5,
        "chat_price_out": 1.5,
    }
    default = Settings.model_fields[name].default
    if name in texts:
        return texts[name]
    if isinstance(default, bool):
        return not default
    if isinstance(default, int | float):
        return default + 1
    return "http://elders:9999" if name.endswith(("_url", "_endpoint")) else "7"


def value_of(settings: Settings, name: str) -> Any:
    found = getattr(settings, name)
    return found.get_secret_value() if isinstance(found, SecretStr) else found


def as_text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool | dict) else str(value)


SETTINGS = {variable_of(name): name for name in Settings.model_fields}


def test_every_setting_is_documented() -> None:
    assert documented() == set(SETTINGS)


@pytest.mark.parametrize("variable", SETTINGS)
def test_a_setting_reaches_the_program_by_the_environment_and_by_the_file(
    variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """So it does in the shell, as a service (``EnvironmentFile=`` and ``KOMPASBOT_CONFIG=``), and in a container."""
    name = SETTINGS[variable]
    wanted = another(name)
    default = value_of(Settings(), name)
    monkeypatch.setenv(variable, as_text(wanted))
    from_environment = value_of(load_settings(), name)
    monkeypatch.delenv(variable)
    plain = f"{{school = {json.dumps(wanted['school'])}}}" if name == "sites" else json.dumps(wanted)
    (tmp_path / "kompasbot.toml").write_text(f"{name} = {plain}\n", encoding="utf-8")
    monkeypatch.setenv("KOMPASBOT_CONFIG", str(tmp_path / "kompasbot.toml"))
    from_file = value_of(load_settings(), name)
    assert str(from_environment) == str(from_file) == str(wanted) != str(default)


@pytest.mark.parametrize("name", COMPOSED)
def test_every_setting_reaches_each_container_of_kompasbot(name: str) -> None:
    """All by the file beside it; what is set here wins, so it may be nothing but how the parts find one another."""
    services = [one for one in composed(name)["services"].values() if one["image"] == "kompasbot"]
    assert len(services) >= 3
    for service in services:
        assert service["env_file"] == [".env"]
        assert {SETTINGS[variable] for variable in service["environment"]} == PARTS[name]
    image = re.findall(r"\b(KOMPASBOT_[A-Z_]+)=", (FOLDER / "Containerfile").read_text(encoding="utf-8"))
    assert {SETTINGS[variable] for variable in image} == PLACES | {"log"}


@pytest.mark.parametrize("name", ["kompasbot.service", "kompasbot-mcp.service"])
def test_a_service_takes_its_settings_from_a_file_and_its_keys_from_another(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert "\nEnvironment=KOMPASBOT_CONFIG=/etc/kompasbot/kompasbot.toml\n" in text
    assert "\nEnvironmentFile=-/etc/kompasbot/sleutels\n" in text


def test_the_settings_file_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMPASBOT_CONFIG", str(FOLDER / "kompasbot.toml"))
    assert load_settings().trusted_proxies == "127.0.0.1"


def test_every_figure_to_watch_is_one_that_is_given() -> None:
    named = set(re.findall(r"`(kompasbot_[a-z_]+)", (FOLDER / "README.md").read_text(encoding="utf-8")))
    source = (FOLDER.parents[1] / "src/kompasbot/server/metrics.py").read_text(encoding="utf-8")
    assert named
    assert all(f'"{name.removesuffix("_total")}"' in source for name in named)


def composed(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found


def test_what_the_container_copies_is_there() -> None:
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    copied = [path for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for path in line.split()]
    assert [path for path in copied if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", COMPOSED)
def test_the_containers_can_be_put_together(name: str) -> None:
    whole = composed(name)
    for service in whole["services"].values():
        if "build" in service:
            assert (FOLDER / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        else:
            assert re.fullmatch(r"[\w/]+:\d+\.\d+(\.\d+)?", service["image"])
        for volume in service.get("volumes", []):
            source = re.sub(r"^\$\{.*\}", "", volume).split(":")[0]
            assert source in whole["volumes"] or (FOLDER / source).exists()
        for other, how in service.get("depends_on", {}).items():
            assert other in whole["services"]
            assert how["condition"] != "service_healthy" or checks(whole["services"][other])
        assert set(service["networks"]) <= set(whole["networks"])


def checks(service: dict[str, Any]) -> bool:
    """Whether a container says how it is: by the file, or by the image of kompasbot."""
    return "test" in service.get("healthcheck", {}) or service["image"] == "kompasbot"


@pytest.mark.parametrize("name", COMPOSED)
def test_the_first_index_is_there_before_a_container_answers(name: str) -> None:
    services = composed(name)["services"]
    assert services["index"]["command"] == ["kompasbot", "ingest", "--first"]
    waiting = [one for one in services.values() if one["image"] == "kompasbot" and one is not services["index"]]
    assert waiting
    assert all(one["depends_on"]["index"] == {"condition": "service_completed_successfully"} for one in waiting)


def test_many_containers_have_the_settings_and_the_parts_of_the_cluster_that_is_tested() -> None:
    services = composed("compose.meer.yaml")["services"]
    nobody = Part("", 1, [], FOLDER, lambda: True)
    more = {"MAX_RECORDS_A_DAY", "LIMIT_VISITOR", "LIMIT_TOTAL", "WORKERS"}  # for the tests, or as they are by default
    settings = Cluster(FOLDER, nobody, nobody, nobody, [], nobody).settings(FOLDER)
    tested = set(settings) - {f"KOMPASBOT_{name}" for name in more}
    image = re.findall(r"\b([A-Z_]+)=", (FOLDER / "Containerfile").read_text(encoding="utf-8"))
    for name in ("kompasbot-1", "kompasbot-2", "index", "mcp"):
        assert tested <= {*services[name]["environment"], *image}
    chroma = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert services["chroma"]["image"].replace("chromadb/chroma:", "chromadb==") in chroma
    assert [name for name, one in services.items() if not checks(one) and name != "index"] == []
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_nginx_knows_the_addresses_of_the_containers() -> None:
    services = composed("compose.meer.yaml")["services"]
    address = {name: one["networks"]["binnen"]["ipv4_address"] for name, one in services.items() if "nginx" in name}
    machines = ("kompasbot-1", "kompasbot-2", "mcp")
    given = {services[name]["networks"]["binnen"]["ipv4_address"] for name in machines}
    text = (FOLDER / "nginx-machines.meer.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"server ([\d.]+):", text)) == given
    assert {services[name]["environment"]["KOMPASBOT_TRUSTED_PROXIES"] for name in machines} == {address["nginx"]}
    names = [
        re.findall(r"^upstream (\w+)", (FOLDER / file).read_text(encoding="utf-8"), re.MULTILINE) for file in MACHINES
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize("name", ["kompasbot", "kompasbot-mcp"])
def test_systemd_understands_the_service(name: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed (Debian: apt-get install systemd)")
    text = (FOLDER / f"{name}.service").read_text(encoding="utf-8")
    unit = tmp_path / f"{name}.service"
    unit.write_text(text.replace("/opt/kompasbot/bin/kompasbot", "/bin/true"), encoding="utf-8")
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_service_starts_whether_or_not_the_first_index_could_be_made() -> None:
    text = (FOLDER / "kompasbot.service").read_text(encoding="utf-8")
    assert "\nExecStartPre=-/opt/kompasbot/bin/kompasbot ingest --first\n" in text


def test_the_recipes_name_files_that_are_there() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"docs/draaien/[\w./-]+\w", text)) - {"docs/draaien/.env"}
    assert len(named) > 5
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_the_wheel_that_the_container_builds_can_ingest_and_answer(tmp_path: Path) -> None:
    """Built from what the Containerfile copies and nothing else; hatchling leaves out in silence what is not there."""
    build, wheel = tmp_path / "build", tmp_path / "wheel"
    stage = (FOLDER / "Containerfile").read_text(encoding="utf-8").split("\nFROM ")[1]
    for sources, target in re.findall(r"^COPY (.+) (\S+)$", stage, re.MULTILINE):
        for source in sources.split():
            copy(ROOT / source, build / target / source if target.endswith("/") else build / target)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(wheel)]
    subprocess.run([*command, str(build)], check=True, timeout=100)
    with zipfile.ZipFile(next(wheel.glob("*.whl"))) as packed:
        packed.extractall(tmp_path / "site")
    small_corpus(tmp_path)
    alone = {"PYTHONPATH": str(tmp_path / "site"), "PYTHONSAFEPATH": "1"}
    done = run(tmp_path, "ingest", **alone)
    assert done.returncode == 0, done.stderr
    assert "Drentstad" in run(tmp_path, "ask", "Waar leent de bibliotheek een Techkist uit?", **alone).stdout
    where = [sys.executable, "-c", "import kompasbot.shipped as it; print(it.__file__)"]
    used = subprocess.run(where, env=environment(tmp_path, **alone), capture_output=True, text=True, check=True)
    assert used.stdout.startswith(str(tmp_path / "site"))


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


def small_corpus(folder: Path) -> None:
    (folder / "corpus" / "lesmateriaal").mkdir(parents=True)
    (folder / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")


def test_a_backup_brings_everything_back(tmp_path: Path) -> None:
    small_corpus(tmp_path)
    assert run(tmp_path, "ingest").returncode == 0
    data, copy = tmp_path / "data", tmp_path / "kopie.tar.gz"
    with closing(sqlite3.connect(data / "records.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE suggestion (text)")
        database.execute("INSERT INTO suggestion VALUES ('Meer voorbeelden')")
        database.commit()
        subprocess.run([sys.executable, BACKUP, "maak", str(data), str(copy)], check=True, capture_output=True)
    data.rename(tmp_path / "kwijt")
    subprocess.run([sys.executable, BACKUP, "terug", str(copy), str(data)], check=True, capture_output=True)
    found = json.loads(run(tmp_path, "ask", "--json", "Waar leent de bibliotheek een Techkist uit?").stdout)
    assert found["status"] == "answered"
    with closing(sqlite3.connect(data / "records.db")) as database:
        assert database.execute("SELECT text FROM suggestion").fetchall() == [("Meer voorbeelden",)]


def backup(*arguments: Path | str, **options: Any) -> str:
    """What a run that has to fail says."""
    command = [sys.executable, BACKUP, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **options)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    return str(done.stderr)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder that looks like the data of kompasbot."""
    (tmp_path / "data" / "index").mkdir(parents=True)
    (tmp_path / "data" / "index" / "CURRENT").write_text("g1", encoding="utf-8")
    (tmp_path / "data" / "iets.bin").write_bytes(bytes(range(256)) * 400)
    return tmp_path / "data"


@pytest.fixture
def copied(data: Path, tmp_path: Path) -> Path:
    """A backup of it."""
    made = tmp_path / "kopie.tar.gz"
    subprocess.run([sys.executable, BACKUP, "maak", str(data), str(made)], check=True, capture_output=True)
    return made


def test_a_backup_is_not_put_back_over_what_is_there(data: Path, copied: Path) -> None:
    assert "niet leeg" in backup("terug", copied, data)


def test_a_backup_is_for_its_maker_only(copied: Path) -> None:
    assert copied.stat().st_mode & 0o777 == 0o600


def test_a_backup_that_can_not_be_made_says_why_and_leaves_the_former(data: Path, copied: Path) -> None:
    former = copied.read_bytes()
    assert "geen gegevens van kompasbot" in backup("maak", data.parent / "elders", copied)
    assert "in de map met gegevens zelf" in backup("maak", data, data / "index" / "kopie.tar.gz")
    assert "is een map" in backup("maak", data, data.parent)
    assert "niet gemaakt" in backup("maak", data, data.parent / "weg" / "kopie.tar.gz")
    (data / "records.db").write_bytes(b"SQLite format 3\0" + b"x" * 2000)
    assert "records.db: de database is niet te lezen" in backup("maak", data, copied)
    assert copied.read_bytes() == former
    assert sorted(path.name for path in data.parent.iterdir()) == ["data", "kopie.tar.gz"]


def test_a_backup_can_not_be_written_where_that_is_not_allowed(data: Path) -> None:
    assert "niet gemaakt" in backup("maak", data, "/proc/kopie.tar.gz")


@pytest.mark.parametrize("harm", ["cut", "bits", "text", "other", "gone"])
def test_a_damaged_backup_puts_nothing_back(harm: str, copied: Path, tmp_path: Path) -> None:
    whole, target = copied.read_bytes(), tmp_path / "nieuw"
    match harm:
        case "cut":
            copied.write_bytes(whole[: len(whole) // 2])
        case "bits":
            copied.write_bytes(whole[:-8] + bytes(byte ^ 255 for byte in whole[-8:]))
        case "text":
            copied.write_text("geen kopie", encoding="utf-8")
        case "other":
            with tarfile.open(copied, "w:gz") as tar:
                tar.add(BACKUP, "iets.py")
        case _:
            copied.unlink()
    said = backup("terug", copied, target)
    assert "kopie" in said
    assert not target.exists()
    target.mkdir()
    backup("terug", copied, target)
    assert list(target.iterdir()) == []


def test_a_backup_is_not_put_back_in_part_when_the_disk_is_full(copied: Path, tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    assert "Er is niets teruggezet" in backup("terug", copied, tmp_path / "nieuw", preexec_fn=small)
    assert not (tmp_path / "nieuw").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files to others")
def test_what_root_puts_back_belongs_to_whose_folder_it_is(copied: Path, tmp_path: Path) -> None:
    target = tmp_path / "nieuw"
    target.mkdir()
    os.chown(target, 65534, 65534)
    subprocess.run([sys.executable, BACKUP, "terug", str(copied), str(target)], check=True, capture_output=True)
    assert {path.stat().st_uid for path in target.rglob("*")} == {65534}


@pytest.mark.parametrize("name", ["kompasbot", "kompasbot-mcp"])
def test_a_service_is_shut_in_by_systemd(name: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed (Debian: apt-get install systemd)")
    command = [analyze, "security", "--offline=true", "--threshold=20", "--no-pager", str(FOLDER / f"{name}.service")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-300:]


def test_nginx_passes_on_no_headers_by_which_visitors_could_pose_as_others() -> None:
    text = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    outside, *locations = re.split(r"^    location ", text, flags=re.MULTILINE)
    set_to = dict(re.findall(r"proxy_set_header (\S+) (\S+);", outside))
    assert set_to["X-Forwarded-For"] == "$remote_addr"
    assert (set_to["traceparent"], set_to["tracestate"]) == ('""', '""')
    # A location that sets one header inherits none of those above.
    assert [location for location in locations if "proxy_set_header" in location] == []
