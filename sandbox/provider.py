"""A provider whom the customer pays: reads the 835 files that are laid for it, and keeps each.

A file is taken if it is an 835 without a fault of syntax, each of its sets can be read and balances (line, claim,
transaction), and none pays under a trace that one has paid under before. Nothing is answered: what it read is in the journal.
"""

from edi.findings import Finding, Severity
from edi.x12.sets import t835
from edi.x12.sets.t835 import Remittance
from edi.x12.syntax.reader import is_whole, read
from sandbox.config import SandboxConfig
from sandbox.desk import Desk
from sandbox.journal import Journal, Line, read_journal
from sandbox.reception import Arrival, Received, Reception

_USER = "provider"
_NO_ADVICE = "NO 835"
_AGAIN = "TRACE PAID BEFORE"


class Provider:
    """One per worker process."""

    def __init__(self, config: SandboxConfig, desk: Desk, journal: Journal) -> None:
        self._paid = {str(line["trace"]) for line in read_journal(config.journal, "advice")}
        self.reception = Reception(config.home(_USER), desk, journal, _is_whole, self._receive)

    def _receive(self, arrival: Arrival) -> Received:
        sets, reasons = _advice(arrival.data)
        traces = [one.payment.trace_number for one in sets]
        if len(set(traces)) < len(traces) or self._paid & set(traces):
            reasons.append(_AGAIN)
        if reasons:
            return Received([_file_line(arrival, reasons)], refused=True)
        self._paid.update(traces)
        return Received([_file_line(arrival, []), *(_line(one, arrival.name) for one in sets)])


def _is_whole(data: bytes) -> bool | None:
    """Whether the last interchange has ended; None for what is no X12 at all."""
    return is_whole(data) if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"ISA") else None


def _advice(data: bytes) -> tuple[list[Remittance], list[str]]:
    """The 835 sets of a file, and the codes of all that speaks against it."""
    document = read(data)
    findings = list(document.findings)
    sets: list[Remittance] = []
    for one in document.sets:
        found = None
        if one.set_id == "835":
            found, told = t835.read_set(one)
            findings += told
        if found is None:
            return [], [_NO_ADVICE]
        findings += t835.balance(found, one)
        sets.append(found)
    return sets, _errors(findings) if sets else [_NO_ADVICE]


def _errors(findings: list[Finding]) -> list[str]:
    return sorted({finding.code for finding in findings if finding.severity is Severity.ERROR})


def _file_line(arrival: Arrival, reasons: list[str]) -> Line:
    status = "REJECTED" if reasons else "ACCEPTED"
    line = {"kind": "advice_file", "file": arrival.name, "file_id": arrival.file_id, "status": status}
    return line | {"reason": "; ".join(reasons)}


def _line(one: Remittance, file: str) -> Line:
    return {
        "kind": "advice",
        "trace": one.payment.trace_number,
        "amount_cents": one.payment.amount_cents,
        "claims": len(one.claims),
        "payer": one.payer.name,
        "payee": one.payee.npi or one.payee.tax_id,
        "file": file,
    }
