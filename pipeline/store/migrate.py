"""Brings the schema to the head, as the owner role; the app role never may."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url

from pipeline.store import months
from pipeline.store.database import Queries

_MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: Connection | None = None, app_role: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["app_role"] = app_role
    return config


def upgrade(owner_url: str, app_url: str, revision: str = "head") -> None:
    """Migrates up; the user name in `app_url` is the role that gets the app's rights. Two at once: one waits.

    At the head the months ahead are made too, so that whoever migrates regularly needs nothing else.
    """
    with _alone(owner_url) as cx:
        command.upgrade(_config(cx, make_url(app_url).username or ""), revision)
        if revision == "head":
            months.make(Queries(cx))


def downgrade(owner_url: str, app_url: str, revision: str) -> None:
    """Migrates down; data of what goes are lost."""
    with _alone(owner_url) as cx:
        command.downgrade(_config(cx, make_url(app_url).username or ""), revision)


@contextmanager
def _alone(owner_url: str) -> Iterator[Connection]:
    """The owner's connection while no other migrates this database; commits at the end."""
    engine = create_engine(owner_url)
    try:
        with engine.connect() as cx:
            cx.exec_driver_sql("SELECT pg_advisory_lock(4823001)")
            cx.commit()
            try:
                yield cx
                cx.commit()
            finally:
                cx.rollback()
                cx.exec_driver_sql("SELECT pg_advisory_unlock(4823001)")
                cx.commit()
    finally:
        engine.dispose()


def head() -> str:
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
