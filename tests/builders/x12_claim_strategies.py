"""837P values at random, within what the guide allows: every field of every value is drawn.

A field is drawn by its type, unless its value names codes or depends on others: those are told here.
"""

import string
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import get_args, get_type_hints

from hypothesis import strategies as st

from edi.x12.sets import t837p

CODE = string.ascii_uppercase + string.digits
NPI = st.from_regex(r"1[0-9]{9}", fullmatch=True)
RELATIONSHIPS = ("01", "19", "20", "21", "39", "40", "53", "G8")
FILING = ("11", "12", "AM", "BL", "CI", "MA", "MB", "MC", "ZZ")


def text(high, low=1, extra=" '-.,/&"):
    return st.text(CODE + extra, min_size=low, max_size=high).filter(lambda one: one == one.strip())


def maybe(strategy):
    return st.none() | strategy


def one_of(*codes):
    return st.sampled_from(codes)


IDENT = st.text(CODE, min_size=2, max_size=20)
DAYS = st.dates(date(1901, 1, 1), date(2099, 12, 31))
CENTS = st.integers(0, 10**9)
AMOUNTS = st.decimals(Decimal("0.1"), Decimal("99999.9"), places=1).map(lambda one: one.normalize())
PERCENT = st.decimals(Decimal(0), Decimal("99.9"), places=1).map(lambda one: one.normalize() + 0)
MODIFIERS = st.lists(st.text(CODE, min_size=2, max_size=2), max_size=4)
_KINDS = {str: IDENT, date: DAYS, Decimal: AMOUNTS, bool: st.booleans()}


def made(cls, **told):
    """A strategy for a dataclass: the fields told, the others by their type, lists of what is not told empty."""
    hints = get_type_hints(cls)
    for one in fields(cls):
        if one.name in told or not one.compare:
            continue
        options = get_args(hints[one.name])
        bare = next((part for part in options if part is not type(None)), hints[one.name])
        kind = CENTS if one.name.endswith("_cents") else _KINDS.get(bare)
        if kind is not None:
            told[one.name] = maybe(kind) if type(None) in options else kind
    return st.builds(cls, **told)


ADDRESSES = made(
    t837p.Address,
    line1=text(55),
    line2=maybe(text(55)),
    city=text(30, 2),
    state=one_of("OH", "CA"),
    zip=st.from_regex(r"[0-9]{9}", fullmatch=True),
    country=st.none(),
    subdivision=st.none(),
) | st.builds(
    t837p.Address,
    line1=text(55),
    city=text(30, 2),
    zip=maybe(st.just("K1A0B1")),
    country=one_of("CA", "MX"),
    subdivision=maybe(st.just("ON")),
)
CONTACTS = st.builds(
    t837p.Contact,
    name=maybe(text(60)),
    numbers=st.just([("TE", "5555550100")]) | st.just([("TE", "5555550100"), ("EX", "12")]),
)


def references(*kinds, most=2, payer=False):
    given = maybe(IDENT) if payer else st.none()
    one = st.builds(t837p.Reference, kind=one_of(*kinds), value=IDENT, payer_id=given)
    return st.lists(one, max_size=most)


def names(cls, **told):
    """A person, or an organisation where ``cls`` may be one."""
    person = {
        "name": st.none(),
        "last_name": text(60),
        "first_name": maybe(text(35)),
        "middle_name": maybe(text(25)),
        "suffix": maybe(text(10)),
    }
    organisation = {"name": text(60)} | dict.fromkeys(("last_name", "first_name", "middle_name", "suffix"), st.none())
    return made(cls, **told, **person), made(cls, **told, **organisation)


def providers(*kinds, rendering=False, ordering=False, line=False):
    given = {
        "npi": maybe(NPI),
        "taxonomy": maybe(one_of("207Q00000X", "341600000X")) if rendering else st.none(),
        "secondary_id": maybe(IDENT),
        "references": references(*kinds, payer=line),
        "address": maybe(ADDRESSES) if ordering else st.none(),
        "contact": maybe(CONTACTS) if ordering else st.none(),
    }
    person, organisation = names(t837p.Provider, **given)
    return maybe(person | organisation) if rendering else maybe(person)


def nameless(*kinds, person=None, npi=None, least=1):
    found = st.lists(st.builds(t837p.Reference, kind=one_of(*kinds), value=IDENT), min_size=least, max_size=2)
    entity = st.booleans() if person is None else st.just(person)
    return maybe(
        st.builds(t837p.NamelessProvider, person=entity, npi=st.none() if npi is None else npi, references=found)
    )


def facilities(*kinds, contact=None, line=False):
    return maybe(
        st.builds(
            t837p.Facility,
            name=text(60),
            npi=maybe(NPI),
            address=ADDRESSES,
            references=references(*kinds, payer=line),
            contact=st.none() if contact is None else maybe(contact),
        )
    )


def conditions(*codes, most=5):
    return st.builds(t837p.Condition, applies=st.booleans(), codes=st.lists(one_of(*codes), min_size=1, max_size=most))


TRANSPORT = ("01", "04", "05", "06", "07", "08", "09", "12")
TRANSPORTS = st.builds(
    t837p.AmbulanceTransport,
    weight_lb=maybe(st.integers(1, 999)),
    reason=st.sampled_from("ABCDE"),
    miles=AMOUNTS,
    round_trip_purpose=maybe(text(80)),
    stretcher_purpose=maybe(text(80)),
)
DROP_OFFS = st.builds(t837p.DropOff, name=maybe(text(60)), address=ADDRESSES)
ATTACHMENTS = st.lists(
    st.builds(t837p.Attachment, report_type=one_of("OZ", "B3", "AM"), transmission=st.just("AA"))
    | st.builds(
        t837p.Attachment,
        report_type=one_of("03", "XP"),
        transmission=one_of("BM", "EL", "EM", "FT", "FX"),
        control_number=IDENT,
    ),
    max_size=2,
)
CONTRACTS = maybe(
    made(t837p.Contract, kind=one_of("01", "02", "09"), percentage=maybe(PERCENT), discount_percentage=maybe(PERCENT))
)
_PRICING = {
    "methodology": one_of("00", "07", "14"),
    "rate": maybe(PERCENT),
    "reject_reason": maybe(one_of("T1", "T6")),
    "compliance": maybe(one_of("1", "5")),
    "exception": maybe(one_of("1", "6")),
}
_NO_PRODUCT = dict.fromkeys(("procedure_qualifier", "procedure", "unit", "units"), st.none())
_PRODUCT = {"procedure_qualifier": st.just("HC"), "procedure": IDENT, "unit": st.just("UN"), "units": AMOUNTS}
CLAIM_PRICING = maybe(made(t837p.Pricing, **_PRICING, **_NO_PRODUCT))
LINE_PRICING = maybe(made(t837p.Pricing, **_PRICING, **_NO_PRODUCT) | made(t837p.Pricing, **_PRICING, **_PRODUCT))


def _run(group):
    reason = st.builds(
        t837p.Adjustment,
        group=st.just(group),
        reason=one_of("1", "2", "45", "97"),
        amount_cents=st.integers(-(10**9), 10**9),
        quantity=maybe(AMOUNTS),
    )
    return st.lists(reason, min_size=1, max_size=7)


ADJUSTMENTS = (
    st.lists(one_of("CO", "OA", "PI", "PR"), max_size=2, unique=True)
    .flatmap(lambda groups: st.tuples(*map(_run, groups)))
    .map(lambda runs: [one for run in runs for one in run])
)
DECISIONS = made(
    t837p.LineAdjudication,
    procedure_qualifier=st.just("HC"),
    modifiers=MODIFIERS,
    description=maybe(text(80)),
    adjustments=ADJUSTMENTS,
    adjudication_date=DAYS,
    bundled_line=maybe(st.integers(1, 50)),
)
ANSWERS = (
    st.builds(t837p.FormAnswer, question=IDENT, answer=one_of("Y", "N", "W"))
    | st.builds(t837p.FormAnswer, question=IDENT, text=text(50))
    | st.builds(t837p.FormAnswer, question=IDENT, answer_date=DAYS, percentage=maybe(PERCENT))
)
FORMS = st.builds(
    t837p.FormAnswers,
    kind=one_of("AS", "UT"),
    identifier=IDENT,
    answers=st.lists(ANSWERS, min_size=1, max_size=3),
)


def tidy_line(line):
    """What says something of a thing that is not there is what it is by default."""
    if line.note is None:
        line.note_code = "ADD"
    if line.prescription_number is None:
        line.prescription_kind = "XZ"
    if line.ndc is None:
        line.ndc_units = line.ndc_unit = line.prescription_number = None
        line.ndc_qualifier, line.prescription_kind = "N4", "XZ"
    return line


LINES = made(
    t837p.ServiceLine,
    number=st.integers(1, 50),
    procedure_qualifier=st.just("HC"),
    modifiers=MODIFIERS,
    description=maybe(text(80)),
    unit=one_of("UN", "MJ"),
    place_of_service=maybe(one_of("11", "41")),
    pointers=st.lists(st.integers(1, 12), min_size=1, max_size=4),
    equipment=maybe(made(t837p.Equipment, frequency=one_of("1", "4", "6"))),
    attachments=ATTACHMENTS,
    certificate_transmission=st.none(),  # the outside judge does not know these; a shape and a test of its own show one
    ambulance=maybe(TRANSPORTS),
    certification=maybe(made(t837p.EquipmentCertification, kind=one_of("I", "R", "S"))),
    conditions=st.lists(conditions(*TRANSPORT), max_size=3),
    hospice_employee=maybe(st.booleans()),
    equipment_condition=maybe(conditions("38", "ZV", most=2)),
    patient_count=maybe(st.integers(1, 99)),
    measurements=st.lists(
        made(t837p.Measurement, reference=one_of("OG", "TR"), qualifier=one_of("HT", "R1", "R4")), max_size=2
    ),
    contract=CONTRACTS,
    further_authorizations=st.lists(
        st.builds(t837p.Reference, kind=st.just("G1"), value=IDENT, payer_id=IDENT), max_size=2
    ),
    further_referrals=st.lists(st.builds(t837p.Reference, kind=st.just("9F"), value=IDENT, payer_id=IDENT), max_size=2),
    fixed_format=st.lists(text(80), max_size=2),
    note=maybe(text(80)),
    note_code=one_of("ADD", "DCP"),
    third_party_note=maybe(text(80)),
    purchased_service=maybe(made(t837p.PurchasedService)),
    pricing=LINE_PRICING,
    ndc_qualifier=one_of("N4", "UK", "EN"),
    ndc_units=AMOUNTS,
    ndc_unit=one_of("F2", "GR", "ME", "ML", "UN"),
    prescription_kind=one_of("XZ", "VY"),
    rendering=providers("0B", "1G", "LU", rendering=True, line=True),
    purchased_from=nameless("0B", "1G", "G2", npi=maybe(NPI), least=0),
    facility=facilities("G2", "LU", line=True),
    supervising=providers("0B", "1G", "LU", line=True),
    ordering=providers("0B", "1G", ordering=True, line=True),
    referring=providers("0B", "1G", line=True),
    primary_care=providers("0B", "1G", line=True),
    pick_up=maybe(ADDRESSES),
    drop_off=maybe(DROP_OFFS),
    adjudications=st.lists(DECISIONS, max_size=2),
    forms=st.lists(FORMS, max_size=2),
).map(tidy_line)

_INSURED = st.one_of(
    *names(
        t837p.OtherInsured,
        member_id_kind=one_of("MI", "II"),
        member_id=IDENT,
        address=maybe(ADDRESSES),
        social_security_number=maybe(st.just("900000017")),
    )
)
_OUTPATIENT = made(
    t837p.OutpatientAdjudication,
    reimbursement_rate=maybe(PERCENT),
    payable_cents=CENTS,
    remarks=st.lists(one_of("MA01", "MA07", "N1"), max_size=5),
)
OTHER_PAYERS = made(
    t837p.OtherPayer,
    responsibility=one_of("P", "S", "T", "U"),
    relationship=one_of("18", *RELATIONSHIPS),
    group_name=maybe(text(60)),
    insurance_type=maybe(one_of("12", "47")),
    filing_code=maybe(one_of(*FILING)),
    adjustments=ADJUSTMENTS,
    benefits_assigned=one_of("Y", "N", "W"),
    patient_signature_code=maybe(st.just("P")),
    release_code=one_of("Y", "I"),
    outpatient=maybe(_OUTPATIENT),
    insured=_INSURED,
    name=text(60),
    identifier_kind=one_of("PI", "XV"),
    address=maybe(ADDRESSES),
    references=references("2U", "EI", "FY", "NF"),
    adjustment_indicator=maybe(st.just("Y")),
    referring=nameless("0B", "1G", "G2", person=True),
    primary_care=nameless("0B", "1G", "G2", person=True),
    rendering=nameless("0B", "1G", "G2", "LU"),
    facility=nameless("0B", "G2", "LU", person=False),
    supervising=nameless("0B", "1G", "G2", "LU", person=True),
    billing=nameless("G2", "LU"),
)


def tidy_claim(claim):
    if claim.note is None:
        claim.note_code = "ADD"
    if not claim.related_causes:
        claim.accident_state = claim.accident_country = None
    return claim


CLAIMS = made(
    t837p.ProfessionalClaim,
    patient_control_number=st.text(CODE, min_size=8, max_size=14),
    place_of_service=one_of("11", "41"),
    frequency=st.sampled_from("178"),
    assignment_code=st.sampled_from("ABC"),
    benefits_assigned=st.sampled_from("YNW"),
    release_code=st.sampled_from("YI"),
    patient_signature_code=maybe(st.just("P")),
    related_causes=st.lists(one_of("AA", "EM", "OA"), max_size=2, unique=True),
    accident_state=maybe(st.just("OH")),
    accident_country=maybe(st.just("US")),
    special_program=maybe(one_of("02", "09")),
    delay_reason=maybe(one_of("7", "15")),
    attachments=ATTACHMENTS,
    contract=CONTRACTS,
    fixed_format=st.lists(text(80), max_size=2),
    note=maybe(text(80)),
    note_code=one_of("ADD", "CER", "DCP", "DGN", "TPO"),
    ambulance=maybe(TRANSPORTS),
    spinal=maybe(
        made(
            t837p.SpinalManipulation,
            condition=one_of("A", "M"),
            description=maybe(text(80)),
            further_description=maybe(text(80)),
        )
    ),
    conditions=st.lists(conditions(*TRANSPORT), max_size=3),
    vision_conditions=st.lists(
        st.builds(
            t837p.VisionCondition,
            category=one_of("E1", "E2", "E3"),
            applies=st.booleans(),
            codes=st.lists(one_of("L1", "L5"), min_size=1, max_size=5),
        ),
        max_size=3,
    ),
    epsdt_referral=maybe(conditions("AV", "NU", "S2", "ST", most=3)),
    diagnoses=st.lists(IDENT, min_size=1, max_size=12),
    icd_version=one_of(10, 9),
    anesthesia_procedures=st.lists(IDENT, max_size=2),
    condition_codes=st.lists(st.text(CODE, min_size=2, max_size=2), max_size=24),
    pricing=CLAIM_PRICING,
    referring=providers("0B", "1G"),
    primary_care=providers("0B", "1G"),
    rendering=providers("0B", "1G", "LU", rendering=True),
    facility=facilities("0B", "G2", "LU", contact=CONTACTS),
    supervising=providers("0B", "1G", "LU"),
    pick_up=maybe(ADDRESSES),
    drop_off=maybe(DROP_OFFS),
    other_payers=st.lists(OTHER_PAYERS, max_size=2),
    lines=st.lists(LINES, min_size=1, max_size=2),
).map(tidy_claim)

PAYERS = made(
    t837p.Payer,
    name=text(60),
    identifier_kind=one_of("PI", "XV"),
    address=maybe(ADDRESSES),
    references=references("EI", "FY", "NF"),
    provider_references=references("LU", most=1),
)
_PERSON = {"sex": one_of("F", "M", "U"), "contact": maybe(CONTACTS), "claims": st.builds(list)}
PATIENTS = made(
    t837p.Patient,
    relationship=one_of(*RELATIONSHIPS),
    last_name=text(60),
    first_name=maybe(text(35)),
    middle_name=maybe(text(25)),
    suffix=maybe(text(10)),
    address=ADDRESSES,
    birth_date=DAYS,
    secondary_id_kind=st.just("1W"),
    **_PERSON,
)
SUBSCRIBERS = names(
    t837p.Subscriber,
    responsibility=one_of("P", "S", "T", "U"),
    relationship=maybe(st.just("18")),
    group_name=maybe(text(60)),
    insurance_type=maybe(one_of("12", "47")),
    filing_code=maybe(one_of(*FILING)),
    member_id_kind=one_of("MI", "II"),
    member_id=IDENT,
    social_security_number=maybe(st.just("900000018")),
    address=ADDRESSES,
    birth_date=DAYS,
    payer=PAYERS,
    patients=st.builds(list),
    **_PERSON,
)[0]
BILLING = st.one_of(
    *names(
        t837p.BillingProvider,
        npi=maybe(NPI),
        taxonomy=maybe(st.just("341600000X")),
        currency=maybe(one_of("USD", "CAD")),
        tax_id=st.just("123456789"),
        tax_id_kind=one_of("EI", "SY"),
        references=references("0B", "1G"),
        address=ADDRESSES,
        contact_name=text(60),
        phone=st.just("5555550100"),
        phone_extension=maybe(st.just("7")),
        email=st.none(),
        fax=maybe(st.just("5555550101")),
        contacts=st.lists(CONTACTS, max_size=1),
        pay_to=maybe(ADDRESSES),
        pay_to_plan=maybe(
            made(
                t837p.PayToPlan,
                name=text(60),
                identifier_kind=one_of("PI", "XV"),
                address=ADDRESSES,
                secondary=maybe(st.builds(t837p.Reference, kind=one_of("2U", "FY", "NF"), value=IDENT)),
                tax_id=st.just("987654321"),
            )
        ),
        subscribers=st.builds(list),
    )
)


@st.composite
def sets(draw, make_set, claims=1):
    """A set of one billing provider with ``claims`` claims, some of subscribers, some of patients."""
    provider = draw(BILLING)
    for index in range(claims):
        claim = draw(CLAIMS)
        claim.patient_control_number = f"CR{index:06d}"
        for number, line in enumerate(claim.lines, 1):
            line.number = number
        who = draw(SUBSCRIBERS)
        if who.relationship is None:
            patient = draw(PATIENTS)
            patient.claims = [claim]
            who.patients = [patient]
        else:
            who.claims = [claim]
        provider.subscribers.append(who)
    return make_set([provider])
