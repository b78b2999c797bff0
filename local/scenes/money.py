"""Money that goes wrong: what payer and bank do, what the system makes of it, and how a biller ends it.

Each scene has a few claims of its own. The sandbox takes them in as any other, but is told to keep silent about
their money: payer and bank are played here, to the letter of their formats. After each scene every 835 of it is proven,
and when all are over the sandbox's own answers to these claims have come due and were swallowed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from edi.x12.sets.t835 import Remittance
from local.scenes.claims import accepted, silent_of_money
from local.scenes.outside import Outside
from local.scenes.play import BILLER, Play, dollars
from local.scenes.waiting import Say
from local.whole import Whole
from pipeline.services import deposits, matching, suggestions
from sandbox.outcomes import correction, reversal

LATE_DAYS = 6


@dataclass(frozen=True, slots=True)
class Scene:
    """`charges_cents`: of its claims, one each."""

    title: str
    charges_cents: tuple[int, ...]
    play: Callable[[Play], None]


def run(running: Whole, say: Say, scenes: Sequence[Scene] | None = None) -> int:
    """Plays the scenes and gives how many; TimeoutError and NotAsExpected say what was seen instead.

    Call it when the main flow is over and the outside has nothing more to say: what it would say meanwhile of money is
    lost. Leaves the system with all its claims decided, their money matched, and no fault in the sandbox.
    """
    chosen = SCENES if scenes is None else scenes
    with silent_of_money(running):
        outside = Outside(running.home / "sandbox.json")
        clm01s = iter(accepted(running, [cents for scene in chosen for cents in scene.charges_cents]))
        for scene in chosen:
            cases = outside.cases([next(clm01s) for _ in scene.charges_cents])
            play = Play(running, say, scene.title, outside, cases)
            scene.play(play)
            play.prove()
    return len(chosen)


# -- the scenes -------------------------------------------------------------------------------------------------------
def _duplicate(play: Play) -> None:
    one = play.outside.decides((play.cases[0], play.paid()))
    play.pays(one)
    booked = play.moved("receivable")
    play.remits(one, unpostable="duplicate")
    again = play.remittance(one, "DUPLICATE")
    told = play.told("duplicate_remittance", ("remittance", again.id))
    play.books_moved(receivable=booked, bank=again.amount_cents, eft_expected=0)
    play.tell(f"the payer pays {dollars(again.amount_cents)} and sends its 835 twice, under other control numbers")
    play.tell(f"the second is kept as R{again.id}, DUPLICATE, and not posted; a person is told: {told.reason}")
    play.resolve(told, "the payer sent it twice; it is posted once")


def _unbalanced(play: Play) -> None:
    right = play.outside.decides((play.cases[0], play.paid()))
    cents = right.payment.amount_cents or 0
    wrong = replace(right, payment=replace(right.payment, amount_cents=cents + 100))
    play.remits(wrong, unpostable="unbalanced")
    kept = play.remittance(wrong, "UNBALANCED")
    told = play.told("remittance_unbalanced", ("remittance", kept.id))
    play.books_moved(receivable=0, eft_expected=0)
    play.claim_is("SUBMITTED")
    play.tell(f"an 835 says {dollars(cents + 100)}, and its claims make {dollars(cents)}: R{kept.id} is not posted")
    play.tell(f"a person is told: {told.reason}")
    [posted] = play.pays(right)
    play.claim_is("PAID")
    play.books_moved(bank=cents, eft_expected=0)
    play.resolve(told, f"the payer sent it again with the right sum: R{posted.id}")
    play.tell(f"the corrected set is posted and matched as R{posted.id}; the biller resolves it with a reason")


def _correction(play: Play) -> None:
    case, full = play.cases[0], play.paid()
    short = correction(full)
    play.pays(play.outside.decides((case, short)))
    [both] = play.pays(play.outside.decides((case, reversal(short)), (case, full)))
    play.claim_is("PAID")
    play.books_moved(
        receivable=-full.charge_cents, adjustment_co=full.charge_cents - full.paid_cents, bank=full.paid_cents,
        eft_expected=0, payer_credit=0,
    )  # fmt: skip
    play.tell(
        f"the payer paid {dollars(short.paid_cents)}, takes that back (status 22) and pays {dollars(full.paid_cents)}"
    )
    play.tell(
        f"R{both.id} is posted as reversal and correction, its {dollars(both.amount_cents)} matched; the claim is PAID"
    )


def _takeback(play: Play) -> None:
    case, paid = play.cases[0], play.paid()
    play.pays(*(play.outside.decides((case, paid)) for _ in range(2)))
    told = play.told("payer_credit", clm01=play.clm01())
    play.books_moved(payer_credit=-paid.paid_cents, receivable=-paid.charge_cents)
    play.tell(f"the payer pays {play.clm01()} twice, under two traces; {dollars(paid.paid_cents)} are its credit")
    other = (play.cases[1], play.paid(1))
    [back] = play.pays(play.outside.decides(other, taken_cents=[("WO", play.clm01(), paid.paid_cents)]))
    play.books_moved(payer_credit=0, recoupment=0, eft_expected=0, bank=paid.paid_cents + other[1].paid_cents)
    play.closes(told)
    play.tell(
        f"R{back.id} takes it back (PLB WO, our claim number): the credit is gone, {dollars(back.amount_cents)} came"
    )


def _forward(play: Play) -> None:
    case, full = play.cases[0], play.paid()
    less = correction(full)
    owed = full.paid_cents - less.paid_cents
    play.pays(play.outside.decides((case, full)))
    zero = play.outside.decides((case, reversal(full)), (case, less))
    [kept] = play.pays(zero)
    play.must(kept.amount_cents == 0, "a payment of nothing")
    play.books_moved(forward_balance=-owed, bank=full.paid_cents, eft_expected=0)
    play.tell(
        f"a correction leaves {dollars(owed)} too much; R{kept.id} pays nothing and carries that forward (PLB FB)"
    )
    rest = [("FB", zero.payment.trace_number, owed)]
    [last] = play.pays(play.outside.decides((play.cases[1], play.paid(1)), taken_cents=rest))
    play.books_moved(forward_balance=0, bank=less.paid_cents + play.paid(1).paid_cents, eft_expected=0)
    play.tell(f"R{last.id} pays {dollars(owed)} less for the next claim: the balance carried forward is zero again")


def _late_eft(play: Play) -> None:
    one = play.outside.decides((play.cases[0], play.paid()))
    play.remits(one)
    row = play.remittance(one, "POSTED")
    play.banking_days_pass(LATE_DAYS)
    told = play.told_by_watch("eft_late", ("remittance", row.id))
    play.books_moved(eft_expected=row.amount_cents, bank=0)
    play.tell(f"an 835 of {dollars(row.amount_cents)} comes, and {LATE_DAYS} banking days long no money: {told.reason}")
    play.deposits(one)
    play.remittance(one, "MATCHED")
    play.closes(told)
    play.books_moved(eft_expected=0, bank=row.amount_cents)
    play.tell(f"the deposit comes: R{row.id} is MATCHED, and what was told closes by itself")


def _late_era(play: Play) -> None:
    one = play.outside.decides((play.cases[0], play.paid()))
    play.deposits(one)
    deposit_id = play.until("the deposit waits", lambda: _waiting(play, one))
    play.banking_days_pass(LATE_DAYS)
    told = play.told_by_watch("era_late", ("deposit", deposit_id))
    play.books_moved(bank=0)
    cents = one.payment.amount_cents or 0
    play.tell(f"{dollars(cents)} come, and {LATE_DAYS} banking days long no 835: {told.reason}")
    play.remits(one)
    row = play.remittance(one, "MATCHED")
    play.closes(told)
    play.claim_is("PAID")
    play.books_moved(eft_expected=0, bank=cents)
    play.tell(f"the 835 comes: R{row.id} is MATCHED, the claim PAID, and what was told closes by itself")


def _waiting(play: Play, one: Remittance) -> int | None:
    found = deposits.lists(play.running.product.context, play.running.org_id).deposits
    return next((row.id for row in found if row.trace_number == one.payment.trace_number), None)


def _unmatched(play: Play) -> None:
    ctx, org_id = play.running.product.context, play.running.org_id
    one = _estranged(play.outside.decides((play.cases[0], play.paid())))
    [row] = play.pays(one)
    decision_id = play.until("the decision is listed as unmatched", lambda: _listed(play, one))
    told = play.told("unmatched_claim", ("remittance_claim", decision_id))
    play.books_moved(unapplied_cash=-row.amount_cents, bank=row.amount_cents, receivable=0)
    play.tell(
        f"an 835 of {dollars(row.amount_cents)} bears none of our numbers: matched with its deposit, unapplied, a person"
        " is told"
    )
    found = suggestions.suggestions(ctx, org_id, BILLER, decision_id)
    play.must(bool(found.suggestions) and found.suggestions[0].clm01 == play.clm01(), "our claim is suggested first")
    best = found.suggestions[0]
    play.tell(f"suggested: {best.clm01} with {best.points} points ({', '.join(best.evidence)}); {found.why}")
    matching.match(ctx, org_id, BILLER, decision_id, best.clm01, "same patient, day, charge and procedure")
    play.claim_is("PAID")
    play.closes(told)
    play.books_moved(unapplied_cash=0, bank=row.amount_cents, eft_expected=0, receivable=-best.charge_cents)
    play.tell("the biller matches it by hand: the money goes from unapplied cash to the claim, which is PAID")


def _listed(play: Play, one: Remittance) -> int | None:
    found = suggestions.unmatched(play.running.product.context, play.running.org_id, BILLER).waiting
    trace = one.payment.trace_number
    return next((row.decision.id for row in found if row.decision.trace_number == trace), None)


def _estranged(one: Remittance) -> Remittance:
    """The set as a payer writes it that has lost all our numbers."""
    [claim] = one.claims
    assert claim.patient is not None
    lost = replace(
        claim,
        patient_control_number="000881734",
        payer_control_number="7719004421",
        patient=replace(claim.patient, identifier="QX55102938"),
        lines=[replace(line, line_control_number=f"L{place}") for place, line in enumerate(claim.lines, 1)],
    )
    return replace(one, claims=[lost])


SCENES = (
    Scene("the payer sends an 835 twice", (14_500,), _duplicate),
    Scene("an 835 does not add up", (15_200,), _unbalanced),
    Scene("the payer takes a decision back and corrects it", (16_000,), _correction),
    Scene("the payer pays twice and takes it back", (12_500, 21_000), _takeback),
    Scene("the payer owes less than it takes back", (18_000, 19_500), _forward),
    Scene("the 835 comes and the money is late", (13_700,), _late_eft),
    Scene("the money comes and the 835 is late", (17_300,), _late_era),
    Scene("an 835 bears none of our numbers", (14_900,), _unmatched),
)
