"""Every kind of payment, and what becomes of it: who decides, what stops it, how it comes back, and when it is over.

Vendors' accounts are invented; the last two digits of each tell the sandbox's bank what to do with it. After the scenes
every payment of theirs has ended, the bank's statement ties out with our files, and the proof of all payments holds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from local.scenes import coming_back, passing_on, vendors
from local.scenes.claims import accepted, silent_of_money
from local.scenes.outside import Outside
from local.scenes.payplay import PREPARER, PayPlay
from local.scenes.play import NotAsExpected, dollars
from local.scenes.waiting import Say, until, watch_now
from local.whole import Whole
from pipeline.domain.calendar import add_banking_days
from pipeline.services import listings, payment_proof, payments
from pipeline.services.payment_proof import PaymentProof
from pipeline.store.approvals import Listed
from pipeline.store.listings import OpenException

FIRST_PATIENT = 10
SETTLED_DAYS = 6
"""Banking days after which nothing of the scenes may ordinarily come back: it settles on the next one or the one after."""
UNDER_WAY = ("PROPOSED", "APPROVED", "IN_FILE", "SENT", "ACKNOWLEDGED")


@dataclass(frozen=True, slots=True)
class PayScene:
    """`charges_cents`: of its claims, one each."""

    title: str
    play: Callable[[PayPlay], None]
    charges_cents: tuple[int, ...] = ()


def run(running: Whole, say: Say, scenes: Sequence[PayScene] | None = None) -> int:
    """Plays the scenes and gives how many; TimeoutError and NotAsExpected say what was seen instead.

    Call it when the outside has nothing more to say. Leaves no payment under way, and nothing told to people that they
    have not ended.
    """
    chosen = SCENES if scenes is None else scenes
    before = {one.id for one in _open(running)}
    with silent_of_money(running):
        outside = Outside(running.home / "sandbox.json")
        clm01s = iter(accepted(running, [c for scene in chosen for c in scene.charges_cents], "PAYING", FIRST_PATIENT))
        for scene in chosen:
            cases = outside.cases([next(clm01s) for _ in scene.charges_cents]) if scene.charges_cents else []
            play = PayPlay(running, say, scene.title, outside, cases)
            scene.play(play)
            play.prove()
    if left := [one for one in _open(running) if one.id not in before]:
        told = ", ".join(f"{one.type} of {one.subject_kind} {one.subject_id}" for one in left)
        raise NotAsExpected(f"the scenes of payments leave open what people were told: {told}")
    return len(chosen)


def _open(running: Whole) -> list[OpenException]:
    return listings.open_exceptions(running.product.context, running.org_id, 10_000)


def run_down(running: Whole) -> None:
    """Lets the days pass in which what was paid last may come back; TimeoutError where a payment does not end."""
    ctx = running.product.context
    ctx.clock.advance((add_banking_days(ctx.today(), SETTLED_DAYS) - ctx.today()) // timedelta(seconds=1))

    def ended() -> bool:
        watch_now(running)
        return not under_way(running)

    until(running, "the end", "no payment is under way", ended, lambda: f"{under_way(running)}")


def under_way(running: Whole) -> list[Listed]:
    """Payments that wait for nobody and have not ended."""
    return payments.listed(running.product.context, running.org_id, UNDER_WAY)


# -- the end of all of them ---------------------------------------------------------------------------------------------
def settlement(play: PayPlay) -> None:
    """Nothing of the tenant's is under way any more; the statement, the books and the states of payments say the same."""
    by_rule = vendors.known_vendor(play)
    [last] = payments.provisional(play.ctx, play.org_id)
    play.tell(f"P{by_rule} is small and goes to a vendor who was paid before: it leaves by rule, nobody is asked")
    play.tell(f"{dollars(last.cents)} are paid provisionally: they may ordinarily come back until {last.until}")
    play.banking_days_pass(SETTLED_DAYS)
    play.until_watched("no payment is under way", lambda: not under_way(play.running))
    found = payment_proof.prove(play.ctx, play.org_id, PREPARER)
    apart = [one.what for one in found.compared if not one.agrees] + [gap.why for gap in found.gaps]
    play.must(found.agrees, f"the proof of payments holds, and does not differ in {apart}")
    settled = payments.listed(play.ctx, play.org_id, ["SETTLED"])
    play.tell(f"those days are over: {len(settled)} payments are settled, none is under way")
    play.tell(f"the statement tells of every file of ours and of every return; `claimrail proof`: {_told(found)}")


def _told(found: PaymentProof) -> str:
    return "; ".join(f"{one.what}: {one.left} = {one.right}" for one in found.compared)


SCENES = (
    PayScene("a new vendor is tried out before he is paid", vendors.new_vendor),
    PayScene("a payer's credit goes back to it", passing_on.payer_credit, (22_500,)),
    PayScene("a payer's money goes on to its provider", passing_on.to_provider, (26_000,)),
    PayScene("a name is put on hold", vendors.name_hold),
    PayScene("a payment comes back from a closed account", coming_back.closed_account),
    PayScene("a return tells of fraud", coming_back.questionable),
    PayScene("the receiving bank corrects an account", coming_back.corrected),
    PayScene("two returns are not accepted, and one of them is contested", coming_back.disputed),
    PayScene("a vendor is paid twice, and the second payment is asked back", vendors.reversal),
    PayScene("what was paid is settled", settlement),
)
