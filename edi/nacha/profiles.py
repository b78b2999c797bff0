"""How far a file may depart from the rules: strictly nothing in what we send, by named deviations in what banks send.

A deviation names findings that a profile lets pass. They are told all the same, as information with the deviation's
name. None of them touches money: amounts, totals, counts, sides of a service class and check digits are always errors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from edi.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Deviation:
    """One way in which a bank's files differ: its name, the findings that it explains, and what it lets pass."""

    name: str
    codes: tuple[str, ...]
    allows: str


DEVIATIONS: dict[str, Deviation] = {
    row.name: row
    for row in (
        Deviation("no-file-records", ("ACH-FILE-HEADER", "ACH-FILE-CONTROL"), "batches without file header or control"),
        Deviation("no-batch-control", ("ACH-BATCH-CONTROL",), "a batch that ends without its control"),
        Deviation(
            "loose-blocks", ("ACH-BLOCKING", "ACH-BLOCK-COUNT"), "blocks that are not filled, or counted otherwise"
        ),
        Deviation(
            "trimmed-lines", ("ACH-FILL", "ACH-BLANK-LINE"), "lines cut or padded in blanks, and blank lines between"
        ),
        Deviation("other-characters", ("ACH-CHARSET",), "characters beyond printable ASCII"),
        Deviation("used-reserve", ("ACH-RESERVED",), "text in columns that are reserved"),
        Deviation("odd-dates", ("ACH-DATE",), "dates and times that are none, as 000000 in returns"),
        Deviation("free-parties", ("ACH-PARTY", "ACH-MODIFIER"), "parties and file modifiers of the bank's own form"),
        Deviation("blank-fields", ("ACH-REQUIRED",), "names, descriptions and identifications left blank"),
        Deviation("batch-numbers", ("ACH-BATCH-NUMBER",), "batches numbered in any order"),
        Deviation(
            "foreign-traces",
            ("ACH-TRACE-ORDER", "ACH-TRACE-TWICE", "ACH-TRACE-BANK"),
            "trace numbers of others: in any order, twice, of another bank",
        ),
        Deviation("originator-status", ("ACH-ORIGINATOR-STATUS",), "an originator status other than 0, 1, 2"),
        Deviation("shifted-company", ("ACH-BATCH-SHIFTED",), "the company shifted by blanks in the batch control"),
        Deviation(
            "addenda-numbers",
            ("ACH-ADDENDA-SEQUENCE", "ACH-ADDENDA-ENTRY"),
            "addenda numbered otherwise, or not in digits",
        ),
        Deviation("addenda-indicator", ("ACH-ADDENDA-INDICATOR",), "column 79 that does not tell of the addenda"),
        Deviation(
            "international-addenda",
            ("ACH-ADDENDA-COUNT-IAT", "ACH-IAT-ADDENDA", "ACH-IAT-ORDER"),
            "international entries whose addenda are counted or ordered otherwise",
        ),
        Deviation("outward-codes", ("ACH-RETURN-CODE",), "returns and notifications under the original's own code"),
        Deviation("return-history", ("ACH-RETURN-HISTORY",), "a return that repeats the older ones before it"),
        Deviation("uncounted-enrolment", ("ACH-ENROLMENT",), "enrolments (ENR) laid out like other entries"),
        Deviation("notice-amount", ("ACH-NOTICE-AMOUNT",), "notifications of change that repeat the original's amount"),
        Deviation("class-side", ("ACH-CLASS-SIDE",), "a side that the class does not have"),
    )
}


@dataclass(frozen=True, slots=True)
class Profile:
    """The deviations that a source is known for, by name. Raises ValueError for a name that is not in the table."""

    name: str
    deviations: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if unknown := self.deviations - DEVIATIONS.keys():
            raise ValueError(f"no deviation is called {', '.join(sorted(unknown))}; docs/nacha.md has them all")

    def deviation(self, code: str) -> Deviation | None:
        """The deviation that explains a finding of this code here, or None."""
        found = _BY_CODE.get(code)
        return found if found is not None and found.name in self.deviations else None

    def judged(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings by line: what a deviation explains as information with its name, the rest as it is."""
        return sorted(map(self._judged, findings), key=lambda finding: finding.place.line or 0)

    def _judged(self, finding: Finding) -> Finding:
        found = self.deviation(finding.code) if finding.severity is Severity.ERROR else None
        if found is None:
            return finding
        return replace(finding, severity=Severity.INFO, deviation=found.name)


_BY_CODE = {code: row for row in DEVIATIONS.values() for code in row.codes}

STRICT = Profile("strict")
INBOUND = Profile("inbound", frozenset(DEVIATIONS))


def bank_profile(bank: str, deviations: Sequence[str]) -> Profile:
    """The profile of one bank: exactly the deviations that its files are known for.

    Raises ValueError for a name that is not in the table.
    """
    return Profile(f"inbound:{bank}", frozenset(deviations))
