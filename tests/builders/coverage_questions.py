"""Patients whose payers are asked about coverage, and a service that answers at once as the sandbox does."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from pipeline.domain.eligibility import Covered, Insured, Question
from sandbox.clock import BusinessClock
from sandbox.config import SandboxConfig
from sandbox.journal import Journal
from sandbox.realtime import RealTimeService
from transport.realtime import MemoryRealTime

DAY = date(2026, 11, 20)
SECRETS = ("SAMPLE", "AVERY", "ROBIN", "ZZT", "1951")
"""What must show nowhere in clear."""


def question(ending="00", **changes):
    """Of the patient whose member id ends so."""
    insured = Insured(last_name="Sample", first_name="Avery", member_id=f"ZZT000{ending}", birth_date=date(1951, 2, 28))
    given = {"payer_id": "30CI1", "payer_name": "Invented Health Plan", "insured": insured, "service_date": DAY}
    return Question(**(given | changes))


def child(ending="00"):
    """The same of a child who is insured through the patient."""
    return question(
        ending,
        patient=Covered(last_name="Sample", first_name="Robin", birth_date=date(2015, 7, 4), relationship="19"),
    )


def at_once(product, tmp_path):
    """The product's context, with a service that answers at once, and that service."""
    config = SandboxConfig.from_dict({"root": tmp_path / "payers"})
    clock = BusinessClock(None)
    theirs = RealTimeService(config, clock, Journal(config.journal, clock))
    service = MemoryRealTime(lambda payload: theirs._x12(payload.decode("latin-1")).payload.encode("latin-1"))

    @contextmanager
    def opened(_profile):
        yield service

    return replace(product.context, realtime=opened), service
