"""What is to be done with a claim after a payer's decision: every step that is open, the most pressing first."""

from collections.abc import Collection
from enum import StrEnum

from pipeline.domain.ledger import Position


class NextStep(StrEnum):
    RESUBMIT = "resubmit"  # refused for something that a corrected claim mends
    APPEAL = "appeal"  # refused on the merits: appeal it, or write it off
    BILL_SECONDARY = "bill_secondary"  # another payer is to be asked
    CROSSED_OVER = "crossed_over"  # the payer has sent it on to the next one himself
    PAYER_CREDIT = "payer_credit"  # paid too much: awaits a takeback, or goes back to the payer
    BILL_PATIENT = "bill_patient"
    REFUND_PATIENT = "refund_patient"
    AWAIT_DECISION = "await_decision"  # taken back by the payer, or decided in part
    STATUS_INQUIRY = "status_inquiry"  # silent for too long: ask the payer (276)
    CLOSE = "close"


# CARCs about how the claim was written, not about what it was for.
_MENDED_BY_A_CORRECTION = frozenset(
    [
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "10",
        "11",
        "12",
        "13",
        "14",
        "16",
        "22",
        "31",
        "109",
        "110",
        "125",
        "129",
        "140",
        "146",
        "147",
        "163",
        "164",
        "181",
        "182",
        "183",
        "184",
        "185",
        "199",
        "206",
        "207",
        "208",
        "226",
        "227",
        "234",
        "236",
        "250",
        "251",
        "252",
        "B7",
        "B11",
        "B16",
        "P7",
    ]
)


def steps(
    position: Position,
    *,
    further_payers: int,
    crossed_over: bool,
    refused_for: Collection[str],
    patient_share_cents: int = 0,
) -> tuple[NextStep, ...]:
    """All that is open on a claim that stands so; `refused_for` are the CARCs of what was refused. Never empty.

    `patient_share_cents` is what the last decision leaves to the patient. A further payer is asked for it even where the
    patient has paid it: then it is his to get back.
    """
    owed = position.denied_cents > 0 or position.patient_due_cents > 0 or patient_share_cents > 0
    open_ = {
        NextStep.RESUBMIT: position.denied_cents > 0 and bool(_MENDED_BY_A_CORRECTION.intersection(refused_for)),
        NextStep.APPEAL: position.denied_cents > 0 and not _MENDED_BY_A_CORRECTION.intersection(refused_for),
        NextStep.BILL_SECONDARY: owed and further_payers > 0 and not crossed_over,
        NextStep.CROSSED_OVER: owed and crossed_over,
        NextStep.PAYER_CREDIT: position.payer_credit_cents < 0,
        NextStep.BILL_PATIENT: position.patient_due_cents > 0 and not further_payers and not crossed_over,
        NextStep.REFUND_PATIENT: position.refundable_cents > 0,
        NextStep.AWAIT_DECISION: position.receivable_cents > 0,
    }
    found = tuple(step for step, is_open in open_.items() if is_open)
    return found or (NextStep.CLOSE,)
