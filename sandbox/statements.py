"""The bank's BAI2 reports: payers' money, and what is booked for the customer's own ACH files.

What a report calls a line (its bank reference) follows from the job alone, so that told again it is called the same.
A settlement's job says ``what`` (file, returned, dishonoured, contested), ``cents`` (negative: they leave the account),
the day ``on``, the ``reference`` (the key of the file that moved them) and the ``file``'s name.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from edi import bai2
from edi.nacha.file import AchFile
from sandbox.config import BankConfig
from sandbox.deposits import REVERSAL, reference, signed_cents, traced, trn
from sandbox.desk import Job
from sandbox.journal import Line

_UNTELLABLE = re.compile(r"[^A-Za-z0-9._-]")
_TYPES = {("file", True): "466", ("file", False): "166"}
_RETURN_TYPES = {True: "557", False: "257"}
_WORDS = {
    "file": "ACH SETTLEMENT",
    "returned": "ACH RETURN ITEMS",
    "dishonoured": "ACH RETURN DISHONORED",
    "contested": "ACH DISHONORED RETURN CONTESTED",
}


def settlement_job(about: str, what: str, cents: int, on: date, told: tuple[str, str], due_s: float) -> Job:
    """The job of booking ``cents`` on the customer's account. ``told`` is (reference, name of the file)."""
    data = {"what": what, "cents": cents, "on": on.isoformat(), "reference": told[0], "file": told[1]}
    return Job(id=f"settlement-{about}", what="settlement", due_s=due_s, data=data)


def file_reference(file: AchFile) -> str:
    """Origin, creation (YYMMDDHHMM) and modifier, as they tell a file apart for ever: 1123456789-2611211030-A."""
    return "-".join(_UNTELLABLE.sub("_", part) for part in file.key)


def line(job: Job) -> Line:
    """What the journal says of a settlement."""
    data = job.data
    told = {"kind": "settled", "what": data["what"], "reference": data["reference"], "amount_cents": data["cents"]}
    return told | {"day": data["on"], "file": data["file"], "job": job.id}


def report(
    deposits: Sequence[Job], settlements: Iterable[Job], bank: BankConfig, now: datetime, number: int, first: int
) -> bytes:
    """One group a day, one transaction a deposit or settlement.

    ``first`` is the sequence of the first deposit's entry, so that an ACH file of the same deposits names the same ones.
    """
    days: dict[str, list[bai2.Transaction]] = {}
    for place, job in enumerate(deposits):
        days.setdefault(job.data["on"], []).append(_deposit(job, f"{bank.routing[:8]}{first + place:07d}"))
    for job in settlements:
        days.setdefault(job.data["on"], []).append(_settlement(job))
    header = bai2.BaiFile(
        sender=bank.routing, receiver=bank.deposit_routing, created=now.date(), created_time=f"{now:%H%M}",
        file_id=str(number), groups=[_group(on, told, bank) for on, told in days.items()],
    )  # fmt: skip
    return bai2.write(header)


def _group(on: str, told: list[bai2.Transaction], bank: BankConfig) -> bai2.Group:
    return bai2.Group(
        receiver=bank.deposit_routing,
        originator=bank.routing,
        as_of=date.fromisoformat(on),
        as_of_time="2400",
        currency="USD",
        modifier="2",
        accounts=[bai2.Account(number=bank.deposit_account, transactions=told)],
    )


def _deposit(job: Job, trace: str) -> bai2.Transaction:
    debit = bool(job.data.get("debit"))
    text = [
        f"ORIG CO NAME:{job.data['payer_name'][:16].strip()} ORIG ID:1{job.data['tax_id']}",
        f"SEC:CCD DESC:{REVERSAL if debit else 'HCCLAIMPMT'}",
        trn(job) if traced(job) else f"TRACE#:{trace}",
    ]
    return bai2.Transaction(
        type_code="455" if debit else "165",
        amount_cents=signed_cents(job),
        funds_type="0",
        bank_reference=reference(job.id),
        text="\n".join(text),
    )


def _settlement(job: Job) -> bai2.Transaction:
    what, cents = job.data["what"], job.data["cents"]
    return bai2.Transaction(
        type_code=_TYPES.get((what, cents < 0)) or _RETURN_TYPES[cents < 0],
        amount_cents=cents,
        funds_type="0",
        bank_reference=reference(job.id),
        customer_reference=job.data["reference"],
        text=f"{_WORDS[what]}\nFILE:{_UNTELLABLE.sub('_', job.data['file'])}",
    )
