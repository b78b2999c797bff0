"""A claim is one in the books, whatever its version: what stands at the end is what the last version alone would have."""

from dataclasses import dataclass, field
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.ledger import Account, NewEntry, Position, billed
from pipeline.domain.posting import Decision, decided, reversed_from
from pipeline.domain.rebilling import Asked, Version, rebilled, unbilled

BOOKS, DAY = 7, date(2026, 11, 27)


@dataclass
class Books:
    """One claim's books, moved by the domain's own functions."""

    entries: list[NewEntry] = field(default_factory=list)

    def post(self, *journals):
        for journal in journals:
            assert sum(entry.amount_cents for entry in journal.entries) == 0
            self.entries += journal.entries

    @property
    def position(self):
        return Position().after(self.entries)

    def total(self, *accounts):
        return sum(entry.amount_cents for entry in self.entries if entry.account in accounts)

    def send(self, number, frequency, asks):
        so_far = Asked(-self.total(Account.REVENUE), self.total(Account.PATIENT_CASH))
        version = Version(claim_id=BOOKS + number, books_id=BOOKS, frequency=frequency, asks=asks)
        journals = rebilled(version, so_far, self.position, DAY)
        self.post(*journals)
        return journals

    def decide(self, decision):
        entries = decided(BOOKS, 1, self.position, decision).entries
        self.entries += entries
        return entries

    def take_back(self, entries):
        self.entries += reversed_from(entries, 2, BOOKS, self.position).entries


def alone(asks, decision=None):
    """The books of one version that no other came before."""
    books = Books()
    books.post(*billed(BOOKS, asks.charge_cents, asks.patient_paid_cents, DAY))
    if decision is not None:
        books.decide(decision)
    return books


_cents = st.integers(0, 50_000)
_asks = st.builds(Asked, st.integers(1, 50_000), st.integers(0, 5_000))


@st.composite
def _decision(draw, charge):
    """What a payer may say of a charge: all of it is explained."""
    parts = sorted(draw(st.tuples(*[st.integers(0, charge)] * 3)))
    paid, price, share = parts[0], parts[1] - parts[0], parts[2] - parts[1]
    return Decision(paid, {"CO": price}, share, charge - parts[2])


@settings(max_examples=300)
@given(data=st.data(), first=_asks)
def test_the_books_end_as_if_the_last_version_alone_had_been_sent(data, first):
    books, asks, standing, number = alone(first), first, None, 0
    for _ in range(data.draw(st.integers(0, 6))):
        what = data.draw(st.sampled_from(["decide", "reverse", "replace", "turned away", "void"]))
        if what == "decide" and standing is None and asks.charge_cents:
            standing = books.decide(data.draw(_decision(asks.charge_cents)))
        elif what == "reverse" and standing is not None:
            books.take_back(standing)
            standing = None
        elif what in {"replace", "void", "turned away"}:
            number += 1
            sent = data.draw(_asks)
            journals = books.send(number, "8" if what == "void" else "7", sent)
            if what == "turned away":
                books.post(unbilled(BOOKS + number, 1, [e for j in journals for e in j.entries], DAY))
            else:
                asks = Asked(0, asks.patient_paid_cents) if what == "void" else sent
    if standing is not None:
        books.take_back(standing)
    said = data.draw(_decision(asks.charge_cents)) if asks.charge_cents else None
    if said is not None:
        books.decide(said)
    assert sum(entry.amount_cents for entry in books.entries) == 0
    expected = alone(asks, said)
    assert books.position == expected.position
    assert all(books.total(account) == expected.total(account) for account in Account)


@given(data=st.data(), first=_asks, second=_asks)
def test_a_refusal_that_nobody_takes_back_is_asked_for_anew_all_the_same(data, first, second):
    """Many a payer answers a corrected claim without reversing that he had refused it."""
    books = alone(first)
    refusal = books.decide(Decision(0, {}, 0, first.charge_cents))
    books.send(1, "7", second)
    assert (books.position.receivable_cents, books.position.denied_cents) == (second.charge_cents, 0)
    said = data.draw(_decision(second.charge_cents))
    books.decide(said)
    late = data.draw(st.booleans())
    if late:
        books.take_back(refusal)
    expected = alone(second, said)
    patients = (Account.PATIENT_PREPAID, Account.PATIENT_CREDIT, Account.PATIENT_DUE)
    assert books.total(*patients) == expected.total(*patients)
    payers = (Account.RECEIVABLE, Account.RECEIVABLE_DENIED)
    assert books.total(*payers) == expected.total(*payers)


def test_a_version_that_changes_no_amount_writes_nothing():
    assert alone(Asked(100, 0)).send(1, "7", Asked(100, 0)) == []


def test_a_void_owes_the_payer_what_he_paid_until_he_takes_it_back():
    books = alone(Asked(10_000, 500))
    paid = books.decide(Decision(6_000, {"CO": 4_000}))
    books.send(1, "8", Asked(10_000, 500))
    assert books.position.receivable_cents == -10_000
    books.take_back(paid)
    assert books.position == Position(patient_prepaid_cents=-500), "what the patient paid is still his"
    assert not books.total(Account.REVENUE)
