"""A hospital and its ambulance, one tenant: the ride, the stay, the emergency visit and the surgery leave together.

The hospital bills by its own number and taxonomy, the ambulance by the tenant's default. One lot goes out as two files, an
837P and an 837I; the payer is asked about the stay, decides, pays, and what the emergency patient paid too much goes back.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.scenes.waiting import Say, Seen, until
from local.whole import EXAMPLES, Whole, providers
from pipeline.services import intake, status_inquiries
from pipeline.store import stories

BILLER = "ana"
TITLE = "a stay from ready to cash"
RIDE, STAY, VISIT, SURGERY, NURSING = (
    "bls_fall_at_home",
    "stay_hip_fracture",
    "emergency_chest_pain",
    "outpatient_hernia_repair",
    "stay_in_nursing_facility",
)
EXAMPLES_OF_IT = (RIDE, STAY, VISIT, SURGERY, NURSING)
_TAKEN_IN = "PAYER_ACCEPTED"
_ALL_PAID = "0"
"""The last digit of a member id for which the sandbox's payer leaves nothing to the patient: what he paid goes back."""


def run(running: Whole, say: Say) -> int:
    """Plays the scene and gives how many there are; TimeoutError says what did not come about."""
    stamp = int(running.product.context.clock.now().timestamp())
    _Scene(running, say, {name: f"HOSPITAL-{place}-{stamp}" for place, name in enumerate(EXAMPLES_OF_IT)}).play()
    return 1


@dataclass(slots=True)
class _Scene:
    running: Whole
    say: Say
    ids: dict[str, str]
    """External id by example."""
    clm01s: dict[str, str] = field(default_factory=dict)

    def play(self) -> None:
        delays = self.running.plan.delays
        self.say(f"HOSPITAL: {TITLE}")
        self._submit()
        kinds = self._until("they leave in two files", self._files)
        self.say(f"  {len(self.ids)} claims of one lot left as {' and '.join(kinds)}")
        self._pass(delays.ack_s + delays.status_s)
        self._until(
            "the clearinghouse takes them in", lambda: set(self._submissions()) <= {"CLEARINGHOUSE_ACCEPTED", _TAKEN_IN}
        )
        self._pass(delays.payer_status_s)
        self._until("the payers take them in", lambda: set(self._submissions()) == {_TAKEN_IN})
        self._ask()
        self._pass(delays.remit_s)
        self._until("the payers decide", lambda: "SUBMITTED" not in self._states().values())
        states = self._states()
        self.say(f"  the stay is {states[STAY]}, the surgery {states[SURGERY]}, the ride {states[RIDE]}")
        self._pass(delays.deposit_s)
        refund = self._until("the refund of the emergency patient is proposed", self._refund)
        self.say(f"  the emergency patient had paid too much: a refund of {refund} cents goes back")

    # -- what is done -----------------------------------------------------------------------------------------------
    def _submit(self) -> None:
        documents = [json.dumps(self._document(name)).encode() for name in self.ids]
        receipts = intake.submit(self.running.product.context, self.running.org_id, documents, "upstream")
        refused = [one.problems for one in receipts if one.clm01 is None]
        if refused:
            raise SystemExit(f"a claim of a scene was refused: {refused}")
        self.clm01s = {name: one.clm01 or "" for name, one in zip(self.ids, receipts, strict=True)}

    def _document(self, name: str) -> dict[str, Any]:
        base = json.loads((EXAMPLES / "claims" / f"{name}.json").read_text(encoding="utf-8"))
        base["external_id"] = self.ids[name]
        if "form" in base:
            base["billing_provider_npi"] = providers()[1].npi
        if name == VISIT:
            base["patient"]["member_id"] = base["patient"]["member_id"][:-1] + _ALL_PAID
        return dict(base)

    def _ask(self) -> None:
        [asked] = status_inquiries.ask(self.running.product.context, self.running.org_id, BILLER, [self.ids[STAY]])
        self._until(
            "the question is acknowledged",
            lambda: self._rows(
                "SELECT 1 FROM inquiry q JOIN outbound_file f ON f.id = q.file_id WHERE q.id = :id AND f.state = 'ACCEPTED'",
                id=asked.id,
            ),
        )
        self._pass(self.running.plan.delays.inquiry_s)
        answer = self._until(
            "the payer answers about the stay",
            lambda: self._rows("SELECT answer FROM inquiry WHERE id = :id AND state = 'ANSWERED'", id=asked.id),
        )
        self.say(f"  {BILLER} asks about the stay; its payer answers {answer[0][0]}")

    def _pass(self, seconds: float) -> None:
        self.running.product.context.clock.advance(int(seconds) + 60)

    # -- what is seen -----------------------------------------------------------------------------------------------
    def _rows(self, statement: str, **given: Any) -> list[Sequence[Any]]:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            return [tuple(row) for row in tx.rows(statement, **given)]

    def _claim_ids(self) -> list[int]:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            return [stories.versions(tx, clm01)[-1].id for clm01 in self.clm01s.values()]

    def _files(self) -> list[str]:
        """The kinds of the files that they left in; none before all have left."""
        found = self._rows(
            "SELECT DISTINCT f.kind, f.state FROM submission s JOIN outbound_file f ON f.id = s.file_id"
            " WHERE s.claim_id = ANY(CAST(:ids AS bigint[])) ORDER BY f.kind",
            ids=self._claim_ids(),
        )
        left = [kind for kind, state in found if state in {"SENT", "ACCEPTED"}]
        return left if len(left) == len(found) else []

    def _submissions(self) -> list[str]:
        found = self._rows(
            "SELECT state FROM submission WHERE claim_id = ANY(CAST(:ids AS bigint[]))", ids=self._claim_ids()
        )
        return [state for (state,) in found]

    def _states(self) -> dict[str, str]:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            return {name: stories.versions(tx, clm01)[-1].state for name, clm01 in self.clm01s.items()}

    def _refund(self) -> int | None:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            claim_id = stories.versions(tx, self.clm01s[VISIT])[-1].id
        found = self._rows("SELECT amount_cents FROM payment WHERE claim_id = :id AND kind = 'refund'", id=claim_id)
        return int(found[0][0]) if found else None

    def _until(self, what: str, seen: Callable[[], Seen | None]) -> Seen:
        return until(self.running, TITLE, what, seen)
