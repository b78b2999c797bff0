"""Payers' money: what a payment is, and CCD entries that tell of it with the 835's TRN in their addenda.

A deposit's job says what is told: ``trace`` and ``tax_id`` make the TRN, ``traced`` false leaves it out, ``debit`` true
takes the money back. A report (``sandbox.statements``) may tell of the same.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from edi.nacha.file import AchBatch, AchEntry, AchFile, Addenda05
from edi.nacha.trn import trn_text
from edi.nacha.writing import write
from sandbox.config import BankConfig
from sandbox.desk import Job
from sandbox.journal import Line

_MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
REVERSAL = "REVERSAL"


def deposit_job(
    *, trace: str, payer_name: str, tax_id: str, amount_cents: int, payee: tuple[str, str], on: date, due_s: float
) -> Job:
    """The job of paying one 835 set out. ``payee`` is (identification, name)."""
    data = {
        "trace": trace,
        "payer_name": payer_name,
        "tax_id": tax_id,
        "amount_cents": amount_cents,
        "payee_id": payee[0],
        "payee_name": payee[1],
        "on": on.isoformat(),
    }
    return Job(id=f"deposit-{trace}", what="deposit", due_s=due_s, data=data)


def orphan_job(job_id: str, cents: int, on: date, due_s: float) -> Job:
    """A payment that no 835 explains."""
    trace = f"NO835{reference(job_id)}"
    made = deposit_job(
        trace=trace, payer_name="INVENTED GRANTS OFFICE", tax_id="999999980", amount_cents=cents,
        payee=("", "UNKNOWN"), on=on, due_s=due_s,
    )  # fmt: skip
    return replace(made, id=job_id, data=made.data | {"spawned": True})


def again(job: Job, due_s: float) -> Job:
    """A second payment of an equal trace."""
    return Job(id=f"{job.id}-again", what="deposit", due_s=due_s, data=job.data | {"spawned": True})


def taken_back(job: Job, on: date, due_s: float) -> Job:
    """The debit that takes a payment back."""
    data = job.data | {"spawned": True, "debit": True, "on": on.isoformat()}
    return Job(id=f"{job.id}-back", what="deposit", due_s=due_s, data=data)


def later(job: Job, on: date, due_s: float) -> Job:
    """The same payment, settled later."""
    return replace(job, due_s=due_s, data=job.data | {"spawned": True, "on": on.isoformat()})


def line(job: Job, file: str) -> Line:
    """What the journal says of it: the trace only if it is told, cents negative for a debit."""
    trace = job.data["trace"] if traced(job) else None
    return {"kind": "deposit", "trace": trace, "amount_cents": signed_cents(job), "file": file}


def traced(job: Job) -> bool:
    """Whether its TRN is told."""
    return bool(job.data.get("traced", True))


def signed_cents(job: Job) -> int:
    """Cents, negative for a debit."""
    cents: int = job.data["amount_cents"]
    return -cents if job.data.get("debit") else cents


def reference(text: str) -> str:
    """Ten digits that follow from the text."""
    return str(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big"))[:10]


# -- CCD+ ---------------------------------------------------------------------------------------------------------------
def ach_file(due: Sequence[Job], bank: BankConfig, now: datetime, number: int, first: int) -> bytes:
    """CCD entries, a batch a payer, settlement day and side. ``first`` is the sequence of the first entry's trace."""
    grouped: dict[tuple[str, str, str, bool], list[Job]] = {}
    for job in due:
        key = (job.data["payer_name"], job.data["tax_id"], job.data["on"], bool(job.data.get("debit")))
        grouped.setdefault(key, []).append(job)
    traces = {job.id: f"{bank.routing[:8]}{first + n:07d}" for n, job in enumerate(due)}
    batches = [
        _batch(key, [_entry(job, bank, traces[job.id]) for job in jobs], bank, place)
        for place, (key, jobs) in enumerate(grouped.items(), start=1)
    ]
    return write(
        AchFile(
            origin=bank.routing,
            origin_name=bank.name,
            destination=bank.deposit_routing,
            destination_name=bank.name,
            created=now.astimezone(UTC).replace(second=0, microsecond=0, tzinfo=None),
            modifier=modifier(number),
            batches=batches,
        )
    )


def modifier(number: int) -> str:
    """A to Z, 0 to 9: keeps files of the same minute apart."""
    return _MODIFIERS[(number - 1) % len(_MODIFIERS)]


def _batch(key: tuple[str, str, str, bool], entries: list[AchEntry], bank: BankConfig, place: int) -> AchBatch:
    payer, tax_id, on, debit = key
    return AchBatch(
        service_class=225 if debit else 220,
        company_name=payer[:16].strip(),  # payers abbreviate themselves to the field
        company_id=f"1{tax_id}",
        sec="CCD",
        description=REVERSAL if debit else "HCCLAIMPMT",
        effective_date=date.fromisoformat(on),
        odfi=bank.routing[:8],
        number=place,
        entries=sorted(entries, key=lambda entry: entry.trace),
    )


def _entry(job: Job, bank: BankConfig, trace: str) -> AchEntry:
    return AchEntry(
        transaction_code=27 if job.data.get("debit") else 22,
        rdfi=bank.deposit_routing,
        account=bank.deposit_account,
        amount_cents=job.data["amount_cents"],
        individual_id=job.data["payee_id"][:15],
        name=job.data["payee_name"][:22].strip(),
        trace=trace,
        addenda=[Addenda05(text=trn(job))] if traced(job) else [],
    )


def trn(job: Job) -> str:
    """The TRN segment of its 835."""
    return trn_text(job.data["trace"], f"1{job.data['tax_id']}")
