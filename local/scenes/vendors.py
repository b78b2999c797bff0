"""Vendors: a new one is tried out and paid, a name is held, a payment that went twice is asked back."""

from local.scenes.payplay import APPROVER, PREPARER, SECOND, PayPlay
from local.scenes.play import dollars
from pipeline.services import invoices, payees, payments, reversals

_FUEL = "COUNTY FUEL"
PRENOTE_DAYS = 6
"""Banking days until a prenote has surely passed: it settles on the next one, or on a holiday the one after; three pass whole."""
REVERSAL_DAYS = 6
"""The same for a reversal: it settles on the next one, and two more are there for refusing it."""


# -- a new vendor -------------------------------------------------------------------------------------------------------
def new_vendor(play: PayPlay) -> None:
    play.bank_says(prenotes="vendor")
    supply = play.payee("INVENTED SUPPLY", "V-1007", "4400002202")
    fuel = play.payee(_FUEL, "V-1008", "4400002203", sec="CTX")
    play.bank_says(prenotes="")
    play.tell(f"ana enters the bank details of vendors {supply} and {fuel}; she cannot confirm them herself, ben does")
    tried = [_prenote(play, one) for one in (supply, fuel)]
    lines = play.bank_takes(*tried, kind="prenote")
    play.must(all(line["amount_cents"] == 0 for line in lines), "a prenote moves nothing")
    play.invoice(supply, "SUP-4711", 125_000, discount_cents=2_500)
    play.invoices(fuel, ("F-901", 18_000, 0), ("F-902", 23_450, 0))
    one, two = play.waits(supply, needed=1), play.waits(fuel)
    play.approved(one, APPROVER)
    play.approved(two, SECOND)
    play.must({play.payment(p).state for p in (one, two)} == {"APPROVED"}, "nothing leaves before the prenotes passed")
    play.tell("the bank tries both accounts out without money; three invoices are approved and wait for that")
    play.banking_days_pass(PRENOTE_DAYS)
    for payment in (one, two):
        play.becomes_in_time(payment, "SENT")
    ccd, ctx = play.bank_takes(one, two)
    _told_beside(play, ccd, "CCD", ["RMR*IV*SUP-4711**1225*1250*25"])
    _told_beside(play, ctx, "CTX", ["ST*820*", "RMR*IV*F-901**180", "RMR*IV*F-902**234.5"])
    play.books_moved(vendor_payable=0, bank=-(122_500 + 41_450))
    play.tell(
        f"three banking days later P{one} leaves by CCD with its RMR ({dollars(122_500)}), P{two} by CTX with an 820 of two"
        f" invoices ({dollars(41_450)}): the bank saw them so"
    )


def known_vendor(play: PayPlay) -> int:
    """A small payment to one of them later: it leaves by rule. Gives its id."""
    listed = payees.listed(play.ctx, play.org_id, PREPARER, "vendor", 1_000)
    [fuel] = [one.id for one in listed if one.name == _FUEL]
    play.invoice(fuel, "F-950", 19_900)
    payment = play.until("a payment leaves by rule", lambda: _sent(play, fuel))
    play.bank_takes(payment)
    return payment


def _sent(play: PayPlay, payee_id: int) -> int | None:
    sent = payments.listed(play.ctx, play.org_id, ["SENT"])
    return next((one.id for one in sent if one.payee_id == payee_id), None)


def _prenote(play: PayPlay, payee_id: int) -> int:
    shown = payees.show(play.ctx, play.org_id, PREPARER, payee_id)
    [one] = [payment for payment in shown.payments if payment.kind == "prenote"]
    play.asked.append(one.id)
    return one.id


def _told_beside(play: PayPlay, line: dict[str, object], sec: str, texts: list[str]) -> None:
    play.must(line["sec"] == sec, f"it went by {sec}, and not by {line['sec']}")
    for text in texts:
        play.must(text in str(line["addenda"]), f"{text} stands beside it, which is {line['addenda']}")


# -- a hold -------------------------------------------------------------------------------------------------------------
def name_hold(play: PayPlay) -> None:
    name = "INVENTED COURIERS"
    held, free = play.payee(name, "V-1021", "4400002204"), play.payee("INVENTED LAUNDRY", "V-1022", "4400002205")
    play.invoice(held, "IC-77", 31_000)
    play.invoice(free, "L-12", 24_000)
    stopped, other = play.waits(held), play.waits(free)
    found = payees.hold_name(
        play.ctx, play.org_id, APPROVER, "Couriers, Invented", "the name is on the list of this week"
    )
    play.must(found == 1, f"one payee has this name, and not {found}")
    for payment in (stopped, other):
        play.approved(payment, SECOND)
    play.bank_takes(other)
    play.must(play.payment(stopped).state == "APPROVED", f"payment {stopped} stays where it is")
    play.must(not play.bank_saw(stopped), f"the bank has not seen payment {stopped}")
    play.tell(
        f"ben puts a name on hold, in other order and case; P{stopped} is approved and stays, P{other} beside it leaves"
    )
    payees.lift_name(play.ctx, play.org_id, SECOND, name)
    play.bank_takes(stopped)
    play.books_moved(vendor_payable=0, bank=-55_000)
    play.tell(f"cleo has compared the list and lifts the hold: P{stopped} leaves as it was approved")


# -- a reversal ---------------------------------------------------------------------------------------------------------
def reversal(play: PayPlay) -> None:
    vendor, cents = play.payee("INVENTED OXYGEN", "V-1031", "4400002208"), 46_000
    play.invoice(vendor, "OX-300", cents)
    first = play.waits(vendor)
    play.approved(first, APPROVER)
    play.bank_takes(first)
    again = play.invoice(vendor, "OX-300A", cents)
    second = play.waits(vendor)
    held = play.told("rule_hold", ("payment", second))
    play.approved(second, APPROVER)
    play.bank_takes(second)
    play.tell(f"one invoice is entered twice; of P{second} the rules ask: {held.reason}; ben lets it go all the same")
    asked = reversals.reverse(play.ctx, play.org_id, PREPARER, second, "duplicate").payment_id
    play.asked.append(asked)
    play.must(play.payment(asked).state == "WAITING", "somebody else decides on a reversal, always")
    play.approved(asked, SECOND)
    debit = play.bank_sees(second, "debit")  # it bears the number of the payment that it asks back
    play.must(debit["amount_cents"] == cents, f"the bank is asked for {cents} cents, and not {debit['amount_cents']}")
    play.bank_answers(asked)
    play.must(play.payment(second).state == "ACKNOWLEDGED", "nothing is ours before the time for refusing it is over")
    play.banking_days_pass(REVERSAL_DAYS)
    play.becomes_in_time(asked, "SETTLED")
    play.becomes(second, "REVERSED")
    play.must(invoices.withdraw(play.ctx, play.org_id, PREPARER, again), "the second invoice is withdrawn")
    play.books_moved(vendor_payable=0, reversals=0, vendor_expense=cents, bank=-cents)
    play.tell(
        f"ana asks P{second} back as a duplicate, cleo approves the debit P{asked}; when it can no longer be refused P{second}"
        " is REVERSED"
    )
