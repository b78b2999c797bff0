"""What is wrong with a claim, as a value: where, what, and what to do about it.

A problem never carries the value itself (a name, a member id): it may be logged and shown to anyone who works claims.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

ProblemSeverity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding on one field. `path` is the field as the claim's JSON has it, such as "lines[1].charge_cents"."""

    path: str
    code: str  # ours, stable: "AMB05"; the list is in docs/claim.md
    message: str
    cure: str
    severity: ProblemSeverity = "error"

    def as_dict(self) -> dict[str, str]:
        """The same as plain JSON, for storing and for answers."""
        return {
            "path": self.path,
            "code": self.code,
            "message": self.message,
            "cure": self.cure,
            "severity": self.severity,
        }

    def __str__(self) -> str:
        return f"{self.path or 'claim'}: {self.code} {self.message} ({self.cure})"


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that stop a claim; warnings let it go on."""
    return [problem for problem in problems if problem.severity == "error"]
