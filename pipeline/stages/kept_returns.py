"""What becomes of returns: our bank does not accept one, so that the payee keeps the money; his bank contests that."""

from collections.abc import Mapping, Sequence

from pipeline.domain.payment import OUT, PaymentKind
from pipeline.store import chains, exceptions, obligations, payment_answers, payments
from pipeline.store.chains import Other
from pipeline.store.database import Tenant
from pipeline.store.exceptions import Raise
from pipeline.store.payment_answers import Said
from pipeline.store.payment_entries import Entry

Told = Sequence[tuple[str, Entry]]
_STOPPABLE = ("PROPOSED", "WAITING", "APPROVED")
_FALLS = ("BUNDLED", "RESERVED")
"""States of a file whose payments are all looked at again before a byte of it leaves."""


# -- dishonoured --------------------------------------------------------------------------------------------------------
def dishonoured(tx: Tenant, told: Told, days: Mapping[int, int], said: Said) -> list[int]:
    """RETURNED → ACKNOWLEDGED; OVERPAID where what it paid has been paid anew, or given back, and cannot be stopped.

    Gives the payments that moved; of the others is noted that this came before their returns.
    """
    raised, kept = [], []
    for words, entry in told:  # one by one: two of a chain may be told in one file
        others = chains.others(tx, entry.payment_id)
        rival = next((one for one in others if one.in_chain and _has_left(one)), None)
        twice = rival is not None or not _still_owed(tx, entry, others)
        event = "paid_twice" if twice else "return_dishonoured"
        moved = payment_answers.kept(tx, [entry], event, [words], days.get(entry.mailbox_id, 2), said)
        if not moved:
            payment_answers.note_early(tx, entry, words, said)
            raised.append(_out_of_order(words, entry))
            continue
        kept.append(entry.payment_id)
        stopped = [one.id for one in others if one.in_chain and one.state in _STOPPABLE]
        payments.void(tx, stopped, f"payment {entry.payment_id} is with the payee after all", said.today)
        raised.append(_twice(words, entry, rival) if twice else _kept(words, entry))
    exceptions.open_all(tx, raised)
    return kept


def _has_left(one: Other) -> bool:
    """Whether this other payment is with the payee, or nobody can stop it any more."""
    return one.state in OUT or _is_leaving(one)


def _is_leaving(one: Other) -> bool:
    return one.state == "IN_FILE" and one.file_state not in _FALLS


def _still_owed(tx: Tenant, entry: Entry, others: Sequence[Other]) -> bool:
    """Whether the books owe on the claim what the payment paid, beyond what is leaving for other reasons.

    Not where the one that paid it anew was denied or voided: then it went back to the patient's or payer's credit, from
    which another payment may have gone. What is owed for other reasons than claims has its chain alone.
    """
    if entry.kind not in {PaymentKind.REFUND, PaymentKind.PAYER_REFUND}:
        return True
    owed = obligations.owing(tx, [entry.payment_id])[entry.payment_id].owed_cents
    leaving = sum(one.amount_cents for one in others if not one.in_chain and _is_leaving(one))
    return owed - leaving >= entry.amount_cents


def _kept(words: str, entry: Entry) -> Raise:
    reason = (
        f"our bank did not accept the return ({words}): the payee keeps the money, and nothing is owed for it any more"
    )
    return Raise("return_undone", "payment", entry.payment_id, reason, money_cents=entry.amount_cents)


def _twice(words: str, entry: Entry, rival: Other | None) -> Raise:
    what = "it was given back in the books meanwhile" if rival is None else f"payment {rival.id} has paid the same anew"
    reason = (
        f"our bank did not accept the return ({words}), and {what}: the payee has it twice, or may get it twice; ask him for"
        " one, or reverse one while there is time"
    )
    return Raise("paid_twice", "payment", entry.payment_id, reason, money_cents=entry.amount_cents)


def _out_of_order(words: str, entry: Entry) -> Raise:
    reason = f"{_sent_back(words)} that is not in force here: ask it for the return, and what stands"
    return Raise("unexpected_return", "payment", entry.payment_id, reason, money_cents=entry.amount_cents)


def _sent_back(words: str) -> str:
    return f"our bank sends a return back ({words})"


# -- contested ----------------------------------------------------------------------------------------------------------
def contested(tx: Tenant, told: Told, _days: Mapping[int, int], said: Said) -> list[int]:
    """ACKNOWLEDGED, SETTLED or OVERPAID → RETURNED, if its return had been dishonoured: it came back after all.

    Gives the payments that moved; of the others is noted that this came before their dishonours.
    """
    if not told:
        return []
    disputed = payment_answers.dishonoured_before(tx, [entry for _, entry in told])
    raised, back = [], []
    for words, entry in told:
        moved = payment_answers.returned(tx, [entry], [words], said) if entry.id in disputed else []
        if not moved:
            payment_answers.note_early(tx, entry, words, said)
            reason = f"{_contest(words)} that is not in force here: ask the bank what stands"
            raised.append(
                Raise("unexpected_return", "payment", entry.payment_id, reason, money_cents=entry.amount_cents)
            )
            continue
        back.append(entry.payment_id)
        exceptions.close(
            tx, ("return_undone", "paid_twice"), "payment", [entry.payment_id], "the receiving bank contested it"
        )
        reason = f"the receiving bank insists on its return ({words}): the money is ours again, and what it paid is owed again"
        raised.append(Raise("return", "payment", entry.payment_id, reason, money_cents=entry.amount_cents))
    exceptions.open_all(tx, raised)
    return back


def _contest(words: str) -> str:
    return f"a dishonour is contested ({words})"


# -- before its time ----------------------------------------------------------------------------------------------------
def caught_up(tx: Tenant, told: Told) -> None:
    """What these words are about has come, and they were applied: a person need not ask the bank any more."""
    reasons = [begins(words) for words, _ in told for begins in (_sent_back, _contest)]
    ids = [entry.payment_id for _, entry in told]
    if ids:
        exceptions.close(tx, "unexpected_return", "payment", ids, "what it is about came afterwards", beginning=reasons)
