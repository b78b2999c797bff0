"""Claims that are out, payers that answer and banks that pay: the makings of every test about money."""

import json
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from edi.nacha import file as ach
from edi.nacha.trn import trn_text
from edi.nacha.writing import write as write_ach
from edi.x12.sets import t835
from edi.x12.syntax.envelope import Envelope, write_interchange
from pipeline.services import intake
from pipeline.stages.bundle import bundle
from pipeline.stages.ingest import ingest
from pipeline.stages.match import match
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.validate import validate
from pipeline.store import inbound, standings, tenants
from pipeline.store.standings import Rules

DAY = date(2026, 11, 20)
PAYER = "1999999990"


@dataclass(slots=True)
class Sent:
    id: int
    clm01: str
    charge_cents: int


class Money:
    """Drives one tenant's money: `claims` go out, `remit` and `deposit` come in, the stages run at once."""

    def __init__(self, product, org):
        self.ctx = product.context
        self.org = org
        self.control = 0
        self.ach = 0

    def tx(self):
        return self.ctx.tenant(self.org, "test")

    def claims(self, count, document, **changes):
        """Claims billed and placed in a file, as `render` leaves them; oldest first."""
        base = json.loads(document())
        made = [
            json.dumps({**base, "external_id": f"{base['external_id']}-{n}-{self.control}", **changes}).encode()
            for n in range(count)
        ]
        self.control += 1
        intake.submit(self.ctx, self.org, made, "test")
        take(self.ctx, self.org, self.org)
        with self.tx() as tx:
            lots = [
                r.lot_id
                for r in tx.rows("SELECT DISTINCT lot_id FROM claim WHERE lot_id IS NOT NULL AND state = 'READY'")
            ]
        for lot in lots:
            validate(self.ctx, self.org, lot)
            bundle(self.ctx, self.org, lot)
            render(self.ctx, self.org, lot)
        with self.tx() as tx:
            rows = tx.rows(
                "SELECT id, clm01, charge_cents FROM claim WHERE state = 'SUBMITTED' ORDER BY id DESC LIMIT :n", n=count
            )
        assert len(rows) == count, "the claims of the test must pass the edits"
        return [Sent(*row) for row in reversed(rows)]

    def store(self, kind, data, name="in", mailbox="clearinghouse"):
        with self.tx() as tx:
            [box] = tenants.mailboxes(tx, mailbox)
            return inbound.store(tx, box.id, name, kind, data, parent_id=None, event="received", reason=None)[0]

    def era(self, *claims, trace="T1", amount=None, plb=(), control=None, usage="T", day=DAY, reference="R"):
        """The bytes of an 835 file with one set; `amount` unless given is what balances."""
        self.control += 1
        value = t835.Remittance(
            payment=t835.Payment(
                handling="I",
                amount_cents=sum(c.paid_cents for c in claims) - sum(cents for _, cents in plb) if amount is None else amount,
                method="ACH",
                format="CCP",
                sender_bank_kind="01", sender_bank="091000019", sender_account_kind="DA", sender_account="1",
                originating_company=PAYER,
                receiver_bank_kind="01", receiver_bank="091000019", receiver_account_kind="DA", receiver_account="2",
                date=day,
                trace_number=trace,
                payer_trace_id=PAYER,
            ),
            production_date=day,
            payer=t835.PayerParty(name="INVENTED PAYER", address=t835.Address(line1="1 ROAD", city="TOWN", state="OH", zip="43004"),
                                  contacts=[t835.Contact(function="BL", name="HELP", numbers=[("TE", "5555550100")])]),
            payee=t835.PayeeParty(name="INVENTED EMS", npi="1999000001", tax_id="999999999"),
            claims=list(claims),
            provider_adjustments=[
                t835.ProviderAdjustment(provider_id="1999000001", fiscal_date=date(2026, 12, 31), reason=reason, reference=reference, amount_cents=cents)
                for reason, cents in plb
            ],
        )  # fmt: skip
        envelope = Envelope(
            sender_qualifier="ZZ", sender_id="PAYER", receiver_qualifier="ZZ", receiver_id="US",
            group_sender="PAYER", group_receiver="US", control_number=control or self.control, usage=usage,
            when=datetime(2026, 11, 20, 10, 0), functional_id="HP", version=t835.VERSION,  # noqa: DTZ001
        )  # fmt: skip
        return write_interchange(envelope, [t835.write_set(value, "0001").data])

    def remit(self, *claims, **kw):
        """An 835 arrives and is taken in and matched; gives the id of its inbound file."""
        file_id = self.store("x12:835", self.era(*claims, **kw))
        self.take_in(file_id)
        return file_id

    def deposit(self, cents, trace="T1", addenda=None):
        """The bank tells of one deposit."""
        file_id = self.store("nacha:deposit", self.deposit_file(cents, trace, addenda), mailbox="bank")
        self.take_in(file_id)
        return file_id

    def deposit_file(self, cents, trace="T1", addenda=None):
        self.ach += 1
        text = trn_text(trace, PAYER) if addenda is None else addenda
        entry = ach.AchEntry(
            transaction_code=22, rdfi="091000019", account="2", amount_cents=cents, individual_id="1", name="INVENTED EMS",
            trace=f"09100001{self.ach:07d}", addenda=[ach.Addenda05(text=text)] if text else [],
        )  # fmt: skip
        batch = ach.AchBatch(
            service_class=220, company_name="INVENTED PAYER", company_id=PAYER, sec="CCD", description="HCCLAIMPMT",
            odfi="09100001", number=1, effective_date=DAY, entries=[entry],
        )  # fmt: skip
        return write_ach(
            ach.AchFile(
                origin="091000019", origin_name="BANK", destination="1999999999", destination_name="INVENTED",
                created=datetime(2026, 11, 20, 10, self.ach), batches=[batch],  # noqa: DTZ001
            )
        )  # fmt: skip

    def take_in(self, file_id):
        ingest(self.ctx, self.org, file_id)
        match(self.ctx, self.org, file_id)

    # -- what the tests look at
    def column(self, statement, **parameters):
        with self.tx() as tx:
            return [row[0] for row in tx.rows(statement, **parameters)]

    def states(self, table):
        return self.column(f"SELECT state FROM {table} ORDER BY id")

    def exceptions(self):
        return self.column("SELECT type FROM work_exception WHERE state = 'OPEN' ORDER BY id")

    def objections(self, file_id):
        """Why payments of a file may not go, by the rules in force."""
        rules = Rules(self.ctx.releases, self.ctx.clock.now(), self.ctx.today())
        with self.tx() as tx:
            return standings.recheck(tx, file_id, rules)

    def proof(self):
        from pipeline.store import ledger

        with self.tx() as tx:
            return ledger.proof(tx)


def decision(sent, paid, *adjustments, status="1", charge=None, payer_number="ICN1", clm01=None):
    """A CLP with one line that carries all its adjustments: ("CO", "45", cents) each; balanced if they are."""
    cents = sent.charge_cents if charge is None else charge
    line = t835.RemittanceLine(
        procedure="A0429", charge_cents=cents, paid_cents=paid, service_date=date(2026, 9, 15),
        line_control_number=None if clm01 else f"{sent.clm01}L1",
        adjustments=[t835.Adjustment(group=g, reason=r, amount_cents=c) for g, r, c in adjustments],
    )  # fmt: skip
    patient = sum(c for g, _, c in adjustments if g == "PR")
    return t835.RemittanceClaim(
        patient_control_number=clm01 or sent.clm01, status=status, charge_cents=cents, paid_cents=paid,
        patient_responsibility_cents=patient or None, filing_code="12", payer_control_number=payer_number,
        facility_code="11", frequency="1", patient=t835.Name(last_name="DOE", first_name="JO"), lines=[line],
    )  # fmt: skip


@pytest.fixture
def money(product, org):
    return Money(product, org)


@pytest.fixture
def decide():
    return decision
