"""Exceptions of the codecs.

    EdiError
      NotRepresentable   the caller handed a writer a value that the format cannot carry
      Unsound            what was written breaks a rule of its guide: a strict reader would refuse it
      BadCodeList        a file of codes that was handed in is not as it must be

Bad *inbound* data raises nothing: readers return findings.
"""

from collections.abc import Sequence

from edi.findings import Finding


class EdiError(Exception):
    """Root of everything the codecs raise on purpose."""


class BadCodeList(EdiError):
    """A file of codes cannot be used as it is; the text says which, where and why."""


class NotRepresentable(EdiError):
    """A value that would have to be cut, padded or guessed to be written. ``finding`` says which and where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.code} at {finding.place}: {finding.message}")
        self.finding = finding

    def __reduce__(self) -> tuple[type["NotRepresentable"], tuple[Finding]]:
        return type(self), (self.finding,)


class Unsound(EdiError):
    """A set that was written, and then judged to be wrong. ``findings`` are the errors, all of them, never none."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{one.code} at {one.place}: {one.message}" for one in findings))
        self.findings = tuple(findings)

    def __reduce__(self) -> tuple[type["Unsound"], tuple[Sequence[Finding]]]:
        return type(self), (self.findings,)
