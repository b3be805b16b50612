"""Opens the database and brings its tables up to date; SQLite by default, PostgreSQL by URL."""

import re
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, text

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_WAIT_SECONDS: Final = 5  # for a lock or a place in the pool
_CONNECT_SECONDS: Final = 2
_SERVER_SECONDS: Final = 3  # for each answer of a server
_MIGRATION_SECONDS: Final = 60
_POSTGRES_LOCK: Final = 7_305_520_011  # any number, the same for every replica


def open_database(url: str | None, folder: Path) -> Engine:
    """The engine of ``url``, by default a SQLite file in ``folder``, with its tables up to date."""
    if url is None:
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / 'records.db'}"
    engine = _sqlite(url) if url.startswith("sqlite") else _server(url)
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    with FileLock(f"{path}.lock", timeout=_MIGRATION_SECONDS) if path else nullcontext(), engine.begin() as connection:
        _migrate(connection)
    return engine


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for one connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _migrate(connection: Connection) -> None:
    """Bring the tables up to date; replicas that start together wait for one another."""
    if connection.dialect.name != "postgresql":
        command.upgrade(configuration(connection), "head")
        return
    driver: Any = connection.connection.driver_connection
    usual, driver.patience = driver.patience, float(_MIGRATION_SECONDS)
    try:
        connection.execute(text(f"SET LOCAL statement_timeout = {_MIGRATION_SECONDS * 1000}"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
        command.upgrade(configuration(connection), "head")
    finally:
        driver.patience = usual


def _server(url: str) -> Engine:
    from kompasbot.records.patience import connect

    with_driver = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
    engine = create_engine(
        with_driver,
        pool_pre_ping=True,
        pool_timeout=_SERVER_SECONDS,
        hide_parameters=True,  # an error in the log must not hold what a visitor wrote
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": f"-c statement_timeout={_SERVER_SECONDS * 1000}"},
    )
    event.listen(engine, "do_connect", connect)
    return engine


def _sqlite(url: str) -> Engine:
    waits = {"timeout": _WAIT_SECONDS}
    engine = create_engine(url, connect_args=waits, pool_timeout=_WAIT_SECONDS, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute(f"PRAGMA busy_timeout={_WAIT_SECONDS * 1000}")
    cursor.close()
