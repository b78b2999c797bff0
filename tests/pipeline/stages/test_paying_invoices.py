"""Invoices of vendors: entered once, paid once by CCD or CTX, with what the vendor needs to know beside the money."""

import threading
from datetime import date

import pytest
from nacha_judges import judged_by_achlens
from paid_parties import balances, file, last_file, payee, run, send

from edi.nacha.reading import check, read
from edi.x12.judging.judge import judge
from edi.x12.sets import t820
from edi.x12.syntax.document import set_of
from pipeline.domain.errors import CallerError, Conflict, NotAllowed, NotKnown
from pipeline.domain.invoices import Invoice
from pipeline.services import invoices as service
from pipeline.services import payments
from pipeline.stages.upload import upload

HEADING = "payee,number,date,due,amount,discount\n"


def invoice(number="INV-1", cents=12_345, due=date(2026, 11, 1), discount=0):
    return Invoice(number=number, invoiced_on=date(2026, 10, 1), due_on=due, gross_cents=cents, discount_cents=discount)


def enter(money, payee_id, *invoices):
    return [service.enter(money.ctx, money.org, "ana", payee_id, one).invoice_id for one in invoices]


def test_ctx_pays_all_that_is_due_with_a_whole_820_beside_it(money, outside):
    vendor = payee(money, sec="CTX", name="INVENTED SUPPLY")
    enter(money, vendor, invoice(), invoice("INV-2", 100_000, discount=2_000), invoice("LATER", due=date(2027, 3, 1)))
    assert balances(money, "vendor_expense", "vendor_payable") == (122_690, -122_690)
    run(money)
    assert (money.states("payment"), money.column("SELECT prepared_by FROM payment")) == (["WAITING"], ["ana"])
    send(money)
    data = last_file(money)
    assert check(data) == []
    assert judged_by_achlens(data) == []
    [batch] = read(data).file.batches
    [entry] = batch.entries
    assert (batch.sec, entry.amount_cents, entry.transaction_code) == ("CTX", 110_345, 22)
    ts = set_of(entry.information.encode(), "005010")
    assert judge(ts) == []
    order, findings = t820.read_set(ts)
    assert findings == []
    assert [(one.reference, one.paid_cents, one.discount_cents) for one in order.items] == [
        ("INV-1", 12_345, None), ("INV-2", 98_000, 2_000),
    ]  # fmt: skip
    [payment_id] = money.column("SELECT id FROM payment")
    assert (order.trace.number, order.trace.originator) == (f"P{payment_id}", "1999999999")
    assert money.states("payment") == ["SENT"]
    assert balances(money, "vendor_expense", "vendor_payable", "bank") == (122_690, -12_345, -110_345)
    assert money.column("SELECT payment_id IS NULL FROM invoice ORDER BY id") == [False, False, True]
    run(money)
    assert money.states("payment") == ["SENT"]
    assert money.proof().balanced


def test_ccd_pays_each_invoice_alone_with_its_rmr(money):
    enter(money, payee(money), invoice(), invoice("INV-2", 20_000, discount=500))
    file(money)
    [batch] = read(last_file(money)).file.batches
    assert batch.sec == "CCD"
    assert [(one.amount_cents, one.information) for one in batch.entries] == [
        (12_345, "RMR*IV*INV-1**123.45\\"),
        (19_500, "RMR*IV*INV-2**195*200*5\\"),
    ]
    assert money.states("payment") == ["IN_FILE", "IN_FILE"]


def test_without_confirmed_details_it_waits_and_a_person_is_told_until_there_are_some(money):
    vendor = payee(money)
    with money.tx() as tx:
        tx.run("UPDATE bank_details SET state = 'PROPOSED'")
    enter(money, vendor, invoice())
    run(money)
    assert (money.states("payment"), money.exceptions()) == ([], ["payee_details_missing"])
    with money.tx() as tx:
        tx.run("UPDATE bank_details SET state = 'ACTIVE'")
    run(money)
    assert (money.states("payment"), money.exceptions()) == (["WAITING"], ["rule_hold"])


def test_what_does_not_fit_into_a_file_is_told_and_not_proposed(money):
    enter(money, payee(money, sec="CTX", name="A NAME BEYOND SIXTEEN"), invoice())
    run(money)
    assert (money.states("payment"), money.exceptions()) == ([], ["payee_details_unusable"])


def test_entered_again_it_is_the_same_and_with_other_content_it_is_refused(money):
    vendor = payee(money)
    [first] = enter(money, vendor, invoice())
    assert service.enter(money.ctx, money.org, "ana", vendor, invoice()) == service.Entered(first, new=False)
    with pytest.raises(Conflict, match=f"invoice {first} with other content"):
        enter(money, vendor, invoice(cents=1))
    assert balances(money, "vendor_payable") == (-12_345,)


def test_at_once_by_many_no_invoice_is_in_two_payments(money):
    enter(money, payee(money), *(invoice(f"INV-{n}", 100 + n) for n in range(5)))
    enter(money, payee(money, key="V-2", sec="CTX", name="OTHER SUPPLY"), *(invoice(f"N{n}", 7) for n in range(5)))
    threads = [threading.Thread(target=run, args=(money,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert money.column("SELECT count(*) FROM payment") == [6]
    assert money.column("SELECT count(DISTINCT payment_id) FROM invoice WHERE payment_id IS NOT NULL") == [6]
    assert money.column("SELECT CAST(sum(amount_cents) AS bigint) FROM payment") == [545]


def test_who_entered_an_invoice_prepared_its_payment_and_must_not_approve_it(money):
    from pipeline.services import setup

    setup.add_people(money.ctx, money.org, "test", {"dora": ["preparer", "approver"]})
    vendor = payee(money, sec="CTX", name="INVENTED SUPPLY")
    enter(money, vendor, invoice(cents=60_000))
    service.enter(money.ctx, money.org, "dora", vendor, invoice("INV-2", 70_000))
    run(money)
    by = {one.prepared_by: one.id for one in payments.waiting(money.ctx, money.org)}
    assert sorted(by) == ["ana", "dora"]
    with pytest.raises(NotAllowed, match="prepared"):
        payments.approve(money.ctx, money.org, by["dora"], "dora")
    payments.approve(money.ctx, money.org, by["ana"], "dora")


def test_denied_it_stays_unpaid_and_can_be_withdrawn_but_not_while_a_payment_stands(money):
    [bill] = enter(money, payee(money), invoice(cents=60_000))
    run(money)
    [waits] = payments.waiting(money.ctx, money.org)
    with pytest.raises(Conflict, match=f"held by payment {waits.id}"):
        service.withdraw(money.ctx, money.org, "ana", bill)
    payments.deny(money.ctx, money.org, waits.id, "ben", "ordered by nobody")
    run(money)
    assert money.states("payment") == ["DENIED"]
    assert service.withdraw(money.ctx, money.org, "ana", bill)
    assert not service.withdraw(money.ctx, money.org, "ana", bill)
    assert balances(money, "vendor_expense", "vendor_payable") == (0, 0)
    with pytest.raises(Conflict, match="withdrawn"):
        enter(money, 1, invoice(cents=60_000))


def test_voided_it_is_proposed_anew_as_the_next_try(money):
    enter(money, payee(money), invoice())
    file(money)
    with money.tx() as tx:
        tx.run("UPDATE payment_entry SET amount_cents = 1")
    [file_id] = money.column("SELECT id FROM outbound_file WHERE kind = 'ACH'")
    upload(money.ctx, money.org, file_id)
    assert money.states("payment") == ["VOIDED"]
    run(money)
    rows = money.column("SELECT obligation || ' ' || state || ' ' || coalesce(replaces_id, 0) FROM payment ORDER BY id")
    assert rows == ["vendor:1:1 VOIDED 0", "vendor:1:1/2 WAITING 1"]


# -- a table -----------------------------------------------------------------------------------------------------------
def test_a_table_is_entered_whole(money):
    vendor = payee(money)
    text = HEADING + f"{vendor},A-1,2026-10-01,2026-11-01,120.50,\n{vendor},A-2,2026-10-01,2026-11-01,10,0.25\n"
    told = service.enter_table(money.ctx, money.org, "ana", text)
    assert [one.new for one in told] == [True, True]
    assert money.column("SELECT amount_cents FROM invoice ORDER BY id") == [12_050, 975]
    assert [one.new for one in service.enter_table(money.ctx, money.org, "ana", text)] == [False, False]


def test_of_a_table_with_faults_nothing_is_entered_and_each_is_told_with_its_place(money):
    vendor = payee(money)
    text = HEADING + (
        f"{vendor},A-1,2026-10-01,2026-11-01,120.50,\n"
        f"{vendor},a~2,2026-10-01,2026-11-01,1,\n"
        "x,A-3,yesterday,2026-11-01,1.234,\n"
        f"{vendor},A-4,2026-12-01,2026-11-01,5,6\n"
    )
    with pytest.raises(CallerError) as refused:
        service.enter_table(money.ctx, money.org, "ana", text)
    places = [line.partition(":")[0] for line in str(refused.value).splitlines()[1:]]
    assert places == [
        "line 3, number", "line 4, payee", "line 4, date", "line 4, amount", "line 5, discount", "line 5, due",
    ]  # fmt: skip
    assert "a~2" not in str(refused.value)
    with pytest.raises(CallerError, match="column due is missing"):
        service.enter_table(money.ctx, money.org, "ana", "payee,number,date,amount\n")
    with pytest.raises(NotKnown, match="line 2, payee: there is no payee 99"):
        service.enter_table(money.ctx, money.org, "ana", HEADING + "99,A-1,2026-10-01,2026-11-01,1,\n")
    with pytest.raises(NotAllowed):
        service.enter_table(money.ctx, money.org, "ben", HEADING + f"{vendor},A-1,2026-10-01,2026-11-01,1,\n")
    assert money.column("SELECT count(*) FROM invoice") == [0]
