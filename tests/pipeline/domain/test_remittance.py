"""Verdicts by money."""

import pytest

from pipeline.domain.remittance import Adjusted, ClaimDecision, LineDecision, Verdict, verdict


def claim(paid, *adjustments, status="1", charge=10_000, lines=()):
    return ClaimDecision(
        patient_control_number="C1", status=status, charge_cents=charge, paid_cents=paid, segment=9,
        adjustments=tuple(Adjusted(*a) for a in adjustments),
        lines=tuple(LineDecision(procedure="A0429", charge_cents=c, paid_cents=p, adjustments=tuple(Adjusted(*a) for a in adj)) for c, p, adj in lines),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (claim(8_000, ("CO", "45", 2_000)), Verdict.PAID),
        (claim(10_000), Verdict.PAID),
        (claim(6_000, ("CO", "45", 2_000), ("PR", "2", 2_000)), Verdict.PAID),
        (claim(0, ("CO", "45", 2_000), ("PR", "1", 8_000)), Verdict.PAID),
        (claim(0, ("PR", "29", 10_000)), Verdict.DENIED),
        (claim(0, ("CO", "50", 10_000), status="4"), Verdict.DENIED),
        (claim(5_000, ("PI", "45", 5_000)), Verdict.PARTLY_PAID),
        (claim(5_000, ("CO", "50", 5_000)), Verdict.PARTLY_PAID),
        (claim(6_000, lines=[(7_000, 6_000, [("CO", "45", 1_000)]), (3_000, 0, [("CO", "50", 3_000)])]), Verdict.PARTLY_PAID),
        (claim(6_000, lines=[(7_000, 6_000, [("CO", "45", 1_000)]), (3_000, 0, [("CO", "97", 3_000)])]), Verdict.PAID),
        (claim(-8_000, ("CO", "45", -2_000), status="22", charge=-10_000), Verdict.REVERSED),
        (claim(0, ("OA", "133", 10_000), status="23"), Verdict.FORWARDED),
        (claim(0, charge=0), Verdict.PAID),
    ],
)  # fmt: skip
def test_the_money_decides(decision, expected):
    assert verdict(decision) is expected


def test_adjustments_of_claim_and_lines_add_up_by_group():
    decision = claim(5_000, ("CO", "45", 1_000), lines=[(10_000, 6_000, [("PR", "1", 3_000), ("CO", "45", 1_000)])])
    assert decision.adjusted_cents == {"CO": 2_000, "PR": 3_000}
    assert decision.patient_cents == 3_000
