"""What the edits look at besides the claim: the billing provider, the payer's rules, check digits."""

from decimal import Decimal

import pytest

from pipeline.domain.edits.identity import npi_valid
from pipeline.domain.edits.money import routing_number_valid
from pipeline.domain.payer_rules import MileageRule, PayerRules
from pipeline.domain.problems import Problem, errors

OFFICE, CHEST, LONG = "office_visit_established", "als1_chest_pain", "long_distance_home"
SECOND = "second_payer_after_medicare"


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("npi", "1999000101", "billing_provider.npi"),
        ("name", None, "billing_provider.name"),
        ("last_name", "Ashgrove", None),
        ("tax_id", "99-0000417", "billing_provider.tax_id"),
        ("tax_id_kind", "XX", "billing_provider.tax_id_kind"),
        ("taxonomy", "341600000", "billing_provider.taxonomy"),
        ("phone", "405-555-0142", "billing_provider.phone"),
        ("contact_name", None, "billing_provider.contact_name"),
    ],
)
def test_a_billing_provider_is_whole(field, value, path, bent, found, example_provider):
    problems = found(bent(OFFICE), provider=example_provider.model_copy(update={field: value}))
    assert [(problem.code, problem.path) for problem in problems] == ([("IDN04", path)] if path else [])


def test_a_billing_provider_has_nine_digits_of_zip(bent, found, example_provider):
    short = example_provider.address.model_copy(update={"zip": "73007"})
    problems = found(bent(OFFICE), provider=example_provider.model_copy(update={"address": short}))
    assert [problem.path for problem in problems] == ["billing_provider.address.zip"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_date_is_too_far_away_to_be_judged(day, bent, found):
    days = [(("lines", line, "service_date"), day) for line in (0, 1)]
    series, second = bent("bls_dialysis_one_way", *days), bent(SECOND, *days)
    signed = bent("bls_dialysis_one_way", (("ambulance", "certification", "signed_date"), day))
    for claim in (series, second, signed):
        assert {problem.code[:3] for problem in found(claim, PayerRules(filing_limit_days=365))} & {"DAT", "AMB"}


@pytest.mark.parametrize(
    ("tenths_to", "miles", "sound"),
    [
        ("100", "99.9", True),
        ("100", "100", True),  # whole by either reading of the rule, below 100 or up to it
        ("100", "100.1", False),
        ("99.9", "100", True),
        ("120", "100.1", True),
        ("0", "8.7", False),
    ],
)
def test_up_to_where_tenths_may_stand_is_the_payers(tenths_to, miles, sound, bent, found):
    claim = bent(CHEST, (("lines", 1, "units"), miles), (("ambulance", "miles"), miles))
    rules = PayerRules(tenths_to_miles=Decimal(tenths_to))
    assert [problem.code for problem in found(claim, rules)] == ([] if sound else ["AMB07"])


def test_kilograms_are_sent_as_whole_pounds(bent):
    weights = {
        kg: bent(SECOND, (("ambulance", "weight_kg"), kg)).ambulance.pounds for kg in (61.2, "80", "0.2", "79.9")
    }
    assert weights == {61.2: 135, "80": 176, "0.2": 0, "79.9": 176}
    assert bent(CHEST).ambulance.pounds == bent(CHEST).ambulance.weight_lb
    assert bent("treated_not_transported").ambulance.pounds is None


def test_only_the_payer_that_asks_for_it_needs_a_certification(bent, found):
    claim = bent(LONG)
    assert found(claim) == []
    assert [problem.code for problem in found(claim, PayerRules(certification_required=True))] == ["AMB10"]


@pytest.mark.parametrize(
    ("rule", "miles", "sound"),
    [
        (MileageRule.MEDICARE, "0.4", True),
        (MileageRule.MEDICARE, "99.9", True),
        (MileageRule.MEDICARE, "100", True),
        (MileageRule.MEDICARE, "100.1", False),
        (MileageRule.MEDICARE, "101", True),
        (MileageRule.TENTHS, "128.3", True),
        (MileageRule.TENTHS, "128.35", False),
        (MileageRule.WHOLE, "8.7", False),
        (MileageRule.WHOLE, "9", True),
    ],
)
def test_payers_round_miles_each_in_their_way(rule, miles, sound, bent, found):
    claim = bent(CHEST, (("lines", 1, "units"), miles), (("ambulance", "miles"), miles))
    assert [problem.code for problem in found(claim, PayerRules(mileage=rule))] == ([] if sound else ["AMB07"])


def test_a_payer_may_want_no_origin_and_destination(bent, found):
    claim = bent(CHEST, (("lines", 0, "modifiers"), []), (("lines", 1, "modifiers"), []))
    assert found(claim, PayerRules(origin_destination_required=False)) == []


def test_no_drop_off_where_nobody_was_transported(bent, found):
    assert found(bent("treated_not_transported")) == []


@pytest.mark.parametrize(
    ("npi", "sound"),
    [("1234567893", True), ("1234567890", False), ("123456789", False), ("3234567893", False), ("１234567893", False)],
)
def test_npi_check_digit(npi, sound):
    assert npi_valid(npi) is sound


@pytest.mark.parametrize(
    ("number", "sound"),
    [("123456780", True), ("111111118", True), ("123456789", False), ("12345678", False), ("500000005", False)],
)
def test_routing_check_digit(number, sound):
    assert routing_number_valid(number) is sound


def test_a_changed_npi_digit_never_passes():
    sound = "1999000015"
    for place in range(1, 10):
        for digit in "0123456789":
            changed = sound[:place] + digit + sound[place + 1 :]
            assert npi_valid(changed) is (changed == sound)


def test_warnings_do_not_stop_a_claim(bent, found):
    problems = found(bent("als1_transfer_to_nursing"))
    assert [problem.severity for problem in problems] == ["warning"]
    assert errors(problems) == []


def test_a_problem_is_plain_json():
    problem = Problem(path="lines[1].units", code="MON03", message="m", cure="c")
    assert Problem(**problem.as_dict()) == problem
