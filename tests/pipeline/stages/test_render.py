"""render: exact bytes, stored with their hash; one claim that cannot be written never keeps the others."""

import hashlib
import json
from datetime import timedelta

import pytest

from edi.errors import NotRepresentable
from edi.findings import Finding, Place, Severity
from edi.x12.sets import t837p
from edi.x12.syntax.reader import read
from pipeline.domain.errors import ConfigurationError
from pipeline.domain.mailbox import Mode
from pipeline.domain.provider import BillingProviderFacts
from pipeline.services import intake, setup
from pipeline.stages import render as stage
from pipeline.stages.bundle import bundle
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.validate import validate
from pipeline.store import files, tenants

OTHER_NPI = "1234567893"


class Way:
    """One tenant's claims as far as BUNDLED, rendered when the test says so."""

    def __init__(self, product, org, document):
        self.ctx, self.org, self._document = product.context, org, document

    def bundled(self, *changes, name="office_visit"):
        documents = [self._document(name, **{"external_id": f"c{n}", **change}) for n, change in enumerate(changes)]
        receipts = intake.submit(self.ctx, self.org, documents, "test")
        take(self.ctx, self.org, self.org)
        [lot] = self.rows("SELECT max(id) FROM lot")[0]
        validate(self.ctx, self.org, lot)
        bundle(self.ctx, self.org, lot)
        assert self.states() == ["SUBMITTED"] * len(changes), "the claims of the test must pass the edits"
        self.lot = lot
        return receipts

    def render(self):
        render(self.ctx, self.org, self.lot)

    def rows(self, statement, **parameters):
        with self.ctx.tenant(self.org, "test") as tx:
            return [tuple(row) for row in tx.rows(statement, **parameters)]

    def states(self, table="claim"):
        return [state for [state] in self.rows(f"SELECT state FROM {table} ORDER BY id")]

    def content(self):
        [(file_id,)] = self.rows("SELECT id FROM outbound_file")
        with self.ctx.tenant(self.org, "test") as tx:
            return files.content(tx, file_id)

    def sets(self):
        """The file as our own reader has it, without a finding."""
        document = read(self.content())
        assert document.findings == []
        [interchange] = document.interchanges
        [group] = interchange.groups
        assert interchange.complete
        return interchange, group, group.sets

    def sizes(self, claims_per_set):
        with self.ctx.tenant(self.org, "test") as tx:
            [box] = tenants.mailboxes(tx, "clearinghouse")
        changed = box.profile.model_copy(update={"claims_per_set": claims_per_set})
        setup.put_mailbox(self.ctx, self.org, "test", "clearinghouse", Mode.TEST, changed)


@pytest.fixture
def way(product, org, claim_document):
    return Way(product, org, claim_document)


@pytest.fixture
def unwritable(monkeypatch):
    """Makes a claim of so many patient-paid cents one that cannot be written."""

    def put(cents, error):
        whole = stage.to_professional

        def broken(claims, **rest):
            if any(claim.patient_paid_cents == cents for _, claim in claims):
                raise error
            return whole(claims, **rest)

        monkeypatch.setattr(stage, "to_professional", broken)

    return put


def test_a_file_reads_back_without_a_finding_and_holds_every_claim(way):
    receipts = way.bundled({}, {}, {})
    way.render()
    interchange, group, sets = way.sets()
    assert (interchange.usage, interchange.control_number, interchange.sender_id) == ("T", "000000001", "SUBCOUNTY-E")
    assert (group.functional_id, int(group.control_number), group.version) == ("HC", 1, "005010X222A1")
    found = [claim for ts in sets for claim in _claims(ts)]
    assert [claim.patient_control_number for claim in found] == [receipt.clm01 for receipt in receipts]
    assert all(
        line.line_control_number == f"{c.patient_control_number}L{line.number}" for c in found for line in c.lines
    )


def test_bytes_hash_size_and_amount_are_stored_before_anything_leaves(way, outside):
    way.bundled({}, {})
    way.render()
    data = way.content()
    [(state, sha, size, amount, sealed)] = way.rows(
        "SELECT state, sha256, size, amount_cents, content FROM outbound_file"
    )
    [(charges,)] = way.rows("SELECT sum(charge_cents) FROM claim")
    assert (state, bytes(sha), size, amount) == ("RESERVED", hashlib.sha256(data).digest(), len(data), charges)
    assert b"CLM*" not in bytes(sealed)
    assert outside["oa"].list("inbound") == []
    [(file_id,)] = way.rows("SELECT id FROM outbound_file")
    assert way.rows("SELECT subject_id FROM due_work WHERE stage = 'upload'") == [(file_id,)]
    assert way.rows("SELECT stage FROM due_work WHERE stage = 'render'") == []


def test_bytes_that_changed_are_never_handed_out(way):
    way.bundled({})
    way.render()
    with way.ctx.tenant(way.org, "test") as tx:
        tx.run("UPDATE outbound_file SET sha256 = :other", other=bytes(32))
    with pytest.raises(ValueError, match="do not match"):
        way.content()


def test_twice_gives_the_same_bytes(way):
    way.bundled({}, {})
    way.render()
    data, events = way.content(), way.rows("SELECT id FROM history ORDER BY id")
    way.ctx.clock.advance(86400)
    way.render()
    assert way.content() == data
    assert way.rows("SELECT id FROM history ORDER BY id") == events


def test_the_reference_of_a_set_is_the_interchanges_number_and_its_own(way):
    way.sizes(1)
    way.bundled({}, {})
    way.render()
    _, _, sets = way.sets()
    assert [ts.control_number for ts in sets] == ["0001", "0002"]
    assert [ts.segments[1][3] for ts in sets] == ["000000001-0001", "000000001-0002"]


def test_the_time_on_the_file_is_business_time(way):
    way.ctx.clock.advance(5 * 86400)
    way.bundled({})
    way.render()
    interchange, _, _ = way.sets()
    assert interchange.date == way.ctx.today().strftime("%y%m%d")


@pytest.mark.parametrize("name", ["office_visit", "als1_chest", "bls_dialysis_round"])
@pytest.mark.parametrize("per_set", [1, 3])
def test_the_ranges_lead_from_a_segments_number_to_its_claim(way, name, per_set):
    way.sizes(per_set)
    way.bundled({}, {}, {}, {}, name=name)
    way.render()
    _, _, sets = way.sets()
    by_control = {ts.control_number: ts for ts in sets}
    places = way.rows(
        "SELECT t.control_number, t.ranges, s.ordinal, c.clm01 FROM submission s"
        " JOIN transaction_set t ON t.id = s.set_id JOIN claim c ON c.id = s.claim_id ORDER BY s.id"
    )
    assert len(places) == 4
    for control, ranges, ordinal, clm01 in places:
        first, last = ranges[2 * ordinal : 2 * ordinal + 2]
        within = by_control[control].segments[first - 1 : last]
        assert [segment[1] for segment in within if segment[0] == "CLM"] == [clm01]
        assert [segment[2] for segment in within if segment[:2] == ["REF", "6R"]] == [
            f"{clm01}L{n}" for n in range(1, 1 + sum(segment[0] == "LX" for segment in within))
        ]


# -- claims that cannot be written ------------------------------------------------------------------------------------
TOO_LONG = Finding(
    severity=Severity.ERROR, code="X-LEN", message="too long", cure="shorten it", place=Place(segment="NM1", element=3)
)
REFUSALS = [(ValueError("about JO DOE"), "ValueError", 0), (NotRepresentable(TOO_LONG), "X-LEN", 1)]


@pytest.mark.parametrize(("error", "told", "findings"), REFUSALS, ids=["a bug", "a value that does not fit"])
@pytest.mark.parametrize("per_set", [1, 3])
def test_a_claim_that_cannot_be_written_is_withdrawn_and_the_rest_goes_on(
    way, unwritable, error, told, findings, per_set
):
    way.sizes(per_set)
    receipts = way.bundled({}, {"patient_paid_cents": 66}, {}, {})
    unwritable(66, error)
    way.render()
    assert way.states() == ["SUBMITTED", "EDIT_FAILED", "SUBMITTED", "SUBMITTED"]
    assert way.states("submission") == ["IN_FILE", "WITHDRAWN", "IN_FILE", "IN_FILE"]
    assert way.states("outbound_file") == ["RESERVED"]
    bad = receipts.pop(1)
    _, _, sets = way.sets()
    found = [claim.patient_control_number for ts in sets for claim in _claims(ts)]
    assert found == [receipt.clm01 for receipt in receipts]
    [(kind, subject, reason, sealed)] = way.rows("SELECT type, subject_id, reason, findings FROM work_exception")
    assert (kind, subject) == ("edit_failed", bad.claim_id)
    assert told in reason
    assert "DOE" not in reason
    assert (sealed is not None) == bool(findings)
    assert way.rows("SELECT lot_id FROM claim WHERE id = :id", id=bad.claim_id) == [(None,)]


def test_a_withdrawn_claim_is_not_billed_and_leaves_no_range(way, unwritable):
    receipts = way.bundled({}, {"patient_paid_cents": 66}, {})
    unwritable(66, ValueError())
    way.render()
    billed = {row for [row] in way.rows("SELECT source_id FROM journal WHERE source_kind = 'claim'")}
    assert billed == {receipts[0].claim_id, receipts[2].claim_id}
    [(ranges,)] = way.rows("SELECT ranges FROM transaction_set")
    assert ranges[2:4] == [0, 0]
    assert all(number > 0 for number in ranges[:2] + ranges[4:])


def test_a_file_of_which_nothing_can_be_written_is_voided(way, unwritable):
    way.bundled({"patient_paid_cents": 66}, {"patient_paid_cents": 66})
    unwritable(66, ValueError())
    way.render()
    assert way.states("outbound_file") == ["VOIDED"]
    assert way.states() == ["EDIT_FAILED"] * 2
    assert way.rows("SELECT content FROM outbound_file") == [(None,)]
    assert way.rows("SELECT id FROM journal") == []
    assert way.rows("SELECT stage FROM due_work WHERE stage IN ('render', 'upload')") == []


def test_a_claim_whose_seal_is_broken_is_withdrawn(way):
    receipts = way.bundled({}, {})
    with way.ctx.tenant(way.org, "test") as tx:
        tx.run("UPDATE claim SET document = substr(document, 1, 50) WHERE id = :id", id=receipts[0].claim_id)
    way.render()
    assert way.states() == ["EDIT_FAILED", "SUBMITTED"]


def test_a_claim_whose_provider_is_gone_is_withdrawn_with_that_reason(way):
    add_provider(way)
    way.bundled({}, {"billing_provider_npi": OTHER_NPI})
    with way.ctx.tenant(way.org, "test") as tx:
        tx.run("UPDATE billing_provider SET valid_to = '2001-01-01' WHERE npi = :npi", npi=OTHER_NPI)
    way.render()
    assert way.states() == ["SUBMITTED", "EDIT_FAILED"]
    [(reason,)] = way.rows("SELECT reason FROM work_exception")
    assert "PRV01" in reason


def test_what_a_strict_reader_would_refuse_is_withdrawn_with_its_place(way, claim_document):
    """Every set is read again and judged: here for a reason that is on no list of adjustment reasons."""
    sound = json.loads(claim_document("second_payer_after_medicare"))
    payer = sound["other_payers"][0]
    line = sound["lines"][0]["adjudications"][0]
    line["adjustments"][0]["reason"] = "9999"
    way.sizes(2)
    way.bundled({"lines": sound["lines"], "other_payers": [payer]}, {}, name="second_payer_after_medicare")
    way.render()
    assert way.states() == ["EDIT_FAILED", "SUBMITTED"]
    [(reason,)] = way.rows("SELECT reason FROM work_exception")
    assert "X837-CARC" in reason
    assert "loop 2430" in reason
    assert "9999" not in reason


# -- what all claims of a file have in common -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [{"submitter_id": "X" * 81}, {"submitter_name": "名前"}, {"sender_id": "X" * 16}, {"receiver_name": "名前"}],
    ids=["submitter id", "submitter name", "sender id", "receiver name"],
)
def test_what_is_wrong_with_the_mailbox_is_held_against_no_claim(way, change):
    way.bundled({}, {})
    with way.ctx.tenant(way.org, "test") as tx:
        [box] = tenants.mailboxes(tx, "clearinghouse")
        tenants.put_mailbox(tx, box.name, box.mode, box.profile.model_copy(update=change), enabled=True)
    with pytest.raises(ConfigurationError, match="mailbox"):
        way.render()
    assert way.states() == ["SUBMITTED"] * 2
    assert way.states("outbound_file") == ["BUNDLED"]
    assert way.rows("SELECT type FROM work_exception") == []
    with way.ctx.tenant(way.org, "test") as tx:
        tenants.put_mailbox(tx, box.name, box.mode, box.profile, enabled=True)
    way.render()
    assert way.states("outbound_file") == ["RESERVED"]


def add_provider(way):
    from pathlib import Path

    facts = json.loads((Path(__file__).parents[3] / "examples" / "provider.json").read_text())
    other = {**facts, "npi": OTHER_NPI, "name": "Another Invented Clinic"}
    with way.ctx.tenant(way.org, "test") as tx:
        tenants.add_billing_provider(
            tx, OTHER_NPI, BillingProviderFacts.model_validate(other | {"address": facts["address"]}).model_dump_json().encode(),
            valid_from=way.ctx.today() - timedelta(days=4000), is_default=False,
        )  # fmt: skip


def test_several_billing_providers_stand_in_one_set_each_with_its_claims(way):
    add_provider(way)
    receipts = way.bundled({}, {"billing_provider_npi": OTHER_NPI}, {}, {"billing_provider_npi": OTHER_NPI})
    way.render()
    _, _, [ts] = way.sets()
    value, _ = t837p.read_set(ts)
    found = {p.npi: [c.patient_control_number for s in p.subscribers for c in s.claims] for p in value.billing}
    numbers = [receipt.clm01 for receipt in receipts]
    assert {tuple(claims) for claims in found.values()} == {(numbers[0], numbers[2]), (numbers[1], numbers[3])}
    assert found[OTHER_NPI] == [numbers[1], numbers[3]]
    [(ranges,)] = way.rows("SELECT ranges FROM transaction_set")
    for ordinal, number in enumerate(numbers):
        within = ts.segments[ranges[2 * ordinal] - 1 : ranges[2 * ordinal + 1]]
        assert [segment[1] for segment in within if segment[0] == "CLM"] == [number]


def test_a_lot_that_another_worker_has_is_left_to_it(way):
    way.bundled({})
    with way.ctx.tenant(way.org, "other") as tx:
        tx.value("SELECT id FROM lot WHERE id = :id FOR UPDATE", id=way.lot)
        way.render()
    assert way.states("outbound_file") == ["BUNDLED"]


def _claims(ts):
    value, findings = t837p.read_set(ts)
    assert findings == []
    return [
        claim
        for provider in value.billing
        for subscriber in provider.subscribers
        for holder in (subscriber, *subscriber.patients)
        for claim in holder.claims
    ]
