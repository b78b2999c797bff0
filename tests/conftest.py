"""Real servers for every test that needs them: one Postgres and one Valkey a run, an empty database a test."""

import base64
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import structlog
from psycopg import sql

from local.postgres import plain_url
from local.servers import Servers, drop_scratch_database, embedded, scratch_database
from pipeline.bootstrap import Product, build
from pipeline.domain.mailbox import BankProfile, ClearinghouseProfile, Connection, Mode
from pipeline.domain.provider import BillingProviderFacts
from pipeline.services import setup
from pipeline.settings import Settings
from pipeline.store import migrate
from pipeline.store.models import metadata
from transport.memory import MemoryMailbox

ROOT = Path(__file__).resolve().parent.parent
KEY = "test:" + base64.b64encode(bytes(range(32))).decode()
TODAY = date(2026, 11, 20)
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command writes its log to the standard error of its test, which is closed afterwards."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with embedded(tmp_path_factory.mktemp("s") / "var") as running:
        yield running


@pytest.fixture(scope="session")
def migrated(servers: Servers) -> tuple[str, str]:
    """Owner and app URL of a database at the head of the migrations: the mould of each test's own."""
    owner, app = scratch_database(servers, "mould")
    migrate.upgrade(owner, app)
    return owner, app


@pytest.fixture(scope="session")
def emptied() -> dict[str, int]:
    """Databases that tests have left behind, empty again: object id by name."""
    return {}


@pytest.fixture
def database_urls(servers: Servers, migrated: tuple[str, str], emptied: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Owner and app URL of an empty migrated database of this test's own: one emptied is far quicker than one made."""
    name, oid = emptied.popitem() if emptied else _made(servers)
    owner, app = (url.replace("/mould", f"/{name}") for url in migrated)
    yield owner, app
    if _emptied(servers, name, oid):
        emptied[name] = oid
    else:
        drop_scratch_database(servers, name)


@pytest.fixture
def thrown_away(servers: Servers, migrated: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The same for tests that make or drop parts of tables: nobody gets it after them."""
    name, _ = _made(servers)
    owner, app = (url.replace("/mould", f"/{name}") for url in migrated)
    yield owner, app
    drop_scratch_database(servers, name)


def _made(servers: Servers) -> tuple[str, int]:
    name = f"test_{next(_numbers)}"
    owner = sql.Identifier(urlsplit(servers.database_owner_url).username or "")
    with psycopg.connect(plain_url(servers.database_admin_url), autocommit=True) as cx:
        cx.execute(sql.SQL("CREATE DATABASE {} TEMPLATE mould OWNER {}").format(sql.Identifier(name), owner))
        row = cx.execute("SELECT oid FROM pg_database WHERE datname = %s", [name]).fetchone()
        assert row is not None
        return name, row[0]


def _emptied(servers: Servers, name: str, oid: int) -> bool:
    """Whether the database is as good as new: nobody connected, no rows, every sequence at its start."""
    tables = ", ".join(f"('{table.name}')" for table in metadata.sorted_tables)
    try:
        with psycopg.connect(plain_url(servers.database_admin_url), dbname=name) as cx:
            if cx.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone() != (oid,):
                return False
            cx.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            cx.execute("SET LOCAL session_replication_role = replica")  # no order among the tables
            cx.execute(
                "DO $$ DECLARE name text; BEGIN"
                f" FOR name IN SELECT * FROM (VALUES {tables}) AS t LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;"
                " PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'; END $$"
            )
    except psycopg.Error:
        return False
    return True


@pytest.fixture
def settings(database_urls: tuple[str, str], servers: Servers, tmp_path: Path) -> Settings:
    owner, app = database_urls
    return Settings(
        DATABASE_URL=app, DATABASE_OWNER_URL=owner, REDIS_URL=servers.redis_url, keys=KEY, clock_file=tmp_path / "clock"
    )


class Outside:
    """The world outside as memory: one mailbox a user name, with the folders that the profiles name."""

    def __init__(self) -> None:
        self.mailboxes: dict[str, MemoryMailbox] = {}

    def __getitem__(self, username: str) -> MemoryMailbox:
        return self.mailboxes.setdefault(username, MemoryMailbox(folders=("inbound", "outbound", "staging")))

    @contextmanager
    def __call__(self, connection: Connection) -> Iterator[MemoryMailbox]:
        yield self[connection.username]


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def product(settings: Settings, outside: Outside) -> Iterator[Product]:
    """The product on real Postgres, with partners in memory and no bell."""
    built = build(settings)
    built = Product(built.settings, replace(built.context, outside=outside))
    yield built
    built.close()


@pytest.fixture
def org(product: Product) -> int:
    """A tenant with a billing provider, a clearinghouse and a bank mailbox in test mode, a preparer, two approvers."""
    return add_tenant(product, "county-ems")


@pytest.fixture
def neighbour(product: Product) -> int:
    """Another tenant in the same database."""
    return add_tenant(product, "river-ems")


def add_tenant(product: Product, slug: str) -> int:
    ctx = product.context
    org_id = setup.create_tenant(ctx, slug, "Invented County EMS", approval_limit_cents=50_000)
    provider = json.loads((ROOT / "examples" / "provider.json").read_text())
    setup.add_providers(ctx, org_id, "test", [BillingProviderFacts.model_validate_json(json.dumps(provider))])
    setup.add_people(
        ctx, org_id, "test", {"ana": ["preparer"], "ben": ["approver"], "cleo": ["approver"], "bill": ["biller"]}
    )
    setup.put_mailbox(ctx, org_id, "test", "clearinghouse", Mode.TEST, clearinghouse(slug))
    setup.put_mailbox(ctx, org_id, "test", "bank", Mode.TEST, bank(slug))
    return org_id


def _connection(user: str) -> Connection:
    return Connection(host="127.0.0.1", port=1, username=user, password="invented", host_key="ssh-ed25519 AAAA")


def clearinghouse(slug: str, **changes: object) -> ClearinghouseProfile:
    return ClearinghouseProfile(
        connection=_connection("oa"),
        upload_folder="inbound",
        staging_folder="staging",
        pickup_folder="outbound",
        poll_interval_s=1,
        sender_id=f"SUB{slug[:8].upper()}",
        group_sender="INVEMS",
        submitter_name="INVENTED COUNTY EMS",
        submitter_id="INVEMS",
        contact_name="BILLING OFFICE",
        contact_phone="5555550100",
        **changes,
    )


def bank(slug: str, **changes: object) -> BankProfile:
    return BankProfile(
        connection=_connection("bank"),
        upload_folder="inbound",
        staging_folder="staging",
        pickup_folder="outbound",
        poll_interval_s=1,
        destination="091000019",
        destination_name="INVENTED BANK",
        origin="1999999999",
        origin_name="INVENTED COUNTY EMS",
        odfi="09100001",
        company_name="INVENTED EMS",
        company_id="1999999999",
        **changes,
    )


@pytest.fixture
def claim_document() -> Callable[..., bytes]:
    """An example claim as JSON, changed at the top level: `claim_document(external_id="x")`."""

    def make(name: str = "office_visit", **changes: object) -> bytes:
        files = sorted((ROOT / "examples" / "claims").glob(f"*{name}*.json"))
        return json.dumps({**json.loads(files[0].read_text()), **changes}).encode()

    return make
