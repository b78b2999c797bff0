"""The databases of the benchmarks: copies hold together as what they were copied from, and new claims travel in them."""

import logging
from contextlib import nullcontext

import psycopg
import pytest

from benchmarks import event, grown, inline, plans, size
from local.postgres import plain_url
from pipeline.domain.states import CLAIM_FINAL
from pipeline.services.report import totals
from pipeline.store.models import metadata


@pytest.fixture(scope="module", autouse=True)
def _own_level():
    """The log is as loud afterwards as before."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


@pytest.fixture(scope="module")
def seed(servers, tmp_path_factory):
    """The small run, for all tests here."""
    with grown.seeded(tmp_path_factory.mktemp("seed"), servers, finished=60, in_flight=12) as made:
        yield made


def test_a_small_run_many_times_over_is_a_sound_database_in_which_new_claims_travel(servers, seed):
    with grown.grown(servers, seed, "test", finished=300, in_flight=60) as urls:
        with psycopg.connect(plain_url(urls[0])) as cx:
            assert cx.execute("SELECT count(*) FROM claim").fetchone() == (360,)
            assert _dangling(cx) == []
            assert ("ACKNOWLEDGED",) not in cx.execute("SELECT DISTINCT state FROM payment").fetchall()
            states = dict(cx.execute("SELECT state, count(*) FROM claim GROUP BY state").fetchall())
        assert states["VALIDATED"] > 0
        assert states["SUBMITTED"] > 0
        assert states["PAID"] > 100
        with grown.running_on(seed.home.parent, servers, grown.PLAN, seed, urls, "test") as running:
            watcher = plans.Watcher()
            with plans.explained(servers.database_admin_url, "bench_test"):
                watcher.listen(running)
                work = inline.by_itself(running)
                waiting = inline.waits(running)
                ids = inline.submit(running, 40, seed=9)
                inline.run_out(running, work, waiting)
            assert totals(running.product.context, running.org_id).ledger_balanced
            with running.product.context.tenant(running.org_id, "test") as tx:
                found = {row.state for row in tx.rows("SELECT state FROM claim WHERE id = ANY(:ids)", ids=ids)}
    assert found <= set(CLAIM_FINAL)
    # The server has explained what the store asked, and each is known by who asked.
    asked = {watcher.places[text] for text in watcher.seen if text in watcher.places}
    assert {"take: claims.take_lot", "decisions: remittances.candidates"} <= asked, asked
    of_lots = [seen for text, seen in watcher.seen.items() if watcher.places.get(text) == "take: claims.take_lot"]
    assert any("Update claim" in plans.ways(seen.plan) for seen in of_lots)


@pytest.fixture
def tiny(servers, monkeypatch):
    """Makes a benchmark small, on the tests' servers and in a folder."""

    def made(module, var, **sizes):
        monkeypatch.setattr(module, "embedded", lambda _var: nullcontext(servers))
        for name, value in {**sizes, "VAR": var}.items():
            monkeypatch.setattr(module, name, value)
        return module

    return made


def test_the_benchmark_of_size_comes_to_its_end_and_has_its_name(seed, tiny, monkeypatch):
    monkeypatch.setattr(grown, "seeded", lambda *_: nullcontext(seed))
    told = tiny(size, seed.home.parent, FEW=80, MANY=160, CLAIMS=8, PAIRS=1).run()
    assert told.keys() == {"claim_cost_200k_vs_10k"}
    assert told["claim_cost_200k_vs_10k"] > 0


def test_the_benchmark_of_a_single_event_comes_to_its_end_and_has_its_names(tiny, tmp_path):
    told = tiny(event, tmp_path, EVENTS=1, WARM_UP=1).run()
    assert told.keys() == {"single_event_p50_ms", "single_event_p99_ms"}
    assert 0 < told["single_event_p50_ms"] <= told["single_event_p99_ms"]


def _dangling(cx):
    """Foreign keys that rows do not keep; entries and history have none, and are asked by what they name."""
    wrong = []
    keys = [
        (table.name, key.parent.name, key.column.table.name, key.column.name)
        for table in metadata.sorted_tables
        for key in table.foreign_keys
    ]
    keys += [
        ("entry", "journal_id", "journal", "id"),
        ("entry", "claim_id", "claim", "id"),
        ("claim", "lot_id", "lot", "id"),
    ]
    for table, column, of, number in keys:
        [count] = cx.execute(
            f"SELECT count(*) FROM {table} t WHERE {column} IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {of} o WHERE o.{number} = t.{column})"
        ).fetchone()
        wrong += [f"{table}.{column}: {count}"] if count else []
    for kind, of in (
        ("claim", "claim"),
        ("submission", "submission"),
        ("file", "outbound_file"),
        ("payment", "payment"),
    ):
        [count] = cx.execute(
            f"SELECT count(*) FROM history h WHERE subject_kind = '{kind}'"
            f" AND NOT EXISTS (SELECT 1 FROM {of} o WHERE o.id = h.subject_id)"
        ).fetchone()
        wrong += [f"history of {kind}: {count}"] if count else []
    return wrong


def test_a_statement_is_the_same_as_the_driver_and_as_the_server_have_it():
    ours = "SELECT 1 FROM t WHERE a LIKE '%%'  AND b = %(b)s AND c = ANY(CAST(%(c)s AS bigint[]))"
    theirs = "SELECT 1 FROM t WHERE a LIKE '%' AND b = $1 AND c = ANY(CAST($2 AS bigint[]))"
    assert plans.plain(ours) == plans.plain(theirs)


def test_a_plan_is_told_by_how_each_table_is_reached():
    plan = {
        "Node Type": "ModifyTable",
        "Operation": "Update",
        "Relation Name": "claim",
        "Plans": [
            {"Node Type": "Index Scan", "Index Name": "pk_claim", "Relation Name": "claim", "Actual Loops": 3},
            {"Node Type": "Function Scan", "Relation Name": "unnest", "Actual Loops": 1},
            {"Node Type": "Append", "Actual Loops": 1, "Plans": [
                {"Node Type": "Seq Scan", "Relation Name": "history_2026_11", "Actual Loops": 1},
                {"Node Type": "Index Scan", "Index Name": "history_2026_10_subject_kind_subject_id_idx", "Actual Loops": 1},
                {"Node Type": "Seq Scan", "Relation Name": "audit_default", "Actual Loops": 0},
            ]},
        ],
    }  # fmt: skip
    assert plans.ways(plan) == ["Update claim", "pk_claim", "history whole", "history by subject_kind_subject_id"]
