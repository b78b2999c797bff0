"""The next payer's claim says of every earlier payer what his 835 said, adds up, and is made of nothing else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from secondary_claims import CLM01, DAY, SECOND, SPOUSE, THIRD, adjustment, decided, line, remittance

from pipeline.domain.claim import Claim
from pipeline.domain.problems import Problem
from pipeline.domain.secondary import next_claim
from pipeline.mapping.claim_lines import our_lines
from pipeline.mapping.told_from_835 import to_told

OTHERS = ("other_payers",)


@pytest.fixture
def visit(bent):
    """An office visit with two lines of 145.00 and 40.00 whose payer is the first of two."""

    def make(*others, **changes):
        given = [((name,), value) for name, value in changes.items()]
        return bent("office_visit_with_ecg", (OTHERS, list(others) or [SECOND]), *given)

    return make


def made(claim, decision, day=DAY):
    return next_claim(claim, to_told(remittance(decision, day=day), decision), our_lines(CLM01, claim))


def paid_in_part(claim):
    """By line: price, deductible and co-insurance, the second reason with its units."""
    one, two = claim.lines
    return decided(
        [
            line(1, one.charge_cents, adjustment("CO", "45", 3_000), adjustment("PR", "2", 2_000, Decimal("0.5"))),
            line(2, two.charge_cents, adjustment("PR", "1", 500), adjustment("PR", "2", 250), procedure="93000"),
        ],
        remarks=["MA18"],
    )


def test_the_next_payer_is_billed_with_what_the_first_one_decided(visit):
    claim = visit()
    following = made(claim, paid_in_part(claim))
    assert isinstance(following, Claim)
    assert (following.payer.payer_id, following.payer.responsibility, following.payer.group_number) == (
        "77CI7", "S", "NW-40021",
    )  # fmt: skip
    assert (following.member_id, following.patient.last_name, following.subscriber) == (
        "NWC812955200", "Quarrier", None,
    )  # fmt: skip
    assert (following.external_id, following.frequency, following.payer_claim_number) == (claim.external_id, "1", None)
    [first] = following.other_payers
    assert (first.payer_id, first.responsibility, first.filing_code) == (
        claim.payer.payer_id, "P", claim.payer.filing_code,
    )  # fmt: skip
    assert (first.relationship, first.insured.member_id) == ("18", claim.patient.member_id)
    assert (first.paid_cents, first.payer_claim_number) == (claim.charge_cents - 5_750, "2226272004410")
    assert (first.adjustments, first.adjudication_date, first.remarks) == ((), None, ("MA18",))
    [of_one], [of_two] = (one.adjudications for one in following.lines)
    assert [(one.group, one.reason, one.amount_cents, one.quantity) for one in of_one.adjustments] == [
        ("CO", "45", 3_000, None),
        ("PR", "2", 2_000, Decimal("0.5")),
    ]
    assert (of_one.adjudication_date, of_one.units, of_one.procedure) == (DAY, 1, "99213")
    assert (of_one.patient_liability_cents, of_two.patient_liability_cents) == (2_000, 750)
    assert following.further_payers == 0


def test_what_was_said_to_the_first_payer_alone_is_not_said_again(visit):
    claim = visit(
        prior_authorization="PA1", referral_number="RF1", delay_reason="7",
        attachments=[{"type": "CT", "transmission": "FX", "control_number": "1"}, {"type": "OZ", "transmission": "AA"}],
    )  # fmt: skip
    following = made(claim, paid_in_part(claim))
    assert (following.prior_authorization, following.referral_number, following.delay_reason) == (None, None, None)
    assert [one.transmission for one in following.attachments] == ["AA"]


def test_the_plan_of_a_spouse(visit):
    claim = visit(SPOUSE)
    following = made(claim, paid_in_part(claim))
    assert (following.subscriber.first_name, following.member_id, following.relationship) == (
        "Orson", "NWC812955201", "01",
    )  # fmt: skip
    assert (following.subscriber.address, following.patient.member_id) == (None, None)
    assert following.patient.last_name == claim.patient.last_name


def test_a_third_payer_is_told_of_both_before_him(visit):
    claim = visit(THIRD, SECOND)  # the order is that of their places, not of the list
    second = made(claim, paid_in_part(claim))
    assert (second.payer.payer_id, second.further_payers) == ("77CI7", 1)
    one, two = second.lines
    by_second = decided(
        [
            line(1, one.charge_cents, adjustment("OA", "23", one.charge_cents - 2_000), adjustment("PR", "3", 2_000)),
            line(2, two.charge_cents, adjustment("OA", "23", two.charge_cents - 750)),
        ],
        status="2",
        payer_control_number="S2",
    )
    third = made(second, by_second, day=date(2026, 11, 19))
    assert isinstance(third, Claim), [str(one) for one in third]
    assert third.payer.payer_id == "60MC9"
    assert [(one.responsibility, one.paid_cents, one.payer_claim_number) for one in third.other_payers] == [
        ("P", claim.charge_cents - 5_750, "2226272004410"),
        ("S", 750, "S2"),
    ]
    assert [[one.payer_id for one in each.adjudications] for each in third.lines] == [
        [claim.payer.payer_id, "77CI7"]
    ] * 2
    assert third.lines[0].adjudications[0] == second.lines[0].adjudications[0]
    last = made(third, by_second)
    assert [one.code for one in last] == ["SEC01"]


def test_a_decision_on_the_claim_as_a_whole_is_told_there_alone(visit):
    claim = visit()
    whole = decided([], adjustment("CO", "45", 4_000), adjustment("PR", "1", 2_000), charge=claim.charge_cents)
    following = made(claim, whole)
    [first] = following.other_payers
    assert (first.adjudication_date, first.patient_liability_cents) == (DAY, 2_000)
    assert [(one.group, one.reason, one.amount_cents) for one in first.adjustments] == [
        ("CO", "45", 4_000),
        ("PR", "1", 2_000),
    ]
    assert {one.adjudications for one in following.lines} == {None}


def test_a_service_in_two_parts_is_told_in_two_and_a_bundled_one_names_its_line(visit):
    claim = visit()
    one, two = claim.lines
    half = one.charge_cents // 2
    parts = decided(
        [
            line(1, half, adjustment("CO", "45", 1_000), procedure="99212"),
            line(1, one.charge_cents - half, adjustment("CO", "45", 500), procedure="99211"),
            line(2, two.charge_cents),
        ]
    )
    following = made(claim, parts)
    assert [(one.procedure, one.paid_cents) for one in following.lines[0].adjudications] == [
        ("99212", half - 1_000),
        ("99211", one.charge_cents - half - 500),
    ]
    panel = decided(
        [
            line(1, one.charge_cents, adjustment("OA", "94", -two.charge_cents), procedure="99215"),
            line(2, two.charge_cents, adjustment("CO", "97", two.charge_cents), procedure="99215", submitted_procedure="93000"),
        ]
    )  # fmt: skip
    following = made(claim, panel)
    assert [each.adjudications[0].bundled_line for each in following.lines] == [None, 1]
    assert [each.adjudications[0].paid_cents for each in following.lines] == [one.charge_cents + two.charge_cents, 0]


@pytest.mark.parametrize(
    ("codes", "bend"),
    [
        (["SEC03"], lambda c: (c, None)),
        (["SEC04"], lambda c: (replace(c, lines=[*c.lines, line(0, 0, procedure="J3490", service_date=None)]), DAY)),
        (["SEC06"], lambda c: (_last(c, procedure=None), DAY)),
        (["SEC06"], lambda c: (_last(c, procedure_qualifier="N4"), DAY)),
        (["SEC07"], lambda c: (_last(c, procedure="99215", submitted_procedure="93000", paid_cents=0,
                                     adjustments=[adjustment("CO", "97", c.lines[1].charge_cents)]), DAY)),
        (["COB06", "COB07"], lambda c: (_last(c, paid_cents=c.lines[1].paid_cents - 1), DAY)),
        (["COB07"], lambda c: (replace(c, paid_cents=c.paid_cents - 1), DAY)),
        (["COB04"], lambda c: (_last(c, adjustments=[adjustment("PR", "1", 500), adjustment("PR", "1", 250)]), DAY)),
        (["SEC02"], lambda c: (_last(c, adjustments=[adjustment("PR", "", 750)]), DAY)),
    ],
)  # fmt: skip
def test_what_cannot_be_copied_truly_is_said_and_nothing_is_made(visit, codes, bend):
    claim = visit()
    decision, day = bend(paid_in_part(claim))
    within = remittance(decision, day=day)
    within.production_date = day
    found = next_claim(claim, to_told(within, decision), our_lines(CLM01, claim))
    assert isinstance(found, list)
    assert all(isinstance(one, Problem) and one.cure for one in found)
    assert list(dict.fromkeys(one.code for one in found)) == codes


def test_one_line_for_two_of_ours_is_not_shared_out(visit):
    claim = visit()
    merged = decided([line(0, claim.charge_cents, procedure="99215", service_date=claim.lines[0].service_date)])
    assert [one.code for one in made(claim, merged)] == ["SEC05"]


def _last(decision, **changes):
    return replace(decision, lines=[decision.lines[0], replace(decision.lines[1], **changes)])
