"""837I values at random, within what the guide allows: every field of every value is drawn, as for the 837P."""

from datetime import time

from hypothesis import strategies as st
from x12_claim_strategies import (
    ADDRESSES,
    ADJUSTMENTS,
    AMOUNTS,
    ATTACHMENTS,
    CENTS,
    CODE,
    CONTACTS,
    CONTRACTS,
    DAYS,
    FILING,
    IDENT,
    MODIFIERS,
    NPI,
    PAYERS,
    PERCENT,
    RELATIONSHIPS,
    conditions,
    facilities,
    made,
    maybe,
    nameless,
    names,
    one_of,
    providers,
    references,
    text,
)

from edi.x12.sets import t837i

TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
REMARKS = one_of("MA01", "MA07", "N1")
AT_HOME = ADDRESSES.filter(lambda one: one.country is None)
TWO = st.text(CODE, min_size=2, max_size=2)
DIAGNOSES = made(t837i.Diagnosis, on_admission=maybe(st.sampled_from("YNUW")))
PROCEDURES = made(t837i.Procedure)
_PRICING = {
    "methodology": one_of("00", "14"),
    "rate": maybe(PERCENT),
    "reject_reason": maybe(one_of("T1", "T6")),
    "compliance": maybe(one_of("1", "5")),
    "exception": maybe(one_of("1", "6")),
}
_NO_UNITS = dict.fromkeys(("unit", "units"), st.none())
_UNITS = {"unit": one_of("DA", "UN"), "units": AMOUNTS}
_NO_PRODUCT = dict.fromkeys(("procedure_qualifier", "procedure"), st.none())
_PRODUCT = {"procedure_qualifier": one_of("HC", "HP"), "procedure": IDENT}
CLAIM_PRICING = maybe(
    made(t837i.InstitutionalPricing, **_PRICING, **_NO_PRODUCT, **_NO_UNITS)
    | made(t837i.InstitutionalPricing, **_PRICING, **_NO_PRODUCT, **_UNITS)
)
LINE_PRICING = maybe(made(t837i.InstitutionalPricing, **_PRICING, **_PRODUCT, **_UNITS))


def _tidy(value):
    """What says something of a thing that is not there is what it is by default."""
    if value.procedure is None:
        value.modifiers, value.description, value.procedure_qualifier = [], None, "HC"
    return value


def _tidy_line(line):
    if line.service_date is None:
        line.service_date_to = None
    if line.ndc is None:
        line.ndc_units = line.ndc_unit = line.prescription_number = None
    if line.prescription_number is None:
        line.prescription_kind = "XZ"
    return _tidy(line)


def _tidy_claim(claim):
    if claim.admission_date is None:
        claim.admission_time = None
    return claim


DECISIONS = made(
    t837i.LineAdjudication,
    procedure_qualifier=one_of("HC", "HP"),
    modifiers=MODIFIERS,
    description=maybe(text(80)),
    adjustments=ADJUSTMENTS,
    adjudication_date=DAYS,
    bundled_line=maybe(st.integers(1, 50)),
).map(_tidy)
LINES = made(
    t837i.ServiceLine,
    number=st.integers(1, 999),
    procedure_qualifier=one_of("HC", "HP"),
    modifiers=MODIFIERS,
    description=maybe(text(80)),
    unit=one_of("UN", "DA"),
    attachments=ATTACHMENTS,
    third_party_note=maybe(text(80)),
    pricing=LINE_PRICING,
    ndc_units=AMOUNTS,
    ndc_unit=one_of("F2", "GR", "ME", "ML", "UN"),
    prescription_kind=one_of("XZ", "VY"),
    operating=providers("0B", "1G", "LU", line=True),
    other_operating=providers("0B", "1G", "LU", line=True),
    rendering=providers("0B", "1G", "LU", line=True),
    referring=providers("0B", "1G", line=True),
    adjudications=st.lists(DECISIONS, max_size=2),
).map(_tidy_line)
_INSURED = st.one_of(
    *names(
        t837i.OtherInsured,
        member_id_kind=one_of("MI", "II"),
        member_id=IDENT,
        address=maybe(ADDRESSES),
        social_security_number=maybe(st.just("900000017")),
    )
)
OTHER_PAYERS = made(
    t837i.OtherPayer,
    responsibility=one_of("P", "S", "T", "U"),
    relationship=one_of("18", *RELATIONSHIPS),
    group_name=maybe(text(60)),
    filing_code=maybe(one_of(*FILING)),
    adjustments=ADJUSTMENTS,
    benefits_assigned=one_of("Y", "N", "W"),
    release_code=one_of("Y", "I"),
    inpatient=maybe(
        made(
            t837i.InpatientAdjudication,
            **{f"{which}remark": maybe(REMARKS) for which in ("", "second_", "third_", "fourth_", "fifth_")},
        )
    ),
    outpatient=maybe(
        made(
            t837i.OutpatientAdjudication,
            reimbursement_rate=maybe(PERCENT),
            payable_cents=CENTS,
            remarks=st.lists(REMARKS, max_size=5),
        )
    ),
    insured=_INSURED,
    name=text(60),
    identifier_kind=one_of("PI", "XV"),
    address=maybe(ADDRESSES),
    references=references("2U", "EI", "FY", "NF"),
    adjustment_indicator=maybe(st.just("Y")),
    attending=nameless("0B", "1G", "G2", "LU", person=True),
    operating=nameless("0B", "1G", "G2", "LU", person=True),
    other_operating=nameless("0B", "1G", "G2", "LU", person=True),
    facility=nameless("0B", "G2", "LU", person=False),
    rendering=nameless("0B", "1G", "G2", "LU", person=True),
    referring=nameless("0B", "1G", "G2", person=True),
    billing=nameless("G2", "LU", person=False),
)
CLAIMS = made(
    t837i.InstitutionalClaim,
    facility_code=one_of("11", "13", "21", "85"),
    frequency=st.sampled_from("123478"),
    assignment_code=st.sampled_from("ABC"),
    benefits_assigned=st.sampled_from("YNW"),
    release_code=st.sampled_from("YI"),
    delay_reason=maybe(one_of("7", "15")),
    discharge_time=maybe(TIMES),
    admission_time=maybe(TIMES),
    admission_type=st.sampled_from("12345"),
    admission_source=maybe(st.sampled_from("1245")),
    patient_status=one_of("01", "30"),
    attachments=ATTACHMENTS,
    contract=CONTRACTS,
    investigational_devices=st.lists(IDENT, max_size=5),
    fixed_format=st.lists(text(80), max_size=2),
    notes=st.lists(made(t837i.Note, kind=one_of("ALG", "MED"), text=text(80)), max_size=3),
    billing_note=maybe(text(80)),
    epsdt_referral=maybe(conditions("AV", "NU", "S2", "ST", most=3)),
    icd_version=one_of(10, 9),
    principal_diagnosis=DIAGNOSES,
    visit_reasons=st.lists(IDENT, max_size=3),
    external_causes=st.lists(DIAGNOSES, max_size=12),
    other_diagnoses=st.lists(DIAGNOSES, max_size=24),
    principal_procedure=maybe(PROCEDURES),
    other_procedures=st.lists(PROCEDURES, max_size=13),
    occurrence_spans=st.lists(made(t837i.OccurrenceSpan), max_size=13),
    occurrences=st.lists(made(t837i.Occurrence), max_size=13),
    value_amounts=st.lists(made(t837i.ValueAmount), max_size=13),
    condition_codes=st.lists(TWO, max_size=24),
    treatment_codes=st.lists(IDENT, max_size=13),
    pricing=CLAIM_PRICING,
    attending=providers("0B", "1G", "LU"),
    operating=providers("0B", "1G", "LU"),
    other_operating=providers("0B", "1G", "LU"),
    rendering=providers("0B", "1G", "LU"),
    facility=facilities("0B", "G2", "LU"),
    referring=providers("0B", "1G"),
    other_payers=st.lists(OTHER_PAYERS, max_size=2),
    lines=st.lists(LINES, min_size=1, max_size=2),
).map(_tidy_claim)
_PERSON = {
    "last_name": text(60),
    "first_name": maybe(text(35)),
    "middle_name": maybe(text(25)),
    "suffix": maybe(text(10)),
    "address": ADDRESSES,
    "birth_date": DAYS,
    "sex": one_of("F", "M", "U"),
}
PATIENTS = made(
    t837i.Patient,
    relationship=one_of(*RELATIONSHIPS),
    secondary_id_kind=st.just("1W"),
    claims=st.builds(list),
    **_PERSON,
)


def _one_number(payer):
    """The payer knows the hospital by one number in this guide."""
    if payer.billing_provider_id:
        payer.provider_references = []
    return payer


SUBSCRIBERS = made(
    t837i.Subscriber,
    responsibility=one_of("P", "S", "T", "U"),
    relationship=maybe(st.just("18")),
    group_name=maybe(text(60)),
    filing_code=maybe(one_of(*FILING)),
    name=st.none(),
    member_id_kind=one_of("MI", "II"),
    member_id=IDENT,
    social_security_number=maybe(st.just("900000018")),
    payer=PAYERS.map(_one_number),
    claims=st.builds(list),
    patients=st.builds(list),
    **_PERSON,
)
HOSPITALS = made(
    t837i.BillingProvider,
    **{"name": text(60)} | dict.fromkeys(("last_name", "first_name", "middle_name", "suffix"), st.none()),
    npi=maybe(NPI),
    taxonomy=maybe(st.just("282N00000X")),
    currency=maybe(one_of("USD", "CAD")),
    tax_id=st.just("123456789"),
    tax_id_kind=st.just("EI"),
    address=AT_HOME,
    contact_name=text(60),
    phone=st.just("5555550100"),
    phone_extension=maybe(st.just("7")),
    email=st.none(),
    fax=maybe(st.just("5555550101")),
    contacts=st.lists(CONTACTS, max_size=1),
    pay_to=maybe(ADDRESSES),
    pay_to_plan=maybe(
        made(
            t837i.PayToPlan,
            name=text(60),
            identifier_kind=one_of("PI", "XV"),
            address=ADDRESSES,
            secondary=maybe(st.builds(t837i.Reference, kind=one_of("2U", "FY", "NF"), value=IDENT)),
            tax_id=st.just("987654321"),
        )
    ),
    subscribers=st.builds(list),
)


@st.composite
def sets(draw, make_set):
    """A set of one hospital with two claims, each of a subscriber or of a patient."""
    hospital = draw(HOSPITALS)
    for index in range(2):
        claim = draw(CLAIMS)
        claim.patient_control_number = f"CR{index:06d}"
        who = draw(SUBSCRIBERS)
        if who.relationship is None:
            patient = draw(PATIENTS)
            patient.claims = [claim]
            who.patients = [patient]
        else:
            who.claims = [claim]
        hospital.subscribers.append(who)
    return make_set(hospital)
