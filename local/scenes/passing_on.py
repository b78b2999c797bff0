"""Payers' money that is not ours to keep: a credit goes back to the payer, a deposit goes on to its provider."""

from local.scenes.payplay import APPROVER, BOTH, SECOND, PayPlay
from local.scenes.play import dollars
from local.whole import advices, providers
from pipeline.domain.mailbox import Mode
from pipeline.services import mailboxes, paying, payments
from pipeline.store.approvals import Listed
from sandbox.journal import Line, read_journal


# -- to a payer ---------------------------------------------------------------------------------------------------------
def payer_credit(play: PayPlay) -> None:
    case, paid = play.cases[0], play.paid()
    play.pays(*(play.outside.decides((case, paid)) for _ in range(2)))
    told = play.told("payer_credit", clm01=play.clm01())
    play.books_moved(payer_credit=-paid.paid_cents, bank=2 * paid.paid_cents)
    payer = play.payee("NORTHWIND HEALTH", "30CI1", "4400002209", kind="payer")
    asked = paying.payer_refund(play.ctx, play.org_id, BOTH, play.clm01())
    play.must(play.waits(payer) == asked.payment_id, "the rules give the first refund to a payer to people")
    why = play.refused(lambda: payments.approve(play.ctx, play.org_id, asked.payment_id, BOTH), "prepared payment")
    play.tell(
        f"{play.clm01()} is paid twice; dora asks to refund {dollars(asked.amount_cents)}, and may approve, but not this: {why}"
    )
    play.approved(asked.payment_id, APPROVER)
    [line] = play.bank_takes(asked.payment_id)
    wanted = [f"TRN*1*P{asked.payment_id}*1", "REF*F8*"]
    play.must(all(text in line["addenda"] for text in wanted), f"{wanted} stand beside it, and not {line['addenda']}")
    play.closes_in_time(told)
    play.books_moved(payer_credit=0, payer_refund_payable=0, bank=paid.paid_cents)
    play.tell(f"ben approves it: P{asked.payment_id} leaves by CCD+ with our trace and the payer's number of the claim")


# -- to a provider ------------------------------------------------------------------------------------------------------
def to_provider(play: PayPlay) -> None:
    _way(play)
    provider = play.payee("LANTERN VALLEY EMS", providers()[0].npi, "4400002210", kind="provider")
    play.bank_says(holds_for_providers=True, advices="provider")
    one = play.outside.decides((play.cases[0], play.paid()))
    [row] = play.pays(one)
    owed = play.until("the deposit is passed on", lambda: _disbursement(play, provider))
    play.asked.append(owed.id)
    if owed.state == "WAITING":
        play.approved(owed.id, SECOND)
    [line] = play.bank_takes(owed.id)
    wanted = [f"TRN*1*P{owed.id}*1", f"REF*TN*{one.payment.trace_number}"]
    play.must(all(text in line["addenda"] for text in wanted), f"{wanted} stand beside it, and not {line['addenda']}")
    advice = play.until_watched("the provider has its 835", lambda: _advice(play, owed.id))
    play.must(advice["amount_cents"] == owed.amount_cents, f"it tells of {owed.amount_cents} cents: {advice}")
    play.bank_says(holds_for_providers=False, advices=None)
    play.books_moved(provider_payable=0, bank=0, eft_expected=0)
    play.tell(
        f"on an account held for providers {dollars(owed.amount_cents)} come for R{row.id}: owed on, as P{owed.id}"
    )
    play.tell(
        f"it leaves by CCD+ with our trace; the provider gets an 835 of {advice['claims']} claim, {advice['file']}"
    )


def _way(play: PayPlay) -> None:
    """The mailbox by which 835s reach the provider."""
    if all(box.name != "provider" for box in mailboxes.listed(play.ctx, play.org_id)):
        mailboxes.add_advices(play.ctx, play.org_id, "demo", "provider", Mode.TEST, advices(play.running))


def _disbursement(play: PayPlay, payee_id: int) -> Listed | None:
    found = payments.listed(play.ctx, play.org_id, ["WAITING", "APPROVED", "IN_FILE", "SENT"])
    return next((one for one in found if one.payee_id == payee_id and one.kind == "disbursement"), None)


def _advice(play: PayPlay, payment_id: int) -> Line | None:
    told = read_journal(play.running.journal, "advice")
    return next((line for line in told if line["trace"] == f"P{payment_id}"), None)
