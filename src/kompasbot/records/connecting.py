"""Connections to the database by Python's own driver interface: all that counting needs, and what SQLAlchemy rests on.

SQLAlchemy and Alembic cost some 35 MB and half a second of everyone's time; a server that only counts never loads them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from kompasbot.errors import RecordsFailure
from kompasbot.validators import without_secrets

VERSION: Final = "0003"
"""The newest migration; a test compares it with the files."""
MIGRATIONS: Final = Path(__file__).parent / "migrations"
WAIT_SECONDS: Final = 5
"""For the lock on a file."""
SERVER_SECONDS: Final = 3
"""For a connection to a server, and for each of its answers."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where the records are: ``address`` is a file's path, or a PostgreSQL URL as libpq reads it."""

    kind: Literal["sqlite", "postgresql"]
    address: str = field(repr=False)

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What goes wrong with it."""
        if self.kind == "sqlite":
            return (sqlite3.Error, OSError)
        import psycopg

        return (psycopg.Error, OSError)

    @property
    def shown(self) -> str:
        """The address as a person may see it: without user, password and options."""
        return without_secrets(self.address)

    @property
    def mark(self) -> str:
        """What stands for a value in a statement."""
        return "?" if self.kind == "sqlite" else "%s"

    def moment(self, moment: datetime) -> str:
        """A time as this database keeps it (SQLite without its zone, which is UTC)."""
        plain = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return plain if self.kind == "sqlite" else f"{plain}+00:00"

    def connect(self, patience: float | None = None) -> Any:
        """A connection, which is the caller's to close; a server has ``patience`` seconds for each answer."""
        if self.kind == "sqlite":
            return _open_file(Path(self.address))
        return _dial(self.address, SERVER_SECONDS if patience is None else patience)

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A cursor whose work is kept as a whole, or not at all."""
        connection = self.connect()
        try:
            yield connection.cursor()
            connection.commit()
        finally:
            connection.close()

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Keep other processes on this file from changing its tables meanwhile."""
        if self.kind == "postgresql":  # has a lock of its own, in the migration's transaction
            yield
            return
        from filelock import FileLock

        with FileLock(f"{self.address}.lock", timeout=60):
            yield

    def version(self) -> str | None:
        """The migration that the tables are at; None when there are no tables."""
        there = {
            "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'",
            "postgresql": "SELECT count(*) FROM pg_tables WHERE tablename = 'alembic_version' "
            "AND schemaname = ANY (current_schemas(false))",
        }
        with self.transaction() as cursor:
            if cursor.execute(there[self.kind]).fetchone()[0] == 0:
                return None
            found = cursor.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(found[0]) if found else None

    def product(self) -> str:
        """The program that keeps it, with its version."""
        if self.kind == "sqlite":
            return f"SQLite {sqlite3.sqlite_version}"
        with self.transaction() as cursor:
            return f"PostgreSQL {cursor.execute('SHOW server_version').fetchone()[0].split()[0]}"

    def is_writable(self) -> bool:
        """Whether a row can be written, or a table made where there is none yet; nothing of it stays."""
        act = (
            "INSERT INTO item_count VALUES ('1970-01-01', 'doctor', 0)"
            if self.version() == VERSION
            else "CREATE TABLE kompasbot_doctor (number INTEGER)"
        )
        connection = self.connect()
        try:
            connection.execute("BEGIN")
            connection.execute(act)
            connection.rollback()
        except self.errors:
            return False
        finally:
            connection.close()
        return True


def database_of(url: str | None, folder: Path) -> Database:
    """The database of a URL, by default a SQLite file in ``folder``."""
    if url is None:
        return Database("sqlite", str(folder / "records.db"))
    scheme, _, rest = url.partition("://")
    kind = scheme.split("+")[0]
    if kind == "sqlite" and rest.startswith("/"):
        return Database("sqlite", rest[1:].partition("?")[0])
    if kind in {"postgres", "postgresql"}:
        return Database("postgresql", f"postgresql://{rest}")
    raise RecordsFailure("Deze soort database kent kompasbot niet.", "Gebruik postgresql://… of sqlite:///….")


def bring_up(database: Database) -> None:
    """Make the tables, or bring them up to date.

    A new file gets its tables from ``schema.sql``, for which nothing need be loaded; a test compares that with what the
    migrations make.
    """
    if database.kind == "sqlite":
        Path(database.address).parent.mkdir(parents=True, exist_ok=True)
    if database.version() == VERSION:
        return
    with database.migrating():
        found = database.version()
        if found == VERSION:
            return
        if found is None and database.kind == "sqlite":
            with database.transaction() as cursor:
                cursor.executescript((MIGRATIONS / "schema.sql").read_text(encoding="utf-8"))
            return
        from kompasbot.records.database import migrate

        migrate(database)


def _open_file(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=WAIT_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _dial(url: str, patience: float) -> Any:
    from psycopg.conninfo import conninfo_to_dict

    from kompasbot.records.patience import PatientConnection

    given = conninfo_to_dict(url).get("options") or ""
    limit = f"{patience * 1000:.0f}"
    connection = PatientConnection.connect(
        url,
        connect_timeout=SERVER_SECONDS,
        options=f"{given} -c statement_timeout={limit} -c lock_timeout={limit}".strip(),
        application_name="kompasbot",
    )
    connection.patience = patience + 1  # the server's own limit comes first, which says what was too slow
    return connection
