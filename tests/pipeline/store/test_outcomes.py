"""What our rows say arrived outside: once a version, however often it was sent."""

from pipeline.domain.states import Kind
from pipeline.stages.bundle import bundle
from pipeline.stages.render import render
from pipeline.store import claims, outcomes, transitions, work


def _all_sent(money):
    with money.tx() as tx:
        tx.run("UPDATE outbound_file SET state = 'SENT'")


def _send_again(money, claim_ids):
    with money.tx() as tx:
        lot, _ = claims.send_on(tx, claim_ids, "sent_again")
        work.put(tx, "bundle", [lot], 0)
    bundle(money.ctx, money.org, lot)
    render(money.ctx, money.org, lot)


def test_a_set_that_was_rejected_did_not_arrive_and_its_next_try_did(money, claim_document):
    one, two = money.claims(2, claim_document)
    with money.tx() as tx:
        assert outcomes.arrived_claims(tx) == {}  # nothing has left
    _all_sent(money)
    with money.tx() as tx:
        assert outcomes.arrived_claims(tx) == {(one.clm01, "1"): 1, (two.clm01, "1"): 1}
        ids = [row.id for row in tx.rows("SELECT id FROM submission WHERE claim_id = :c", c=one.id)]
        transitions.move(tx, Kind.SUBMISSION, ids, "set_rejected")
        assert outcomes.arrived_claims(tx) == {(two.clm01, "1"): 1}
        assert outcomes.lost_claims(tx) == {(one.clm01, "1"): 1}
    _send_again(money, [one.id])
    _all_sent(money)
    with money.tx() as tx:
        assert outcomes.arrived_claims(tx) == {(one.clm01, "1"): 1, (two.clm01, "1"): 1}


def test_what_was_sent_twice_counts_once_so_that_the_outside_is_seen_to_have_two(money, claim_document):
    [one] = money.claims(1, claim_document)
    _send_again(money, [one.id])
    _all_sent(money)
    with money.tx() as tx:
        assert tx.value("SELECT count(*) FROM submission") == 2
        assert outcomes.arrived_claims(tx) == {(one.clm01, "1"): 1}


def test_what_must_not_post_is_told_apart_with_its_reason(money, decide, claim_document):
    [one] = money.claims(1, claim_document)
    money.remit(decide(one, 14_500), trace="T1")
    money.remit(decide(one, 14_500), trace="T1")
    money.remit(decide(one, 14_500), trace="T2", amount=14_000)
    money.remit(decide(one, 14_000, ("CO", "45", 500)), trace="T1", amount=14_500)
    with money.tx() as tx:
        assert outcomes.remittances(tx) == {("T1", 14_500): 1}
        assert outcomes.unpostable_remittances(tx) == {
            ("T1", 14_500, "duplicate"): 1, ("T2", 14_000, "unbalanced"): 1, ("T1", 14_500, "conflict"): 1,
        }  # fmt: skip
