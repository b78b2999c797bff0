"""The EDI Status report as values: what payers said of claims that the clearinghouse had forwarded."""

from dataclasses import dataclass, field
from datetime import date

from edi.officeally.columns import Column

COLUMNS = (
    Column("file_id", 4, "File ID", r"FILE ?ID"),
    Column("clearinghouse_id", 14, "OA ClaimID", r"(?:OA )?CLAIM ?ID"),
    Column("account", 26, "Pat. Acct #", r"(?:PAT(?:IENT)?\.? ?)?ACC(?:N?T|OUNT)\.? ?(?:#|NO\.?|NUMBER)?"),
    Column("patient", 41, "Patient", r"PATIENT|LAST ?, ?FIRST|NAME"),
    Column("amount", 61, "Amount", r"AMOUNT|CHARGES?|AMT"),
    Column("practice_id", 73, "PracticeID", r"PRACTICE ?ID"),
    Column("tax_id", 84, "Tax ID", r"TAX ?ID"),
    Column("payer_id", 95, "Payer", r"PAYER"),
    Column("processed", 105, "Process Date", r"(?:PAYER )?PROCESS(?:ED)? ?(?:DATE|DT)"),
    Column("payer_reference", 122, "Payer Ref ID", r"PAYER REF(?:ERENCE)?\.? ?ID"),
    Column("status", 142, "Status", r"STATUS"),
    Column("text", 152, "Payer Response", r"PAYER (?:RESPONSE|MESSAGE|TEXT)|MESSAGE|RESPONSE"),
)
NEEDED = ("file_id", "account", "status")
"""A heading that does not show these is none."""

ACCEPTED, REJECTED = "ACCEPTED", "REJECTED"


@dataclass(slots=True, kw_only=True)
class StatusRow:
    """One claim at its payer. `text` is the payer's own, of one line or several; it may quote values of the claim."""

    file_id: str
    clearinghouse_id: str | None = None  # OA Claim ID
    account: str  # CLM01 of the claim, at most 14 characters
    patient: str | None = None
    amount_cents: int | None = None
    practice_id: str | None = None
    tax_id: str | None = None
    payer_id: str | None = None
    processed: date | None = None
    payer_reference: str | None = None  # the payer's number for the claim
    status: str
    text: str | None = None
    line: int = field(default=0, compare=False)

    @property
    def accepted(self) -> bool:
        return self.status == ACCEPTED

    @property
    def rejected(self) -> bool:
        return self.status == REJECTED


@dataclass(slots=True, kw_only=True)
class EdiStatus:
    """One report; `count` is the number of claims where it tells one."""

    rows: list[StatusRow] = field(default_factory=list)
    count: int | None = None
    complete: bool = field(default=True, compare=False)  # False where rows are missing: it may still be on its way
