"""What is sealed with a decision comes back as it was; older rows are read too."""

import json
from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.remittance import Adjusted, ClaimDecision, LineDecision, PatientTold
from pipeline.store import explained

_text = st.none() | st.text(min_size=1, max_size=6)
_codes = st.lists(st.text(min_size=1, max_size=3), max_size=2).map(tuple)
_day = st.none() | st.dates()
_quantity = st.none() | st.decimals(0, 999, places=2)
_cents = st.integers(-(10**9), 10**9)
_adjusted = st.lists(st.builds(Adjusted, st.sampled_from(["CO", "PR"]), st.just("45"), _cents), max_size=2).map(tuple)
_lines = st.builds(
    LineDecision, procedure=_text, modifiers=_codes, charge_cents=_cents, paid_cents=_cents, adjustments=_adjusted,
    control_number=_text, remarks=_codes, units=_quantity, submitted_procedure=_text, submitted_modifiers=_codes,
    submitted_units=_quantity, service_date=_day, service_date_to=_day,
)  # fmt: skip
_decisions = st.builds(
    ClaimDecision, patient_control_number=st.just("C1"), status=st.just("1"), charge_cents=_cents, paid_cents=_cents,
    segment=st.just(9), adjustments=_adjusted, lines=st.lists(_lines, max_size=3).map(tuple), remarks=_codes,
    filing_code=_text, facility_code=_text, service_to=_day, received_date=_day,
    patient=st.builds(PatientTold, last_name=_text, first_name=_text, member_id=_text, corrected_member_id=_text),
)  # fmt: skip


@given(_decisions)
def test_what_was_written_is_read(decision):
    told = explained.read(explained.written(decision))
    for field in fields(told):
        assert getattr(told, field.name) == getattr(decision, field.name), field.name
    assert told.all_adjustments == decision.all_adjustments


def test_a_row_of_before_names_and_days_were_kept_is_read():
    line = {"procedure": "A0429", "modifiers": [], "charge_cents": 1, "paid_cents": 1, "control_number": None,
            "adjustments": [["CO", "45", 1]], "remarks": []}  # fmt: skip
    told = explained.read(json.dumps({"adjustments": [], "remarks": ["N1"], "lines": [line]}).encode())
    assert told.lines[0].units is None
    assert told.lines[0].service_date is None
    assert told.patient == PatientTold()
    assert told.all_adjustments == (Adjusted("CO", "45", 1),)
