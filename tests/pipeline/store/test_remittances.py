"""Decisions at rest: what tells whose they are is sealed or a blind index, and comes back with them."""

import json
from dataclasses import replace
from datetime import date

import pytest

from edi.x12.sets import t835
from pipeline.store import remittances


@pytest.fixture
def told(money, decide, claim_document):
    """A decision that names the patient of its claim, as it is recorded."""
    [claim] = money.claims(1, claim_document)
    member_id = json.loads(claim_document())["patient"]["member_id"]
    patient = t835.Name(last_name="MERRIWEATHER", first_name="PAUL", identifier_kind="MI", identifier=member_id)
    carrier = t835.Name(person=False, last_name="SECOND PLAN", identifier_kind="PI", identifier="77777")
    money.remit(replace(decide(claim, 14_500, status="19"), patient=patient, crossover=carrier))
    return claim


def test_a_decision_has_the_blind_index_of_its_claims_member(money, told):
    with money.tx() as tx:
        [pair] = tx.rows("SELECT c.member_hmac AS ours, r.member_hmac AS theirs FROM claim c, remittance_claim r")
    assert pair.ours == pair.theirs is not None


def test_what_is_clear_is_no_name(money, told):
    with money.tx() as tx:
        row = tx.first("SELECT * FROM remittance_claim")
    assert (row.service_from, row.crossed_over_to) == (date(2026, 9, 15), "SECOND PLAN")
    assert not [
        value
        for value in row
        if b"MERRIWEATHER" in (bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode())
    ]


def test_it_is_read_back_with_lines_and_names(money, told):
    with money.tx() as tx:
        [remittance] = tx.rows("SELECT id FROM remittance")
        [found] = remittances.decisions(tx, remittance.id)
        assert remittances.decisions_by_id(tx, [found.id, 999]) == [found]
    assert (found.patient.last_name, found.patient.first_name) == ("MERRIWEATHER", "PAUL")
    assert [line.service_date for line in found.lines] == [date(2026, 9, 15)]
    assert (found.status, found.service_from, found.crossed_over_to) == ("19", date(2026, 9, 15), "SECOND PLAN")
    assert "MERRIWEATHER" not in repr(found)
