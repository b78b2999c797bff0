"""Reader of the 837P."""

from edi.findings import Finding
from edi.x12.sets.t837.cursor import Kinds
from edi.x12.sets.t837.read import read_into
from edi.x12.sets.t837.read_other import OTHER
from edi.x12.sets.t837.stream import ClaimStream
from edi.x12.sets.t837.values import Receiver, Submitter
from edi.x12.sets.t837p import read_levels
from edi.x12.sets.t837p.read_claim import CLAIM, fault_of, make_claim
from edi.x12.sets.t837p.read_line import open_line
from edi.x12.sets.t837p.read_other import take_signature
from edi.x12.sets.t837p.rows import COMMON
from edi.x12.sets.t837p.values import BillingProvider, Patient, ProfessionalSet, Subscriber
from edi.x12.sets.t837p.values_claim import OtherPayer
from edi.x12.syntax.document import OpenSet, TransactionSet

_KINDS = Kinds(
    rows=COMMON,
    billing=BillingProvider,
    subscriber=Subscriber,
    patient=Patient,
    other=OtherPayer,
    levels=read_levels.LEVELS,
    billing_steps=read_levels.BILLING,
    subscriber_steps=read_levels.SUBSCRIBER,
    patient_steps=read_levels.PATIENT,
    claim=make_claim,
    claim_steps=CLAIM,
    other_steps={**OTHER, "OI": take_signature},
    open_line=open_line,
    fault=fault_of,
)


def read_set(ts: TransactionSet) -> tuple[ProfessionalSet, list[Finding]]:
    """The claims of the set as a tree, and what of it could not be taken. Never raises on bad data."""
    value = _nothing_yet(ts)
    return value, read_into(value, ts, _KINDS)


def read_bit_by_bit(ts: OpenSet) -> ClaimStream:
    """The same set, a claim at a time."""
    return ClaimStream(ts, _nothing_yet(None), _KINDS)


def _nothing_yet(ts: TransactionSet | None) -> ProfessionalSet:
    return ProfessionalSet(
        reference="",
        when=None,
        submitter=Submitter(name="", identifier=""),
        receiver=Receiver(name="", identifier=""),
        raw=ts,
    )
