"""Whether our record and the outside's own journal tell the same: each claim once, each payment once, cents equal."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.stages.context import Context
from pipeline.store import outcomes
from sandbox.journal import Line, read_journal


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
        payments, back = outcomes.sent_payments(tx), outcomes.payments_back(tx)
        advised = outcomes.advices(tx)
        remitted, unpostable = outcomes.remittances(tx), outcomes.unpostable_remittances(tx)
        deposited = outcomes.deposits(tx)
    theirs = {
        verdict: Counter((c["clm01"], c["frequency"]) for c in lines if c["kind"] == "claim" and c["judged"] == verdict)
        for verdict in ("accepted", "rejected")
    }
    found.claims_outside = sum(theirs["accepted"].values())
    found.differences += _compare("claim taken in", arrived, theirs["accepted"])
    found.differences += _compare("claim lost with its set", lost, theirs["rejected"])
    entries = Counter((line["kind"], *_money(line)) for line in lines if line["kind"] in _ENTRIES)
    paid = {key: count for key, count in entries.items() if key[0] == "payment"}
    found.payments_outside = sum(paid.values())
    found.payment_cents = sum(cents * count for (_, _, cents), count in paid.items())
    found.differences += _compare("entry at the bank", payments, entries)
    found.differences += _compare("payment that came back", back, _back(lines))
    found.differences += _compare("835 beside a payment", advised, _told(lines, "advice"))
    sets = [line for line in lines if line["kind"] == "remittance"]
    found.differences += _compare(
        "remittance", remitted, Counter((s["trace"], s["amount_cents"]) for s in sets if "unpostable" not in s)
    )
    found.differences += _compare(
        "remittance that must not post",
        unpostable,
        Counter((s["trace"], s["amount_cents"], s["unpostable"]) for s in sets if "unpostable" in s),
    )
    found.differences += _compare("deposit", deposited, _told(lines, "deposit"))
    found.differences += [f"duplicate file {line['file']} arrived" for line in lines if line["kind"] == "duplicate"]
    return found


_ENTRIES = ("payment", "debit", "prenote")
"""How the bank's journal calls what it took; an offset on our own account would be among them, and here is none."""


def _money(line: Line) -> tuple[Any, int]:
    return line["trace"], line["amount_cents"]


def _told(lines: Iterable[Line], kind: str) -> Counter[Any]:
    return Counter(_money(line) for line in lines if line["kind"] == kind)


def _back(lines: list[Line]) -> Counter[Any]:
    """What the bank returned, without what it took back again, with what it insisted on after that."""
    ours = [line for line in lines if not line.get("unknown")]
    standing = _told(ours, "returned") + _told(ours, "contested")
    standing.subtract(_told(ours, "dishonoured"))
    return +standing


def _compare(what: str, ours: Counter[Any], theirs: Counter[Any]) -> Iterable[str]:
    yield from (
        f"{what} {key}: we have {ours[key]}, the outside {theirs[key]}" for key in ours if ours[key] != theirs[key]
    )
    yield from (f"{what} {key}: the outside has {theirs[key]}, we have none" for key in theirs if key not in ours)
