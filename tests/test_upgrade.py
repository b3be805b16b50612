"""From one version of kompasbot to the next: what visitors left behind and what was computed is kept."""

import json
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg

from kompasbot.records import Suggestion
from kompasbot.records.store import Records
from tests.cli.test_cli import SHEET, run
from tests.cluster import servers

_FIRST_VERSION = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE judgement (answer_id VARCHAR(64) NOT NULL PRIMARY KEY, created DATETIME NOT NULL,
    rating VARCHAR(4) NOT NULL, remark TEXT, question TEXT, site VARCHAR(64));
CREATE INDEX ix_judgement_created ON judgement (created);
CREATE TABLE suggestion (id VARCHAR(32) NOT NULL PRIMARY KEY, created DATETIME NOT NULL, text TEXT NOT NULL,
    factsheet VARCHAR(200), contact VARCHAR(200), site VARCHAR(64));
CREATE INDEX ix_suggestion_created ON suggestion (created);
INSERT INTO judgement VALUES ('oud-1', '{now}', 'down', 'Te kort', NULL, 'school');
INSERT INTO suggestion VALUES ('oud-2', '{now}', 'Noem ook het mbo', NULL, NULL, NULL);
"""
"""What the first version made, in its own words: it must not follow when the program changes."""


def test_what_visitors_left_with_the_first_version_is_kept_beside_what_is_new(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "records.db")) as database:
        now = database.execute("SELECT datetime('now', '-1 day') || '.000000'").fetchone()[0]
        database.executescript(_FIRST_VERSION.replace("{now}", now))
    records = Records(tmp_path)
    records.suggest(Suggestion("Een nieuw idee"))
    assert [(one.answer_id, one.remark, one.site) for one in records.judgements()] == [("oud-1", "Te kort", "school")]
    assert [one.text for one in records.suggestions()] == ["Noem ook het mbo", "Een nieuw idee"]
    records.close()


def test_an_index_of_an_older_version_says_what_to_do_and_keeps_its_vectors(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "lesmateriaal").mkdir(parents=True)
    (tmp_path / "corpus" / "lesmateriaal" / "factsheet.md").write_text(SHEET, encoding="utf-8")
    assert run(tmp_path, "ingest").returncode == 0
    index = tmp_path / "data" / "index"
    manifest = index / (index / "CURRENT").read_text(encoding="utf-8") / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 0}), encoding="utf-8")
    refused = run(tmp_path, "ask", "Waar leent de bibliotheek een Techkist uit?")
    assert refused.returncode == 5
    assert "andere versie van kompasbot" in refused.stderr
    assert "kompasbot ingest --rebuild" in refused.stderr
    report = json.loads(run(tmp_path, "ingest", "--rebuild", "--json").stdout)
    assert (report["published"], report["embedded"]) == (True, 0)
    assert "Drentstad" in run(tmp_path, "ask", "Waar leent de bibliotheek een Techkist uit?").stdout


def test_a_dump_of_postgresql_as_the_guide_says_brings_everything_back(tmp_path: Path) -> None:
    servers.need()
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)  # PostgreSQL runs as another user
        server = servers.postgres(Path(name))
        server.start()
        try:
            assert dumped_and_restored(servers.database_url(server.port), tmp_path) == ["Noem ook het mbo"]
        finally:
            server.stop()


def dumped_and_restored(url: str, folder: Path) -> list[str]:
    """Suggestions that were kept, dumped, and read from another database into which the dump was put back."""
    kept, dump, new = Records(folder, url), folder / "kompasbot.dump", url.rsplit("/", 1)[0] + "/nieuw"
    kept.suggest(Suggestion("Noem ook het mbo"))
    kept.close()
    subprocess.run([str(servers.program("pg_dump")), "--format=custom", f"--file={dump}", url], check=True)
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("CREATE DATABASE nieuw")
    options = ["--exit-on-error", "--no-owner", f"--dbname={new}"]
    subprocess.run([str(servers.program("pg_restore")), *options, str(dump)], check=True)
    restored = Records(folder, new)
    found = [one.text for one in restored.suggestions()]
    restored.close()
    return found
