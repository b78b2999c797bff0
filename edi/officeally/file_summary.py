"""The File Summary as values: what the clearinghouse took in of one upload, claim by claim.

Its error twin (`…ErrorReport…`) has the same shape with the refused claims only. Blank is None.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from edi.officeally.columns import Column

COLUMNS = (
    Column("sequence", 0, "CLAIM#", r"CLAIM ?#"),
    Column("clearinghouse_id", 7, "OA CLAIMID", r"OA CLAIM ?ID"),
    Column("patient_id", 19, "PATIENT ID", r"PATIENT ?ID"),
    Column("patient", 37, "LAST,FIRST", r"LAST ?, ?FIRST|PATIENT NAME"),
    Column("birth_date", 57, "DOB", r"DOB|BIRTH"),
    Column("service_from", 70, "FROM DOS", r"FROM ?DOS|DOS FROM"),
    Column("service_to", 81, "TO DOS", r"TO ?DOS|DOS TO"),
    Column("procedure", 92, "CPT", r"CPT|PROC"),
    Column("diagnosis", 100, "DIAG", r"DIAG|DX"),
    Column("tax_id", 109, "TAX ID", r"TAX ?ID"),
    Column("account", 121, "ACCNT#", r"ACC(?:N?T|OUNT) ?#?"),
    Column("provider_id", 135, "PHYS.ID", r"PHYS\.? ?ID"),
    Column("payer_id", 146, "PAYER", r"PAYER"),
    Column("errors", 153, "ERRORS", r"ERRORS?"),
)
NEEDED = ("sequence", "clearinghouse_id", "account", "errors")
"""A heading that does not show these is none."""


_FAILURE = re.compile(r"not (?:be )?processed|file (?:has )?failed|failed file|unable to process", re.IGNORECASE)


def tells_failure(line: str) -> bool:
    """Whether a line above the claims says that the upload as a whole came to nothing."""
    return _FAILURE.search(line) is not None


class Section(StrEnum):
    """The part of the report that a row stands in."""

    ACCEPTED = "ACCEPTED"
    ERROR = "ERROR"
    PENDING = "PENDING"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorText:
    """A line of the legend: how often a code occurs in the report and what it means."""

    code: str
    count: int
    text: str


@dataclass(slots=True, kw_only=True)
class SummaryRow:
    """One claim. `errors` is the cell as printed: blank means none, and anything in it that the claim is refused."""

    section: Section | None
    sequence: int
    clearinghouse_id: str | None = None  # OA Claim ID
    patient_id: str | None = None
    patient: str | None = None
    birth_date: date | None = None
    service_from: date | None = None
    service_to: date | None = None
    procedure: str | None = None
    diagnosis: str | None = None
    tax_id: str | None = None
    account: str  # CLM01 of the claim, at most 14 characters
    provider_id: str | None = None
    payer_id: str | None = None
    errors: str | None = None
    line: int = field(default=0, compare=False)

    @property
    def error_codes(self) -> list[str]:
        """The codes in the cell: letters and digits together. Other words of it are left to whoever reads the report."""
        words = (self.errors or "").replace(",", " ").replace(";", " ").split()
        return [word for word in words if word.isalnum() and not word.isalpha() and not word.isdigit()]

    @property
    def rejected(self) -> bool:
        return self.section is Section.ERROR or self.errors is not None

    @property
    def pending(self) -> bool:
        return self.section is Section.PENDING and not self.rejected


@dataclass(slots=True, kw_only=True)
class FileSummary:
    """One report. `counts` are the totals that it tells, by section; `failure` is its own word that nothing was processed."""

    file_id: str | None = None
    uploaded_name: str | None = None  # "File Name:", our name for the upload
    split_name: str | None = None  # the upload's name where a notice says that it became several files here
    split_into: int | None = None
    processed: date | None = None
    counts: dict[Section, int] = field(default_factory=dict)
    rows: list[SummaryRow] = field(default_factory=list)
    legend: list[ErrorText] = field(default_factory=list)
    failure: str | None = None
    complete: bool = field(default=True, compare=False)  # False where rows are missing: it may still be on its way

    @property
    def names(self) -> list[str]:
        """What the upload may have been called by us."""
        return [name for name in (self.uploaded_name, self.split_name) if name]

    @property
    def failed(self) -> bool:
        """The upload made no claims at all: the file has to be made anew, and sent again."""
        counted_none = bool(self.counts) and not any(self.counts.values())
        return not self.rows and (self.failure is not None or counted_none)

    def explained(self, codes: Iterable[str]) -> str:
        """Each code with what the legend says of it, such as "SUB01 (subscriber not known)"."""
        meanings = {one.code: one.text for one in self.legend}
        return ", ".join(f"{code} ({meanings[code]})" if code in meanings else code for code in codes)
