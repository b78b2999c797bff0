"""Payees of every kind, and what becomes of their payments outside."""

from datetime import datetime

from edi.nacha.acknowledgment import acknowledge, write_acknowledgment
from edi.nacha.reading import read
from edi.nacha.returns import return_file
from edi.nacha.writing import write
from pipeline.domain.payees import ToldPayee
from pipeline.domain.payment import AccountType, Payee, PayeeKind
from pipeline.services import payments
from pipeline.stages.bank_answers import apply
from pipeline.stages.release import release
from pipeline.stages.upload import upload
from pipeline.store import files, ledger, payees

ACCOUNT = Payee(
    name="INVENTED SUPPLIES", routing_number="121042882", account_number="55550002", account_type=AccountType.CHECKING
)


def payee(money, kind="vendor", key="V-1", sec=None, **changes):
    """A payee whose first bank details count; gives his id."""
    told = ToldPayee(kind=PayeeKind(kind), key=key, where=_where(**changes), source="person")
    with money.tx() as tx:
        [met] = payees.meet(tx, [told], money.ctx.clock.now())
        tx.run("UPDATE payee SET sec = :sec WHERE id = :id", sec=sec, id=met.payee_id)
    return met.payee_id


def _where(**changes):
    given = {name: getattr(ACCOUNT, name) for name in ("name", "routing_number", "account_number", "account_type")}
    return Payee(**(given | changes))


def other_details(money, payee_id, **changes):
    """The details that counted are replaced by others, as if people had confirmed them."""
    told = ToldPayee(kind=PayeeKind.VENDOR, key="", where=_where(**changes), source="person")
    with money.tx() as tx:
        tx.run("UPDATE bank_details SET state = 'REPLACED' WHERE payee_id = :id", id=payee_id)
        [new] = payees.propose(tx, [(payee_id, told)]).values()
        tx.run(
            "UPDATE bank_details SET state = 'ACTIVE', confirmed_at = :now WHERE id = :id",
            now=money.ctx.clock.now(),
            id=new,
        )


def last_file(money, kind="ACH"):
    with money.tx() as tx:
        return files.content(tx, tx.value("SELECT max(id) FROM outbound_file WHERE kind = :kind", kind=kind))


def run(money):
    release(money.ctx, money.org, money.org)


def approve(money):
    """Everything that waits is approved, by as many as it takes."""
    for one in payments.waiting(money.ctx, money.org):
        for who in ("ben", "cleo")[: one.needed]:
            payments.approve(money.ctx, money.org, one.id, who)


def file(money):
    """What is owed is proposed, approved and placed in files."""
    run(money)
    approve(money)
    run(money)


def send(money):
    """The same, and the files leave."""
    file(money)
    for file_id in money.column("SELECT id FROM outbound_file WHERE state = 'RESERVED' AND kind = 'ACH' ORDER BY id"):
        upload(money.ctx, money.org, file_id)


def accept(money):
    """The bank takes its last file in."""
    sent = read(last_file(money)).file
    apply(money.ctx, money.org, money.store("bank:ack", write_acknowledgment(acknowledge(sent)), "ack", "bank"))


def come_back(money, code="R03", data=None):
    """The first entry of the last file, or of another one, is returned."""
    sent = read(data or last_file(money)).file
    trace = sent.batches[0].entries[0].trace
    back = return_file(sent, [(trace, code)], created=datetime(2026, 11, 24, 9, int(trace[-2:])))  # noqa: DTZ001
    apply(money.ctx, money.org, money.store("nacha:return", write(back), f"return {trace}", "bank"))


def balances(money, *accounts):
    with money.tx() as tx:
        found = ledger.trial_balance(tx)
    return tuple(found.get(account, 0) for account in accounts)
