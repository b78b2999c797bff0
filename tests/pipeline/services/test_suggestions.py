"""Unmatched money for people: what waits, the claims that fit best, and who looked."""

import json

import pytest

from edi.x12.sets import t835
from pipeline.domain.errors import NotKnown
from pipeline.services.suggestions import suggestions, unmatched
from pipeline.stages.upload import upload


@pytest.fixture
def claims(money, claim_document):
    """Two runs of one patient at one charge on one day: no decision without a number can tell which it is about."""
    sent = money.claims(2, claim_document)
    for file_id in money.column("SELECT id FROM outbound_file"):
        upload(money.ctx, money.org, file_id)
    return sent


@pytest.fixture
def stray(money, decide, claim_document):
    """Takes in a decision that bears no number of ours; gives its id."""

    def arrive(paid=9_000, clm01="X1", trace="T1", first="PAUL", member=None):
        decision = decide(None, paid, ("CO", "45", 14_500 - paid), charge=14_500, clm01=clm01, payer_number="P9")
        decision.lines[0].procedure = "99213"
        member = member or json.loads(claim_document())["patient"]["member_id"]
        decision.patient = t835.Name(
            last_name="MERRIWEATHER", first_name=first, identifier_kind="MI", identifier=member
        )
        money.remit(decision, trace=trace)
        return money.column("SELECT max(id) FROM remittance_claim")[0]

    return arrive


def audited(money):
    with money.tx() as tx:
        rows = tx.rows("SELECT actor, action, subject_kind, subject_id FROM audit WHERE action LIKE 'unm%' ORDER BY id")
        return [tuple(row) for row in rows]


def test_what_waits_is_listed_with_its_money_and_the_claim_that_fits_best(money, claims, stray):
    first, second = stray(), stray(4_000, "X2", "T2", member="NOBODYS")
    told = unmatched(money.ctx, money.org, "ana")
    assert [(one.decision.id, one.decision.paid_cents) for one in told.waiting] == [(first, 9_000), (second, 4_000)]
    assert (told.decisions, told.paid_cents) == (2, 13_000)
    best = told.waiting[0].best
    assert (best.clm01 in {claim.clm01 for claim in claims}, best.points, best.patient) == (True, 94, None)
    assert told.waiting[1].best.points < 80
    assert audited(money) == [("ana", "unmatched.list", "org", money.org)]


def test_a_short_list_still_tells_how_much_there_is(money, claims, stray):
    stray()
    stray(4_000, "X2", "T2")
    told = unmatched(money.ctx, money.org, "ana", limit=1)
    assert (len(told.waiting), told.decisions, told.paid_cents) == (1, 2, 13_000)


def test_the_list_names_nobody(money, claims, stray):
    stray()
    assert "MERRIWEATHER" not in str(unmatched(money.ctx, money.org, "ana").as_dict()).upper()


def test_one_is_compared_with_the_claims_that_fit_and_each_look_is_noted(money, claims, stray):
    decision_id = stray()
    told = suggestions(money.ctx, money.org, "ana", decision_id)
    assert (told.decision.clp01, told.patient, told.procedures) == ("X1", "MERRIWEATHER, PAUL", ("99213",))
    assert {one.claim_id for one in told.suggestions} == {claim.id for claim in claims}
    assert {one.patient for one in told.suggestions} == {"Merriweather, Paul"}
    assert "same member id +35" in told.suggestions[0].evidence
    assert "nearly alike" in told.why
    assert audited(money) == [
        ("ana", "unmatched.show", "remittance_claim", decision_id),
        *(("ana", "unmatched.show", "claim", one.claim_id) for one in told.suggestions),
    ]


@pytest.mark.parametrize(
    ("told", "why"),
    [({"first": "VERA"}, "the best fits with 68 points; 80 are needed"), ({"member": "NOBODYS"}, "39 points")],
)
def test_why_none_was_taken(money, claims, stray, told, why):
    assert why in suggestions(money.ctx, money.org, "ana", stray(**told)).why


def test_without_a_candidate_it_says_so(money, stray):
    told = suggestions(money.ctx, money.org, "ana", stray())
    assert told.suggestions == []
    assert "no claim that has left" in told.why


def test_a_claim_that_came_to_fit_later_is_said_to(money, claims, stray):
    decision_id = stray()
    with money.tx() as tx:
        tx.run("UPDATE claim SET state = 'REJECTED' WHERE id = :id", id=claims[0].id)
    told = suggestions(money.ctx, money.org, "ana", decision_id)
    assert told.suggestions[0].claim_id == claims[1].id
    assert told.why.startswith("the first fits")


def test_a_decision_that_has_its_claim_is_not_shown(money, decide, claims):
    money.remit(decide(claims[0], 14_500))
    for decision_id in (money.column("SELECT id FROM remittance_claim")[0], 999_999):
        with pytest.raises(NotKnown, match="claimrail unmatched"):
            suggestions(money.ctx, money.org, "ana", decision_id)
    assert audited(money) == []


def test_another_tenants_decisions_are_out_of_sight(money, claims, stray, product, neighbour):
    decision_id = stray()
    assert unmatched(product.context, neighbour, "eve").waiting == []
    with pytest.raises(NotKnown):
        suggestions(product.context, neighbour, "eve", decision_id)
