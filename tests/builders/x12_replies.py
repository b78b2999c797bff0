"""What a clearinghouse sends back for a file of ours, with whatever verdict a test asks for: TA1, 999 and 277CA."""

from dataclasses import replace
from datetime import date, datetime

from edi.x12.sets import t277ca, t999
from edi.x12.sets.t277ca import ClaimStatus, ProviderStatus, Source, Status, StatusReport
from edi.x12.sets.t999 import Acknowledgment, SegmentError, SetAcknowledgment
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.ta1 import Ta1

NPI = "1999000001"
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


def status(category, action, code="20", entity="PR"):
    return Status(category=category, code=code, entity=entity, date=NOON.date(), action=action, charge_cents=100)


REFUSED = status("A8", "U", "24", "41")
GOOD, BAD = status("A2", "WQ"), status("A7", "U", "562", "85")


def claim(clm01, verdict=GOOD, **given):
    return ClaimStatus(
        last_name="DOE", first_name="JO", member_id="X1", patient_control_number=clm01, statuses=[verdict], **given
    )


def report(*claims, by="AY", batch=None, receiver=GOOD, provider=GOOD, npi=NPI, number=1):
    """A 277CA of a clearinghouse ("AY") or a payer ("PR") with one provider."""
    value = StatusReport(
        reference=f"R{number}", when=NOON, source=Source(kind=by, name="INVENTED", identifier="330897513"),
        source_reference="T1", received_date=date(2026, 11, 20), processed_date=date(2026, 11, 20),
        receiver=t277ca.StatusReceiver(name="INVENTED", identifier="INVEMS"), batch_reference=batch or "X",
        batch_statuses=[receiver] if receiver else [],
        providers=[
            ProviderStatus(
                name="INVENTED EMS", npi=npi, reference="1", statuses=[replace(provider, date=None)] if provider else [], patients=list(claims)
            )
        ]
        if claims or provider is BAD
        else [],
    )  # fmt: skip
    sent = envelope(500 + number, "HN", t277ca.VERSION)
    return write_interchange(sent, [t277ca.write_set(value, "0001").data])
