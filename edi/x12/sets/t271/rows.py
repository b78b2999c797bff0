"""Where the fields of a 271 stand, told once for reader and writer."""

from edi.x12.sets.layouts import Layout
from edi.x12.sets.t271.values import Benefit, Limit, Military, Rejection, Visits

REJECTION = Layout(Rejection, valid=1, reason=3, follow_up=4)
MILITARY = Layout(Military, status=1, employment=2, affiliation=3, text=4, rank=5)
VISITS = Layout(
    Visits, quantity_kind=1, quantity=2, unit=3, per=4, period=5, period_count=6, frequency=7, time_of_day=8
)
LIMIT = Layout(Limit, kind=1, code=2, category=3, text=4)
BENEFIT = Layout(
    Benefit,
    kind=1,
    coverage_level=2,
    insurance_type=4,
    plan=5,
    period=6,
    amount_cents=7,
    share=8,
    quantity_kind=9,
    quantity=10,
    authorization=11,
    in_network=12,
)
"""Without the lists: service types (EB03), procedure (EB13), diagnoses (EB14)."""
