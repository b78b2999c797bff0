"""Scores: what fits well and alone is taken; close calls are not. The table on its page is the one in the code."""

import itertools
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import claim_scoring
from pipeline.domain.claim_scoring import (
    MARGIN,
    NEAR_DAYS,
    SEALED,
    THRESHOLD,
    WEIGHTS,
    Inside,
    OurClaim,
    Sign,
    Told,
    ranked,
    score,
    unique,
    worth_opening,
)

DAY = date(2026, 10, 30)
INSIDE = Inside(
    procedures=frozenset({"A0429", "A0425"}), last_name="O'Brien", first_name="Avery", payer_name="Invented Health Plan"
)
OURS = OurClaim(
    claim_id=1, clm01="CAAAAAAAAAAAA1", version=1, state="SUBMITTED", charge_cents=98_750, service_from=DAY,
    member_index=b"m", inside=INSIDE,
)  # fmt: skip
TOLD = Told(
    number="4711", member_indexes=frozenset({b"m"}), service_from=DAY, charge_cents=98_750,
    procedures=frozenset({"A0429", "A0425"}), last_name="OBRIEN", first_name="AVERY", payer_name="INVENTED HEALTH PLAN",
)  # fmt: skip


def another(number=2, *, inside=None, **changes):
    """Another claim, by default alike in all but its number."""
    return replace(
        OURS, claim_id=number, clm01=f"CBBBBBBBBBBBB{number}", inside=replace(INSIDE, **(inside or {})), **changes
    )


def chosen(told, *claims):
    best = unique(ranked(told, claims))
    return None if best is None else best.claim.claim_id


# -- signs ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("told", "ours", "sign"),
    [
        ({"number": "caaaaaaaaaaaa-1"}, {}, Sign.NUMBER_ALIKE),
        ({"number": "CAAAAAAA"}, {}, Sign.NUMBER_ALIKE),
        ({"number": "AAAAAAA1"}, {}, Sign.NUMBER_ALIKE),
        ({"number": "01*CAAAAAAAAAAAA1*X"}, {}, Sign.NUMBER_ALIKE),
        ({"line_numbers": frozenset({OURS.clm01})}, {}, Sign.LINE_NUMBER),
        ({}, {}, Sign.MEMBER_SAME),
        ({"member_indexes": frozenset({b"x", b"m"})}, {}, Sign.MEMBER_SAME),
        ({"member_indexes": frozenset({b"x"})}, {}, Sign.MEMBER_OTHER),
        ({}, {}, Sign.DAY_SAME),
        ({"service_from": DAY - timedelta(NEAR_DAYS)}, {}, Sign.DAY_NEAR),
        ({"service_from": DAY + timedelta(NEAR_DAYS + 1)}, {}, Sign.DAY_OTHER),
        ({}, {}, Sign.CHARGE_SAME),
        ({"charge_cents": 98_749}, {}, Sign.CHARGE_OTHER),
        ({"procedures": frozenset({"A0429"})}, {}, Sign.CODES_SAME),
        ({"procedures": frozenset({"A0429", "A0382"})}, {}, Sign.CODES_SOME),
        ({"procedures": frozenset({"A0382"})}, {}, Sign.CODES_OTHER),
        ({"last_name": "O BRIEN"}, {}, Sign.LAST_SAME),
        ({"last_name": "OBRIAN"}, {}, Sign.LAST_ALIKE),
        ({"last_name": "SMITH"}, {}, Sign.LAST_OTHER),
        ({"first_name": "Avery"}, {}, Sign.FIRST_SAME),
        ({"first_name": "A"}, {}, Sign.FIRST_ALIKE),
        ({"first_name": "RILEY"}, {}, Sign.FIRST_OTHER),
        ({"payer_name": "INVENTED HEALTH PLANS"}, {}, Sign.PAYER_SAME),
        ({}, {"state": "PAID"}, Sign.DECIDED),
        ({}, {"state": "REJECTED"}, Sign.REJECTED),
        ({"takes_back": True}, {}, Sign.UNDECIDED),
    ],
)
def test_each_sign_is_seen(told, ours, sign):
    assert sign in score(replace(TOLD, **told), replace(OURS, **ours)).signs


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"number": "CAAAAAA"}, "number"),  # too short to be no accident
        ({"number": "CAAAAAAAAAAAA2"}, "number"),
        ({"member_indexes": frozenset()}, "member"),
        ({"service_from": None}, "day"),
        ({"procedures": frozenset()}, "codes"),
        ({"last_name": None}, "last"),
        ({"first_name": " "}, "first"),
        ({"payer_name": None}, "payer"),
        ({"payer_name": "ANOTHER"}, "payer"),
    ],
)
def test_what_is_not_told_says_nothing(told, kind):
    assert not [sign for sign in score(replace(TOLD, **told), OURS).signs if sign.startswith(kind)]


def test_letters_that_are_spelled_on_the_way_out_are_the_same_name():
    ours = another(inside={"last_name": "Sørensen", "first_name": "Zoë"})
    signs = score(replace(TOLD, last_name="SORENSEN", first_name="ZOE"), ours).signs
    assert {Sign.LAST_SAME, Sign.FIRST_SAME} <= set(signs)
    assert Sign.LAST_SAME in score(replace(TOLD, last_name="山田"), another(inside={"last_name": "山田"})).signs


def test_the_evidence_names_signs_and_nobody():
    evidence = " ".join(score(TOLD, OURS).evidence)
    assert "same member id +35" in evidence
    assert not [word for word in ("BRIEN", "Brien", "AVERY", "2026", "98") if word in evidence]
    assert "BRIEN" not in repr(TOLD).upper() + repr(OURS).upper()


# -- what is taken --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"last_name": None, "first_name": None, "payer_name": None},
        {"first_name": "A", "last_name": "OBRIAN"},
        {"procedures": frozenset({"A0429", "A0382"})},
        {"number": "CAAAAAAAAA", "member_indexes": frozenset(), "last_name": None, "first_name": None},
    ],
)
def test_alone_and_fitting_it_is_taken(told):
    assert chosen(replace(TOLD, **told), OURS) == 1


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ({"service_from": DAY + timedelta(2)}, {}),  # dialysis: every other day the same run
        ({"service_from": None}, {}),
        ({"charge_cents": 98_749}, {}),
        ({"member_indexes": frozenset()}, {}),
        ({"member_indexes": frozenset({b"x"})}, {}),
        ({"first_name": "RILEY"}, {}),  # the other twin's claim is not here
        ({"last_name": "SMITH"}, {}),
        ({"procedures": frozenset({"A0382"})}, {}),
        ({}, {"state": "REJECTED"}),
        ({"takes_back": True}, {}),
        ({"last_name": None, "first_name": None, "payer_name": None}, {"state": "PAID"}),
        ({}, {"inside": None}),
    ],
)
def test_alone_and_not_fitting_it_is_not_taken(told, ours):
    assert chosen(replace(TOLD, **told), replace(OURS, **ours)) is None


@pytest.mark.parametrize(
    ("told", "other"),
    [
        ({}, another()),  # two runs of one day
        ({}, another(state="PAID")),  # one of them decided
        ({"first_name": None}, another(inside={"first_name": "Riley"})),  # twins, and no first name is told
        ({}, another(inside={"first_name": "Aver"})),  # twins with names alike
        ({"first_name": "A"}, another(inside={"first_name": "Anna"})),
        ({"member_indexes": frozenset({b"m", b"x"})}, another(member_index=b"x")),
        ({}, another(inside={"procedures": frozenset({"A0429"})})),
        ({"procedures": frozenset()}, another(inside={"procedures": frozenset({"99213"})})),
        ({"line_numbers": frozenset({OURS.clm01, "CBBBBBBBBBBBB2"})}, another()),
    ],
)
def test_two_that_fit_nearly_alike_are_left_to_a_person(told, other):
    assert chosen(replace(TOLD, **told), OURS, other) is None
    assert chosen(replace(TOLD, **told), other, OURS) is None


@pytest.mark.parametrize(
    "other",
    [
        another(inside={"first_name": "Riley"}),  # the twin, told apart by a whole first name
        another(service_from=DAY + timedelta(2)),
        another(charge_cents=98_749),
        another(member_index=b"x"),
        another(state="REJECTED"),  # corrected, and sent under another number
        another(inside={"procedures": frozenset({"99213"})}),
    ],
)
def test_another_that_is_clearly_another_does_not_stand_in_the_way(other):
    assert chosen(TOLD, OURS, other) == chosen(TOLD, other, OURS) == 1


def test_versions_of_one_claim_do_not_contend_and_the_one_that_fits_is_taken():
    corrected = replace(OURS, claim_id=9, version=2)
    assert chosen(TOLD, OURS, corrected) == 9
    assert chosen(TOLD, OURS, replace(corrected, charge_cents=1)) == 1


def test_a_reversal_finds_the_decided_claim():
    assert chosen(replace(TOLD, takes_back=True), replace(OURS, state="PAID"), another(3)) == 1


def test_of_two_versions_a_reversal_finds_the_replaced_and_a_decision_the_later_one():
    older, newer = replace(OURS, state="REPLACED"), replace(OURS, claim_id=2, version=2)
    assert chosen(replace(TOLD, takes_back=True), older, newer) == 1
    assert chosen(TOLD, older, newer) == 2
    assert chosen(TOLD, older, replace(newer, state="DENIED")) == 2


# -- the table ------------------------------------------------------------------------------------------------------
_FROM_DECISIONS = [
    (Sign.MEMBER_SAME, Sign.MEMBER_OTHER, None),
    (Sign.DAY_SAME, Sign.DAY_NEAR, Sign.DAY_OTHER, None),
    (Sign.CHARGE_SAME, Sign.CHARGE_OTHER),
    (Sign.CODES_SAME, Sign.CODES_SOME, Sign.CODES_OTHER, None),
    (Sign.LAST_SAME, Sign.LAST_ALIKE, Sign.LAST_OTHER, None),
    (Sign.FIRST_SAME, Sign.FIRST_ALIKE, Sign.FIRST_OTHER, None),
    (Sign.PAYER_SAME, None),
    (Sign.DECIDED, Sign.REJECTED, Sign.UNDECIDED, None),
]
"""Kinds of signs, of each of which a decision without any number of ours gives one at most."""


def test_without_a_number_member_day_and_charge_must_be_the_same_and_nothing_may_contradict():
    for combination in itertools.product(*_FROM_DECISIONS):
        signs = {sign for sign in combination if sign is not None}
        if sum(WEIGHTS[sign].points for sign in signs) >= THRESHOLD:
            assert {Sign.MEMBER_SAME, Sign.DAY_SAME, Sign.CHARGE_SAME} <= signs
            assert not signs & {Sign.CODES_OTHER, Sign.LAST_OTHER, Sign.FIRST_OTHER, Sign.REJECTED, Sign.UNDECIDED}


def test_no_number_alone_is_enough():
    for sign in (Sign.LINE_NUMBER, Sign.NUMBER_ALIKE):
        assert WEIGHTS[sign].points < THRESHOLD


def test_names_alike_or_an_earlier_decision_never_choose_between_two():
    for better, worse in (
        (Sign.LAST_SAME, Sign.LAST_ALIKE),
        (Sign.FIRST_SAME, Sign.FIRST_ALIKE),
        (Sign.CODES_SAME, Sign.CODES_SOME),
    ):
        assert WEIGHTS[better].points - WEIGHTS[worse].points < MARGIN
    assert -WEIGHTS[Sign.DECIDED].points < MARGIN


def test_every_sign_has_its_weight_and_its_reason():
    assert list(WEIGHTS) == list(Sign)
    assert all(weight.points and weight.because for weight in WEIGHTS.values())
    assert all(sign in WEIGHTS for sign in SEALED)


def test_the_page_shows_the_table_as_it_is():
    page = (Path(__file__).parents[3] / "docs" / "matching.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| ([+−]\d+) \| ([^|]+) \|$", page, re.MULTILINE)
    assert [(words, int(points.replace("−", "-")), because) for words, points, because in rows] == [
        tuple(weight[i] for i in (1, 0, 2)) for weight in WEIGHTS.values()
    ]
    assert f"**{THRESHOLD}** points" in page
    assert f"**{MARGIN}** points" in page


# -- opening few ----------------------------------------------------------------------------------------------------
_ours = st.builds(
    another,
    st.integers(1, 5),
    inside=st.fixed_dictionaries(
        {
            "procedures": st.sampled_from([INSIDE.procedures, frozenset({"99213"})]),
            "last_name": st.sampled_from(["O'Brien", "Smith"]),
            "first_name": st.sampled_from(["Avery", "Riley"]),
            "payer_name": st.sampled_from(["Invented Health Plan", "Other"]),
        }
    ),
    member_index=st.sampled_from([b"m", b"x", None]),
    service_from=st.sampled_from([DAY, DAY + timedelta(1), None]),
    charge_cents=st.sampled_from([98_750, 1]),
    state=st.sampled_from(["SUBMITTED", "PAID", "REJECTED"]),
)
_told = st.builds(
    replace,
    st.just(TOLD),
    number=st.sampled_from(["4711", "CBBBBBBBBB"]),
    member_indexes=st.sampled_from([frozenset(), frozenset({b"m"}), frozenset({b"m", b"x"})]),
    first_name=st.sampled_from(["AVERY", None, "A"]),
)


@given(_told, st.lists(_ours, max_size=6, unique_by=lambda claim: claim.claim_id))
def test_opening_only_what_can_matter_changes_no_outcome(told, claims):
    sealed = [replace(claim, inside=None) for claim in claims]
    worth = {claim.claim_id for claim in worth_opening(told, sealed)}
    some = [claim for claim in claims if claim.claim_id in worth]
    assert unique(ranked(told, some)) == unique(ranked(told, claims))


def test_of_claims_that_share_only_day_and_charge_none_is_opened():
    sealed = [another(n, member_index=b"x") for n in range(2, 9)]
    assert worth_opening(TOLD, [replace(claim, inside=None) for claim in sealed]) == []
    assert worth_opening(TOLD, [replace(OURS, inside=None)])
    assert claim_scoring.unique([]) is None
