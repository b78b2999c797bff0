"""Files of payers and bank, taken in whole and once or not at all."""

import threading

import pytest

from pipeline.stages.ingest import ingest


@pytest.fixture
def claim(money, claim_document):
    return money.claims(1, claim_document)[0]


def paid(decide, claim, **kw):
    return decide(claim, claim.charge_cents - 500, ("CO", "45", 500), **kw)


def test_a_balanced_835_becomes_a_remittance_with_its_claims(money, decide, claim):
    file_id = money.store("x12:835", money.era(paid(decide, claim)))
    ingest(money.ctx, money.org, file_id)
    ingest(money.ctx, money.org, file_id)
    assert money.states("remittance") == ["RECEIVED"]
    assert money.states("inbound_file") == ["APPLIED"]
    assert money.column("SELECT verdict FROM remittance_claim") == ["paid"]
    assert money.column("SELECT stage FROM due_work WHERE stage IN ('ingest', 'match')") == ["match"]
    assert money.column("SELECT count(*) FROM journal WHERE source_kind <> 'claim'") == [0]


def test_taken_in_by_many_at_once_it_counts_once(money, decide, claim):
    file_id = money.store("x12:835", money.era(paid(decide, claim)))
    threads = [threading.Thread(target=ingest, args=(money.ctx, money.org, file_id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert money.states("remittance") == ["RECEIVED"]
    assert money.column("SELECT count(*) FROM remittance_claim") == [1]


def test_the_same_payment_under_other_control_numbers_is_a_duplicate(money, decide, claim):
    money.remit(paid(decide, claim))
    money.remit(paid(decide, claim))
    assert money.states("remittance") == ["POSTED", "DUPLICATE"]
    assert money.column("SELECT count(*) FROM journal WHERE source_kind = 'remittance_claim'") == [1]
    assert money.exceptions() == ["duplicate_remittance"]
    assert money.column("SELECT severity FROM work_exception") == ["info"]


def test_the_same_set_or_payment_with_other_content_waits_for_a_person(money, decide, claim):
    money.remit(paid(decide, claim), control=77)
    money.remit(paid(decide, claim, payer_number="ICN2"))
    money.remit(paid(decide, claim), trace="T9", control=77)
    assert money.states("remittance") == ["POSTED", "CONFLICT", "CONFLICT"]
    assert money.exceptions() == ["remittance_conflict", "remittance_conflict"]


def test_zero_pay_notices_may_repeat_their_trace(money, decide, money_claims):
    for claim in money_claims:
        money.remit(decide(claim, 0, ("CO", "50", claim.charge_cents)), trace="NONE")
    assert money.states("remittance") == ["MATCHED", "MATCHED"]


@pytest.fixture
def money_claims(money, claim_document):
    return money.claims(2, claim_document)


@pytest.mark.parametrize(
    ("level", "changes"),
    [("X835-BAL-TRANSACTION", {"amount": 1}), ("X835-BAL-CLAIM", {}), ("X835-BAL-LINE", {})],
)
def test_what_does_not_balance_is_not_posted(money, decide, claim, level, changes):
    decided = paid(decide, claim)
    if level == "X835-BAL-CLAIM":
        decided.paid_cents -= 100
    elif level == "X835-BAL-LINE":
        decided.lines[0].adjustments[0].amount_cents -= 100
        decided.lines[0].paid_cents += 0
    money.remit(decided, **changes)
    assert money.states("remittance") == ["UNBALANCED"]
    assert money.exceptions() == ["remittance_unbalanced"]
    assert money.column("SELECT count(*) FROM journal WHERE source_kind <> 'claim'") == [0]
    assert money.column("SELECT reason FROM work_exception")[0].startswith(("X835-BAL-LINE", level))


@pytest.mark.parametrize(
    ("spoil", "type_"),
    [
        (lambda data: data[: len(data) // 2], "quarantined"),
        (lambda data: data.replace(b"IEA*1*", b"IEA*2*"), "quarantined"),
        (lambda data: data.replace(b"CLP*", b"CLQ*"), "cannot_be_judged"),
        (lambda data: data.replace(b"ST*835*", b"ST*277*"), "quarantined"),
        (lambda data: data.replace(b"*T*:", b"*P*:"), "quarantined"),
        (lambda data: b"no X12 at all", "quarantined"),
    ],
    ids=["truncated", "count", "segment", "unknown set", "mode", "no x12"],
)
def test_what_cannot_be_read_whole_is_set_aside_whole(money, decide, claim, spoil, type_):
    data = money.era(paid(decide, claim))
    spoilt = spoil(data)
    assert spoilt != data
    money.take_in(money.store("x12:835", spoilt))
    assert money.states("inbound_file") == ["QUARANTINED"]
    assert money.states("remittance") == []
    assert money.exceptions() == [type_]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(b"~SVC*HC:A0429*", b"~SVC*HC:A0429*1x", 1),
        lambda data: data.replace(b"~BPR*I*", b"~BPR*I*x", 1),
    ],
    ids=["claim", "amount"],
)
def test_what_cannot_be_judged_is_told_apart_from_what_does_not_balance(money, decide, claim, spoil):
    data = money.era(paid(decide, claim))
    assert spoil(data) != data
    money.take_in(money.store("x12:835", spoil(data)))
    assert money.states("inbound_file") == ["QUARANTINED"]
    assert money.states("remittance") == []
    assert money.exceptions() == ["cannot_be_judged"]
    [reason] = money.column("SELECT reason FROM inbound_file")
    assert reason.startswith("X835-UNJUDGED-TRANSACTION at ")
    assert money.column("SELECT count(*) FROM due_work WHERE stage IN ('ingest', 'match')") == [0]


def test_deposits_wait_and_odd_ones_are_shown(money):
    money.deposit(12_345)
    money.deposit(500, addenda="NO TRACE HERE")
    money.deposit(600, addenda=r"TRN*1*T9*1999999990")
    assert money.states("deposit") == ["WAITING"] * 3
    assert money.column("SELECT trace_number FROM deposit ORDER BY id") == ["T1", None, None]
    assert money.exceptions() == ["unmatched_deposit", "unmatched_deposit"]


def test_a_bank_file_with_wrong_totals_is_set_aside_whole(money):
    data = money.deposit_file(12_345)
    money.take_in(money.store("nacha:deposit", data.replace(b"0000012345", b"0000012346", 1), mailbox="bank"))
    assert money.states("inbound_file") == ["QUARANTINED"]
    assert money.states("deposit") == []
