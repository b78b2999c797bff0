"""validate: all findings at once, each claim for itself."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.rules.payers import FILE, read
from pipeline.services import intake
from pipeline.stages import validate as stage
from pipeline.stages.take import take
from pipeline.stages.validate import validate

ROOT = Path(__file__).parents[3]


@pytest.fixture
def lot(product, org, claim_document):
    """Makes a lot of claims, each a change of one example; gives lot id and claim ids."""

    def make(*changes):
        documents = [claim_document(**{"external_id": f"c{n}", **change}) for n, change in enumerate(changes)]
        receipts = intake.submit(product.context, org, documents, "test")
        take(product.context, org, org)
        with product.context.tenant(org, "test") as tx:
            return tx.value("SELECT max(id) FROM lot"), [receipt.claim_id for receipt in receipts]

    return make


def rows(product, org, statement, **parameters):
    with product.context.tenant(org, "test") as tx:
        return [tuple(row) for row in tx.rows(statement, **parameters)]


def states(product, org):
    return [state for [state] in rows(product, org, "SELECT state FROM claim ORDER BY id")]


def findings(product, org, claim_id):
    with product.context.tenant(org, "test") as tx:
        row = tx.first("SELECT id, findings FROM work_exception WHERE subject_id = :id AND state = 'OPEN'", id=claim_id)
        return json.loads(tx.keys.open("work_exception", "findings", row.id, bytes(row.findings)))


WRONG = {"diagnoses": [], "charge_cents": 1, "place_of_service": "ZZ"}


def test_clean_claims_go_on_and_the_others_to_a_person(product, org, lot):
    lot_id, ids = lot({}, WRONG, {})
    validate(product.context, org, lot_id)
    assert states(product, org) == ["VALIDATED", "EDIT_FAILED", "VALIDATED"]
    assert rows(product, org, "SELECT lot_id FROM claim ORDER BY id") == [(lot_id,), (None,), (lot_id,)]
    told = "SELECT type, subject_kind, subject_id, state FROM work_exception"
    assert rows(product, org, told) == [("edit_failed", "claim", ids[1], "OPEN")]
    due = "SELECT stage FROM due_work WHERE subject_id = :lot AND stage IN ('validate', 'bundle')"
    assert rows(product, org, due, lot=lot_id) == [("bundle",)]


def test_every_finding_is_told_at_once_with_place_code_and_cure(product, org, lot):
    lot_id, [claim_id] = lot(WRONG)
    validate(product.context, org, lot_id)
    found = findings(product, org, claim_id)
    assert {"diagnoses", "charge_cents", "place_of_service"} <= {finding["path"] for finding in found}
    assert all(finding["code"] and finding["message"] and finding["cure"] for finding in found)


def test_the_findings_are_sealed_and_no_value_stands_in_clear(product, org, lot, claim_document):
    lot_id, [claim_id] = lot({**WRONG, "note": "INVENTEDNOTE ☂"})
    validate(product.context, org, lot_id)
    [(sealed, reason)] = rows(product, org, "SELECT findings, reason FROM work_exception")
    patient = json.loads(claim_document())["patient"]
    for value in ("INVENTEDNOTE", patient["last_name"], patient["member_id"]):
        assert value not in reason
    assert b"diagnoses" not in bytes(sealed)
    [(detail,)] = rows(product, org, "SELECT detail FROM history WHERE event = 'edits_failed'")
    assert {f["code"] for f in findings(product, org, claim_id) if f["severity"] == "error"} == set(detail.split(", "))


def test_what_a_claim_that_goes_on_is_warned_of_stands_in_its_history(product, org, lot):
    paid_too_much = {"patient_paid_cents": 10**6}
    lot_id, ids = lot({}, paid_too_much, {**WRONG, **paid_too_much})
    validate(product.context, org, lot_id)
    assert states(product, org) == ["VALIDATED", "VALIDATED", "EDIT_FAILED"]
    kept = "SELECT subject_id, detail FROM history WHERE event = 'validated' ORDER BY subject_id"
    assert rows(product, org, kept) == [(ids[0], None), (ids[1], "1 warning: MON06 at patient_paid_cents")]
    assert rows(product, org, "SELECT subject_id FROM work_exception") == [(ids[2],)], "a warning is nobody's work"
    assert "MON06" in {f["code"] for f in findings(product, org, ids[2]) if f["severity"] == "warning"}


def test_twice_changes_nothing_more(product, org, lot):
    lot_id, _ = lot({}, WRONG)
    validate(product.context, org, lot_id)
    before = rows(product, org, "SELECT * FROM history ORDER BY id"), rows(product, org, "SELECT * FROM work_exception")
    validate(product.context, org, lot_id)
    assert (
        rows(product, org, "SELECT * FROM history ORDER BY id"),
        rows(product, org, "SELECT * FROM work_exception"),
    ) == before


def test_a_poisonous_claim_is_set_aside_and_the_others_go_on(product, org, lot, monkeypatch):
    lot_id, ids = lot({}, {"patient_paid_cents": 666}, {}, WRONG)
    check = stage.check

    def poisoned(claim, *rest):
        if claim.patient_paid_cents == 666:
            raise RuntimeError("about JO DOE")
        return check(claim, *rest)

    monkeypatch.setattr(stage, "check", poisoned)
    validate(product.context, org, lot_id)
    assert states(product, org) == ["VALIDATED", "SET_ASIDE", "VALIDATED", "EDIT_FAILED"]
    [(subject, reason)] = rows(
        product, org, "SELECT subject_id, reason FROM work_exception WHERE type = 'internal_error'"
    )
    assert subject == ids[1]
    assert "RuntimeError" in reason
    assert "DOE" not in reason

    monkeypatch.undo()
    intake.confirm(product.context, org, [ids[1]], "ana")
    take(product.context, org, org)
    for [lot_id] in rows(product, org, "SELECT id FROM lot"):
        validate(product.context, org, lot_id)
    assert states(product, org) == ["VALIDATED", "VALIDATED", "VALIDATED", "EDIT_FAILED"]
    settled = "SELECT state FROM work_exception WHERE type = 'internal_error'"
    assert rows(product, org, settled) == [("RESOLVED",)]


def test_a_claim_whose_seal_is_broken_is_set_aside_and_the_others_go_on(product, org, lot):
    lot_id, ids = lot({}, {}, {})
    with product.context.tenant(org, "test") as tx:
        tx.run("UPDATE claim SET document = substr(document, 1, 40) WHERE id = :id", id=ids[1])
    validate(product.context, org, lot_id)
    assert states(product, org) == ["VALIDATED", "SET_ASIDE", "VALIDATED"]


def test_a_claim_that_failed_may_be_tried_again_as_it_is(product, org, lot):
    """What was wrong may have been ours: here the billing provider was not known yet."""
    with product.context.tenant(org, "test") as tx:
        tx.run("UPDATE billing_provider SET valid_from = '2100-01-01'")
    lot_id, ids = lot({})
    validate(product.context, org, lot_id)
    assert [f["code"] for f in findings(product, org, ids[0])] == ["PRV01"]
    with product.context.tenant(org, "test") as tx:
        tx.run("UPDATE billing_provider SET valid_from = '2000-01-01'")
    assert intake.confirm(product.context, org, ids, "ana") == 1
    take(product.context, org, org)
    for [lot_id] in rows(product, org, "SELECT id FROM lot"):
        validate(product.context, org, lot_id)
    assert states(product, org) == ["VALIDATED"]
    assert rows(product, org, "SELECT state FROM work_exception") == [("RESOLVED",)]


def test_a_lot_that_another_worker_has_is_left_to_it(product, org, lot):
    lot_id, _ = lot({})
    with product.context.tenant(org, "other") as tx:
        tx.value("SELECT id FROM lot WHERE id = :id FOR UPDATE", id=lot_id)
        validate(product.context, org, lot_id)
    assert states(product, org) == ["READY"]


def test_a_lot_of_nobody_is_no_lot(product, org, neighbour, lot):
    lot_id, _ = lot({})
    validate(product.context, neighbour, lot_id)
    validate(product.context, org, 10**9)
    assert states(product, org) == ["READY"]


def test_the_day_is_the_business_day(product, org, lot, tmp_path):
    """A service of next month is refused today and billed then."""
    from datetime import timedelta

    ctx = product.context
    day = (ctx.today() + timedelta(days=30)).isoformat()
    document = json.loads(intake_document(product, org, lot, day))
    lot_id, _ = lot({"lines": document["lines"]})
    validate(ctx, org, lot_id)
    assert states(product, org) == ["EDIT_FAILED"]
    ctx.clock.advance(31 * 86400)
    lot_id, _ = lot({"external_id": "later", "lines": document["lines"]})
    validate(ctx, org, lot_id)
    assert states(product, org) == ["EDIT_FAILED", "VALIDATED"]


def intake_document(product, org, lot, day):
    from pathlib import Path

    examples = Path(__file__).parents[3] / "examples" / "claims"
    claim = json.loads((examples / "office_visit_established.json").read_text())
    for line in claim["lines"]:
        line["service_date"] = day
    return json.dumps(claim)


def test_a_claim_is_judged_by_its_payers_rules_on_its_first_day(product, org, claim_document, tmp_path):
    """Tenths of a mile until a day, whole miles from then on; the day is that of the service."""
    row = "{},*,{},{},{},0,yes,no,no,1,,,,,"
    (tmp_path / FILE).write_text(
        "\n".join(
            (
                (ROOT / "pipeline" / "rules" / FILE).read_text().splitlines()[0],
                row.format("*", "", "", "tenths"),
                row.format("20MC1", "2026-09-14", "", "whole"),
            )
        )
    )
    ctx = replace(product.context, payers=read(tmp_path))
    fall = json.loads(claim_document("bls_fall_at_home"))
    for payer, day in (("20MC1", "2026-09-13"), ("20MC1", "2026-09-14"), ("30CI1", "2026-09-14")):
        lines = [{**line, "service_date": day} for line in fall["lines"]]
        document = {
            **fall,
            "external_id": f"{payer}-{day}",
            "accident_date": day,
            "lines": lines,
            "payer": {**fall["payer"], "payer_id": payer},
        }
        intake.submit(ctx, org, [json.dumps(document).encode()], "test")
    take(ctx, org, org)
    for [lot_id] in rows(product, org, "SELECT id FROM lot"):
        validate(ctx, org, lot_id)
    assert states(product, org) == ["VALIDATED", "EDIT_FAILED", "VALIDATED"]
    assert rows(product, org, "SELECT detail FROM history WHERE event = 'edits_failed'") == [("AMB07",)]


@pytest.mark.parametrize("lot_size", [1, 2])
def test_a_lot_is_judged_whole_whatever_its_size(product, org, claim_document, lot_size):
    ctx = replace(product.context, limits=replace(product.context.limits, lot_size=lot_size))
    intake.submit(ctx, org, [claim_document(external_id=f"c{n}") for n in range(4)], "test")
    take(ctx, org, org)
    for [lot_id] in rows(product, org, "SELECT id FROM lot"):
        validate(ctx, org, lot_id)
    assert states(product, org) == ["VALIDATED"] * 4
