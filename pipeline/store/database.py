"""The one way to Postgres: transactions of a tenant, and the narrow ones that cross tenants."""

import math
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, Row, create_engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pipeline.domain.clock import BusinessClock
from pipeline.domain.errors import Collision, NotKnown, TryLater
from pipeline.store.arrays import array, wired
from pipeline.store.crypto import Keyring, TenantKeys

_COLLISIONS = {"40001", "40P01"}
"""Serialisation failure, deadlock: Postgres let the other one through, and this one may try at once."""
_READ_ONLY = "25006"
"""The server takes no writes: it became a standby, and the primary is another one."""
_RETRYABLE = {"55P03", "57P01", "57P02", "57P03", "57014", "53300", _READ_ONLY}
"""Lock not available, shutdowns, cancelled, too many connections, no primary any more."""


_IDLE_S = 1.0
"""A connection that has rested longer is asked whether it still stands before anybody works on it. Asking costs as much
as a small statement; one that was used a moment ago and is cut tells so with its first statement."""

_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A server that is gone without a word is noticed within a minute."""


class Queries:
    """Statements on one open transaction. Rows come back as named tuples."""

    __slots__ = ("cx",)

    def __init__(self, cx: Connection) -> None:
        self.cx = cx

    def rows(self, statement: str, **parameters: Any) -> Sequence[Row[Any]]:
        return self.cx.exec_driver_sql(_for_driver(statement), wired(parameters)).all()

    def first(self, statement: str, **parameters: Any) -> Row[Any] | None:
        return self.cx.exec_driver_sql(_for_driver(statement), wired(parameters)).first()

    def value(self, statement: str, **parameters: Any) -> Any:
        return self.cx.exec_driver_sql(_for_driver(statement), wired(parameters)).scalar()

    def run(self, statement: str, **parameters: Any) -> int:
        """The number of rows the statement touched."""
        return int(self.cx.exec_driver_sql(_for_driver(statement), wired(parameters)).rowcount)


@lru_cache(maxsize=1024)
def _for_driver(statement: str) -> str:
    """`:name` as the driver spells it. Our statements are text already: compiling them again costs more than sending."""
    return re.sub(r"(?<![:\w]):([a-z]\w*)", r"%(\1)s", statement.replace("%", "%%"))


class Tenant(Queries):
    """An open transaction that sees one tenant, with its keys, the actor its history rows name, and business time."""

    __slots__ = ("actor", "clock", "keys", "org_id")

    def __init__(self, cx: Connection, keys: TenantKeys, actor: str, clock: BusinessClock) -> None:
        super().__init__(cx)
        self.keys = keys
        self.org_id = keys.org_id
        self.actor = actor
        self.clock = clock

    def ids(self, table: str, count: int) -> list[int]:
        """New row ids, taken before the rows exist because sealing binds a value to its row."""
        told = self.value(
            "SELECT string_agg(CAST(nextval(CAST(:s AS regclass)) AS text), ',') FROM generate_series(1, :n)",
            s=f"{table}_id_seq",
            n=count,
        )
        return list(map(int, told.split(","))) if told else []

    def insert(self, table: str, columns: Mapping[str, tuple[str, Sequence[Any]]], conflict: str = "") -> int:
        """One INSERT … SELECT FROM unnest of named columns, each (array type, values); `org_id` is ours."""
        names = list(columns)
        arrays = ", ".join(f"CAST(:{name} AS {columns[name][0]}[])" for name in names)
        return self.run(
            f"INSERT INTO {table} (org_id, {', '.join(names)})"  # noqa: S608 - names are our own literals
            f" SELECT :org, * FROM unnest({arrays}) {conflict}",
            org=self.org_id,
            **{name: array(*columns[name]) for name in names},
        )


class Database:
    """Engine, key ring and the keys of the tenants met so far. One a process: never carried over a fork."""

    def __init__(
        self,
        url: str,
        keyring: Keyring,
        *,
        pool_size: int = 5,
        statement_timeout_s: float = 60,
        lock_timeout_s: float = 10,
        idle_timeout_s: float = 120,
        clock: BusinessClock | None = None,
    ) -> None:
        self.keyring = keyring
        self._clock = clock or BusinessClock()
        self._url = url
        self._pool_size = pool_size
        self._options = (
            f"-c statement_timeout={int(statement_timeout_s * 1000)} -c lock_timeout={int(lock_timeout_s * 1000)}"
            # A process that falls silent in mid-transaction, frozen or cut off, must not keep its locks for ever.
            f" -c idle_in_transaction_session_timeout={int(idle_timeout_s * 1000)}"
            # Work is found by key in pages that are cached: a look-up costs about what the next page of a scan does.
            " -c timezone=UTC -c random_page_cost=1.1 -c jit=off"
        )
        self._keys: dict[int, TenantKeys] = {}
        self._engine_of: tuple[int, Engine] | None = None

    @property
    def engine(self) -> Engine:
        pid = os.getpid()
        if self._engine_of is None or self._engine_of[0] != pid:
            if self._engine_of is not None:
                self._engine_of[1].dispose(close=False)  # the parent's sockets stay the parent's
            engine = create_engine(
                self._url,
                pool_size=self._pool_size,
                max_overflow=self._pool_size,
                hide_parameters=True,  # an error's text may be logged
                connect_args={"options": self._options, "connect_timeout": 5, **_KEEPALIVES},
            )
            event.listen(engine, "checkin", _rests)
            event.listen(engine, "checkout", _stands)
            self._engine_of = (pid, engine)
        return self._engine_of[1]

    @contextmanager
    def narrow(self) -> Iterator[Queries]:
        """A transaction that sees no tenant's rows: only the tables in `models.NARROW`."""
        with _outages(self.dispose), self.engine.begin() as cx:
            yield Queries(cx)

    @contextmanager
    def tenant(self, org_id: int, actor: str, *, snapshot: bool = False) -> Iterator[Tenant]:
        """One transaction as one tenant. Commits at the end of the block; any exception rolls it back.

        With `snapshot` all its statements see the same moment (repeatable read): for reports, not for work.
        Raises TryLater for outages and time-outs, its Collision for deadlocks and the like: whether a commit that was under way took effect is
        then unknown, and whoever comes next finds out from the rows.
        """
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ") if snapshot else self.engine
        with _outages(self.dispose), engine.begin() as cx:
            cx.execute(text("SELECT set_config('app.org_id', :org, true)"), {"org": str(org_id)})
            yield Tenant(cx, self._keys_of(cx, org_id), actor, self._clock)

    def _keys_of(self, cx: Connection, org_id: int) -> TenantKeys:
        keys = self._keys.get(org_id)
        if keys is None:
            row = cx.execute(
                text("SELECT data_key, index_key, wrapping_key_id, index_key_id FROM tenant WHERE org_id = :org"),
                {"org": org_id},
            ).first()
            if row is None:
                raise NotKnown(f"there is no tenant {org_id}")
            keys = self._keys[org_id] = TenantKeys(
                org_id,
                self.keyring.unwrap(org_id, "data key", bytes(row.data_key), row.wrapping_key_id),
                self.keyring.unwrap(org_id, "index key", bytes(row.index_key), row.wrapping_key_id),
                row.index_key_id,
            )
        return keys

    def ping(self) -> None:
        """Raises TryLater when the database does not answer."""
        with self.narrow() as tx:
            tx.value("SELECT 1")

    def dispose(self) -> None:
        if self._engine_of is not None:
            self._engine_of[1].dispose(close=self._engine_of[0] == os.getpid())
            self._engine_of = None


def _rests(_cx: Any, record: Any) -> None:
    record.info["since"] = time.monotonic()


def _stands(cx: Any, record: Any, _proxy: Any) -> None:
    """The pool makes another connection in place of one that fell while it rested."""
    if time.monotonic() - record.info.get("since", math.inf) < _IDLE_S:
        return
    try:
        cx.execute("SELECT 1")
        cx.rollback()
    except psycopg.OperationalError:
        raise DisconnectionError from None


@contextmanager
def as_owner(url: str) -> Iterator[Queries]:
    """One transaction as the owner role, who stands above row-level security. TryLater for outages and lock time-outs."""
    engine = create_engine(url, hide_parameters=True, connect_args={"connect_timeout": 5})
    try:
        with _outages(engine.dispose), engine.begin() as cx:
            yield Queries(cx)
    finally:
        engine.dispose()


@contextmanager
def _outages(forget: Callable[[], None]) -> Iterator[None]:
    """The driver's errors as ours. ``forget`` drops the pool: its connections lead to a server that is no primary now."""
    try:
        yield
    except PoolTimeout:
        raise TryLater("database: all connections of this process are in use") from None
    except DBAPIError as error:
        code = getattr(error.orig, "sqlstate", None)
        if code == _READ_ONLY:
            forget()
        if code in _COLLISIONS:
            raise Collision(f"database: {type(error.orig).__name__} {code}") from None
        if isinstance(error, OperationalError) or error.connection_invalidated or code in _RETRYABLE:
            # Never the driver's text: it may quote a row.
            raise TryLater(f"database: {type(error.orig).__name__} {code or 'connection lost'}") from None
        raise
