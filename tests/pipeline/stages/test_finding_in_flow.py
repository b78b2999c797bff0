"""A decision without our number finds its claim in the flow, by its lines or by other signs; strange lines are told."""

import json
from datetime import date

import pytest

from edi.x12.sets import t835


@pytest.fixture
def claim(money, claim_document):
    [sent] = money.claims(1, claim_document)
    with money.tx() as tx:  # nobody decides what has not left
        tx.run("UPDATE outbound_file SET state = 'SENT'")
    return sent


def told(decide, claim, claim_document, **changes):
    """The claim's decision under a number of the payer's own."""
    document = json.loads(claim_document())
    decision = decide(claim, claim.charge_cents, clm01="PAYEROWN1", payer_number="ICN77")
    patient = document["patient"]
    decision.patient = t835.Name(
        last_name=patient["last_name"].upper(), first_name=patient["first_name"].upper(),
        identifier_kind="MI", identifier=patient["member_id"],
    )  # fmt: skip
    decision.service_date = date.fromisoformat(document["lines"][0]["service_date"])
    line = document["lines"][0]
    decision.lines[0].procedure, decision.lines[0].service_date = line["procedure"], decision.service_date
    for name, value in changes.items():
        setattr(decision.lines[0], name, value)
    return decision


def test_by_the_number_of_a_line(money, decide, claim, claim_document):
    decision = told(decide, claim, claim_document, line_control_number=f"{claim.clm01}L1")
    money.remit(decision)
    assert money.column("SELECT matched_by FROM remittance_claim") == ["line_number"]
    assert money.states("claim") == ["PAID"]
    assert money.exceptions() == []


def test_by_member_day_charge_and_name(money, decide, claim, claim_document):
    money.remit(told(decide, claim, claim_document))
    assert money.column("SELECT matched_by FROM remittance_claim") == ["score"]
    assert money.states("claim") == ["PAID"]
    assert "unmatched_claim" not in money.exceptions()
    assert money.proof().balanced


def test_another_member_is_not_guessed(money, decide, claim, claim_document):
    decision = told(decide, claim, claim_document)
    decision.patient.identifier = "SOMEBODYELSE1"
    money.remit(decision)
    assert money.column("SELECT claim_id FROM remittance_claim") == [None]
    assert money.exceptions() == ["unmatched_claim"]


def test_a_line_that_is_about_none_of_ours_is_told_and_the_money_posted(money, decide, claim):
    decision = decide(claim, claim.charge_cents)
    decision.lines[0].line_control_number, decision.lines[0].procedure = None, "99999"
    decision.lines[0].charge_cents = decision.lines[0].paid_cents = 900
    rest = t835.RemittanceLine(
        procedure="A0429", charge_cents=claim.charge_cents - 900, paid_cents=claim.charge_cents - 900,
        service_date=date(2026, 9, 15), line_control_number=f"{claim.clm01}L1",
    )  # fmt: skip
    decision.lines.append(rest)
    money.remit(decision)
    assert money.states("claim") == ["PAID"]
    assert money.exceptions() == ["unmatched_line"]
    [reason] = money.column("SELECT reason FROM work_exception")
    assert "line 1 (99999) is about none of the claim's lines" in reason
