"""Databases as those of a system that has run for months: a small real run, many times over.

Some claims go through the whole flow to whatever end they have; others stop where claims in flight are: judged and
waiting for a file, sent and not answered yet, at the payer. `multiply` makes many of few. What the sandbox knows of the
run goes with it, so that its own numbers go on too.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks import inline, multiply
from local.postgres import OWNER, plain_url
from local.servers import Servers, drop_scratch_database, scratch_database
from local.whole import Plan, Whole, whole
from sandbox.config import Delays

SEED = "bench_seed"
LATER_S = 30 * 86400
"""So long an outside that is to be silent waits."""

PLAN = Plan(
    delays=Delays.none(),
    judge_fraction=0.0,
    poll_interval_s=0.2,
    sandbox_poll_s=0.05,
    approval_limit_cents=10**9,
    claims_per_file=1000,
    ring=False,
    flow={"lot_size": 1000, "release_delay_s": 0.2},
)
_AT_PAYER = replace(Delays.none(), remit_s=LATER_S)
_SILENT = replace(Delays(), ack_s=LATER_S, remit_s=2 * LATER_S)


@dataclass(frozen=True, slots=True)
class Seed:
    """A database with `finished` claims, and above the numbers `finished_to` those `in_flight`, up to `to`."""

    home: Path
    finished: int
    in_flight: int
    finished_to: dict[str, int]
    to: dict[str, int]


@contextmanager
def fresh(var: Path, servers: Servers, plan: Plan, name: str) -> Iterator[Whole]:
    """A system with an empty database and folder of its own."""
    urls = scratch_database(servers, f"bench_{name}")
    home = var / name
    shutil.rmtree(home, ignore_errors=True)
    try:
        with whole(var, servers, plan, urls, home=home) as running:
            yield running
    finally:
        drop_scratch_database(servers, f"bench_{name}")


@contextmanager
def seeded(var: Path, servers: Servers, finished: int = 1000, in_flight: int = 240) -> Iterator[Seed]:
    """The small run, by default as large as shows all ends that claims have; a third of those in flight in each place."""
    assert servers.postgres_pid is not None, "rows are copied by a superuser on a server of our own"
    urls = scratch_database(servers, SEED)
    home = var / SEED
    shutil.rmtree(home, ignore_errors=True)
    third = in_flight // 3
    try:
        with whole(var, servers, PLAN, urls, home=home) as running:
            _carry(running, finished, seed=1)
            _settle(running, urls[0])
        finished_to = multiply.marks(urls[0])
        for delays, seed in ((_AT_PAYER, 2), (_SILENT, 3)):
            with whole(var, servers, replace(PLAN, delays=delays), urls, home=home) as running:
                _carry(running, third, seed)
        with whole(var, servers, PLAN, urls, home=home) as running:
            _judged_only(running, urls[0], third, seed=4)
        yield Seed(home, finished, 3 * third, finished_to, multiply.marks(urls[0]))
    finally:
        drop_scratch_database(servers, SEED)
        shutil.rmtree(home, ignore_errors=True)


def _carry(running: Whole, claims: int, seed: int) -> None:
    work = inline.by_itself(running)
    inline.submit(running, claims, seed)
    inline.run_out(running, work, set())


def _settle(running: Whole, owner_url: str) -> None:
    """The days in which payments may come back are over; the watch finds out."""
    with psycopg.connect(plain_url(owner_url), autocommit=True) as cx:
        cx.execute("UPDATE payment SET provisional_until = current_date - 3 WHERE state = 'ACKNOWLEDGED'")
    work = inline.by_itself(running)
    running.product.context.ring("watch", running.org_id, [running.org_id])
    inline.run_out(running, work, set())


def _judged_only(running: Whole, owner_url: str, claims: int, seed: int) -> None:
    """Claims whose mailbox makes no files just now; then it does again."""
    work = inline.by_itself(running)
    with psycopg.connect(plain_url(owner_url), autocommit=True) as cx:
        cx.execute("UPDATE mailbox SET bundling_pause = 'file_rejected' WHERE kind = 'clearinghouse'")
        inline.submit(running, claims, seed)
        work()
        cx.execute("UPDATE mailbox SET bundling_pause = NULL")


@contextmanager
def grown(servers: Servers, seed: Seed, name: str, finished: int, in_flight: int) -> Iterator[tuple[str, str]]:
    """A database of its own with so many claims, no fewer than the seed's: URLs of owner and app."""
    database = f"bench_{name}"
    urls = scratch_database(servers, database)
    drop_scratch_database(servers, database)
    admin = plain_url(servers.database_admin_url)
    try:
        with psycopg.connect(admin, autocommit=True) as cx:
            cx.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                    sql.Identifier(database), sql.Identifier(SEED), sql.Identifier(OWNER)
                )
            )
        _fill(admin.replace("/postgres?", f"/{database}?"), seed, finished, in_flight)
        yield urls
    finally:
        drop_scratch_database(servers, database)


def _fill(admin_url: str, seed: Seed, finished: int, in_flight: int) -> None:
    none = dict.fromkeys(seed.to, 0)
    multiply.multiply(
        admin_url,
        [
            multiply.Part(none, seed.finished_to, round(finished / seed.finished) - 1, days=90),
            multiply.Part(seed.finished_to, seed.to, round(in_flight / seed.in_flight) - 1, days=2),
        ],
    )
    with psycopg.connect(admin_url, autocommit=True) as cx:
        # It is no clone that must compare with the outside first.
        cx.execute("DELETE FROM installation")
        # Nobody brings these on their way while something is measured.
        cx.execute(
            "INSERT INTO due_work (stage, subject_id, org_id, due_at)"
            " SELECT DISTINCT 'bundle', lot_id, org_id, now() + interval '1 day' FROM claim WHERE state = 'VALIDATED'"
            " ON CONFLICT (stage, subject_id, org_id) DO UPDATE SET due_at = excluded.due_at"
        )


@contextmanager
def running_on(
    var: Path, servers: Servers, plan: Plan, seed: Seed, urls: tuple[str, str], name: str
) -> Iterator[Whole]:
    """The system on a grown database, with a sandbox that remembers the seed's run."""
    home = var / name
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(seed.home / "sandbox", home / "sandbox")
    for kept in ("port", "realtime_port"):
        (home / "sandbox" / kept).unlink(missing_ok=True)  # another sandbox may run beside it
    with whole(var, servers, plan, urls, home=home) as running:
        yield running
