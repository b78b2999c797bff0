"""After a restore: what the partners show decides what may still leave. The outside is memory, the database real."""

import threading
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import psycopg
import pytest

from edi.nacha.acknowledgment import acknowledge, write_acknowledgment
from edi.nacha.reading import read as read_ach
from edi.x12.sets import t999
from edi.x12.sets.t999 import Acknowledgment, SetAcknowledgment
from edi.x12.syntax.envelope import Envelope, write_interchange
from edi.x12.syntax.ta1 import Ta1
from local.postgres import plain_url
from pipeline.domain.errors import Conflict
from pipeline.services import intake, mailboxes
from pipeline.services.reconcile import reconcile
from pipeline.services.resubmission import resubmit_claims
from pipeline.stages.bundle import bundle
from pipeline.stages.poll import poll
from pipeline.stages.release import release
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.upload import upload
from pipeline.stages.validate import validate
from pipeline.store import files, transitions
from pipeline.store.reports import folds

MARGIN = 1000


class Restored:
    """One tenant's database, as old as it is made here, and partners that know more."""

    def __init__(self, product, org, outside, claim_document):
        self.ctx, self.org, self.outside, self.document = product.context, org, outside, claim_document

    def tx(self):
        return self.ctx.tenant(self.org, "test")

    def column(self, statement):
        with self.tx() as tx:
            return [row[0] for row in tx.rows(statement)]

    def states(self, table):
        return self.column(f"SELECT state FROM {table} ORDER BY id")

    def doubts(self):
        return self.column(
            "SELECT subject_kind FROM work_exception WHERE type = 'restored_doubt' AND state = 'OPEN' ORDER BY id"
        )

    def claims(self, *names, through=(validate, bundle, render)):
        """Claims as far as a stage; gives their lot."""
        intake.submit(self.ctx, self.org, [self.document(external_id=name) for name in names], "test")
        take(self.ctx, self.org, self.org)
        lot = self.column("SELECT max(id) FROM lot")[0]
        for stage in through:
            stage(self.ctx, self.org, lot)
        return lot

    def clm01(self, name):
        with self.tx() as tx:
            return tx.keys.claim_number(name)

    def content(self, number=1):
        with self.tx() as tx:
            return files.content(tx, tx.value("SELECT id FROM outbound_file WHERE control_number = :n", n=number))

    def lay_out(self, name, data, folder="outbound", user="oa"):
        self.outside[user].write(folder, name, data)

    def answer(self, number, sets=("0001",), *, refused=False, ta1_only=False, group="HC"):
        """A 999 to an interchange of ours, or a TA1 alone."""
        control = f"{number:09d}"
        ta1 = Ta1(control_number=control, date="261120", time="1000", code="R" if refused else "A", note="000")
        envelope = Envelope(
            sender_qualifier="ZZ", sender_id="330897513", receiver_qualifier="ZZ", receiver_id="US",
            group_sender="330897513", group_receiver="US", control_number=number, usage="T",
            when=datetime(2026, 11, 20, 10, 0), functional_id="FA", version="005010X231A1",  # noqa: DTZ001
        )  # fmt: skip
        value = Acknowledgment(
            group_id=group, group_control=str(number), version="005010X222A1", code="A", included=len(sets),
            received=len(sets), accepted=len(sets),
            sets=[SetAcknowledgment(set_id="837", control_number=one, code="A") for one in sets],
        )  # fmt: skip
        made = [] if ta1_only else [t999.write_set(value, "0001").data]
        self.lay_out(f"answer_{number}.999", write_interchange(envelope, made, [ta1]))

    def look(self, **more):
        return {one.mailbox: one for one in reconcile(self.ctx, self.org, "test", **more)}


@pytest.fixture
def restored(product, org, outside, claim_document):
    return Restored(product, org, outside, claim_document)


def renumbered(data, old, new):
    """The bytes under another interchange number."""
    return data.replace(f"{old:09d}".encode(), f"{new:09d}".encode()).replace(
        f"*{old}*X*".encode(), f"*{new}*X*".encode()
    )


def test_looking_changes_nothing(restored):
    restored.claims("a")
    restored.answer(1)
    before = restored.states("outbound_file"), restored.column("SELECT id FROM history ORDER BY id")
    found = restored.look()["clearinghouse"]
    assert found.proven == ["OATEST_837P_000000001.txt"]
    assert (found.applied, found.settled) == (False, False)
    assert (restored.states("outbound_file"), restored.column("SELECT id FROM history ORDER BY id")) == before
    assert restored.column("SELECT count(*) FROM inbound_file") == [0]


@pytest.mark.parametrize("through", [(validate, bundle), (validate, bundle, render)], ids=["BUNDLED", "RESERVED"])
def test_a_file_that_an_answer_names_is_sent_and_does_not_leave_again(restored, through):
    restored.claims("a", through=through)
    restored.answer(1)
    restored.look(apply=True)
    assert restored.states("outbound_file") == ["SENT"]
    [file_id] = restored.column("SELECT id FROM outbound_file")
    upload(restored.ctx, restored.org, file_id)
    assert restored.outside["oa"].list("inbound") == []
    assert restored.column("SELECT count(*) FROM journal WHERE purpose = 'billed'") == [1]
    with restored.tx() as tx:
        assert folds(tx) == []


@pytest.mark.parametrize("folder", ["inbound", "archive"])
def test_a_file_that_lies_at_the_partner_is_sent(restored, folder):
    restored.claims("a")
    if folder == "archive":
        restored.outside["oa"].folders |= {"archive"}
        mailboxes.change(restored.ctx, restored.org, "test", "clearinghouse", {"archive_folder": "archive"})
    restored.lay_out("77_OATEST_837P_000000001.txt", restored.content(), folder)
    restored.look(apply=True)
    assert restored.states("outbound_file") == ["SENT"]


def test_what_nothing_names_stays_and_leaves_once_the_partner_has_had_its_time(restored):
    restored.claims("a")
    found = restored.look(apply=True)["clearinghouse"]
    assert found.silent == ["OATEST_837P_000000001.txt"]
    assert not found.settled
    found = restored.look(apply=True, answered=True)["clearinghouse"]
    assert found.settled
    assert restored.states("outbound_file") == ["RESERVED"]


def test_an_unknown_file_takes_its_claims_out_of_the_way(restored):
    """Its bytes lie there: the claim, VALIDATED here, went out in it."""
    restored.claims("a")
    lot = restored.claims("b", through=(validate,))
    data = renumbered(restored.content(), 1, 7).replace(restored.clm01("a").encode(), restored.clm01("b").encode())
    restored.lay_out("837.txt", data, "inbound")
    found = restored.look(apply=True)["clearinghouse"]
    assert found.unknown == ["OATEST_837P_000000007.txt"]
    assert found.claims_tied == [restored.clm01("b")]
    assert found.claims_held == found.unnamed == []
    assert restored.content(7) == data
    assert restored.states("claim") == ["SUBMITTED", "SUBMITTED"]
    bundle(restored.ctx, restored.org, lot)
    assert restored.states("outbound_file") == ["RESERVED", "SENT"]
    # Twice, and nothing more happens.
    assert restored.look(apply=True)["clearinghouse"].unknown == []
    assert restored.column("SELECT count(*) FROM submission") == [2]
    with restored.tx() as tx:
        assert folds(tx) == []


def test_an_unknown_file_of_institutional_claims_is_known_by_its_bytes_or_its_claims(
    restored, claim_document, monkeypatch
):
    monkeypatch.setattr(restored, "document", lambda **more: claim_document("stay_hip_fracture", **more))
    restored.claims("a")
    restored.claims("b", "c", through=(validate,))
    data = renumbered(restored.content(), 1, 7).replace(restored.clm01("a").encode(), restored.clm01("b").encode())
    restored.lay_out("837.txt", data, "inbound")
    found = restored.look(apply=True)["clearinghouse"]
    assert found.unknown == ["OATEST_837I_000000007.txt"]
    assert restored.column("SELECT kind FROM outbound_file ORDER BY id") == ["837I", "837I"]


def test_a_claim_of_the_lost_time_is_held_when_upstream_hands_it_in_again(restored):
    restored.claims("a")
    data = renumbered(restored.content(), 1, 7).replace(restored.clm01("a").encode(), restored.clm01("lost").encode())
    restored.lay_out("837.txt", data, "inbound")
    found = restored.look(apply=True, answered=True)["clearinghouse"]
    assert found.claims_held == [restored.clm01("lost")]
    restored.claims("lost", "new")
    assert restored.states("claim") == ["SUBMITTED", "HELD", "SUBMITTED"]
    assert restored.doubts() == ["claim"]
    assert restored.clm01("lost").encode() not in restored.content(MARGIN + 8)
    # A person who has asked sends it all the same; then it is held no more.
    told = resubmit_claims(restored.ctx, restored.org, "test", [restored.clm01("lost")])
    assert told.sent_again == [restored.clm01("lost")]
    assert restored.doubts() == []
    bundle(restored.ctx, restored.org, restored.column("SELECT max(id) FROM lot")[0])
    assert restored.states("claim") == ["SUBMITTED"] * 3
    with pytest.raises(Conflict):
        resubmit_claims(restored.ctx, restored.org, "test", [restored.clm01("new")])


def test_numbers_go_on_beyond_what_was_seen_once(restored):
    restored.answer(40, refused=True, ta1_only=True)
    assert restored.look(apply=True, answered=True)["clearinghouse"].highest == {"isa:ZZ:SUBCOUNTY-E|ZZ:330897513": 40}
    restored.look(apply=True, answered=True)
    restored.claims("a")
    assert max(restored.column("SELECT control_number FROM outbound_file")) == 40 + MARGIN + 1


def test_an_unknown_file_that_nobody_tells_the_claims_of_stops_new_files(restored):
    restored.answer(7, ta1_only=True)
    lot = restored.claims("a", through=(validate,))
    found = restored.look(apply=True, answered=True)["clearinghouse"]
    assert found.unnamed == ["OATEST_837P_000000007.txt"]
    assert restored.doubts() == ["mailbox"]
    bundle(restored.ctx, restored.org, lot)
    assert restored.states("claim") == ["VALIDATED"]
    mailboxes.resume(restored.ctx, restored.org, "test", "clearinghouse")
    assert restored.doubts() == []
    bundle(restored.ctx, restored.org, lot)
    assert restored.states("claim") == ["SUBMITTED"]


def test_an_unknown_file_of_questions_holds_no_claims_and_its_number_is_passed_by(restored):
    restored.answer(12, group="HR")
    found = restored.look(apply=True, answered=True)["clearinghouse"]
    assert (found.unknown, found.unnamed) == ([], [])
    assert list(found.highest.values()) == [12]
    assert restored.doubts() == []
    restored.claims("a")
    assert restored.column("SELECT control_number FROM outbound_file") == [12 + MARGIN + 1]


def test_a_damaged_answer_is_told_and_stops_new_files(restored):
    restored.lay_out("answer.999", b"ISA*00*")
    found = restored.look(apply=True, answered=True)["clearinghouse"]
    assert found.unread == ["answer.999"]
    assert restored.doubts() == ["mailbox"]


def test_two_at_once_add_a_file_once(restored):
    restored.claims("a")
    restored.claims("b", through=(validate,))
    data = renumbered(restored.content(), 1, 7).replace(restored.clm01("a").encode(), restored.clm01("b").encode())
    restored.lay_out("837.txt", data, "inbound")
    threads = [threading.Thread(target=restored.look, kwargs={"apply": True}) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert restored.column("SELECT control_number FROM outbound_file ORDER BY 1") == [1, 7]
    assert restored.column("SELECT count(*) FROM submission") == [2]


def test_a_failure_in_the_middle_leaves_nothing_and_the_next_try_does_it_all(restored, monkeypatch):
    restored.claims("a")
    restored.answer(1)
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.services.reconcile.audit.note", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            restored.look(apply=True)
    assert restored.states("outbound_file") == ["RESERVED"]
    restored.look(apply=True)
    assert restored.states("outbound_file") == ["SENT"]
    assert restored.column("SELECT action FROM audit WHERE action = 'mailbox.reconcile'") == ["mailbox.reconcile"] * 2


def test_while_it_is_held_nothing_is_numbered(restored):
    lot = restored.claims("a", through=(validate,))
    held = replace(restored.ctx, held=True)
    bundle(held, restored.org, lot)
    assert restored.states("claim") == ["VALIDATED"]
    bundle(restored.ctx, restored.org, lot)
    render(held, restored.org, lot)
    release(held, restored.org, restored.org)
    assert restored.states("outbound_file") == ["BUNDLED"]
    later = "SELECT stage FROM due_work WHERE due_at > now() + interval '10 minutes' ORDER BY stage"
    assert restored.column(later) == ["release", "render"]


# -- the bank ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def refund(restored, money, decide, claim_document):
    """A claim that is paid, so that its patient gets something back; gives the claim."""

    def make(trace="T1"):
        [claim] = money.claims(1, claim_document, patient_paid_cents=3_000)
        money.remit(decide(claim, claim.charge_cents), trace=trace)
        money.deposit(claim.charge_cents, trace=trace)
        return claim

    return make


def test_a_nacha_file_that_the_bank_answered_is_sent(restored, refund):
    refund()
    release(restored.ctx, restored.org, restored.org)
    data = restored.column("SELECT id FROM outbound_file WHERE kind = 'ACH'")
    with restored.tx() as tx:
        ach = read_ach(files.content(tx, data[0])).file
    restored.lay_out("ACK.txt", write_acknowledgment(acknowledge(ach)), user="bank")
    found = restored.look(apply=True, answered=True)["bank"]
    assert len(found.proven) == 1
    assert restored.states("payment") == ["SENT"]


@pytest.fixture
def forget_files(database_urls, servers):
    """Takes NACHA files out of the database as if they had never been, which the database lets nobody do."""

    def forget():
        name = urlsplit(database_urls[0]).path[1:]
        with psycopg.connect(plain_url(servers.database_admin_url), dbname=name) as cx:
            cx.execute("SET LOCAL session_replication_role = replica")
            cx.execute("DELETE FROM payment_entry")
            cx.execute("DELETE FROM outbound_file WHERE kind = 'ACH'")

    return forget


def test_a_payment_that_an_unknown_file_paid_does_not_leave_again(restored, refund, forget_files):
    refund()
    release(restored.ctx, restored.org, restored.org)
    with restored.tx() as tx:
        data = files.content(tx, tx.value("SELECT id FROM outbound_file WHERE kind = 'ACH'"))
    forget_files()  # the copy has the payment approved and in no file
    with restored.tx() as tx:
        transitions.move(
            tx, transitions.Kind.PAYMENT, [row.id for row in tx.rows("SELECT id FROM payment")], "unplaced"
        )
    restored.lay_out("8_ACH_1999999999_20261120_5.ach", data, "inbound", user="bank")
    found = restored.look(apply=True, answered=True)["bank"]
    assert len(found.entries) == 1
    assert restored.states("payment") == ["APPROVED"]
    release(restored.ctx, restored.org, restored.org)
    release(restored.ctx, restored.org, restored.org)
    assert restored.states("payment") == ["SENT"]
    assert restored.column("SELECT control_number FROM outbound_file WHERE kind = 'ACH'") == [5]
    assert restored.doubts() == ["payment"]
    # The next payment goes, under a trace beyond those that were seen.
    refund("T2")
    release(restored.ctx, restored.org, restored.org)
    assert sorted(restored.states("payment")) == ["IN_FILE", "SENT"]
    assert max(restored.column("SELECT trace FROM payment_entry")) == f"09100001{MARGIN + 2:07d}"


def test_an_answer_to_an_unknown_nacha_file_stops_payments(restored, refund):
    refund()
    release(restored.ctx, restored.org, restored.org)
    with restored.tx() as tx:
        ach = read_ach(files.content(tx, tx.value("SELECT id FROM outbound_file WHERE kind = 'ACH'"))).file
    ach = replace(ach, created=datetime(2026, 11, 1, 8, 0))  # noqa: DTZ001 - as headers have it
    restored.lay_out("ACK.txt", write_acknowledgment(acknowledge(ach)), user="bank")
    found = restored.look(apply=True, answered=True)["bank"]
    assert len(found.unnamed) == 1
    release(restored.ctx, restored.org, restored.org)
    assert restored.states("payment") == ["APPROVED"]  # its own file was given up, to be built anew
    mailboxes.resume(restored.ctx, restored.org, "test", "bank")
    release(restored.ctx, restored.org, restored.org)
    assert restored.states("payment") == ["IN_FILE"]


def test_the_answers_that_were_looked_at_are_applied_afterwards(restored):
    restored.claims("a", through=(validate, bundle))
    restored.answer(1)
    restored.look(apply=True, answered=True)
    with restored.tx() as tx:
        box = tx.value("SELECT id FROM mailbox WHERE kind = 'clearinghouse'")
    poll(restored.ctx, restored.org, box)
    from pipeline.stages.acknowledge import acknowledge as apply

    [inbound_id] = restored.column("SELECT id FROM inbound_file")
    apply(restored.ctx, restored.org, inbound_id)
    assert restored.states("outbound_file") == ["ACCEPTED"]
    assert restored.states("submission") == ["SET_ACCEPTED"]
