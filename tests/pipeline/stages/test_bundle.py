"""bundle: small sets, large files, numbers that are used once."""

from collections import Counter
from dataclasses import replace

import pytest

from pipeline.domain.errors import ConfigurationError
from pipeline.domain.mailbox import Mode
from pipeline.services import intake, setup
from pipeline.stages.bundle import bundle, exchange, file_name
from pipeline.stages.take import take
from pipeline.stages.validate import validate
from pipeline.store import tenants


@pytest.fixture
def validated(product, org, claim_document):
    """Makes a lot of claims that passed their edits."""

    def make(count, tenant=org, name="c", ctx=product.context):
        intake.submit(ctx, tenant, [claim_document(external_id=f"{name}{n}") for n in range(count)], "test")
        take(ctx, tenant, tenant)
        with ctx.tenant(tenant, "test") as tx:
            lot = tx.value("SELECT max(id) FROM lot")
        validate(ctx, tenant, lot)
        return lot

    return make


@pytest.fixture
def sizes(product, org):
    """Sets the mailbox's sizes."""

    def put(claims_per_set, claims_per_file):
        ctx = product.context
        with ctx.tenant(org, "test") as tx:
            [box] = tenants.mailboxes(tx, "clearinghouse")
        changed = box.profile.model_copy(update={"claims_per_set": claims_per_set, "claims_per_file": claims_per_file})
        setup.put_mailbox(ctx, org, "test", "clearinghouse", Mode.TEST, changed)

    return put


def rows(product, org, statement):
    with product.context.tenant(org, "test") as tx:
        return [tuple(row) for row in tx.rows(statement)]


PLACES = (
    "SELECT f.control_number, t.control_number AS st02, s.ordinal FROM submission s"
    " JOIN transaction_set t ON t.id = s.set_id JOIN outbound_file f ON f.id = s.file_id ORDER BY s.claim_id"
)


@pytest.mark.parametrize(
    ("count", "per_set", "per_file", "files"),
    [
        (7, 3, 100, [[3, 3, 1]]),
        (7, 3, 4, [[3, 1], [3]]),
        (3, 1, 1, [[1], [1], [1]]),
        (4, 2, 4, [[2, 2]]),
        (5, 10, 300, [[5]]),
    ],
)
def test_sets_and_files_hold_no_more_than_the_mailbox_says(
    product, org, validated, sizes, count, per_set, per_file, files
):
    sizes(per_set, per_file)
    bundle(product.context, org, validated(count))
    places = rows(product, org, PLACES)
    counted = Counter((isa, st) for isa, st, _ in places)
    wanted = {(isa, f"{st:04d}"): size for isa, sets in enumerate(files, 1) for st, size in enumerate(sets, 1)}
    assert counted == wanted
    assert rows(product, org, "SELECT claims FROM outbound_file ORDER BY control_number") == [
        (sum(sets),) for sets in files
    ]
    assert places == sorted(places), "claims stand in the order they came in"
    for place, size in wanted.items():
        assert [o for isa, st, o in places if (isa, st) == place] == list(range(size))


def test_what_is_bundled_has_names_numbers_and_history_but_no_bytes(product, org, validated):
    lot = validated(2)
    bundle(product.context, org, lot)
    columns = "kind, mode, exchange, control_number, name, lot_id, state, content, sha256, amount_cents"
    [file] = rows(product, org, f"SELECT {columns} FROM outbound_file")
    pair = "ZZ:SUBCOUNTY-E|ZZ:330897513"
    assert file == ("837P", "T", pair, 1, "OATEST_837P_000000001.txt", lot, "BUNDLED", None, None, 0)
    assert rows(product, org, "SELECT state FROM claim") == [("SUBMITTED",)] * 2
    assert rows(product, org, "SELECT state, attempt FROM submission") == [("IN_FILE", 1)] * 2
    events = rows(product, org, "SELECT subject_kind, event FROM history WHERE actor = 'system:bundle'")
    assert Counter(events) == {("file", "numbered"): 1, ("submission", "bundled"): 2, ("claim", "bundled"): 2}
    due = "SELECT stage FROM due_work WHERE stage IN ('bundle', 'render')"
    assert rows(product, org, due) == [("render",)]


def test_control_numbers_go_on_from_lot_to_lot(product, org, validated, sizes):
    sizes(1, 2)
    for name in "abc":
        bundle(product.context, org, validated(3, name=name))
    numbers = rows(product, org, "SELECT control_number, name FROM outbound_file ORDER BY id")
    assert [number for number, _ in numbers] == [1, 2, 3, 4, 5, 6]
    assert len({name for _, name in numbers}) == 6


def test_tenants_with_their_own_sender_count_apart(product, org, neighbour, validated):
    bundle(product.context, org, validated(1))
    bundle(product.context, neighbour, validated(1, tenant=neighbour))
    for tenant in (org, neighbour):
        assert rows(product, tenant, "SELECT control_number FROM outbound_file") == [(1,)]


def test_twice_places_nothing_more(product, org, validated):
    lot = validated(3)
    bundle(product.context, org, lot)
    before = rows(product, org, PLACES), rows(product, org, "SELECT id FROM history ORDER BY id")
    bundle(product.context, org, lot)
    assert (rows(product, org, PLACES), rows(product, org, "SELECT id FROM history ORDER BY id")) == before
    assert rows(product, org, "SELECT value FROM exchange_counter WHERE series LIKE 'isa:%'") == [(1,)]


def test_a_lot_in_which_nothing_passed_makes_no_file(product, org, claim_document):
    intake.submit(product.context, org, [claim_document(diagnoses=[])], "test")
    take(product.context, org, org)
    [(lot,)] = rows(product, org, "SELECT id FROM lot")
    validate(product.context, org, lot)
    bundle(product.context, org, lot)
    assert rows(product, org, "SELECT id FROM outbound_file") == []
    assert rows(product, org, "SELECT stage FROM due_work WHERE stage IN ('bundle', 'render')") == []


def test_without_a_clearinghouse_nothing_moves_and_a_person_is_told_what_to_do(product, org, validated):
    lot = validated(2)
    with product.context.tenant(org, "test") as tx:
        tx.run("DELETE FROM mailbox WHERE kind = 'clearinghouse'")
    with pytest.raises(ConfigurationError, match=r"no clearinghouse mailbox.*claimrail"):
        bundle(product.context, org, lot)
    assert rows(product, org, "SELECT state FROM claim") == [("VALIDATED",)] * 2
    assert rows(product, org, "SELECT subject_id FROM due_work WHERE stage = 'bundle'") == [(lot,)]


def test_a_failure_in_the_middle_leaves_nothing_and_uses_no_number(product, org, validated, monkeypatch):
    from pipeline.stages import bundle as stage

    lot = validated(2)
    monkeypatch.setattr(stage.files, "add_submissions", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bundle(product.context, org, lot)
    assert rows(product, org, "SELECT id FROM outbound_file") == []
    monkeypatch.undo()
    bundle(product.context, org, lot)
    assert rows(product, org, "SELECT control_number FROM outbound_file") == [(1,)]


@pytest.mark.parametrize(
    ("mode", "number", "name"),
    [
        (Mode.TEST, 1, "OATEST_837P_000000001.txt"),
        (Mode.PRODUCTION, 1, "837P_000000001.txt"),
        (Mode.PRODUCTION, 999_999_999, "837P_999999999.txt"),
    ],
)
def test_the_keyword_stands_in_the_names_of_test_files_alone(mode, number, name):
    assert file_name(mode, number, "837P") == name


def test_the_pair_is_sender_and_receiver_with_their_qualifiers(product, org):
    with product.context.tenant(org, "test") as tx:
        [box] = tenants.mailboxes(tx, "clearinghouse")
    other = replace(box, profile=box.profile.model_copy(update={"receiver_qualifier": "30"}))
    assert exchange(box.profile) != exchange(other.profile)
