"""Rows of the 837I by loop, segment and qualifier, and where the fields that only it has stand in them."""

from edi.x12.sets.layouts import Layout
from edi.x12.sets.t837.rows import PRICING_PLACES, CommonRows, qualified, rows_of
from edi.x12.sets.t837i.values import Subscriber
from edi.x12.sets.t837i.values_claim import InpatientAdjudication, Note, OtherPayer
from edi.x12.sets.t837i.values_line import InstitutionalPricing
from edi.x12.tables.set_837i import SET_837I

row = rows_of(SET_837I)
"""The row of the 837I table by loop, segment and qualifier."""

REPRICER_DATE = qualified(row, "2300", "DTP", {"050": "repricer_received_date"})
REFERENCES_EARLY = qualified(
    row,
    "2300",
    "REF",
    {
        "4N": "authorization_exception",
        "9F": "referral_number",
        "G1": "prior_authorization",
        "F8": "payer_claim_number",
        "9A": "repriced_number",
        "9C": "adjusted_repriced_number",
    },
)
"""References before those of investigational devices, of which there may be several."""
REFERENCES_LATE = qualified(
    row,
    "2300",
    "REF",
    {
        "D9": "clearinghouse_claim_id",
        "LU": "accident_state",
        "EA": "medical_record_number",
        "P4": "demonstration_project",
        "G4": "peer_review_authorization",
    },
)
CLAIM_AMOUNTS = qualified(row, "2300", "AMT", {"F3": "patient_due_cents"})
LINE_REFERENCES = qualified(
    row,
    "2400",
    "REF",
    {"6R": "line_control_number", "9B": "repriced_number", "9D": "adjusted_repriced_number"},
)
LINE_AMOUNTS = qualified(row, "2400", "AMT", {"GT": "service_tax_cents", "N8": "facility_tax_cents"})

CLAIM_PROVIDERS = {
    "71": ("2310A", "attending"),
    "72": ("2310B", "operating"),
    "ZZ": ("2310C", "other_operating"),
    "82": ("2310D", "rendering"),
    "77": ("2310E", "facility"),
    "DN": ("2310F", "referring"),
}
LINE_PROVIDERS = {
    "72": ("2420A", "operating"),
    "ZZ": ("2420B", "other_operating"),
    "82": ("2420C", "rendering"),
    "DN": ("2420D", "referring"),
}
_OTHER_PROVIDERS = {
    "71": ("2330C", "attending"),
    "72": ("2330D", "operating"),
    "ZZ": ("2330E", "other_operating"),
    "77": ("2330F", "facility"),
    "82": ("2330G", "rendering"),
    "DN": ("2330H", "referring"),
    "85": ("2330I", "billing"),
}
COMMON = CommonRows(
    row,
    subscriber=Subscriber,
    other=OtherPayer,
    insurance={},
    other_amounts={"D": "paid_cents", "EAF": "remaining_liability_cents", "A8": "non_covered_cents"},
    other_providers=_OTHER_PROVIDERS,
)
NOTE = Layout(Note, kind=1, text=2)
PRICING = Layout(InstitutionalPricing, **PRICING_PLACES, revenue_code=8)
INPATIENT = Layout(
    InpatientAdjudication,
    covered_days=1,
    psychiatric_days=3,
    drg_cents=4,
    remark=5,
    disproportionate_share_cents=6,
    pass_through_cents=7,
    capital_cents=8,
    capital_federal_cents=9,
    capital_hospital_cents=10,
    capital_disproportionate_cents=11,
    old_capital_cents=12,
    capital_teaching_cents=13,
    operating_hospital_cents=14,
    cost_report_days=15,
    operating_federal_cents=16,
    capital_outlier_cents=17,
    indirect_teaching_cents=18,
    professional_component_cents=19,
    second_remark=20,
    third_remark=21,
    fourth_remark=22,
    fifth_remark=23,
    capital_exception_cents=24,
)
