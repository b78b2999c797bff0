"""What a further version may say of itself, and by which number it names the claim, by what went before it."""

import json

import pytest

from pipeline.domain.chain import Earlier, payers_number
from pipeline.domain.claim import Claim
from pipeline.domain.edits import RULES
from pipeline.domain.edits.rule import Facts

REJECTED = Earlier(version=1, frequency="1", state="REJECTED", tries=["CLEARINGHOUSE_REJECTED"])
OUT = Earlier(version=1, frequency="1", state="SUBMITTED", tries=["SET_ACCEPTED"])
TAKEN = Earlier(version=1, frequency="1", state="SUBMITTED", tries=["SET_REJECTED", "PAYER_ACCEPTED"], by_status=["S1"])
DECIDED = Earlier(version=1, frequency="1", state="PAID", tries=["ADJUDICATED"], by_status=["S1"], by_remittance=["R1"])
LOST = Earlier(version=2, frequency="7", state="REJECTED", tries=["PAYER_REJECTED"])
ELSEWHERE = Earlier(version=1, frequency="7", state="REJECTED", tries=["PAYER_REJECTED"])

CASES = [
    # frequency, number given, what went before, codes found, the number that is sent
    ("1", None, [REJECTED], [], None),
    ("7", None, [REJECTED], ["IDN10", "IDN12"], None),
    ("7", "R1", [REJECTED], ["IDN12", "IDN13"], "R1"),
    ("8", None, [REJECTED], ["IDN10", "IDN12"], None),
    ("1", None, [DECIDED], ["IDN12"], None),
    ("1", None, [OUT], ["IDN12"], None),
    ("1", "R1", [REJECTED], ["IDN10"], None),
    ("7", None, [OUT], ["IDN10"], None),
    ("7", "T1", [OUT], ["IDN13"], "T1"),
    ("7", None, [TAKEN], [], "S1"),
    ("8", None, [DECIDED], [], "R1"),
    ("8", "S1", [DECIDED], [], "R1"),
    ("7", "T1", [DECIDED], ["IDN13"], "T1"),
    ("7", None, [DECIDED, LOST], [], "R1"),
    ("7", None, [ELSEWHERE], ["IDN10"], None),
    ("7", "T1", [ELSEWHERE], ["IDN13"], "T1"),
    ("7", "T1", [], [], "T1"),
    ("7", None, [], ["IDN10"], None),
]


@pytest.mark.parametrize(("frequency", "given", "earlier", "codes", "sent"), CASES)
def test_a_version_by_what_went_before_it(frequency, given, earlier, codes, sent, claim_document):
    fields = json.loads(claim_document("office_visit_established"))
    claim = Claim.model_validate_json(json.dumps({**fields, "frequency": frequency, "payer_claim_number": given}))
    facts = Facts(None, None, None, earlier)
    about = [rule for rule in RULES if rule.code in {"IDN10", "IDN12", "IDN13"}]
    assert [rule.code for rule in about for _ in rule.find(claim, facts)] == codes
    if frequency != "1":
        assert payers_number(given, earlier) == sent
