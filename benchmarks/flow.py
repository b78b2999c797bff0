"""The flow end to end beside empty Celery chains in the same run, and where its CPU goes.

CPU is read from /proc (user and system time of each process tree), not from the clock on the wall: the two cores are
shared by our workers, Postgres, Valkey and the sandbox. The sandbox is shown apart; it is not ours to make fast.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
import redis

from local.agreement import agreement
from local.demo import batches, hand_in, send, start_afresh, upstream
from local.postgres import plain_url
from local.servers import Servers, embedded
from local.stillness import wait_until_still
from local.system import System
from local.whole import Plan, Whole, whole
from pipeline.services.report import totals
from sandbox.config import Delays

VAR = Path("var/bench")
CLAIMS = int(os.environ.get("BENCH_CLAIMS", "10000"))
WARM_UP = 100
"""Claims that go through before the clock starts, so that imports and first connections are not counted."""
CHAINS = 150
BEFORE, AFTER = 3, 2
LOT = 2500
"""Claims a call, a lot and a file, so that four of them are under way at once."""
OURS = ("worker", "beat", "intake", "postgres", "valkey")
PLAN = Plan(
    concurrency=4,  # half of a worker's time goes to waiting for disk and partners
    delays=Delays.none(),
    judge_fraction=0.01,
    poll_interval_s=0.5,
    sweep_interval_s=1.0,
    approval_limit_cents=10**9,
    claims_per_file=LOT,
    flow={"lot_size": LOT},
)


def run() -> Mapping[str, object]:
    """Measures both; every 837 is judged by pyx12 after the clock has stopped."""
    with embedded(VAR) as servers:
        # Before and after the flow: the machine drifts, and the ratio is meant for the minutes between.
        rates = empty_chains(servers, BEFORE)
        start_afresh(servers, VAR / "flow")
        urls = servers.database_owner_url, servers.database_url
        with whole(VAR, servers, PLAN, urls, home=VAR / "flow") as running:
            running.start_workers()
            send(running, WARM_UP, seed=1)
            wait_until_still(running, lambda: None, timeout_s=120)
            _let_the_planner_know(servers)
            seconds, cpu_s = _measure(running)
            _check(running)
            _show_stages(running, cpu_s)
        rates += empty_chains(servers, AFTER)
        _judge_all(VAR / "flow" / "sandbox")
    chains = statistics.median(rates)
    told = ", ".join(f"{rate:.0f}" for rate in rates)
    print(f"empty chains of 8 tasks: {chains:.1f} a second (median of {told})")
    rate = CLAIMS / seconds
    ours_ms = 1000 * sum(cpu_s.get(name, 0.0) for name in OURS) / CLAIMS
    print(f"{CLAIMS} claims end to end in {seconds:.1f} s")
    return {
        "empty_chains_per_s": round(chains, 1),
        "end_to_end_claims_per_s": round(rate, 1),
        "end_to_end_vs_empty_chains": round(rate / chains, 2),
        "cpu_ms_per_claim": round(ours_ms, 3),
    }


def empty_chains(servers: Servers, repeats: int) -> list[float]:
    """Chains a second of each repeat: prefork of two, prefetch 1, late acknowledgment, no results, no events."""
    os.environ["REDIS_URL"] = servers.redis_url
    from benchmarks import empty

    empty.app.conf.broker_url = servers.redis_url
    client = redis.Redis.from_url(servers.redis_client_url)
    with System(var=VAR / "empty", env={"REDIS_URL": servers.redis_url}, app="benchmarks.empty") as system:
        system.start_worker(queues=(empty.QUEUE,), concurrency=2)
        rates = []
        for _ in range(repeats):
            began = time.monotonic()
            empty.send(CHAINS)
            while client.llen(f"claimrail:{empty.QUEUE}") or client.hlen("claimrail:unacked"):
                time.sleep(0.02)
            rates.append(CHAINS / (time.monotonic() - began))
    return rates


def _let_the_planner_know(servers: Servers) -> None:
    """A database that has run for a while has statistics; one that is seconds old has none yet."""
    with psycopg.connect(plain_url(servers.database_owner_url), autocommit=True) as cx:
        cx.execute("VACUUM ANALYZE")


def _measure(running: Whole) -> tuple[float, dict[str, float]]:
    groups = [group for group in running.system.groups() if group != "intake"]
    parts = list(batches(upstream(running, CLAIMS, seed=7), LOT))
    before = {group: running.system.cpu_seconds(group) for group in groups}
    began, cpu_began = time.monotonic(), time.process_time()
    for part in parts:
        hand_in(running, part, ready=True)
    intake_s = time.process_time() - cpu_began
    wait_until_still(running, lambda: None, timeout_s=600, every_s=0.5)
    seconds = time.monotonic() - began
    cpu_s = {group: running.system.cpu_seconds(group) - before[group] for group in groups}
    return seconds, cpu_s | {"intake": intake_s}


def _check(running: Whole) -> None:
    """A fast flow that loses something is not fast."""
    found = agreement(running.product.context, running.org_id, running.journal)
    told = totals(running.product.context, running.org_id)
    sound = found.agrees and told.ledger_balanced and told.outcomes.open == 0 and told.unmatched_cents == 0
    if not sound:
        raise SystemExit(f"the run is not sound: {found.differences[:5]} {told.outcomes}")


def _show_stages(running: Whole, cpu_s: Mapping[str, float]) -> None:
    print("CPU by process, ms a claim:")
    for group, seconds in sorted(cpu_s.items(), key=lambda item: -item[1]):
        print(f"  {group:10} {1000 * seconds / CLAIMS:7.3f}{'   (not ours)' if group == 'sandbox' else ''}")
    stages: dict[str, float] = {}
    for log in (running.home / "log").glob("worker-*.log"):
        # With the warm-up's: its share is that of its claims.
        for stage, cpu_ms in re.findall(r'"stage done".*? stage=(\w+).*? cpu_ms=([\d.]+)', log.read_text()):
            stages[stage] = stages.get(stage, 0.0) + float(cpu_ms)
    print("worker CPU by stage, ms a claim:")
    for stage, spent in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"  {stage:12} {spent / (CLAIMS + WARM_UP):7.3f}")


def _judge_all(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.judge", "--root", str(root)], capture_output=True, text=True, check=True
    )
    print("pyx12 on every stored file:", json.dumps(json.loads(done.stdout.splitlines()[-1])))
