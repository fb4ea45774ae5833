"""Databases for the store: SQLite, and a PostgreSQL server of our own where its programs are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine, text

from repair.glossary.store.store import Store, open_store

_NOBODY = ("postgres", "nobody")  # whom the server may run as where the tests run as root


def _program(name: str) -> str | None:
    """A program of the server; Debian keeps them out of the path."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(kept[-1]) if kept else None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server that is started for the tests, reached through a socket in its folder."""
    initdb, pg_ctl = _program("initdb"), _program("pg_ctl")
    if not initdb or not pg_ctl:
        pytest.skip("no PostgreSQL here: initdb and pg_ctl are not installed")
    pytest.importorskip("psycopg")
    user = None
    if os.geteuid() == 0:  # the server refuses to run as root
        user = next((u.pw_name for u in pwd.getpwall() if u.pw_name in _NOBODY), None)
        if user is None:
            pytest.skip("no PostgreSQL here: the tests run as root, and there is no other user to run the server as")
    with TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)

        def call(*command: str) -> None:
            subprocess.run(command, check=True, user=user, cwd=folder, env={**os.environ, "HOME": name}, timeout=120,
                           capture_output=True, stdin=subprocess.DEVNULL)  # fmt: skip

        data = str(folder / "data")
        call(initdb, "-D", data, "-U", "editor", "-A", "trust", "-E", "UTF8", "--no-locale")
        options = f"-k {name} -c listen_addresses=''"
        call(pg_ctl, "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield f"postgresql+psycopg://editor@/postgres?host={name}"
        finally:
            call(pg_ctl, "-D", data, "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each sort, as `--db` names it."""
    if request.param == "sqlite":
        yield str(tmp_path / "glossary.db")
        return
    server = request.getfixturevalue("postgres")
    name = f"test_{abs(hash(tmp_path))}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    opened = open_store(database)
    yield opened
    opened.close()
