"""What operators watch, in numbers: states, ages, counts and cents. No names, no values of a claim; ids of mailboxes only.

Each statement reads small tables or an index, but for the states of claims and submissions of a tenant: these are one
pass over its rows. Whoever asks often keeps the answer for a while.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.store import desk, installation, reports
from pipeline.store.conversations import GOOD
from pipeline.store.database import Queries, Tenant


class Sample(NamedTuple):
    """One number of the metric `name`; `labels` are in the order that `services/metrics.py` gives them."""

    name: str
    labels: tuple[str, ...]
    value: float


def across(tx: Queries) -> Iterator[Sample]:
    """What needs no tenant: due work, the server, whether the installation is held."""
    yield from _work(tx)
    row = tx.first(
        "SELECT count(*) AS used, current_setting('max_connections')::int AS allowed FROM pg_stat_activity"
        " WHERE backend_type = 'client backend'"
    )
    assert row is not None
    yield Sample("database_connections", (), row.used)
    yield Sample("database_connections_allowed", (), row.allowed)
    yield Sample("installation_held", (), installation.moved(tx))


def _work(tx: Queries) -> Iterator[Sample]:
    for row in tx.rows(
        "SELECT stage, count(*) AS waiting, count(*) FILTER (WHERE due_at <= now()) AS due,"
        " greatest(0, extract(epoch FROM now() - min(due_at))) AS oldest_s FROM due_work GROUP BY stage"
    ):
        yield Sample("work_waiting", (row.stage,), row.waiting)
        yield Sample("work_due", (row.stage,), row.due)
        yield Sample("work_oldest_due_seconds", (row.stage,), float(row.oldest_s))
    for row in tx.rows(
        "SELECT stage, coalesce(last_error, '') AS reason, count(*) AS failing FROM due_work"
        " WHERE attempts > 0 GROUP BY 1, 2"
    ):
        yield Sample("work_failing", (row.stage, row.reason), row.failing)


def of_tenant(tx: Tenant) -> Iterator[Sample]:
    """One tenant's share of every other metric; the shares of all tenants add up."""
    for state, claims in reports.claim_states(tx).items():
        yield Sample("claims", (state,), claims)
    for file in reports.file_states(tx):
        yield Sample("files", (file.direction, file.kind, file.state), file.count)
    for one in desk.queued(tx):
        labels = (one.type, one.severity)
        yield Sample("exceptions_open", labels, one.count)
        yield Sample("exceptions_open_cents", labels, one.cents)
        yield Sample("exceptions_overdue", labels, one.overdue)
    yield from _money(tx)
    yield from _mailboxes(tx)


def _money(tx: Tenant) -> Iterator[Sample]:
    for table, counted in (
        ("payments", reports.payment_states(tx)),
        ("remittances", reports.money_states(tx, "remittance")),
        ("deposits", reports.money_states(tx, "deposit")),
    ):
        for state, told in counted.items():
            yield Sample(table, (state,), told.count)
            yield Sample(f"{table}_cents", (state,), told.cents)
    # Posted against no claim: the rows are few and have an index of their own, the ledger's entries are many.
    unapplied = tx.value(
        "SELECT coalesce(sum(rc.paid_cents), 0) FROM remittance_claim rc JOIN remittance r ON r.id = rc.remittance_id"
        " WHERE rc.org_id = :org AND rc.claim_id IS NULL AND r.state IN ('POSTED', 'MATCHED')",
        org=tx.org_id,
    )
    yield Sample("unapplied_cents", (), float(unapplied))


def _mailboxes(tx: Tenant) -> Iterator[Sample]:
    for row in tx.rows(
        "SELECT m.id, m.kind, m.enabled, coalesce(m.paused_until > now(), false) AS paused, m.failures,"
        " m.bundling_pause IS NOT NULL AS bundling_paused, (SELECT count(*) FROM outbound_file f"
        "  WHERE f.mailbox_id = m.id AND f.state IN ('RESERVED', 'STAGING', 'STAGED', 'RENAMING')) AS unsent"
        " FROM mailbox m WHERE m.org_id = :org",
        org=tx.org_id,
    ):
        labels = (str(row.id), row.kind)
        yield Sample("mailbox_enabled", labels, row.enabled)
        yield Sample("mailbox_paused", labels, row.paused)
        yield Sample("mailbox_failures_in_a_row", labels, row.failures)
        yield Sample("mailbox_bundling_paused", labels, row.bundling_paused)
        yield Sample("mailbox_files_unsent", labels, row.unsent)
    for row in tx.rows(
        "SELECT mailbox_id, stage, outcome, times, extract(epoch FROM now() - last_at) AS ago_s FROM conversation"
        " WHERE org_id = :org",
        org=tx.org_id,
    ):
        mailbox_id = str(row.mailbox_id)
        yield Sample("mailbox_conversations", (mailbox_id, row.stage, row.outcome), row.times)
        if row.outcome == GOOD:
            yield Sample("mailbox_last_good_seconds", (mailbox_id, row.stage), float(row.ago_s))
