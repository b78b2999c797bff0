"""The command line as people call it."""

from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from pipeline.cli import app, session

ROOT_VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CLAIMRAIL_KEYS")


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """No settings at all, and a folder without `.env`."""
    for name in ROOT_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=None):
        result = CliRunner().invoke(app, list(arguments), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def cli(bare, product, monkeypatch):
    """The command line on the test's own product (real Postgres, partners in memory)."""

    @contextmanager
    def own(*, ring=False):
        session.quiet()
        yield product

    monkeypatch.setattr(session, "product", own)
    monkeypatch.setattr("pipeline.cli.system.product", own)
    return bare


@pytest.fixture
def run(cli, org):
    return cli


@pytest.fixture
def claim_file(tmp_path, claim_document):
    def make(name="claims.json", text=None, **changes):
        path = tmp_path / name
        path.write_bytes(claim_document(**changes) if text is None else text)
        return str(path)

    return make


@pytest.fixture
def surroundings(monkeypatch, settings):
    """The test's own servers by their variables, as in production."""
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("DATABASE_OWNER_URL", settings.owner_url)
    monkeypatch.setenv("REDIS_URL", settings.redis_url.get_secret_value())
    monkeypatch.setenv("CLAIMRAIL_KEYS", settings.keys.get_secret_value())
