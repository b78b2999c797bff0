"""`python -m benchmarks.plans`: how Postgres carries the flow's own statements out in a database with a million claims.

Nothing is copied by hand: claims go through the whole flow under the app role, row-level security and all, and the
server explains each statement as it ran. Told are those that cost most, each with its dearest run.
"""

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import event

from benchmarks import grown, inline
from local.postgres import APP, plain_url
from local.servers import embedded
from local.whole import Whole

VAR = Path("var/bench")
NAME = "bench_plans"
_EXPLAIN = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_format": "json",
    "auto_explain.log_parameter_max_length": "0",
    # To whoever asked, and to no log.
    "auto_explain.log_level": "notice",
}
_AIDS = frozenset({"Function Scan", "CTE Scan", "Subquery Scan", "Values Scan", "Result", "WorkTable Scan"})
"""Nodes that read no table."""


_PART = re.compile(r"(history|audit|inbound_content)_(?:\d{4}_\d\d|default)(?:_(\w+)_idx)?")
"""A month of a table, or an index of it."""


@dataclass(slots=True)
class Seen:
    """One statement: how often it ran, how long in all, and its dearest run as the server explained it."""

    calls: int = 0
    ms: float = 0.0
    worst_ms: float = -1.0
    plan: Mapping[str, Any] = field(default_factory=dict)

    def add(self, ms: float, plan: Mapping[str, Any]) -> None:
        self.calls += 1
        self.ms += ms
        if ms > self.worst_ms:
            self.worst_ms, self.plan = ms, plan


@dataclass(slots=True)
class Watcher:
    """What ran, by its text, and which function of the store each text is of."""

    seen: dict[str, Seen] = field(default_factory=lambda: defaultdict(Seen))
    places: dict[str, str] = field(default_factory=dict)

    def listen(self, running: Whole) -> None:
        engine = running.product.database.engine
        event.listen(engine, "connect", lambda cx, _: cx.add_notice_handler(self._told))
        event.listen(engine, "before_cursor_execute", self._sent)
        engine.dispose()

    def _sent(self, _cx: Any, _cursor: Any, statement: str, *_: Any) -> None:
        key = plain(statement)
        if key not in self.places:
            self.places[key] = _place()

    def _told(self, notice: Any) -> None:
        found = re.match(r"duration: ([\d.]+) ms\s+plan:\s*", notice.message_primary or "")
        if found:
            told = json.loads(notice.message_primary[found.end() :])
            self.seen[plain(told["Query Text"])].add(float(found[1]), told["Plan"])


def plain(statement: str) -> str:
    """A statement without the spelling of its parameters and blanks, as the driver and the server both have it."""
    text = re.sub(r"%\(\w+\)s|\$\d+", "?", statement.replace("%%", "%"))
    return re.sub(r"\s+", " ", text).strip()


def _place() -> str:
    """Who asks: the function of the store beneath which lies only the way to the database, and the stage above it."""
    frame, asked, stage = sys._getframe(2), "", ""  # noqa: SLF001 - nothing else says who asks
    while frame is not None and not stage:
        module = frame.f_globals.get("__name__", "")
        layer, short = module.rpartition(".")[::2]
        name = f"{short}.{frame.f_code.co_name.lstrip('_')}"
        if layer == "pipeline.store" and short != "database":
            asked = asked or name
        elif layer in {"pipeline.stages", "pipeline.services"}:
            stage = short
        frame = frame.f_back  # type: ignore[assignment]
    return f"{stage}: {asked or 'database'}" if stage else asked or "database"


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A plan's nodes, outermost first."""
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def ways(plan: Mapping[str, Any]) -> list[str]:
    """How each table is reached, in order and once: by which index, or whole. Nodes that never ran are left out."""
    found: list[str] = []
    for node in nodes(plan):
        if node["Node Type"] in _AIDS or not node.get("Actual Loops", 1):
            continue
        if node["Node Type"] == "ModifyTable":
            found.append(f"{node['Operation']} {node['Relation Name']}")
        elif "Index Name" in node:
            found.append(str(node["Index Name"]))
        elif "Relation Name" in node and node["Node Type"] == "Seq Scan":
            found.append(f"{node['Relation Name']} whole")
    return list(
        dict.fromkeys(_PART.sub(lambda part: f"{part[1]} by {part[2]}" if part[2] else part[1], way) for way in found)
    )


def run(claims: int, travelling: int, top: int) -> None:
    """Prints one line a statement of a markdown table."""
    began = time.monotonic()
    with embedded(VAR) as servers, grown.seeded(VAR, servers) as seed:
        in_flight = claims // 10
        with grown.grown(servers, seed, "plans", claims - in_flight, in_flight) as urls:
            print(f"{claims} claims are there after {time.monotonic() - began:.0f} s", flush=True)
            with grown.running_on(VAR, servers, grown.PLAN, seed, urls, "plans") as running:
                watcher = Watcher()
                with explained(servers.database_admin_url, NAME):
                    watcher.listen(running)
                    work = inline.by_itself(running)
                    work()
                    waiting = inline.waits(running)
                    inline.submit(running, travelling // 4, seed=501)  # so that pages are where they usually are
                    inline.run_out(running, work, waiting)
                    watcher.seen.clear()
                    inline.submit(running, travelling, seed=502)
                    running.product.context.ring("watch", running.org_id, [running.org_id])
                    inline.run_out(running, work, waiting)
                churn = _churn(urls[0])
    _show(watcher, travelling, top)
    print("| table | rows added | updated | of these in place (HOT) | deleted |")
    print("|---|---|---|---|---|")
    for name, added, updated, in_place, deleted in churn:
        share = f"{100 * in_place / updated:.0f} %" if updated else ""
        print(f"| `{name}` | {added} | {updated} | {share} | {deleted} |")


def _churn(owner_url: str) -> list[tuple[str, int, int, int, int]]:
    """What changed most in the rows' life since the copies were made, by table."""
    with psycopg.connect(plain_url(owner_url), autocommit=True) as cx:
        return cx.execute(
            "SELECT relname, n_tup_ins, n_tup_upd, n_tup_hot_upd, n_tup_del FROM pg_stat_user_tables"
            " WHERE n_tup_upd + n_tup_del > 0 ORDER BY n_tup_upd + n_tup_del DESC LIMIT 14"
        ).fetchall()


@contextmanager
def explained(admin_url: str, database: str) -> Iterator[None]:
    """Sessions of the app role that begin in this database within the block are explained to themselves."""
    with psycopg.connect(plain_url(admin_url), autocommit=True) as cx:
        for name, value in _EXPLAIN.items():
            cx.execute(
                sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                    sql.Identifier(APP),
                    sql.Identifier(database),
                    sql.SQL(name),
                    sql.Literal(value),
                )
            )
    yield


def _show(watcher: Watcher, travelling: int, top: int) -> None:
    # How still it is, is a question of this run's own.
    ours = [one for one in watcher.seen.items() if not watcher.places.get(one[0], "").startswith("progress.")]
    ordered = sorted(ours, key=lambda one: -one[1].ms)
    whole_s = sum(seen.ms for _, seen in ordered) / 1000
    print(f"{len(ordered)} statements, {1000 * whole_s / travelling:.2f} ms a claim with explaining; the first {top}:")
    print("| asked by | runs | ms a claim | dearest run, ms | rows | pages | by way of |")
    print("|---|---|---|---|---|---|---|")
    for text, seen in ordered[:top]:
        pages = seen.plan.get("Shared Hit Blocks", 0) + seen.plan.get("Shared Read Blocks", 0)
        rows = max((node.get("Actual Rows", 0) for node in nodes(seen.plan)), default=0)
        print(
            f"| `{watcher.places.get(text, 'database')}` | {seen.calls} | {seen.ms / travelling:.3f}"
            f" | {seen.worst_ms:.1f} | {rows:.0f} | {pages} | {', '.join(ways(seen.plan))} |"
        )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plans", description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000, help="how many are there before")
    parser.add_argument("--travelling", type=int, default=2000, help="new claims whose statements are explained")
    parser.add_argument("--top", type=int, default=40, help="how many statements are told")
    given = parser.parse_args(arguments)
    run(given.claims, given.travelling, given.top)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
