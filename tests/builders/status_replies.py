"""What a payer answers to a 276 of ours (277, 005010X212), with whatever status a test asks for."""

from x12_replies import NOON, NPI, envelope

from edi.x12.sets import t276, t277
from edi.x12.sets.t277 import ClaimStatus, Name, Provider, Receiver, Source, Status, StatusResponse, Subscriber
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read


def questions(data):
    """The requests in the bytes of a 276 file, a set each."""
    return [t276.read_set(one)[0] for one in read(data).sets]


def status(category, code="0", **given):
    return Status(category=category, code=code, date=NOON.date(), **given)


def about(trace, *statuses, number="ICN7", clm01=None):
    return ClaimStatus(trace=trace, statuses=list(statuses), payer_control_number=number, patient_control_number=clm01)


def answer(*claims, refused=(), reference=None, refused_provider=(), number=1):
    """A 277 about these claims; `refused` are statuses of the request as a whole, `reference` the BHT03 it names."""
    provider = Provider(
        name=Name(code="1P", entity_type="2", last_name="INVENTED EMS", identifier_kind="XX", identifier=NPI),
        trace=reference if refused_provider else None,
        statuses=list(refused_provider),
        subscribers=[
            Subscriber(
                name=Name(code="IL", last_name="DOE", identifier_kind="MI", identifier="X1"), claims=list(claims)
            )
        ]
        if claims
        else [],
    )
    receiver = Receiver(
        name=Name(code="41", entity_type="2", last_name="INVENTED", identifier_kind="46", identifier="INVEMS"),
        trace=reference if refused else None,
        statuses=list(refused),
        providers=[] if refused else [provider],
    )
    payer = Name(code="PR", entity_type="2", last_name="INVENTED PAYER", identifier_kind="PI", identifier="P1")
    value = StatusResponse(reference=f"R{number}", when=NOON, sources=[Source(name=payer, receivers=[receiver])])
    return write_interchange(envelope(700 + number, "HN", t277.VERSION), [t277.write_set(value, "0001").data])
