"""Every 835 balances at line, claim and transaction, whatever the outcomes in it."""

from dataclasses import replace
from datetime import date

import pytest

from edi.x12.sets import t835
from sandbox.cases import Batch, cases
from sandbox.remittances import corrections, first_decisions, remittance


@pytest.fixture
def cases_of(x12):
    def build(*subscribers):
        return list(cases(Batch("0001", x12.professional_set(subscribers, "101-0001"), segments=[])))

    return build


@pytest.fixture
def remit(make_sandbox):
    config = make_sandbox().config
    return lambda decided: remittance(decided, "1088623390001", date(2026, 12, 5), config)


@pytest.mark.parametrize("digit", "01234589")
@pytest.mark.parametrize("charges", [[12345], [10000, 20001, 333], [0, 5000]])
def test_every_outcome_balances(x12, cases_of, remit, digit, charges):
    for before in "01":
        value = remit(first_decisions(cases_of(x12.subscriber(f"W{before}{digit}", [x12.claim("CLAIM1", charges)]))))
        assert t835.balance(value) == []
        assert t835.write_set(value, "0001").data.startswith(b"ST*835*0001")


def test_rejected_claims_are_not_decided(x12, cases_of):
    rejected = [x12.subscriber(f"W{digit}", [x12.claim(f"C{digit}", [100])]) for digit in "67"]
    assert first_decisions(cases_of(*rejected)) == []


def test_a_correction_takes_back_and_pays_less_and_carries_the_rest(x12, cases_of, remit):
    every = cases_of(
        x12.subscriber("W8", [x12.claim("C8", [10000, 5000])]), x12.subscriber("W1", [x12.claim("C1", [700])])
    )
    first = remit(first_decisions(every))
    assert [claim.status for claim in first.claims] == ["1", "1"]
    assert first.payment.amount_cents == 12000 + 560
    later = remit(corrections(every))
    assert [(claim.patient_control_number, claim.status, claim.paid_cents) for claim in later.claims] == [
        ("C8", "22", -12000),
        ("C8", "1", 9000),
    ]
    assert later.claims[0].patient_responsibility_cents is None
    assert (later.payment.amount_cents, later.payment.method, later.payment.handling) == (0, "NON", "H")
    assert [(one.reason, one.amount_cents) for one in later.provider_adjustments] == [("FB", -3000)]
    assert t835.balance(later) == []


def test_a_void_is_answered_by_the_reversal(x12, cases_of, remit):
    void = remit(first_decisions(cases_of(x12.subscriber("W1", [x12.claim("C1", [10000], frequency="8")]))))
    assert [(claim.status, claim.paid_cents) for claim in void.claims] == [("22", -8000)]
    assert void.payment.amount_cents == 0
    assert t835.balance(void) == []
    assert corrections(cases_of(x12.subscriber("W8", [x12.claim("C1", [10000], frequency="8")]))) == []


def test_nothing_to_pay_is_a_notice(x12, cases_of, remit):
    denied = remit(first_decisions(cases_of(x12.subscriber("W05", [x12.claim("C1", [10000])]))))
    assert (denied.payment.handling, denied.payment.method, denied.payment.amount_cents) == ("H", "NON", 0)
    assert denied.claims[0].status == "4"
    assert denied.claims[0].patient_responsibility_cents == 0


def test_filing_codes_are_those_that_the_835_knows(x12, cases_of, remit):
    subscriber = x12.subscriber("W1", [x12.claim("C1", [100])])
    for given, told in (("CI", "15"), ("BL", "12"), ("MB", "MB"), ("FI", "ZZ"), (None, None)):
        value = remit(first_decisions(cases_of(replace(subscriber, filing_code=given))))
        assert value.claims[0].filing_code == told


@pytest.mark.parametrize(("responsibility", "paid", "denied"), [("P", "1", "4"), ("S", "2", "4"), ("T", "3", "4")])
def test_a_claim_is_processed_as_the_payer_that_it_was_sent_to(x12, cases_of, remit, responsibility, paid, denied):
    people = [x12.subscriber(f"W{digits}", [x12.claim(f"C{digits}", [100])]) for digits in ("00", "05")]
    for one in people:
        one.responsibility = responsibility
    assert [claim.status for claim in remit(first_decisions(cases_of(*people))).claims] == [paid, denied]
