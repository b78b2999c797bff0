"""Misbehaviour on request: ``root/control.json``, one JSON object, read again whenever the file changes.

| key | what happens |
|---|---|
| refuse_login: [user, ...] | the password is refused |
| cut_upload_after_bytes: N, cut_times: K | the connection is cut once an upload has passed N bytes; K uploads in all (default 1) |
| cut_requests: {step: K} | the connection is cut before K such steps, which do not happen |
| cut_replies: {step: K} | K such steps happen, then the connection is cut before the answer |
| refuse: [step, ...] | these steps are refused for want of rights |
| hang_up: anything | every connection there is ends, once for each new value: whoever comes again logs in anew |
| other_host_key: true | new connections are shown another host key than the one that was told |
| no_space: true | every write is refused for want of space |
| sweep_at_once: true | a file renamed into ``inbound`` is gone before the answer to the rename is sent |
| half_answers_s: S | answers are written in place in two halves, S seconds apart, not renamed into place |
| mute: [what, ...] | these answers are never sent: 999, 277ca, 277ca_payer, 277, file_summary, error_report, edi_status, 835, deposit, bank_ack, return, noc, dishonoured, contested, settlement |
| hold: [what, ...] | these answers wait until the key is taken away again |
| late_deposits: {count: K, by_s: S} | the next K deposits settle S business seconds later |
| traceless_deposits: K | the next K deposits are told without their TRN |
| second_deposits: K | the next K deposits are paid twice, both of an equal trace |
| reversed_deposits: {count: K, after_s: S} | the next K deposits are taken back by a REVERSAL debit, S business seconds later |
| orphan_deposits: [cents, ...] | deposits of these amounts come that no 835 explains, once |
| reject_files: K | the next K ACH files that are in order are rejected all the same, with a reason |
| reject_batches: K | of the next K such files the first batch is rejected, the file accepted, even if it has no other |
| wrong_totals: K | the next K acknowledgments have wrong totals; the right one comes half a minute later |
| double_acks: K | the next K acknowledgments come twice, under two names |
| double_returns: K | the next K return files come twice, under two names and byte for byte the same |
| late_returns: {count: K, by_s: S} | the next K return files come S business seconds later |
| dishonour_returns: K | the next K return files are dishonoured afterwards, with all that is in them |
| unknown_returns: K | beside what comes of the next K accepted files: the return of an entry that never was; it moves no money |
| unknown_nocs: K | the same as a notification of change |

A step is one of open, write, close, stat, rename, remove. Counts start anew with each change of the file. An unreadable file counts as empty.
"""

import json
from pathlib import Path
from typing import Any


class Faults:
    """The present faults. One instance a process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._told: dict[str, Any] = {}
        self._left: dict[str, int] = {}

    def refuses_login(self, user: str) -> bool:
        return user in self._now().get("refuse_login", ())

    def cut_after_bytes(self) -> int | None:
        """Bytes after which the upload in hand is to be cut, None when none is."""
        limit = self._now().get("cut_upload_after_bytes")
        return None if limit is None or self._left["cut_times"] <= 0 else int(limit)

    def count_cut(self) -> None:
        self._left["cut_times"] -= 1

    def cuts(self, key: str, step: str) -> bool:
        """Whether the connection is to be cut at this step, before it (cut_requests) or after (cut_replies); counts it."""
        left = self._now().get(key, {})
        if int(left.get(step, 0)) <= 0:
            return False
        left[step] -= 1
        return True

    def refuses(self, step: str) -> bool:
        return step in self._now().get("refuse", ())

    def other_host_key(self) -> bool:
        return bool(self._now().get("other_host_key"))

    def hang_up(self) -> object:
        """What was last said of ending all connections; a value that was not said before asks for it."""
        return self._now().get("hang_up")

    def no_space(self) -> bool:
        return bool(self._now().get("no_space"))

    def sweeps_at_once(self) -> bool:
        return bool(self._now().get("sweep_at_once"))

    def half_answers_s(self) -> float | None:
        pause = self._now().get("half_answers_s")
        return None if pause is None else float(pause)

    def mutes(self, what: str) -> bool:
        return what in self._now().get("mute", ())

    def holds(self, what: str) -> bool:
        return what in self._now().get("hold", ())

    def uses(self, key: str) -> bool:
        """Whether this is one of the next K of `key`; counts it."""
        told = self._now()
        if int(told.get(key, 0)) <= 0:
            return False
        told[key] -= 1
        return True

    def late_deposit_s(self) -> float | None:
        """By how much the deposit in hand is to be late; counts it."""
        return self._after("late_deposits", "by_s")

    def reversed_deposit_s(self) -> float | None:
        """After what time the deposit in hand is to be taken back; counts it."""
        return self._after("reversed_deposits", "after_s")

    def late_return_s(self) -> float | None:
        """By how much the return file in hand is to be late; counts it."""
        return self._after("late_returns", "by_s")

    def _after(self, key: str, length: str) -> float | None:
        told = self._now().get(key, {})
        if int(told.get("count", 0)) <= 0:
            return None
        told["count"] -= 1
        return float(told[length])

    def orphan_deposits(self) -> list[tuple[str, int]]:
        """(id of the job, cents) of those that were not handed out yet. The id is the same after a restart."""
        cents = self._now().pop("orphan_deposits", [])
        stamp = self._stamp[0] if self._stamp else 0
        return [(f"deposit-orphan-{stamp}-{place}", one) for place, one in enumerate(cents, start=1)]

    def _now(self) -> dict[str, Any]:
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp, self._told = stamp, self._read()
            self._left = {"cut_times": int(self._told.get("cut_times", 1))}
        return self._told

    def _stamp_now(self) -> tuple[int, int, int] | None:
        try:
            facts = self._path.stat()
        except FileNotFoundError:
            return None
        return (facts.st_mtime_ns, facts.st_size, facts.st_ino)

    def _read(self) -> dict[str, Any]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}
