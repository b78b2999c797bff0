"""Payers of one claim, one after the other: what the second one is left, and a claim that the first one passes on."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from edi.x12.sets import t835, t837p
from edi.x12.syntax.reader import read
from sandbox.config import Delays


def other(responsibility, member_id, payer="20303", **more):
    insured = t837p.OtherInsured(last_name="SAMPLE", first_name="LEE", member_id=member_id)
    given = {"relationship": "01", "filing_code": "CI", "name": "BETA HEALTH PLAN", "insured": insured}
    return t837p.OtherPayer(responsibility=responsibility, identifier=payer, **(given | more))


def told(payer_id, paid, *adjustments):
    return t837p.LineAdjudication(
        payer_id=payer_id, paid_cents=paid, procedure="99213", units=Decimal(1), adjudication_date=date(2026, 11, 10),
        adjustments=[t837p.Adjustment(group=g, reason=r, amount_cents=c) for g, r, c in adjustments],
    )  # fmt: skip


def second(x12, member, responsibility="S"):
    """A claim that comes to its second payer: 160.00 of it are paid, 25.00 of the first line and 10.00 of all are left."""
    claim = x12.claim("C1", [20_000, 5_000])
    by_first = other(
        "P",
        "A1",
        "10202",
        paid_cents=16_000,
        adjustments=[t837p.Adjustment(group="PR", reason="3", amount_cents=1_000)],
    )
    claim.other_payers = [by_first]
    claim.lines[0].adjudications = [told("10202", 13_000, ("CO", "45", 4_500), ("PR", "2", 2_500))]
    claim.lines[1].adjudications = [told("10202", 4_000, ("CO", "45", 1_000))]
    person = x12.subscriber(member, [claim], payer="20303", name="BETA HEALTH PLAN")
    return replace(person, responsibility=responsibility)


@pytest.fixture
def eras(make_sandbox, x12):
    """The 835s, in their order, that a file with these subscribers is answered by."""

    seen = set()

    def run(*people, **changes):
        sandbox, number = make_sandbox(**changes), 101 + len(seen)
        sandbox.put("oa", f"837P_{number}.txt", x12.interchange([list(people)], number))
        sandbox.tick()
        found = []
        for name, data in sandbox.outbound("oa").items():
            if name in seen:
                continue
            seen.add(name)
            if "ERA" in name.upper() and name.endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(data)) as held:
                    inner = next(one for one in held.namelist() if held.read(one).startswith(b"ISA"))
                    document = read(held.read(inner))
                found += [t835.read_set(one)[0] for one in document.sets]
        for one in found:
            assert t835.balance(one) == []
        return found

    return run


def test_a_later_payer_pays_what_was_left_to_the_patient(eras, x12):
    [one] = eras(second(x12, "N0"))
    [claim] = one.claims
    assert (claim.status, claim.charge_cents, claim.paid_cents) == ("2", 25_000, 3_500)
    assert [[(a.group, a.reason, a.amount_cents) for a in line.adjustments] for line in claim.lines] == [
        [("OA", "23", 16_500)],
        [("OA", "23", 5_000)],
    ]
    [one] = eras(second(x12, "N13", "T"))
    assert (one.claims[0].status, one.claims[0].paid_cents) == ("3", 2_625)


def test_a_claim_is_passed_on_and_the_next_payer_sends_its_own_835(eras, x12):
    claim = x12.claim("C1", [20_000])
    claim.other_payers = [other("T", "Z9", "30404"), other("S", "N0")]
    by_first, by_next = sorted(eras(x12.subscriber("A53", [claim])), key=lambda one: one.payer.name)
    [first], [then] = by_first.claims, by_next.claims
    assert (first.status, first.crossover.last_name, first.crossover.identifier) == ("19", "BETA HEALTH PLAN", "20303")
    assert first.patient_responsibility_cents > 0
    assert by_next.payer.references == [("2U", "20303")]
    assert (then.patient_control_number, then.status, then.patient.identifier) == ("C1", "2", "N0")
    assert (then.paid_cents, then.charge_cents) == (first.patient_responsibility_cents, 20_000)
    assert then.payer_control_number != first.payer_control_number


def test_nothing_is_passed_on_where_no_payer_waits(eras, x12):
    [one] = eras(x12.subscriber("A53", [x12.claim("C1", [20_000])]))
    assert (one.claims[0].status, one.claims[0].crossover) == ("1", None)
    [one] = eras(second(x12, "N53"))
    assert one.claims[0].status == "2"


def test_what_is_passed_on_takes_its_time(eras, x12):
    claim = x12.claim("C1", [20_000])
    claim.other_payers = [other("S", "N0")]
    [one] = eras(x12.subscriber("A53", [claim]), delays=replace(Delays.none(), crossover_s=100))
    assert one.claims[0].status == "19"
