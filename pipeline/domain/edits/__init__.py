"""Edits: everything that can be seen to be wrong with a claim before it leaves, found at once.

Pure: no clock, no database. Each rule has a code, a severity and a named function; docs/claim.md lists them.
"""

from collections.abc import Sequence
from datetime import date

from pipeline.domain.chain import Earlier
from pipeline.domain.claim import Claim
from pipeline.domain.edits import ambulance, attachments, coding, coordination, coverage, dates, identity, money, text
from pipeline.domain.edits.rule import Facts, Rule
from pipeline.domain.payer_rules import PayerRules
from pipeline.domain.problems import Problem
from pipeline.domain.provider import BillingProviderFacts


def _rules(*, transport: bool, coordinated: bool) -> tuple[Rule, ...]:
    """The rules that can find something in a claim of this kind, in the order of the guide."""
    return (
        *identity.RULES,
        *coverage.RULES,
        *(coding.DIAGNOSES_COUNTED if not transport else ()),
        *coding.RULES,
        *dates.RULES,
        *money.RULES,
        *text.RULES,
        *attachments.RULES,
        *(coordination.RULES if coordinated else ()),
        *(ambulance.RULES if transport else ()),
    )


_BY_KIND = {
    (transport, coordinated): _rules(transport=transport, coordinated=coordinated)
    for transport in (False, True)
    for coordinated in (False, True)
}
RULES: tuple[Rule, ...] = (*_BY_KIND[False, True], *ambulance.RULES)

__all__ = ["RULES", "Rule", "check"]


def check(
    claim: Claim,
    today: date,
    provider: BillingProviderFacts,
    rules: PayerRules,
    earlier: Sequence[Earlier] = (),
) -> list[Problem]:
    """All problems of a claim, in the order of the rules; none means that it may be sent.

    `today` is the business day: nothing may lie after it. `provider` is who would bill, `rules` are the payer's,
    `earlier` the versions of the claim that went before it.
    """
    facts = Facts(today, provider, rules, earlier)
    return [
        Problem(path=path, code=rule.code, message=message, cure=cure, severity=rule.severity)
        for rule in _BY_KIND[ambulance.concerned(claim), coordination.concerned(claim)]
        for path, message, cure in rule.find(claim, facts)
    ]
