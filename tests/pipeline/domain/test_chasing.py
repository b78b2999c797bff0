"""When a payer is asked, and what its categories say."""

from datetime import UTC, datetime, timedelta

import pytest

from edi.x12 import codes
from pipeline.domain.chasing import HAS_IT, Says, Silence, due, in_words, says, weightiest
from pipeline.domain.payer_rules import PayerRules

SENT = datetime(2026, 11, 2, 12, tzinfo=UTC)
RULES = PayerRules(ask_after_days=10, ask_again_days=5, ask_at_most=2)


def silence(**changes):
    given = {"state": "PAYER_ACCEPTED", "sent": SENT, "heard": None, "asked": None, "times": 0, "final": False}
    return Silence(**{**given, **changes})


def after(days):
    return SENT + timedelta(days=days)


@pytest.mark.parametrize(
    ("changes", "rules", "when"),
    [
        ({}, RULES, after(10)),
        ({"heard": after(3)}, RULES, after(13)),
        ({"state": "CLEARINGHOUSE_ACCEPTED"}, RULES, after(20)),
        ({"state": "SET_ACCEPTED", "heard": after(15)}, RULES, after(25)),
        ({"state": "IN_FILE"}, RULES, None),
        ({"state": "ADJUDICATED"}, RULES, None),
        ({"asked": after(10), "times": 1, "heard": after(14)}, RULES, after(15)),
        ({"asked": after(15), "times": 2}, RULES, None),
        ({"asked": after(10), "times": 1, "final": True}, RULES, None),
        ({"asked": after(10), "times": 1}, PayerRules(ask_after_days=10), None),
        ({"asked": after(90), "times": 9}, PayerRules(ask_after_days=10, ask_again_days=1), after(91)),
        ({}, PayerRules(), None),
    ],
)
def test_silence_is_counted_from_the_last_word_and_only_a_decision_or_the_rules_end_the_asking(changes, rules, when):
    assert due(silence(**changes), rules, status_days=20) == when


def test_every_category_of_the_national_list_has_a_meaning_and_the_weightiest_counts():
    told = {code: says(code) for code in codes.load().lists["claim_status_category"].spans}
    assert {code for code, said in told.items() if said is Says.FINAL} == {c for c in told if c.startswith("F")}
    assert {code for code, said in told.items() if said is Says.OTHER} == {"X0"}
    assert {code for code in told if told[code] in HAS_IT} == {c for c in told if c[0] in "FPR"} | {
        "A0",
        "A1",
        "A2",
        "A5",
    }
    assert all(in_words(code) for code in told)
    assert weightiest(["F2", "P1"]) == 1
    assert weightiest(["D0", "F1"]) == 1
    assert weightiest(["E0"]) == 0
