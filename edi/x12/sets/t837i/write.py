"""Writer of the 837I."""

from edi.x12.sets.t837.rows import ClaimWriter
from edi.x12.sets.t837.write import Parts, TreeWriter
from edi.x12.sets.t837i.rows import COMMON, row
from edi.x12.sets.t837i.values import InstitutionalSet, Patient
from edi.x12.sets.t837i.write_claim import write_claim
from edi.x12.syntax.delimiters import DEFAULT, Delimiters
from edi.x12.tables.claim_837i import CLAIM
from edi.x12.tables.patterns import Charset
from edi.x12.written import WrittenSet

VERSION = "005010X223A2"


def write_set(
    value: InstitutionalSet, control_number: str, delimiters: Delimiters = DEFAULT, charset: Charset = Charset.BASIC
) -> WrittenSet:
    """The whole set, in the characters that its receiver takes: upper-case basic ones only, or all of ASCII.

    ``ranges`` of the result is as that of the 837P. Raises NotRepresentable, naming the place, for whatever does not fit
    the guide's table.
    """
    out = ClaimWriter(COMMON, delimiters, charset)
    return TreeWriter(out, _PARTS).write(value, value.billing, control_number, VERSION)


def _patient_condition(out: ClaimWriter, value: Patient) -> None:
    out.put(row("2000C", "PAT"), value.relationship)


_PARTS = Parts(claims=CLAIM, claim=write_claim, patient_condition=_patient_condition)
