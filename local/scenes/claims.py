"""The claims that scenes play with, and the quiet in which payer and bank are played instead of by the sandbox."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

from local.scenes.waiting import misbehave, until, work
from local.stillness import run_out
from local.whole import EXAMPLES, Whole
from pipeline.services import intake
from pipeline.store import stories

MUTED = ("835", "deposit")
TIMEOUT_S = 60.0
_PATIENTS = (
    ("Aldercott", "Ines"), ("Brightmoor", "Otto"), ("Cragfield", "Lena"), ("Dunhollow", "Felix"), ("Elmsworth", "Nora"),
    ("Fernleigh", "Hugo"), ("Glenmarch", "Edith"), ("Hartwell", "Jonas"), ("Ivyside", "Clara"), ("Juniper", "Emil"),
    ("Kestrelby", "Ruth"), ("Larkfield", "Anton"),
)  # fmt: skip


@contextmanager
def silent_of_money(running: Whole) -> Iterator[None]:
    """The sandbox pays nothing meanwhile; at the end what it was to pay has come due and is lost, and it has no fault."""
    misbehave(running, {"mute": MUTED})
    try:
        yield
        run_out(running, lambda: work(running), lambda _: None, TIMEOUT_S)
    finally:
        misbehave(running, {})


def accepted(running: Whole, charges_cents: Sequence[int], name: str = "MONEY", first: int = 0) -> list[str]:
    """Claims of these charges, accepted by their payer: CLM01s in the same order. `first` of the patients has the first one."""
    ctx = running.product.context
    documents = [
        json.dumps(one).encode() for one in _documents(charges_cents, name, first, ctx.clock.now().timestamp())
    ]
    receipts = intake.submit(ctx, running.org_id, documents, "upstream")
    clm01s = [one.clm01 for one in receipts if one.clm01]
    if len(clm01s) < len(receipts):
        raise SystemExit(f"a claim of a scene was refused: {[one.problems for one in receipts if one.problems]}")
    _wait_for(running, clm01s, {"CLEARINGHOUSE_ACCEPTED", "PAYER_ACCEPTED"})
    ctx.clock.advance(int(running.plan.delays.payer_status_s) + 60)
    _wait_for(running, clm01s, {"PAYER_ACCEPTED"})
    return clm01s


def _documents(charges_cents: Sequence[int], name: str, first: int, stamp: float) -> Iterator[dict[str, object]]:
    """Office visits of different patients on different days, so that none is taken for another."""
    base = json.loads((EXAMPLES / "claims" / "office_visit_established.json").read_text(encoding="utf-8"))
    del base["patient_paid_cents"], base["refund_to"]
    latest = date.fromisoformat(base["lines"][0]["service_date"])
    for place, cents in enumerate(charges_cents, first):
        last_name, first_name = _PATIENTS[place % len(_PATIENTS)]
        day = latest - timedelta(days=place)
        yield {
            **base,
            "external_id": f"{name}-{place + 1}-{int(stamp)}",
            "charge_cents": cents,
            "patient": {
                **base["patient"],
                "last_name": last_name,
                "first_name": first_name,
                "member_id": f"NWC82{place:04d}10",
            },
            "lines": [{**base["lines"][0], "charge_cents": cents, "service_date": day.isoformat()}],
        }


def _wait_for(running: Whole, clm01s: Sequence[str], states: set[str]) -> None:
    def found() -> list[str]:
        with running.product.context.tenant(running.org_id, "scenes") as tx:
            ids = [version.id for clm01 in clm01s for version in stories.versions(tx, clm01)]
            return [one.state for one in stories.tries(tx, stories.related(tx, ids))]

    def all_there() -> bool:
        seen = found()
        return len(seen) >= len(clm01s) and set(seen) <= states

    until(running, "claims of the scenes", f"all are {' or '.join(sorted(states))}", all_there, lambda: f"{found()}")
