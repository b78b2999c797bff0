"""Where the claim of a decision is looked for: only claims that left, only by index, only of this tenant."""

import json
from datetime import date, timedelta

import psycopg
import pytest

from local.postgres import plain_url
from pipeline.stages.upload import upload
from pipeline.store import matching
from pipeline.store.matching import MOST, Wanted

DAY = date(2026, 9, 15)


def wanted(**changes):
    given = {
        "decision_id": 7,
        "numbers": frozenset(),
        "member_indexes": frozenset(),
        "service_from": None,
        "charge_cents": 1,
    }
    return Wanted(**(given | changes))  # fmt: skip


@pytest.fixture
def claims(money, claim_document):
    """Three office visits of one patient, day and charge, in a file that waits to leave."""
    return money.claims(3, claim_document)


@pytest.fixture
def sent(money, claims):
    for file_id in money.column("SELECT id FROM outbound_file"):
        upload(money.ctx, money.org, file_id)
    assert set(money.column("SELECT state FROM outbound_file")) == {"SENT"}
    return claims


@pytest.fixture
def member(money, claim_document):
    with money.tx() as tx:
        return tx.keys.index("member", json.loads(claim_document())["patient"]["member_id"])


def found(money, *asked):
    with money.tx() as tx:
        return {key: [one.claim_id for one in some] for key, some in matching.candidates(tx, asked).items()}


def every_way(claims, member):
    return [
        wanted(decision_id=1, numbers=frozenset({claims[0].clm01})),
        wanted(decision_id=2, member_indexes=frozenset({member})),
        wanted(decision_id=3, service_from=DAY, charge_cents=14_500),
    ]


def test_each_way_finds_claims_that_left(money, sent, member):
    ids = [claim.id for claim in sent]
    assert found(money, *every_way(sent, member)) == {1: ids[:1], 2: ids, 3: ids}


def test_what_was_found_in_two_ways_comes_once(money, sent, member):
    both = wanted(member_indexes=frozenset({member}), service_from=DAY, charge_cents=14_500)
    with money.tx() as tx:
        [some] = matching.candidates(tx, [both]).values()
    assert [one.claim_id for one in some] == [claim.id for claim in sent]
    assert some[0].member_index == member
    assert (some[0].clm01, some[0].version, some[0].state, some[0].inside) == (sent[0].clm01, 1, "SUBMITTED", None)


def test_claims_that_have_not_left_are_no_candidates(money, claims, member):
    assert found(money, *every_way(claims, member)) == {}


def test_nor_are_those_that_were_taken_out_of_their_file(money, sent, member):
    with money.tx() as tx:
        tx.run("UPDATE submission SET state = 'WITHDRAWN' WHERE claim_id = :id", id=sent[0].id)
    rest = [claim.id for claim in sent[1:]]
    assert found(money, *every_way(sent, member)) == {2: rest, 3: rest}


def test_another_day_charge_member_or_number_finds_nothing(money, sent):
    assert found(
        money,
        wanted(numbers=frozenset({"CNOSUCHNUMBER1"})),
        wanted(member_indexes=frozenset({b"x" * 32})),
        wanted(service_from=DAY + timedelta(1), charge_cents=14_500),
        wanted(service_from=DAY, charge_cents=14_501),
    ) == {}  # fmt: skip
    assert found(money) == {}


def test_another_tenants_claims_are_out_of_sight(money, sent, member, product, neighbour):
    with product.context.tenant(neighbour, "test") as tx:
        assert matching.candidates(tx, every_way(sent, member)) == {}


# -- at scale -------------------------------------------------------------------------------------------------------
@pytest.fixture
def crowd(money, sent, settings):
    """Four thousand further claims that left with the first: four hundred members, a hundred days, many charges."""
    with money.tx() as tx:
        tx.run(
            "INSERT INTO claim (org_id, clm01, version, frequency, external_hmac, member_hmac, index_key_id,"
            " content_sha256, state, payer_id, charge_cents, patient_paid_cents, service_from, document)"
            " SELECT :org, 'C' || lpad(n::text, 13, '0'), 1, '1', sha256(n::text::bytea), sha256((n % 400)::text::bytea),"
            " 1, '\\x00', 'SUBMITTED', 'P', 10000 + n % 500, 0, CAST('2026-01-01' AS date) + n % 100, '\\x00'"
            " FROM generate_series(1, 4000) n",
            org=money.org,
        )
        tx.run(
            "INSERT INTO submission (org_id, claim_id, file_id, set_id, ordinal, attempt, state)"
            " SELECT c.org_id, c.id, s.file_id, s.set_id, 1, 1, 'IN_FILE' FROM claim c,"
            " (SELECT file_id, set_id FROM submission LIMIT 1) s WHERE c.clm01 LIKE 'C0000000%'"
        )
    with psycopg.connect(plain_url(settings.owner_url), autocommit=True) as cx:
        cx.execute("ANALYZE claim, submission, outbound_file")


def scans(plan):
    """Kind of scan and index of every scan of claims and submissions in a plan."""
    if plan.get("Relation Name") in {"claim", "submission"}:
        yield plan["Node Type"], plan.get("Index Name")
    elif plan["Node Type"] == "Bitmap Index Scan":
        yield plan["Node Type"], plan["Index Name"]
    for child in plan.get("Plans", ()):
        yield from scans(child)


@pytest.mark.usefixtures("crowd")
def test_no_claim_is_looked_for_by_going_through_all(money, member):
    asked = [
        wanted(decision_id=n, numbers=frozenset({f"C{n:013}"}), member_indexes=frozenset({member}),
               service_from=date(2026, 1, 1) + timedelta(n), charge_cents=10_000 + n)
        for n in range(1, 60)
    ]  # fmt: skip
    with money.tx() as tx:
        assert tx.value("SHOW enable_seqscan") == "on"
        [[plan]] = tx.rows("EXPLAIN (FORMAT JSON) " + matching.CANDIDATES, **matching.parameters(tx, asked))
        assert len(matching.candidates(tx, asked)) == 59
    used = list(scans(plan[0]["Plan"]))
    assert "Seq Scan" not in {kind for kind, _ in used}
    assert {"ix_claim_member", "ix_claim_service", "uq_claim_clm01_version"} <= {name for _, name in used}


@pytest.mark.usefixtures("crowd")
def test_of_very_many_the_nearest_days_come(money):
    with money.tx() as tx:
        tx.run("UPDATE claim SET member_hmac = '\\x01' WHERE clm01 LIKE 'C0000000%'")
    [some] = found(
        money, wanted(member_indexes=frozenset({b"\x01"}), service_from=date(2026, 2, 1), charge_cents=1)
    ).values()
    assert len(some) == MOST
    days = money.column("SELECT DISTINCT service_from FROM claim WHERE id = ANY(:ids)", ids=some)
    assert days == [date(2026, 2, 1)]


# -- what found none ------------------------------------------------------------------------------------------------
def test_decisions_that_found_no_claim_are_listed_with_their_money(money, decide, sent):
    assert matching_unmatched(money) == ([], 0, 0)
    file_id = money.remit(
        decide(sent[0], 14_500), decide(sent[1], 9_000, ("CO", "45", 5_500), clm01="X1", payer_number="P9")
    )
    money.remit(decide(sent[1], 4_000, ("CO", "45", 10_500), clm01="X2", payer_number="P8"), trace="T2")
    [first, second], count, cents = matching_unmatched(money)
    assert (first.clp01, first.payer_control_number, first.paid_cents, first.trace_number) == ("X1", "P9", 9_000, "T1")
    assert (first.file_ref, first.payer_name, first.service_from) == (f"I{file_id}", "INVENTED PAYER", DAY)
    assert (second.clp01, count, cents) == ("X2", 2, 13_000)
    with money.tx() as tx:
        assert matching.one_unmatched(tx, first.id) == first
        assert matching.one_unmatched(tx, 999_999) is None
        [matched] = tx.rows("SELECT id FROM remittance_claim WHERE claim_id IS NOT NULL")
        assert matching.one_unmatched(tx, matched.id) is None
        assert matching.payer_names(tx, [first.id, 999_999]) == {first.id: "INVENTED PAYER"}


def matching_unmatched(money):
    with money.tx() as tx:
        total = matching.unmatched_total(tx)
        return matching.unmatched(tx, 10), total.decisions, total.paid_cents


def test_a_remittance_that_is_not_posted_yet_has_no_unmatched_decisions(money, decide, sent):
    from pipeline.stages.ingest import ingest

    ingest(money.ctx, money.org, money.store("x12:835", money.era(decide(sent[0], 14_500, clm01="X1"))))
    assert matching_unmatched(money) == ([], 0, 0)
