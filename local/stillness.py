"""When a running system has nothing left to do, and what the outside will do next."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.whole import Whole
from pipeline.store.progress import busy, delivered
from sandbox.journal import read_journal

_INTAKE = ("file", "inquiry_file", "duplicate", "refused_file", "bank_file", "advice_file")
_USERS = {"clearinghouse": "oa", "bank": "bank", "provider": "provider"}
"""Mailboxes by name, and whose account at the sandbox each is."""


@dataclass(frozen=True, slots=True)
class Stillness:
    """`reasons` say what is still moving; empty: all is still. `next_s`: seconds of business time to the next event."""

    reasons: list[str]
    next_s: float | None


def look(running: Whole) -> Stillness:
    """Asks both sides once."""
    outside, next_s = _outside(running)
    with running.product.context.tenant(running.org_id, "watch") as tx:
        reasons = busy(tx)
        for mailbox, user in _USERS.items():
            unread = _names(running.sandbox_root / user / "outbound") - delivered(tx, mailbox)
            if unread:
                reasons.append(f"{len(unread)} files of the {mailbox} to fetch")
    return Stillness(reasons + outside, next_s)


def _outside(running: Whole) -> tuple[list[str], float | None]:
    now_s = running.product.context.clock.now().timestamp()
    waits = []
    for path in (running.sandbox_root / "pending").glob("*.json"):
        try:
            waits.append(json.loads(path.read_text())["due_s"] - now_s)
        except FileNotFoundError:
            continue  # done between listing and reading
    reasons = [f"{sum(wait <= 0 for wait in waits)} answers of the outside"] if any(w <= 0 for w in waits) else []
    answered = {str(line["file_id"]) for line in read_journal(running.journal, *_INTAKE)}
    for user in _USERS.values():
        home = running.sandbox_root / user
        uploads = _names(home / "inbound") | _names(home / "swept")
        taken = {name.partition("_")[0] for folder in ("archive", "refused") for name in _names(home / folder)}
        if uploads or taken - answered:
            reasons.append(f"{len(uploads) + len(taken - answered)} uploads that the outside has not worked on")
    return reasons, min((wait for wait in waits if wait > 0), default=None)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")} if folder.exists() else set()


def wait_until_still(running: Whole, tick: Callable[[], None], timeout_s: float, *, every_s: float = 0.3) -> Stillness:
    """Waits until both sides are still at two looks in a row; TimeoutError says what still moved."""
    deadline = time.monotonic() + timeout_s
    calm = 0
    while True:
        running.system.check()
        seen = look(running)
        tick()
        calm = 0 if seen.reasons else calm + 1
        if calm >= 2:
            return seen
        if time.monotonic() > deadline:
            raise TimeoutError("still moving: " + ", ".join(seen.reasons))
        time.sleep(every_s)


def run_out(
    running: Whole,
    tick: Callable[[], None],
    passed: Callable[[float], None],
    timeout_s: float,
    *,
    every_s: float = 0.3,
) -> None:
    """Lets business time pass from event to event until the outside has nothing left to say."""
    while True:
        seen = wait_until_still(running, tick, timeout_s, every_s=every_s)
        if seen.next_s is None:
            return
        # A little past the event, so that those of the same hour come together.
        step_s = int(seen.next_s + 60)
        running.product.context.clock.advance(step_s)
        passed(step_s)
