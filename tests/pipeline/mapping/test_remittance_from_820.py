"""An 820 as a remittance: what is kept of it, in clear and sealed, and by what it is known."""

from dataclasses import replace

from orders import FACILITY, bare, ctx, in_envelope, item, order
from x12_payments import adjustment_820, shapes_820_x218

from edi.nacha.reading import read as read_ach
from edi.x12.sets.t820 import read_set
from edi.x12.syntax.reader import read
from pipeline.domain.remittance import Adjusted, Verdict, verdict
from pipeline.mapping.arrivals import recognise
from pipeline.mapping.orders_in_addenda import carried
from pipeline.mapping.remittance_from_820 import content_hash, to_advice
from pipeline.mapping.traces import Traces


def advice(value, company_id=None):
    [ts] = read(in_envelope(value)).sets
    return to_advice(read_set(ts)[0], company_id)


def test_items_are_told_with_their_place_and_what_explains_them():
    lowered = item(
        "INV-2", 900, billed_cents=1_000, discount_cents=50, adjustment_reason="04", adjustment_cents=-20,
        adjustments=[adjustment_820(-30, "01")],
    )  # fmt: skip
    told = advice(order(lowered, item("INV-3", -100), adjustments=[(-40, "CM"), (25, "L6")]))
    first, second = told.claims
    assert (first.patient_control_number, first.charge_cents, first.paid_cents) == ("INV-2", 1_000, 900)
    assert first.adjustments == (Adjusted("RMR", "discount", 50), Adjusted("RMR", "04", 20), Adjusted("ADX", "01", 30))
    assert (verdict(first), verdict(second)) == (Verdict.PAID, Verdict.REVERSED)
    assert [(one.reason, one.amount_cents) for one in told.provider_level] == [("CM", 40), ("L6", -25)]
    assert told.amount_cents == 900 - 100 - 40 + 25
    assert first.segment < second.segment
    assert (told.payer_name, told.set_id) == ("INVENTED COUNTY", "820")


def test_a_premium_set_is_one_part_whose_items_are_sealed_with_it():
    [part] = advice(shapes_820_x218()["list bill"]).claims
    assert (part.patient_control_number, part.paid_cents, part.patient.last_name) == ("", 17_050, None)
    assert [(line.control_number, line.paid_cents) for line in part.lines] == [("POL-1", 7_050), ("POL-2", 10_000)]


def test_who_gave_the_trace_is_the_company_that_pays_where_the_trace_does_not_say():
    value = order(item("A", 1), originator=None, company=None)
    assert advice(value).trace_payer_id == ""
    assert advice(value, "1555555550").trace_payer_id == "1555555550"
    assert advice(order(item("A", 1), originator=None)).trace_payer_id == FACILITY
    assert to_advice(replace(value, trace=None)).trace_number == ""  # a set that lost its TRN is read all the same


def test_by_either_way_the_content_is_the_same_and_another_cent_is_another():
    value, other = order(item("A", 100), item("B", 2)), order(item("A", 99), item("B", 3))
    found = []
    for data in (bare(value), bare(value, "|!"), in_envelope(value, 7), bare(other)):
        [one] = carried(read_ach(ctx(data, 102)).file)
        found.append(content_hash(read_set(one.one)[0], one.one))
    [ts] = read(in_envelope(value, 8)).sets
    assert {content_hash(read_set(ts)[0], ts), *found[:3]} == {found[0]}
    assert found[3] != found[0]


def test_it_is_ingested_and_names_claims_when_the_outside_is_compared():
    data = in_envelope(order(item("CLAIM1", 100)))
    arrival = recognise("anything", data)
    assert (arrival.kind, arrival.stage, arrival.whole) == ("x12:820", "ingest", True)
    traces = Traces("pair")
    traces.look("anything", data)
    assert traces.claims == {"CLAIM1"}
