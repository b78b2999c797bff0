"""Claims that name further payers, what their payer decides on them, and what of that the next payer is told."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from edi.x12.sets import t835
from pipeline.mapping.claim_to_837p import line_control_number

DAY = date(2026, 11, 12)
CLM01 = "C0123456789ABC"
SECOND = {
    "payer_id": "77CI7",
    "name": "Northwind Commercial Health",
    "filing_code": "CI",
    "responsibility": "S",
    "relationship": "18",
    "insured": {"last_name": "Quarrier", "first_name": "Hazel", "member_id": "NWC812955200"},
    "group_number": "NW-40021",
}
SPOUSE = SECOND | {
    "relationship": "01",
    "insured": {
        "last_name": "Quarrier", "first_name": "Orson", "member_id": "NWC812955201",
        "address": {"line1": "9 Elm Road", "city": "Brightwater", "state": "TX", "zip": "75009"},
    },
}  # fmt: skip
THIRD = SECOND | {"payer_id": "60MC9", "name": "Sample Medicaid", "filing_code": "MC", "responsibility": "T"}
REASONS = [("CO", "45"), ("CO", "253"), ("CO", "59"), ("PR", "1"), ("PR", "2"), ("PR", "3"), ("OA", "23"), ("PI", "22")]
QUANTITIES = st.none() | st.decimals(Decimal("0.5"), Decimal(20), places=1).map(lambda one: one.normalize() + 0)


def adjustment(group, reason, cents, quantity=None):
    return t835.Adjustment(group=group, reason=reason, amount_cents=cents, quantity=quantity)


def line(number, charge, *adjustments, clm01=CLM01, **more):
    """A line of the decision; it pays what its adjustments leave."""
    given = {
        "procedure": "99213",
        "charge_cents": charge,
        "paid_cents": charge - sum(one.amount_cents for one in adjustments),
        "units": Decimal(1),
        "service_date": date(2026, 9, 15),
        "line_control_number": line_control_number(clm01, number) if number else None,
        "adjustments": list(adjustments),
    }
    return t835.RemittanceLine(**(given | more))


def decided(lines, *adjustments, charge=None, clm01=CLM01, **more):
    """A claim of the decision: the sum of its lines, less what is adjusted of it as a whole."""
    charge = sum(one.charge_cents for one in lines) if charge is None else charge
    paid = (sum(one.paid_cents for one in lines) if lines else charge) - sum(one.amount_cents for one in adjustments)
    every = [*adjustments, *(one for each in lines for one in each.adjustments)]
    given = {
        "patient_control_number": clm01,
        "status": "1",
        "charge_cents": charge,
        "paid_cents": paid,
        "patient_responsibility_cents": sum(one.amount_cents for one in every if one.group == "PR") or None,
        "filing_code": "MB",
        "payer_control_number": "2226272004410",
        "facility_code": "11",
        "frequency": "1",
        "patient": t835.Name(last_name="DOE", first_name="JO"),
        "adjustments": list(adjustments),
        "lines": list(lines),
    }
    return t835.RemittanceClaim(**(given | more))


@st.composite
def _reasons(draw, charge, among, *, whole=True):
    """Adjustments that leave at least nothing to pay; one may be below zero where another makes up for it."""
    chosen = draw(st.lists(st.sampled_from(among), max_size=4, unique=True)) if among and charge else []
    made, left = [], charge
    for group, reason in chosen:
        cents = draw(st.integers(-500, left) if left > 0 else st.integers(-500, -1))
        if cents:
            made.append(adjustment(group, reason, cents, draw(QUANTITIES)))
            left -= cents
    return made if whole else made[:1]


@st.composite
def decisions(draw, claim, clm01=CLM01):
    """Any balanced decision on this claim (the model): by line, with some of it on the claim as a whole, or that alone."""
    if draw(st.integers(0, 4)) == 0:
        return decided([], *draw(_reasons(claim.charge_cents, REASONS)), charge=claim.charge_cents, clm01=clm01)
    of_claim = draw(st.sets(st.sampled_from(REASONS), max_size=2)) if draw(st.booleans()) else set()
    of_lines = [one for one in REASONS if one not in of_claim]
    lines = []
    for number, ours in enumerate(claim.lines, start=1):
        parts = [ours.charge_cents]
        if ours.charge_cents > 1 and draw(st.integers(0, 4)) == 0:
            first = draw(st.integers(1, ours.charge_cents - 1))
            parts = [first, ours.charge_cents - first]
        lines += [
            line(
                number, part, *draw(_reasons(part, of_lines)), clm01=clm01,
                procedure=draw(st.sampled_from([ours.procedure, "G0442"])), modifiers=list(ours.modifiers),
                units=draw(st.none() | st.just(ours.units)), service_date=ours.service_date,
            )
            for part in parts
        ]  # fmt: skip
    paid = sum(one.paid_cents for one in lines)
    return decided(lines, *draw(_reasons(paid, sorted(of_claim))), clm01=clm01)


def remittance(*claims, day=DAY):
    payment = t835.Payment(
        handling="I", amount_cents=sum(one.paid_cents for one in claims), method="CHK", date=day,
        trace_number="T1", payer_trace_id="1999999990",
    )  # fmt: skip
    contact = t835.Contact(function="BL", name="HELP", numbers=[("TE", "5555550100")])
    return t835.Remittance(
        payment=payment,
        production_date=day,
        payer=t835.PayerParty(
            name="INVENTED PAYER",
            address=t835.Address(line1="1 ROAD", city="TOWN", state="OH", zip="43004"),
            contacts=[contact],
        ),
        payee=t835.PayeeParty(name="INVENTED EMS", npi="1999000001", tax_id="999999999"),
        claims=list(claims),
    )
