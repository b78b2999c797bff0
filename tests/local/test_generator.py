import json
from collections import Counter
from datetime import date, timedelta

import pytest

from local.generator import EXAMPLES, EXPECTED, LARGE_CENTS, WINDOW_DAYS, generate, templates
from pipeline.domain.claim import Claim
from pipeline.domain.claim_reading import parse_claim
from pipeline.domain.edits import check
from pipeline.domain.problems import errors
from pipeline.domain.provider import BillingProviderFacts
from pipeline.rules.payers import read as rules_of

TODAY = date(2026, 11, 20)
PAYERS = rules_of(None)
FACTS = BillingProviderFacts.model_validate_json((EXAMPLES.parent / "provider.json").read_bytes())


def read(document) -> Claim:
    claim = parse_claim(json.dumps(document).encode())
    assert isinstance(claim, Claim), [str(problem) for problem in claim]
    return claim


def codes(claim):
    return frozenset(
        problem.code
        for problem in errors(
            check(claim, TODAY, FACTS, PAYERS.of(claim.payer.payer_id, claim.payer.filing_code, TODAY))
        )
    )


@pytest.fixture(scope="module")
def run():
    return [read(document) for document in generate(1500, 7, TODAY)]


@pytest.fixture(scope="module")
def sound(run):
    return [claim for claim in run if not codes(claim)]


def test_the_same_seed_gives_the_same_claims():
    assert list(generate(60, 5, TODAY)) == list(generate(60, 5, TODAY)) == list(generate(90, 5, TODAY))[:60]
    assert list(generate(60, 5, TODAY)) != list(generate(60, 6, TODAY))


def test_no_two_claims_are_of_the_same_patient_day_and_procedure(run):
    services = [
        (claim.patient.last_name, claim.patient.first_name, claim.patient.birth_date, line.service_date, line.procedure)
        for claim in run
        for line in {(line.service_date, line.procedure): line for line in claim.lines}.values()
    ]
    assert len(set(services)) == len(services)
    assert len({claim.external_id for claim in run}) == len(run)
    members = [claim.member_id for claim in run if claim.member_id]
    assert len(set(members)) == len(members)


def test_every_way_to_be_rejected_by_the_clearinghouse_has_its_turn():
    few = [read(document) for document in generate(60, 3, TODAY)]
    endings = [claim.member_id[-2:] for claim in few if claim.member_id and claim.member_id.endswith("6")]
    assert endings[:2] == ["96", "86"]
    assert not {"96", "86"} & set(endings[2:])


def test_a_claim_is_as_sound_or_as_wrong_as_its_example(run):
    failing = json.loads((EXAMPLES / EXPECTED).read_text())
    expected = {frozenset(failing[name]) for one in templates() if (name := f"{one.name}.json") in failing}
    seen = Counter(codes(claim) for claim in run)
    assert set(seen) == expected | {frozenset()}
    assert 0.02 < 1 - seen[frozenset()] / len(run) < 0.06


def test_all_outcomes_occur_and_most_are_paid(sound):
    digits = Counter(claim.member_id[-1] for claim in sound)
    assert set(digits) == set("0123456789")
    assert sum(digits[digit] for digit in "01234") > len(sound) / 2


def test_services_lie_in_the_window(sound):
    for claim in sound:
        assert TODAY - timedelta(days=WINDOW_DAYS) <= claim.service_from <= claim.service_to < TODAY


def test_prepayments_can_be_refunded(sound):
    paid = [claim for claim in sound if claim.patient_paid_cents]
    large = [claim for claim in paid if claim.patient_paid_cents > LARGE_CENTS]
    assert {claim.member_id[-1] for claim in paid} <= set("012359")
    assert 0 < len(large) < len(paid) / 2
    assert all(claim.refund_to and claim.patient_paid_cents <= claim.charge_cents for claim in paid)
    assert 0 < sum(claim.refund_to.account_number.endswith("13") for claim in paid) < len(paid) / 3


def test_examples_alone_show_every_outcome_and_enough_of_each_kind():
    known = templates()
    good = [json.loads(one.text) for one in known if one.good]
    assert len(good) >= 40
    assert len(known) - len(good) >= 12
    assert len({claim["payer"]["payer_id"] for claim in good}) >= 5
    assert {(claim.get("subscriber") or claim["patient"])["member_id"][-1] for claim in good} == set("0123456789")


def test_a_folder_without_claims_is_refused(tmp_path):
    (tmp_path / EXPECTED).write_text("{}")
    with pytest.raises(ValueError, match="no example"):
        list(generate(1, 1, TODAY, tmp_path))
