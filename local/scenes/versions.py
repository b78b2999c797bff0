"""A claim that went out is changed: corrected and sent as a replacement, voided, or sent anew after it was rejected.

The sandbox's payers decide; what they do follows from the claim's member id and from the versions that came before.
"""

import json
from dataclasses import dataclass
from typing import Any

from local.scenes.one_claim import OneClaim
from local.scenes.play import dollars
from local.scenes.waiting import Say
from local.whole import EXAMPLES, Whole
from pipeline.services import intake
from pipeline.services.story import Story

REPLACED = "a denied claim is corrected and replaced (7)"
VOIDED = "a paid claim is voided (8), and the payer takes his money back"
CORRECTED = "a rejected claim is corrected and sent anew as an original (1)"


def run(running: Whole, say: Say) -> int:
    """Plays the three scenes and gives how many; TimeoutError and NotAsExpected say what was seen instead.

    Leaves all their claims decided, and nothing of them open.
    """
    stamp = int(running.product.context.clock.now().timestamp())
    _Scene(running, say, REPLACED, f"REPLACED-{stamp}").replaced()
    _Scene(running, say, VOIDED, f"VOIDED-{stamp}").voided()
    _Scene(running, say, CORRECTED, f"CORRECTED-{stamp}").corrected()
    return 3


@dataclass(slots=True)
class _Scene(OneClaim):
    # -- the scenes -------------------------------------------------------------------------------------------------------
    def replaced(self) -> None:
        self.say(f"VERSIONS: {self.title}")
        self._submit(member_id="NWC44710015")
        first = self._decided(1, "DENIED")
        self.say(f"  {first.clm01} is denied: {dollars(first.money.denied_cents)}; the member id was mistyped")
        self._submit(member_id="NWC44710010", frequency="7")
        told = self._decided(2, "PAID")
        self._must(told.versions[0].state == "REPLACED", "the first version is replaced")
        self._must(told.money.billed_cents == told.versions[1].charge_cents, "it is billed once")
        self._closed(told)
        self.say(
            "  version 2 names the payer's number of version 1, which nobody had to look up; the payer takes his denial back"
        )
        self.say(f"  and pays {dollars(told.money.paid_cents)}: the books are those of the last version alone")

    def voided(self) -> None:
        self.say(f"VERSIONS: {self.title}")
        self._submit(member_id="NWC44720010")
        first = self._decided(1, "PAID")
        self.say(f"  {first.clm01} is paid {dollars(first.money.paid_cents)}, and should never have been billed")
        self._submit(member_id="NWC44720010", frequency="8")
        told = self._decided(2, "VOIDED")
        self._must(told.versions[0].state == "VOIDED", "the first version is voided too")
        self._must(told.money.billed_cents == told.money.paid_cents == 0, "nothing is billed and nothing paid")
        self._closed(told)
        self.say("  the payer reverses his payment (CLP02 22), and nothing of the claim is left in the books")

    def corrected(self) -> None:
        self.say(f"VERSIONS: {self.title}")
        self._submit(member_id="NWC44730016")
        self._until("the clearinghouse rejects it", lambda: self._at(1, "REJECTED"))
        self.say("  the clearinghouse knows no such member: no payer has seen the claim")
        self._submit(member_id="NWC44730010")
        told = self._decided(2, "PAID")
        self._must([one.frequency for one in told.versions] == ["1", "1"], "both are originals")
        self._must(told.versions[0].state == "REPLACED", "the rejected version is given up")
        self._closed(told)
        self.say(f"  under the same id it goes again as 1, and {dollars(told.money.paid_cents)} are paid")

    # -- what is done and seen --------------------------------------------------------------------------------------------
    def _submit(self, *, member_id: str, **changed: Any) -> None:
        base = json.loads((EXAMPLES / "claims" / "office_visit_established.json").read_text(encoding="utf-8"))
        patient = {**base["patient"], "last_name": "Fennimore", "member_id": member_id}
        base.pop("patient_paid_cents", None)
        document = json.dumps({**base, "external_id": self.external_id, "patient": patient, **changed}).encode()
        [receipt] = intake.submit(self.running.product.context, self.running.org_id, [document], "upstream")
        if receipt.outcome is not intake.Outcome.STORED:
            raise SystemExit(f"the claim of a scene was not stored: {receipt}")

    def _decided(self, version: int, state: str) -> Story:
        """Lets time pass until the payer has decided the version so."""
        self._until(f"version {version} is taken in", lambda: self._taken_in(version))
        self._pass(self.running.plan.delays.remit_s)
        return self._until(f"version {version} is {state}", lambda: self._at(version, state))

    def _taken_in(self, version: int) -> bool:
        told = self._story()
        return len(told.versions) == version and told.tracking.clearinghouse_id is not None

    def _at(self, version: int, *states: str) -> Story | None:
        told = self._story()
        found = told.versions[version - 1 :]
        return told if found and found[0].state in states else None

    def _closed(self, told: Story) -> None:
        money = told.money
        self._must(money.open_cents == money.denied_cents == money.credit_cents == 0, "nothing is open or refused")
