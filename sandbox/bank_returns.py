"""What the bank tells later of entries that it took: returns, notifications of change, and what becomes of returns.

Each job makes one ACH file. Its number, trace numbers and creation are written down with the job first, and what follows
from it is put on the desk before it is laid out: after a kill at any moment the same file is made, once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from edi.nacha import reading, returns
from edi.nacha.file import AchBatch, AchEntry, AchFile, ContestedReturn
from edi.nacha.returns import Sheet
from edi.nacha.writing import write
from sandbox import deposits, statements
from sandbox.bank_outcomes import NO_ACCOUNT, OTHER_ACCOUNT, Verdict, correction, verdict
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.desk import Desk, Job
from sandbox.faults import Faults
from sandbox.journal import Line
from sandbox.outbox import Outbox

_TOO_LATE, _IN_TIME = "R68", "R73"
_STRAY = 9_000_000
"""Trace sequences from here on are of entries that nobody sent."""

Found = tuple[AchEntry, Verdict]


class Returns:
    """One per worker process: jobs ``return``, ``noc``, ``dishonoured`` and ``contested``."""

    def __init__(self, config: SandboxConfig, clock: BusinessClock, desk: Desk, outbox: Outbox, faults: Faults) -> None:
        self._config = config
        self._clock = clock
        self._desk = desk
        self._outbox = outbox
        self._faults = faults
        self._make: dict[str, Callable[[Job], None]] = {
            "return": self._return,
            "noc": self._notify,
            "dishonoured": self._dishonour,
            "contested": self._contest,
        }

    def expect(self, path: str, name: str, batches: Iterable[AchBatch], told_s: float) -> None:
        """Put on the desk what comes of these batches of an accepted upload, kept at ``path``, told at ``told_s``."""
        found = list(_found(batches))
        file_id, delays = path.partition("_")[0], self._config.delays
        data = {"path": path, "name": name}
        for what, pick, after_s in (("return", _is_returned, delays.return_s), ("noc", _is_changed, delays.noc_s)):
            traces = [entry.trace for entry, said in found if pick(said)]
            if traces:
                self._later(what, file_id, told_s + after_s, data | {"traces": traces})
            if found and self._faults.uses(f"unknown_{what}s"):
                stray = {"traces": [found[0][0].trace], "unknown": True}
                self._later(what, f"{file_id}-unknown", told_s + after_s, data | stray)

    def do(self, job: Job) -> None:
        """Make the file of a job, or lay out the copy of one that was made."""
        if self._outbox.has_sent(job.id):
            self._desk.done(job.id)
        elif "copy" in job.data:
            self._send(job, job.data["copy"], job.data["text"].encode("ascii"), [])
        else:
            self._make[job.what](job)

    # -- the files ------------------------------------------------------------------------------------------------------
    def _return(self, job: Job) -> None:
        late_s = None if job.data.get("late") or "number" in job.data else self._faults.late_return_s()
        if late_s is not None:
            due_s = self._clock.now_s() + late_s
            self._desk.add(replace(job, due_s=due_s, data=job.data | {"late": True}))
            return
        job = self._numbered(job)
        original, found = self._named(job)
        told = [(entry.trace, said.reason or "") for entry, said in found]
        sheet = _sheet(job)
        back = returns.return_file(
            original, told, created=sheet.created, modifier=sheet.modifier, first_sequence=sheet.first_sequence
        )
        back = _each(back, _informed({entry.trace: said.information for entry, said in found}))
        name, data = f"RETURN_{job.data['number']}.ach", write(back)
        lines = [
            _line("returned", job, entry, reason=said.reason, information=said.information) for entry, said in found
        ]
        if not job.data.get("unknown"):
            self._dishonour_later(job, found, data)
            self._book(job, "returned", back, name, 1)
        if self._faults.uses("double_returns"):
            copy = {"copy": f"RETURN_{job.data['number']}_2.ach", "text": data.decode("ascii")}
            self._desk.add(Job(id=f"{job.id}-again", what="return", due_s=job.due_s, data=copy))
        self._send(job, name, data, lines)

    def _notify(self, job: Job) -> None:
        job = self._numbered(job)
        original, found = self._named(job)
        changes = [(entry.trace, said.change or "", correction(said.change or "", entry)) for entry, said in found]
        told = returns.change_file(original, changes, _sheet(job))
        corrected = {entry.change.original_trace: entry.change.corrected for entry in _entries(told) if entry.change}
        lines = [
            {"kind": "noc", "trace": entry.trace, "change": said.change, "corrected": corrected[entry.trace]}
            | _about(job)
            for entry, said in found
        ]
        self._send(job, f"NOC_{job.data['number']}.ach", write(told), lines)

    def _dishonour(self, job: Job) -> None:
        job = self._numbered(job)
        returned, named = _answered(job)
        told = returns.dishonored_file(returned, [(entry.trace, _TOO_LATE) for entry in named], _sheet(job))
        told = _to_customer(told, returned)
        name, data = f"DISHONORED_{job.data['number']}.ach", write(told)
        if job.data["contested"]:
            follows = {"text": data.decode("ascii"), "name": job.data["name"], "returned_on": job.data["returned_on"]}
            due_s = self._clock.now_s() + self._config.delays.contest_s
            self._later("contested", job.data["of"], due_s, follows | {"traces": job.data["contested"]})
        self._book(job, "dishonoured", told, name, -1)
        self._send(job, name, data, [_line("dishonoured", job, one, reason=_TOO_LATE) for one in _originals(named)])

    def _contest(self, job: Job) -> None:
        job = self._numbered(job)
        dishonored, named = _answered(job)
        told = returns.contested_file(dishonored, [(entry.trace, _IN_TIME) for entry in named], _sheet(job))
        on = date.fromisoformat(job.data["returned_on"])
        told = _to_customer(_each(told, lambda entry: _dated(entry, on)), dishonored)
        name = f"CONTESTED_{job.data['number']}.ach"
        self._book(job, "contested", told, name, 1)
        lines = [_line("contested", job, one, reason=_IN_TIME) for one in _originals(named)]
        self._send(job, name, write(told), lines)

    # -- what all of them need ------------------------------------------------------------------------------------------
    def _later(self, what: str, of: str, due_s: float, data: dict[str, Any]) -> None:
        self._desk.add(Job(id=f"{what}-{of}", what=what, due_s=due_s, data=data))

    def _numbered(self, job: Job) -> Job:
        """The job with the numbers and the minute of its file, kept."""
        if "number" in job.data:
            return job
        counters = self._desk.counters
        created = self._clock.now().astimezone(UTC).replace(second=0, microsecond=0, tzinfo=None)
        numbers = {"number": counters.take("return"), "first": counters.take("entry", len(job.data["traces"]))}
        numbered = replace(job, data=job.data | numbers | {"created": created.isoformat()})
        self._desk.keep(numbered)
        return numbered

    def _named(self, job: Job) -> tuple[AchFile, list[Found]]:
        """The upload and the entries of it that the job is about; of an unknown one, as if it had been in it."""
        path = self._config.home("bank") / "archive" / job.data["path"]
        original = reading.read(path.read_bytes()).file
        assert original is not None, "it was read when it was accepted"
        wanted = frozenset(job.data["traces"])
        if job.data.get("unknown"):
            stray = _stray(original, wanted, int(job.data["number"]))
            return stray, [(one, OTHER_ACCOUNT if job.what == "noc" else NO_ACCOUNT) for one in _entries(stray)]
        return original, [(entry, said) for entry, said in _found(original.batches) if entry.trace in wanted]

    def _dishonour_later(self, job: Job, found: Sequence[Found], data: bytes) -> None:
        whole = self._faults.uses("dishonour_returns")
        traces = [entry.trace for entry, said in found if whole or said.dishonoured]
        if not traces:
            return
        contested = [entry.trace for entry, said in found if said.contested]
        follows = {"text": data.decode("ascii"), "traces": traces, "contested": contested, "name": job.data["name"]}
        file_id = job.data["path"].partition("_")[0]
        told = {"of": file_id, "returned_on": job.data["created"][:10]}
        due_s = self._clock.now_s() + self._config.delays.dishonour_s
        self._later("dishonoured", file_id, due_s, follows | told)

    def _book(self, job: Job, what: str, told: AchFile, name: str, sign: int) -> None:
        """The money of a file: what comes back of our credits is ours again, and of our debits theirs."""
        cents = sign * (told.credit_cents - told.debit_cents)
        if cents:
            reference = (statements.file_reference(told), name)
            today = self._clock.now().date()
            self._desk.add(statements.settlement_job(job.id, what, cents, today, reference, job.due_s))

    def _send(self, job: Job, name: str, data: bytes, lines: Sequence[Line]) -> None:
        self._outbox.send("bank", name, data, what=job.what, jobs=[job.id], lines=lines)
        self._desk.done(job.id)


def _is_returned(said: Verdict) -> bool:
    return said.reason is not None


def _is_changed(said: Verdict) -> bool:
    return said.change is not None


def _found(batches: Iterable[AchBatch]) -> Iterator[Found]:
    return ((entry, verdict(batch, entry)) for batch in batches for entry in batch.entries)


def _entries(file: AchFile) -> Iterator[AchEntry]:
    return (entry for batch in file.batches for entry in batch.entries)


def _each(file: AchFile, change: Callable[[AchEntry], AchEntry]) -> AchFile:
    batches = [replace(batch, entries=[change(entry) for entry in batch.entries]) for batch in file.batches]
    return replace(file, batches=batches)


def _informed(information: dict[str, str]) -> Callable[[AchEntry], AchEntry]:
    """Puts the information beside the reason of each return, by the trace of what is returned."""

    def informed(entry: AchEntry) -> AchEntry:
        back = entry.returned
        assert back is not None, "every entry of a return file is a return"
        return replace(entry, addenda=[replace(back, information=information[back.original_trace])])

    return informed


def _dated(entry: AchEntry, on: date) -> AchEntry:
    """A contest for being in time (R73) tells when the entry was returned."""
    contested = entry.returned
    assert isinstance(contested, ContestedReturn), "every entry of a contest is one"
    return replace(entry, addenda=[replace(contested, first_returned=on)])


def _stray(original: AchFile, wanted: frozenset[str], number: int) -> AchFile:
    """The file as if the wanted entry alone had been in it, under a trace number that was never sent."""
    batch = next(batch for batch in original.batches if any(entry.trace in wanted for entry in batch.entries))
    entry = next(entry for entry in batch.entries if entry.trace in wanted)
    alone = replace(entry, trace=f"{batch.odfi}{_STRAY + number}")
    return replace(original, batches=[replace(batch, entries=[alone])])


def _to_customer(told: AchFile, answered: AchFile) -> AchFile:
    """The bank's copy for its customer, whoever of the banks tells the other: addressed as the file it answers."""
    return replace(
        told,
        origin=answered.origin,
        origin_name=answered.origin_name,
        destination=answered.destination,
        destination_name=answered.destination_name,
    )


def _answered(job: Job) -> tuple[AchFile, list[AchEntry]]:
    """The file that the job answers, and the entries in it that are about the job's traces."""
    file = reading.read(job.data["text"].encode("ascii")).file
    assert file is not None, "it was written here"
    wanted = frozenset(job.data["traces"])
    return file, [one for one in _entries(file) if one.returned is not None and one.returned.original_trace in wanted]


def _originals(named: Iterable[AchEntry]) -> Iterator[AchEntry]:
    """The same entries under the traces that the customer gave them."""
    return (replace(entry, trace=entry.returned.original_trace) for entry in named if entry.returned is not None)


def _sheet(job: Job) -> Sheet:
    data = job.data
    return Sheet(
        created=datetime.fromisoformat(data["created"]),
        modifier=deposits.modifier(data["number"]),
        first_sequence=data["first"],
    )


def _line(kind: str, job: Job, entry: AchEntry, **more: object) -> Line:
    return {"kind": kind, "trace": entry.trace, "amount_cents": entry.amount_cents, **more, **_about(job)}


def _about(job: Job) -> Line:
    return {"file": job.data["name"]} | ({"unknown": True} if job.data.get("unknown") else {})
