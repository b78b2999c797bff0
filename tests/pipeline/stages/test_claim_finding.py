"""A decision without a number we know finds its claim by line numbers or signs; close calls find none."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from edi.x12.sets import t835
from pipeline.mapping.claim_to_837p import claim_of_line, line_control_number
from pipeline.stages.claim_finding import find, rankings
from pipeline.stages.ingest import ingest
from pipeline.stages.upload import upload
from pipeline.store import claims as store
from pipeline.store import remittances
from pipeline.store.crypto import SealBroken

DAY = date(2026, 9, 15)


@pytest.fixture
def out(money, claim_document):
    """Claims of the patient of the example that have left, with some fields changed, one for each of `changes`."""

    def send(*changes):
        document = json.loads(claim_document())
        sent = []
        for changed in changes or ({},):
            patient = {**document["patient"], **changed.get("patient", {})}
            sent += money.claims(1, claim_document, **{**changed, "patient": patient})
        for file_id in money.column("SELECT id FROM outbound_file WHERE state = 'RESERVED'"):
            upload(money.ctx, money.org, file_id)
        return sent

    return send


@pytest.fixture
def told(decide, claim_document):
    """A decision whose numbers are the payer's own; the rest is the example's unless told."""

    def make(charge=14_500, numbers=(None,), first="PAUL", last="MERRIWEATHER", clm01="4711", day=DAY, **more):
        member = more.pop("member", json.loads(claim_document())["patient"]["member_id"])
        claim = decide(None, charge, charge=charge, clm01=clm01, payer_number="ICN9", **more)
        line = replace(claim.lines[0], procedure="99213", service_date=day)
        each = [charge // len(numbers)] * len(numbers)
        each[0] += charge - sum(each)
        claim.lines = [
            replace(line, charge_cents=cents, paid_cents=cents, line_control_number=number)
            for number, cents in zip(numbers, each, strict=True)
        ]
        claim.patient = t835.Name(
            last_name=last, first_name=first, identifier_kind="MI" if member else None, identifier=member
        )
        return claim

    return make


@pytest.fixture
def read(money):
    """Takes a remittance of these decisions in, and gives them as posting reads them."""

    def take(*decisions, trace="T1", **more):
        file_id = money.store("x12:835", money.era(*decisions, trace=trace, **more))
        ingest(money.ctx, money.org, file_id)
        with money.tx() as tx:
            [remittance_id] = remittances.in_state(tx, file_id, "RECEIVED")
            return remittances.decisions(tx, remittance_id)

    return take


def found(money, rows, taken=()):
    with money.tx() as tx:
        return {key: (one.claim_id, one.matched_by) for key, one in find(tx, rows, taken).items()}


# -- line numbers ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", ["C0123456789ABCL1", "C0123456789ABCL50", " c0123456789abcl7 "])
def test_our_line_numbers_tell_the_claim(number):
    assert claim_of_line(number) == "C0123456789ABC"
    assert claim_of_line(line_control_number("C0123456789ABC", 12)) == "C0123456789ABC"


@pytest.mark.parametrize(
    "number", ["", "1", "C0123456789ABC", "C0123456789ABCL0", "C0123456789ABCL1000", "XC0123456789ABCL1"]
)
def test_others_tell_none(number):
    assert claim_of_line(number) is None


def test_a_line_number_finds_the_claim_among_its_like(money, out, told, read):
    one, two = out({}, {})
    rows = read(told(numbers=(f"{two.clm01}L1",), member=None, first="X", last="Y"))
    assert found(money, rows) == {rows[0].id: (two.id, "line_number")}
    with money.tx() as tx:
        [hit] = find(tx, rows).values()
    assert (hit.clm01, hit.score) == (two.clm01, None)
    assert one.id != two.id


def test_lines_of_two_claims_find_none(money, out, told, read):
    one, two = out({}, {})
    assert found(money, read(told(numbers=(f"{one.clm01}L1", f"{two.clm01}L1")))) == {}


def test_a_line_number_of_a_claim_that_has_not_left_finds_none(money, claim_document, told, read):
    [claim] = money.claims(1, claim_document)
    assert found(money, read(told(numbers=(f"{claim.clm01}L1",)))) == {}


def test_of_the_versions_that_a_line_number_names_the_one_of_this_charge_is_meant(money, out, told, read):
    [claim] = out({})
    with money.tx() as tx:
        tx.run(
            "INSERT INTO claim (org_id, clm01, version, frequency, external_hmac, index_key_id, content_sha256, state,"
            " payer_id, charge_cents, patient_paid_cents, document) SELECT org_id, clm01, 2, '7', external_hmac,"
            " index_key_id, content_sha256, state, payer_id, 9900, 0, document FROM claim"
        )
        second = tx.value("SELECT max(id) FROM claim")
        tx.run(
            "INSERT INTO submission (org_id, claim_id, file_id, set_id, ordinal, attempt, state)"
            " SELECT org_id, :id, file_id, set_id, 1, 1, state FROM submission",
            id=second,
        )
    number = f"{claim.clm01}L1"
    rows = read(told(numbers=(number,)), told(9_900, numbers=(number,)), told(5_000, numbers=(number,)))
    assert [one for one, _ in found(money, rows).values()] == [claim.id, second, second]


# -- signs ----------------------------------------------------------------------------------------------------------
def test_member_day_charge_and_codes_find_the_claim(money, out, told, read):
    [claim, *_] = out({}, {"patient": {"member_id": "OTHER1"}})
    rows = read(told())
    assert found(money, rows) == {rows[0].id: (claim.id, "score")}
    with money.tx() as tx:
        [hit] = find(tx, rows).values()
    assert (hit.score, hit.evidence[0]) == (94, "same member id +35")
    assert "MERRIWEATHER" not in repr(hit)


def test_a_corrected_member_id_finds_it_too(money, out, told, read):
    [claim] = out({})
    decision = told(member="NEWID1")
    decision.corrected = t835.Name(last_name="X", identifier_kind="C", identifier=told().patient.identifier)
    rows = read(decision)
    assert found(money, rows) == {rows[0].id: (claim.id, "score")}


@pytest.mark.parametrize(
    "changes",
    [
        [{}, {}],  # two runs of one day at one charge
        [{"patient": {"first_name": "Paula"}}, {"patient": {"first_name": "Paulo"}}],  # twins, their names alike
        [{"patient": {"first_name": "Vera"}}],  # the family's other claim of that day alone
        [{"patient": {"member_id": "OTHER1"}}],
    ],
)
def test_close_calls_find_none(money, out, told, read, changes):
    out(*changes)
    assert found(money, read(told())) == {}


@pytest.mark.parametrize(
    "decision",
    [
        {"charge": 14_000},
        {"day": date(2026, 9, 17)},
        {"day": None},
        {"member": None},
        {"first": "VERA"},
        {"last": "SMITH"},
    ],
)
def test_what_does_not_fit_finds_none(money, out, told, read, decision):
    out({})
    assert found(money, read(told(**decision))) == {}


def test_a_twin_whose_whole_first_name_is_told_is_found(money, out, told, read):
    _, claim = out({"patient": {"first_name": "Vera"}}, {})
    assert [one for one, _ in found(money, read(told())).values()] == [claim.id]


def test_a_number_cut_short_tells_two_runs_apart(money, out, told, read):
    _, two = out({}, {})
    assert [one for one, _ in found(money, read(told(clm01=two.clm01[:10]))).values()] == [two.id]


def test_a_number_with_marks_added_is_found_without_a_member_id(money, out, told, read):
    [claim] = out({})
    assert [one for one, _ in found(money, read(told(clm01=f"1-{claim.clm01.lower()}-A", member=None))).values()] == [
        claim.id
    ]  # fmt: skip


def test_a_claim_that_was_rejected_and_sent_anew_is_not_in_the_way(money, out, told, read):
    rejected, anew = out({}, {})
    with money.tx() as tx:
        tx.run("UPDATE claim SET state = 'REJECTED' WHERE id = :id", id=rejected.id)
    assert [one for one, _ in found(money, read(told())).values()] == [anew.id]


def test_two_decisions_of_one_claim_find_none(money, out, told, read):
    out({})
    assert found(money, read(told(), told())) == {}


def test_a_claim_that_another_decision_of_the_set_names_is_not_found_by_signs(money, out, told, read):
    [claim] = out({})
    assert found(money, read(told()), taken={claim.clm01}) == {}
    rows = read(told(), told(numbers=(f"{claim.clm01}L1",)), trace="T2")
    assert found(money, rows) == {rows[1].id: (claim.id, "line_number")}


def test_a_reversal_and_its_correction_find_the_same_claim(money, out, told, read):
    [claim] = out({})
    with money.tx() as tx:
        tx.run("UPDATE claim SET state = 'PAID'")
    back = told(-14_500, status="22")
    rows = read(back, told())
    assert found(money, rows) == {row.id: (claim.id, "score") for row in rows}


def test_a_reversal_of_a_claim_that_was_never_decided_finds_none(money, out, told, read):
    out({})
    rows = read(told(-14_500, status="22"), told(-100, status="22", member=None), plb=[("FB", -14_600)])
    assert found(money, rows) == {}


def test_no_decisions_need_nothing(money):
    assert found(money, []) == {}


# -- opening --------------------------------------------------------------------------------------------------------
def test_only_claims_that_can_matter_are_opened(money, out, told, read, monkeypatch):
    [claim, *_] = out({}, *({"patient": {"member_id": f"OTHER{n}"}} for n in range(5)))
    opened = Counter()
    by_id = store.by_id
    monkeypatch.setattr(store, "by_id", lambda tx, ids: opened.update(ids) or by_id(tx, ids))
    rows = read(told())
    assert found(money, rows) == {rows[0].id: (claim.id, "score")}
    assert opened == {claim.id: 1}


def test_where_a_claim_does_not_open_that_may_be_the_one_none_is_taken(money, out, told, read):
    broken, whole = out({}, {"patient": {"first_name": "Vera"}})
    assert [one for one, _ in found(money, read(told(first="VERA"))).values()] == [whole.id]
    with money.tx() as tx:
        tx.run("UPDATE claim SET document = '\\x0101' || sha256('x') WHERE id = :id", id=broken.id)
        with pytest.raises(SealBroken):
            store.by_id(tx, [broken.id])[broken.id].document  # noqa: B018
        rows = read(told(first="VERA"), trace="T2")
        assert [one.claim.claim_id for one in rankings(tx, rows, 5)[rows[0].id]] == [whole.id, broken.id]
    assert found(money, rows) == {}


# -- for people -----------------------------------------------------------------------------------------------------
def test_people_are_shown_the_best_few_whether_or_not_one_would_be_taken(money, out, told, read):
    claims = out({}, {}, {"patient": {"first_name": "Vera"}}, *({"patient": {"member_id": f"O{n}"}} for n in range(4)))
    rows = read(told())
    with money.tx() as tx:
        best = rankings(tx, rows, 5)[rows[0].id]
    assert [one.points for one in best] == [94, 94, 68, 39, 39]
    assert [one.claim.claim_id for one in best[:3]] == [claims[0].id, claims[1].id, claims[2].id]
    assert all(one.claim.inside for one in best)


def test_a_decision_like_no_claim_has_no_candidates(money, told, read):
    rows = read(told())
    with money.tx() as tx:
        assert rankings(tx, rows, 5) == {rows[0].id: []}
