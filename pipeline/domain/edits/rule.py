"""What an edit is: a code, a named function that finds places where a claim breaks it, and what it looks at."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from pipeline.domain.chain import Earlier
from pipeline.domain.claim import BaseClaim
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


C = TypeVar("C", bound=BaseClaim, contravariant=True)  # noqa: PLC0105 - the form of claim that a rule looks at


@dataclass(frozen=True, slots=True)
class Rule(Generic[C]):
    """One edit, of claims of one form or of all. `about` is its sentence in the documentation."""

    code: str
    severity: ProblemSeverity
    about: str
    find: Callable[[C, Facts], Iterator[Found]]


def rule(code: str, severity: ProblemSeverity = "error") -> Callable[[Callable[[C, Facts], Iterator[Found]]], Rule[C]]:
    """Makes a rule of a function; the function's docstring is what the rule says."""

    def made(find: Callable[[C, Facts], Iterator[Found]]) -> Rule[C]:
        return Rule(code, severity, " ".join((find.__doc__ or "").split()), find)

    return made
