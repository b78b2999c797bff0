"""AWAITING: four claims that get no answer, each for another cause; what a person is told, and how each goes by itself.

The partner really misbehaves: it refuses the login, shows another host key, is not there at all, or takes the file and
keeps silent. After 73 hours of business time the exception names the cause; once that is mended nobody sends anything:
what waits goes, is answered, and the exception closes.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from local.scenes.waiting import Say, Seen, misbehave, until, watch_now
from local.whole import EXAMPLES, Whole
from pipeline.services import intake, listings, mailboxes
from pipeline.store.listings import FileRow, OpenException

HOURS = 73
_ANSWERS = ("999", "277ca", "277ca_payer", "file_summary", "error_report", "edi_status")
_hung_up = count(1)


@dataclass(frozen=True, slots=True)
class Cause:
    """One way to be without an answer. `faults` are told to the sandbox, which is stopped where there are none."""

    title: str
    told: str
    """What the exception says among other things."""
    faults: Mapping[str, Any] | None
    pause: str | None
    """Why our mailbox pauses; None: the file leaves."""


CAUSES = (
    Cause("the partner refuses our login", "refuses our login", {"refuse_login": ["oa"]}, "login_refused"),
    Cause("the partner shows another host key", "another host key", {"other_host_key": True}, "host_key_changed"),
    Cause("the partner's host is out of reach", "cannot be reached", None, "unreachable"),
    Cause("the partner takes the file and keeps silent", "the partner is silent", {"hold": list(_ANSWERS)}, None),
)


def run(running: Whole, say: Say, causes: Sequence[Cause] = CAUSES) -> int:
    """Plays each cause with one claim and gives how many; TimeoutError says what did not come about.

    Leaves the system as it was, its claims accepted and not decided yet.
    """
    for number, cause in enumerate(causes, 1):
        _Scene(running, say, cause, f"AWAITING-{number}-{int(running.product.context.clock.now().timestamp())}").play()
    return len(causes)


@dataclass(slots=True)
class _Scene:
    running: Whole
    say: Say
    cause: Cause
    external_id: str
    known: set[str] = field(default_factory=set)
    file: FileRow | None = None

    def play(self) -> None:
        self.say(f"AWAITING: {self.cause.title}")
        self.known = {one.ref for one in self._files()}
        self._provoke()
        self._submit()
        self._until("the file stays without an answer", self._stuck)
        assert self.file is not None
        self.running.product.context.clock.advance(HOURS * 3600)
        told = self._until("a person is told", self._told)
        self.say(f"  {HOURS} hours later file {self.file.ref} is {self._now().status} {self._now().waiting_h} h")
        self.say(f"  a person is told: {told.reason}")
        self._heal()
        self._until("the file goes by itself and is answered", lambda: self._now().status not in {"AWAITING", None})
        self._until("the exception closes", self._closed)
        self.say(
            f"  mended: the claim went by itself, file {self.file.ref} is {self._now().status}; the exception closed"
        )

    # -- what is done -----------------------------------------------------------------------------------------------
    def _provoke(self) -> None:
        if self.cause.faults is None:
            self.running.system.stop_process("sandbox")
        else:
            # Who is logged in stays so: the fault meets those who come anew.
            anew = {"hang_up": next(_hung_up)} if self.cause.pause else {}
            misbehave(self.running, {**self.cause.faults, **anew})
        if self.cause.pause is not None:
            self._until("the mailbox pauses", lambda: self._pause() == self.cause.pause)

    def _submit(self) -> None:
        base = json.loads((EXAMPLES / "claims" / "als1_chest_pain.json").read_text(encoding="utf-8"))
        document = {**base, "external_id": self.external_id}
        ctx = self.running.product.context
        [receipt] = intake.submit(ctx, self.running.org_id, [json.dumps(document).encode()], "upstream")
        if receipt.claim_id is None:
            raise SystemExit(f"the claim of a scene was refused: {receipt.problems}")

    def _heal(self) -> None:
        """Mends it at the partner; then a person tries the connection, which lets what waits go."""
        misbehave(self.running, {})
        if self.cause.faults is None:
            self.running.start_sandbox_again()
        boxes = mailboxes.listed(self.running.product.context, self.running.org_id) if self.cause.pause else []
        for name in [box.name for box in boxes]:
            self._until(f"{name} answers", partial(self._check, name))

    def _check(self, name: str) -> bool:
        return mailboxes.check(self.running.product.context, self.running.org_id, "demo", name).good

    # -- what is seen -----------------------------------------------------------------------------------------------
    def _files(self) -> list[FileRow]:
        found = listings.files(self.running.product.context, self.running.org_id, 10_000)
        return [one for one in found if one.kind in {"837P", "837I"}]

    def _now(self) -> FileRow:
        assert self.file is not None
        return next(one for one in self._files() if one.ref == self.file.ref)

    def _stuck(self) -> bool:
        self.file = next((one for one in self._files() if one.ref not in self.known), None)
        return self.file is not None and self.file.state == ("RESERVED" if self.cause.pause else "SENT")

    def _pause(self) -> str | None:
        boxes = mailboxes.listed(self.running.product.context, self.running.org_id)
        return next(box.pause_reason for box in boxes if box.name == "clearinghouse")

    def _open(self) -> list[OpenException]:
        assert self.file is not None
        found = listings.open_exceptions(self.running.product.context, self.running.org_id, 10_000)
        return [one for one in found if one.type == "awaiting" and f"O{one.subject_id}" == self.file.ref]

    def _told(self) -> OpenException | None:
        watch_now(self.running)
        return next((one for one in self._open() if self.cause.told in one.reason), None)

    def _closed(self) -> bool:
        watch_now(self.running)
        return not self._open()

    def _until(self, what: str, seen: Callable[[], Seen | None]) -> Seen:
        return until(self.running, self.cause.title, what, seen)
