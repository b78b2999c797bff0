"""What an edit is: a code, a named function that finds places where a claim breaks it, and what it looks at."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.chain import Earlier
from pipeline.domain.claim import Claim
from pipeline.domain.payer_rules import PayerRules
from pipeline.domain.problems import ProblemSeverity
from pipeline.domain.provider import BillingProviderFacts

Found = tuple[str, str, str]
"""Path, message, cure."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a claim is judged by besides itself."""

    today: date
    provider: BillingProviderFacts
    rules: PayerRules
    earlier: Sequence[Earlier] = ()
    """The versions of the claim that went before it, oldest first."""


Find = Callable[[Claim, Facts], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One edit. `about` is its sentence in the documentation."""

    code: str
    severity: ProblemSeverity
    about: str
    find: Find


def rule(code: str, severity: ProblemSeverity = "error") -> Callable[[Find], Rule]:
    """Makes a rule of a function; the function's docstring is what the rule says."""

    def made(find: Find) -> Rule:
        return Rule(code, severity, " ".join((find.__doc__ or "").split()), find)

    return made
