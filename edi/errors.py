"""Exceptions of the codecs.

    EdiError
      NotRepresentable   the caller handed a writer a value that the format cannot carry
      BadCodeList        a file of codes that was handed in is not as it must be

Bad *inbound* data raises nothing: readers return findings.
"""

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
