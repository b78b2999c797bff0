"""Each mutation of a golden file is found, with its code and place; the golden files themselves are without error."""

import pytest
from x12_mutations import CAUGHT_BY_OTHERS, EVERY, FURTHER, GOLDEN, MISSED_BY_OTHERS, SLIPS, golden, spoilt
from x12_mutations_837i import BILLS

from edi.findings import Severity
from edi.x12.codes import load
from edi.x12.guides import GUIDES
from edi.x12.judging.judge import judge
from edi.x12.profile import INBOUND, OUTBOUND
from edi.x12.syntax.reader import read


def judged(data, profile=OUTBOUND):
    document = read(data)
    return [*document.findings, *(finding for ts in document.sets for finding in judge(ts, profile))]


def profile_of(file):
    return OUTBOUND if file.startswith(("837", "secondary")) else INBOUND


def assert_found(mutation):
    findings = judged(spoilt(mutation), profile_of(mutation.file))
    found = [one for one in findings if one.code == mutation.code]
    assert found, [(one.code, str(one.place)) for one in findings]
    hit = [one for one in found if str(one.place).endswith(mutation.where)]
    assert hit, [str(one.place) for one in found]
    assert hit[0].status == mutation.status
    assert hit[0].cure
    if mutation.ik is not None:
        assert hit[0].standard_code == (mutation.ik[1] or mutation.ik[0])
    assert "AVERY" not in repr(findings)
    return findings


@pytest.mark.parametrize("mutation", CAUGHT_BY_OTHERS, ids=lambda one: one.name)
def test_what_other_validators_catch(mutation):
    assert any(one.severity is Severity.ERROR for one in assert_found(mutation))


@pytest.mark.parametrize("mutation", MISSED_BY_OTHERS, ids=lambda one: one.name)
def test_what_other_validators_miss(mutation):
    findings = assert_found(mutation)
    errors = {one.code for one in findings if one.severity is Severity.ERROR}
    assert mutation.code in errors or mutation.code == "X835-CARC"  # in what we get, a code is kept and told


@pytest.mark.parametrize("mutation", FURTHER, ids=lambda one: one.name)
def test_what_the_guides_say_besides(mutation):
    assert_found(mutation)


@pytest.mark.parametrize("mutation", SLIPS, ids=lambda one: one.name)
def test_slips_of_a_careless_hand(mutation):
    assert_found(mutation)


@pytest.mark.parametrize("file", [*sorted(path.stem for path in GOLDEN.glob("*.x12")), "secondary"])
def test_golden_files_are_without_error(file):
    assert [one for one in judged(golden(file), profile_of(file)) if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize("mutation", BILLS, ids=lambda one: one.name)
def test_what_is_wrong_with_a_bill_of_a_hospital(mutation):
    assert_found(mutation)


def test_every_rule_of_claims_and_the_835_finds_something():
    found = {one.code for mutation in (*EVERY, *BILLS) for one in judged(spoilt(mutation), profile_of(mutation.file))}
    rules = {rule.code for guide in GUIDES[:3] for rule in guide.rules.rules}
    assert rules - found == {"X837-COB-DATE"}  # below, for it takes two changes


def test_a_decision_without_its_day():
    data = golden("secondary").replace(b"DTP*573*D8*20261101~", b"")
    [found] = [one for one in judged(data) if one.code == "X837-COB-DATE"]
    assert (found.place.loop, found.place.segment, found.standard_code) == ("2330B", "DTP", "I6")
    assert found.trigger.segment == "AMT"


def test_every_rule_has_one_code_a_level_and_words():
    for guide in GUIDES:
        codes = [rule.code for rule in guide.rules.rules]
        assert len(set(codes)) == len(codes), guide.name
        assert all(1 <= rule.snip <= 5 and rule.find.__doc__ for rule in guide.rules.rules)


def test_what_we_get_is_understood_where_what_we_send_is_refused():
    data = golden("837p-ambulance").replace(b"AVERY", b"Avery").replace(b"***41:B:1", b"***97:B:1")
    refused = {one.code: one.severity for one in judged(data)}
    understood = {one.code: one.severity for one in judged(data, INBOUND)}
    assert refused["X12-ELEMENT-CHARACTER"] is refused["X837-PLACE"] is Severity.ERROR
    assert "X12-ELEMENT-CHARACTER" not in understood
    assert understood["X837-PLACE"] is Severity.WARNING


def test_lists_of_ones_own_decide(tmp_path):
    (tmp_path / "place_of_service.csv").write_text(
        "# Places of service, as of 2026-10-01\ncode,from,to\n97,2026-11-03,\n"
    )
    [ts] = read(golden("837p-office").replace(b"***11:B:1", b"***97:B:1")).sets
    [earlier] = read(
        golden("837p-office").replace(b"***11:B:1", b"***97:B:1").replace(b"*20261103*", b"*20261102*")
    ).sets
    assert "X837-PLACE" not in {one.code for one in judge(ts, lists=load(tmp_path))}
    assert "X837-PLACE" in {one.code for one in judge(ts)}
    assert "X837-PLACE" in {one.code for one in judge(earlier, lists=load(tmp_path))}


def test_a_claim_that_a_typed_reader_leaves_out_is_judged_all_the_same():
    data = golden("837p-both-branches").replace(b"*DH*12.5*", b"*DH**", 1).replace(b"CLM*CRC1*987.5", b"CLM*CRC1*987.4")
    codes = {one.code for one in judged(data)}
    assert {"X12-ELEMENT-MISSING", "X837-BAL-CLAIM"} <= codes


def test_a_set_without_guide_is_told():
    [ts] = read(golden("835-paid").replace(b"ST*835*", b"ST*852*").replace(b"GS*HP*", b"GS*XX*")).sets
    assert [one.code for one in judge(ts)] == ["X12-SET-UNSUPPORTED"]
