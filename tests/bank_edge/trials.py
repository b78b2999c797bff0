"""Trials at the bank's edge: approved payments leave while the product is killed at one of its steps after the other.

Each trial has refunds, an invoice by CCD and one by CTX, and a prenote; a tenant, a bank with a mood and a way of uploading
of its own. The product is one process that does what is due; it dies where the trial says, and another begins. In the end
every payment that was approved is at the bank once, or back with us and told as refused or returned, or in a file that an
open exception names; and the proof of payments has no gap.
"""

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from pipeline.domain.bank_accounts import AccountForm
from pipeline.domain.invoices import Invoice, Row
from pipeline.domain.mailbox import Mode, UploadStyle
from pipeline.domain.payment import PayeeKind
from pipeline.services import invoices, payees, payment_proof, payments, setup
from pipeline.stages import sweep
from pipeline.stages.table import STAGES
from pipeline.store import ledger, work
from tests.bank_edge.bank import MOODS, Bank
from tests.bank_edge.killing import Killed, Process, Wire
from tests.conftest import add_tenant, bank
from tests.pipeline.conftest import Money, decision
from transport.memory import MemoryMailbox

ROUNDS = 60
_LEASES_OVER = dict.fromkeys(("transfer_lease_s", "retry_base_s", "retry_ceiling_s", "release_delay_s"), 0.0)
_TIME_PASSES = "UPDATE due_work SET due_at = now() WHERE org_id = :org"
_LEFT = "SELECT count(*) FROM due_work WHERE org_id = :org AND stage NOT IN ('poll', 'watch')"
_STEPS = 1009
"""About as many as a life has that is not cut short; a prime, so that seeds meet all of them."""
_BESIDE = 3
"""A vendor's invoice by CCD, one by CTX, and a prenote."""
_STYLES = (UploadStyle.STAGING, UploadStyle.SUFFIX, UploadStyle.DIRECT)


@dataclass(frozen=True)
class Trial:
    """What a seed means. `kills` are steps within the lives of the product, one life after the other."""

    seed: int
    mood: str
    style: UploadStyle
    payments: int
    kills: tuple[int, ...]

    @classmethod
    def of(cls, seed):
        rng = Random(seed)
        # 30 moods and ways, and the steps of a life in turn: a thousand trials meet each step; further deaths come by chance.
        mood, style = MOODS[seed % len(MOODS)], _STYLES[seed // len(MOODS) % len(_STYLES)]
        first = seed * 7 % _STEPS + 1
        further = rng.choices(range(1, _STEPS), k=rng.choice((0, 1, 2)))
        return cls(seed, mood, style, rng.choice((1, 2, 3)), (first, *further))


class Trials:
    """Runs trials on one database, each with a tenant of its own."""

    def __init__(self, product, document):
        self.product, self.document = product, document
        self.process = Process()
        self.died = Counter()
        self.payments = 0
        limits = replace(product.context.limits, **_LEASES_OVER, max_tries=10**6)
        self.ctx = replace(product.context, limits=limits)

    def run(self, seed):
        """What the trial breaks, in words; empty: nothing."""
        trial = Trial.of(seed)
        org = add_tenant(self.product, f"trial-{seed}")
        box = MemoryMailbox(folders=("inbound", "outbound", "staging"))
        partner = Bank(box, trial.mood)
        ctx = replace(self.ctx, outside=Wire(self.process, box))
        self._prepare(org, trial)
        self.payments += trial.payments + _BESIDE
        rounds = self._live(ctx, org, trial, partner)
        broken = partner.faults + self._broken(org, partner)
        return broken + ([f"it is not over after {ROUNDS} rounds"] if rounds == ROUNDS else [])

    # -- the makings --------------------------------------------------------------------------------------------------
    def _prepare(self, org, trial):
        """Claims paid and their money in the bank, so that a release is due; nothing else is."""
        profile = bank("trial").model_copy(
            update={
                "upload_style": trial.style,
                "poll_interval_s": 60,
                "prenotes": (PayeeKind.PROVIDER,),
                # A pair of sender and receiver has but 36 files a minute; trials are no such pair.
                "origin": f"1{trial.seed:09d}",
            }
        )
        setup.put_mailbox(self.ctx, org, "test", "bank", Mode.TEST, profile)
        money = Money(self.product, org)
        made = [
            money.claims(1, self.document, patient_paid_cents=2_000 + 100 * n, **self._patient(trial, n))[0]
            for n in range(trial.payments)
        ]
        money.remit(*(decision(one, one.charge_cents - 500, ("PR", "2", 500)) for one in made), trace="T1")
        money.deposit(sum(one.charge_cents - 500 for one in made), trace="T1")
        self._owe(org, trial)
        with self.ctx.tenant(org, "trial") as tx:
            tx.run("DELETE FROM due_work WHERE org_id <> :org OR stage NOT IN ('release', 'poll')", org=org)
            tx.run(
                "DELETE FROM due_work WHERE stage = 'poll' AND subject_id NOT IN (SELECT id FROM mailbox WHERE name = 'bank')"
            )
            work.hasten(tx, "release")
            work.hasten(tx, "poll")

    def _patient(self, trial, number):
        base = json.loads(self.document())
        account = {**base["refund_to"], "account_number": f"77{trial.seed:06d}{number}27"}
        return {"refund_to": account, "patient": {**base["patient"], "member_id": f"ZZT{trial.seed:06d}{number}1"}}

    def _owe(self, org, trial):
        """Two vendors with an invoice each, and a provider whose account is tried out."""
        today = self.ctx.today()
        rows = []
        for line, sec in enumerate(("CCD", "CTX")):
            told = {
                "number": "INV-1",
                "invoiced_on": today - timedelta(days=9),
                "due_on": today,
                "gross_cents": 9_000 + line,
            }
            rows.append(Row(line, self._payee(org, trial, "vendor", sec), Invoice(**told)))
        invoices.enter_all(self.ctx, org, "ana", rows)
        self._payee(org, trial, "provider", None)

    def _payee(self, org, trial, kind, sec):
        name = f"INVENTED {sec or 'RESCUE'}"
        form = AccountForm(
            routing_number="091000019",
            account_number=f"88{trial.seed:06d}{len(name)}{sec or ''}",
            account_type="checking",
        )
        new = payees.NewPayee(kind=kind, name=name, key=sec or "1999000009", sec=sec, details=form)
        proposed = payees.add(self.ctx, org, "bill", new)
        payees.confirm(self.ctx, org, "ben", proposed.details_id)
        return proposed.payee_id

    # -- living and dying -----------------------------------------------------------------------------------------------
    def _live(self, ctx, org, trial, partner):
        kills = list(trial.kills)
        self.process.again(kills.pop(0))
        for round_ in range(ROUNDS):
            with ctx.tenant(org, "trial") as tx:
                tx.run(_TIME_PASSES, org=org)
            try:
                with self.process.watching(ctx.database.engine):
                    sweep.drain(ctx, STAGES)
            except Killed:
                self.died[self.process.dies_at] += 1
                ctx.database.dispose()
                self.process.again(kills.pop(0) if kills else None)
                continue
            for one in payments.waiting(self.ctx, org):
                payments.approve(self.ctx, org, one.id, "ben")
            partner.turn()
            if self._over(ctx, org, partner):
                return round_
        return ROUNDS

    def _over(self, ctx, org, partner):
        if partner.later:
            return False
        with ctx.tenant(org, "trial") as tx:
            left = tx.value(_LEFT, org=org)
            unread = {file.name for file in partner.box.list("outbound")}
            known = {row.name for row in tx.rows("SELECT name FROM delivery")}
        return not left and unread <= known

    # -- what must hold ---------------------------------------------------------------------------------------------------
    def _broken(self, org, partner):
        with self.ctx.tenant(org, "trial") as tx:
            rows = tx.rows(
                "SELECT p.id, p.state, p.amount_cents, e.file_id, EXISTS (SELECT 1 FROM work_exception x"
                "  WHERE x.state = 'OPEN' AND x.subject_kind = 'file' AND x.subject_id = e.file_id) AS named,"
                " ARRAY(SELECT x.type FROM work_exception x"
                "  WHERE x.subject_kind = 'payment' AND x.subject_id = p.id) AS told"
                " FROM payment p LEFT JOIN payment_entry e ON e.payment_id = p.id AND e.live ORDER BY p.id"
            )
            proof = ledger.proof(tx)
        broken = [] if proof.balanced else ["the books do not balance"]
        paid = payment_proof.prove(self.ctx, org, "ana")
        broken += [f"payment {gap.payment_id} {gap.why}" for gap in paid.gaps]
        broken += [f"{one.what} do not agree" for one in paid.compared if not one.agrees]
        for row in rows:
            key = (f"P{row.id}", row.amount_cents)
            broken += _judged(row, partner.taken[key], partner.refused[key], partner.returned[key])
            if partner.corrected[key] and "noc" not in row.told:
                broken.append(f"payment {row.id} was corrected by the bank, and no exception says so")
        ours = {(f"P{row.id}", row.amount_cents) for row in rows}
        broken += [f"an entry at the bank is no payment of ours: {key}" for key in partner.taken if key not in ours]
        return broken if len(rows) > _BESIDE else [*broken, "there was too little to pay"]


def _judged(row, at_bank, refused, returned):
    told = (
        f"payment {row.id} is {row.state}, by the bank {at_bank} times taken, {refused} times refused,"
        f" {returned} times given back"
    )
    if at_bank > 1 or (at_bank and refused):
        return [told]
    right = {
        "ACKNOWLEDGED": at_bank == 1 and not returned,
        "SETTLED": at_bank == 1 and not returned,
        "RETURNED": at_bank == returned == 1,
        "BANK_REJECTED": refused == 1 and not at_bank,
        "SENT": row.named,
        "IN_FILE": row.named,
    }
    return [] if right.get(row.state, False) else [told]
