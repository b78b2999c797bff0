"""Outside readers on what we write: pyx12 for structure, x12sdk and oxedi for claims and every cent of them."""

import re
from collections import Counter
from decimal import Decimal

import oxedi
import pytest
from x12sdk.io import X12ModelReader

from edi.x12.judging.check import check_set
from edi.x12.sets import t835
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read

SEEDS = range(1, 11)  # of some 60 claims each
# More than six provider adjustments need a second PLB, which the guide allows. pyx12 takes it for a second footer,
# x12sdk's model has room for one; oxedi reads it.
PYX12_ONE_PLB = "Loop FOOTER exceeded max count.  Found 2, should have 1"
X12SDK_ONE_PLB = "footer.plb_segment"
# x12sdk's models want no HPI among a line's references (the map of pyx12, and ours, have it).
X12SDK_OVER_STRICT = {"everything": "reference_identification_qualifier"}


@pytest.fixture(scope="module")
def bytes_of(make):
    def write(value):
        return write_interchange(make.envelope("HP", t835.VERSION), [t835.write_set(value, "0001").data])

    return write


@pytest.mark.parametrize("seed", SEEDS)
def test_random_sets_are_taken_by_all(make, bytes_of, seed):
    value = make.random_remittance(seed)
    data = bytes_of(value)
    [ts] = read(data).sets
    again, findings = t835.read_set(ts)
    assert findings == check_set(ts) == []
    assert again == value
    assert [one.code for one in t835.judge(value)] == []
    assert pyx12_errors(make, data) == []
    assert told_by_x12sdk(data) == told_by_us(value)
    held_against_oxedi(data, value)


def pyx12_errors(make, data):
    """What pyx12 has against an interchange, in its words."""
    return re.findall(r'"err_str": "([^"]*)"', "".join(make.judged_by_pyx12(data)))


def test_random_sets_have_every_shape(make):
    values = [make.random_remittance(seed) for seed in SEEDS]
    claims = [claim for value in values for claim in value.claims]
    assert 500 <= len(claims) <= 2000
    assert {"1", "4", "22"} <= {claim.status for claim in claims}
    assert {one.reason for value in values for one in value.provider_adjustments} >= {"L6", "WO", "72", "FB"}
    assert any(not claim.lines and claim.adjustments for claim in claims)
    assert any(len(claim.every_adjustment) > 20 for claim in claims)
    assert all(pair.correction for value in values for pair in t835.pairs(value))


def test_a_set_that_pays_nothing(make, bytes_of):
    value = make.balanced(make.remittance([make.negated(make.remittance_claim("CRN1"))], payment=make.payment(0)))
    assert (value.payment.method, value.payment.handling, value.payment.amount_cents) == ("NON", "H", 0)
    assert make.judged_by_pyx12(bytes_of(value)) == []
    assert told_by_x12sdk(bytes_of(value)) == told_by_us(value)
    held_against_oxedi(bytes_of(value), value)


def test_two_plb_segments_are_too_many_for_two_of_the_judges(make, bytes_of):
    value = make.remittance([make.remittance_claim()], [make.plb("CS", n + 1, f"R{n}") for n in range(7)])
    data = bytes_of(value)
    assert pyx12_errors(make, data) == [PYX12_ONE_PLB]
    with pytest.raises(ValueError, match=X12SDK_ONE_PLB):
        told_by_x12sdk(data)
    held_against_oxedi(data, value)


def test_every_shape_is_read_by_the_outside(make, bytes_of):
    for name, value in make.shapes_835().items():
        held_against_oxedi(bytes_of(value), value)
        if name in X12SDK_OVER_STRICT:
            with pytest.raises(ValueError, match=X12SDK_OVER_STRICT[name]):
                told_by_x12sdk(bytes_of(value))
        else:
            assert told_by_x12sdk(bytes_of(value)) == told_by_us(value), name


def told_by_us(value):
    return [
        (
            one.patient_control_number,
            one.status,
            dollars(one.charge_cents),
            dollars(one.paid_cents),
            sums((a.group, a.reason, dollars(a.amount_cents)) for a in one.every_adjustment),
            [(line.procedure, dollars(line.charge_cents), dollars(line.paid_cents)) for line in one.lines],
        )
        for one in value.claims
    ]


def told_by_x12sdk(data):
    with X12ModelReader(data.decode()) as reader:
        [model] = reader.models()
        return [_x12sdk_claim(one) for one in model.claims()]


def _x12sdk_claim(one):
    lines = one.service_lines
    adjusted = [*one.adjustments, *(cas for line in lines for cas in line.cas_segment or [])]
    triples = []
    for cas in adjusted:
        for n in range(1, 7):
            reason = getattr(cas, f"adjustment_reason_code_{n}")
            if reason is not None:
                triples.append((cas.adjustment_group_code, reason, getattr(cas, f"monetary_amount_{n}")))
    return (
        one.patient_control_number,
        one.status,
        one.charge,
        one.paid,
        sums(triples),
        [
            (
                line.svc_segment.composite_medical_procedure_identifier_1.split(":")[1],
                line.svc_segment.line_item_charge_amount,
                line.svc_segment.line_item_provider_payment_amount,
            )
            for line in lines
        ],
    )


def held_against_oxedi(data, value):
    """oxedi has nothing against the bytes, its own balances included, and its tables hold as many rows as we have."""
    result = oxedi.parse(data)
    assert [str(one) for one in result.diagnostics] == []
    assert result.sum_payments() == dollars(value.payment.amount_cents)
    rows = {name: rendered(result.tables[name]) for name in result.tables}
    assert [(one["claim_id"], one["charge_amount"], one["payment_amount"]) for one in rows["claims"]] == [
        (one.patient_control_number, two(one.charge_cents), two(one.paid_cents)) for one in value.claims
    ]
    lines = [line for one in value.claims for line in one.lines]
    assert [(one["charge_amount"], one["payment_amount"]) for one in rows["services"]] == [
        (two(one.charge_cents), two(one.paid_cents)) for one in lines
    ]
    assert Counter((one["group_code"], one["reason_code"], one["amount"]) for one in rows["adjustments"]) == Counter(
        (a.group, a.reason, two(a.amount_cents)) for one in value.claims for a in one.every_adjustment
    )
    assert [(one["reason_code"], one["amount"]) for one in rows["provider_adjustments"]] == [
        (one.reason, two(one.amount_cents)) for one in value.provider_adjustments
    ]


def rendered(table):
    """The rows of a table, from its text: a line of columns with their types, then a line a row."""
    _, head, *lines = table.render().rstrip("\n").split("\n")
    names = [one.split(":")[0] for one in head.split(" | ")]
    return [dict(zip(names, line.split(" | "), strict=True)) for line in lines if line]


def sums(triples):
    found = {}
    for group, reason, amount in triples:
        found[group, reason] = found.get((group, reason), 0) + amount
    return found


def dollars(cents):
    return Decimal(cents) / 100


def two(cents):
    return f"{dollars(cents):.2f}"
