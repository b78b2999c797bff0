"""File names as Office Ally's clients know them: the file id first, so that a poller can tell the kinds apart by anchors."""

from datetime import datetime

HCFA, UB = "HCFA", "UB"
"""How the forms of professional and institutional claims are called, in the names of reports on them."""


def acknowledgment(file_id: str, uploaded_stem: str) -> str:
    """999, or a lone TA1. The uploaded name stands in it without its extension."""
    return f"{file_id}_{uploaded_stem}_999.999"


def claim_acknowledgment(file_id: str, now: datetime, form: str = HCFA) -> str:
    """277CA of the clearinghouse."""
    return f"oa_{file_id}_{form}_277ca_{now:%Y%m%d}.txt"


def payer_status(file_id: str, now: datetime, form: str = HCFA) -> str:
    """277CA of the payers."""
    return f"{file_id}_EDI_STATUS_{form}_{now:%Y%m%d}.277"


def status_response(file_id: str, now: datetime) -> str:
    """277 of the payers, in answer to a 276. Office Ally has no name of its own for it."""
    return f"{file_id}_277_{now:%Y%m%d}.277"


def coverage(file_id: str, now: datetime) -> str:
    """271 to questions of a file."""
    return f"{file_id}_ELIGIBILITY_271_{now:%Y%m%d}.271"


def file_summary(file_id: str, form: str = HCFA) -> str:
    """The clearinghouse's text report on an upload and its claims."""
    return f"FS_{form}_{file_id}_IN_C.txt"


def error_report(file_id: str, form: str = HCFA) -> str:
    """The same for the refused claims only."""
    return f"FS_{form}_{file_id}ErrorReport.txt"


def edi_status(file_id: str, now: datetime) -> str:
    """The payers' text report."""
    return f"{file_id}_EDI_STATUS_{now:%Y%m%d}.txt"


def remittance_zip(era_id: str, now: datetime) -> str:
    """The zip around an 835 and its text report."""
    return f"{era_id}_ERA_STATUS_5010_{now:%Y%m%d}.zip"


def remittance_members(era_id: str, now: datetime) -> tuple[str, str]:
    """What is in the zip: the 835 and the text report."""
    return f"{era_id}_ERA_835_5010_{now:%Y%m%d}.835", f"{era_id}_ERA_STATUS_5010_{now:%Y%m%d}.txt"
