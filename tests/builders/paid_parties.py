"""Payees of every kind, and what becomes of their payments outside."""

from pipeline.domain.payees import ToldPayee
from pipeline.domain.payment import AccountType, Payee, PayeeKind
from pipeline.store import files, payees

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
