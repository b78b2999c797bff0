"""What a clearinghouse sends back for a file of ours, with whatever verdict a test asks for: TA1 and 999."""

from datetime import datetime

from edi.x12.envelope import Envelope, write_interchange
from edi.x12.sets import t999
from edi.x12.sets.t999 import Acknowledgment, SegmentError, SetAcknowledgment
from edi.x12.ta1 import Ta1

NOON = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001 - X12 tells no zone


def envelope(number, functional="FA", version=t999.VERSION):
    return Envelope(
        sender_qualifier="ZZ", sender_id="330897513", receiver_qualifier="ZZ", receiver_id="INVEMS",
        group_sender="330897513", group_receiver="INVEMS", control_number=number, usage="T", when=NOON,
        functional_id=functional, version=version,
    )  # fmt: skip


def ta1(number, code, note="000"):
    return Ta1(control_number=f"{number:09d}", date="261120", time="1200", code=code, note=note)


def at(number, segment="CLM", code="8", loop="2300", claim=None, elements=()):
    """An error at segment `number`; `claim` names the claim at fault (CTX)."""
    contexts = [f"CLM01:{claim}"] if claim else []
    return SegmentError(
        segment=segment, number=number, loop=loop, code=code, contexts=contexts, elements=list(elements)
    )


def _verdict(control, verdict, errors=None):
    good = verdict in "AE"
    return SetAcknowledgment(
        set_id="837", control_number=control, version="005010X222A1", code=verdict, reasons=[] if good else ["5"],
        errors=([] if good else [at(22, code="6")]) if errors is None else list(errors),
    )  # fmt: skip


def reply(number, code, *sets, included=1, ta1s=(), control=None, reasons=()):
    """A 999 to group `number`; `sets` are (ST02, IK501) or (ST02, IK501, errors); a rejection has one unless it says."""
    value = Acknowledgment(
        group_id="HC", group_control=str(number), version="005010X222A1", code=code,
        included=included, received=included, accepted=sum(verdict in "AE" for _, verdict, *_ in sets),
        sets=[_verdict(*one) for one in sets], reasons=list(reasons),
    )  # fmt: skip
    return write_interchange(envelope(control or 900 + number), [t999.write_set(value, "0001").data], ta1s)
