"""Invented 820 values: premiums of groups, payments of an exchange, settlements of vendors."""

from datetime import date
from decimal import Decimal

from x12_claims import address

from edi.x12.sets import t820
from edi.x12.sets.t820 import Dated, Entity, Form, Item, Party, Person, Reference

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def order_payment(amount_cents, **more):
    given = {
        "handling": "C",
        "amount_cents": amount_cents,
        "method": "ACH",
        "format": "CTX",
        "sender_bank_kind": "01",
        "sender_bank": "091000019",
        "sender_account_kind": "DA",
        "sender_account": "55550001",
        "originating_company": "1912345678",
        "receiver_bank_kind": "01",
        "receiver_bank": "121042882",
        "receiver_account_kind": "DA",
        "receiver_account": "55550002",
        "date": date(2026, 11, 24),
    }
    return t820.Payment(**(given | more))


def adjustment_820(amount_cents, reason, **more):
    return t820.Adjustment(amount_cents=amount_cents, reason=reason, **more)


# -- plain: settlements of vendors -------------------------------------------------------------------------------------
def vendor_order(items, amount_cents, **more):
    given = {
        "form": Form.PLAIN,
        "payment": order_payment(amount_cents),
        "trace": t820.Trace(number="PAY00000042", originator="1912345678"),
        "parties": [
            Party(code="PR", name="SAMPLE MEDICS", identifier_kind="91", identifier="912345678"),
            Party(code="PE", name="INVENTED SUPPLIES"),
        ],
        "entities": [Entity(number=1, items=items)],
    }
    return t820.PaymentOrder(**(given | more))


def invoice(reference, paid_cents, **more):
    return Item(kind="IV", reference=reference, paid_cents=paid_cents, **more)


def shapes_820():
    """By name: the shapes of a vendor's set."""
    purchase = [Reference(qualifier="PO", value="PO-7")]
    invoiced = [Dated(qualifier="003", date=date(2026, 10, 30))]
    discounted = invoice(
        "INV-2", 98000, action="PO", billed_cents=100000, discount_cents=2000, references=purchase, dates=invoiced
    )
    credited = invoice(
        "INV-3",
        45000,
        billed_cents=50000,
        adjustments=[adjustment_820(-5000, "01", reference_kind="CM", reference="CM-9")],
    )
    return {
        "vendor": vendor_order([invoice("INV-1", 12345, references=purchase)], 12345),
        "vendor invoices": vendor_order([invoice("INV-1", 12345), discounted, credited], 155345),
        "everything": _everything(),
    }


def _everything():
    """Every segment that the plain table has."""
    item = Item(
        kind="IV",
        reference="INV-4",
        action="PO",
        paid_cents=70000,
        billed_cents=80000,
        discount_cents=1000,
        adjustment_reason="04",
        adjustment_cents=-4000,
        notes=[t820.Note(code="AFA", text="SHORT DELIVERY"), t820.Note(text="SECOND NOTE")],
        references=[Reference(qualifier="PO", value="PO-8", text="STANDING ORDER")],
        dates=[Dated(qualifier="003", date=date(2026, 10, 1)), Dated(qualifier="582", period_from=MARCH[0])],
        adjustments=[adjustment_820(-3000, "01"), adjustment_820(-2000, "03")],
    )
    payer = Party(
        code="PR",
        name="SAMPLE MEDICS",
        identifier_kind="91",
        identifier="912345678",
        more_name="ACCOUNTS PAYABLE",
        address=address(),
        references=[Reference(qualifier="VR", value="V-17")],
        contacts=[
            t820.Contact(function="IC", name="AP DESK", numbers=[("TE", "5555550115"), ("EM", "ap@example.test")])
        ],
    )
    payee = Party(
        code="PE",
        name="INVENTED SUPPLIES",
        identifier_kind="91",
        identifier="VENDOR17",
        delivery=t820.Delivery(method="EM", name="AR DESK", number="ar@example.test"),
    )
    entity = Entity(
        number=1,
        kind="2L",
        identifier_kind="91",
        identifier="VENDOR17",
        people=[
            Person(
                code="VN",
                entity_type="2",
                last_name="INVENTED SUPPLIES",
                references=[Reference(qualifier="AA", text="N")],
            )
        ],
        adjustments=[adjustment_820(-10000, "CM", reference_kind="CM", reference="CM-10")],
        items=[item, invoice("INV-5", 1)],
    )
    return vendor_order(
        [],
        65001,
        notes=[t820.Note(code="PMT", text="SETTLEMENT OF NOVEMBER")],
        currency=t820.Currency(entity="PR", code="USD"),
        references=[Reference(qualifier="AA", value="EDI6", text="0550065")],
        dates=[
            Dated(qualifier="097", date=date(2026, 11, 20)),
            Dated(qualifier="582", period_from=MARCH[0], period_to=MARCH[1]),
        ],
        parties=[payer, payee],
        entities=[entity, Entity(number=2, items=[Item(paid_cents=5000)])],
    )


# -- X218: premiums of groups ------------------------------------------------------------------------------------------
def premium_order(entities, amount_cents, **more):
    given = {
        "form": Form.GROUP_PREMIUM,
        "payment": order_payment(amount_cents),
        "trace": t820.Trace(number="PREM202603", originator="1912345678"),
        "references": [Reference(qualifier="14", value="GROUP1")],
        "dates": [Dated(qualifier="582", period_from=MARCH[0], period_to=MARCH[1])],
        "parties": [
            Party(code="PE", name="INVENTED HEALTH PLAN", identifier_kind="FI", identifier="999999998"),
            Party(code="PR", name="SAMPLE MEDICS", identifier_kind="FI", identifier="912345678"),
        ],
        "entities": entities,
    }
    return t820.PaymentOrder(**(given | more))


def insured(number, items, **more):
    given = {
        "number": number,
        "kind": "2J",
        "identifier_kind": "EI",
        "identifier": f"ZZE{number:04d}",
        "people": [
            Person(
                code="EY", last_name="SAMPLE", first_name="AVERY", identifier_kind="EI", identifier=f"ZZE{number:04d}"
            )
        ],
        "items": items,
    }
    return Entity(**(given | more))


def shapes_820_x218():
    """By name: a bill that sums up, a list of insured people, and both with all there is."""
    line = t820.SummaryLine(
        number="1",
        charges=[t820.Charge(code="A172", amount_cents=1250)],
        members=[
            t820.MemberCount(number="1", count=Decimal(12), kind="IE"),
            t820.MemberCount(number="2", count=Decimal(3), kind="10"),
        ],
    )
    bill = Item(kind="IK", reference="BILL-1", action="PI", paid_cents=250000, line=line)
    group = Entity(number=1, kind="2L", identifier_kind="FI", identifier="912345678", items=[bill])
    coverage = [Dated(qualifier="582", period_from=MARCH[0], period_to=MARCH[1])]
    lowered = Item(
        kind="AZ",
        reference="POL-2",
        paid_cents=10000,
        billed_cents=11000,
        references=[Reference(qualifier="38", value="M-1"), Reference(qualifier="ZZ", value="TWICE A MONTH")],
        dates=coverage,
        adjustments=[adjustment_820(-1000, "52")],
    )
    people = [insured(1, [Item(kind="AZ", reference="POL-1", paid_cents=7050)]), insured(2, [lowered])]
    later = [
        insured(2, [Item(kind="IG", reference="POL-3", paid_cents=3000)], adjustments=[adjustment_820(-500, "53")])
    ]
    return {
        "summary bill": premium_order([group], 250000),
        "list bill": premium_order(people, 17050),
        "everything": _every_premium(group, later),
    }


def _every_premium(group, people):
    contact = t820.Contact(function="IC", name="PAYROLL", numbers=[("TE", "5555550116"), ("EX", "12")])
    group = t820.Entity(
        number=group.number, kind="2L", identifier_kind="FI", identifier="912345678", items=group.items,
        adjustments=[adjustment_820(-1000, "WW"), adjustment_820(300, "80")],
    )  # fmt: skip
    return premium_order(
        [group, *people],
        251800,
        currency=t820.Currency(entity="PR", code="USD"),
        references=[Reference(qualifier="14", value="GROUP1"), Reference(qualifier="72", value="SCHEDULE")],
        dates=[
            Dated(qualifier="009", date=date(2026, 11, 20)),
            Dated(qualifier="035", date=date(2026, 11, 23)),
            Dated(qualifier="582", period_from=MARCH[0], period_to=MARCH[1]),
            Dated(qualifier="097", date=date(2026, 11, 19)),
        ],
        parties=[
            Party(
                code="PE",
                name="INVENTED HEALTH PLAN",
                more_name="PREMIUM OFFICE",
                address=address(line1="500 PLAN AVENUE"),
                delivery=t820.Delivery(method="EM", name="EDI DESK", number="edi@example.test"),
            ),
            Party(code="PR", identifier_kind="FI", identifier="912345678", address=address(), contacts=[contact]),
            Party(code="BK", name="SAMPLE BANK", identifier_kind="31", identifier="091000019"),
        ],
    )


# -- X306: payments of an exchange -------------------------------------------------------------------------------------
def exchange_order(entities, amount_cents, **more):
    payment = order_payment(
        amount_cents,
        handling="I",
        format="CCP" if amount_cents else None,
        **dict.fromkeys(
            ("sender_bank_kind", "sender_bank", "sender_account_kind", "sender_account", "originating_company")
        ),
    )
    if not amount_cents:
        payment = t820.Payment(handling="I", amount_cents=0, method="NON", date=date(2026, 11, 24))
    given = {
        "form": Form.EXCHANGE,
        "payment": payment,
        "trace": t820.Trace(kind="3", number="HIX000000042"),
        "parties": [
            Party(code="PE", name="INVENTED HEALTH PLAN", identifier_kind="FI", identifier="999999998"),
            Party(
                code="RM",
                name="INVENTED EXCHANGE",
                identifier_kind="58",
                identifier="EXCH",
                contacts=[t820.Contact(function="IC", name="DESK", numbers=[("EM", "hix@example.test")])],
            ),
        ],
        "entities": entities,
    }
    return t820.PaymentOrder(**(given | more))


def exchange_item(kind, paid_cents, **more):
    dates = [Dated(qualifier="582", period_from=MARCH[0], period_to=MARCH[1])]
    return Item(kind="ZZ", reference=kind, paid_cents=paid_cents, dates=dates, **more)


def member(number, items):
    references = [("38", f"QHP{number}"), ("POL", f"EXPOL{number}"), ("AZ", f"PLPOL{number}"), ("0F", f"SUB{number}")]
    person = Person(
        code="IL",
        last_name="SAMPLE",
        first_name="AVERY",
        identifier_kind="C1",
        identifier=f"ZZM{number}",
        references=[Reference(qualifier=code, value=text) for code, text in references],
    )
    return Entity(number=number, people=[person], items=items)


def shapes_820_x306():
    """By name: money comes, or fees eat it up and nothing does."""
    items = [exchange_item("APTC", 60000), exchange_item("CSR", 10050), exchange_item("UF", -2525)]
    paid = [member(1, items), member(2, [exchange_item("APTC", 40000), exchange_item("APTCADJ", -60000)])]
    report = [Reference(qualifier="LU", value="INVOICERPT-1")]
    nothing = [
        member(1, [exchange_item("UF", -2525)]),
        Entity(number=2, items=[exchange_item("INVOICE", 2525, references=report)]),
    ]
    named = [Reference(qualifier="38", value="QHP1"), Reference(qualifier="TV", value="PLAN1")]
    return {
        "credits and fees": exchange_order(paid, 47525, references=named),
        "nothing paid": exchange_order(nothing, 0),
    }
