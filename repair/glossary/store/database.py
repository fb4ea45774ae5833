"""Where the glossary lives: an engine for SQLite or PostgreSQL, and its tables brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from repair.errors import ResourceError

MIGRATIONS = Path(__file__).parent / "migrations"
_WAIT = 60_000  # milliseconds that a writer waits for the others before it gives up
_LOCK = 7_263_481  # any number of our own: PostgreSQL's lock for those who make the tables


def open_engine(where: str) -> Engine:
    """An engine for a SQLite file or for a URL such as `postgresql://user@host/glossary`; its tables are made or moved
    on to the newest form.

    Raises ResourceError where the database cannot be reached, or was made by a later version.
    """
    try:
        url = make_url(where if "://" in where else f"sqlite:///{where}")
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare)
            event.listen(engine, "begin", _begin)
        upgrade(engine)
    except ModuleNotFoundError as error:
        raise ResourceError(f"{where}: {error}; run: pip install 'mt-repair[postgres]'") from error
    except (SQLAlchemyError, ArgumentError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise ResourceError(f"{where}: cannot open the glossary: {reason}; check path or URL (--db)") from error
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine; its transactions take SQLite's lock for writers at once, so that none has to be tried twice."""
    return engine.execution_options(immediate=True)


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date; of several processes that try at once, one does it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if _revision(connection) == newest:
            return
    with writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _revision(connection) != newest:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise ResourceError(f"the glossary was made by a later version: {error}; install it") from error


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    # the time to wait first: changing to WAL needs a lock as well
    for pragma in (f"busy_timeout={_WAIT}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
