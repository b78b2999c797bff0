"""Outcomes are a pure function of the claim, and every one of them balances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.outcomes import (
    Outcome,
    SetFault,
    correction,
    crosses_over,
    decide,
    decide_after,
    outcome,
    reversal,
    second_last_is_odd,
    set_fault,
)

CHARGES = st.lists(st.integers(min_value=0, max_value=5_000_000), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("W100000000", Outcome.PAID),
        ("W1", Outcome.PAID),
        ("W2", Outcome.PAID),
        ("W3", Outcome.PATIENT_SHARE),
        ("W4", Outcome.PARTLY_PAID),
        ("W5", Outcome.DENIED),
        ("W6", Outcome.CLEARINGHOUSE_REJECTED),
        ("W7", Outcome.PAYER_REJECTED),
        ("W8", Outcome.CORRECTED),
        ("W9", Outcome.OVERPAID),
        ("ABC", Outcome.PAID),
        ("", Outcome.PAID),
        (None, Outcome.PAID),
    ],
)
def test_the_last_digit_chooses(member, expected):
    assert outcome(member) is expected


@pytest.mark.parametrize(
    ("member", "expected"),
    [("W96", SetFault.NAMED), ("W086", SetFault.PLACED), ("W06", None), ("6", None), ("W69", None), (None, None)],
)
def test_two_endings_cost_the_whole_set_and_leave_the_outcome(member, expected):
    assert set_fault(member) is expected
    if expected:
        assert outcome(member) is Outcome.CLEARINGHOUSE_REJECTED


@given(st.integers(0, 99), CHARGES)
def test_every_decision_balances_and_never_pays_below_zero(ending, charges):
    decision = decide(f"M{ending:02d}", charges)
    assert decision.charge_cents == sum(charges)
    for line, charge in zip(decision.lines, charges, strict=True):
        assert line.charge_cents == charge
        assert line.paid_cents + sum(one.amount_cents for one in line.adjustments) == charge
        assert 0 <= line.paid_cents <= charge
        assert all(one.amount_cents > 0 for one in line.adjustments)


@given(st.integers(0, 99), CHARGES)
def test_a_reversal_undoes_to_the_cent_and_a_correction_pays_no_more(ending, charges):
    decision = decide(f"M{ending:02d}", charges)
    undone = reversal(decision)
    assert undone.status == "22"
    assert undone.charge_cents == -decision.charge_cents
    assert undone.paid_cents == -decision.paid_cents
    assert all(
        -a.amount_cents == b.amount_cents
        for x, y in zip(decision.lines, undone.lines, strict=True)
        for a, b in zip(x.adjustments, y.adjustments, strict=True)
    )
    corrected = correction(decision)
    assert corrected.charge_cents == decision.charge_cents
    assert 0 <= corrected.paid_cents <= decision.paid_cents


def test_paid_leaves_four_fifths():
    decision = decide("M10", [10000, 2501])
    assert [line.paid_cents for line in decision.lines] == [8000, 2000]
    assert decision.patient_cents == 0


def test_patient_share_has_all_three_parts():
    decision = decide("M13", [20000, 10000])
    assert {one.reason for line in decision.lines for one in line.adjustments if one.group == "PR"} == {"1", "2", "3"}
    assert decision.paid_cents + decision.patient_cents == 24000
    assert decision.paid_cents > 0


def test_partly_paid_denies_the_last_charged_line():
    decision = decide("M14", [20000, 10000, 0])
    assert [line.paid_cents for line in decision.lines] == [16000, 0, 0]
    assert [one.reason for one in decision.lines[1].adjustments] == ["50"]


def test_partly_paid_with_one_line_is_half():
    decision = decide("M14", [20001])
    assert decision.paid_cents == 10000
    assert [one.reason for one in decision.lines[0].adjustments] == ["45", "151"]


def test_denials_come_in_two_forms():
    contractual, by_patient = decide("M05", [100, 200]), decide("M15", [100, 200])
    assert (contractual.status, contractual.paid_cents, contractual.patient_cents) == ("4", 0, 0)
    assert (by_patient.status, by_patient.paid_cents, by_patient.patient_cents) == ("1", 0, 300)
    assert second_last_is_odd("M15")
    assert not second_last_is_odd("5")


def test_overpaid_is_the_whole_charge():
    assert decide("M19", [100, 200]).paid_cents == 300


@given(st.integers(0, 99), CHARGES, st.data())
def test_a_later_payer_balances_and_pays_no_more_than_was_left(ending, charges, data):
    left = [data.draw(st.integers(0, charge)) for charge in charges]
    decision = decide_after(f"M{ending:02d}", charges, left)
    for line, charge, share in zip(decision.lines, charges, left, strict=True):
        assert line.paid_cents + sum(one.amount_cents for one in line.adjustments) == line.charge_cents == charge
        assert 0 <= line.paid_cents <= (charge if ending % 10 == 9 else share)
        before = sum(one.amount_cents for one in line.adjustments if one.reason == "23")
        assert before == (0 if ending % 10 == 9 else charge - share)
        assert len({(one.group, one.reason) for one in line.adjustments}) == len(line.adjustments)


def test_what_a_later_payer_does_with_what_was_left():
    def said(member):
        decision = decide_after(member, [20_000, 10_000], [3_000, 2_000])
        return decision.status, decision.paid_cents, decision.patient_cents

    assert [said(one) for one in ("M0", "M8", "M3", "M4", "M9")] == [
        ("1", 5_000, 0),
        ("1", 5_000, 0),
        ("1", 4_500, 500),
        ("1", 2_500, 2_500),
        ("1", 30_000, 0),
    ]
    assert [said(one) for one in ("M05", "M15")] == [("4", 0, 0), ("1", 0, 5_000)]


def test_one_ending_passes_the_claim_on():
    assert [crosses_over(one) for one in ("W53", "W3", "53W", None)] == [True, False, False, False]
    assert outcome("W53") is Outcome.PATIENT_SHARE
