"""The database and the broker of one machine: those given by URL, else embedded ones under `var/`.

Nothing in the product knows the difference; it gets three URLs.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from local.postgres import DATABASE, create_database, drop_database, postgres
from local.valkey import client_url, valkey


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the database and the broker are.

    `database_owner_url` migrates, `database_url` works (both SQLAlchemy), `database_admin_url` may create databases,
    `redis_url` is Celery's, `redis_client_url` redis-py's. Pids are None for servers that were given by URL.
    """

    database_owner_url: str
    database_url: str
    database_admin_url: str
    redis_url: str
    postgres_pid: int | None = None
    valkey_pid: int | None = None
    owned: bool = False

    @property
    def redis_client_url(self) -> str:
        """The broker's URL as redis-py spells it."""
        return client_url(self.redis_url)

    def environment(self) -> dict[str, str]:
        """The product's variables for these servers."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
        }


@contextmanager
def embedded(var: Path, environ: Mapping[str, str] = os.environ) -> Iterator[Servers]:
    """Both servers for the length of the block, data kept under `var`.

    A server whose DATABASE_URL or REDIS_URL stands in `environ` is used as it is. One that another process runs on
    the same `var` is attached to, and ends with that process; else it is started here and stopped at the end, or by
    the kernel should this process be killed. Start it from a thread that lives as long as the servers should.
    Raises ServerError with a cure.
    """
    with ExitStack() as stack:
        found: dict[str, str] = {}
        postgres_pid = valkey_pid = None
        owned = False
        if url := environ.get("DATABASE_URL"):
            owner = environ.get("DATABASE_OWNER_URL") or url
            found |= {"database_url": url, "database_owner_url": owner}
            found["database_admin_url"] = environ.get("DATABASE_ADMIN_URL") or owner
        else:
            database = stack.enter_context(postgres(var))
            found |= {"database_url": database.app_url, "database_owner_url": database.owner_url}
            found["database_admin_url"] = database.admin_url
            postgres_pid, owned = database.pid, database.owned
        if url := environ.get("REDIS_URL"):
            found["redis_url"] = url
        else:
            broker = stack.enter_context(valkey(var))
            found["redis_url"] = broker.url
            valkey_pid, owned = broker.pid, owned or broker.owned
        yield Servers(**found, postgres_pid=postgres_pid, valkey_pid=valkey_pid, owned=owned)


def scratch_database(servers: Servers, name: str) -> tuple[str, str]:
    """An empty database `name` of the owner's: (owner URL, app URL). One that exists is dropped first.

    With a server given by URL, the role of DATABASE_ADMIN_URL (else of the owner) must be allowed to create databases.
    """
    owner_role = urlsplit(servers.database_owner_url).username or ""
    create_database(servers.database_admin_url, name, owner_role)
    return _renamed(servers.database_owner_url, name), _renamed(servers.database_url, name)


def drop_scratch_database(servers: Servers, name: str) -> None:
    """Drop what `scratch_database` made, with whoever is connected. The product's own database is refused (ValueError)."""
    if name == DATABASE:
        raise ValueError("the product's database is not a scratch one")
    drop_database(servers.database_admin_url, name)


def _renamed(url: str, name: str) -> str:
    # urlunsplit drops the empty host of a socket URL, so only the path between is replaced.
    parts = urlsplit(url)
    head = f"{parts.scheme}://{parts.netloc}"
    return urlunsplit(("", "", head, "", "")) + f"/{name}" + (f"?{parts.query}" if parts.query else "")
