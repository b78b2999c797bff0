"""A bank that answers our ACH files by hand: acknowledgments, returns and what becomes of them, reports of what it booked."""

import copy
from dataclasses import replace
from datetime import datetime, timedelta

from edi import bai2
from edi.nacha.acknowledgment import acknowledge, write_acknowledgment
from edi.nacha.reading import read
from edi.nacha.returns import Sheet, contested_file, dishonored_file, return_file
from edi.nacha.writing import write
from pipeline.domain.payment import PaymentKind
from pipeline.services import payments as people
from pipeline.services import setup
from pipeline.stages import ruling
from pipeline.stages.acknowledge import acknowledge as acknowledge_stage
from pipeline.stages.ingest import ingest
from pipeline.stages.release import release
from pipeline.stages.upload import upload
from pipeline.stages.watch import watch
from pipeline.store import files, ledger, payments, tenants
from pipeline.store.payments import NewPayment


class BankDesk:
    """One tenant's bank. Every reply comes twice, so that what counts twice shows in every test."""

    def __init__(self, money):
        self.money, self.ctx, self.org = money, money.ctx, money.org
        self.minute = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - a header tells no zone
        self.told = 0

    def send(self):
        """Lets all that may go leave; gives the file that left last: (id, as it was sent)."""
        release(self.ctx, self.org, self.org)
        waiting = "SELECT id FROM outbound_file WHERE kind = 'ACH' AND state = 'RESERVED' ORDER BY id"
        for file_id in self.money.column(waiting):
            upload(self.ctx, self.org, file_id)
        [file_id] = self.money.column("SELECT max(id) FROM outbound_file WHERE kind = 'ACH'")
        return file_id, self.sent(file_id)

    def sent(self, file_id):
        with self.money.tx() as tx:
            return read(files.content(tx, file_id)).file

    def profile(self, **changes):
        """The bank's mailbox, put anew by its owner."""
        with self.money.tx() as tx:
            [box] = tenants.mailboxes(tx, "bank")
        changed = type(box.profile).model_validate(box.profile.model_dump() | changes)
        setup.put_mailbox(self.ctx, self.org, "operator", box.name, box.mode, changed)

    def take(self, file, *args, **kw):
        """The bank takes the file, or what else its answer says."""
        return self.answer(acknowledge(file, *args, **kw))

    def answer(self, value, data=None):
        return self._come("bank:ack", data or write_acknowledgment(value))

    def give_back(self, file, code, *traces, **kw):
        """Returns these entries of a file that was sent (none named: all); gives the returning file."""
        named = traces or [entry.trace for batch in file.batches for entry in batch.entries]
        sheet = self._sheet()
        back = return_file(
            file, [(trace, code) for trace in named], created=sheet.created, first_sequence=sheet.first_sequence, **kw
        )
        self._come("nacha:return", write(back))
        return back

    def dishonour(self, back, code="R68"):
        """Our bank does not accept returns; gives the file that says so."""
        named = [(entry.trace, code) for batch in back.batches for entry in batch.entries]
        told = dishonored_file(back, named, self._sheet())
        self._come("nacha:return", write(told))
        return told

    def contest(self, dishonoured, code="R76"):
        named = [(entry.trace, code) for batch in dishonoured.batches for entry in batch.entries]
        self._come("nacha:return", write(contested_file(dishonoured, named, self._sheet())))

    def come(self, file):
        """Some ACH file of the bank's, as it is."""
        return self._come("nacha:return", write(file))

    def report(self, *lines, day):
        """A BAI2 report of own movements: (type code, cents, customer reference)."""
        told = [
            bai2.Transaction(
                type_code=code, amount_cents=cents, funds_type="0", bank_reference=f"B{n}", customer_reference=reference
            )
            for n, (code, cents, reference) in enumerate(lines)
        ]
        self.told += 1
        account = bai2.Account(number="000200300", currency="USD", transactions=told)
        group = bai2.Group(
            receiver="1999990001", originator="091000080", status="1", as_of=day, modifier="2", accounts=[account]
        )
        data = bai2.write(
            bai2.BaiFile(sender="091000080", receiver="1999990001", created=day, file_id=str(self.told), groups=[group])
        )
        return self._come("bai2", data, ingest)

    def _sheet(self):
        self.told += 1
        self.minute += timedelta(minutes=1)
        return Sheet(created=self.minute, first_sequence=self.told * 100)

    def silent(self):
        """The same bank, whose files are made and do not come."""
        made = copy.copy(self)
        made._come = lambda *_: None
        self.told, self.minute = self.told + 50, self.minute + timedelta(hours=1)
        return made

    def _come(self, kind, data, stage=acknowledge_stage):
        file_id = self.money.store(kind, data, mailbox="bank")
        for _ in range(2):
            stage(self.ctx, self.org, file_id)
        return file_id

    # -- what passes, and people -------------------------------------------------------------------------------------
    def pass_days(self, days=0.0):
        """Lets business time pass, then looks at what waits."""
        self.ctx.clock.advance(int(days * 86_400))
        watch(self.ctx, self.org, self.org)

    def pay_again(self, payment_id, kind=PaymentKind.REFUND, **changes):
        """What a payment that came back was to pay is paid anew, as a person would have it; gives the new one's id."""
        with self.money.tx() as tx:
            ledger.lock(tx)
            row = tx.first(
                "SELECT id, obligation, claim_id, amount_cents, payee, payee_id, details_id FROM payment WHERE id = :id",
                id=payment_id,
            )
            base, _, number = row.obligation.partition("/")
            new = NewPayment(
                kind=kind,
                obligation=f"{base}/{int(number or 1) + 1}",
                amount_cents=row.amount_cents,
                payee=payments.payee(tx, row),
                payee_id=row.payee_id,
                details_id=row.details_id,
                claim_id=row.claim_id,
                replaces_id=payment_id,
            )
            [made] = payments.propose(tx, [replace(new, **changes)], self.ctx.clock.now())
            ruling.rule(self.ctx, tx, [made])
        return made

    def approve(self):
        """Somebody who may says yes to all that waits."""
        for one in people.waiting(self.ctx, self.org):
            people.approve(self.ctx, self.org, one.id, "ben")

    # -- what the tests look at ----------------------------------------------------------------------------------------
    def balances(self, *accounts):
        with self.money.tx() as tx:
            found = ledger.trial_balance(tx)
        return tuple(found.get(account, 0) for account in accounts)

    def reason(self, type_):
        [told] = self.money.column("SELECT reason FROM work_exception WHERE type = :t AND state = 'OPEN'", t=type_)
        return told
