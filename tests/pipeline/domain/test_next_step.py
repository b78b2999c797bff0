"""After a payer's decision each claim has a named next step."""

import pytest

from pipeline.domain.ledger import Position
from pipeline.domain.next_step import NextStep, steps


@pytest.mark.parametrize(
    ("position", "about", "expected"),
    [
        (Position(), {}, [NextStep.CLOSE]),
        (Position(denied_cents=1), {"refused_for": {"16"}}, [NextStep.RESUBMIT]),
        (Position(denied_cents=1), {"refused_for": {"50"}}, [NextStep.APPEAL]),
        (Position(patient_due_cents=1), {}, [NextStep.BILL_PATIENT]),
        (Position(patient_due_cents=1), {"further_payers": 1}, [NextStep.BILL_SECONDARY]),
        (Position(patient_due_cents=1), {"further_payers": 1, "crossed_over": True}, [NextStep.CROSSED_OVER]),
        (Position(patient_due_cents=1), {"crossed_over": True}, [NextStep.CROSSED_OVER]),
        (Position(payer_credit_cents=-1), {}, [NextStep.PAYER_CREDIT]),
        (Position(patient_credit_cents=-1), {}, [NextStep.REFUND_PATIENT]),
        (Position(receivable_cents=1), {}, [NextStep.AWAIT_DECISION]),
        (
            Position(denied_cents=1, patient_credit_cents=-1, payer_credit_cents=-1),
            {"refused_for": {"50"}},
            [NextStep.APPEAL, NextStep.PAYER_CREDIT, NextStep.REFUND_PATIENT],
        ),
        (Position(), {"further_payers": 1}, [NextStep.CLOSE]),
        # The patient has paid his share; the next payer is asked for it all the same.
        (
            Position(patient_credit_cents=-1),
            {"further_payers": 1, "patient_share_cents": 5},
            [NextStep.BILL_SECONDARY, NextStep.REFUND_PATIENT],
        ),
    ],
)
def test_what_is_open_is_named_the_most_pressing_first(position, about, expected):
    told = {"further_payers": 0, "crossed_over": False, "refused_for": set()} | about
    assert list(steps(position, **told)) == expected
