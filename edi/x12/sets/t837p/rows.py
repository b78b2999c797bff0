"""Rows of the 837P by loop, segment and qualifier, and where the fields that only it has stand in them."""

from edi.x12.sets.layouts import Layout, Qualified
from edi.x12.sets.t837.rows import CommonRows, qualified, rows_of
from edi.x12.sets.t837p.values import Subscriber
from edi.x12.sets.t837p.values_claim import OtherPayer
from edi.x12.sets.t837p.values_details import SpinalManipulation
from edi.x12.sets.t837p.values_line import EquipmentCertification, FormAnswer, Measurement, PurchasedService
from edi.x12.tables.set_837p import SET_837P

row = rows_of(SET_837P)
"""The row of the 837P table by loop, segment and qualifier."""


def _qualified(loop: str, segment: str, names: dict[str, str]) -> Qualified:
    return qualified(row, loop, segment, names)


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

CLAIM_PROVIDERS = {"DN": "referring", "P3": "primary_care", "82": "rendering", "DQ": "supervising"}
LINE_PROVIDERS = CLAIM_PROVIDERS | {"DK": "ordering"}
_OTHER_PROVIDERS = {
    "DN": ("2330C", "referring"),
    "P3": ("2330C", "primary_care"),
    "82": ("2330D", "rendering"),
    "77": ("2330E", "facility"),
    "DQ": ("2330F", "supervising"),
    "85": ("2330G", "billing"),
}
COMMON = CommonRows(
    row,
    subscriber=Subscriber,
    other=OtherPayer,
    insurance={"insurance_type": 5},
    other_amounts={"D": "paid_cents", "A8": "non_covered_cents", "EAF": "remaining_liability_cents"},
    other_providers=_OTHER_PROVIDERS,
)
SPINAL = Layout(SpinalManipulation, condition=8, description=10, further_description=11)
CERTIFICATION = Layout(EquipmentCertification, {2: "MO"}, kind=1, months=3)
MEASUREMENT = Layout(Measurement, reference=1, qualifier=2, value=3)
PURCHASED = Layout(PurchasedService, provider_id=1, charge_cents=2)
ANSWER = Layout(FormAnswer, question=1, answer=2, text=3, answer_date=4, percentage=5)
