"""Payer and bank as the scenes play them: on the sandbox's own folders, clock and journal, and in its own words.

The sandbox's process goes on beside it. Numbers are taken from far above its own, so that neither uses the other's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Literal

from edi.x12.sets.t835 import VERSION, ProviderAdjustment, Remittance
from edi.x12.syntax.document import Interchange
from edi.x12.syntax.envelope import Envelope
from sandbox import deposits, names
from sandbox.cases import Case, open_upload
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.era_writers import own
from sandbox.faults import Faults
from sandbox.identifiers import payer_tax_id
from sandbox.journal import Journal
from sandbox.outbox import Outbox
from sandbox.outcomes import Decision
from sandbox.payer import line, zipped
from sandbox.remittances import Decided, remittance

Unpostable = Literal["duplicate", "unbalanced"]

_ROOM = 90_000_000
_ERA, _CONTROL, _ENTRY = 9_000_000_000, 900_000_000, 9_000_000
_ENTRIES = 900_000


class Outside:
    """`settings` is the sandbox's own file. Files that were sent are read from its archive."""

    def __init__(self, settings: Path) -> None:
        self._config = SandboxConfig.load(settings)
        self._clock = BusinessClock(self._config.clock_file)
        journal = Journal(self._config.journal, self._clock)
        self._outbox = Outbox(self._config, Faults(self._config.control), journal)
        # Scenes let days pass, so that whoever plays after them begins far above.
        self._numbers = count(int(self._clock.now_s()) % _ROOM)
        self._interchange: Interchange | None = None

    def cases(self, clm01s: Sequence[str]) -> list[Case]:
        """The claims as the payer has them, in this order. KeyError for one that never arrived."""
        found: dict[str, Case] = {}
        for path in (self._config.home("oa") / "archive").iterdir():
            data = path.read_bytes()
            if any(one.encode() in data for one in clm01s):
                upload = open_upload(data)
                self._interchange = upload.interchange
                found |= {case.claim.patient_control_number: case for case in upload.cases()}
        return [found[one] for one in clm01s]

    def decides(self, *decided: tuple[Case, Decision], taken_cents: Iterable[tuple[str, str, int]] = ()) -> Remittance:
        """One balanced set under a trace of its own; `taken_cents` are PLB: reason, reference, cents off the payment."""
        trace, today = f"{_ERA + next(self._numbers)}001", self._clock.now().date()
        made = remittance([Decided(*one) for one in decided], trace, today, self._config)
        level = [
            ProviderAdjustment(
                provider_id=made.payee.npi or made.payee.tax_id or "",
                fiscal_date=today.replace(month=12, day=31),
                reason=reason,
                reference=reference,
                amount_cents=cents,
            )
            for reason, reference, cents in taken_cents
        ]
        paid = (made.payment.amount_cents or 0) - sum(one.amount_cents for one in level)
        return replace(
            made,
            payment=replace(made.payment, amount_cents=paid),
            provider_adjustments=[*made.provider_adjustments, *level],
        )

    def remits(self, *sets: Remittance, unpostable: Unpostable | None = None) -> None:
        """Lays the sets out as one zip, under control numbers that were never used; `unpostable` is told to the journal."""
        now, number = self._clock.now(), next(self._numbers)
        era_id = str(_ERA + number)
        name = names.remittance_zip(era_id, now)
        data = zipped(era_id, now, own(self._envelope(_CONTROL + number, now), sets), sets)
        why = {"unpostable": unpostable} if unpostable else {}
        lines = [line(one, _payer_id(one), name) | why for one in sets]
        self._outbox.send("oa", name, data, what="835", jobs=[], lines=lines)

    def deposits(self, *sets: Remittance) -> None:
        """The bank tells of the payments of these sets, in one CCD+ file."""
        now, number = self._clock.now(), next(self._numbers)
        jobs = [
            deposits.deposit_job(
                trace=one.payment.trace_number,
                payer_name=one.payer.name,
                tax_id=payer_tax_id(_payer_id(one)),
                amount_cents=one.payment.amount_cents or 0,
                payee=(one.payee.npi or one.payee.tax_id or "", one.payee.name),
                on=now.date(),
                due_s=now.timestamp(),
            )
            for one in sets
        ]
        name = f"ACHDEP_{now:%Y%m%d%H%M%S}_{number}.ach"
        data = deposits.ach_file(jobs, self._config.bank, now, number, _ENTRY + number % _ENTRIES)
        self._outbox.send("bank", name, data, what="deposit", jobs=[], lines=[deposits.line(job, name) for job in jobs])

    def _envelope(self, control: int, now: datetime) -> Envelope:
        if self._interchange is None:
            raise LookupError("no claim was looked up, so there is nobody to answer")
        asked = self._interchange
        return Envelope(
            sender_qualifier="ZZ",
            sender_id=self._config.clearinghouse_id,
            receiver_qualifier=asked.sender_qualifier,
            receiver_id=asked.sender_id,
            group_sender=self._config.clearinghouse_id,
            group_receiver=asked.groups[0].sender,
            control_number=control,
            usage="T" if asked.usage == "T" else "P",
            when=now,
            functional_id="HP",
            version=VERSION,
        )


def _payer_id(one: Remittance) -> str:
    return next(value for kind, value in one.payer.references if kind == "2U")
