"""Before the ride: three patients whose payers are asked about their coverage, at once; what each answers, in one line."""

from datetime import date

from local.scenes.waiting import Say
from local.whole import Whole
from pipeline.domain.eligibility import Insured, Question
from pipeline.services import eligibility

BILLER = "ana"
_MEMBERS = ("DEMO00010", "DEMO00025", "DEMO00047")
"""By their last digits active, inactive, and a payer that cannot answer now (`sandbox/eligibility.py`)."""


def run(running: Whole, say: Say) -> list[str]:
    """Asks and says what was answered; gives the words, in the order of the members."""
    ctx = running.product.context
    asked = [eligibility.ask(ctx, running.org_id, _question(one, ctx.today()), BILLER) for one in _MEMBERS]
    words = ["failed" if one.inquiry.answer is None else str(one.inquiry.answer.coverage) for one in asked]
    say(f"ELIGIBILITY: three patients' payers are asked at once, and answer: {', '.join(words)}")
    return words


def _question(member_id: str, day: date) -> Question:
    insured = Insured(last_name="Sample", first_name="Robin", member_id=member_id, birth_date=date(1950, 1, 1))
    return Question(payer_id="30CI1", payer_name="Invented Health Plan", insured=insured, service_date=day)
