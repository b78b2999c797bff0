"""The system under test: its own Postgres and Valkey, which can be restarted, wires before both, and real processes.

It is booted once and emptied between runs. Counters and what was set up stay, so that numbers go on rising and the
outside, which remembers them, need not be started anew.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import psycopg
import redis
from celery import Celery

from local.postgres import APP, DATABASE, OWNER, create_database, database_url, plain_url, postgres
from local.servers import Servers
from local.spawn import kill_session, tail, wait_until
from local.valkey import valkey
from local.whole import Plan, Whole, whole
from pipeline.bootstrap import build
from pipeline.settings import Settings
from pipeline.store.models import metadata
from sandbox.config import Delays
from tests.chaos.wire import Wire, carried, postgres_requests, redis_requests

WORKERS = ("worker-1", "worker-2")
BEATS = ("beat-1", "beat-2")
SET_UP = {
    "org",
    "tenant",
    "installation",
    "mailbox",
    "billing_provider",
    "principal",
    "counter",
    "exchange_counter",
    "retention",
}
PLAN = Plan(
    workers=len(WORKERS),
    beats=len(BEATS),
    delays=replace(Delays.none(), correction_s=7200),
    judge_fraction=0.1,
    sandbox_poll_s=0.05,
    poll_interval_s=0.2,
    sweep_interval_s=0.3,
    claims_per_file=12,
    flow={
        "lot_size": 14,
        "lease_s": 1.0,
        "transfer_lease_s": 1.6,
        "retry_base_s": 0.2,
        "retry_ceiling_s": 1.0,
        "login_backoff_s": 0.6,
        "release_delay_s": 0.3,
        "connect_timeout_s": 3,
        "io_timeout_s": 5,
    },
)


class Restartable:
    """A server that can be ended and started again at the same place."""

    def __init__(self, start: Callable[[], AbstractContextManager[Any]]) -> None:
        self._start = start
        self._stack = ExitStack()
        self.now: Any = None

    def __enter__(self) -> Self:
        self.now = self._stack.enter_context(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def again(self) -> None:
        self._stack.close()
        self.now = self._stack.enter_context(self._start())


@dataclass(slots=True)
class Bed:
    """What faults act on. `running` speaks to the servers directly, the processes through the wires."""

    var: Path
    database: Restartable
    broker: Restartable
    to_postgres: Wire
    to_valkey: Wire
    running: Whole
    direct_broker_url: str
    clocks: dict[str, Path]
    orphans: list[int] = field(default_factory=list)
    asked: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)

    @property
    def system(self):
        return self.running.system

    def valkey(self) -> "redis.Redis":
        return redis.Redis.from_url(self.direct_broker_url, socket_timeout=5)

    def admin(self) -> "psycopg.Connection":
        return psycopg.connect(plain_url(self.database.now.admin_url), dbname=DATABASE, autocommit=True)

    def await_postgres(self) -> None:
        assert wait_until(self._answers, 30)

    def _answers(self) -> bool:
        with suppress(psycopg.Error), self.admin():
            return True
        return False

    def note(self, text: str) -> None:
        """A line in the harness's own log, which is kept with those of a run that failed."""
        now = datetime.now(UTC)
        with (self.running.home / "log" / "chaos.log").open("a") as file:
            file.write(f"{now:%H:%M:%S}.{now.microsecond // 1000:03d} {text}\n")

    def start_ended(self) -> None:
        """What a supervisor does: a process that ended by itself is started again. RuntimeError for one of the outside."""
        for name, process in list(self.system.processes.items()):
            if not process.running and name not in WORKERS + BEATS:
                raise RuntimeError(f"{name} ended by itself: {tail(process.log)}")
            if not process.running:
                self.ended.append(f"{name} ended with exit code {process.popen.returncode}:{tail(process.log)}")
                self.note(self.ended[-1])
                self.start_worker(name) if name in WORKERS else self.system.start_beat(name)

    def start_worker(self, name: str) -> None:
        clock = {"CLAIMRAIL_CLOCK_FILE": str(self.clocks[name])}
        self.system.start_worker(concurrency=2, name=name, wait=False, env=clock)

    def start(self) -> None:
        for name in WORKERS:
            self.start_worker(name)
        for name in BEATS:
            self.system.start_beat(name)
        for name in WORKERS:
            self.system.wait_for_output(name, r"\S+@\S+ ready")

    def step_clock(self, seconds: int, names: tuple[str, ...] = WORKERS) -> None:
        """Sets workers' clocks to the shared one and so much more."""
        offset = self.running.product.context.clock.offset_s()
        for name in names:
            path = self.clocks[name]
            fresh = path.with_suffix(".new")
            fresh.write_text(str(offset + seconds))
            fresh.replace(path)

    def misbehave(self, who: object, how: Mapping[str, Any] | None = None) -> None:
        """Tells the sandbox what one fault asks of it, beside what others do; None: no more."""
        self.asked.pop(id(who), None)
        if how is not None:
            self.asked[id(who)] = how
        told: dict[str, Any] = {}
        for one in self.asked.values():
            for key, value in one.items():
                told[key] = _both(told.get(key), value)
        path = self.running.sandbox_root / "control.json"
        fresh = path.with_name(".control.new")
        fresh.write_text(json.dumps(told))
        fresh.replace(path)

    def logs(self) -> list[Path]:
        """What our processes and servers write; the sandbox is the outside."""
        every = [*(self.running.home / "log").glob("*.log"), *(self.var / "log").glob("*.log")]
        return [path for path in every if not path.name.startswith("sandbox")]

    def empty(self) -> None:
        """Forgets the last run: rows, messages, files, journals, logs. Business time goes on, past the last file's minute."""
        self.asked.clear()
        self.misbehave(self)
        self.to_postgres.traps.clear()
        self.to_valkey.traps.clear()
        for path in self.logs():
            os.truncate(path, 0)
        root = self.running.sandbox_root
        for folder in (*root.glob("oa/*"), *root.glob("bank/*"), root / "pending"):
            for path in folder.iterdir():
                path.unlink(missing_ok=True)
        self.running.journal.unlink(missing_ok=True)
        self._empty_database()  # after the folders: a poll that still lists them must not take a file in again
        with self.valkey() as client:
            client.flushall()
        self.to_valkey.sent.clear()
        self.running.product.context.clock.advance(120)
        self.step_clock(0)

    def _empty_database(self) -> None:
        tables = ", ".join(f"('{table.name}')" for table in metadata.sorted_tables if table.name not in SET_UP)
        with self.admin() as cx, cx.transaction():
            cx.execute("SET LOCAL session_replication_role = replica")  # no order among the tables
            cx.execute(
                f"DO $$ DECLARE name text; BEGIN FOR name IN SELECT * FROM (VALUES {tables}) AS t"
                " LOOP EXECUTE format('DELETE FROM %I', name) ; END LOOP; END $$"
            )
            cx.execute(
                "UPDATE mailbox SET paused_until = NULL, pause_reason = NULL, failures = 0, lease_until = NULL,"
                " last_sent_at = NULL, pace_until = NULL, bundling_pause = NULL"
            )
            # What polls the mailboxes and watches what waits is work like any other.
            cx.execute(
                "INSERT INTO due_work (stage, subject_id, org_id, due_at) SELECT 'poll', id, org_id, now() FROM mailbox ON CONFLICT DO NOTHING"
            )
            cx.execute(
                "INSERT INTO due_work (stage, subject_id, org_id, due_at) SELECT 'watch', org_id, org_id, now() FROM org ON CONFLICT DO NOTHING"
            )


def _both(one: Any, other: Any) -> Any:
    """What two faults ask of the same key."""
    if isinstance(other, dict):
        return {**(one or {}), **other}
    return [*(one or []), *other] if isinstance(other, list) else other


@contextmanager
def booted(var: Path) -> Iterator[Bed]:
    """The whole system, empty, its workers consuming. Start it from the main thread."""
    var = var.absolute()
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    with ExitStack() as stack:
        sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wires-")))
        database = stack.enter_context(Restartable(lambda: postgres(var)))
        broker = stack.enter_context(Restartable(lambda: valkey(var)))
        create_database(database.now.admin_url, DATABASE, OWNER)
        folder = Path(plain_path(database.now.app_url))
        to_postgres = Wire(sockets / ".s.PGSQL.5432", folder / ".s.PGSQL.5432", postgres_requests)
        to_valkey = Wire(sockets / "valkey.sock", Path(plain_path(broker.now.client_url)), redis_requests, record=True)
        stack.enter_context(carried(to_postgres, to_valkey))
        servers = Servers(
            database_owner_url=database.now.owner_url,
            database_url=database_url(sockets, APP),
            database_admin_url=database.now.admin_url,
            redis_url=f"redis+socket://{to_valkey.listen}?virtual_host=0",
            owned=True,
        )
        urls = servers.database_owner_url, servers.database_url
        running = stack.enter_context(whole(var, servers, PLAN, urls, home=var / "run"))
        from tasks.app import app
        from tasks.ring import ring

        # The harness rings past the wires: it must not wait at one that it has frozen itself.
        stack.callback(_move, app, app.conf.broker_url)
        _move(app, broker.now.url)
        mine = build(Settings(DATABASE_URL=database.now.app_url), ring=ring)
        stack.callback(mine.close)
        running = replace(running, product=mine)
        clocks = {name: var / f"clock-{name}" for name in WORKERS}
        bed = Bed(var, database, broker, to_postgres, to_valkey, running, broker.now.client_url, clocks)
        stack.callback(lambda: [kill_session(pid) for pid in bed.orphans])
        bed.step_clock(0)
        bed.start()
        yield bed


def _move(app: Celery, url: str) -> None:
    app.conf.broker_url = url
    app._after_fork()


def plain_path(url: str) -> str:
    """The socket, or its folder, in one of our own URLs."""
    parts = urlsplit(url)
    return parse_qs(parts.query)["host"][0] if "host" in parse_qs(parts.query) else parts.path
