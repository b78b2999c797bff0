"""Invented files of one size and shape, the same for us and for every peer.

835: one set, three lines a claim, 25 segments a claim, two CAS a line. 837P: two lines a claim, half of the patients
are the subscriber, half are not.
"""

from datetime import date, datetime
from decimal import Decimal

from edi.x12.sets import t835, t837p
from edi.x12.syntax.envelope import Envelope, write_interchange

_WHEN = datetime(2026, 11, 3, 14, 25)  # noqa: DTZ001 - X12 tells no zone
_DAYS = [date(2026, month, day) for month in (8, 9, 10) for day in range(1, 29)]
_NAMES = ("SAMPLE", "EXAMPLE", "INVENTED", "SPECIMEN", "PATTERN", "FIGMENT", "MOCKUP")
_GIVEN = ("AVERY", "ROBIN", "JORDAN", "CASEY", "MORGAN")
_STREET = t837p.Address(line1="12 ORCHARD WAY", city="SPRINGFIELD", state="OH", zip="455031234")


def file_835(claims: int, first: int = 0, trace: str = "TRACE0001", control: int = 101) -> bytes:
    """An interchange with one balanced 835 of so many claims, numbered from `first`."""
    decided = [decided_claim(number) for number in range(first, first + claims)]
    total = sum(one.paid_cents for one in decided)
    value = t835.Remittance(
        payment=t835.Payment(
            handling="I",
            amount_cents=total,
            method="ACH",
            format="CCP",
            sender_bank_kind="01",
            sender_bank="091000019",
            sender_account_kind="DA",
            sender_account="11223344",
            originating_company="1123456789",
            receiver_bank_kind="01",
            receiver_bank="091000022",
            receiver_account_kind="DA",
            receiver_account="55667788",
            date=date(2026, 11, 10),
            trace_number=trace,
            payer_trace_id="1123456789",
        ),
        receiver_id="330897513",
        production_date=date(2026, 11, 9),
        payer=t835.PayerParty(
            name="INVENTED HEALTH PLAN",
            address=_STREET,
            references=[("2U", "99998")],
            contacts=[t835.Contact(function="BL", name="EDI DESK", numbers=[("TE", "5555550112")])],
        ),
        payee=t835.PayeeParty(name="RIVERBEND EMS", npi="1003000126", tax_id="123456789", address=_STREET),
        claims=decided,
    )
    return _interchange("HP", t835.VERSION, [t835.write_set(value, "0001").data], control)


def sets_837(claims: int, per_set: int = 5_000) -> list[t837p.ProfessionalSet]:
    """837P sets, the values from which ``file_837`` is written."""
    return [_professional(first, min(per_set, claims - first)) for first in range(0, claims, per_set)]


def file_837(claims: int) -> bytes:
    return interchange_837(sets_837(claims))


def interchange_837(sets: list[t837p.ProfessionalSet]) -> bytes:
    """What a claim's way to bytes costs: every set written and the envelope around them."""
    written = [t837p.write_set(one, f"{place:04d}").data for place, one in enumerate(sets, 1)]
    return _interchange("HC", t837p.VERSION, written)


def _interchange(kind: str, version: str, sets: list[bytes], control: int = 101) -> bytes:
    envelope = Envelope(
        sender_qualifier="ZZ",
        sender_id="RB001",
        receiver_qualifier="ZZ",
        receiver_id="330897513",
        group_sender="RB001",
        group_receiver="330897513",
        control_number=control,
        usage="T",
        when=_WHEN,
        functional_id=kind,
        version=version,
    )
    return write_interchange(envelope, sets)


def decided_claim(number: int) -> t835.RemittanceClaim:
    control, day = f"CR{number:012d}", _DAYS[number % len(_DAYS)]
    lines = [_decided_line(control, number, place, day) for place in (1, 2, 3)]
    return t835.RemittanceClaim(
        patient_control_number=control,
        status="1",
        charge_cents=sum(one.charge_cents for one in lines),
        paid_cents=sum(one.paid_cents for one in lines),
        patient_responsibility_cents=sum(one.adjustments[1].amount_cents for one in lines),
        filing_code="MB",
        payer_control_number=f"P{number:011d}",
        facility_code="41",
        frequency="1",
        patient=t835.Name(
            last_name=_NAMES[number % 7],
            first_name=_GIVEN[number % 5],
            identifier_kind="MI",
            identifier=f"ZZT{number:08d}",
        ),
        rendering=t835.Name(person=False, last_name="RIVERBEND EMS", identifier_kind="XX", identifier="1003000126"),
        service_date=day,
        received_date=date(2026, 11, 4),
        amounts=[t835.Amount(code="AU", amount_cents=sum(one.charge_cents for one in lines))],
        references=[("EA", f"MRN{number:06d}")],
        lines=lines,
    )


def _decided_line(control: str, number: int, place: int, day: date) -> t835.RemittanceLine:
    charge = 20_000 + (number * 37 + place * 4_111) % 90_000
    share, lowered = charge // 10, charge // 3
    return t835.RemittanceLine(
        procedure=("A0427", "A0425", "A0398")[place - 1],
        modifiers=["RH"],
        charge_cents=charge,
        paid_cents=charge - share - lowered,
        units=Decimal(1 + number % 9),
        service_date=day,
        adjustments=[
            t835.Adjustment(group="CO", reason="45", amount_cents=lowered),
            t835.Adjustment(group="PR", reason="2", amount_cents=share),
        ],
        line_control_number=f"{control}L{place}",
        amounts=[t835.Amount(code="B6", amount_cents=charge - lowered)],
    )


def _professional(first: int, count: int) -> t837p.ProfessionalSet:
    billing = t837p.BillingProvider(
        name="RIVERBEND EMS",
        npi="1003000126",
        taxonomy="341600000X",
        tax_id="123456789",
        address=_STREET,
        contact_name="BILLING OFFICE",
        phone="5555550100",
        subscribers=[_subscriber(number) for number in range(first, first + count)],
    )
    return t837p.ProfessionalSet(
        reference=f"000000101-{first:06d}",
        when=_WHEN,
        submitter=t837p.Submitter(
            name="RIVERBEND BILLING", identifier="RB001", contact_name="PAT DOE", phone="5555550100"
        ),
        receiver=t837p.Receiver(name="EXAMPLE CLEARINGHOUSE", identifier="330897513"),
        billing=[billing],
    )


def _subscriber(number: int) -> t837p.Subscriber:
    claims, itself = [_claim(number)], number % 2 == 0
    patient = t837p.Patient(
        relationship="19",
        last_name=_NAMES[number % 7],
        first_name=_GIVEN[number % 5],
        address=_STREET,
        birth_date=date(2015, 6, 1),
        sex="M",
        claims=claims,
    )
    return t837p.Subscriber(
        relationship="18" if itself else None,
        filing_code="MB",
        last_name=_NAMES[number % 7],
        first_name=_GIVEN[(number + 1) % 5],
        member_id=f"ZZT{number:08d}",
        payer=t837p.Payer(name="INVENTED HEALTH PLAN", identifier="99998"),
        address=_STREET if itself else None,
        birth_date=date(1951, 2, 28) if itself else None,
        sex="F" if itself else None,
        claims=claims if itself else [],
        patients=[] if itself else [patient],
    )


def _claim(number: int) -> t837p.ProfessionalClaim:
    control, day, base = f"CR{number:012d}", _DAYS[number % len(_DAYS)], 60_000 + number % 30_000
    miles = Decimal(1 + number % 40)
    lines = [
        t837p.ServiceLine(
            number=place,
            procedure=procedure,
            modifiers=["RH"],
            charge_cents=charge,
            units=units,
            pointers=[1],
            service_date=day,
            line_control_number=f"{control}L{place}",
        )
        for place, procedure, charge, units in ((1, "A0427", base, Decimal(1)), (2, "A0425", 13_750, miles))
    ]
    return t837p.ProfessionalClaim(
        patient_control_number=control,
        charge_cents=base + 13_750,
        place_of_service="41",
        ambulance=t837p.AmbulanceTransport(weight_lb=154, reason="A", miles=miles),
        conditions=[t837p.AmbulanceCondition(applies=True, codes=["04", "06"])],
        diagnoses=["R4182", "I10"],
        pick_up=t837p.Address(line1="88 MILL ROAD", city="SPRINGFIELD", state="OH", zip="455031234"),
        drop_off=t837p.DropOff(name="MERCY POINT HOSPITAL", address=_STREET),
        lines=lines,
    )
