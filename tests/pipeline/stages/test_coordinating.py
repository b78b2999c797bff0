"""After one payer's decision the next one is billed with it, once, unless it would not be true or somebody else has done it."""

import json
import threading
from dataclasses import replace

import pytest
from secondary_claims import SECOND, THIRD, adjustment, decided, line, remittance
from x12_answers import envelope, judged_by_pyx12

from edi.x12.sets import t835, t837p
from edi.x12.syntax.envelope import write_interchange
from edi.x12.syntax.reader import read
from pipeline.domain.errors import Conflict, NotAllowed
from pipeline.services import intake, matching, secondaries
from pipeline.services.story import story
from pipeline.stages import coordinating
from pipeline.stages.bundle import bundle
from pipeline.stages.coordinating import coordinate
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.upload import upload
from pipeline.stages.validate import validate
from pipeline.store import claims, files, ledger
from pipeline.store.secondaries import Source

PRIMARY = (9_500, ("CO", "45", 2_500), ("PR", "2", 2_500))
"""Of 145.00: a price of 25.00, and 25.00 are the patient's, who has paid 30.00."""


class World:
    """One claim of two payers whose first one decides; the stages run when they are asked to."""

    def __init__(self, money, decide, document):
        self.money, self.decide, self.ctx, self.org = money, decide, money.ctx, money.org
        self.document = document
        self.sets = 0

    def bill(self, *others, **changes):
        [self.claim] = self.money.claims(1, self.document, other_payers=list(others or [SECOND]), **changes)
        return self.claim

    def submit(self, **changes):
        """The claim, or another under its id, as upstream sends it once more."""
        base = json.loads(self.document(other_payers=[SECOND]))
        claim = base | {"external_id": f"{base['external_id']}-0-0"} | changes
        [receipt] = intake.submit(self.ctx, self.org, [json.dumps(claim).encode()], "test")
        return receipt

    def remit(self, *said, **more):
        self.sets += 1
        return self.money.remit(*(one if isinstance(one, t835.RemittanceClaim) else self.decide(self.claim, *one) for one in said),
                                trace=f"T{self.sets}", **more)  # fmt: skip

    def back(self, paid, *adjustments, status="22"):
        """The reversal of such a decision."""
        taken = [(group, reason, -cents) for group, reason, cents in adjustments]
        return self.decide(self.claim, -paid, *taken, status=status, charge=-self.claim.charge_cents)

    def due(self):
        return self.money.column("SELECT subject_id FROM due_work WHERE stage = 'coordinate' ORDER BY subject_id")

    def coordinate(self):
        for decision in self.due():
            coordinate(self.ctx, self.org, decision)

    def go(self, *, send=False):
        """What is READY goes into a file; gives the file's bytes."""
        take(self.ctx, self.org, self.org)
        for stage in (validate, bundle, render):
            for lot in self.money.column("SELECT DISTINCT lot_id FROM claim WHERE lot_id IS NOT NULL"):
                stage(self.ctx, self.org, lot)
        file_id = self.money.column("SELECT max(id) FROM outbound_file")[0]
        with self.money.tx() as tx:
            data = files.content(tx, file_id)
        if send:
            upload(self.ctx, self.org, file_id)
        return data

    def versions(self):
        rows = self.rows("SELECT version, state, payer_id, frequency FROM claim ORDER BY version")
        return [tuple(row) for row in rows]

    def rows(self, statement):
        with self.money.tx() as tx:
            return tx.rows(statement)

    def stored(self, version):
        [claim_id] = self.money.column("SELECT id FROM claim WHERE version = :version", version=version)
        with self.money.tx() as tx:
            return json.loads(claims.by_id(tx, [claim_id])[claim_id].document)

    def books(self):
        with self.money.tx() as tx:
            found = ledger.claim_balances(tx, [self.claim.id])[self.claim.id]
        return {account: cents for account, cents in found.items() if cents}

    def told(self):
        return self.money.column(
            "SELECT reason FROM work_exception WHERE type = 'secondary' AND state = 'OPEN' ORDER BY id"
        )


@pytest.fixture
def world(money, decide, claim_document):
    return World(money, decide, claim_document)


def read_back(data):
    [ts] = read(data).sets
    return t837p.read_set(ts)[0].billing[0].subscribers[0]


def test_the_next_payer_is_billed_with_the_decision_and_nothing_is_billed_twice(world):
    first = world.bill()
    world.remit(PRIMARY)
    before = world.books()
    world.coordinate()
    data = world.go()
    assert world.versions() == [(1, "PAID", "30CI1", "1"), (2, "SUBMITTED", "77CI7", "1")]
    sent = read_back(data)
    assert (sent.responsibility, sent.member_id, sent.payer.identifier) == ("S", "NWC812955200", "77CI7")
    [claim] = sent.claims
    assert (claim.patient_control_number, claim.frequency, claim.payer_claim_number) == (first.clm01, "1", None)
    [told] = claim.other_payers
    assert (told.responsibility, told.paid_cents, told.payer_claim_number) == ("P", 9_500, "ICN1")
    [by_first] = claim.lines[0].adjudications
    assert [(one.group, one.reason, one.amount_cents) for one in by_first.adjustments] == [*PRIMARY[1:]]
    assert judged_by_pyx12(data) == []
    assert world.books() == before
    assert world.due() == []
    assert world.money.column("SELECT next_step FROM claim WHERE version = 1") == ["await_decision"]
    seen = story(world.ctx, world.org, "bill", first.clm01)
    assert [(one.payer, one.responsibility, one.made_for_the_next) for one in seen.versions] == [
        ("Northwind Commercial Health (30CI1)", "P", False),
        ("Northwind Commercial Health (77CI7)", "S", True),
    ]


def test_twice_and_at_once_it_makes_one(world):
    world.bill()
    world.remit(PRIMARY)
    [decision] = world.due()
    threads = [threading.Thread(target=coordinate, args=(world.ctx, world.org, decision)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    coordinate(world.ctx, world.org, decision)
    assert [version for version, *_ in world.versions()] == [1, 2]
    assert secondaries.bill_next(world.ctx, world.org, "bill", world.claim.clm01).changed is False
    assert len(world.versions()) == 2


def test_a_break_in_the_middle_leaves_nothing_and_the_next_try_does_it_all(world, monkeypatch):
    world.bill()
    world.remit(PRIMARY)
    [decision] = world.due()
    with monkeypatch.context() as broken:
        broken.setattr(coordinating, "_settle", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            coordinate(world.ctx, world.org, decision)
    assert len(world.versions()) == 1
    world.coordinate()
    assert len(world.versions()) == 2


def test_the_next_payers_decision_pays_what_was_left_and_the_patient_gets_his_money_back(world):
    world.bill()
    world.remit(PRIMARY)
    assert world.books()["patient_credit"] == -500
    world.coordinate()
    world.go()
    world.remit(world.decide(world.claim, 2_000, ("OA", "23", 12_000), ("PR", "3", 500), status="2", payer_number="S1"))
    assert world.versions() == [(1, "PAID", "30CI1", "1"), (2, "PAID", "77CI7", "1")]
    assert world.books() == {
        "revenue": -14_500, "eft_expected": 11_500, "adjustment_co": 2_500,
        "patient_cash": 3_000, "patient_credit": -2_500,
    }  # fmt: skip
    assert world.due() == []
    assert world.told() == []
    money = story(world.ctx, world.org, "bill", world.claim.clm01).money
    assert (money.billed_cents, money.paid_cents, money.patient_cents, money.open_cents) == (14_500, 11_500, 500, 0)
    assert world.money.proof().balanced


def test_a_denial_that_does_not_say_whose_it_is_finds_the_version_of_its_payer(world):
    world.bill(patient_paid_cents=None)
    world.remit(PRIMARY)
    world.coordinate()
    world.go()
    world.remit(world.decide(world.claim, 0, ("OA", "23", 12_000), ("CO", "29", 2_500), status="4", payer_number="S1"))
    assert [state for _, state, *_ in world.versions()] == ["PAID", "DENIED"]
    world.remit(
        world.back(*PRIMARY), world.decide(world.claim, 0, ("CO", "50", 14_500), status="4", payer_number="ICN2")
    )
    assert [state for _, state, *_ in world.versions()] == ["DENIED", "DENIED"]


def test_what_upstream_sends_again_leaves_the_next_payers_claim_alone(world):
    world.bill()
    sent = world.submit()
    world.remit(PRIMARY)
    world.coordinate()
    replayed = world.submit()
    assert (replayed.outcome, replayed.claim_id) == ("replayed", sent.claim_id)
    [refused] = world.submit(note="another").problems
    assert refused.code == "INT05"
    [refused] = world.submit(frequency="7", payer_claim_number="ICN1").problems
    assert refused.code == "INT05"
    made = world.stored(2)
    corrected = world.submit(**made | {"note": "seen twice on that day"})
    assert (str(corrected.outcome), world.stored(2)["note"]) == ("redrafted", "seen twice on that day")
    world.go()
    assert world.versions()[1][1:3] == ("SUBMITTED", "77CI7")
    assert str(world.submit(frequency="7", payer_claim_number="ICN1").outcome) == "stored"


def test_a_third_payer_comes_after_the_second(world):
    world.bill(SECOND, THIRD, patient_paid_cents=None)
    world.remit(PRIMARY)
    world.coordinate()
    world.go()
    world.remit(world.decide(world.claim, 2_000, ("OA", "23", 12_000), ("PR", "3", 500), status="2", payer_number="S1"))
    world.coordinate()
    [claim] = read_back(world.go()).claims
    assert [payer for _, _, payer, _ in world.versions()] == ["30CI1", "77CI7", "60MC9"]
    assert [(one.responsibility, one.paid_cents) for one in claim.other_payers] == [("P", 9_500), ("S", 2_000)]
    assert [one.payer_id for one in claim.lines[0].adjudications] == ["30CI1", "77CI7"]
    assert world.books()["patient_due"] == 500


@pytest.mark.parametrize(
    ("said", "is_billed"),
    [
        ((14_500,), False),
        ((9_500, ("CO", "45", 5_000)), False),
        ((0, ("CO", "16", 14_500)), False),  # a corrected claim mends it
        ((0, ("CO", "50", 14_500)), True),  # refused on the merits: the next plan may cover it
        ((9_500, ("PR", "1", 5_000)), True),
    ],
)
def test_what_is_billed_on(world, said, is_billed):
    world.bill(patient_paid_cents=None)
    world.remit(said)
    assert bool(world.due()) is is_billed
    world.coordinate()
    assert len(world.versions()) == 1 + is_billed


def test_without_a_further_payer_and_by_hand_only_there_is_no_work(world):
    [alone] = world.money.claims(1, world.document)
    world.money.remit(world.decide(alone, *PRIMARY), trace="A")
    assert world.due() == []
    world.ctx = world.money.ctx = replace(world.ctx, limits=replace(world.ctx.limits, secondary_claims="by_hand"))
    world.bill()
    world.remit(PRIMARY)
    assert world.due() == []
    with pytest.raises(NotAllowed):
        secondaries.bill_next(world.ctx, world.org, "ben", world.claim.clm01)
    billed = secondaries.bill_next(world.ctx, world.org, "bill", world.claim.clm01)
    assert (billed.version, billed.payer_id, billed.changed) == (2, "77CI7", True)
    assert world.money.column("SELECT action FROM audit WHERE action = 'claims.secondary'") == ["claims.secondary"]


def test_a_payer_that_passes_the_claim_on_has_billed_the_next_one(world):
    world.bill(patient_paid_cents=None)
    carrier = t835.Name(last_name="NORTHWIND", identifier="77CI7", identifier_kind="PI", person=False)
    world.remit(replace(world.decide(world.claim, *PRIMARY, status="19"), crossover=carrier))
    assert world.due() == []
    assert world.money.column("SELECT next_step FROM claim") == ["crossed_over"]
    with pytest.raises(Conflict, match="although-crossed-over"):
        secondaries.bill_next(world.ctx, world.org, "bill", world.claim.clm01)
    world.remit(world.decide(world.claim, 2_000, ("OA", "23", 12_000), ("PR", "3", 500), status="2", payer_number="S1"))
    assert (world.due(), world.versions()) == ([], [(1, "PAID", "30CI1", "1")])
    assert world.books()["patient_due"] == 500
    assert world.money.column("SELECT next_step FROM claim") == ["bill_patient"]


def test_a_claim_that_was_passed_on_may_be_billed_by_a_persons_word(world):
    world.bill()
    world.remit(world.decide(world.claim, *PRIMARY, status="19"))
    billed = secondaries.bill_next(world.ctx, world.org, "bill", world.claim.clm01, although_crossed_over=True)
    assert (billed.version, billed.changed) == (2, True)


def test_what_cannot_be_copied_truly_goes_to_a_person(world):
    world.bill()
    one = world.decide(world.claim, *PRIMARY)
    one.lines[0].procedure_qualifier = "N4"
    world.remit(one)
    world.coordinate()
    assert (len(world.versions()), world.due()) == (1, [])
    [reason] = world.told()
    assert reason.startswith("segment ")
    assert "SEC06: its line 1 was decided under no HCPCS" in reason
    with pytest.raises(Conflict, match="--type secondary"):
        secondaries.bill_next(world.ctx, world.org, "bill", world.claim.clm01)


def test_a_claim_that_has_not_left_is_held_when_its_ground_is_taken_and_made_anew(world):
    world.bill()
    world.remit(PRIMARY)
    world.coordinate()
    world.go()
    corrected = (10_500, ("CO", "45", 2_500), ("PR", "2", 1_500))
    world.remit(world.back(*PRIMARY), corrected)
    assert [state for _, state, *_ in world.versions()] == ["PAID", "HELD"]
    [reason] = world.told()
    assert reason.startswith("version 2 for payer 77CI7 is held")
    file_id = world.money.column("SELECT max(id) FROM outbound_file")[0]
    upload(world.ctx, world.org, file_id)
    assert world.money.column("SELECT state FROM outbound_file ORDER BY id DESC LIMIT 1") == ["VOIDED"]
    world.coordinate()
    [claim] = read_back(world.go()).claims
    assert [(version, state) for version, state, *_ in world.versions()] == [(1, "PAID"), (2, "HELD"), (3, "SUBMITTED")]
    assert claim.other_payers[0].paid_cents == 10_500
    assert world.told() == []


def test_made_and_taken_back_at_once_it_does_not_go(world):
    world.bill()
    world.remit(PRIMARY)
    [decision] = world.due()
    reversal = world.money.store("x12:835", world.money.era(world.back(*PRIMARY), trace="T2", plb=[("FB", -9_500)]))
    together = threading.Barrier(2)

    def run(step):
        together.wait()
        step()

    steps = (lambda: coordinate(world.ctx, world.org, decision), lambda: world.money.take_in(reversal))
    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [state for _, state, *_ in world.versions()] in (["REVERSED"], ["REVERSED", "HELD"])
    assert world.due() == []


def test_a_file_that_is_leaving_counts_as_gone(world):
    world.bill()
    world.remit(PRIMARY)
    world.coordinate()
    world.go()
    with world.money.tx() as tx:
        tx.run("UPDATE outbound_file SET state = 'STAGING', temporary_name = 'x.part', lease_until = now() + interval '1 min'"
               " WHERE id = (SELECT max(id) FROM outbound_file)")  # fmt: skip
    world.remit(world.back(*PRIMARY))
    assert [state for _, state, *_ in world.versions()] == ["REVERSED", "SUBMITTED"]
    [reason] = world.told()
    assert "went to payer 77CI7" in reason


def test_a_claim_that_cannot_be_read_stops_no_other(world):
    spoilt, good = world.money.claims(2, world.document, other_payers=[SECOND])
    world.money.remit(*(world.decide(one, *PRIMARY) for one in (spoilt, good)))
    with world.money.tx() as tx:
        tx.run("UPDATE claim SET document = '\\x00' WHERE id = :id", id=spoilt.id)
    for decision in world.due():
        coordinate(world.ctx, world.org, decision)
    assert world.money.column("SELECT clm01 FROM claim WHERE made_from_id IS NOT NULL") == [good.clm01]
    assert ["could not be read" in reason for reason in world.told()] == [True]
    assert world.due() == []


def test_the_decision_is_read_from_its_own_set_of_the_file():
    sets = [
        t835.write_set(remittance(decided([line(1, 14_500, adjustment("PR", "2", cents, 2))])), f"{number:04d}").data
        for number, cents in ((1, 100), (2, 200))
    ]
    data = write_interchange(envelope("HP", t835.VERSION), sets)
    segment = t835.read_set(read(data).sets[1])[0].claims[0].segment_number
    told = coordinating.read_told(data, [Source(7, 1, 2, segment)])
    [one] = told[7].lines[0].adjustments
    assert (one.amount_cents, one.quantity) == (200, 2)


def test_of_a_claim_that_has_left_a_person_is_told_what_changed(world):
    world.bill()
    world.remit(PRIMARY)
    world.coordinate()
    world.go(send=True)
    world.remit(world.back(*PRIMARY), (10_500, ("CO", "45", 2_500), ("PR", "2", 1_500)))
    world.coordinate()
    assert [(version, state) for version, state, *_ in world.versions()] == [(1, "PAID"), (2, "SUBMITTED")]
    [reason] = world.told()
    assert "send that payer a replacement (frequency 7)" in reason


def test_after_a_replacement_the_next_payer_is_not_billed_a_second_time(world):
    world.bill()
    world.remit(PRIMARY)
    world.coordinate()
    world.go(send=True)
    assert str(world.submit(frequency="7", payer_claim_number="ICN1").outcome) == "stored"
    world.go(send=True)
    corrected = world.decide(world.claim, 10_500, ("CO", "45", 2_500), ("PR", "2", 1_500), payer_number="ICN2")
    world.remit(world.back(*PRIMARY), corrected)
    world.coordinate()
    assert [(version, state, payer) for version, state, payer, _ in world.versions()] == [
        (1, "REPLACED", "30CI1"),
        (2, "SUBMITTED", "77CI7"),
        (3, "PAID", "30CI1"),
    ]
    [reason] = world.told()
    assert "version 2 went to payer 77CI7" in reason


def test_a_replacement_for_the_next_payer_bills_nothing_and_gets_his_new_decision(world):
    world.bill(patient_paid_cents=None)
    world.remit((7_000, ("CO", "45", 2_500), ("PR", "2", 2_500), ("CO", "50", 2_500)))
    world.coordinate()
    world.go()
    said = (2_000, ("OA", "23", 12_000), ("PR", "3", 500))
    world.remit(world.decide(world.claim, *said, status="2", payer_number="S1"))
    before = world.books()
    assert (before["patient_due"], before["receivable_denied"]) == (500, 2_500)
    replaced = world.submit(**world.stored(2) | {"frequency": "7", "payer_claim_number": "S1"})
    assert str(replaced.outcome) == "stored"
    world.go()
    assert world.books() == before
    anew = world.decide(world.claim, 2_300, ("OA", "23", 12_000), ("PR", "3", 200), status="2", payer_number="S2")
    world.remit(world.back(*said), anew)
    assert [(version, state, payer) for version, state, payer, _ in world.versions()] == [
        (1, "PARTLY_PAID", "30CI1"),
        (2, "REVERSED", "77CI7"),
        (3, "PAID", "77CI7"),
    ]
    assert world.books() | {"patient_due": 500, "eft_expected": 9_000} == before
    assert (world.books()["patient_due"], world.due()) == (200, [])


def test_a_claim_that_the_next_payer_turned_away_is_sent_anew_under_the_same_id(world):
    world.bill(patient_paid_cents=None)
    world.remit(PRIMARY)
    world.coordinate()
    world.go(send=True)
    before, made = world.books(), world.stored(2)
    for version in (3, 4):
        with world.money.tx() as tx:
            tx.run("UPDATE claim SET state = 'REJECTED' WHERE version = :last", last=version - 1)
        assert str(world.submit(**made | {"note": f"try {version}"}).outcome) == "stored"
        world.go(send=True)
    world.remit(world.decide(world.claim, 2_000, ("OA", "23", 12_000), ("PR", "3", 500), status="2", payer_number="S1"))
    assert [state for _, state, *_ in world.versions()] == ["PAID", "REPLACED", "REPLACED", "PAID"]
    assert world.books() == before | {"patient_due": 500, "eft_expected": 11_500}


def test_a_third_payer_after_a_crossover_is_a_persons_work(world):
    world.bill(SECOND, THIRD, patient_paid_cents=None)
    world.remit(world.decide(world.claim, *PRIMARY, status="19"))
    world.remit(world.decide(world.claim, 2_000, ("OA", "23", 12_000), ("PR", "3", 500), status="2", payer_number="S1"))
    world.coordinate()
    assert len(world.versions()) == 1
    [reason] = world.told()
    assert "was never ours" in reason


def test_a_decision_that_a_person_takes_away_takes_the_ground_too(world):
    world.bill()
    world.remit(PRIMARY)
    world.coordinate()
    [decision] = world.money.column("SELECT id FROM remittance_claim")
    matching.unmatch(world.ctx, world.org, "bill", decision, "it was his brother's")
    assert [state for _, state, *_ in world.versions()] == ["REVERSED", "HELD"]
    take(world.ctx, world.org, world.org)
    assert [state for _, state, *_ in world.versions()] == ["REVERSED", "HELD"]


def test_before_it_is_made_a_decision_that_was_taken_back_makes_nothing(world):
    world.bill()
    world.remit(PRIMARY)
    world.remit(world.back(*PRIMARY))
    world.coordinate()
    assert (len(world.versions()), world.due(), world.told()) == (1, [], [])
