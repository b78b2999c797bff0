"""Claims for which the clearinghouse rejects the whole set, as a reader of X12 does that stops at the first fault.

The last two digits of the member id choose how its 999 complains, see ``sandbox.outcomes``; the code it gives (a
procedure code that is not valid) is invented, as pyx12 found nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from edi.x12.sets.t999.values import Acknowledgment, ElementError, SegmentError
from sandbox.cases import Batch, Case, Upload
from sandbox.outcomes import SetFault, set_fault

Faults = Mapping[str, Sequence[SegmentError]]
"""What is complained of, by the ST02 of the set."""


def faults(upload: Upload) -> Faults:
    """All that the clearinghouse has against sets of the upload; sets without fault are absent."""
    found: dict[str, list[SegmentError]] = {}
    for case in upload.every:
        kind = set_fault(case.subscriber.member_id)
        if kind is not None:
            found.setdefault(case.batch.number, []).append(_fault(case, kind))
    return found


def _fault(case: Case, kind: SetFault) -> SegmentError:
    clm01 = case.claim.patient_control_number
    return SegmentError(
        segment="SV1",
        number=_line(case.batch, clm01),
        loop="2400",
        code="8",
        contexts=[f"CLM01:{clm01}"] if kind is SetFault.NAMED else [],
        elements=[ElementError(element=1, component=2, data_element="234", code="7")],
    )


def _line(batch: Batch, clm01: str) -> int:
    """The number (ST = 1) of the claim's first service line."""
    begun = False
    for number, segment in enumerate(batch.segments, start=1):
        begun = begun or segment[:2] == ["CLM", clm01]
        if begun and segment[0] == "SV1":
            return number
    return 1


def refused(value: Acknowledgment, found: Faults) -> Acknowledgment:
    """The answer with these sets rejected: each gets its complaints, the group its verdict and counts."""
    sets = [
        replace(one, code="R", reasons=["5"], errors=[*one.errors, *found[one.control_number]])
        if one.control_number in found
        else one
        for one in value.sets
    ]
    accepted = sum(one.accepted for one in sets)
    return replace(
        value, sets=sets, accepted=accepted, code=value.code if accepted == len(sets) else "P" if accepted else "R"
    )
