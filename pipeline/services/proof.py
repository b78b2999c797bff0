"""The proof of one 835 or 820: what it says, what was kept of it, what the books say and what the bank saw, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from edi.nacha.reading import read as read_ach
from edi.x12.syntax.reader import read
from pipeline.domain.errors import NotKnown
from pipeline.domain.ledger import Account
from pipeline.domain.remittance import Advice
from pipeline.mapping.bank_profiles import reading_profile
from pipeline.mapping.orders_in_addenda import carried
from pipeline.stages.context import Context
from pipeline.stages.remittance_sets import read_set
from pipeline.store import audit, inbound, statements, tenants
from pipeline.store.database import Tenant
from pipeline.store.inbound import InboundFile
from pipeline.store.statements import Booked, DepositRow, RemittanceRow

_POSTED = ("POSTED", "MATCHED")


@dataclass(frozen=True, slots=True)
class _Words:
    """What the parts of a set are called in it."""

    by_itself: str
    parts: str
    charged: str
    paid: str
    beside: str


_WORDS = {
    "835": _Words(
        "BPR02 = sum of CLP04 - sum of PLB",
        "claims",
        "charged (CLP03)",
        "paid on claims (CLP04)",
        "at provider level (PLB)",
    ),
    "820": _Words(
        "BPR02 = sum of RMR04 + sum of ADX",
        "items",
        "billed (RMR05)",
        "paid by items (RMR04)",
        "beside the items (ADX)",
    ),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sums that must be the same, in cents (or a count); `right` is None where there is nothing to compare with yet."""

    what: str
    left: int
    right: int | None
    note: str = ""

    @property
    def agrees(self) -> bool:
        return self.right is None or self.left == self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    remittance: RemittanceRow
    compared: list[Compared]
    booked: Booked
    deposits: list[DepositRow]

    @property
    def agrees(self) -> bool:
        """Whether all that can be compared is the same."""
        return all(one.agrees for one in self.compared)


def proofs(ctx: Context, org_id: int, actor: str, key: str) -> list[Proof]:
    """The proofs of the remittances of this trace number, or of the one of this number (R12); the oldest first.

    The bytes that came in are read again. Raises NotKnown; writes down that `actor` looked.
    """
    with ctx.database.tenant(org_id, actor, snapshot=True) as tx:
        found = statements.remittances(tx, key)
        if not found:
            raise NotKnown(f"there is no remittance {key}: give its number (R12) or its trace number (TRN02)")
        proven = [_prove(tx, row) for row in found]
    with ctx.database.tenant(org_id, actor) as tx:
        for row in found:
            audit.note(tx, "remittance.proof", "remittance", row.id)
    return proven


def _prove(tx: Tenant, row: RemittanceRow) -> Proof:
    booked = statements.booked(tx, row.id)
    deposits = list(statements.deposits(tx, row.id))
    advice = _again(tx, row)
    compared = [*_by_itself(advice), *_kept(row, advice)]
    if row.state in _POSTED:
        compared += [*_decisions(tx, row, advice), *_books(row, booked, deposits)]
    return Proof(remittance=row, compared=compared, booked=booked, deposits=deposits)


def _again(tx: Tenant, row: RemittanceRow) -> Advice | None:
    """The set as its bytes say it today."""
    file = inbound.get(tx, row.inbound_file_id)
    assert file is not None
    if not file.kind.startswith("x12"):
        return _carried(tx, file, row.position)
    document = read(file.content)
    sets = [ts for interchange in document.interchanges for group in interchange.groups for ts in group.sets]
    return read_set(sets[row.position - 1]).advice


def _carried(tx: Tenant, file: InboundFile, position: int) -> Advice | None:
    """The 820 that stands in the addenda of the bank's file."""
    ach = read_ach(file.content, reading_profile(tenants.mailbox(tx, file.mailbox_id).profile)).file
    if ach is None:
        return None
    one = carried(ach)[position - 1]
    return read_set(one.one, one.company_id).advice


def _by_itself(advice: Advice | None) -> Iterator[Compared]:
    if advice is None:
        yield Compared("the set can be read again", 0, 1)
        return
    claims, provider, alone = _paid(advice), _provider(advice), f"the {advice.set_id} by itself"
    yield Compared(_WORDS[advice.set_id].by_itself, advice.amount_cents, claims - provider, alone)
    if advice.set_id == "835":
        explained = sum(c.paid_cents + sum(r.amount_cents for r in c.all_adjustments) for c in advice.claims)
        yield Compared("sum of CLP03 = CLP04 + all CAS", _charged(advice), explained, alone)


def _kept(row: RemittanceRow, advice: Advice | None) -> Iterator[Compared]:
    if advice is None:
        return
    told, words = "file, and what was kept of it", _WORDS[advice.set_id]
    yield Compared("payment (BPR02)", advice.amount_cents, row.amount_cents, told)
    yield Compared(words.parts, len(advice.claims), row.claims, told)
    yield Compared(words.charged, _charged(advice), row.charged_cents, told)
    yield Compared(words.paid, _paid(advice), row.claims_paid_cents, told)
    yield Compared(words.beside, _provider(advice), row.provider_cents, told)


def _decisions(tx: Tenant, row: RemittanceRow, advice: Advice | None) -> Iterator[Compared]:
    if advice is None:
        return
    recorded, parts = statements.decided(tx, row.id), _WORDS[advice.set_id].parts
    yield Compared(f"{parts} recorded", len(advice.claims), recorded.claims, "file and decisions")
    yield Compared(f"paid on {parts}, recorded", _paid(advice), recorded.paid_cents, "file and decisions")


def _books(row: RemittanceRow, booked: Booked, deposits: list[DepositRow]) -> Iterator[Compared]:
    expected = booked.by_account.get(Account.EFT_EXPECTED, 0)
    yield Compared("expected from the payer", row.amount_cents, expected, "remittance and journals")
    yield Compared(
        "all journals together", 0, sum(booked.by_account.values()), f"{booked.journals} journals sum to zero"
    )
    if row.state == "MATCHED" and row.amount_cents:
        seen = sum(one.amount_cents for one in deposits)
        yield Compared("deposit", row.amount_cents, seen, "remittance and bank")
        yield Compared("in the bank account", seen, sum(one.banked_cents for one in deposits), "bank and journals")
    elif row.amount_cents:
        yield Compared("deposit", row.amount_cents, None, "no deposit yet")


def _charged(advice: Advice) -> int:
    return sum(claim.charge_cents for claim in advice.claims)


def _paid(advice: Advice) -> int:
    return sum(claim.paid_cents for claim in advice.claims)


def _provider(advice: Advice) -> int:
    return sum(one.amount_cents for one in advice.provider_level)
