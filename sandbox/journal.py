"""The sandbox's own memory: an append-only file of JSON lines that tests compare with the product's database.

Every line has ``at`` (business time, ISO 8601 UTC) and ``kind``:

- ``file``: an 837 arrived and was answered: file (uploaded name), file_id, isa13, sender, mode (T/P), bytes, sets, claims,
  judge (pyx12/none), rejected_sets (ST02 of all that the 999 rejects), blamed_sets (of those, the ones that only a
  claim's digits asked for)
- ``claim``: one CLM of it: clm01, frequency, charge_cents, file, isa13, st02, judged (accepted/rejected), mode
- ``inquiry_file``: a 276 arrived and was passed on: file, file_id, isa13, sender, claims (asked about)
- ``duplicate``: an 837 whose ISA13 the sender had used before; nothing of it was forwarded: file, file_id, isa13, sender
- ``refused_file``: an upload refused as a whole: file, file_id, note (TA105, or "unreadable")
- ``file_out``: a file was laid out for pick-up: to (user), name, what, bytes, jobs
- ``remittance``: one 835 set: trace, payer, payee, amount_cents, claims, correction (bool), file; and ``unpostable`` where
  it was sent so that nobody may post it: ``duplicate`` or ``unbalanced``
- ``deposit``: one payment that the bank tells of, however often: trace (TRN02, null where none is told), amount_cents
  (negative where it is taken back), file
- ``bank_file``: a NACHA upload: file, file_id, status (ACCEPTED/REJECTED), reason, rejected_batches (numbers), entries,
  debit_cents, credit_cents (all three as they came)
- ``payment``: one credit of it that was taken: trace, amount_cents, individual_id, sec, description, transaction_code,
  addenda (the text of its 05 addenda), file
- ``debit``, ``prenote``: the same of a debit (a reversal, an offset), and of a prenote
- ``returned``: one entry sent back: trace, amount_cents, reason, information, file; ``unknown`` where it never was sent
- ``noc``: one notification of change: trace, change, corrected, file; ``unknown`` likewise
- ``dishonoured``: one return that does not stand: trace (of the entry), amount_cents, reason, file
- ``contested``: one that stands after all: the same
- ``settled``: money that moved on the customer's account for its own files: what (file, returned, dishonoured, contested),
  reference, amount_cents (negative: it left), day, file, job
- ``advice_file``: an upload to the provider: file, file_id, status (ACCEPTED/REJECTED), reason (codes of what is wrong)
- ``advice``: one 835 set of one that was taken: trace, amount_cents, claims, payer, payee, file
- ``eligibility``: one question about coverage that was answered at once: way, isa13
- ``cut`` / ``fault``: what was broken on purpose
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sandbox.clock import BusinessClock

Line = dict[str, Any]

_as_json = json.JSONEncoder(separators=(",", ":")).encode


class Follower(Protocol):
    """Who keeps what the journal tells."""

    def begin(self) -> None:
        """Somebody took the journal away: it begins anew."""

    def take(self, lines: Sequence[Line]) -> None:
        """Lines of any kind, in their order."""


class Journal:
    """Appends; several processes may share the file, since each batch is a single write to an O_APPEND handle."""

    def __init__(self, path: Path, clock: BusinessClock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._clock = clock
        self._followers: list[Follower] = []
        self._reached = 0

    def follow(self, follower: Follower) -> None:
        """Give it all that is written, and from now on what this object appends, once the disk has it."""
        follower.take(read_journal(self._path))
        self._followers.append(follower)

    def append(self, *lines: Mapping[str, Any]) -> None:
        """Write the lines, in order and unbroken, and wait until the disk has them."""
        if not lines:
            return
        at = self._clock.now().isoformat(timespec="milliseconds")
        dated = [{"at": at, **line} for line in lines]
        text = "".join([_as_json(line) + "\n" for line in dated])
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            # Shorter than we left it, though others may have begun it anew: what was in it is gone.
            if os.fstat(handle).st_size < self._reached:
                for follower in self._followers:
                    follower.begin()
            data = text.encode()
            if os.write(handle, data) != len(data):
                raise OSError("the journal took only a part of a batch")
            os.fsync(handle)
            self._reached = os.fstat(handle).st_size
        finally:
            os.close(handle)
        for follower in self._followers:
            follower.take(dated)

    def files_seen(self) -> set[str]:
        """File ids of uploads already journalled, for a restart."""
        return {str(line["file_id"]) for line in read_journal(self._path, *_INTAKE)}


_INTAKE = frozenset({"file", "inquiry_file", "duplicate", "refused_file", "bank_file", "advice_file"})


def read_journal(path: Path, *kinds: str) -> list[Line]:
    """All lines, or those of some kinds, in the order written. An absent journal is empty; a torn last line is left out."""
    return list(_matching(_lines(path), frozenset(kinds)))


def _lines(path: Path) -> Iterator[Line]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    for row in data.split(b"\n")[:-1]:
        yield json.loads(row)


def _matching(lines: Iterable[Line], kinds: frozenset[str]) -> Iterator[Line]:
    return (line for line in lines if not kinds or line["kind"] in kinds)
