"""One run: claims set out, things break while they travel, all runs out, and then it is looked at what arrived."""

import json
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from local.generator import Document, generate
from local.spawn import ProcessError
from local.stillness import run_out
from pipeline.domain.errors import TryLater
from pipeline.services import intake
from tasks.claims import ready
from tests.chaos import office
from tests.chaos.bed import Bed
from tests.chaos.faults import Fault, Moment, Timeline
from tests.chaos.invariants import Broken, broken, outcome

CLAIMS = 30
_BATCH = 10
_SEND_EVERY_S = 0.5
_LOOK_EVERY_S = 0.1
VARIANTS = 3
"""So many sets of claims; each is carried through undisturbed once, which tells what a run must come to."""

FAULTS = (8, 3)
"""While the claims go out and come back, and while the approved payments go."""

WINDOW_S = (2.2, 0.5)
TIMEOUT_S = 60.0
LONG_TIMEOUT_S = 900.0


@dataclass(slots=True)
class Told:
    """What a run came to."""

    seed: int
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.broken


class Runs:
    """Runs on one bed. The same seed gives the same claims and the same faults at the same moments."""

    def __init__(self, bed: Bed, kinds: list[type[Fault]], *, long: bool = False) -> None:
        self._bed = bed
        self._kinds = kinds
        self._timeout_s = LONG_TIMEOUT_S if long else TIMEOUT_S
        self._calm: dict[int, dict[str, Any]] = {}
        office.try_accounts_out(bed)

    def run(self, seed: int) -> Told:
        """One run under fire. Never raises for what a run finds; an error of the harness's own servers it does."""
        variant = seed % VARIANTS
        if variant not in self._calm:
            told = self._go(seed, variant, [[], []], None)
            if not told.sound:
                return told
            self._calm[variant] = outcome(self._bed, CLAIMS)
        rng = Random(f"chaos/{seed}")
        always = [kind for kind in self._kinds if kind.long]  # asked for, and too long to wait until chance draws them
        others = [kind for kind in self._kinds if not kind.long]
        drawn = [*always, *rng.sample(others, min(sum(FAULTS) - len(always), len(others)))]
        faults = [kind(Random(rng.random())) for kind in drawn]
        phases = [faults[: FAULTS[0]], faults[FAULTS[0] :]]
        moments = [
            [Moment(rng.uniform(0.05, window_s), fault) for fault in some]
            for some, window_s in zip(phases, WINDOW_S, strict=True)
        ]
        told = self._go(seed, variant, moments, self._calm[variant])
        for fault in faults:
            fault.over(self._bed)
        told.faults.update({fault.kind: fault.hits for fault in faults if fault.hits})
        return told

    def _go(self, seed: int, variant: int, moments: list[list[Moment]], expected: dict[str, Any] | None) -> Told:
        bed, told, began = self._bed, Told(seed), time.monotonic()
        bed.empty()
        documents = office.with_endings(generate(CLAIMS, variant + 1, bed.running.product.context.today()))
        out, back = (Timeline(some) for some in moments)
        try:
            office.enter(bed)
            self._through(out, [documents[at : at + _BATCH] for at in range(0, CLAIMS, _BATCH)])
            bed.note(f"{office.decide(bed, first=True)} decisions")
            self._through(back, [])
            # What a fault kept from the first visit: whoever had done it by then comes to the same.
            while decisions := office.decide(bed, first=False):
                bed.note(f"{decisions} decisions more")
                self._through(Timeline([]), [])
        except TimeoutError as error:
            told.broken.append(Broken("lost", f"after {self._timeout_s:.0f} s it is {error}"))
        except RuntimeError as error:
            told.broken.append(Broken("lost", str(error)))
        told.broken += broken(bed, CLAIMS, expected, secrets(documents))
        told.seconds = time.monotonic() - began
        return told

    def _through(self, timeline: Timeline, waiting: list[list[Document]]) -> None:
        """Until all claims are stored, all faults have come and been mended, and everything is still."""
        began = time.monotonic()
        next_send_s = 0.0

        def tick() -> None:
            nonlocal next_send_s
            now_s = time.monotonic() - began
            timeline.tick(self._bed, now_s)
            if waiting and now_s >= next_send_s:
                next_send_s = now_s + _SEND_EVERY_S
                if self._send(waiting[0]):
                    waiting.pop(0)

        tick()
        while True:
            self._still(tick)
            if not timeline.open and not waiting:
                return
            time.sleep(0.05)
            tick()

    def _still(self, tick: Callable[[], None]) -> None:
        deadline = time.monotonic() + self._timeout_s
        while True:
            try:
                run_out(self._bed.running, tick, self._passed, deadline - time.monotonic(), every_s=_LOOK_EVERY_S)
            except TryLater:  # a look of ours met the database in its recovery
                self._bed.await_postgres()
            except ProcessError:
                self._bed.start_ended()
            else:
                return

    def _passed(self, seconds: float) -> None:
        self._bed.step_clock(0)
        self._bed.note(f"{seconds:.0f} s of business time passed")

    def _send(self, documents: list[Document]) -> bool:
        """As an upstream system does: store, then ring; the bell may break. False: not stored, to be tried again.

        It must not try in a loop: what stands in the way may be a fault that is waiting for its end.
        """
        running = self._bed.running
        lines = [json.dumps(one).encode() for one in documents]
        try:
            receipts = intake.submit(running.product.context, running.org_id, lines, "upstream", ready=False)
        except TryLater:
            return False
        with suppress(Exception):
            ready.apply_async((running.org_id, [one.claim_id for one in receipts]))
        return True


def secrets(documents: list[Document]) -> set[str]:
    """What must be nowhere: last names, member ids, accounts, streets."""
    found = set(office.SECRETS)
    for claim in documents:
        patient = claim["patient"]
        holder = claim.get("subscriber") or patient
        found |= {patient["last_name"], patient["address"]["line1"], holder.get("member_id", "")}
        found.add(claim.get("refund_to", {}).get("account_number", ""))
    return {word for word in found if len(word) >= 7}
