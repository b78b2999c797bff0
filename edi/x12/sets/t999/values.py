"""The implementation acknowledgment as values: 999, guide 005010X231A1, and its older form, the 997.

A 997 names the same elements AK3, AK4 and AK5 that are IK3, IK4 and IK5 here.
"""

from dataclasses import dataclass, field

from edi.x12.syntax.document import TransactionSet

_CLAIM_CONTEXT = "CLM01:"


@dataclass(slots=True, kw_only=True)
class ElementError:
    """IK4: one element at fault."""

    element: int  # IK401-1
    component: int | None = None  # IK401-2
    repeat: int | None = None  # IK401-3
    data_element: str | None = None  # IK402
    code: str  # IK403
    value: str | None = None  # IK404, copy of the bad value: may hold patient data
    contexts: list[str] = field(default_factory=list)  # CTX, elements joined by "*", components by ":"


@dataclass(slots=True, kw_only=True)
class SegmentError:
    """IK3: one segment at fault; ``number`` counts from ST = 1."""

    segment: str  # IK301
    number: int  # IK302
    loop: str | None = None  # IK303
    code: str  # IK304
    contexts: list[str] = field(default_factory=list)  # CTX
    elements: list[ElementError] = field(default_factory=list)

    @property
    def claim_ids(self) -> list[str]:
        """Patient control numbers (CLM01) that the contexts name as the claim at fault, without repeats."""
        every = [*self.contexts, *(text for one in self.elements for text in one.contexts)]
        named = [
            text.split("*", 1)[0].removeprefix(_CLAIM_CONTEXT) for text in every if text.startswith(_CLAIM_CONTEXT)
        ]
        return list(dict.fromkeys(named))


@dataclass(slots=True, kw_only=True)
class SetAcknowledgment:
    """AK2 to IK5: the answer to one set."""

    set_id: str  # AK201
    control_number: str  # AK202
    version: str | None = None  # AK203
    code: str  # IK501: A, E, M, P, R, W, X
    reasons: list[str] = field(default_factory=list)  # IK502-IK506
    errors: list[SegmentError] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """A, or E: accepted with errors noted."""
        return self.code in {"A", "E"}


@dataclass(slots=True, kw_only=True)
class Acknowledgment:
    """One 999 or 997: the answer to one functional group. No ``sets`` and code A mean that all were accepted."""

    group_id: str  # AK101
    group_control: str  # AK102, equals the GS06 that is answered
    version: str | None = None  # AK103
    sets: list[SetAcknowledgment] = field(default_factory=list)
    code: str  # AK901: A, E, P, R, M, W, X
    included: int | None  # AK902
    received: int | None  # AK903
    accepted: int | None  # AK904, None where the sender wrote no number
    reasons: list[str] = field(default_factory=list)  # AK905-AK909
    raw: TransactionSet | None = field(default=None, compare=False, repr=False)  # what it was read from
