"""A silent claim: its payer is asked, has not decided, is asked again, calls it paid, and the 835 that does not come is told.

The sandbox takes the claim in as any other, and keeps its 835 back; what it answers to the inquiries is its own.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from local.scenes.waiting import Say, Seen, misbehave, until, watch_now
from local.whole import EXAMPLES, Whole
from pipeline.services import intake, listings, status_inquiries
from pipeline.store import stories
from pipeline.store.listings import OpenException

BILLER = "ana"
TITLE = "a claim that its payer took in stays silent"
_DAY_S = 86_400
_UNPAID = "finalised_without_835"


def run(running: Whole, say: Say) -> int:
    """Plays the scene and gives how many there are; TimeoutError says what did not come about.

    Leaves the system as it was, its claim paid.
    """
    external_id = f"SILENT-{int(running.product.context.clock.now().timestamp())}"
    misbehave(running, {"hold": ["835"]})
    try:
        _Scene(running, say, external_id).play()
    finally:
        misbehave(running, {})
    return 1


@dataclass(slots=True)
class _Scene:
    running: Whole
    say: Say
    external_id: str

    def play(self) -> None:
        delays, limits = self.running.plan.delays, self.running.product.context.limits
        self.say(f"STATUS: {TITLE}")
        self._submit()
        self._pass(delays.ack_s + delays.status_s + delays.payer_status_s)
        self._until("the payer takes it in", lambda: self._submission() == "PAYER_ACCEPTED")
        self._ask("P1")
        self._pass(delays.remit_s)  # the payer decides, and what it sends does not arrive
        self._ask("F1")
        self._pass(limits.finalised_window_days * _DAY_S)
        told = self._until("a person is told that the 835 is missing", self._told)
        self.say(f"  a person is told: {told.reason}")
        misbehave(self.running, {})
        self._until("the 835 comes and the claim is paid", lambda: self._claim() == "PAID")
        self._until("the exception closes", lambda: self._told() is None)
        self.say("  the 835 came: the claim is PAID, the exception closed by itself")

    # -- what is done -----------------------------------------------------------------------------------------------
    def _submit(self) -> None:
        base = json.loads((EXAMPLES / "claims" / "office_visit_established.json").read_text(encoding="utf-8"))
        document = json.dumps({**base, "external_id": self.external_id}).encode()
        [receipt] = intake.submit(self.running.product.context, self.running.org_id, [document], "upstream")
        if receipt.claim_id is None:
            raise SystemExit(f"the claim of a scene was refused: {receipt.problems}")
        self._until("it leaves and is taken in", lambda: self._submission() not in {None, "IN_FILE", "SET_ACCEPTED"})

    def _ask(self, category: str) -> None:
        [asked] = status_inquiries.ask(self.running.product.context, self.running.org_id, BILLER, [self.external_id])
        self._until("the question leaves", lambda: self._file_state(asked.id) in {"SENT", "ACCEPTED"})
        self._until("the clearinghouse acknowledges it", lambda: self._file_state(asked.id) == "ACCEPTED")
        self._pass(self.running.plan.delays.inquiry_s)
        self._until(f"the payer answers {category}", lambda: self._answer(asked.id) == category)
        words = self._value("SELECT max(detail) FROM history WHERE subject_kind = 'inquiry' AND subject_id = :id"
                            " AND event = 'answered'", asked.id)  # fmt: skip
        self.say(f"  {BILLER} asks about claim {asked.clm01}; its payer answers {words}, the claim is {self._claim()}")

    def _pass(self, seconds: float) -> None:
        self.running.product.context.clock.advance(int(seconds) + 60)

    # -- what is seen -----------------------------------------------------------------------------------------------
    def _value(self, statement: str, row_id: int) -> str | None:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            found = tx.value(statement, id=row_id)
        return None if found is None else str(found)

    def _answer(self, inquiry_id: int) -> str | None:
        return self._value("SELECT answer FROM inquiry WHERE id = :id AND state = 'ANSWERED'", inquiry_id)

    def _file_state(self, inquiry_id: int) -> str | None:
        return self._value(
            "SELECT f.state FROM inquiry q JOIN outbound_file f ON f.id = q.file_id WHERE q.id = :id", inquiry_id
        )

    def _submission(self) -> str | None:
        return self._value(
            "SELECT state FROM submission WHERE claim_id = :id ORDER BY attempt DESC LIMIT 1", self._row().id
        )

    def _claim(self) -> str:
        return self._row().state

    def _row(self) -> stories.Version:
        with self.running.product.context.tenant(self.running.org_id, "scenes") as tx:
            return stories.versions(tx, self.external_id)[-1]

    def _told(self) -> OpenException | None:
        watch_now(self.running)
        found = listings.open_exceptions(self.running.product.context, self.running.org_id, 10_000)
        return next((one for one in found if one.type == _UNPAID and one.subject_id == self._row().id), None)

    def _until(self, what: str, seen: Callable[[], Seen | None]) -> Seen:
        return until(self.running, TITLE, what, seen)
