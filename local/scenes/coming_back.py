"""Payments that come back, or are corrected: what becomes of the payee's bank details, and how the money goes in the end."""

from local.scenes.payplay import APPROVER, HOUR_S, PREPARER, SECOND, PayPlay, form
from local.scenes.play import dollars
from pipeline.services import invoices, payees, paying
from pipeline.store.listings import OpenException

HOLD_H = 24
"""So long nothing is paid to changed bank details, as the bank's mailbox says."""


def _sent(play: PayPlay, name: str, key: str, account: str, number: str, cents: int) -> tuple[int, int, int]:
    """A vendor of this account, his invoice and its payment, which the bank has taken."""
    vendor = play.payee(name, key, account)
    invoice = play.invoice(vendor, number, cents)
    payment = play.waits(vendor)
    play.approved(payment, APPROVER)
    play.bank_takes(payment)
    return vendor, invoice, payment


def _comes_back(play: PayPlay, payment_id: int, type_: str) -> OpenException:
    play.becomes(payment_id, "RETURNED")
    return play.told(type_, ("payment", payment_id))


# -- returns ------------------------------------------------------------------------------------------------------------
def closed_account(play: PayPlay) -> None:
    cents = 52_000
    vendor, _, first = _sent(play, "INVENTED LINEN", "V-1041", "4400002217", "LIN-5", cents)
    play.time_passes(play.running.plan.delays.return_s)
    told, failed = _comes_back(play, first, "return"), play.told("payee_details_failed", ("payee", vendor))
    play.books_moved(bank=0, vendor_payable=-cents)
    play.tell(f"the receiving bank returns P{first}; a person is told: {told.reason}")
    why = play.refused(lambda: paying.again(play.ctx, play.org_id, PREPARER, first), "no confirmed bank details")
    play.tell(f"it is not paid again before others are known: {why}")
    made = payees.change(play.ctx, play.org_id, PREPARER, vendor, form("4400002206"))
    play.confirmed(made.details_id, APPROVER)
    play.closes(failed)
    again = paying.again(play.ctx, play.org_id, PREPARER, first).payment_id
    play.waits(vendor, needed=2)
    play.approved(again, APPROVER, SECOND)
    play.time_passes(HOLD_H * HOUR_S)
    play.becomes_in_time(again, "SENT")
    play.bank_takes(again)
    play.books_moved(bank=-cents, vendor_payable=0)
    play.resolve(told, f"paid anew to the account that the vendor told on the telephone: P{again}")
    play.tell(
        f"the vendor's new account is entered and confirmed, two approve `pay again`, and after {HOLD_H} hours P{again} leaves"
        f" to …{play.payment(again).account_last4}"
    )


def questionable(play: PayPlay) -> None:
    vendor, invoice, payment = _sent(play, "INVENTED PAVING", "V-1042", "4400002216", "PAV-1", 48_000)
    play.time_passes(play.running.plan.delays.return_s)
    told, failed = _comes_back(play, payment, "return_fraud"), play.told("payee_details_failed", ("payee", vendor))
    held = payees.show(play.ctx, play.org_id, APPROVER, vendor).payee.hold
    play.must(held == "fraud", f"the payee is on hold because of fraud, and not {held}")
    play.tell(f"P{payment} comes back as R17 QUESTIONABLE; an approver is told: {told.reason}")
    made = payees.change(play.ctx, play.org_id, PREPARER, vendor, form("4400002207"))
    why = play.refused(lambda: payees.confirm(play.ctx, play.org_id, APPROVER, made.details_id), "on hold")
    payees.refuse(play.ctx, play.org_id, APPROVER, made.details_id, "came by the letter that brought the invoice")
    invoices.withdraw(play.ctx, play.org_id, PREPARER, invoice)
    for one in (told, failed):
        play.resolve(one, "nobody there knows of the invoice: handed over to the police")
    play.books_moved(bank=0, vendor_payable=0, vendor_expense=0)
    play.tell(
        f"another account is offered and refused ({why}); the invoice was forged and is withdrawn, the hold stays"
    )


# -- a notification of change -------------------------------------------------------------------------------------------
def corrected(play: PayPlay) -> None:
    vendor, _, first = _sent(play, "INVENTED TIRES", "V-1043", "4400002214", "TI-80", 37_500)
    play.time_passes(play.running.plan.delays.noc_s)
    told = play.told("noc", ("payment", first))
    asked = play.version(vendor, "PROPOSED")
    play.must(
        (asked.source, asked.account_last4) == ("noc", "2200"), f"the bank asks for …2200, not …{asked.account_last4}"
    )
    play.must(play.payment(first).state == "ACKNOWLEDGED", f"payment {first} stands")
    play.tell(f"P{first} arrived, and the receiving bank corrects its account (C01): {told.reason}")
    play.confirmed(asked.id, PREPARER, APPROVER)
    play.closes(told)
    play.time_passes(HOLD_H * HOUR_S)
    play.invoice(vendor, "TI-81", 41_250)
    second = play.waits(vendor, needed=2)
    play.approved(second, APPROVER, SECOND)
    play.bank_takes(second)
    last4 = play.payment(second).account_last4
    play.must(last4 == "2200", f"the next payment goes to …2200, and not to …{last4}")
    play.books_moved(vendor_payable=0, bank=-78_750)
    play.tell(f"ana and ben confirm what the vendor says is right; the next payment, P{second}, goes to …{last4}")


# -- returns that are disputed ------------------------------------------------------------------------------------------
def disputed(play: PayPlay) -> None:
    cents = (33_000, 35_000)
    one, two = (
        play.payee("INVENTED GLASS", "V-1044", "4400002220"),
        play.payee("INVENTED LOCKS", "V-1045", "4400002221"),
    )
    play.invoice(one, "GL-3", cents[0])
    invoice = play.invoice(two, "LO-9", cents[1])
    kept, back = play.waits(one), play.waits(two)
    for payment in (kept, back):
        play.approved(payment, APPROVER)
    play.bank_takes(kept, back)
    delays = play.running.plan.delays
    play.time_passes(delays.return_s)
    told = [_comes_back(play, payment, "return") for payment in (kept, back)]
    told += [play.told("payee_details_failed", ("payee", payee)) for payee in (one, two)]
    play.books_moved(bank=0, vendor_payable=-sum(cents))
    play.time_passes(delays.dishonour_s)
    for payment in (kept, back):
        play.becomes(payment, "ACKNOWLEDGED")
    undone = play.told("return_undone", ("payment", kept))
    play.books_moved(bank=-sum(cents), vendor_payable=0)
    play.tell(f"P{kept} and P{back} come back, and our bank does not accept that (R68): {undone.reason}")
    for raised in (*told, undone):
        play.resolve(raised, "our bank had it too late; both vendors keep the money")
    play.time_passes(delays.contest_s)
    play.becomes(back, "RETURNED")
    play.books_moved(bank=-cents[0], vendor_payable=-cents[1])
    last = play.told("return", ("payment", back))
    play.tell(f"of P{back} the receiving bank insists (R73): {last.reason}")
    invoices.withdraw(play.ctx, play.org_id, PREPARER, invoice)
    play.resolve(last, "looked into with both banks: this vendor is paid by check")
    play.books_moved(bank=-cents[0], vendor_payable=0, vendor_expense=cents[0])
    play.tell(
        f"P{kept} stands after all; what P{back} paid is owed again ({dollars(cents[1])}), and paid by another way"
    )
