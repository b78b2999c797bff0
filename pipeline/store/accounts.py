"""By what bank accounts are found without being told in clear."""

from pipeline.domain.payment import Payee
from pipeline.store.database import Tenant


def account_index(tx: Tenant, routing_number: str, account_number: str) -> bytes:
    """Blind index of an account: equal ones meet, nothing can be read back."""
    return tx.keys.index("account", f"{routing_number}|{account_number}")


def index_of(tx: Tenant, where: Payee) -> bytes:
    """The same for the account of a payee."""
    return account_index(tx, where.routing_number, where.account_number)
