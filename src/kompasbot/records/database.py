"""The database as SQLAlchemy sees it, and the migrations that bring its tables up to date."""

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from kompasbot.errors import RecordsFailure
from kompasbot.records.connecting import MIGRATIONS, Database, bring_up

if TYPE_CHECKING:
    from alembic.config import Config

_DIALECTS: Final = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}
_MIGRATION_SECONDS: Final = 60
_POSTGRES_LOCK: Final = 7_305_520_011  # any number, the same for every replica


def open_database(database: Database) -> Engine:
    """The engine of a database, with its tables up to date."""
    bring_up(database)
    return engine_of(database)


def engine_of(database: Database, patience: float | None = None) -> Engine:
    """An engine that connects anew for every transaction: records are few, and a server that was away is found.

    What a visitor wrote stays out of the messages of errors.
    """
    return create_engine(
        _DIALECTS[database.kind],
        creator=lambda: database.connect(patience),
        poolclass=NullPool,
        hide_parameters=True,
    )


def migrate(database: Database) -> None:
    """Bring the tables up to date; replicas that start together wait for one another."""
    from alembic import command
    from alembic.util import CommandError

    engine = engine_of(database, _MIGRATION_SECONDS)
    try:
        with engine.begin() as connection:
            if database.kind == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
            command.upgrade(configuration(connection), "head")
    except CommandError as error:
        raise RecordsFailure(
            "De database is van een nieuwere versie van kompasbot.",
            "Zet de nieuwste versie van kompasbot op deze machine, of een reservekopie van de database terug.",
        ) from error
    finally:
        engine.dispose()


def configuration(connection: Connection) -> "Config":
    """Alembic's configuration for one connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
