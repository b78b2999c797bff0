"""Metrics: what an operator watches and is woken by. One measurement for all tenants, without naming any."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from pipeline.domain.errors import TryLater
from pipeline.stages.context import Context
from pipeline.store import metrics, tenants
from pipeline.store.crypto import SealBroken
from pipeline.store.metrics import Sample

Measured = dict[str, dict[tuple[str, ...], float]]
"""Numbers by metric and by the values of its labels."""


@dataclass(frozen=True, slots=True)
class Metric:
    """What a number means; `labels` name what it is told apart by."""

    meaning: str
    labels: tuple[str, ...] = ()
    kind: Literal["gauge", "counter"] = "gauge"


_BOX = ("mailbox", "kind")

METRICS = {
    "database_up": Metric("1 while the database answers; 0, and nothing else is told, while it does not"),
    "database_connections": Metric("connections of clients to the database server, ours and others'"),
    "database_connections_allowed": Metric("max_connections of the server"),
    "installation_held": Metric("1 after a restore or a copy: nothing is sent or fetched until it is adopted"),
    "tenants_closed": Metric("tenants whose keys do not open; nothing of theirs is in the other numbers"),
    "work_waiting": Metric("rows of work, due now or later", ("stage",)),
    "work_due": Metric("rows of work that are due now", ("stage",)),
    "work_oldest_due_seconds": Metric("how long the oldest of them has been due", ("stage",)),
    "work_failing": Metric("rows of work whose last try failed, by the kind of failure", ("stage", "reason")),
    "claims": Metric("claims by the state of their latest version", ("state",)),
    "files": Metric("files by state; direction is out or in", ("direction", "kind", "state")),
    "exceptions_open": Metric("what waits for a person", ("type", "severity")),
    "exceptions_open_cents": Metric("money that hangs on what waits for a person", ("type", "severity")),
    "exceptions_overdue": Metric("what a person should have done by now, in business time", ("type", "severity")),
    "payments": Metric("payments by state", ("state",)),
    "payments_cents": Metric("their amounts", ("state",)),
    "remittances": Metric("remittances (835 and 820 sets) by state", ("state",)),
    "remittances_cents": Metric("their amounts; POSTED is what is expected of the bank", ("state",)),
    "deposits": Metric("deposits by state", ("state",)),
    "deposits_cents": Metric("their amounts; WAITING is money that no remittance explains", ("state",)),
    "unapplied_cents": Metric("posted money that names no claim of ours"),
    "mailbox_enabled": Metric("0: held by a person, files wait", _BOX),
    "mailbox_paused": Metric("1: paused by the system after a refusal or an outage", _BOX),
    "mailbox_failures_in_a_row": Metric("refused or vain conversations since the last good one", _BOX),
    "mailbox_bundling_paused": Metric("1: no new file is made until a person lets it go on", _BOX),
    "mailbox_files_unsent": Metric("files whose bytes are stored and that are still to leave", _BOX),
    "mailbox_conversations": Metric(
        "talks with the partner by how they ended: good, broken_off, or the type of the exception",
        ("mailbox", "stage", "outcome"),
        "counter",
    ),
    "mailbox_last_good_seconds": Metric("seconds since the last good upload or poll", ("mailbox", "stage")),
}
"""Every metric of the record, by name; docs/operations/metrics.md has a line for each."""


def measure(ctx: Context) -> Measured:
    """Everything, as of now. Does not raise for an outage of the database: `database_up` tells of it."""
    measured: defaultdict[str, defaultdict[tuple[str, ...], float]] = defaultdict(lambda: defaultdict(float))
    try:
        for name, labels, value in _samples(ctx):
            measured[name][labels] += value
    except TryLater:
        return {"database_up": {(): 0.0}}
    measured["database_up"][()] = 1.0
    return {name: dict(numbers) for name, numbers in measured.items()}


def _samples(ctx: Context) -> list[Sample]:
    with ctx.database.narrow() as tx:
        samples = list(metrics.across(tx))
        org_ids = tenants.all_ids(tx)
    for org_id in org_ids:
        try:
            with ctx.tenant(org_id, "metrics") as tx:
                samples += metrics.of_tenant(tx)
            closed = 0
        except SealBroken:
            closed = 1
        samples.append(Sample("tenants_closed", (), closed))
    return samples
