"""What a BAI2 report holds, for `inspect`: counts, kinds, traces and money, no account and no text."""

from collections import Counter

from edi import bai2
from edi.bai2.codes import CREDITS, DEBITS
from edi.findings import Finding


def summarise(data: bytes) -> tuple[dict[str, object], list[Finding], bool]:
    """Summary and findings, and whether anything of it could be understood."""
    document = bai2.read(data)
    file = document.file
    if file is None:
        return {}, document.findings, False
    deposits = bai2.movements(file)
    summary: dict[str, object] = {
        "sender": file.sender,
        "receiver": file.receiver,
        "created": file.created.isoformat() if file.created else None,
        "file_id": file.file_id,
        "complete": document.complete,
        "records": document.lines,
        "groups": len(file.groups),
        "transactions": len(file.transactions),
        "credit_cents": sum(one.amount_cents or 0 for one in file.transactions if not one.is_debit),
        "debit_cents": -sum(one.amount_cents or 0 for one in file.transactions if one.is_debit),
        "deposits": sum(one.amount_cents > 0 for one in deposits),
        "taken_back": sum(one.amount_cents < 0 for one in deposits),
        "traces_835": sum(one.trn_trace is not None for one in deposits),
        "group_list": [_group(number, group) for number, group in enumerate(file.groups, start=1)],
    }
    return summary, [*document.findings, *bai2.unusable(file)], True


def _group(number: int, group: bai2.Group) -> dict[str, object]:
    told = [one for account in group.accounts for one in account.transactions]
    kinds = Counter(_kind(one.type_code) for one in told)
    return {
        "number": number,
        "status": group.status,
        "as_of": group.as_of.isoformat() if group.as_of else None,
        "accounts": len(group.accounts),
        "transactions": len(told),
        "control_cents": group.total_cents,
        "kinds": dict(sorted(kinds.items())),
    }


def _kind(type_code: str) -> str:
    known = CREDITS.get(type_code) or DEBITS.get(type_code)
    return f"{type_code} {known}" if known else type_code
