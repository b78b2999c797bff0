"""Edits: everything that can be seen to be wrong with a claim before it leaves, found at once.

Pure: no clock, no database. Each rule has a code, a severity and a named function; docs/claim.md lists them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pipeline.domain.chain import Earlier
from pipeline.domain.claim import BaseClaim, Claim
from pipeline.domain.edits import (
    ambulance,
    attachments,
    coding,
    coordination,
    coverage,
    dates,
    identity,
    institutional,
    institutional_codes,
    money,
    text,
)
from pipeline.domain.edits.rule import Facts, Rule
from pipeline.domain.forms import AnyClaim
from pipeline.domain.institutional_claim import InstitutionalClaim
from pipeline.domain.payer_rules import PayerRules
from pipeline.domain.problems import Problem
from pipeline.domain.provider import BillingProviderFacts


def _common(*, coordinated: bool) -> tuple[Rule[BaseClaim], ...]:
    """The rules of every claim, in the order of the guide."""
    return (
        *identity.RULES,
        *coverage.RULES,
        *coding.RULES,
        *dates.RULES,
        *money.RULES,
        *text.RULES,
        *attachments.RULES,
        *(coordination.RULES if coordinated else ()),
    )


def _professional(*, transport: bool) -> tuple[Rule[Claim], ...]:
    """Those of a professional one besides."""
    return (
        *identity.PROFESSIONAL,
        *coverage.PROFESSIONAL,
        *(coding.DIAGNOSES_COUNTED if not transport else ()),
        *coding.PROFESSIONAL,
        *dates.PROFESSIONAL,
        *money.PROFESSIONAL,
        *(ambulance.RULES if transport else ()),
    )


COMMON: tuple[Rule[BaseClaim], ...] = _common(coordinated=True)
PROFESSIONAL: tuple[Rule[Claim], ...] = (*_professional(transport=False), *ambulance.RULES)
INSTITUTIONAL: tuple[Rule[InstitutionalClaim], ...] = (*institutional.RULES, *institutional_codes.RULES)
RULES: tuple[Rule[Any], ...] = (*COMMON, *PROFESSIONAL, *INSTITUTIONAL)

_OF_PROFESSIONAL: dict[tuple[bool, bool], tuple[Rule[Claim], ...]] = {
    (transport, coordinated): (*_common(coordinated=coordinated), *_professional(transport=transport))
    for transport in (False, True)
    for coordinated in (False, True)
}
_OF_INSTITUTIONAL: dict[bool, tuple[Rule[InstitutionalClaim], ...]] = {
    coordinated: (*_common(coordinated=coordinated), *INSTITUTIONAL) for coordinated in (False, True)
}
"""The rules that can find something in a claim of this kind."""

__all__ = ["COMMON", "INSTITUTIONAL", "PROFESSIONAL", "RULES", "Rule", "check"]


def check(
    claim: AnyClaim,
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
        for rule in _rules_of(claim)
        for path, message, cure in rule.find(claim, facts)
    ]


def _rules_of(claim: AnyClaim) -> tuple[Rule[Any], ...]:
    coordinated = coordination.concerned(claim)
    if isinstance(claim, InstitutionalClaim):
        return _OF_INSTITUTIONAL[coordinated]
    return _OF_PROFESSIONAL[ambulance.concerned(claim), coordinated]
