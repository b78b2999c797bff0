"""The bank's word on our files: acceptance, refusal, returns. Each counts once, and only where the amounts are ours."""

from dataclasses import replace
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from edi.nacha.acknowledgment import acknowledge, write_acknowledgment
from edi.nacha.reading import read
from edi.nacha.returns import return_file
from edi.nacha.writing import write
from pipeline.domain.errors import CallerError
from pipeline.services import setup
from pipeline.stages.acknowledge import acknowledge as acknowledge_stage
from pipeline.stages.bank_answers import apply
from pipeline.stages.release import release
from pipeline.stages.upload import upload
from pipeline.store import files, ledger, tenants


@pytest.fixture
def sent(money, decide, claim_document):
    """A file with two refunds, 30.00 and 20.00, at the bank; gives (file id, the file as it was sent)."""
    claims = [money.claims(1, claim_document, patient_paid_cents=cents)[0] for cents in (3_000, 2_000)]
    money.remit(*(decide(claim, 14_500) for claim in claims))
    money.deposit(29_000)
    release(money.ctx, money.org, money.org)
    [file_id] = money.column("SELECT id FROM outbound_file WHERE kind = 'ACH'")
    upload(money.ctx, money.org, file_id)
    with money.tx() as tx:
        return file_id, read(files.content(tx, file_id)).file


def answer(money, value):
    file_id = money.store("bank:ack", write_acknowledgment(value), mailbox="bank")
    for _ in range(2):
        acknowledge_stage(money.ctx, money.org, file_id)
    return file_id


def returns(money, file, *codes, cents=None):
    back = return_file(
        file,
        [(entry.trace, code) for entry, code in zip(file.batches[0].entries, codes, strict=False)],
        created=datetime(2026, 11, 24, 9, 0),  # noqa: DTZ001
    )
    if cents is not None:
        batch = back.batches[0]
        back = replace(back, batches=[replace(batch, entries=[replace(e, amount_cents=cents) for e in batch.entries])])
    file_id = money.store("nacha:return", write(back), mailbox="bank")
    for _ in range(2):
        apply(money.ctx, money.org, file_id)


def state_of_file(money):
    return money.column("SELECT state FROM outbound_file WHERE kind = 'ACH'")


def balances(money):
    with money.tx() as tx:
        accounts = ledger.trial_balance(tx)
    return accounts["bank"], accounts["refund_payable"]


def test_an_acceptance_with_our_totals_acknowledges_the_payments(money, sent):
    answer(money, acknowledge(sent[1]))
    assert state_of_file(money) == ["ACCEPTED"]
    assert money.states("payment") == ["ACKNOWLEDGED"] * 2
    assert balances(money) == (24_000, 0)
    assert money.exceptions() == []
    assert money.column("SELECT count(*) FROM due_work WHERE stage = 'acknowledge'") == [0]


def test_an_acceptance_with_other_totals_holds_everything(money, sent):
    answer(money, replace(acknowledge(sent[1]), credit_cents=4_999))
    assert state_of_file(money) == ["SENT"]
    assert money.states("payment") == ["SENT"] * 2
    assert money.exceptions() == ["answer_disagrees"]


def test_a_refused_file_gives_the_money_back_to_what_is_owed(money, sent):
    answer(money, acknowledge(sent[1], "REJECTED", "DUPLICATE FILE"))
    assert state_of_file(money) == ["REJECTED"]
    assert money.states("payment") == ["BANK_REJECTED"] * 2
    assert money.column("SELECT count(*) FROM payment_entry WHERE live") == [0]
    assert balances(money) == (29_000, -5_000)
    assert money.exceptions() == ["bank_rejected"] * 2
    assert money.proof().balanced


def test_a_refused_batch_of_an_accepted_file(money, sent):
    answer(money, acknowledge(sent[1], rejected_batches=[(1, "COMPANY ID")]))
    assert state_of_file(money) == ["ACCEPTED"]
    assert money.states("payment") == ["BANK_REJECTED"] * 2


def test_an_answer_that_is_not_understood_is_no_acceptance(money, sent):
    data = write_acknowledgment(acknowledge(sent[1])).replace(b"ACCEPTED", b"PROBABLY")
    file_id = money.store("bank:ack", data, mailbox="bank")
    apply(money.ctx, money.org, file_id)
    assert money.states("payment") == ["SENT"] * 2
    assert money.exceptions() == ["answer_unclear"]


def test_an_answer_to_a_file_that_is_not_ours(money, sent):
    answer(money, replace(acknowledge(sent[1]), modifier="Z"))
    assert state_of_file(money) == ["SENT"]
    assert money.exceptions() == ["unknown_answer"]


def test_an_answer_proves_that_the_file_was_sent(money, sent):
    with money.tx() as tx:
        tx.run("UPDATE outbound_file SET state = 'RENAMING' WHERE id = :id", id=sent[0])
    answer(money, acknowledge(sent[1]))
    assert state_of_file(money) == ["ACCEPTED"]


def test_a_returned_payment_is_owed_again(money, sent):
    answer(money, acknowledge(sent[1]))
    returns(money, sent[1], "R03")
    assert money.states("payment") == ["RETURNED", "ACKNOWLEDGED"]
    assert balances(money) == (27_000, -3_000)
    assert money.exceptions() == ["payee_details_failed", "return"]
    assert all("R03" in reason for reason in money.column("SELECT reason FROM work_exception"))
    assert money.column("SELECT detail FROM history WHERE event = 'returned'") == ["R03, trace 111111110000001"]
    assert money.proof().balanced


def test_a_return_proves_that_the_file_was_sent(money, sent):
    with money.tx() as tx:
        tx.run("UPDATE outbound_file SET state = 'RENAMING' WHERE id = :id", id=sent[0])
        tx.run("UPDATE payment SET state = 'IN_FILE'")
    returns(money, sent[1], "R03")
    assert (state_of_file(money), money.states("payment")) == (["SENT"], ["RETURNED", "SENT"])


def test_a_return_of_another_amount_is_not_applied(money, sent):
    returns(money, sent[1], "R03", cents=2_999)
    assert money.states("payment") == ["SENT", "SENT"]
    assert money.exceptions() == ["unknown_return"]


def test_the_same_return_in_a_second_file_counts_once(money, sent):
    returns(money, sent[1], "R03")
    with money.tx() as tx:
        tx.run("UPDATE inbound_file SET sha256 = 'x' WHERE kind = 'nacha:return'")
    returns(money, sent[1], "R02")
    assert money.states("payment") == ["RETURNED", "SENT"]
    assert money.exceptions() == ["payee_details_failed", "return", "unexpected_return"]
    assert balances(money) == (27_000, -3_000)


def report(file, status):
    """The Reserve Banks' form of an answer."""
    origin, created, modifier = file.key
    year, month, day, clock = created[:2], created[2:4], created[4:6], f"{created[6:8]}:{created[8:]}"
    return (
        "****** ACKNOWLEDGEMENT OF ACH FILE DEPOSITS ******\n"
        f"FILE STATUS: {status}\nIMMEDIATE ORIGIN:  {origin}\n"
        f"FILE CREATION DATE: {month}/{day}/{year}\nFILE CREATION TIME: {clock}\nFILE ID MODIFIER: {modifier}\n"
        f"BATCHES: {len(file.batches)} DEBIT: $ 0.00\n"
        f"ENTRY/ADDENDA: {file.entry_addenda_count} CREDITS: $ {file.credit_cents // 100}.{file.credit_cents % 100:02d}\n"
        "**** END OF ACKNOWLEDGEMENT ****\n"
    ).encode()


def profile(money, **changes):
    """The bank's mailbox, put anew by its owner."""
    with money.tx() as tx:
        [box] = tenants.mailboxes(tx, "bank")
    changed = type(box.profile).model_validate(box.profile.model_dump() | changes)
    setup.put_mailbox(money.ctx, money.org, "operator", box.name, box.mode, changed)


@pytest.mark.parametrize(
    ("form", "status", "file_state", "told"),
    [
        ("fedach", "FILE ACCEPTED WITH NO ERRORS", "ACCEPTED", []),
        ("fedach", "FILE REJECTED WITH FILE LEVEL ERRORS", "REJECTED", ["bank_rejected"] * 2),
        ("fedach", "FILE PENDED", "SENT", ["answer_unclear"]),
        ("fedach", "FILE SHELVED", "SENT", ["answer_unclear"]),
        ("plain", "FILE ACCEPTED WITH NO ERRORS", "SENT", ["answer_unclear"]),
    ],
)
def test_only_the_banks_own_form_with_a_status_that_it_knows_passes_a_file(money, sent, form, status, file_state, told):
    profile(money, answers=form)
    file_id = money.store("bank:ack", report(sent[1], status), mailbox="bank")
    acknowledge_stage(money.ctx, money.org, file_id)
    assert (state_of_file(money), money.exceptions()) == ([file_state], told)
    assert money.column("SELECT state FROM inbound_file WHERE id = :i", i=file_id) == ["APPLIED"]


@pytest.mark.parametrize(
    ("deviations", "states"),
    [(None, ["RETURNED", "SENT"]), ("odd-dates", ["RETURNED", "SENT"]), ("loose-blocks", ["SENT", "SENT"])],
)
def test_what_a_bank_is_known_to_do_is_logged_by_name_and_the_rest_set_aside(money, sent, deviations, states):
    profile(money, deviations=deviations)
    back = return_file(
        sent[1],
        [(sent[1].batches[0].entries[0].trace, "R03")],
        created=datetime(2026, 11, 24, 9, 0),  # noqa: DTZ001
    )
    lines = write(back).split(b"\n")
    lines[1] = lines[1][:69] + b"000000" + lines[1][75:]
    file_id = money.store("nacha:return", b"\n".join(lines), mailbox="bank")
    with capture_logs() as logs:
        apply(money.ctx, money.org, file_id)
    told = [one["deviations"] for one in logs if "deviations" in one]
    assert told == ([["odd-dates"]] if states[0] == "RETURNED" else [])
    assert money.states("payment") == states


def test_a_deviation_that_has_no_such_name_is_the_callers_fault(money):
    with money.tx() as tx:
        [box] = tenants.mailboxes(tx, "bank")
    profile = box.profile.model_copy(update={"deviations": ("loose-ends",)})
    with pytest.raises(CallerError, match="loose-ends"):
        setup.put_mailbox(money.ctx, money.org, "operator", box.name, box.mode, profile)
