"""Two payers of one claim: the second is billed with what the first one decided, or the first has passed the claim on himself.

The sandbox's payers decide; what they do follows from the claim's member ids at each of them (`sandbox/outcomes.py`).
"""

import json
from dataclasses import dataclass

from local.scenes.one_claim import OneClaim
from local.scenes.play import dollars
from local.scenes.waiting import Say
from local.whole import EXAMPLES, Whole
from pipeline.services import intake
from pipeline.services.story import Story
from pipeline.store import stories, work
from pipeline.store.stories import Version

SECOND, CROSSED = "the second payer is billed after the first one's 835", "the first payer passes the claim on himself"
_PATIENT_PAID_CENTS = 3_000
_DAY_S = 86_400


def run(running: Whole, say: Say) -> int:
    """Plays both scenes and gives how many; TimeoutError and NotAsExpected say what was seen instead.

    Leaves all their claims decided; what the patient of the first one gets back is on its way.
    """
    stamp = int(running.product.context.clock.now().timestamp())
    _Scene(running, say, SECOND, f"SECOND-{stamp}", f"NWC82{stamp % 10_000:04d}03", "QVH55104203").billed()
    _Scene(running, say, CROSSED, f"CROSSED-{stamp}", f"NWC83{stamp % 10_000:04d}53", "QVH55104210").crossed_over()
    return 2


@dataclass(slots=True)
class _Scene(OneClaim):
    member_id: str
    second_id: str

    # -- the scenes -------------------------------------------------------------------------------------------------------
    def billed(self) -> None:
        self.say(f"COORDINATION: {self.title}")
        self._submit()
        self._pass(self.running.plan.delays.remit_s)
        self._until("the first payer has decided", lambda: self._versions()[0].state == "PAID")
        first = self._shares()
        # The 835 may bear the next day's date, and no payer takes a claim that tells of a day to come.
        self._pass(_DAY_S)
        made = self._until("the second payer is billed", self._billed)
        self.say(
            f"  the first payer leaves {dollars(first)} to the patient, who has paid {dollars(_PATIENT_PAID_CENTS)}"
        )
        self.say(f"  version {made.version} of {made.clm01} goes to payer {made.payer_id} with that decision in it")
        self._pass(self.running.plan.delays.remit_s)
        self._until("the second payer has decided", lambda: self._versions()[-1].state == "PAID")
        told = self._until("the patient gets back what he had paid of it", self._refunded)
        self._must(len(told.versions) == 2, "one claim for the second payer")
        self._must(told.money.open_cents == told.money.credit_cents == 0, "nothing is open, no payer has a credit")
        left = told.money.patient_cents
        self._must(0 < left < min(first, _PATIENT_PAID_CENTS), f"the second payer leaves less: {left} of {first} cents")
        back = _PATIENT_PAID_CENTS - left
        self.say(
            f"  that one pays all but {dollars(left)} of it: {dollars(back)} go back to the patient; see `show {made.clm01}`"
        )

    def crossed_over(self) -> None:
        self.say(f"COORDINATION: {self.title}")
        self._submit()
        self._pass(self.running.plan.delays.remit_s)
        first = self._until("the first payer has decided", lambda: self._decided(1))
        self._must(first.tracking.next_step == "crossed_over", "the claim has crossed over")
        self.say(f"  {first.clm01} is decided and passed on (CLP02 19): no claim is made for the second payer")
        self._pass(self.running.plan.delays.crossover_s)
        told = self._until("the second payer's own 835 comes", lambda: self._decided(2))
        self._must(len(told.versions) == 1, "no claim was made for the second payer")
        self._must(told.money.open_cents == told.money.credit_cents == told.money.patient_cents == 0, "all is paid")
        self.say(
            f"  its own 835 comes for a claim that we never sent it: {dollars(told.money.paid_cents)} are paid in all"
        )

    # -- what is done and seen --------------------------------------------------------------------------------------------
    def _submit(self) -> None:
        base = json.loads((EXAMPLES / "claims" / "office_visit_established.json").read_text(encoding="utf-8"))
        second = {
            "payer_id": "55QV1", "name": "Quarry Valley Health", "filing_code": "CI", "responsibility": "S",
            "relationship": "01", "group_number": "QV-7",
            "insured": {"last_name": "Aldercott", "first_name": "Rufus", "member_id": self.second_id},
        }  # fmt: skip
        patient = {**base["patient"], "last_name": "Aldercott", "member_id": self.member_id}
        changed = {"external_id": self.external_id, "patient": patient, "other_payers": [second]}
        document = json.dumps({**base, **changed, "patient_paid_cents": _PATIENT_PAID_CENTS}).encode()
        [receipt] = intake.submit(self.running.product.context, self.running.org_id, [document], "upstream")
        if receipt.claim_id is None:
            raise SystemExit(f"the claim of a scene was refused: {receipt.problems}")
        self._until("it leaves and is taken in", lambda: self._sent(1))

    def _versions(self) -> list[Version]:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            return stories.versions(tx, self.external_id)

    def _sent(self, version: int) -> Version | None:
        """The version once the clearinghouse has taken it in."""
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            found = stories.versions(tx, self.external_id)[version - 1 :]
            tries = stories.tries(tx, stories.related(tx, [one.id for one in found])) if found else []
        return found[0] if any(one.state.endswith("_ACCEPTED") and one.state[0] != "S" for one in tries) else None

    def _billed(self) -> Version | None:
        """The second version once it has left. What waits for the 835's day looks again now and then; here at once."""
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            work.hasten(tx, "coordinate")
        return self._sent(2)

    def _decided(self, times: int) -> Story | None:
        told = self._story()
        return told if sum(event.subject == "decision" for event in told.events) == times else None

    def _shares(self) -> int:
        return self._story().money.patient_cents

    def _refunded(self) -> Story | None:
        told = self._story()
        return told if any(event.subject.startswith("payment") for event in told.events) else None
