"""Whether our record and the outside's own journal tell the same: each claim once, each payment once, cents equal."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.stages.context import Context
from pipeline.store import outcomes
from sandbox.journal import read_journal


@dataclass(slots=True)
class Agreement:
    """Differences in words, by our own ids; none means that both tell the same."""

    claims_outside: int = 0
    payments_outside: int = 0
    payment_cents: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not self.differences


def agreement(ctx: Context, org_id: int, journal: Path) -> Agreement:
    """Compares the sandbox's journal with the tenant's rows. Call it when all is quiet."""
    found = Agreement()
    lines = read_journal(journal)
    with ctx.database.tenant(org_id, "system:agreement") as tx:
        arrived, lost = outcomes.arrived_claims(tx), outcomes.lost_claims(tx)
        payments = outcomes.sent_payments(tx)
        remitted, unpostable = outcomes.remittances(tx), outcomes.unpostable_remittances(tx)
        deposited = outcomes.deposits(tx)
    theirs = {
        verdict: Counter((c["clm01"], c["frequency"]) for c in lines if c["kind"] == "claim" and c["judged"] == verdict)
        for verdict in ("accepted", "rejected")
    }
    found.claims_outside = sum(theirs["accepted"].values())
    found.differences += _compare("claim taken in", arrived, theirs["accepted"])
    found.differences += _compare("claim lost with its set", lost, theirs["rejected"])
    paid_cents = [line["amount_cents"] for line in lines if line["kind"] == "payment"]
    found.payments_outside = len(paid_cents)
    found.payment_cents = sum(paid_cents)
    entries = Counter((line["trace"], line["amount_cents"]) for line in lines if line["kind"] in _ENTRIES)
    found.differences += _compare("payment at the bank", payments, entries)
    sets = [line for line in lines if line["kind"] == "remittance"]
    found.differences += _compare(
        "remittance", remitted, Counter((s["trace"], s["amount_cents"]) for s in sets if "unpostable" not in s)
    )
    found.differences += _compare(
        "remittance that must not post",
        unpostable,
        Counter((s["trace"], s["amount_cents"], s["unpostable"]) for s in sets if "unpostable" in s),
    )
    found.differences += _compare(
        "deposit",
        deposited,
        Counter((line["trace"], line["amount_cents"]) for line in lines if line["kind"] == "deposit"),
    )
    found.differences += [f"duplicate file {line['file']} arrived" for line in lines if line["kind"] == "duplicate"]
    return found


_ENTRIES = ("payment", "prenote", "debit")
"""A reversal is a debit; an account that balances files for the bank would have debits that are no payments."""


def _compare(what: str, ours: Counter[Any], theirs: Counter[Any]) -> Iterable[str]:
    yield from (
        f"{what} {key}: we have {ours[key]}, the outside {theirs[key]}" for key in ours if ours[key] != theirs[key]
    )
    yield from (f"{what} {key}: the outside has {theirs[key]}, we have none" for key in theirs if key not in ours)
