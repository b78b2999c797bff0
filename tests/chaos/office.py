"""What people do in a run: enter vendors, invoices and a provider, decide, ask money back, pay again what was refused.

All of it follows from the claims alone, so that a run comes to what the undisturbed one came to.
"""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from pipeline.domain.bank_accounts import AccountForm
from pipeline.domain.errors import Conflict
from pipeline.domain.invoices import Invoice, Row
from pipeline.domain.mailbox import BankProfile, Mode
from pipeline.domain.payment import PayeeKind, PaymentKind
from pipeline.services import invoices, payees, paying, payments, reversals, setup
from pipeline.store import tenants
from pipeline.store.approvals import Listed
from tests.chaos.bed import Bed

_ROUTING = "091000019"
_NEUTRAL = "27"
_ENDINGS = ("23", "14", "17", _NEUTRAL, "20", "21", "16", _NEUTRAL, "18", "15", "19")
"""What becomes of a patient's refund, in turn (`sandbox/bank_outcomes.py`); those of 23 are asked back."""

VENDOR_ACCOUNTS = {"CCD": "8800551140714", "CTX": "8800551140820"}
PROVIDER_ACCOUNT = "8800551140914"
NAMES = {"CCD": "Invented Oxygen Ltd", "CTX": "Invented Tyres"}
PROVIDER_NAME = "Invented Air Rescue"
SECRETS = {*VENDOR_ACCOUNTS.values(), PROVIDER_ACCOUNT, *NAMES.values(), PROVIDER_NAME}
_CENTS = {"CCD": (12_345, 67_890), "CTX": (23_456, 34_567)}
_BY_RULE_CENTS = 50_000
"""Refunds up to this leave without an approver's yes, in the first phase."""


def try_accounts_out(bed: Bed) -> None:
    """From now on a provider's account is tried out by a prenote first."""
    ctx, org = bed.running.product.context, bed.running.org_id
    with ctx.tenant(org, "chaos") as tx:
        [box] = tenants.mailboxes(tx, "bank")
    assert isinstance(box.profile, BankProfile)
    profile = box.profile.model_copy(update={"prenotes": (PayeeKind.PROVIDER,)})
    setup.put_mailbox(ctx, org, "chaos", box.name, Mode.TEST, profile)


def with_endings(documents: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same claims, whose refunds meet every outcome at the bank one after the other, not only being taken."""
    endings = itertools.cycle(_ENDINGS)
    return [_with_ending(claim, endings) for claim in documents]


def _with_ending(claim: dict[str, Any], endings: Iterator[str]) -> dict[str, Any]:
    where = claim.get("refund_to")
    if where is None or not where["account_number"].endswith(_NEUTRAL):
        return claim
    return {**claim, "refund_to": {**where, "account_number": where["account_number"][:-2] + next(endings)}}


def enter(bed: Bed) -> None:
    """Two vendors, of CCD and CTX, with two due invoices each, and a provider whose account is tried out."""
    ctx, org = bed.running.product.context, bed.running.org_id
    vendors = {
        sec: _payee(bed, "vendor", NAMES[sec], f"V-{sec}", account, sec) for sec, account in VENDOR_ACCOUNTS.items()
    }
    _payee(bed, "provider", PROVIDER_NAME, "1999000009", PROVIDER_ACCOUNT, None)
    today = ctx.today()
    owed = [(payee_id, n, cents) for sec, payee_id in vendors.items() for n, cents in enumerate(_CENTS[sec])]
    rows = [
        Row(
            line,
            payee_id,
            Invoice(number=f"INV-{n}", invoiced_on=today - timedelta(days=9), due_on=today, gross_cents=cents),
        )
        for line, (payee_id, n, cents) in enumerate(owed)
    ]
    invoices.enter_all(ctx, org, "ana", rows)


def _payee(bed: Bed, kind: str, name: str, key: str, account: str, sec: str | None) -> int:
    ctx, org = bed.running.product.context, bed.running.org_id
    form = AccountForm(routing_number=_ROUTING, account_number=account, account_type="checking")
    proposed = payees.add(ctx, org, "ana", payees.NewPayee(kind=kind, name=name, key=key, sec=sec, details=form))
    payees.confirm(ctx, org, "ben", proposed.details_id)
    return proposed.payee_id


def decide(bed: Bed, *, first: bool) -> int:
    """One visit at the desk; gives how many decisions it took. Only the first decides on refunds: on every second that waits.

    Every visit pays again what the bank refused, asks money back, and says yes to both and to vendors.
    """
    asked = _again(bed) + _ask_back(bed)
    waiting = _all(bed, "WAITING")
    refused = {one.id for one in _all(bed, "BANK_REJECTED")}
    refunds = [one for one in waiting if one.kind == PaymentKind.REFUND and one.replaces_id not in refused]
    # By amount, so that two runs with the same claims decide alike in whatever order their payments arose.
    chosen = sorted(refunds, key=lambda one: one.amount_cents)[::2] if first and len(refunds) > 1 else []
    chosen += [one for one in waiting if one not in refunds]
    for one in chosen:
        for who in ("ben", "cleo")[: one.needed]:
            payments.approve(bed.running.product.context, bed.running.org_id, one.id, who)
    return asked + len(chosen)


def _again(bed: Bed) -> int:
    """What is not owed any more, and what the rules do not let go again, stays refused."""
    done = 0
    for one in _all(bed, "BANK_REJECTED"):
        with suppress(Conflict):
            done += paying.again(bed.running.product.context, bed.running.org_id, "ana", one.id).new
    return done


def _ask_back(bed: Bed) -> int:
    done = 0
    for one in _all(bed, "ACKNOWLEDGED", "SETTLED"):
        if one.kind == PaymentKind.REFUND and one.account_last4.endswith("23") and one.amount_cents <= _BY_RULE_CENTS:
            done += reversals.reverse(bed.running.product.context, bed.running.org_id, "ana", one.id, "duplicate").new
    return done


def _all(bed: Bed, *states: str) -> list[Listed]:
    return payments.listed(bed.running.product.context, bed.running.org_id, states)
