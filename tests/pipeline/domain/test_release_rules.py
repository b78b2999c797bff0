"""Rules of release: all that hold are heard, the gravest counts, and nothing leaves for want of a rule."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.release_rules import (
    NO_RULE,
    Answer,
    Condition,
    Facts,
    ReleaseBook,
    ReleaseRule,
    compared,
    summary,
)

DAY = date(2026, 11, 20)
FACTS = Facts(
    kind="refund", amount_cents=5_000, limit_cents=50_000, payee_payments=0, payee_known_days=0, payee_age_days=0, details_age_days=0, details_changed=False, prenoted=False, name_held=False, payee_30d_cents=0,
    payee_30d_count=0, same_amount_30d=0, payee_returns=0, day_cents=0, money_is_in=True,
)  # fmt: skip


def rule(name, when, answer, approvals=1, **more):
    return ReleaseRule(
        name=name, version=1, when=Condition(when), answer=answer, approvals=approvals, reason=f"{name} holds", **more
    )


SMALL = rule("small", "amount_cents <= limit_cents", Answer.RELEASE)
LARGE = rule("large", "amount_cents > limit_cents", Answer.APPROVE)
HUGE = rule("huge", "amount_cents > 10 * limit_cents", Answer.APPROVE, 2)
AGAIN = rule("again", "same_amount_30d > 0", Answer.HOLD)
NEVER = rule("never", "payee_returns > 2", Answer.REFUSE)


def test_by_itself_within_the_limit_and_by_people_above_it():
    book = ReleaseBook([SMALL, LARGE, HUGE])
    assert summary(book.ruled(FACTS, DAY)) == "release"
    assert book.ruled(FACTS, DAY).needed == 0
    above = book.ruled(replace(FACTS, amount_cents=50_001), DAY)
    assert (summary(above), above.rules, above.reasons) == ("approve 1", ("large/1",), ("large holds",))
    # Both say so: as many as the stricter one asks for.
    huge = book.ruled(replace(FACTS, amount_cents=500_001), DAY)
    assert (summary(huge), huge.rules) == ("approve 2", ("large/1", "huge/1"))


def test_the_gravest_answer_counts_and_a_hold_needs_as_many_people_as_the_amount_does():
    book = ReleaseBook([SMALL, LARGE, HUGE, AGAIN, NEVER])
    held = book.ruled(replace(FACTS, same_amount_30d=1), DAY)
    assert (summary(held), held.needed, held.rules) == ("hold", 1, ("again/1",))
    assert book.ruled(replace(FACTS, same_amount_30d=1, amount_cents=500_001), DAY).needed == 2
    refused = book.ruled(replace(FACTS, same_amount_30d=1, payee_returns=3), DAY)
    assert (summary(refused), refused.rules) == ("refuse", ("never/1",))


def test_without_a_rule_nothing_leaves():
    assert ReleaseBook([LARGE]).ruled(FACTS, DAY) is NO_RULE
    assert NO_RULE.needed == 1


def test_a_rule_holds_for_its_kind_and_its_days():
    book = ReleaseBook(
        [
            SMALL,
            rule("vendors", "true", Answer.HOLD, kind="vendor"),
            rule("december", "true", Answer.HOLD, valid_from=date(2026, 12, 1), valid_to=date(2026, 12, 31)),
        ]
    )
    assert summary(book.ruled(FACTS, DAY)) == "release"
    assert summary(book.ruled(replace(FACTS, kind="vendor"), DAY)) == "hold"
    assert [summary(book.ruled(FACTS, date(2026, m, d))) for m, d in ((11, 30), (12, 1), (12, 31))] == [
        "release", "hold", "hold",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("amount_cents >", "Failed to parse"),
        ("amount > 1", "amount"),
        ("amount_cents + 'x' == 'y'", "No such overload"),
        ("amount_cents", "no question"),
    ],
)
def test_an_expression_that_cannot_answer_is_refused_when_it_is_read(text, told):
    with pytest.raises(ValueError, match=told):
        Condition(text)


counts = st.integers(0, 10**12)
facts = st.builds(
    Facts,
    kind=st.sampled_from(["refund", "vendor"]),
    money_is_in=st.booleans(),
    **{name: counts for name in Facts.__slots__ if name not in {"kind", "money_is_in"}},
)


@given(facts)
def test_more_rules_never_let_more_go(known):
    few, more = ReleaseBook([SMALL, LARGE]), ReleaseBook([SMALL, LARGE, HUGE, AGAIN, NEVER])
    one, other = few.ruled(known, DAY), more.ruled(known, DAY)
    assert other.answer >= one.answer
    assert other.needed >= one.needed


def test_rules_are_tried_on_what_was_known_before():
    past = [(FACTS, DAY, "release"), (replace(FACTS, amount_cents=60_000), DAY, "approve 1")]
    assert compared(ReleaseBook([SMALL, LARGE]), past) == []
    [(position, was, ruling)] = compared(ReleaseBook([SMALL, rule("strict", "true", Answer.HOLD)]), past[:1])
    assert (position, was, ruling.rules) == (0, "release", ("strict/1",))
