"""The 820 as values: an order to pay, and what is paid by it. Money is integer cents, blank is None.

One family of values serves both guides and the plain set of the standard; ``Form`` says which one it is. Lists keep the
order of the file. What was read keeps its set in ``raw``, and codes are kept as they came, known or not.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from edi.x12.sets.shared import Address, Contact, Delivery
from edi.x12.syntax.document import TransactionSet


class Form(StrEnum):
    """Which 820: its version, the beginning of ST03 or GS08."""

    GROUP_PREMIUM = "005010X218"  # premiums that an employer deducts, and other group premiums
    EXCHANGE = "005010X306"  # payments of a health insurance exchange
    PLAIN = "005010"  # the standard without a guide: settlements of vendors


@dataclass(slots=True, kw_only=True)
class Payment:
    """BPR: the money, and between which accounts it moves."""

    handling: str  # BPR01: C payment with remittance, I remittance only, D payment only, U either, by the bank
    amount_cents: int | None = None  # BPR02; None where a set that was read does not tell it
    credit_debit: str = "C"  # BPR03
    method: str  # BPR04: ACH, CHK, FWT, NON
    format: str | None = None  # BPR05: CTX, CCP
    sender_bank_kind: str | None = None  # BPR06
    sender_bank: str | None = None  # BPR07
    sender_account_kind: str | None = None  # BPR08
    sender_account: str | None = None  # BPR09
    originating_company: str | None = None  # BPR10
    originating_supplement: str | None = None  # BPR11
    receiver_bank_kind: str | None = None  # BPR12
    receiver_bank: str | None = None  # BPR13
    receiver_account_kind: str | None = None  # BPR14
    receiver_account: str | None = None  # BPR15
    date: dt.date | None = None  # BPR16

    @property
    def net_cents(self) -> int | None:
        """What the payee gets: negative where BPR03 says debit."""
        if self.amount_cents is None or self.credit_debit != "D":
            return self.amount_cents
        return -self.amount_cents


@dataclass(slots=True, kw_only=True)
class Trace:
    """TRN: what money and remittance have in common when they travel apart."""

    kind: str = "1"  # TRN01: 1 of this set, 3 of the payment that it belongs to
    number: str  # TRN02
    originator: str | None = None  # TRN03, 1 + the payer's tax id
    supplement: str | None = None  # TRN04


@dataclass(slots=True, kw_only=True)
class Currency:
    """CUR: whose currency it is, and which."""

    entity: str  # CUR01
    code: str  # CUR02


@dataclass(slots=True, kw_only=True)
class Reference:
    """REF."""

    qualifier: str  # REF01
    value: str | None = None  # REF02
    text: str | None = None  # REF03, in the plain set only


@dataclass(slots=True, kw_only=True)
class Note:
    """NTE, in the plain set only."""

    code: str | None = None  # NTE01
    text: str  # NTE02


@dataclass(slots=True, kw_only=True)
class Dated:
    """DTM: a day, or a period from day to day. A period without its last day is a day told in the period's place."""

    qualifier: str  # DTM01: 097 the set was made, 582 period reported on, 003 invoice …
    date: dt.date | None = None  # DTM02
    period_from: dt.date | None = None  # DTM06
    period_to: dt.date | None = None  # DTM06


@dataclass(slots=True, kw_only=True)
class Party:
    """N1 with what follows it: payee (PE), payer (PR; RM in an exchange's set), banks between them."""

    code: str  # N101
    name: str | None = None  # N102
    identifier_kind: str | None = None  # N103
    identifier: str | None = None  # N104
    more_name: str | None = None  # N201
    address: Address | None = None
    references: list[Reference] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    delivery: Delivery | None = None


@dataclass(slots=True, kw_only=True)
class Person:
    """NM1: for whom something is paid."""

    code: str  # NM101: IL, EY, QE, DO
    entity_type: str = "1"  # NM102: 1 a person, 2 none
    last_name: str | None = None  # NM103
    first_name: str | None = None  # NM104
    middle_name: str | None = None  # NM105
    prefix: str | None = None  # NM106
    suffix: str | None = None  # NM107
    identifier_kind: str | None = None  # NM108
    identifier: str | None = None  # NM109
    references: list[Reference] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Adjustment:
    """ADX. A negative amount lowers what is paid."""

    amount_cents: int | None = None  # ADX01; None where a set that was read does not tell it
    reason: str  # ADX02
    reference_kind: str | None = None  # ADX03, in the plain set only
    reference: str | None = None  # ADX04
    segment_number: int = field(default=0, compare=False)  # ST = 1


@dataclass(slots=True, kw_only=True)
class Charge:
    """SAC: a charge of the plan in a bill that sums up."""

    indicator: str = "C"  # SAC01
    code: str  # SAC02
    amount_cents: int | None = None  # SAC05


@dataclass(slots=True, kw_only=True)
class MemberCount:
    """SLN: for how many members of a kind (IE, PR, 10) is paid."""

    number: str  # SLN01
    relationship: str = "O"  # SLN03
    count: Decimal | None = None  # SLN04
    kind: str  # SLN05-1


@dataclass(slots=True, kw_only=True)
class SummaryLine:
    """IT1 with what follows it."""

    number: str  # IT101
    charges: list[Charge] = field(default_factory=list)
    members: list[MemberCount] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Item:
    """RMR with what follows it: one open item (invoice, policy, kind of payment) and what is paid of it.

    ``adjustments`` explain how ``billed_cents`` became ``paid_cents``: they are in it, and no money beside it.
    """

    kind: str | None = None  # RMR01: IV invoice, IK invoice of the plan, CT contract, AZ policy, ZZ kind of payment …
    reference: str | None = None  # RMR02
    action: str | None = None  # RMR03: PI, PO, PP, PA
    paid_cents: int | None = None  # RMR04; None where a set that was read does not tell it
    billed_cents: int | None = None  # RMR05
    discount_cents: int | None = None  # RMR06, in the plain set only; taken off, so positive
    adjustment_reason: str | None = None  # RMR07, in the plain set only
    adjustment_cents: int | None = None  # RMR08, the same; negative lowers what is paid
    notes: list[Note] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    line: SummaryLine | None = None
    adjustments: list[Adjustment] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)  # ST = 1


@dataclass(slots=True, kw_only=True)
class Entity:
    """ENT with what follows it: an organisation or person whose items are paid.

    ``adjustments`` stand before the items and belong to none of them: they change what is paid.
    """

    number: int | None = None  # ENT01; None for items that a set tells without ENT
    kind: str | None = None  # ENT02: 2J a person, 2L a corporation …
    identifier_kind: str | None = None  # ENT03
    identifier: str | None = None  # ENT04
    people: list[Person] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    segment_number: int = field(default=0, compare=False)  # ST = 1


@dataclass(slots=True, kw_only=True)
class PaymentOrder:
    """One 820 transaction set. ``unread`` is empty for a set whose money was read whole."""

    form: Form
    payment: Payment
    notes: list[Note] = field(default_factory=list)
    trace: Trace | None = None
    currency: Currency | None = None
    references: list[Reference] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    unread: list[int] = field(default_factory=list, compare=False)  # numbers of segments whose amount could not be read
    raw: TransactionSet | None = field(default=None, compare=False, repr=False)

    def party(self, *codes: str) -> Party | None:
        """The first party with one of these codes."""
        return next((one for one in self.parties if one.code in codes), None)

    @property
    def payee(self) -> Party | None:
        return self.party("PE")

    @property
    def payer(self) -> Party | None:
        return self.party("PR", "RM")

    @property
    def items(self) -> Iterator[Item]:
        """Those of all entities."""
        return (item for entity in self.entities for item in entity.items)

    @property
    def paid_cents(self) -> int:
        """What the items pay together, as far as their amounts are known (RMR04)."""
        return sum(item.paid_cents or 0 for item in self.items)

    @property
    def adjustment_cents(self) -> int:
        """What is added (taken off, where negative) beside the items, as far as it is known (ADX01 before any RMR)."""
        return sum(one.amount_cents or 0 for entity in self.entities for one in entity.adjustments)
