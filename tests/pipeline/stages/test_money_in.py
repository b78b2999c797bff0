"""Money that comes in, in any order and number: the books are whole after each run, whatever payers and banks do."""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.domain.ledger import OWED_ON_CLAIM
from pipeline.services import write_offs
from pipeline.services.proof import proofs
from pipeline.store import ledger

CHARGE, PREPAID = 14_500, 3_000


@dataclass
class Payer:
    """What one payer says over time. A set is only what payers may say: a reversal takes back what stands."""

    claims: list
    standing: dict = field(default_factory=dict)
    sets: list = field(default_factory=list)
    carried: int = 0

    def say(self, draw, decide):
        rows = []
        for claim in self.claims:
            what = draw(st.sampled_from(["decide", "correct", "stranger", "nothing"]))
            if what == "correct" and claim.id in self.standing:
                paid, *why = self.standing.pop(claim.id)
                back = [(group, reason, -cents) for group, reason, cents in why]
                rows.append(decide(claim, -paid, *back, status="22", charge=-CHARGE))
                what = "decide"
            if what == "decide" and claim.id not in self.standing:
                price = draw(st.integers(0, CHARGE))
                refused = draw(st.integers(0, CHARGE - price))
                share = draw(st.integers(0, CHARGE - price - refused))
                said = (
                    CHARGE - price - refused - share,
                    ("CO", "45", price),
                    ("CO", "50", refused),
                    ("PR", "3", share),
                )
                self.standing[claim.id] = said
                rows.append(decide(claim, *said))
            elif what == "stranger":
                rows.append(
                    decide(claim, 700, charge=700, clm01=f"X{len(self.sets)}", payer_number=f"Y{len(self.sets)}")
                )
        plb = self._provider_level(draw, sum(row.paid_cents for row in rows))
        amount = sum(row.paid_cents for row in rows) - sum(cents for _, cents in plb)
        self.sets.append((rows, plb, f"T{self.claims[0].id}-{len(self.sets)}", amount))

    def _provider_level(self, draw, paid):
        plb = [("L6", -draw(st.integers(1, 900)))] if draw(st.booleans()) else []
        left = paid - sum(cents for _, cents in plb)
        if self.carried and left > 0:
            back = min(self.carried, left)
            plb.append(("FB", back))
            self.carried, left = self.carried - back, left - back
        if left < 0:
            plb.append(("FB", left))
            self.carried -= left
        return plb


def tell(money, payer, order):
    """The sets and their deposits, in this order; a deposit may come before its set, or never."""
    for kind, number in order:
        rows, plb, trace, amount = payer.sets[number]
        if kind == "era" and (rows or plb):
            money.remit(*rows, trace=trace, plb=plb)
        elif kind == "eft" and amount > 0:
            money.deposit(amount, trace=trace)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(data=st.data())
def test_whatever_comes_in_the_books_are_whole(money, decide, claim_document, data):
    payer = Payer(money.claims(2, claim_document))
    for _ in range(data.draw(st.integers(1, 4), label="sets")):
        payer.say(data.draw, decide)
    # A payer's own sets come in their order; the bank's deposits anywhere between.
    order = [("era", number) for number in range(len(payer.sets))]
    for number in data.draw(st.sets(st.integers(0, len(payer.sets) - 1)), label="paid"):
        order.insert(data.draw(st.integers(0, len(order))), ("eft", number))
    tell(money, payer, order)
    for claim in payer.claims:
        if data.draw(st.booleans(), label="give up"):
            with money.tx() as tx:
                refused = ledger.positions(tx, [claim.id])[claim.id].denied_cents
            if refused > 0:
                write_offs.write_off(money.ctx, money.org, "bill", claim.clm01, "given up")
    _whole(money, payer)


def _whole(money, payer):
    assert money.proof().balanced
    assert money.column("SELECT journal_id FROM entry GROUP BY journal_id HAVING sum(amount_cents) <> 0") == []
    for claim in payer.claims:
        _claim_adds_up(money, claim)
    with money.tx() as tx:
        told = tx.rows(
            "SELECT r.id, r.amount_cents - coalesce((SELECT sum(d.amount_cents) FROM deposit d"
            " WHERE d.remittance_id = r.id), 0) AS open, coalesce((SELECT sum(e.amount_cents) FROM entry e"
            " WHERE e.remittance_id = r.id AND e.account = 'eft_expected'), 0) AS expected FROM remittance r"
            " WHERE r.state IN ('POSTED', 'MATCHED')"
        )
        traces = [row.trace_number for row in tx.rows("SELECT DISTINCT trace_number FROM remittance")]
    assert [(row.id, row.open) for row in told] == [(row.id, row.expected) for row in told]
    assert all(one.agrees for trace in traces for one in proofs(money.ctx, money.org, "test", trace))


def _claim_adds_up(money, claim):
    """Owed = billed - paid by payers - paid by the patient - adjusted - written off; what is paid beyond is a credit."""
    with money.tx() as tx:
        found = ledger.claim_balances(tx, [claim.id])[claim.id]
    account = lambda name: found.get(name, 0)  # noqa: E731
    owed = sum(account(name) for name in OWED_ON_CLAIM)
    from_payers = account("eft_expected") + account("payer_credit")
    from_patient = PREPAID + account("patient_prepaid") + account("patient_credit")
    adjusted = sum(cents for name, cents in found.items() if name.startswith("adjustment"))
    assert owed == CHARGE - from_payers - from_patient - adjusted - account("write_off")
    assert all(account(name) >= 0 for name in OWED_ON_CLAIM)
    assert all(account(name) <= 0 for name in ("payer_credit", "patient_prepaid", "patient_credit"))


def test_the_order_of_money_and_its_explanation_does_not_matter(money, decide, claim_document):
    found = []
    for turn, order in enumerate(((0, 1), (1, 0))):
        [claim] = money.claims(1, claim_document)
        trace = f"T{turn}"
        steps = (lambda: money.remit(decide(claim, 14_500), trace=trace), lambda: money.deposit(14_500, trace=trace))  # noqa: B023
        for step in order:
            steps[step]()
        with money.tx() as tx:
            found.append(ledger.claim_balances(tx, [claim.id])[claim.id])
    assert found[0] == found[1]
    assert money.states("remittance") == ["MATCHED"] * 2
    assert money.states("deposit") == ["MATCHED"] * 2


def test_a_takeback_names_its_claim_and_lowers_the_payers_credit(money, decide, claim_document):
    [claim] = money.claims(1, claim_document)
    money.remit(decide(claim, 20_000, charge=20_000))
    assert money.exceptions() == ["payer_credit", "charge_differs"]
    [other] = money.claims(1, claim_document)
    money.remit(decide(other, 14_500), trace="T2", plb=[("WO", 5_000)], reference=f"{claim.clm01} 20261120")
    with money.tx() as tx:
        accounts = ledger.trial_balance(tx)
        mine = ledger.claim_balances(tx, [claim.id])[claim.id]
    assert mine["payer_credit"] == -500
    assert "payer_credit" in money.exceptions()  # a part of it is left
    assert accounts["eft_expected"] == 20_000 + 9_500
    assert "recoupment" not in accounts
    _claim_adds_up(money, claim)
    [third] = money.claims(1, claim_document)
    money.remit(decide(third, 14_500), trace="T3", plb=[("WO", 500)], reference=claim.clm01)
    assert money.exceptions() == ["charge_differs"]
    _claim_adds_up(money, claim)
