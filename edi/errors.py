"""Exceptions of the codecs.

    EdiError
      NotRepresentable   the caller handed a writer a value that the format cannot carry

Bad *inbound* data raises nothing: readers return findings.
"""

from edi.findings import Finding


class EdiError(Exception):
    """Root of everything the codecs raise on purpose."""


class NotRepresentable(EdiError):
    """A value that would have to be cut, padded or guessed to be written. ``finding`` says which and where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.code} at {finding.place}: {finding.message}")
        self.finding = finding

    def __reduce__(self) -> tuple[type["NotRepresentable"], tuple[Finding]]:
        return type(self), (self.finding,)
