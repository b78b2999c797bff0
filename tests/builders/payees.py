"""Payees with refunds that are due to them, and a business clock that stands until it is set."""

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from edi.nacha.acknowledgment import acknowledge, write_acknowledgment
from edi.nacha.reading import read
from pipeline.domain.bank_accounts import AccountForm
from pipeline.services import payees, setup
from pipeline.stages.acknowledge import acknowledge as acknowledge_stage
from pipeline.stages.release import release
from pipeline.stages.upload import upload
from pipeline.store import files, tenants

ROUTING = "091000019"
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@dataclass
class StandingClock:
    """Business time as it was set last."""

    at: datetime = MONDAY

    def now(self):
        return self.at

    def offset_s(self):
        return 0


def form(account, **changes):
    return AccountForm(**{"routing_number": ROUTING, "account_number": account, "account_type": "checking", **changes})


def account(number):
    """Where a claim says that its patient's money goes back to."""
    return {
        "name": "Paul Merriweather",
        "routing_number": ROUTING,
        "account_number": number,
        "account_type": "checking",
    }


class Paying:
    """One tenant that owes refunds to one patient, and pays them."""

    def __init__(self, money, decide, document):
        self.clock = StandingClock()
        money.ctx = replace(money.ctx, clock=self.clock)
        money.ctx.database._clock = self.clock
        self.money, self.decide, self.document = money, decide, document
        self.ctx, self.org = money.ctx, money.org
        self.traces = (f"T{n}" for n in itertools.count(1))

    def refund(self, cents, **changes):
        """A claim that is paid in full, so that its patient gets back what he paid; the release has looked at it."""
        [claim] = self.money.claims(1, self.document, patient_paid_cents=cents, **changes)
        trace = next(self.traces)
        self.money.remit(self.decide(claim, claim.charge_cents), trace=trace)
        self.money.deposit(claim.charge_cents, trace=trace)
        self.release()
        return claim

    def release(self):
        release(self.ctx, self.org, self.org)

    def bank(self, **changes):
        with self.money.tx() as tx:
            [box] = tenants.mailboxes(tx, "bank")
        profile = type(box.profile).model_validate(box.profile.model_dump() | changes)
        setup.put_mailbox(self.ctx, self.org, "test", box.name, box.mode, profile)

    def upload(self):
        """Sends the newest file to the bank; gives its id and state."""
        file_id = self.newest()
        upload(self.ctx, self.org, file_id)
        return file_id, self.money.column("SELECT state FROM outbound_file WHERE id = :id", id=file_id)[0]

    def newest(self):
        return self.money.column("SELECT max(id) FROM outbound_file WHERE kind = 'ACH'")[0]

    def ach(self, file_id):
        with self.money.tx() as tx:
            return read(files.content(tx, file_id)).file

    def entries(self, file_id):
        """(account, cents, transaction code) of each entry."""
        return [
            (entry.account, entry.amount_cents, entry.transaction_code)
            for batch in self.ach(file_id).batches
            for entry in batch.entries
        ]

    def acknowledge(self, file_id):
        data = write_acknowledgment(acknowledge(self.ach(file_id)))
        acknowledge_stage(self.ctx, self.org, self.money.store("bank:ack", data, mailbox="bank"))

    def change(self, account_number, proposer="bill", confirmers=("ben",), payee=1):
        """Other bank details, in force; gives their id."""
        made = payees.change(self.ctx, self.org, proposer, payee, form(account_number))
        for one in confirmers:
            payees.confirm(self.ctx, self.org, one, made.details_id)
        return made.details_id

    def details(self):
        return self.money.states("bank_details")

    def live_accounts(self):
        """The last four digits of every payment that is not voided or denied, the oldest first."""
        return self.money.column(
            "SELECT account_last4 FROM payment WHERE state NOT IN ('VOIDED', 'DENIED') ORDER BY id"
        )
