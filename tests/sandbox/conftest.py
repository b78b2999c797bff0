"""A sandbox whose worker is ticked by hand: every answer at once and no pyx12, unless a test says otherwise."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from edi.x12.sets import t837p
from edi.x12.syntax.envelope import Envelope, write_interchange
from sandbox.config import Delays, SandboxConfig
from sandbox.journal import read_journal
from sandbox.worker import Worker


@dataclass
class Sandbox:
    config: SandboxConfig
    worker: Worker

    def put(self, user: str, name: str, data: bytes) -> None:
        (self.config.home(user) / "inbound" / name).write_bytes(data)

    def outbound(self, user: str) -> dict[str, bytes]:
        folder: Path = self.config.home(user) / "outbound"
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    def journal(self, *kinds: str) -> list[dict]:
        return read_journal(self.config.journal, *kinds)

    def pass_time(self, seconds: int) -> None:
        self.config.clock_file.write_text(str(seconds))

    def misbehave(self, **faults) -> None:
        self.config.control.write_text(json.dumps(faults))

    def restart(self) -> None:
        self.worker = Worker(self.config)

    def tick(self) -> None:
        self.worker.tick()


@pytest.fixture
def make_sandbox(tmp_path):
    def make(**changes) -> Sandbox:
        config = SandboxConfig.from_dict({"root": tmp_path / "sandbox", "clock_file": tmp_path / "clock"})
        config = replace(config, **({"delays": Delays.none(), "judge_fraction": 0.0} | changes))
        return Sandbox(config, Worker(config))

    return make


def claim(number: str, charges_cents, *, frequency="1", patient_paid_cents=None, changes="OLD123"):
    """An office visit with one line a charge; a replacement or void of what the payer calls `changes`."""
    return t837p.ProfessionalClaim(
        patient_control_number=number,
        charge_cents=sum(charges_cents),
        place_of_service="11",
        frequency=frequency,
        payer_claim_number=changes if frequency != "1" else None,
        patient_paid_cents=patient_paid_cents,
        diagnoses=["I10"],
        lines=[
            t837p.ServiceLine(
                number=place,
                procedure="99213",
                charge_cents=charge,
                units=Decimal(1),
                pointers=[1],
                service_date=date(2026, 11, 2),
                line_control_number=f"{number}L{place}",
            )
            for place, charge in enumerate(charges_cents, start=1)
        ],
    )


def subscriber(member_id: str, claims, *, payer="10202", name="ALPHA HEALTH PLAN"):
    return t837p.Subscriber(
        relationship="18",
        filing_code="CI",
        last_name="SAMPLE",
        first_name="PAT",
        member_id=member_id,
        address=t837p.Address(line1="1 TEST ST", city="ANYTOWN", state="OH", zip="43004"),
        birth_date=date(1980, 1, 2),
        sex="F",
        payer=t837p.Payer(name=name, identifier=payer),
        claims=list(claims),
    )


def professional_set(subscribers, reference: str):
    return t837p.ProfessionalSet(
        reference=reference,
        when=datetime.fromisoformat("2026-11-21T10:30"),
        submitter=t837p.Submitter(
            name="SAMPLE EMS", identifier="123456789", contact_name="BILLING", phone="5555550100"
        ),
        receiver=t837p.Receiver(name="OFFICE ALLY", identifier="330897513"),
        billing=[
            t837p.BillingProvider(
                name="SAMPLE EMS",
                npi="1234567893",
                tax_id="123456789",
                address=t837p.Address(line1="1 MAIN ST", city="ANYTOWN", state="OH", zip="430040000"),
                subscribers=list(subscribers),
            )
        ],
    )


def interchange(sets, control=101, *, usage="P", receiver="330897513") -> bytes:
    """``sets`` are lists of subscribers; set n gets ST02 000n."""
    written = [
        t837p.write_set(professional_set(one, f"{control}-{place:04d}"), f"{place:04d}").data
        for place, one in enumerate(sets, start=1)
    ]
    envelope = Envelope(
        sender_qualifier="ZZ",
        sender_id="123456789",
        receiver_qualifier="ZZ",
        receiver_id=receiver,
        group_sender="123456789",
        group_receiver="OA",
        control_number=control,
        usage=usage,
        when=datetime.fromisoformat("2026-11-21T10:30"),
        functional_id="HC",
        version="005010X222A1",
    )
    return write_interchange(envelope, written)


@pytest.fixture
def x12():
    """Builders of invented 837 content."""
    return SimpleNamespace(
        claim=claim, subscriber=subscriber, interchange=interchange, professional_set=professional_set
    )
