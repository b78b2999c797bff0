"""Whatever a payer decides, the next payer reads it in the 837P as the first one wrote it in his 835."""

import json
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secondary_claims import CLM01, SECOND, SPOUSE, THIRD, decisions, remittance
from x12_answers import envelope, judged_by_pyx12

from edi.x12.judging.judge import insist
from edi.x12.sets import t835, t837p
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from pipeline.domain.claim import Claim
from pipeline.domain.claim_reading import parse_claim
from pipeline.domain.edits import check
from pipeline.domain.problems import errors
from pipeline.domain.provider import BillingProviderFacts
from pipeline.domain.secondary import next_claim
from pipeline.mapping.claim_lines import our_lines
from pipeline.mapping.claim_to_837p import to_professional
from pipeline.mapping.told_from_835 import to_told
from pipeline.rules.payers import read as payer_rules

EXAMPLES = Path(__file__).parents[3] / "examples"
PROVIDER = BillingProviderFacts.model_validate_json((EXAMPLES / "provider.json").read_bytes())
SUBMITTER = t837p.Submitter(name="LANTERN VALLEY", identifier="990000417", contact_name="BILLING", phone="4055550142")
RECEIVER = t837p.Receiver(name="OFFICE ALLY", identifier="330897513")
WHEN = datetime(2026, 11, 20, 9, 30)  # noqa: DTZ001 - wall time, as BHT05 has it


def claim_of(name, *others):
    document = json.loads((EXAMPLES / "claims" / f"{name}.json").read_text(encoding="utf-8"))
    claim = parse_claim(json.dumps(document | {"other_payers": list(others)}).encode())
    assert isinstance(claim, Claim), claim
    return claim


def told(decision):
    """As it comes back: the 835 is written, and read again."""
    data = write_interchange(envelope("HP", t835.VERSION), [t835.write_set(remittance(decision), "0001").data])
    (ts,) = read(data).sets
    value, findings = t835.read_set(ts)
    assert [*findings, *t835.balance(value, ts)] == []
    return to_told(value, value.claims[0]), value.claims[0]


def written(claim):
    """The set of the claim, as its payer gets it and reads it."""
    parts = to_professional(
        [(CLM01, claim)], provider=PROVIDER, submitter=SUBMITTER, receiver=RECEIVER, reference="7-0001", when=WHEN
    )
    one = t837p.write_set(parts, "0001")
    insist(one, t837p.VERSION)
    data = write_interchange(envelope("HC", t837p.VERSION), [one.data])
    (ts,) = read(data).sets
    again, findings = t837p.read_set(ts)
    assert findings == []
    [subscriber] = again.billing[0].subscribers
    [sent] = subscriber.claims or subscriber.patients[0].claims
    return data, sent


def together(adjustments):
    """One CAS a group, in the order in which the groups first come; within a group the order is the payer's."""
    groups = list(dict.fromkeys(one.group for one in adjustments))
    return sorted(adjustments, key=lambda one: groups.index(one.group))


def sound(claim):
    rules = payer_rules(None).of(claim.payer.payer_id, claim.payer.filing_code, WHEN.date())
    return not errors(check(claim, WHEN.date(), PROVIDER, rules))


@pytest.mark.parametrize("name", ["office_visit_with_ecg", "bls_child_seizure", "bls_dialysis_round_trip"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_balanced_decision_is_told_as_it_came(name, data):
    claim = claim_of(name, *data.draw(st.sampled_from([(SECOND,), (SPOUSE,), (SECOND, THIRD)])))
    assert sound(claim)
    for place, decider in enumerate(["P", "S"][: claim.further_payers]):
        what, decision = told(data.draw(decisions(claim)))
        following = next_claim(claim, what, our_lines(CLM01, claim))
        assert isinstance(following, Claim), [str(one) for one in following]
        assert sound(following)
        _, sent = written(following)
        other = next(one for one in sent.other_payers if one.responsibility == decider)
        assert (other.paid_cents, other.payer_claim_number) == (decision.paid_cents, decision.payer_control_number)
        assert other.adjustments == together(decision.adjustments)
        of_payer = [[one for one in each.adjudications if one.payer_id == other.identifier] for each in sent.lines]
        assert len(of_payer) == len(claim.lines)
        by_line = groupby(decision.lines, key=lambda one: one.line_control_number)
        assert [list(map(as_told, each)) for each in of_payer if each] == [
            [as_decided(one) for one in each] for _, each in by_line
        ]
        earlier = [list(line.adjudications or ()) for line in claim.lines]
        assert [
            list(line.adjudications or ())[: len(kept)] for line, kept in zip(following.lines, earlier, strict=True)
        ] == earlier
        assert len(sent.other_payers) == len(claim.other_payers)
        assert place == 0 or {one.paid_cents is None for one in sent.other_payers} == {False}
        claim = following


def as_told(one):
    return one.paid_cents, one.procedure, one.modifiers, one.units, one.adjustments


def as_decided(one):
    units = Decimal(1) if one.units is None else one.units
    return one.paid_cents, one.procedure, one.modifiers, units, together(one.adjustments)


@pytest.mark.parametrize("name", ["office_visit_with_ecg", "bls_child_seizure"])
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_the_outside_judge_reads_it(name, data):
    claim = claim_of(name, SECOND, THIRD)
    what, _ = told(data.draw(decisions(claim)))
    following = next_claim(claim, what, our_lines(CLM01, claim))
    assert judged_by_pyx12(written(following)[0]) == []
