"""Edits: everything that can be seen to be wrong with a claim before it leaves, found at once.

Pure: no clock, no database. Each rule has a code, a severity and a named function; docs/claim.md lists them.
"""

from datetime import date

from pipeline.domain.claim import Claim
from pipeline.domain.edits import ambulance, coding, coverage, dates, identity, money, text
from pipeline.domain.edits.rule import Facts, Rule
from pipeline.domain.payer_rules import PayerRules
from pipeline.domain.problems import Problem
from pipeline.domain.provider import BillingProviderFacts

_GENERAL: tuple[Rule, ...] = (
    *identity.RULES,
    *coverage.RULES,
    *coding.RULES,
    *dates.RULES,
    *money.RULES,
    *text.RULES,
)
RULES: tuple[Rule, ...] = (*_GENERAL, *ambulance.RULES)

__all__ = ["RULES", "Rule", "check"]


def check(claim: Claim, today: date, provider: BillingProviderFacts, rules: PayerRules) -> list[Problem]:
    """All problems of a claim, in the order of the rules; none means that it may be sent.

    `today` is the business day: nothing may lie after it. `provider` is who would bill, `rules` are the payer's.
    """
    facts = Facts(today, provider, rules)
    return [
        Problem(path=path, code=rule.code, message=message, cure=cure, severity=rule.severity)
        for rule in (RULES if ambulance.concerned(claim) else _GENERAL)
        for path, message, cure in rule.find(claim, facts)
    ]
