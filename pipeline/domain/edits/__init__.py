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

RULES: tuple[Rule, ...] = (
    *identity.RULES,
    *coverage.RULES,
    *coding.RULES,
    *dates.RULES,
    *money.RULES,
    *text.RULES,
    *ambulance.RULES,
)

__all__ = ["RULES", "Rule", "check"]


def check(claim: Claim, today: date, provider: BillingProviderFacts, rules: PayerRules) -> list[Problem]:
    """All problems of a claim, in the order of the rules; none means that it may be sent.

    `today` is the business day: nothing may lie after it. `provider` is who would bill, `rules` are the payer's.
    """
    facts = Facts(today, provider, rules)
    return [problem for rule in RULES for problem in rule.problems(claim, facts)]
