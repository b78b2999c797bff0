"""Typed values, drawn at random within what the tables allow, come back equal; their sets are sound."""

import string
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.x12.judging.check import check_set
from edi.x12.sets import t277ca, t835, t999
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read

SETTINGS = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
CODE = string.ascii_uppercase + string.digits


def text(high, low=1, extra=" '-.,/&"):
    return st.text(CODE + extra, min_size=low, max_size=high).filter(lambda one: one == one.strip())


def maybe(strategy):
    return st.none() | strategy


ident = st.text(CODE, min_size=2, max_size=20)
days = st.dates(date(1901, 1, 1), date(2099, 12, 31))
cents = st.integers(0, 10**9)
signed = st.integers(-(10**9), 10**9)
amounts = st.decimals(Decimal("0.1"), Decimal("99999.9"), places=1).map(lambda one: one.normalize())
npis = st.from_regex(r"1[0-9]{9}", fullmatch=True)


def back(make, codec, functional_id, value):
    data = write_interchange(make.envelope(functional_id, codec.VERSION), [codec.write_set(value, "0001").data])
    document = read(data)
    assert document.findings == []
    [ts] = document.sets
    assert check_set(ts) == []
    again, findings = codec.read_set(ts)
    assert findings == []
    return again, ts


adjustments = st.lists(
    st.builds(
        t835.Adjustment,
        group=st.sampled_from(["CO", "OA", "PI", "PR"]),
        reason=st.text(string.digits, min_size=1, max_size=3),
        amount_cents=signed,
        quantity=maybe(amounts),
    ),
    max_size=9,
)
remittance_lines = st.builds(
    t835.RemittanceLine,
    procedure=ident,
    procedure_qualifier=st.just("HC"),
    charge_cents=signed,
    paid_cents=signed,
    modifiers=st.lists(st.text(CODE, min_size=2, max_size=2), max_size=4),
    revenue_code=maybe(ident),
    units=maybe(amounts),
    submitted_procedure=ident,
    submitted_modifiers=st.lists(st.text(CODE, min_size=2, max_size=2), max_size=4),
    submitted_qualifier=st.just("HC"),
    submitted_description=maybe(text(80)),
    quantities=st.lists(st.builds(t835.Quantity, code=st.just("ZK"), quantity=amounts), max_size=2),
    reject_codes=st.lists(ident, max_size=2),
    submitted_units=maybe(amounts),
    service_date=days,
    service_date_to=maybe(days),
    adjustments=adjustments,
    references=st.lists(st.tuples(st.just("LU"), ident), max_size=2),
    line_control_number=maybe(ident),
    remarks=st.lists(ident, max_size=3),
    amounts=st.lists(st.builds(t835.Amount, code=st.just("B6"), amount_cents=signed), max_size=2),
    segment_number=st.just(0),
)
names = st.builds(
    t835.Name,
    last_name=maybe(text(60)),
    first_name=maybe(text(35)),
    middle_name=maybe(text(25)),
    suffix=maybe(text(10)),
    identifier_kind=st.just("MI"),
    identifier=ident,
    person=st.just(True),
)
organisations = st.builds(
    t835.Name,
    last_name=text(60),
    first_name=st.none(),
    middle_name=st.none(),
    suffix=st.none(),
    identifier_kind=st.just("PI"),
    identifier=ident,
    person=st.just(False),
)


def figures(money, counted, always):
    """Figures at these positions; the element ``always`` is there, for one must be."""
    counts = st.dictionaries(st.sampled_from(counted), amounts, max_size=2) if counted else st.just({})
    return st.builds(
        lambda amounts_, counts_, count: t835.Figures(amounts=amounts_, counts={always: count} | counts_),
        st.dictionaries(st.sampled_from(money), signed, max_size=3),
        counts,
        st.integers(0, 999).map(Decimal),
    )


def identified(kind):
    return st.builds(replace, names, identifier_kind=st.just(kind), person=st.booleans())


remittance_claims = st.builds(
    t835.RemittanceClaim,
    patient_control_number=ident,
    status=st.sampled_from(["1", "2", "4", "22"]),
    charge_cents=signed,
    paid_cents=signed,
    patient_responsibility_cents=maybe(cents),
    filing_code=st.just("MB"),
    payer_control_number=ident,
    facility_code=maybe(st.just("41")),
    frequency=maybe(st.just("1")),
    adjustments=adjustments,
    patient=names,
    subscriber=maybe(identified("MI")),
    corrected=maybe(identified("C")),
    rendering=maybe(identified("XX")),
    crossover=maybe(organisations),
    priority_payer=maybe(organisations),
    other_subscriber=maybe(identified("II")),
    inpatient=maybe(figures((2, 4, 13, 19, 24), (3, 15), 1)),
    outpatient=maybe(figures((2, 8, 9), (), 1)),
    drg=maybe(st.text(string.digits, min_size=3, max_size=4)),
    drg_weight=maybe(amounts),
    discharge_fraction=maybe(amounts),
    contacts=st.lists(
        st.builds(
            t835.Contact,
            function=st.just("CX"),
            name=maybe(text(60)),
            numbers=st.lists(st.tuples(st.just("TE"), ident), min_size=1, max_size=2),
        ),
        max_size=2,
    ),
    quantities=st.lists(st.builds(t835.Quantity, code=st.just("CA"), quantity=amounts), max_size=2),
    references=st.lists(st.tuples(st.just("F8"), ident), max_size=2),
    service_date=maybe(days),
    service_date_to=maybe(days),
    coverage_expired=maybe(days),
    received_date=maybe(days),
    amounts=st.lists(st.builds(t835.Amount, code=st.just("I"), amount_cents=signed), max_size=2),
    remarks=st.lists(ident, max_size=5),
    lines=st.lists(remittance_lines, max_size=3),
    segment_number=st.just(0),
    segment_last=st.just(0),
)
plbs = st.lists(
    st.builds(
        t835.ProviderAdjustment,
        provider_id=npis,
        fiscal_date=days,
        reason=st.sampled_from(["WO", "FB", "L6"]),
        reference=maybe(ident),
        amount_cents=signed,
        segment_number=st.just(0),
    ),
    max_size=9,
)


summaries = st.builds(
    t835.ProviderSummary,
    provider_id=ident,
    facility_code=st.just("41"),
    fiscal_date=days,
    claim_count=st.integers(0, 9999).map(Decimal),
    charge_cents=signed,
    figures=st.builds(
        t835.Figures,
        amounts=st.dictionaries(st.sampled_from((13, 15, 17, 18, 24)), signed),
        counts=st.dictionaries(st.just(23), amounts),
    ),
)


@SETTINGS
@given(st.lists(remittance_claims, max_size=3), plbs, cents, maybe(summaries), maybe(figures((1, 19), (16,), 7)))
def test_835(make, made, adjusted, paid, summary, inpatient):
    value = make.remittance([], payment=make.payment(paid + 1))
    value.claims, value.provider_adjustments = made, adjusted
    value.groups = [
        t835.ClaimGroup(number=str(at + 7), first_claim=at, summary=summary, inpatient=inpatient)
        for at in range(len(made))
    ]
    again, ts = back(make, t835, "HP", value)
    assert again == value
    assert all(ts.segments[claim.segment_number - 1][0] == "CLP" for claim in again.claims)
    assert all(ts.segments[line.segment_number - 1][0] == "SVC" for claim in again.claims for line in claim.lines)


statuses = st.builds(
    t277ca.Status,
    category=st.sampled_from(["A1", "A2", "A3", "A7"]),
    code=st.text(string.digits, min_size=1, max_size=3),
    entity=maybe(st.sampled_from(["PR", "85", "IL"])),
    date=days,
    action=st.sampled_from(["WQ", "U"]),
    charge_cents=cents,
    further=st.lists(
        st.builds(t277ca.StatusCode, category=st.just("A7"), code=st.just("128"), entity=maybe(st.just("85"))),
        max_size=2,
    ),
    text=maybe(text(80)),
)


@SETTINGS
@given(st.lists(statuses, min_size=1, max_size=3), text(60), ident, maybe(days))
def test_277ca(make, given_statuses, name, number, last):
    claim = make.claim_status(number, last_name=name, statuses=given_statuses, service_date_to=last)
    value = make.status_report([claim])
    assert back(make, t277ca, "HN", value)[0] == value


elements = st.builds(
    t999.ElementError,
    element=st.integers(1, 20),
    component=maybe(st.integers(1, 9)),
    repeat=st.none(),
    data_element=maybe(st.just("1028")),
    code=st.sampled_from(["1", "7", "I12"]),
    value=maybe(text(40)),
    contexts=st.just([]),
)
errors = st.builds(
    t999.SegmentError,
    segment=st.sampled_from(["CLM", "NM1"]),
    number=st.integers(1, 99999),
    loop=maybe(st.just("2300")),
    code=st.sampled_from(["3", "8", "I6"]),
    contexts=st.lists(ident.map("CLM01:{}".format), max_size=2),
    elements=st.lists(elements, max_size=3),
)
set_answers = st.builds(
    t999.SetAcknowledgment,
    set_id=st.just("837"),
    control_number=st.from_regex(r"[0-9]{4,9}", fullmatch=True),
    version=st.just("005010X222A1"),
    code=st.sampled_from("AERX"),
    reasons=st.lists(st.sampled_from(["5", "I6"]), max_size=5),
    errors=st.lists(errors, max_size=3),
)


@SETTINGS
@given(st.lists(set_answers, max_size=4))
def test_999(make, answers):
    value = make.acknowledgment(answers)
    assert back(make, t999, "FA", value)[0] == value


@pytest.mark.parametrize("cents_", [0, 1, 99, 100, -1, 123456789])
def test_money_is_exact(make, cents_):
    value = make.remittance([make.remittance_claim(charge_cents=cents_, paid_cents=cents_)])
    assert back(make, t835, "HP", value)[0].claims[0].paid_cents == cents_
