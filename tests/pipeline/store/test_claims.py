"""Claims at rest: sealed, found by the tenant's own id, dealt into lots once."""

import dataclasses
from datetime import date

import pytest

from pipeline.domain.forms import Form
from pipeline.store import claims
from pipeline.store.claims import NewClaim
from pipeline.store.crypto import SealBroken

CLAIM = NewClaim(
    external_id="a", form=Form.PROFESSIONAL, version=1, frequency="1", member_id="M1", content_sha256=b"1" * 32, payer_id="P", filing_code="MB",
    further_payers=0, charge_cents=12_345, patient_paid_cents=100, service_from=date(2026, 9, 1), document=b'{"patient": "JO DOE"}' * 30,
)  # fmt: skip


def new(**changes):
    return dataclasses.replace(CLAIM, **changes)


@pytest.fixture
def tx(product, org):
    with product.context.tenant(org, "test") as tx:
        yield tx


def test_what_is_stored_is_found_and_opens(tx):
    ids = claims.add(tx, [new(), new(external_id="b", document=b"{}")], ready=True)
    numbers = [tx.keys.claim_number(external) for external in "ab"]
    assert list(ids) == numbers
    found = claims.find(tx, ["b", "a", "no such id"])
    assert {external: (c.id, c.clm01, c.state, c.submitted) for external, c in found.items()} == {
        external: (ids[clm01], clm01, "READY", False) for external, clm01 in zip("ab", numbers, strict=True)
    }
    opened = claims.by_id(tx, list(ids.values()))
    assert [opened[i].document for i in ids.values()] == [CLAIM.document, b"{}"]
    assert b"DOE" not in bytes(tx.value("SELECT document FROM claim ORDER BY id LIMIT 1"))


def test_row_ids_follow_the_order_given(tx):
    externals = [f"claim {n}" for n in range(40)]
    ids = claims.add(tx, [new(external_id=e) for e in externals], ready=True)
    in_order = [ids[tx.keys.claim_number(e)] for e in externals]
    assert in_order == sorted(in_order)


@pytest.mark.parametrize(("ready", "state", "event"), [(True, "READY", "readied"), (False, "DRAFT", "stored")])
def test_a_claim_is_born_ready_or_as_a_draft_that_asked(tx, ready, state, event):
    claims.add(tx, [new()], ready=ready)
    row = tx.first("SELECT id, state, ready_requested_at FROM claim")
    assert (row.state, row.ready_requested_at is None) == (state, ready)
    assert tx.rows("SELECT event, state FROM history WHERE subject_id = :id", id=row.id) == [(event, state)]
    assert claims.asked_to_be_ready(tx) == ([] if ready else [row.id])
    assert claims.somebody_waits(tx)


def test_a_claim_that_is_there_already_stands(tx):
    first = claims.add(tx, [new()], ready=True)
    assert claims.add(tx, [new(charge_cents=1), new(external_id="b")], ready=True).keys() == {tx.keys.claim_number("b")}
    assert tx.value("SELECT charge_cents FROM claim WHERE id = :id", id=first[tx.keys.claim_number("a")]) == 12_345
    assert tx.value("SELECT count(*) FROM history") == 2


def test_nothing_to_add_or_find_is_nothing(tx):
    assert claims.add(tx, [], ready=True) == claims.find(tx, []) == claims.by_id(tx, []) == {}


def test_the_latest_version_is_the_one_that_is_found(tx):
    claims.add(tx, [new()], ready=True)
    ids = claims.add(tx, [new(version=2, frequency="7")], ready=True)
    found = claims.find(tx, ["a"])["a"]
    assert (found.version, found.id) == (2, ids[found.clm01])


def test_a_missing_member_id_is_none_and_not_a_blank_one(tx):
    claims.add(tx, [new(member_id=None), new(external_id="b", member_id="")], ready=True)
    found = [row.member_hmac for row in tx.rows("SELECT member_hmac FROM claim ORDER BY id")]
    assert found[0] is None
    assert found[1] is not None


def test_a_document_that_was_moved_does_not_open(tx):
    first, second = claims.add(tx, [new(), new(external_id="b")], ready=True).values()
    tx.run(
        "UPDATE claim SET document = (SELECT document FROM claim WHERE id = :from) WHERE id = :to",
        **{"from": first, "to": second},
    )
    opened = claims.by_id(tx, [first, second])
    assert opened[first].document == CLAIM.document
    with pytest.raises(SealBroken, match=f"claim.document of row {second}"):
        _ = opened[second].document


def test_lots_take_what_waits_in_order_and_once(tx):
    ids = list(claims.add(tx, [new(external_id=str(n)) for n in range(5)], ready=True).values())
    lot, taken = claims.take_lot(tx, 3)
    assert taken == sorted(ids)[:3]
    assert [d.id for d in claims.in_lot(tx, lot, "READY")] == taken
    assert list(claims.forms_in_lot(tx, lot, "READY")) == taken
    assert not claims.forms_in_lot(tx, lot, "VALIDATED")
    assert not claims.in_lot(tx, lot, "VALIDATED")
    other, rest = claims.take_lot(tx, 3)
    assert (other != lot, rest) == (True, sorted(ids)[3:])
    assert claims.take_lot(tx, 3) is None
    assert not claims.somebody_waits(tx)


def test_a_lot_is_locked_for_one(product, org, tx):
    claims.add(tx, [new()], ready=True)
    with product.context.tenant(org, "test") as other:
        assert not claims.lock_lot(other, 10**9)
    lot, _ = claims.take_lot(tx, 3)
    assert claims.lock_lot(tx, lot)


def test_new_content_replaces_a_draft_whole(tx):
    ids = claims.add(tx, [new()], ready=True)
    [claim_id] = ids.values()
    changed = new(content_sha256=b"2" * 32, payer_id="Q", charge_cents=1, patient_paid_cents=2, service_from=None,
                  member_id=None, frequency="8", document=b"{}")  # fmt: skip
    assert claims.replace_draft(tx, claim_id, changed)
    row = tx.first("SELECT * FROM claim")
    assert (bytes(row.content_sha256), row.payer_id, row.charge_cents, row.patient_paid_cents) == (b"2" * 32, "Q", 1, 2)
    assert (row.service_from, row.member_hmac, row.frequency, row.state) == (None, None, "8", "DRAFT")
    assert claims.by_id(tx, [claim_id])[claim_id].document == b"{}"


@pytest.mark.parametrize("setting", ["state = 'VALIDATED'", "state = 'SUBMITTED'", "state = 'PAID'", "lot_id = 1"])
def test_what_is_under_way_is_not_replaced(tx, setting):
    [claim_id] = claims.add(tx, [new()], ready=True).values()
    tx.run(f"UPDATE claim SET {setting}")
    assert not claims.replace_draft(tx, claim_id, new(charge_cents=1))
    assert tx.value("SELECT charge_cents FROM claim") == 12_345
