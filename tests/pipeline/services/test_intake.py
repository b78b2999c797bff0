"""Intake: once, whole, and nothing half kept."""

import json
import threading

import pytest
from at_once import at_once

from pipeline.services import intake
from pipeline.services.intake import Outcome
from pipeline.stages.bundle import bundle
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.validate import validate

STORED, REPLAYED, REDRAFTED, REFUSED = Outcome.STORED, Outcome.REPLAYED, Outcome.REDRAFTED, Outcome.REFUSED


class Door:
    """One tenant's way in, and what the tests look at."""

    def __init__(self, product, org, document):
        self.ctx, self.org, self._document = product.context, org, document

    def document(self, **changes):
        """A claim called c1, its fields changed at the top level."""
        return self._document(**{"external_id": "c1", **changes})

    def submit(self, *documents, **options):
        return intake.submit(self.ctx, self.org, list(documents), "test", **options)

    def one(self, document, **options):
        [receipt] = self.submit(document, **options)
        return receipt

    def rows(self, statement, **parameters):
        with self.ctx.tenant(self.org, "test") as tx:
            return [tuple(row) for row in tx.rows(statement, **parameters)]

    def claims(self):
        return self.rows("SELECT version, state FROM claim ORDER BY id")

    def events(self):
        return [row[0] for row in self.rows("SELECT event FROM history WHERE subject_kind = 'claim' ORDER BY id")]

    def stages(self, *stages):
        take(self.ctx, self.org, self.org)
        for [lot] in self.rows("SELECT id FROM lot"):
            for stage in stages:
                stage(self.ctx, self.org, lot)


@pytest.fixture
def door(product, org, claim_document):
    return Door(product, org, claim_document)


def content(document, **changes):
    return json.dumps({**json.loads(document), **changes}).encode()


NOTED = {"note": "INVENTED NOTE"}


def test_a_claim_is_stored_ready_with_its_history_and_its_ring(door):
    receipt = door.one(door.document())
    assert (receipt.outcome, receipt.external_id, receipt.problems) == (STORED, "c1", [])
    assert door.rows("SELECT id, clm01, state, lot_id FROM claim") == [(receipt.claim_id, receipt.clm01, "READY", None)]
    assert door.events() == ["readied"]
    assert door.rows("SELECT subject_id FROM due_work WHERE stage = 'take'") == [(door.org,)]


def test_what_a_person_said_is_sealed_and_the_rest_is_columns(door):
    told = door.document(external_id="c1-told-by-upstream")  # long enough never to stand in a cipher's text by chance
    door.one(told)
    claim = json.loads(told)
    [row] = door.rows("SELECT payer_id, charge_cents, service_from, document, external_hmac, member_hmac FROM claim")
    assert row[:2] == (claim["payer"]["payer_id"], claim["charge_cents"])
    for value in (claim["patient"]["last_name"], claim["external_id"]):
        assert value.encode() not in b"".join(bytes(part) for part in row[3:])


def test_a_replay_does_nothing(door):
    first = door.one(door.document())
    again = door.one(content(door.document()))  # other spacing, same content
    assert (again.outcome, again.claim_id, again.clm01) == (REPLAYED, first.claim_id, first.clm01)
    assert door.claims() == [(1, "READY")]
    assert door.events() == ["readied"]


def test_a_replay_of_what_was_sent_does_nothing(door):
    first = door.one(door.document())
    door.stages(validate, bundle, render)
    assert door.one(door.document()).claim_id == first.claim_id
    assert door.claims() == [(1, "SUBMITTED")]


@pytest.mark.parametrize("ready", [True, False])
def test_other_content_before_anything_left_is_a_new_draft(door, ready):
    first = door.one(door.document(), ready=ready)
    again = door.one(door.document(**NOTED), ready=ready)
    assert (again.outcome, again.claim_id, again.clm01) == (REDRAFTED, first.claim_id, first.clm01)
    assert door.claims() == [(1, "READY" if ready else "DRAFT")]
    assert door.events() == (["readied", "redrafted", "readied"] if ready else ["stored", "redrafted"])
    assert door.one(door.document(**NOTED)).outcome is REPLAYED
    assert door.one(door.document()).outcome is REDRAFTED


def test_a_claim_that_failed_its_edits_is_corrected_by_sending_it_again(door):
    door.one(door.document(diagnoses=[]))
    door.stages(validate)
    assert door.claims() == [(1, "EDIT_FAILED")]
    assert door.one(door.document()).outcome is REDRAFTED
    assert door.claims() == [(1, "READY")]
    assert door.rows("SELECT type, state FROM work_exception") == [("edit_failed", "RESOLVED")]
    door.stages(validate)
    assert door.claims() == [(1, "VALIDATED")]


def test_a_correction_that_is_wrong_too_shows_what_is_wrong_with_it(door):
    door.one(door.document(diagnoses=[]))
    door.stages(validate)
    door.one(door.document(lines=[]))
    door.stages(validate)
    found = door.rows("SELECT state, reason FROM work_exception ORDER BY id")
    assert [state for state, _ in found] == ["RESOLVED", "OPEN"]
    assert found[0][1] != found[1][1]


@pytest.mark.parametrize("stages", [(), (validate,), (validate, bundle), (validate, bundle, render)])
def test_other_content_under_way_is_refused_and_changes_nothing(door, stages):
    door.one(door.document())
    door.stages(*stages)
    before = door.rows("SELECT id, state, content_sha256, document FROM claim"), door.events()
    receipt = door.one(door.document(**NOTED))
    assert receipt.outcome is REFUSED
    [problem] = receipt.problems
    assert (problem.code, problem.path) == ("INT01", "external_id")
    assert "replacement" in problem.cure
    assert (door.rows("SELECT id, state, content_sha256, document FROM claim"), door.events()) == before


def test_a_claim_that_was_withdrawn_before_it_left_may_be_corrected(door, monkeypatch):
    from pipeline.stages import render as stage

    monkeypatch.setattr(stage, "to_professional", lambda *_, **__: 1 / 0)
    door.one(door.document())
    door.stages(validate, bundle, render)
    assert door.claims() == [(1, "EDIT_FAILED")]
    monkeypatch.undo()
    assert door.one(door.document(**NOTED)).outcome is REDRAFTED
    door.stages(validate, bundle, render)
    assert door.claims() == [(1, "SUBMITTED")]
    assert door.rows("SELECT attempt, state FROM submission ORDER BY id") == [(1, "WITHDRAWN"), (2, "IN_FILE")]


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_replacement_of_what_went_out_is_a_version_under_the_same_number(door, frequency):
    first = door.one(door.document())
    door.stages(validate, bundle, render)
    wanted = door.document(frequency=frequency, payer_claim_number="ICN1")
    second = door.one(wanted)
    assert (second.outcome, second.clm01) == (STORED, first.clm01)
    assert second.claim_id != first.claim_id
    assert door.claims() == [(1, "SUBMITTED"), (2, "READY")]
    assert door.one(wanted).claim_id == second.claim_id
    assert door.one(content(wanted, **NOTED)).outcome is REDRAFTED
    assert door.claims() == [(1, "SUBMITTED"), (2, "READY")]
    door.stages(validate, bundle, render)
    assert door.one(content(wanted, **NOTED, payer_claim_number="ICN2")).outcome is STORED
    assert door.claims() == [(1, "SUBMITTED"), (2, "SUBMITTED"), (3, "READY")]


# -- refused documents ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("document", "codes"),
    [
        (b"", {"SHAPE-JSON"}),
        (b"{", {"SHAPE-JSON"}),
        (b"\xff\xfe", {"SHAPE-JSON"}),
        (b"[]", {"SHAPE-TYPE"}),
        (b"ISA*00*", {"SHAPE-JSON"}),
    ],
)
def test_what_is_no_claim_is_refused_and_not_stored(door, document, codes):
    receipt = door.one(document)
    assert receipt.outcome is REFUSED
    assert {problem.code for problem in receipt.problems} == codes
    assert all(problem.cure for problem in receipt.problems)
    assert door.claims() == []


def test_every_problem_of_a_document_is_told_at_once(door):
    claim = json.loads(door.document())
    del claim["payer"], claim["lines"][0]["charge_cents"]
    claim |= {"charge_cents": "much", "no_such_field": 1}
    receipt = door.one(json.dumps(claim).encode())
    assert {(p.path, p.code) for p in receipt.problems} == {
        ("payer", "SHAPE-MISSING"),
        ("lines[0].charge_cents", "SHAPE-MISSING"),
        ("charge_cents", "SHAPE-TYPE"),
        ("no_such_field", "SHAPE-UNKNOWN"),
    }
    assert door.claims() == []
    assert door.rows("SELECT 1 FROM due_work WHERE stage = 'take'") == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"frequency": "77"}, "frequency"),
        ({"frequency": "\0"}, "frequency"),
        ({"charge_cents": 10**30}, "charge_cents"),
        ({"patient_paid_cents": 10**30}, "patient_paid_cents"),
        ({"payer": {"name": "INVENTED", "payer_id": "A\0B", "filing_code": "CI"}}, "payer.payer_id"),
    ],
)
def test_what_no_column_can_hold_is_refused_and_does_not_stop_the_rest(door, change, path):
    bad, good = door.submit(door.document(**change), door.document(external_id="c2"))
    assert (bad.outcome, good.outcome) == (REFUSED, STORED)
    assert [(p.path, p.code) for p in bad.problems] == [(path, "INT03")]
    assert len(door.claims()) == 1


@pytest.mark.parametrize("external_id", ["a\0b", "Zoë ☂", "x" * 1000, "'; DROP TABLE claim; --"])
def test_any_text_may_be_an_id(door, external_id):
    assert door.one(door.document(external_id=external_id)).outcome is STORED
    assert door.one(door.document(external_id=external_id)).outcome is REPLAYED


def test_the_answers_come_in_the_order_of_the_documents(door):
    door.one(door.document(external_id="known"))
    receipts = door.submit(
        b"{", door.document(external_id="new"), door.document(external_id="known"), door.document(external_id="known2")
    )
    assert [(r.outcome, r.external_id) for r in receipts] == [
        (REFUSED, None), (STORED, "new"), (REPLAYED, "known"), (STORED, "known2"),
    ]  # fmt: skip


def test_nothing_sent_is_nothing_done(door):
    assert door.submit() == []


# -- twice in one request ---------------------------------------------------------------------------------------------
def test_the_same_claim_twice_in_a_request_is_stored_once(door):
    first, second = door.submit(door.document(), content(door.document()))
    assert (first.outcome, second.outcome) == (STORED, REPLAYED)
    assert (second.claim_id, second.clm01) == (first.claim_id, first.clm01)
    assert door.claims() == [(1, "READY")]


@pytest.mark.parametrize("known", [False, True])
def test_the_same_id_twice_with_other_content_is_refused_for_the_second(door, known):
    if known:
        door.one(door.document())
    first, second = door.submit(door.document(), door.document(**NOTED))
    assert (first.outcome, second.outcome) == (REPLAYED if known else STORED, REFUSED)
    assert [problem.code for problem in second.problems] == ["INT02"]
    assert door.one(door.document()).outcome is REPLAYED


def test_tenants_may_use_the_same_ids(product, door, neighbour):
    ours = door.one(door.document())
    [theirs] = intake.submit(product.context, neighbour, [door.document()], "test")
    assert theirs.outcome is STORED
    assert theirs.clm01 != ours.clm01


# -- drafts -----------------------------------------------------------------------------------------------------------
def test_a_draft_waits_for_its_event(door):
    receipt = door.one(door.document(), ready=False)
    assert door.claims() == [(1, "DRAFT")]
    assert intake.confirm(door.ctx, door.org, [receipt.claim_id], "event") == 1
    assert door.claims() == [(1, "READY")]
    assert intake.confirm(door.ctx, door.org, [receipt.claim_id, 10**9], "event") == 0
    assert door.events() == ["stored", "readied"]


def test_a_draft_whose_event_is_lost_is_due_after_the_lease_and_taken(door):
    door.one(door.document(), ready=False)
    [(due_in_s,)] = door.rows("SELECT extract(epoch FROM due_at - now()) FROM due_work WHERE stage = 'take'")
    assert 0 < due_in_s <= door.ctx.limits.lease_s
    door.stages()
    assert door.claims() == [(1, "READY")]
    assert door.rows("SELECT count(*) FROM lot") == [(1,)]


def test_nobody_confirms_the_claims_of_another(door, product, neighbour):
    receipt = door.one(door.document(), ready=False)
    assert intake.confirm(product.context, neighbour, [receipt.claim_id], "event") == 0
    assert door.claims() == [(1, "DRAFT")]


# -- at the same time -------------------------------------------------------------------------------------------------
def test_two_who_send_the_same_claims_at_once_store_each_once(door):
    documents = [door.document(external_id=f"c{n}") for n in range(20)]
    runs = [lambda order=order: door.submit(*order) for order in (documents, documents, documents[::-1])]
    answers = at_once(runs)
    assert all(answers), "nobody is turned away"
    receipts = [receipt for answer in answers for receipt in answer]
    assert sorted(r.outcome for r in receipts) == sorted([STORED] * 20 + [REPLAYED] * 40)
    assert len({(r.external_id, r.claim_id, r.clm01) for r in receipts}) == 20
    assert door.claims() == [(1, "READY")] * 20


def test_whoever_comes_a_moment_later_with_other_content_makes_a_new_draft_of_it(door):
    """The later one finds no claim when it looks, and one when it stores."""
    found = threading.Event()
    receipts = []

    def later():
        found.wait()
        receipts.append(door.one(door.document(**NOTED)))

    thread = threading.Thread(target=later)
    thread.start()
    with door.ctx.tenant(door.org, "test") as tx:
        from pipeline.domain.claim_reading import parse_claim

        [first] = intake._store(door.ctx, tx, [parse_claim(door.document())], ready=True)
        found.set()
        while not tx.value("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)"):
            pass
    thread.join()
    [second] = receipts
    assert (first.outcome, second.outcome) == (STORED, REDRAFTED)
    assert first.claim_id == second.claim_id
    assert door.claims() == [(1, "READY")]
