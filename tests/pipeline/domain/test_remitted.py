"""Money of 820s on a claim, in any order with its payer's decisions: nothing is invented, and nothing taken back twice."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import posting, remitted
from pipeline.domain.ledger import Account, NewEntry, Position
from pipeline.domain.posting import Decision
from pipeline.domain.remittance import Verdict

BILLED = Position(receivable_cents=10_000)
_cents = st.integers(0, 15_000)
_acts = st.lists(st.tuples(st.sampled_from(["pay", "take back", "decide"]), _cents, _cents), max_size=8)


@given(_acts)
def test_whatever_is_paid_taken_back_and_decided_the_claim_adds_up(acts):
    position, by_items, adjusted, from_payers, unposted = BILLED, [], 0, 0, 0
    for act, cents, more in acts:
        if act == "decide":
            made = posting.decided(1, 7, position, Decision(cents, {"CO": min(more, 2_000)}))
            adjusted += sum(e.amount_cents for e in made.entries if e.account is Account.ADJUSTMENT_CO)
        elif act == "pay":
            made = remitted.paid(1, 7, position, cents)
            by_items += made.entries
        else:
            made = remitted.taken_back(1, 7, position, by_items, cents)
            by_items += made.entries
            unposted += made.unposted_cents
        assert sum(e.amount_cents for e in made.entries) == 0
        position = position.after(made.entries)
        from_payers += sum(e.amount_cents for e in made.entries if e.account is Account.EFT_EXPECTED)
    assert remitted.owed_cents(position) >= 0
    assert min(position.receivable_cents, position.denied_cents, position.patient_due_cents) >= 0
    assert position.payer_credit_cents <= 0
    on_claim = from_payers + unposted
    assert remitted.owed_cents(position) == 10_000 - on_claim - adjusted - position.payer_credit_cents
    expected = [e.amount_cents for e in by_items if e.account is Account.EFT_EXPECTED and e.claim_id is not None]
    assert sum(expected) >= 0  # never more is taken out of the claim than 820s have put there


def test_what_is_owed_longest_is_paid_first_and_opened_last():
    position = Position(receivable_cents=500, denied_cents=300, patient_due_cents=200)
    made = remitted.paid(1, 7, position, 1_100, "MB")
    assert made.payer_credit_cents == 100
    assert made.entries == (
        NewEntry(Account.EFT_EXPECTED, 1_100, 1, 7),
        NewEntry(Account.RECEIVABLE, -500, 1, subaccount="MB"),
        NewEntry(Account.RECEIVABLE_DENIED, -300, 1, subaccount="MB"),
        NewEntry(Account.PATIENT_DUE, -200, 1),
        NewEntry(Account.PAYER_CREDIT, -100, 1),
    )
    after = position.after(made.entries)
    back = remitted.taken_back(1, 8, after, made.entries, 450, "MB")
    assert after.after(back.entries) == Position(receivable_cents=0, denied_cents=150, patient_due_cents=200)


def test_a_claim_moves_when_nothing_is_owed_and_when_something_is_owed_anew():
    owed, part, settled = Position(receivable_cents=5), Position(receivable_cents=2), Position(payer_credit_cents=-1)
    assert remitted.event(owed, part, None) is None
    assert remitted.event(part, settled, None) == "paid"
    assert remitted.event(settled, settled, None) is None
    assert remitted.event(settled, owed, None) == "reversed"
    assert remitted.event(settled, owed, Verdict.DENIED) == "denied"
