"""Claims of both forms in one lot: files of their own, and each stage after that does with an 837I what it does with an 837P."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from x12_replies import at, reply

from edi.x12.sets import t835, t837i
from edi.x12.syntax.reader import read
from pipeline.domain.provider import BillingProviderFacts
from pipeline.services import intake
from pipeline.services.story import story
from pipeline.stages.bundle import bundle
from pipeline.stages.render import render
from pipeline.stages.take import take
from pipeline.stages.validate import validate
from pipeline.store import files, tenants

EXAMPLES = Path(__file__).parents[3] / "examples"
STAY, VISIT, OFFICE = "stay_hip_fracture", "emergency_chest_pain", "office_visit"


@pytest.fixture
def mixed(money, claim_document):
    """A lot of these examples, rendered; gives CLM01 by example."""

    def make(*names):
        documents = [claim_document(name, external_id=f"{name}-{place}") for place, name in enumerate(names)]
        receipts = intake.submit(money.ctx, money.org, documents, "test")
        take(money.ctx, money.org, money.org)
        [lot] = money.column("SELECT id FROM lot")
        for stage in (validate, bundle, render):
            stage(money.ctx, money.org, lot)
        return [one.clm01 for one in receipts]

    return make


def content(money, kind):
    with money.tx() as tx:
        return files.content(tx, tx.value("SELECT id FROM outbound_file WHERE kind = :kind", kind=kind))


def test_a_mixed_lot_leaves_in_a_file_a_form(money, mixed):
    numbers = mixed(OFFICE, STAY, OFFICE, VISIT)
    with money.tx() as tx:
        told = [
            tuple(row) for row in tx.rows("SELECT kind, name, control_number, claims FROM outbound_file ORDER BY id")
        ]
    assert told == [
        ("837P", "OATEST_837P_000000001.txt", 1, 2),
        ("837I", "OATEST_837I_000000002.txt", 2, 2),
    ]
    assert money.column("SELECT form FROM claim ORDER BY id") == ["P", "I", "P", "I"]
    [interchange] = read(content(money, "837I")).interchanges
    [group] = interchange.groups
    assert (group.functional_id, group.version) == ("HC", "005010X223A2")
    value, findings = t837i.read_set(group.sets[0])
    assert findings == []
    claims = [claim for one in value.billing[0].subscribers for claim in one.claims]
    assert [claim.patient_control_number for claim in claims] == [numbers[1], numbers[3]]
    assert value.reference == "000000002-0001"
    assert money.proof().balanced


def test_a_correction_may_be_of_the_other_form_while_nothing_has_left(money, claim_document):
    [first] = intake.submit(money.ctx, money.org, [claim_document(VISIT, external_id="one")], "test")
    [again] = intake.submit(money.ctx, money.org, [claim_document(OFFICE, external_id="one")], "test")
    assert (again.outcome, again.claim_id) == ("redrafted", first.claim_id)
    assert money.column("SELECT form FROM claim") == ["P"]


def test_what_has_left_is_replaced_in_its_own_form(money, mixed, claim_document):
    mixed(VISIT)
    given = {"frequency": "7", "payer_claim_number": "ICN1", "external_id": f"{VISIT}-0"}
    [other] = intake.submit(money.ctx, money.org, [claim_document(OFFICE, **given)], "test")
    assert (other.outcome, [one.code for one in other.problems]) == ("refused", ["INT04"])
    [own] = intake.submit(money.ctx, money.org, [claim_document(VISIT, **given)], "test")
    assert own.outcome == "stored"
    assert money.column("SELECT version FROM claim ORDER BY id") == [1, 2]


def test_an_institutional_claim_that_fails_is_told_with_its_places(money, claim_document):
    document = json.loads(claim_document(STAY))
    del document["admission_date"], document["admission_time"]
    document["lines"][1]["revenue_code"] = "25"
    intake.submit(money.ctx, money.org, [json.dumps(document).encode()], "test")
    take(money.ctx, money.org, money.org)
    validate(money.ctx, money.org, money.column("SELECT id FROM lot")[0])
    assert money.states("claim") == ["EDIT_FAILED"]
    [reason] = money.column("SELECT reason FROM work_exception")
    assert "INS03 at admission_date" in reason
    assert "INS31 at lines[1].revenue_code" in reason
    assert "Winterbourne" not in reason


def test_a_set_of_institutional_claims_is_taken_apart_as_any(flow, answers, edge, claim_document, monkeypatch):
    """The 999 names a claim by its segment; the others of the set go again, as 837I."""
    monkeypatch.setattr(edge, "document", lambda: claim_document(VISIT))
    claims, number = answers.out(3, claims_per_set=3)
    where = flow.position(number, claims[1].clm01)
    answers.come(reply(number, "R", ("0001", "R", [at(where, "HI")])))
    assert flow.states(claims) == ["VALIDATED", "REJECTED", "VALIDATED"]
    flow.go_on()
    kinds = [row.kind for row in edge.rows("SELECT kind FROM outbound_file ORDER BY id")]
    assert kinds == ["837I", "837I"]
    assert flow.states(claims) == ["SUBMITTED", "REJECTED", "SUBMITTED"]


# -- what the payer decides --------------------------------------------------------------------------------------------
def line(code, cents, paid, *, revenue=None, kind="HC", number=None, day=None):
    adjustments = [t835.Adjustment(group="CO", reason="45", amount_cents=cents - paid)] if cents != paid else []
    return t835.RemittanceLine(
        procedure=code, procedure_qualifier=kind, revenue_code=revenue, charge_cents=cents, paid_cents=paid,
        adjustments=adjustments, line_control_number=number, service_date=day,
    )  # fmt: skip


def decided(clm01, lines, facility="13"):
    return t835.RemittanceClaim(
        patient_control_number=clm01, status="1", charge_cents=sum(one.charge_cents for one in lines),
        paid_cents=sum(one.paid_cents for one in lines), filing_code="12", payer_control_number="ICN1",
        facility_code=facility, frequency="1", patient=t835.Name(last_name="DOE", first_name="JO"), lines=lines,
    )  # fmt: skip


def sent(money):
    with money.tx() as tx:
        tx.run("UPDATE outbound_file SET state = 'SENT'")


def test_a_stay_is_paid_by_its_revenue_codes_though_nobody_numbers_the_lines(money, mixed, claim_document):
    [clm01] = mixed(STAY)
    sent(money)
    lines = json.loads(claim_document(STAY))["lines"]
    told = [line(one["revenue_code"], one["charge_cents"], one["charge_cents"] // 2, kind="NU") for one in lines]
    money.remit(decided(clm01, told, "11"))
    assert money.states("claim") == ["PAID"]
    assert money.exceptions() == []
    assert money.proof().balanced


def test_a_stay_that_is_paid_by_its_group_has_no_lines_and_adds_up_all_the_same(money, mixed):
    """As payers tell what a DRG pays: adjustments of the claim, the patient's deductible, and no SVC."""
    [clm01] = mixed(STAY)
    sent(money)
    decision = decided(clm01, [], "11")
    decision.charge_cents, decision.paid_cents, decision.patient_responsibility_cents = 2_529_750, 1_100_000, 163_200
    decision.drg, decision.inpatient = "481", t835.Figures(counts={1: Decimal(4)}, amounts={4: 1_100_000})
    decision.adjustments = [
        t835.Adjustment(group="CO", reason="45", amount_cents=2_529_750 - 1_100_000 - 163_200),
        t835.Adjustment(group="PR", reason="1", amount_cents=163_200),
    ]
    money.remit(decision)
    assert money.states("claim") == ["PAID"]
    assert money.exceptions() == []
    assert money.proof().balanced


def test_a_stay_under_a_number_of_the_payers_own_is_found_by_its_signs(money, mixed, claim_document):
    mixed(STAY)
    sent(money)
    document = json.loads(claim_document(STAY))
    lines = document["lines"]
    decision = decided(
        "PAYEROWN1", [line(one["revenue_code"], one["charge_cents"], one["charge_cents"], kind="NU") for one in lines]
    )
    patient = document["patient"]
    decision.patient = t835.Name(
        last_name=patient["last_name"].upper(), first_name=patient["first_name"].upper(), identifier_kind="MI",
        identifier=patient["member_id"],
    )  # fmt: skip
    decision.service_date = date(2026, 10, 5)
    money.remit(decision)
    assert money.column("SELECT matched_by FROM remittance_claim") == ["score"]
    assert money.states("claim") == ["PAID"]
    assert money.exceptions() == []


def test_a_visit_is_paid_by_procedure_and_revenue_code_and_a_strange_one_is_told(money, mixed, claim_document):
    [clm01] = mixed(VISIT)
    sent(money)
    day = date(2026, 10, 12)
    told = [
        line(one.get("procedure") or one["revenue_code"], one["charge_cents"], one["charge_cents"], day=day,
             revenue=one["revenue_code"] if "procedure" in one else None, kind="HC" if "procedure" in one else "NU")
        for one in json.loads(claim_document(VISIT))["lines"]
    ]  # fmt: skip
    told[1].revenue_code = "0302"
    money.remit(decided(clm01, told))
    assert money.states("claim") == ["PAID"]
    assert money.exceptions() == ["unmatched_line"]
    [reason] = money.column("SELECT reason FROM work_exception")
    assert "line 2 (80053)" in reason


def test_the_story_of_a_stay_is_told_as_any_other(money, mixed):
    [clm01] = mixed(STAY)
    told = story(money.ctx, money.org, "ana", clm01)
    assert {"readied", "validated", "bundled"} <= {event.what for event in told.events}
    assert (told.bill_type, told.versions[-1].service_from) == ("111", date(2026, 10, 5))


def test_providers_of_a_tenant_bill_beside_each_other(money, claim_document):
    """A hospital's claim by its own number, in one set with that of the tenant's default provider."""
    hospital = BillingProviderFacts.model_validate_json((EXAMPLES / "hospital.json").read_bytes())
    details = hospital.model_dump_json(exclude_none=True).encode()
    with money.tx() as tx:
        tenants.add_billing_provider(tx, hospital.npi, details, valid_from=date(2020, 1, 1), is_default=False)
    documents = [
        claim_document(VISIT, external_id="a"),
        claim_document(VISIT, external_id="b", billing_provider_npi=hospital.npi),
    ]
    intake.submit(money.ctx, money.org, documents, "test")
    take(money.ctx, money.org, money.org)
    for stage in (validate, bundle, render):
        stage(money.ctx, money.org, money.column("SELECT id FROM lot")[0])
    value, _ = t837i.read_set(read(content(money, "837I")).sets[0])
    assert [one.taxonomy for one in value.billing if one.npi == hospital.npi] == ["282N00000X"]
    assert len(value.billing) == 2
