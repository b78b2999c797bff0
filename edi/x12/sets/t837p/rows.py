"""Rows of the 837P by loop, segment and qualifier, and where the fields of its values stand in them."""

from functools import lru_cache

from edi.x12.sets.layouts import Layout, Qualified
from edi.x12.sets.t837p.values import Subscriber
from edi.x12.sets.t837p.values_claim import OtherPayer
from edi.x12.sets.t837p.values_details import Contract, Pricing, SpinalManipulation
from edi.x12.sets.t837p.values_line import EquipmentCertification, FormAnswer, Measurement, PurchasedService
from edi.x12.tables.set_837p import SET_837P
from edi.x12.writer import Row

_NOBODY = frozenset({"1000A", "1000B", "2010AA", "2010BB"})
"""Loops about organisations that come again in every set."""


@lru_cache(maxsize=512)
def row(loop: str, name: str, qualifier: str | None = None) -> Row:
    """The row of the 837P table."""
    return Row(SET_837P.segment(loop, name, qualifier), loop, shared=loop in _NOBODY)


def _qualified(loop: str, segment: str, names: dict[str, str]) -> Qualified:
    return Qualified(segment, lambda name, code: row(loop, name, code), names)


CLAIM_DATES_EARLY = _qualified(
    "2300",
    "DTP",
    {
        "431": "onset_date",
        "454": "initial_treatment_date",
        "304": "last_seen_date",
        "453": "acute_manifestation_date",
        "439": "accident_date",
        "484": "last_menstrual_date",
        "455": "last_xray_date",
        "471": "prescription_date",
    },
)
"""Dates before those of disability, which take two fields in one segment."""
CLAIM_DATES_LATE = _qualified(
    "2300",
    "DTP",
    {
        "297": "last_worked_date",
        "296": "return_to_work_date",
        "435": "admission_date",
        "096": "discharge_date",
        "090": "care_assumed_date",
        "091": "care_relinquished_date",
        "444": "first_contact_date",
        "050": "repricer_received_date",
    },
)
CLAIM_REFERENCES = _qualified(
    "2300",
    "REF",
    {
        "4N": "authorization_exception",
        "F5": "medicare_crossover",
        "EW": "mammography_certification",
        "9F": "referral_number",
        "G1": "prior_authorization",
        "F8": "payer_claim_number",
        "X4": "clia",
        "9A": "repriced_number",
        "9C": "adjusted_repriced_number",
        "LX": "investigational_device",
        "D9": "clearinghouse_claim_id",
        "EA": "medical_record_number",
        "P4": "demonstration_project",
        "1J": "care_plan_oversight",
    },
)
LINE_DATES = _qualified(
    "2400",
    "DTP",
    {
        "471": "prescription_date",
        "607": "certification_revision_date",
        "463": "therapy_begin_date",
        "461": "last_certification_date",
        "304": "last_seen_date",
        "738": "hemoglobin_test_date",
        "739": "creatinine_test_date",
        "011": "shipped_date",
        "455": "last_xray_date",
        "454": "initial_treatment_date",
    },
)
LINE_REPRICED = _qualified("2400", "REF", {"9B": "repriced_number", "9D": "adjusted_repriced_number"})
"""References before prior authorizations, of which a line may have several."""
LINE_REFERENCES = _qualified(
    "2400",
    "REF",
    {
        "6R": "line_control_number",
        "EW": "mammography_certification",
        "X4": "clia",
        "F4": "referring_clia",
        "BT": "immunization_batch",
    },
)
LINE_AMOUNTS = _qualified("2400", "AMT", {"T": "sales_tax_cents", "F4": "postage_cents"})
OTHER_AMOUNTS = _qualified(
    "2320", "AMT", {"D": "paid_cents", "A8": "non_covered_cents", "EAF": "remaining_liability_cents"}
)
OTHER_DATES = _qualified("2330B", "DTP", {"573": "adjudication_date"})
OTHER_REFERENCES = _qualified(
    "2330B",
    "REF",
    {
        "G1": "prior_authorization",
        "9F": "referral_number",
        "T4": "adjustment_indicator",
        "F8": "payer_claim_number",
    },
)
INSURED_REFERENCES = _qualified("2330A", "REF", {"SY": "social_security_number"})
SUBSCRIBER_REFERENCES = _qualified("2010BA", "REF", {"SY": "social_security_number", "Y4": "property_casualty_number"})
PATIENT_REFERENCES = _qualified("2010CA", "REF", {"Y4": "property_casualty_number"})
DECIDED_AMOUNTS = _qualified("2430", "AMT", {"EAF": "remaining_liability_cents"})
DECIDED_DATES = _qualified("2430", "DTP", {"573": "adjudication_date"})

CLAIM_PROVIDERS = {"DN": "referring", "P3": "primary_care", "82": "rendering", "DQ": "supervising"}
LINE_PROVIDERS = CLAIM_PROVIDERS | {"DK": "ordering"}
OTHER_PROVIDERS = {
    "DN": ("2330C", "referring"),
    "P3": ("2330C", "primary_care"),
    "82": ("2330D", "rendering"),
    "77": ("2330E", "facility"),
    "DQ": ("2330F", "supervising"),
    "85": ("2330G", "billing"),
}

_INSURANCE = {
    "responsibility": 1,
    "relationship": 2,
    "group_number": 3,
    "group_name": 4,
    "insurance_type": 5,
    "filing_code": 9,
}
SUBSCRIBER_SBR, OTHER_SBR = Layout(Subscriber, **_INSURANCE), Layout(OtherPayer, **_INSURANCE)
CONTRACT = Layout(Contract, kind=1, amount_cents=2, percentage=3, code=4, discount_percentage=5, version=6)
SPINAL = Layout(SpinalManipulation, condition=8, description=10, further_description=11)
PRICING = Layout(
    Pricing,
    methodology=1,
    allowed_cents=2,
    saving_cents=3,
    organization=4,
    rate=5,
    patient_group=6,
    patient_group_cents=7,
    procedure_qualifier=9,
    procedure=10,
    unit=11,
    units=12,
    reject_reason=13,
    compliance=14,
    exception=15,
)
CERTIFICATION = Layout(EquipmentCertification, {2: "MO"}, kind=1, months=3)
MEASUREMENT = Layout(Measurement, reference=1, qualifier=2, value=3)
PURCHASED = Layout(PurchasedService, provider_id=1, charge_cents=2)
ANSWER = Layout(FormAnswer, question=1, answer=2, text=3, answer_date=4, percentage=5)
