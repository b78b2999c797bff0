"""The 820: read whole or told where not, balanced as its guides have it, written strictly, in all three forms."""

from dataclasses import replace
from datetime import date

import pytest
import x12_payments as shapes
import x12_strategies
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from edi.errors import NotRepresentable
from edi.findings import Severity
from edi.x12.guides import GUIDES, guide_of
from edi.x12.sets import t820
from edi.x12.sets.t820 import Dated, Entity, Form, Item, Party, Reference
from edi.x12.syntax.document import set_of

SETTINGS = settings(
    max_examples=40,
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
OURS = [guide for guide in GUIDES if guide.set_id == "820"]


def read(data, version="005010"):
    return t820.read_set(set_of(data, version))


def plain(*segments):
    """A set of these segments, read."""
    every = ["ST*820*0001", *segments, f"SE*{len(segments) + 2}*0001"]
    return read("".join(f"{one}~" for one in every).encode())


def refused(value):
    with pytest.raises(NotRepresentable) as problem:
        t820.write_set(value, "0001")
    return problem.value.finding


BPR = "BPR*C*100*C*ACH*CTX"
TRN = "TRN*1*PAY1"


# -- which 820 ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("version", "form", "guide"),
    [
        ("005010X218", Form.GROUP_PREMIUM, "820-X218"),
        ("005010x218A1", Form.GROUP_PREMIUM, "820-X218"),
        ("005010X306", Form.EXCHANGE, "820-X306"),
        ("005010", Form.PLAIN, "820"),
        ("004010", Form.PLAIN, "820"),
        ("004010X061A1", Form.PLAIN, "820"),
    ],
)
def test_the_version_tells_the_form(version, form, guide):
    assert t820.form_of(version) is form
    assert guide_of("820", version).name == guide


# -- round trips -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("guide", OURS, ids=lambda guide: guide.name)
@SETTINGS
@given(st.data())
def test_whatever_the_table_allows_is_read_whole_and_written_again(guide, data):
    """Every segment of every table has its place in the values: nothing of a drawn set is lost on the way."""
    ts = data.draw(x12_strategies.sets(guide)).read()
    value, findings = t820.read_set(ts)
    assert findings == []
    written = t820.write_set(value, ts.control_number, ts.delimiters)
    again = set_of(written.data, guide.version if guide.name != "820" else "005010", ts.delimiters)
    assert [one[0] for one in again.segments] == [one[0] for one in ts.segments]
    assert t820.read_set(again) == (value, [])


def test_every_shape_balances(codecs):
    for name in ("820", "820-X218", "820-X306"):
        for shape, value in codecs[name][2].items():
            assert t820.balance(value) == [], (name, shape)


# -- balance -----------------------------------------------------------------------------------------------------------
def codes(findings):
    return [one.code for one in findings]


def test_a_payment_is_the_sum_of_its_items():
    value = shapes.vendor_order([shapes.invoice("I1", 5000), shapes.invoice("I2", -1000)], 4000)
    assert t820.balance(value) == []
    value.payment.amount_cents = 4001
    [found] = t820.balance(value)
    assert (found.code, found.severity, found.snip) == ("X820-BAL-PAYMENT", Severity.ERROR, 3)
    assert "1 cents" in found.message
    assert str(found.place).endswith("BPR02")


def test_an_adjustment_before_the_items_counts_and_one_behind_an_item_explains_it():
    before = plain("BPR*C*90*C*ACH", TRN, "ENT*1", "ADX*-10*01", "RMR*IV*I1**100")[0]
    behind = plain("BPR*C*90*C*ACH", TRN, "ENT*1", "RMR*IV*I1**90*100", "ADX*-10*01")[0]
    assert t820.balance(before) == t820.balance(behind) == []
    assert (before.paid_cents, before.adjustment_cents) == (10000, -1000)
    assert (behind.paid_cents, behind.adjustment_cents) == (9000, 0)


def test_who_counts_the_adjustments_of_items_beside_them_is_told_so():
    value, _ = plain("BPR*C*90*C*ACH", TRN, "ENT*1", "RMR*IV*I1**100", "ADX*-10*01")
    [found] = t820.balance(value)
    assert found.code == "X820-BAL-PAYMENT"
    assert "would agree if the adjustments of the items were counted" in found.message


def test_a_debit_is_a_payment_the_other_way():
    value, _ = plain("BPR*C*10*D*ACH", TRN, "ENT*1", "RMR*IV*I1**-10")
    assert t820.balance(value) == []


@pytest.mark.parametrize(
    ("rmr", "adx", "off"),
    [
        ("RMR*IV*I1**100*100", (), 0),
        ("RMR*IV*I1**100*102*2", (), 0),
        ("RMR*IV*I1**100*102*2*01*-5", ("ADX*5*02",), 0),
        ("RMR*IV*I1**100*110", ("ADX*-6*01", "ADX*-4*02"), 0),
        ("RMR*IV*I1**100*0", ("ADX*100*53",), 0),
        ("RMR*IV*I1**100", ("ADX*-6*01",), 0),  # nothing is said of what was billed
        ("RMR*IV*I1**100*110", ("ADX*-6*01",), -400),
        ("RMR*IV*I1**100*102*1", (), -100),
    ],
)
def test_an_item_is_what_was_billed_with_its_adjustments(rmr, adx, off):
    value, findings = plain(BPR, TRN, "ENT*1", rmr, *adx)
    assert findings == []
    found = t820.balance(value)
    assert codes(found) == (["X820-BAL-ITEM"] if off else [])
    assert all(one.severity is Severity.WARNING and f"{off} cents" in one.message for one in found)


def test_places_name_the_set_where_it_is_known():
    [plain_place, full] = [t820.balance(plain("BPR*C*1*C*ACH", TRN)[0], ts)[0].place for ts in (None, _set())]
    assert (plain_place.set_control, plain_place.segment_number) == (None, 2)
    assert (full.set_control, full.segment, full.element) == ("0001", "BPR", 2)


def _set():
    return set_of(b"ST*820*0001~BPR*C*1*C*ACH~TRN*1*A~SE*4*0001~", "005010")


# -- what cannot be read -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("segments", "where"),
    [
        (("BPR*C*1,00*C*ACH", TRN, "ENT*1", "RMR*IV*I1**1"), "BPR02"),
        (("BPR*C**C*ACH", TRN, "ENT*1", "RMR*IV*I1**1"), "BPR02"),
        ((BPR, TRN, "ENT*1", "RMR*IV*I1**1.001"), "RMR04"),
        ((BPR, TRN, "ENT*1", "RMR*IV*I1"), "RMR04"),
        ((BPR, TRN, "ENT*1", "ADX*x*01"), "ADX01"),
        ((TRN, "ENT*1", "RMR*IV*I1**1"), "ST"),
    ],
)
def test_money_that_cannot_be_read_is_an_error_and_judges_nothing(segments, where):
    value, findings = plain(*segments)
    [error] = [one for one in findings if one.severity is Severity.ERROR]
    assert error.code in {"X820-AMOUNT", "X820-HEADER"}
    assert str(error.place).endswith(where)
    assert len(value.unread) == 1
    assert codes(t820.balance(value)) == ["X820-UNJUDGED"]


def test_what_no_sum_depends_on_is_a_warning_and_the_rest_stands():
    value, findings = plain(
        "BPR*C*100*C*ACH************20261301", "TRN*1*PAY1", "DTM*097*2026", "DTM*582****RD8*20260301",
        "ENT*x*2L", "RMR*IV*I1**100*y*z", "DTM*003*1", "IT1*1", "SAC*C*A172***1.5", "SLN*1**O*q*IE", "ADX*?*01",
    )  # fmt: skip
    read_only = [one for one in findings if one.code == "X820-READ"]
    assert {one.severity for one in read_only} == {Severity.WARNING}
    assert [str(one.place).split()[-1] for one in read_only] == [
        "BPR16", "DTM02", "DTM06", "ENT01", "RMR05", "RMR06", "DTM02", "SAC05", "SLN04", "ADX01",
    ]  # fmt: skip
    assert all(one.value_class for one in read_only)
    [item] = value.items
    assert (item.reference, item.paid_cents, item.billed_cents) == ("I1", 10000, None)
    assert t820.balance(value) == []


def test_items_without_an_entity_are_those_of_one_without_number():
    value, findings = plain(BPR, TRN, "RMR*IV*I1**60", "REF*PO*P1", "RMR*IV*I2**40")
    assert findings == []
    [entity] = value.entities
    assert (entity.number, [one.reference for one in entity.items]) == (None, ["I1", "I2"])
    assert entity.items[0].references == [Reference(qualifier="PO", value="P1")]
    assert t820.balance(value) == []
    assert refused(value).place.segment == "ENT"


def test_what_has_no_place_is_told_and_stays_in_the_file():
    lost = ["N2*NOBODY", "N1*PE*PAYEE", "N4*TOWN", "N4*TOWN", "TRN*1*B", "BPR*I*5*C*NON", "CUR*PR*USD", "CUR*PR*EUR",
            "RDM*EM", "RDM*EM", "NTE**LATE", "ENT*1", "REF*AA*1", "DTM*097*20261120", "IT1*1", "N1*PR*LATE", "PER*IC",
            "RMR*IV*I1**100", "NM1*IL*1", "SAC*C*A172***1", "SLN*1", "IT1*1", "IT1*2", "LX*1"]  # fmt: skip
    value, findings = plain(BPR, TRN, *lost)
    untold = [one.place.segment_number for one in findings if one.code == "X820-NOT-MODELLED"]
    names = [value.raw.segments[number - 1][0] for number in untold]
    assert names == ["N2", "N4", "TRN", "BPR", "CUR", "RDM", "NTE", "REF", "DTM", "IT1", "N1", "PER", "NM1", "SAC",
                     "SLN", "IT1", "LX"]  # fmt: skip
    assert value.payment.amount_cents == 10000
    assert value.trace.number == "PAY1"


def test_a_set_without_trace_is_read_and_told():
    value, findings = plain(BPR, "ENT*1", "RMR*IV*I1**100")
    assert value.trace is None
    assert [(one.severity, one.code) for one in findings] == [(Severity.WARNING, "X820-READ")]


def test_payer_and_payee_by_their_codes():
    vendor = shapes.shapes_820()["vendor"]
    exchange = shapes.shapes_820_x306()["nothing paid"]
    assert (vendor.payer.code, vendor.payee.code) == ("PR", "PE")
    assert (exchange.payer.code, exchange.payee.name) == ("RM", "INVENTED HEALTH PLAN")
    assert replace(vendor, parties=[]).payer is None


# -- what is not written -----------------------------------------------------------------------------------------------
def vendor(**more):
    return replace(shapes.vendor_order([shapes.invoice("I1", 100)], 100), **more)


def premium(**more):
    items = [Item(kind="AZ", reference="P1", paid_cents=100)]
    return replace(shapes.premium_order([shapes.insured(1, items)], 100), **more)


@pytest.mark.parametrize(
    ("value", "segment", "element"),
    [
        (vendor(trace=None), "TRN", None),
        (vendor(payment=shapes.order_payment(None)), "BPR", 2),
        (vendor(entities=[Entity(number=1, items=[Item(kind="IV", reference="I1")])]), "RMR", 4),
        (vendor(entities=[Entity(number=1, items=[shapes.invoice("I" * 51, 100)])]), "RMR", 2),
        (vendor(entities=[Entity(number=1, items=[Item(kind="IV", paid_cents=100)])]), "RMR", 2),
        (vendor(entities=[Entity(number=1, kind="2L")]), "ENT", 3),
        (vendor(dates=[Dated(qualifier="582", period_to=date(2026, 3, 31))]), "DTM", 6),
        (vendor(dates=[Dated(qualifier="582")]), "DTM", 2),
        (vendor(references=[Reference(qualifier="AA")]), "REF", 2),
        (vendor(parties=[Party(code="PE", name="A*B")]), "N1", 2),
        (premium(references=[Reference(qualifier="PO", value="1")]), "REF", 1),
        (premium(notes=[shapes.t820.Note(text="NO PLACE")]), "ST", 1),
        (premium(dates=[Dated(qualifier="003", date=date(2026, 3, 1))]), "DTM", 1),
        (premium(dates=[Dated(qualifier="097", date=date(2026, 3, 1)), Dated(qualifier="009", date=date(2026, 3, 1))]), "DTM", None),
        (premium(parties=[Party(code="PE", name="PLAN")]), "N1", None),
        (premium(parties=premium().parties[::-1]), "N1", None),
        (premium(entities=[shapes.insured(1, [])]), "RMR", None),
        (premium(entities=[Entity(number=1, kind="ZZ", items=[])]), "ENT", 2),
        (shapes.exchange_order([shapes.member(1, [Item(kind="IV", reference="I1", paid_cents=0)])], 0), "RMR", 1),
        (shapes.exchange_order([shapes.member(1, [Item(kind="ZZ", reference="X", paid_cents=0, billed_cents=1)])], 0), "RMR", 5),
        (shapes.exchange_order([Entity(number=1, adjustments=[shapes.adjustment_820(1, "01")])], 0), "ENT", 1),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_its_place(value, segment, element):
    found = refused(value)
    assert (found.place.segment, found.place.element) == (segment, element)
    assert found.cure


def test_a_repeat_too_many_is_refused():
    line = shapes.t820.SummaryLine(number="1", members=[shapes.t820.MemberCount(number="1", count=1, kind="IE")] * 4)
    bill = Item(kind="IK", reference="B1", paid_cents=100, line=line)
    group = Entity(number=1, kind="2L", identifier_kind="FI", identifier="912345678", items=[bill])
    found = refused(shapes.premium_order([group], 100))
    assert (found.code, found.place.segment) == ("X12-SEGMENT-LOOP-REPEAT", "SLN")


def test_the_plain_set_is_written_without_version():
    assert t820.write_set(vendor(), "0001").data.startswith(b"ST*820*0001~BPR*C*1*C*ACH*CTX*01*")
    assert t820.write_set(premium(), "0001").data.startswith(b"ST*820*0001*005010X218~")
