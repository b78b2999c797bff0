"""The payers: one 835 file a payer and upload, one set in it for each billing provider, and the money by the bank."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from edi.x12.sets.t835 import VERSION, Remittance
from sandbox import names
from sandbox.cases import Case
from sandbox.clearinghouse import Clearinghouse
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.deposits import deposit_job
from sandbox.desk import Desk, Job
from sandbox.era_writers import ERA_WRITERS
from sandbox.identifiers import payer_tax_id
from sandbox.journal import Line
from sandbox.outbox import Outbox
from sandbox.remittances import Decided, by_payee, corrected, corrections, first_decisions, remittance
from sandbox.versions import further, history


class Payers:
    """All payers of one worker process."""

    def __init__(
        self, config: SandboxConfig, clock: BusinessClock, desk: Desk, outbox: Outbox, clearinghouse: Clearinghouse
    ) -> None:
        self._config = config
        self._clock = clock
        self._desk = desk
        self._outbox = outbox
        self._clearinghouse = clearinghouse
        self._write = ERA_WRITERS[config.era_writer]

    def do(self, job: Job) -> None:
        """Carry out a job ``835`` (first decisions) or ``correction`` (reversals and corrections)."""
        if not self._outbox.has_sent(job.id):
            self._remit(job)
        self._desk.done(job.id)

    def _remit(self, job: Job) -> None:
        now = self._clock.now()
        cases = self._clearinghouse.shares(job).get(job.data["payer"], [])
        if job.what == "835" and any(corrected(case) for case in cases):
            self._correct_later(job)
        decided = corrections(cases) if job.what == "correction" else first_decisions(cases, self._held(job, cases))
        sets = self._sets(job, decided, now)
        if not sets:
            return
        for one in sets:
            self._pay_later(one, job)
        envelope = self._clearinghouse.answer_envelope(job, "HP", VERSION, now)
        era_id = str(job.data["era_id"])
        name = names.remittance_zip(era_id, now)
        data = zipped(era_id, now, self._write(envelope, sets), sets)
        lines = [line(one, job.data["payer"], name, correction=job.what == "correction") for one in sets]
        self._outbox.send("oa", name, data, what=job.what, jobs=[job.id], lines=lines)

    def _sets(self, job: Job, decided: list[Decided], now: datetime) -> list[Remittance]:
        groups = by_payee(decided).values()
        return [
            remittance(theirs, f"{job.data['era_id']}{place:03d}", now.date(), self._config)
            for place, theirs in enumerate(groups, start=1)
        ]

    def _held(self, job: Job, cases: list[Case]) -> dict[str, Case]:
        """What the payer decided before of the claims that are replaced or voided."""
        whose = self._clearinghouse
        return history(further(cases), job.data["payer"], job.data["file_id"], whose.versions, whose.upload).held

    def _correct_later(self, job: Job) -> None:
        data: dict[str, Any] = job.data | {
            "era_id": self._desk.counters.take("file_id"),
            "control": self._desk.counters.take("control"),
        }
        due_s = job.due_s + self._config.delays.correction_s
        self._desk.add(Job(id=job.id.replace("835", "correction", 1), what="correction", due_s=due_s, data=data))

    def _pay_later(self, one: Remittance, job: Job) -> None:
        payment = one.payment
        if payment.amount_cents and payment.date is not None:
            self._desk.add(
                deposit_job(
                    trace=payment.trace_number,
                    payer_name=one.payer.name,
                    tax_id=payer_tax_id(job.data["payer"]),
                    amount_cents=payment.amount_cents,
                    payee=(one.payee.npi or one.payee.tax_id or "", one.payee.name),
                    on=payment.date,
                    due_s=job.due_s + self._config.delays.deposit_s,
                )
            )


def zipped(era_id: str, now: datetime, data: bytes, sets: Sequence[Remittance]) -> bytes:
    """The file as a clearinghouse lays it out: a zip of the 835 and its text report."""
    x12, text = names.remittance_members(era_id, now)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(x12), data, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo(text), _report(sets), zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _report(sets: Sequence[Remittance]) -> str:
    """What a person reads beside the 835: totals only."""
    rows = [
        f"{one.payment.date:%m/%d/%Y}  trace {one.payment.trace_number}  claims {len(one.claims)}  "
        f"amount {(one.payment.amount_cents or 0) / 100:.2f}"
        for one in sets
    ]
    return "\n".join(["ERA STATUS", *rows, ""])


def line(one: Remittance, payer: str, file: str, *, correction: bool = False) -> Line:
    """What the journal says of one set."""
    return {
        "kind": "remittance",
        "trace": one.payment.trace_number,
        "payer": payer,
        "payee": one.payee.npi or one.payee.tax_id,
        "amount_cents": one.payment.amount_cents,
        "claims": len(one.claims),
        "correction": correction,
        "file": file,
    }
